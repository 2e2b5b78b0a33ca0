//! The transformer: [`ModelConfig`] says which, [`Weights`] names and draws its parameters, and the
//! plain `Transformer` computes with them where burn is there.

#[cfg(feature = "cli")]
pub mod file;
#[cfg(feature = "reference")]
mod transformer;
mod weights;

#[cfg(feature = "reference")]
pub use transformer::{Dropout, Transformer};
pub use weights::{
    Block, LAYER_NORM_EPSILON, LayerNorm, Linear, ModelConfig, Parameter, Weights, sinusoids,
};
