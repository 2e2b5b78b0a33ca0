//! The decoder-only transformer of Power et al. (2022, appendix A.1.2) and its one-layer
//! relative of Nanda et al. (2023), reading `x op y =` and answering at `=`.

use burn::tensor::activation::{gelu, relu};
use burn::tensor::{Gradients, Tensor, TensorData};

use super::attention::{attend, split_heads};
use super::rows::{Equations, Picked, Rows, Sharing};
use super::weights::{Block, LayerNorm, Linear, ModelConfig, Weights};
use crate::config::{Activation, Norm, Prompt};

/// PyTorch's.
pub const LAYER_NORM_EPSILON: f64 = 1e-5;

/// Tensor dimensions in comments: B equations, R distinct rows, T positions, V tokens,
/// N symbols, D d_model, M d_hidden.
#[derive(Debug)]
pub struct Transformer {
    config: ModelConfig,
    weights: Weights<Tensor<2>>,
    /// The same tensors in the order of the flat vector.
    leaves: Vec<Tensor<2>>,
}

impl Transformer {
    /// A model over the parameters in `flat`, that only computes.
    pub fn new(config: &ModelConfig, flat: &Tensor<1>) -> Self {
        Self::over(config, flat, |tensor| tensor)
    }

    /// A model over the parameters in `flat`, each a leaf of the gradient.
    pub fn trainable(config: &ModelConfig, flat: &Tensor<1>) -> Self {
        Self::over(config, flat, |tensor| tensor.autodiff().require_grad())
    }

    fn over(config: &ModelConfig, flat: &Tensor<1>, leaf: impl Fn(Tensor<2>) -> Tensor<2>) -> Self {
        let mut leaves: Vec<Tensor<2>> = Vec::new();
        let mut offset = 0;
        let weights = Weights::assemble(config, &mut |_, shape, _| {
            let length = shape[0] * shape[1];
            let tensor = leaf(flat.clone().narrow(0, offset, length).reshape(shape));
            offset += length;
            leaves.push(tensor.clone());
            tensor
        });
        Transformer { config: config.clone(), weights, leaves }
    }

    /// The gradient of all parameters as one flat vector.
    pub fn gradient(&self, gradients: &Gradients) -> Tensor<1> {
        let parts = self
            .leaves
            .iter()
            .map(|leaf| match leaf.grad(gradients) {
                Some(gradient) => gradient.flatten(0, 1),
                None => leaf.clone().inner().zeros_like().flatten(0, 1),
            })
            .collect();
        Tensor::cat(parts, 0)
    }

    /// Logits of the answer, [B, N].
    pub fn forward(&self, equations: &Equations, sharing: Sharing) -> Tensor<2> {
        let mut stream = self.embed(equations, sharing); // T x [R, D]
        let (last, others) = self.weights.blocks.split_last().expect("a model has a layer");
        for block in others {
            stream = self.block(block, &stream, 0, equations);
        }
        // Only the last position is read.
        let at_equals = self.block(last, &stream, stream.len() - 1, equations).remove(0);
        let mut answer = at_equals.spread(Rows::PerEquation, equations); // [B, D]
        if let Some(norm) = &self.weights.final_norm {
            answer = layer_norm(norm, answer);
        }
        linear(&self.weights.unembed, answer) // [B, N]
    }

    /// Token plus position, for each position of the prompt.
    fn embed(&self, equations: &Equations, sharing: Sharing) -> Vec<Picked<2>> {
        let n = self.config.n_symbols;
        let tokens = |start, length| self.weights.tokens.clone().narrow(0, start, length);
        let symbols = |rows| Picked { rows, values: tokens(0, n) };
        let mark = |index| Picked { rows: Rows::One, values: tokens(n + index, 1) };
        let prompt = match self.config.prompt {
            Prompt::WithOp => vec![symbols(Rows::PerX), mark(0), symbols(Rows::PerY), mark(1)],
            Prompt::WithoutOp => vec![symbols(Rows::PerX), symbols(Rows::PerY), mark(0)],
        };
        let positions = match &self.weights.positions {
            Some(learned) => learned.clone(),
            None => {
                let shape = [prompt.len(), self.config.d_model];
                let values = sinusoids(shape[0], shape[1]);
                Tensor::from_data(TensorData::new(values, shape), &self.weights.tokens.device())
            }
        };
        prompt
            .into_iter()
            .enumerate()
            .map(|(index, token)| {
                let token = token.map(|values| values + positions.clone().narrow(0, index, 1));
                match sharing {
                    Sharing::Distinct => token,
                    Sharing::None => Picked {
                        rows: Rows::PerEquation,
                        values: token
                            .spread(Rows::PerEquation, equations)
                            .expand([equations.len(), self.config.d_model]),
                    },
                }
            })
            .collect()
    }

