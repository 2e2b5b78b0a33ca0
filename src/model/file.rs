//! Weights as safetensors files, one tensor per parameter, named as in [`super::Weights`].

use std::collections::{BTreeMap, HashMap};

use half::{bf16, f16};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::{Deserialize, Serialize};

use super::weights::ModelConfig;
use crate::error::{Error, Result};

/// What a file says of itself beside its tensors: texts by name.
pub type Metadata = BTreeMap<String, String>;

/// How a file writes its numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// IEEE 754 binary16: half the bytes, 11 significant bits.
    #[default]
    F16,
    /// IEEE 754 binary32: as they are.
    F32,
}

impl Precision {
    /// How many bytes a number has.
    pub fn bytes(self) -> usize {
        match self {
            Precision::F16 => 2,
            Precision::F32 => 4,
        }
    }
}

/// The bytes of a file with the parameters in `flat`, each as [rows, columns].
///
/// # Errors
/// [`Error::Weights`] if a parameter has no finite value in that precision, or it cannot be written
/// as such a file.
///
/// # Panics
/// If `flat` is shorter than the parameters of `config`.
pub fn encode(
    config: &ModelConfig,
    flat: &[f32],
    precision: Precision,
    metadata: Metadata,
) -> Result<Vec<u8>> {
    let (dtype, bytes): (Dtype, Vec<u8>) = match precision {
        Precision::F16 => {
            if let Some(value) = flat.iter().find(|&&value| !f16::from_f32(value).is_finite()) {
                let why = format!("`{value}` is too large for float16, which ends at 65504");
                return Err(Error::Weights(why));
            }
            let halves = flat.iter().flat_map(|&value| f16::from_f32(value).to_le_bytes());
            (Dtype::F16, halves.collect())
        }
        Precision::F32 => (Dtype::F32, flat.iter().flat_map(|value| value.to_le_bytes()).collect()),
    };
    let width = precision.bytes();
    let views: Vec<(String, TensorView)> = config
        .parameters()
        .into_iter()
        .map(|parameter| {
            let range = width * parameter.range().start..width * parameter.range().end;
            let view = TensorView::new(dtype, parameter.shape.to_vec(), &bytes[range]);
            Ok((parameter.name, view.map_err(unreadable)?))
        })
        .collect::<Result<_>>()?;
    safetensors::serialize(views, Some(metadata.into_iter().collect())).map_err(unreadable)
}

/// What a file says of itself; nothing if it has no such texts.
///
/// # Errors
/// [`Error::Weights`] if it is no such file.
pub fn metadata(bytes: &[u8]) -> Result<Metadata> {
    let (_, head) = SafeTensors::read_metadata(bytes).map_err(unreadable)?;
    Ok(head.metadata().clone().unwrap_or_default().into_iter().collect())
}

/// The flat parameters in a file, which must have exactly the tensors of `config`, in any width of
/// floating point. A tensor of one row may have one dimension.
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
        let [rows, columns] = parameter.shape;
        let fits = tensor.shape() == [rows, columns] || (rows == 1 && tensor.shape() == [columns]);
        let values = floats(&tensor).filter(|_| fits).ok_or_else(|| {
            Error::Weights(format!(
                "`{name}` is {:?} {:?} in the file, this model has F32 {:?}",
                tensor.dtype(),
                tensor.shape(),
                parameter.shape
            ))
        })?;
        if let Some(value) = values.iter().find(|value| !value.is_finite()) {
            return Err(Error::Weights(format!("`{name}` has the value `{value}`")));
        }
        flat.extend(values);
    }
    match tensors.keys().min() {
        Some(name) => Err(Error::Weights(format!("this model has no tensor `{name}`"))),
        None => Ok(flat),
    }
}

/// The numbers of a tensor of floating point; none of any other.
fn floats(tensor: &TensorView) -> Option<Vec<f32>> {
    let data = tensor.data();
    Some(match tensor.dtype() {
        Dtype::F32 => data.as_chunks().0.iter().map(|&value| f32::from_le_bytes(value)).collect(),
        Dtype::F64 => {
            data.as_chunks().0.iter().map(|&value| f64::from_le_bytes(value) as f32).collect()
        }
        Dtype::F16 => {
            data.as_chunks().0.iter().map(|&value| f16::from_le_bytes(value).to_f32()).collect()
        }
        Dtype::BF16 => {
            data.as_chunks().0.iter().map(|&value| bf16::from_le_bytes(value).to_f32()).collect()
        }
        _ => return None,
    })
}

fn unreadable(error: safetensors::SafeTensorError) -> Error {
    Error::Weights(format!("the file is not a safetensors file: {error}"))
}
