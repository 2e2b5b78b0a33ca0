//! The decoder-only transformer of Power et al. (2022, appendix A.1.2) and its one-layer
//! relative of Nanda et al. (2023), reading `x op y =` and answering at `=`.
//!
//! This is the reference: every position of every equation, by burn's tensors and its automatic
//! differentiation. What trains by default is `fused`, which tests compare with it.

use burn::tensor::activation::{gelu, relu, softmax};
use burn::tensor::{Bool, Device, Gradients, Int, Tensor, TensorData};

use super::weights::{
    Block, LAYER_NORM_EPSILON, LayerNorm, Linear, ModelConfig, Weights, sinusoids,
};
use crate::config::{Activation, Norm, Prompt};
use crate::data::Equation;
use crate::rng::Rng;

/// Tensor dimensions in comments: B equations, T positions, V tokens, N symbols, D d_model,
/// H heads, M d_hidden.
#[derive(Debug)]
pub struct Transformer {
    config: ModelConfig,
    weights: Weights<Tensor<2>>,
    /// The same tensors in the order of the flat vector.
    leaves: Vec<Tensor<2>>,
    dropout: Option<Dropout>,
}

/// What a training step drops of the MLP's outputs (`openai/grok`, `grok/transformer.py`: the paper's
/// "residual dropout").
#[derive(Debug)]
pub struct Dropout {
    share: f64,
    rng: Rng,
}

impl Dropout {
    /// A `share`, from 0 and below 1, is dropped; masks are drawn from a fork of `rng`.
    pub fn new(share: f64, rng: &Rng) -> Dropout {
        Dropout { share, rng: rng.fork("dropout") }
    }

    /// Drops a share of `values` in `layer` and scales up what is left.
    fn apply(&self, values: Tensor<2>, layer: usize) -> Tensor<2> {
        let mut rng = self.rng.fork(&layer.to_string());
        let [rows, columns] = values.dims();
        let kept = (1.0 / (1.0 - self.share)) as f32;
        let mask: Vec<f32> = (0..rows * columns)
            .map(|_| if rng.uniform() < self.share { 0.0 } else { kept })
            .collect();
        let mask = Tensor::from_data(TensorData::new(mask, [rows, columns]), &values.device());
        values * mask
    }
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
        Transformer { config: config.clone(), weights, leaves, dropout: None }
    }

    /// The same model, which drops while it computes.
    pub fn with_dropout(self, dropout: Dropout) -> Self {
        Transformer { dropout: Some(dropout), ..self }
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

    /// The prompts of a batch as tokens, [B, T].
    pub fn tokens(&self, equations: &[Equation], device: &Device) -> Tensor<2, Int> {
        let op = self.config.n_symbols as i32;
        let prompts = equations.iter().flat_map(|equation| {
            let (x, y) = (i32::from(equation.x), i32::from(equation.y));
            match self.config.prompt {
                Prompt::WithOp => vec![x, op, y, op + 1],
                Prompt::WithoutOp => vec![x, y, op],
            }
        });
        let shape = [equations.len(), self.config.n_positions()];
        Tensor::from_data(TensorData::new(prompts.collect::<Vec<i32>>(), shape), device)
    }

    /// Logits of the answer, [B, N], from tokens [B, T].
    pub fn forward(&self, tokens: Tensor<2, Int>) -> Tensor<2> {
        let [batch, n_positions] = tokens.dims();
        let d = self.config.d_model;
        let mut x = self.weights.tokens.clone().select(0, tokens.flatten(0, 1)); // [B·T, D]
        let positions = match &self.weights.positions {
            Some(learned) => learned.clone(),
            None => {
                let values = TensorData::new(sinusoids(n_positions, d), [n_positions, d]);
                Tensor::from_data(values, &x.device())
            }
        };
        x = x + positions.repeat_dim(0, batch); // [B·T, D]
        for layer in 0..self.weights.blocks.len() {
            x = self.block(layer, x, batch);
        }
        let last = x.reshape([batch, n_positions, d]).narrow(1, n_positions - 1, 1); // [B, 1, D]
        let mut answer = last.reshape([batch, d]);
        if let Some(norm) = &self.weights.final_norm {
            answer = layer_norm(norm, answer);
        }
        linear(&self.weights.unembed, answer) // [B, N]
    }

    /// [B·T, D] to [B·T, D].
    fn block(&self, layer: usize, x: Tensor<2>, batch: usize) -> Tensor<2> {
        let block = &self.weights.blocks[layer];
        let norm = |norm: &Option<LayerNorm<_>>, x: Tensor<2>, place: Norm| match norm {
            Some(norm) if place == self.config.norm => layer_norm(norm, x),
            _ => x,
        };
        let attended = self.attend(block, norm(&block.attention_norm, x.clone(), Norm::Pre), batch);
        let x = norm(&block.attention_norm, x + attended, Norm::Post);
        let hidden = linear(&block.up, norm(&block.mlp_norm, x.clone(), Norm::Pre)); // [B·T, M]
        let hidden = match self.config.activation {
            Activation::Relu => relu(hidden),
            Activation::Gelu => gelu(hidden),
        };
        let mut out = linear(&block.down, hidden);
        if let Some(dropout) = &self.dropout {
            out = dropout.apply(out, layer);
        }
        norm(&block.mlp_norm, x + out, Norm::Post)
    }

    /// Causal self-attention, [B·T, D] to [B·T, D].
    fn attend(&self, block: &Block<Tensor<2>>, x: Tensor<2>, batch: usize) -> Tensor<2> {
        let ModelConfig { d_model, n_heads, attention_rate, .. } = self.config;
        let (n_positions, d_head) = (self.config.n_positions(), d_model / n_heads);
        let heads = |map: &Linear<_>| {
            let projected = linear(map, x.clone());
            projected.reshape([batch, n_positions, n_heads, d_head]).swap_dims(1, 2) // [B, H, T, D/H]
        };
        let (query, key, value) = (heads(&block.query), heads(&block.key), heads(&block.value));
        let scores = query.matmul(key.transpose()) * (d_head as f64).powf(-0.5); // [B, H, T, T]
        let future = Tensor::<2, Bool>::tril_mask([n_positions, n_positions], 0, &x.device());
        let future: Tensor<4, Bool> = future.unsqueeze();
        let weights = softmax(scores.mask_fill(future.clone(), f32::NEG_INFINITY), 3);
        let applied = weights * attention_rate + (1.0 - attention_rate);
        let attended = applied.mask_fill(future, 0.0).matmul(value); // [B, H, T, D/H]
        linear(&block.output, attended.swap_dims(1, 2).reshape([batch * n_positions, d_model]))
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
