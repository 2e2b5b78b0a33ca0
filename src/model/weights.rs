//! Which parameters a transformer has: their names, shapes, first values, and place in one
//! flat vector.
//!
//! All parameters live in a single vector (as in llm.c), so that an optimiser updates them in
//! one go and a checkpoint is one array. [`Weights::assemble`] is the only list of them.

use crate::config::{Activation, Bias, Config, Init, Loss, Norm, Positions, Prompt, Switch};
use crate::rng::Rng;

/// PyTorch's.
pub const LAYER_NORM_EPSILON: f64 = 1e-5;

/// The shape of a transformer and the rule for its first weights.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelConfig {
    /// Symbols that x, y and the answer are drawn from; also the number of classes.
    pub n_symbols: usize,
    /// The tokens that it reads.
    pub prompt: Prompt,
    /// Blocks, from 1.
    pub n_layers: usize,
    /// Columns of the residual stream, D: a multiple of the heads.
    pub d_model: usize,
    /// Heads of attention, H.
    pub n_heads: usize,
    /// Columns of the MLP's hidden layer, M.
    pub d_hidden: usize,
    /// The nonlinearity of the MLP.
    pub activation: Activation,
    /// Where layer normalisation is.
    pub norm: Norm,
    /// Whether positions are learned.
    pub positions: Positions,
    /// Of the softmax's weights M, [T, T], it makes rate · M + (1 − rate) · J (Zhong et al. 2023, "The clock
    /// and the pizza"). J is all ones, as in that paper and its code, wherever the causal mask lets one
    /// through: the row of a position that sees n adds up to rate + n (1 − rate). The paper's networks
    /// have no mask, and at the last position, the only one that is read, it would mask nothing.
    pub attention_rate: f64,
    /// Which linear maps have one.
    pub bias: Bias,
    /// The rule for its first weights.
    pub init: Init,
    /// Factor of the first weights.
    pub init_scale: f64,
    /// What turns logits into probabilities.
    pub loss: Loss,
    /// Whether the mean of each row of the logits' gradient is taken away.
    pub zero_sum: bool,
}

impl ModelConfig {
    /// The network of `config` over a table of so many symbols.
    pub fn new(config: &Config, n_symbols: usize) -> Self {
        ModelConfig {
            n_symbols,
            prompt: config.prompt,
            n_layers: config.layers,
            d_model: config.width,
            n_heads: config.heads,
            d_hidden: config.width * config.mlp_ratio,
            activation: config.activation,
            norm: config.norm,
            positions: config.positions,
            attention_rate: config.attention_rate,
            bias: config.bias,
            init: config.initializer,
            init_scale: config.init_scale,
            loss: config.loss,
            zero_sum: config.zero_sum == Switch::On,
        }
    }

    /// Tokens that the model reads: `x op y =` or `x y =`.
    pub fn n_positions(&self) -> usize {
        match self.prompt {
            Prompt::WithOp => 4,
            Prompt::WithoutOp => 3,
        }
    }

    /// The parameters in the order in which they lie in the flat vector.
    pub fn parameters(&self) -> Vec<Parameter> {
        let mut parameters: Vec<Parameter> = Vec::new();
        Weights::assemble(self, &mut |name, shape, draw| {
            let offset = parameters.last().map_or(0, |last| last.range().end);
            parameters.push(Parameter { name, shape, offset, draw });
        });
        parameters
    }

    /// Operations of the matrix products of a step that computes every position, forward and
    /// backward, without those of attention.
    pub fn step_flop(&self, equations: usize) -> u64 {
        let (d, rows) = (self.d_model, equations * self.n_positions());
        let block = 4 * d * d + 2 * d * self.d_hidden;
        let unembed = self.n_symbols * d * equations;
        6 * ((self.n_layers * block) as u64 * rows as u64 + unembed as u64)
    }

    /// First values of all parameters, as one vector.
    pub fn draw(&self, rng: &Rng) -> Vec<f32> {
        let rng = rng.fork("weights");
        self.parameters()
            .iter()
            .flat_map(|parameter| {
                // One stream a tensor: adding a bias does not change the other tensors.
                let mut rng = rng.fork(&parameter.name);
                let draw = parameter.draw;
                (0..parameter.len()).map(move |_| draw.sample(&mut rng) * self.init_scale as f32)
            })
            .collect()
    }
}

