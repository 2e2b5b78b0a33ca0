//! The table of equations, its split into training and held-out cells, and the order of batches.

mod batches;
mod labels;
mod mask;
mod split;
mod table;

pub use batches::Batches;
pub use labels::corrupt;
pub use mask::{MASK_MAX, Mask};
pub use split::Split;
pub use table::{Equation, NO_SYMBOL, Table};
