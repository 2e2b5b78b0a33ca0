//! Weights as safetensors files, one f32 tensor per parameter, named as in [`super::Weights`].

use std::collections::HashMap;

use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use super::weights::ModelConfig;
use crate::error::{Error, Result};

/// The bytes of a file with the parameters in `flat`.
///
/// # Errors
/// [`Error::Weights`] if it cannot be written as such a file.
///
/// # Panics
/// If `flat` is shorter than the parameters of `config`.
pub fn encode(config: &ModelConfig, flat: &[f32]) -> Result<Vec<u8>> {
    let bytes: Vec<u8> = flat.iter().flat_map(|value| value.to_le_bytes()).collect();
    let views: Vec<(String, TensorView)> = config
        .parameters()
        .into_iter()
        .map(|parameter| {
            let range = 4 * parameter.range().start..4 * parameter.range().end;
            let view = TensorView::new(Dtype::F32, parameter.shape.to_vec(), &bytes[range]);
            Ok((parameter.name, view.map_err(unreadable)?))
        })
        .collect::<Result<_>>()?;
    safetensors::serialize(views, None).map_err(unreadable)
}

/// The flat parameters in a file, which must have exactly the tensors of `config`.
///
/// # Errors
/// [`Error::Weights`] names the tensor that is missing, too many, of another shape or not finite,
/// or says that it is no such file.
pub fn decode(config: &ModelConfig, bytes: &[u8]) -> Result<Vec<f32>> {
    let file = SafeTensors::deserialize(bytes).map_err(unreadable)?;
    let mut tensors: HashMap<String, TensorView> = file.tensors().into_iter().collect();
    let mut flat = Vec::new();
    for parameter in config.parameters() {
        let name = &parameter.name;
        let tensor = tensors
            .remove(name)
            .ok_or_else(|| Error::Weights(format!("the file has no tensor `{name}`")))?;
        if tensor.shape() != parameter.shape || tensor.dtype() != Dtype::F32 {
            return Err(Error::Weights(format!(
                "`{name}` is {:?} {:?} in the file, this model has F32 {:?}",
                tensor.dtype(),
                tensor.shape(),
                parameter.shape
            )));
        }
        for value in tensor.data().chunks_exact(4) {
            let value = f32::from_le_bytes(value.try_into().expect("a chunk has four bytes"));
            if !value.is_finite() {
                return Err(Error::Weights(format!("`{name}` has the value `{value}`")));
            }
            flat.push(value);
        }
    }
    match tensors.keys().min() {
        Some(name) => Err(Error::Weights(format!("this model has no tensor `{name}`"))),
        None => Ok(flat),
    }
}

fn unreadable(error: safetensors::SafeTensorError) -> Error {
    Error::Weights(format!("the file is not a safetensors file: {error}"))
}