/// One tensor of the model, inside the flat vector.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Its path in [`Weights`], such as `blocks.0.query.weight`.
    pub name: String,
    /// Rows and columns; a vector has one row.
    pub shape: [usize; 2],
    /// Where it begins in the flat vector.
    pub offset: usize,
    draw: Draw,
}

impl Parameter {
    /// Its number of values.
    pub fn len(&self) -> usize {
        self.shape[0] * self.shape[1]
    }

    /// Whether it has none; no parameter of a model is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Its place in the flat vector.
    pub fn range(&self) -> std::ops::Range<usize> {
        self.offset..self.offset + self.len()
    }
}

/// How first values are drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Draw {
    Constant(f32),
    Normal {
        std: f64,
    },
    /// Between −limit and limit.
    Uniform {
        limit: f64,
    },
}

impl Draw {
    fn sample(self, rng: &mut Rng) -> f32 {
        match self {
            Draw::Constant(value) => value,
            Draw::Normal { std } => (rng.normal() * std) as f32,
            Draw::Uniform { limit } => ((2.0 * rng.uniform() - 1.0) * limit) as f32,
        }
    }
}

/// The parameters by name. `T` is a tensor in a model, and nothing while they are listed.
#[derive(Debug)]
pub struct Weights<T> {
    /// One row per symbol, then `op` (if the prompt has it), then `=`: [V, D].
    pub tokens: T,
    /// Learned positions, [T, D].
    pub positions: Option<T>,
    /// The layers, the first one first.
    pub blocks: Vec<Block<T>>,
    /// After the last block, where each sublayer has its norm before it.
    pub final_norm: Option<LayerNorm<T>>,
    /// To one logit per symbol.
    pub unembed: Linear<T>,
}

/// One layer: attention and an MLP, each added to the residual stream.
#[derive(Debug)]
pub struct Block<T> {
    /// Before or after attention.
    pub attention_norm: Option<LayerNorm<T>>,
    /// D to D, all heads side by side.
    pub query: Linear<T>,
    /// D to D.
    pub key: Linear<T>,
    /// D to D.
    pub value: Linear<T>,
    /// From the heads' results to the stream, D to D.
    pub output: Linear<T>,
    /// Before or after the MLP.
    pub mlp_norm: Option<LayerNorm<T>>,
    /// Into the hidden layer, D to M.
    pub up: Linear<T>,
    /// Out of it, M to D.
    pub down: Linear<T>,
}

/// y = x Wᵀ + b.
#[derive(Debug)]
pub struct Linear<T> {
    /// [out, in], as in PyTorch.
    pub weight: T,
    /// [1, out].
    pub bias: Option<T>,
}

/// (x − mean) / deviation · gain + bias, of each row.
#[derive(Debug)]
pub struct LayerNorm<T> {
    /// [1, D]
    pub gain: T,
    /// [1, D]
    pub bias: T,
}

impl<T> Weights<T> {
    /// Calls `make(name, [rows, columns], first values)` for every parameter, in order.
    pub(crate) fn assemble(
        config: &ModelConfig,
        make: &mut impl FnMut(String, [usize; 2], Draw) -> T,
    ) -> Self {
        let d = config.d_model;
        let marks = config.n_positions() - 2;
        let embedding = match config.init {
            Init::Pytorch => Draw::Normal { std: 1.0 },
            Init::Scaled => Draw::Normal { std: (d as f64).powf(-0.5) },
        };
        Weights {
            tokens: make("tokens".into(), [config.n_symbols + marks, d], embedding),
            positions: (config.positions == Positions::Learned)
                .then(|| make("positions".into(), [config.n_positions(), d], embedding)),
            blocks: (0..config.n_layers)
                .map(|layer| Block::assemble(config, &format!("blocks.{layer}"), make))
                .collect(),
            final_norm: (config.norm == Norm::Pre)
                .then(|| LayerNorm::assemble(d, "final_norm", make)),
            unembed: Linear::assemble(
                config,
                "unembed",
                [config.n_symbols, d],
                config.bias == Bias::All,
                make,
            ),
        }
    }
}

