//! The binary operations whose tables are learned (Power et al. 2022, appendix A.1.1).

mod modular;
mod permutation;

use crate::error::{Error, Result};

pub use modular::{MODULUS_MAX, MODULUS_MIN, inverse, is_prime};
pub use permutation::{Permutation, S5_ORDER};

/// One operation of the catalogue. Symbols are numbers below [`Operation::symbols`].
#[derive(Debug)]
pub struct BinaryOp {
    /// As it stands in links and on the command line.
    pub id: &'static str,
    /// As it is written for readers.
    pub label: &'static str,
    /// Does x ∘ y = y ∘ x hold for all symbols?
    pub commutative: bool,
    rule: Rule,
}

#[derive(Debug)]
enum Rule {
    /// (x, y, p) -> answer, or none where it is not defined.
    Modular(fn(u32, u32, u32) -> Option<u32>),
    /// On the 120 permutations of five things.
    S5(fn(&Permutation, &Permutation) -> Permutation),
}

/// The paper's twelve operations, and x·y mod p, which its section 3.2 discusses.
pub const ALL: &[BinaryOp] = &[
    modular_op("add", "x + y", true, |x, y, p| Some((x + y) % p)),
    modular_op("sub", "x − y", false, |x, y, p| Some((x + p - y) % p)),
    modular_op("mul", "x · y", true, |x, y, p| Some(x * y % p)),
    modular_op("div", "x / y", false, modular::divide),
    modular_op("mix", "x / y if y is odd, else x − y", false, |x, y, p| {
        if y % 2 == 1 { modular::divide(x, y, p) } else { Some((x + p - y) % p) }
    }),
    modular_op("quad1", "x² + y²", true, |x, y, p| Some((x * x + y * y) % p)),
    modular_op("quad2", "x² + xy + y²", true, |x, y, p| Some((x * x + x * y + y * y) % p)),
    modular_op("quad3", "x² + xy + y² + x", false, |x, y, p| {
        Some((x * x + x * y + y * y + x) % p)
    }),
    modular_op("cube1", "x³ + xy", false, |x, y, p| Some((x * x * x + x * y) % p)),
    modular_op("cube2", "x³ + xy² + y", false, |x, y, p| Some((x * x * x + x * y * y + y) % p)),
    s5_op("s5", "x · y in S₅", |x, y| x.then(y)),
    s5_op("s5conj", "x · y · x⁻¹ in S₅", |x, y| x.then(y).then(&x.inverse())),
    s5_op("s5aba", "x · y · x in S₅", |x, y| x.then(y).then(x)),
];

const fn modular_op(
    id: &'static str,
    label: &'static str,
    commutative: bool,
    rule: fn(u32, u32, u32) -> Option<u32>,
) -> BinaryOp {
    BinaryOp { id, label, commutative, rule: Rule::Modular(rule) }
}

const fn s5_op(
    id: &'static str,
    label: &'static str,
    rule: fn(&Permutation, &Permutation) -> Permutation,
) -> BinaryOp {
    BinaryOp { id, label, commutative: false, rule: Rule::S5(rule) }
}

impl BinaryOp {
    pub fn find(id: &str) -> Result<&'static BinaryOp> {
        ALL.iter().find(|op| op.id == id).ok_or_else(|| Error::Unknown {
            what: "operation",
            name: id.into(),
            allowed: ids().join(", "),
        })
    }

    /// Whether the modulus has a meaning for it.
    pub fn is_modular(&self) -> bool {
        matches!(self.rule, Rule::Modular(_))
    }

    /// With a modulus, which operations on permutations do not look at.
    pub fn with_modulus(&'static self, modulus: u32) -> Result<Operation> {
        if self.is_modular() && !(modular::in_range(modulus) && is_prime(modulus)) {
            return Err(Error::setting(
                "modulus",
                modulus,
                format!("a prime from {MODULUS_MIN} to {MODULUS_MAX}"),
            ));
        }
        let permutations = match self.rule {
            Rule::Modular(_) => Vec::new(),
            Rule::S5(_) => Permutation::all(),
        };
        Ok(Operation { op: self, modulus, permutations })
    }
}

/// The ids of [`ALL`], in order.
pub fn ids() -> Vec<&'static str> {
    ALL.iter().map(|op| op.id).collect()
}

/// An operation over a definite set of symbols.
#[derive(Debug)]
pub struct Operation {
    op: &'static BinaryOp,
    modulus: u32,
    /// The symbols of an operation on permutations, in order; empty for a modular one.
    permutations: Vec<Permutation>,
}

impl Operation {
    /// How many symbols x, y and the answer are drawn from.
    pub fn symbols(&self) -> usize {
        match self.op.rule {
            Rule::Modular(_) => self.modulus as usize,
            Rule::S5(_) => self.permutations.len(),
        }
    }

    /// x ∘ y, or none where the operation is not defined (division by zero).
    pub fn apply(&self, x: usize, y: usize) -> Option<usize> {
        match self.op.rule {
            Rule::Modular(rule) => {
                rule(x as u32, y as u32, self.modulus).map(|answer| answer as usize)
            }
            Rule::S5(rule) => Some(rule(&self.permutations[x], &self.permutations[y]).index()),
        }
    }

    /// How a symbol is written: a residue, or the images of 0 to 4.
    pub fn symbol(&self, index: usize) -> String {
        match self.op.rule {
            Rule::Modular(_) => index.to_string(),
            Rule::S5(_) => self.permutations[index].to_string(),
        }
    }
}
