//! An operation over a definite set of symbols, as its whole table.

use super::catalogue::{BinaryOp, Rule, Word};
use super::csv;
use super::formula::Formula;
use super::group::{Group, GroupId};
use super::modular::{MODULUS_MAX, MODULUS_MIN, in_range, is_prime};
use crate::error::{Error, Result};

/// D₉₇ has 194 elements, about as many as the largest modulus.
const DIHEDRAL_MODULUS_MAX: u32 = 97;

/// x ∘ y for every pair of symbols, which are numbers from 0.
#[derive(Debug, Clone)]
pub struct Operation {
    /// As it is written for readers.
    pub label: String,
    /// What the symbols are.
    pub structure: Structure,
    names: Vec<String>,
    /// Row-major; none where it is not defined.
    answers: Vec<Option<u16>>,
}

/// What the symbols are, for whoever looks at what a network has made of them.
#[derive(Debug, Clone, PartialEq)]
pub enum Structure {
    /// The residues 0 to p − 1.
    Residues,
    /// The elements of a group, by their numbers in it.
    Group(Group),
    /// Nothing is known of them.
    None,
}

/// What can be said of a table by counting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// Is x ∘ y = y ∘ x wherever either is defined?
    pub commutative: bool,
    /// Is (x ∘ y) ∘ z = x ∘ (y ∘ z) wherever both are defined?
    pub associative: bool,
    /// Symbols that are the answer of some cell.
    pub distinct_answers: usize,
    /// Cells that have the commonest answer.
    pub commonest: usize,
}

impl Operation {
    /// `modulus`, `formula` and `table` (CSV) are looked at by the operations that need them.
    ///
    /// # Errors
    /// If what it needs is not allowed, or is wrong at some place.
    pub fn new(op: &'static BinaryOp, modulus: u32, formula: &str, table: &str) -> Result<Self> {
        if op.uses_modulus() && !(in_range(modulus) && is_prime(modulus)) {
            let allowed = format!("a prime from {MODULUS_MIN} to {MODULUS_MAX}");
            return Err(Error::setting("modulus", modulus, allowed));
        }
        let p = modulus;
        match &op.rule {
            Rule::Modular(rule) => Ok(Operation::modular(op.label.into(), p, rule)),
            Rule::Formula => {
                let parsed = Formula::parse(formula)?;
                let operation =
                    Operation::modular(formula.trim().into(), p, |x, y, p| parsed.apply(x, y, p));
                match operation.answers.iter().flatten().count() {
                    0 | 1 => Err(Error::Syntax {
                        what: "formula",
                        place: "every cell".into(),
                        problem: "it is defined for fewer than two pairs x, y".into(),
                    }),
                    _ => Ok(operation),
                }
            }
            &Rule::Group(GroupId::Dihedral, _) if p > DIHEDRAL_MODULUS_MAX => {
                let allowed = format!("a prime from 3 to {DIHEDRAL_MODULUS_MAX} for Dₚ");
                Err(Error::setting("modulus", p, allowed))
            }
            &Rule::Group(id, word) => {
                let label = op.label.replace('ₚ', &subscript(p));
                Ok(Operation::group(label, Group::new(id, p), word))
            }
            Rule::Table => {
                let (names, answers) = csv::parse(table)?;
                Ok(Operation {
                    label: "x ∘ y".into(), structure: Structure::None, names, answers
                })
            }
        }
    }

    fn modular(label: String, p: u32, rule: impl Fn(u32, u32, u32) -> Option<u32>) -> Operation {
        let cells = (0..p).flat_map(|x| (0..p).map(move |y| (x, y)));
        Operation {
            label,
            structure: Structure::Residues,
            names: (0..p).map(|residue| residue.to_string()).collect(),
            answers: cells.map(|(x, y)| rule(x, y, p).map(|answer| answer as u16)).collect(),
        }
    }

    fn group(label: String, group: Group, word: Word) -> Operation {
        let n = group.order();
        let answer = |x: usize, y: usize| {
            let product = group.product(x, y);
            match word {
                Word::Product => product,
                Word::Conjugate => group.product(product, group.inverse(x)),
                Word::Sandwich => group.product(product, x),
            }
        };
        let cells = (0..n).flat_map(|x| (0..n).map(move |y| (x, y)));
        let answers = cells.map(|(x, y)| Some(answer(x, y) as u16)).collect();
        let names = group.names().to_vec();
        Operation { label, structure: Structure::Group(group), names, answers }
    }

    /// How many symbols x, y and the answer are drawn from.
    pub fn symbols(&self) -> usize {
        self.names.len()
    }

    /// x ∘ y, or none where the operation is not defined (division by zero).
    pub fn apply(&self, x: usize, y: usize) -> Option<usize> {
        self.answers[x * self.symbols() + y].map(usize::from)
    }

    /// How the symbols are written: residues, or the images of a permutation.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Place of each symbol in an order that shows structure: elements of a group coset by coset,
    /// any other symbols as they are.
    pub fn order(&self) -> Vec<u16> {
        match &self.structure {
            Structure::Group(group) => group.by_coset(),
            _ => (0..self.symbols() as u16).collect(),
        }
    }

    /// Counts through all triples of symbols: n³ look-ups.
    pub fn facts(&self) -> Facts {
        let n = self.symbols();
        let of = |x: Option<usize>, y: Option<usize>| self.apply(x?, y?);
        let pairs = || (0..n).flat_map(|x| (0..n).map(move |y| (x, y)));
        let associative = pairs().all(|(x, y)| {
            let product = self.apply(x, y);
            (0..n).all(|z| match (of(product, Some(z)), of(Some(x), self.apply(y, z))) {
                (Some(left), Some(right)) => left == right,
                _ => true,
            })
        });
        let mut counts = vec![0; n];
        self.answers.iter().flatten().for_each(|&answer| counts[usize::from(answer)] += 1);
        Facts {
            commutative: pairs().all(|(x, y)| self.apply(x, y) == self.apply(y, x)),
            associative,
            distinct_answers: counts.iter().filter(|&&count| count > 0).count(),
            commonest: counts.into_iter().max().unwrap_or(0),
        }
    }
}

fn subscript(n: u32) -> String {
    let digits = n.to_string();
    digits.bytes().filter_map(|digit| char::from_u32(0x2080 + u32::from(digit - b'0'))).collect()
}
