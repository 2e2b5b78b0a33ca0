//! The table of equations, its split into training and held-out cells, and the order of batches.

mod batches;
mod split;
mod table;

pub use batches::Batches;
pub use split::Split;
pub use table::{Equation, NO_SYMBOL, Table};
