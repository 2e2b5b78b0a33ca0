//! The binary operations whose tables are learned: those of Power et al. (2022, appendix A.1.1),
//! other groups, typed formulas and pasted tables.

mod catalogue;
mod csv;
mod cyclic;
mod formula;
mod group;
mod modular;
mod operation;
mod subgroups;

pub use catalogue::{ALL, BinaryOp, ids};
pub use csv::TABLE_MAX;
pub use cyclic::Cyclic;
pub use formula::{FORMULA_MAX, Formula};
pub use group::{Group, GroupId};
pub use modular::{MODULUS_MAX, MODULUS_MIN, inverse, is_prime};
pub use operation::{Facts, Operation, Structure};
pub use subgroups::Cosets;
