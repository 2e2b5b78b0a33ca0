//! Every operation that has a name.

use std::fmt;
use std::str::FromStr;

use super::group::GroupId;
use super::modular;
use crate::error::{Error, Result};

/// One operation of the catalogue. Symbols are numbers. Its id is what it prints as and is read from.
#[derive(Debug)]
pub struct BinaryOp {
    /// As it stands in links and on the command line.
    pub id: &'static str,
    /// As it is written for readers.
    pub label: &'static str,
    pub(super) rule: Rule,
}

#[derive(Debug)]
pub(super) enum Rule {
    /// (x, y, p) -> answer, or none where it is not defined.
    Modular(fn(u32, u32, u32) -> Option<u32>),
    Group(GroupId, Word),
    /// What the reader typed.
    Formula,
    /// What the reader pasted.
    Table,
}

/// What is done with two elements of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// x · y
    Product,
    /// x · y · x⁻¹
    Conjugate,
    /// x · y · x
    Sandwich,
}

/// The paper's twelve operations, x·y mod p, which its section 3.2 discusses, and more groups.
pub const ALL: &[BinaryOp] = &[
    modular_op("add", "x + y", |x, y, p| Some((x + y) % p)),
    modular_op("sub", "x − y", |x, y, p| Some((x + p - y) % p)),
    modular_op("mul", "x · y", |x, y, p| Some(x * y % p)),
    modular_op("div", "x / y", modular::divide),
    modular_op("mix", "x / y if y is odd, else x − y", |x, y, p| {
        if y % 2 == 1 { modular::divide(x, y, p) } else { Some((x + p - y) % p) }
    }),
    modular_op("quad1", "x² + y²", |x, y, p| Some((x * x + y * y) % p)),
    modular_op("quad2", "x² + xy + y²", |x, y, p| Some((x * x + x * y + y * y) % p)),
    modular_op("quad3", "x² + xy + y² + x", |x, y, p| Some((x * x + x * y + y * y + x) % p)),
    modular_op("cube1", "x³ + xy", |x, y, p| Some((x * x * x + x * y) % p)),
    modular_op("cube2", "x³ + xy² + y", |x, y, p| Some((x * x * x + x * y * y + y) % p)),
    group_op("s5", "x · y in S₅", GroupId::S5, Word::Product),
    group_op("s5conj", "x · y · x⁻¹ in S₅", GroupId::S5, Word::Conjugate),
    group_op("s5aba", "x · y · x in S₅", GroupId::S5, Word::Sandwich),
    group_op("s3", "x · y in S₃", GroupId::S3, Word::Product),
    group_op("s3conj", "x · y · x⁻¹ in S₃", GroupId::S3, Word::Conjugate),
    group_op("s3aba", "x · y · x in S₃", GroupId::S3, Word::Sandwich),
    group_op("s4", "x · y in S₄", GroupId::S4, Word::Product),
    group_op("s4conj", "x · y · x⁻¹ in S₄", GroupId::S4, Word::Conjugate),
    group_op("s4aba", "x · y · x in S₄", GroupId::S4, Word::Sandwich),
    group_op("a4", "x · y in A₄", GroupId::A4, Word::Product),
    group_op("a4conj", "x · y · x⁻¹ in A₄", GroupId::A4, Word::Conjugate),
    group_op("a4aba", "x · y · x in A₄", GroupId::A4, Word::Sandwich),
    group_op("a5", "x · y in A₅", GroupId::A5, Word::Product),
    group_op("a5conj", "x · y · x⁻¹ in A₅", GroupId::A5, Word::Conjugate),
    group_op("a5aba", "x · y · x in A₅", GroupId::A5, Word::Sandwich),
    group_op("dihedral", "x · y in Dₚ", GroupId::Dihedral, Word::Product),
    group_op("dihedralconj", "x · y · x⁻¹ in Dₚ", GroupId::Dihedral, Word::Conjugate),
    group_op("dihedralaba", "x · y · x in Dₚ", GroupId::Dihedral, Word::Sandwich),
    group_op("q8", "x · y in Q₈", GroupId::Quaternions, Word::Product),
    group_op("q8conj", "x · y · x⁻¹ in Q₈", GroupId::Quaternions, Word::Conjugate),
    group_op("q8aba", "x · y · x in Q₈", GroupId::Quaternions, Word::Sandwich),
    BinaryOp { id: "formula", label: "a formula of your own", rule: Rule::Formula },
    BinaryOp { id: "table", label: "a table of your own", rule: Rule::Table },
];

const fn modular_op(
    id: &'static str,
    label: &'static str,
    rule: fn(u32, u32, u32) -> Option<u32>,
) -> BinaryOp {
    BinaryOp { id, label, rule: Rule::Modular(rule) }
}

const fn group_op(id: &'static str, label: &'static str, group: GroupId, word: Word) -> BinaryOp {
    BinaryOp { id, label, rule: Rule::Group(group, word) }
}

impl PartialEq for BinaryOp {
    fn eq(&self, other: &BinaryOp) -> bool {
        self.id == other.id
    }
}

impl Eq for BinaryOp {}

impl fmt::Display for BinaryOp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}

impl FromStr for &'static BinaryOp {
    type Err = Error;

    fn from_str(id: &str) -> Result<Self> {
        BinaryOp::find(id)
    }
}

impl BinaryOp {
    /// The operation with this id.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is none, with all that there are.
    pub fn find(id: &str) -> Result<&'static BinaryOp> {
        ALL.iter().find(|op| op.id == id).ok_or_else(|| Error::Unknown {
            what: "operation",
            name: id.into(),
            allowed: ids().join(", "),
        })
    }

    /// The heading that it is listed under.
    pub fn family(&self) -> &'static str {
        match self.rule {
            Rule::Modular(_) => "Modulo p",
            Rule::Group(GroupId::S5, _) => "Permutations of five",
            Rule::Group(..) => "Other groups",
            Rule::Formula | Rule::Table => "Your own",
        }
    }

    /// Whether it is x · y in a group.
    pub fn is_group_product(&self) -> bool {
        matches!(self.rule, Rule::Group(_, Word::Product))
    }

    /// Whether the modulus has a meaning for it.
    pub fn uses_modulus(&self) -> bool {
        match self.rule {
            Rule::Modular(_) | Rule::Formula => true,
            Rule::Group(group, _) => group == GroupId::Dihedral,
            Rule::Table => false,
        }
    }
}

/// The ids of [`ALL`], in order.
pub fn ids() -> Vec<&'static str> {
    ALL.iter().map(|op| op.id).collect()
}