    /// One block, at the positions from `first` on; each sees those up to itself.
    fn block(
        &self,
        block: &Block<Tensor<2>>,
        stream: &[Picked<2>],
        first: usize,
        equations: &Equations,
    ) -> Vec<Picked<2>> {
        let norm_before = self.config.norm == Norm::Pre;
        let norm = |norm: &Option<LayerNorm<_>>, values: Picked<2>, wanted: bool| match norm {
            Some(norm) if wanted => values.map(|values| layer_norm(norm, values)),
            _ => values,
        };
        let heads = |map: &Linear<_>, input: &Picked<2>| {
            input.clone().map(|values| split_heads(linear(map, values), self.config.n_heads))
        };
        let add = |a: &Picked<2>, b: &Picked<2>| a.zip(b, equations, |a, b| a + b);

        let inputs: Vec<Picked<2>> = stream
            .iter()
            .map(|values| norm(&block.attention_norm, values.clone(), norm_before))
            .collect();
        let keys: Vec<_> = inputs.iter().map(|input| heads(&block.key, input)).collect();
        let values: Vec<_> = inputs.iter().map(|input| heads(&block.value, input)).collect();

        (first..stream.len())
            .map(|position| {
                let query = heads(&block.query, &inputs[position]);
                let attended = attend(&query, &keys[..=position], &values[..=position], equations)
                    .map(|values| linear(&block.output, values));
                let residual = add(&stream[position], &attended);
                let residual = norm(&block.attention_norm, residual, !norm_before);

                let hidden = norm(&block.mlp_norm, residual.clone(), norm_before)
                    .map(|values| self.activate(linear(&block.up, values))) // [R, M]
                    .map(|values| linear(&block.down, values)); // [R, D]
                norm(&block.mlp_norm, add(&residual, &hidden), !norm_before)
            })
            .collect()
    }

    fn activate(&self, values: Tensor<2>) -> Tensor<2> {
        match self.config.activation {
            Activation::Relu => relu(values),
            Activation::Gelu => gelu(values),
        }
    }
}

/// [R, in] to [R, out].
fn linear(map: &Linear<Tensor<2>>, values: Tensor<2>) -> Tensor<2> {
    let product = values.matmul(map.weight.clone().transpose());
    match &map.bias {
        Some(bias) => product + bias.clone(),
        None => product,
    }
}

/// Over the last dimension, with the biased variance.
fn layer_norm(norm: &LayerNorm<Tensor<2>>, values: Tensor<2>) -> Tensor<2> {
    let centred = values.clone() - values.mean_dim(1);
    let variance = (centred.clone() * centred.clone()).mean_dim(1); // [R, 1]
    centred / (variance + LAYER_NORM_EPSILON).sqrt() * norm.gain.clone() + norm.bias.clone()
}

/// Sines in even columns and cosines in odd ones (Vaswani et al. 2017, section 3.5), [T, D].
pub fn sinusoids(n_positions: usize, d_model: usize) -> Vec<f32> {
    (0..n_positions)
        .flat_map(|position| {
            (0..d_model).map(move |column| {
                let pair = (column - column % 2) as f64;
                let angle = position as f64 / 10_000f64.powf(pair / d_model as f64);
                (if column % 2 == 0 { angle.sin() } else { angle.cos() }) as f32
            })
        })
        .collect()
}
