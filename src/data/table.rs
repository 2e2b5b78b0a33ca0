//! Every equation x ∘ y = z of an operation.

use crate::algebra::Operation;

/// Marks a cell without an equation or a prediction in row-major pictures of the table.
pub const NO_SYMBOL: u16 = u16::MAX;

/// x ∘ y = answer, as the numbers of symbols.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Equation {
    /// The row of the table, from 0.
    pub x: u16,
    /// The column of the table, from 0.
    pub y: u16,
    /// The symbol in the cell.
    pub answer: u16,
}

/// The whole table, row by row: all x, and for each all y where x ∘ y is defined.
#[derive(Debug, Clone)]
pub struct Table {
    /// Number of symbols: the table has this many rows and columns.
    pub symbols: usize,
    /// At most [`symbols`](Table::symbols)², in the order of their cells.
    pub equations: Vec<Equation>,
}

impl Table {
    /// Every equation of `operation`.
    pub fn new(operation: &Operation) -> Table {
        let symbols = operation.symbols();
        let equations = (0..symbols)
            .flat_map(|x| (0..symbols).map(move |y| (x, y)))
            .filter_map(|(x, y)| {
                let answer = operation.apply(x, y)?;
                Some(Equation { x: x as u16, y: y as u16, answer: answer as u16 })
            })
            .collect();
        Table { symbols, equations }
    }

    /// The index of (y, x) for each equation (x, y), which is its own on the diagonal; none where
    /// (y, x) is not defined.
    pub fn mirrors(&self) -> Vec<Option<u32>> {
        let mut at = vec![None; self.symbols * self.symbols];
        for (index, equation) in self.equations.iter().enumerate() {
            at[self.cell(equation)] = Some(index as u32);
        }
        let mirror = |equation: &Equation| equation.y as usize * self.symbols + equation.x as usize;
        self.equations.iter().map(|equation| at[mirror(equation)]).collect()
    }

    /// Per equation: is it held out while its mirror image, which has the same answer, is trained on?
    /// None if the operation is not commutative.
    ///
    /// A network can answer such a cell by exchanging x and y, which is less than the rule.
    pub fn mirrored(&self, held_out: &[bool]) -> Option<Vec<bool>> {
        let mirrors = self.mirrors();
        let answer = |index: u32| self.equations[index as usize].answer;
        let commutative = mirrors
            .iter()
            .zip(&self.equations)
            .all(|(mirror, equation)| mirror.is_some_and(|at| answer(at) == equation.answer));
        let shown = |(&mirror, &held_out_here): (&Option<u32>, &bool)| {
            held_out_here && mirror.is_some_and(|at| !held_out[at as usize])
        };
        commutative.then(|| mirrors.iter().zip(held_out).map(shown).collect())
    }

    /// The place of an equation in a row-major picture of the table.
    pub fn cell(&self, equation: &Equation) -> usize {
        equation.x as usize * self.symbols + equation.y as usize
    }

    /// One value per cell, row-major; `empty` where there is no equation.
    pub fn picture<T: Copy>(&self, empty: T, value: impl Fn(usize, &Equation) -> T) -> Vec<T> {
        let mut picture = vec![empty; self.symbols * self.symbols];
        for (index, equation) in self.equations.iter().enumerate() {
            picture[self.cell(equation)] = value(index, equation);
        }
        picture
    }
}
