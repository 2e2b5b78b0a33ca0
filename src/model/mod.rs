//! The transformer: [`ModelConfig`] says which, [`Weights`] names and draws its parameters,
//! [`Transformer`] computes with them.

#[cfg(feature = "cli")]
pub mod file;
mod transformer;
mod weights;

pub use transformer::{Dropout, LAYER_NORM_EPSILON, Transformer, sinusoids};
pub use weights::{Block, LayerNorm, Linear, ModelConfig, Parameter, Weights};