impl<T> Block<T> {
    fn assemble(
        config: &ModelConfig,
        name: &str,
        make: &mut impl FnMut(String, [usize; 2], Draw) -> T,
    ) -> Self {
        let (d, hidden) = (config.d_model, config.d_hidden);
        let normed = config.norm != Norm::None;
        let (all, mlp) = (config.bias == Bias::All, config.bias != Bias::None);
        let norm = |part: &str, make: &mut _| {
            normed.then(|| LayerNorm::assemble(d, &format!("{name}.{part}"), make))
        };
        let linear = |part: &str, shape, bias, make: &mut _| {
            Linear::assemble(config, &format!("{name}.{part}"), shape, bias, make)
        };
        let attention_norm = norm("attention_norm", make);
        let [query, key, value] = ["query", "key", "value"].map(|part| format!("{name}.{part}"));
        let [query, key, value] =
            Linear::assemble_all(config, [&query, &key, &value], [d, d], all, make);
        Block {
            attention_norm,
            query,
            key,
            value,
            output: linear("output", [d, d], all, make),
            mlp_norm: norm("mlp_norm", make),
            up: linear("up", [hidden, d], mlp, make),
            down: linear("down", [d, hidden], mlp, make),
        }
    }
}

impl<T> Linear<T> {
    fn assemble(
        config: &ModelConfig,
        name: &str,
        shape: [usize; 2],
        bias: bool,
        make: &mut impl FnMut(String, [usize; 2], Draw) -> T,
    ) -> Self {
        let [linear] = Self::assemble_all(config, [name], shape, bias, make);
        linear
    }

    /// Maps of one input. Their weights lie one after another, and then their biases, so that they
    /// can be computed as one map.
    fn assemble_all<const N: usize>(
        config: &ModelConfig,
        names: [&str; N],
        shape: [usize; 2],
        bias: bool,
        make: &mut impl FnMut(String, [usize; 2], Draw) -> T,
    ) -> [Self; N] {
        let [out, fan_in] = shape;
        // PyTorch's `nn.Linear` draws weight and bias from U(±1/√fan_in). Nanda et al. draw every
        // matrix with 1/√d_model, the unembedding with 1/√n_symbols, and start biases at 0.
        let (first_weight, first_bias) = match config.init {
            Init::Pytorch => {
                let limit = (fan_in as f64).powf(-0.5);
                (Draw::Uniform { limit }, Draw::Uniform { limit })
            }
            Init::Scaled => {
                let scale = if names[..] == ["unembed"] { out } else { config.d_model };
                (Draw::Normal { std: (scale as f64).powf(-0.5) }, Draw::Constant(0.0))
            }
        };
        let weights = names.map(|name| make(format!("{name}.weight"), shape, first_weight));
        let biases =
            names.map(|name| bias.then(|| make(format!("{name}.bias"), [1, out], first_bias)));
        let mut biases = biases.into_iter();
        weights.map(|weight| Linear { weight, bias: biases.next().flatten() })
    }
}

impl<T> LayerNorm<T> {
    fn assemble(
        d: usize,
        name: &str,
        make: &mut impl FnMut(String, [usize; 2], Draw) -> T,
    ) -> Self {
        LayerNorm {
            gain: make(format!("{name}.gain"), [1, d], Draw::Constant(1.0)),
            bias: make(format!("{name}.bias"), [1, d], Draw::Constant(0.0)),
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::presets::Preset;

    fn count(config: &ModelConfig) -> usize {
        config.parameters().last().expect("a model has parameters").range().end
    }

    #[test]
    fn the_papers_model_has_its_published_size() {
        // openai/grok: 394 240 parameters in the blocks of its 2-layer, d 128 transformer.
        let config = ModelConfig::new(&Preset::find("division").unwrap().config(), 97);
        let embeddings = (97 + 2) * 128 + 97 * 128;
        assert_eq!(count(&config), 394_240 + embeddings);
    }

    #[test]
    fn nandas_model_starts_with_its_published_norm() {
        // The saved run of Nanda et al. (p = 113, 3 tokens) starts at a total norm of 42.7.
        let config = Config { prompt: Prompt::WithoutOp, ..Config::default() };
        let norms: Vec<f64> = (0..5)
            .map(|seed| {
                let drawn = ModelConfig::new(&config, 113).draw(&Rng::new(seed));
                drawn.iter().map(|&w| f64::from(w).powi(2)).sum::<f64>().sqrt()
            })
            .collect();
        assert!(norms.iter().all(|norm| (norm - 42.2).abs() < 0.6), "{norms:?}");
    }

    #[test]
    fn parameters_lie_one_after_another() {
        let parameters = ModelConfig::new(&Config::default(), 97).parameters();
        for pair in parameters.windows(2) {
            assert_eq!(pair[0].range().end, pair[1].offset);
        }
    }
}
