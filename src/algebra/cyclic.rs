//! Operations that are a sum in disguise: of residues, or of their discrete logarithms.

use super::modular::is_primitive_root;
use super::operation::{Operation, Structure};

/// i(z) = a i(x) + b i(y) + c (mod n), for an index i of the symbols.
///
/// For x + y the index is the residue; for x · y it is the discrete logarithm to a primitive root,
/// of which 0 has none (Power et al. 2022, section 3.2). Sums then take every value equally often.
#[derive(Debug, Clone, PartialEq)]
pub struct Cyclic {
    /// Order of the cyclic group: p, or p − 1.
    pub n: usize,
    /// Place of each symbol in the cycle, if it has one.
    pub index: Vec<Option<usize>>,
    /// The primitive root, where the index is a logarithm.
    pub root: Option<u32>,
    /// Factor of x's index, 0 to n − 1.
    pub a: usize,
    /// Factor of y's index, 0 to n − 1.
    pub b: usize,
    /// What is added, 0 to n − 1.
    pub c: usize,
}

impl Cyclic {
    /// None if the operation is no such sum.
    pub fn of(operation: &Operation) -> Option<Cyclic> {
        if operation.structure != Structure::Residues {
            return None;
        }
        let p = operation.symbols();
        let residues = Cyclic::fit(operation, p, (0..p).map(Some).collect(), None);
        residues.or_else(|| {
            let root = (2..p as u32).find(|&g| is_primitive_root(g, p as u32))?;
            let mut index = vec![None; p];
            let mut power = 1;
            for exponent in 0..p - 1 {
                index[power] = Some(exponent);
                power = power * root as usize % p;
            }
            Cyclic::fit(operation, p - 1, index, Some(root))
        })
    }

    /// Reads the coefficients from three cells, and checks them on all.
    fn fit(
        operation: &Operation,
        n: usize,
        index: Vec<Option<usize>>,
        root: Option<u32>,
    ) -> Option<Cyclic> {
        let symbol = |wanted: usize| index.iter().position(|&i| i == Some(wanted));
        let [zero, one] = [symbol(0)?, symbol(1)?];
        let value = |x: usize, y: usize| index[operation.apply(x, y)?];
        let c = value(zero, zero)?;
        let a = (value(one, zero)? + n - c) % n;
        let b = (value(zero, one)? + n - c) % n;
        let uniform = gcd(a, n) == 1 || gcd(b, n) == 1;
        let symbols: Vec<usize> = (0..index.len()).filter(|&s| index[s].is_some()).collect();
        let fits = symbols.iter().all(|&x| {
            symbols.iter().all(|&y| {
                let expected = |x: usize, y: usize| Some((a * index[x]? + b * index[y]? + c) % n);
                value(x, y).is_some() && value(x, y) == expected(x, y)
            })
        });
        (uniform && fits).then_some(Cyclic { n, index, root, a, b, c })
    }

    /// a i(x) + b i(y) mod n, without c; none where a symbol has no index.
    pub fn sum(&self, x: usize, y: usize) -> Option<usize> {
        Some((self.a * self.index[x]? + self.b * self.index[y]?) % self.n)
    }

    /// The symbols in the order of their index.
    pub fn symbols(&self) -> Vec<usize> {
        let mut symbols = vec![0; self.n];
        for (symbol, index) in self.index.iter().enumerate() {
            if let Some(index) = *index {
                symbols[index] = symbol;
            }
        }
        symbols
    }
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::super::catalogue::BinaryOp;
    use super::*;

    fn cyclic(id: &str, p: u32, formula: &str) -> Option<Cyclic> {
        let operation = Operation::new(BinaryOp::find(id).unwrap(), p, formula, "").unwrap();
        Cyclic::of(&operation)
    }

    #[test]
    fn sums_and_products_are_found() {
        let add = cyclic("add", 97, "").unwrap();
        assert_eq!((add.n, add.root, add.a, add.b, add.c), (97, None, 1, 1, 0));
        let sub = cyclic("sub", 97, "").unwrap();
        assert_eq!((sub.a, sub.b), (1, 96));
        // The least primitive roots are 5 modulo 97 and 3 modulo 113.
        let mul = cyclic("mul", 97, "").unwrap();
        assert_eq!((mul.n, mul.root, mul.a, mul.b, mul.c), (96, Some(5), 1, 1, 0));
        assert_eq!(cyclic("div", 113, "").unwrap().root, Some(3));
        assert_eq!(cyclic("div", 97, "").unwrap().b, 95);
        let formula = cyclic("formula", 31, "2x + 3y + 7").unwrap();
        assert_eq!((formula.a, formula.b, formula.c), (2, 3, 7));
        assert_eq!(cyclic("formula", 31, "3xy").unwrap().n, 30);
    }

    #[test]
    fn what_is_no_sum_is_not_taken_for_one() {
        for id in ["mix", "quad1", "quad2", "quad3", "cube1", "cube2", "s5", "dihedral"] {
            assert_eq!(cyclic(id, 23, ""), None, "{id}");
        }
        // Even powers miss half of the sums.
        assert_eq!(cyclic("formula", 31, "x^2 * y^2"), None);
    }
}
