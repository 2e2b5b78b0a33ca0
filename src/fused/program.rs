//! A training step as a short list of operations over buffers.
//!
//! The list is written once, in [`super::derive`], and run by two machines, [`super::cpu`] and
//! [`super::gpu`].

use std::ops::Range;

use super::rows::{Layout, Place, Span};
use crate::config::{Activation, Loss};

/// A matrix of activations or gradients: [rows of the layout, columns].
#[derive(Debug, Clone, Copy)]
pub struct Buffer {
    /// Its rows.
    pub layout: Layout,
    /// Values in a row.
    pub columns: usize,
}

/// An index into [`Program::buffers`].
pub type Id = usize;
/// An index into [`Program::maps`].
pub type MapId = usize;

/// y = x Wᵀ + b; offsets into the flat parameters.
#[derive(Debug, Clone, Copy)]
pub struct Map {
    /// W, [outputs, inputs].
    pub weight: usize,
    /// b, [outputs].
    pub bias: Option<usize>,
    /// Columns of y.
    pub outputs: usize,
    /// Columns of x.
    pub inputs: usize,
}

/// Gain and bias of a layer normalisation; offsets into the flat parameters.
#[derive(Debug, Clone, Copy)]
pub struct Gains {
    /// γ, [D].
    pub gain: usize,
    /// β, [D], which follows.
    pub bias: usize,
}

/// The attention of one layer, all heads and positions.
#[derive(Debug, Clone)]
pub struct Attention {
    /// Where the input stream's rows of each position are.
    pub inputs: Vec<Place>,
    /// Where the query of each position is, from the first that is computed on.
    pub queries: Vec<Place>,
    /// Where the results of the same positions go.
    pub outputs: Vec<Place>,
    /// The input stream, [inputs, D].
    pub stream: Id,
    /// [queries, D]
    pub query: Id,
    /// Keys, then values, [inputs, 2D].
    pub keys_values: Id,
    /// The sums of values, [outputs, D].
    pub attended: Id,
    /// softmax(q·k / √d_head), before the [`AttentionRate`], [outputs, H·T].
    pub weights: Id,
    /// The input stream's rows, gathered for the outputs, [outputs, D].
    pub residual: Id,
    /// Gradient of `stream`.
    pub d_stream: Id,
    /// Gradient of `query`.
    pub d_query: Id,
    /// Gradient of `keys_values`.
    pub d_keys_values: Id,
    /// Gradient of `attended`.
    pub d_attended: Id,
    /// Gradient of `residual`.
    pub d_residual: Id,
}

/// What attention makes of the softmax's weights: rate · p + (1 − rate), see
/// [`ModelConfig::attention_rate`](crate::model::ModelConfig::attention_rate). A rate of 1 leaves every bit
/// of them as it is.
#[derive(Debug, Clone, Copy)]
pub struct AttentionRate {
    /// Factor of the softmax's weights.
    pub softmax: f32,
    /// What is added to each, 1 − rate.
    pub ones: f32,
}

impl AttentionRate {
    /// Of a rate from 0 to 1.
    pub fn new(rate: f64) -> AttentionRate {
        AttentionRate { softmax: rate as f32, ones: (1.0 - rate) as f32 }
    }

    /// What is taken of a position that is seen and has this weight in the softmax.
    #[inline(always)]
    pub fn apply(self, weight: f32) -> f32 {
        self.softmax * weight + self.ones
    }
}

/// One operation. Buffers and maps are named by their index.
#[derive(Debug, Clone)]
pub enum Op {
    /// Token plus position, into the first stream.
    Embed { out: Id },
    /// (x − mean) / deviation · gain + bias; keeps the mean and 1 / deviation in `stats`.
    Normalize { gains: Gains, input: Id, stats: Id, out: Id },
    /// `out` = act(x Wᵀ + b) (+ `out`, or + `add`), of the rows in `span`.
    Linear { map: MapId, input: Id, span: Span, add: Option<Id>, activation: Option<Act>, out: Id },
    /// Scores, softmax, attention rate and sums of values, and the gathered residual.
    Attend(Attention),
    /// Cross-entropy, and its gradient over the logits.
    Loss { logits: Id },
    /// The gradients of W and b from those of the outputs.
    WeightGradient { map: MapId, input: Id, span: Span, from: Id },
    /// `from` W, into the rows of `span` of `into`.
    InputGradient { map: MapId, from: Id, into: Id, span: Span, ending: Ending },
    /// The gradient of the input in place of that of the result, or added to `into`; and the
    /// gradients of gain and bias.
    NormalizeGradient { gains: Gains, input: Id, stats: Id, from: Id, into: Option<Id> },
    /// Adds to the gradients of stream, queries, keys and values.
    AttendGradient(Attention),
    /// Adds to the gradients of tokens and positions.
    EmbedGradient { from: Id },
}

/// What becomes of a gradient that was there, and of the new one.
#[derive(Debug, Clone, Copy)]
pub enum Ending {
    /// The new one takes its place.
    Replace,
    /// The new one is added to it.
    Add,
    /// Replaces, times act'.
    Activation(Act),
}

/// Positions of the longest prompt, which is what the machines have room for.
pub const POSITIONS_MAX: usize = 4;
/// Heads of the widest network, which is what the machines have room for.
pub const HEADS_MAX: usize = 16;

/// A nonlinearity, and the buffer that its derivative is computed from: the input of GELU, the
/// output of ReLU.
#[derive(Debug, Clone, Copy)]
pub struct Act {
    /// Which one.
    pub kind: Activation,
    /// What its derivative is computed from.
    pub saved: Id,
}

/// What can be looked at in one layer, and changed, on the way forward.
#[derive(Debug, Clone)]
pub struct Layer {
    /// Where each position's rows of the input stream are.
    pub inputs: Vec<Place>,
    /// Where each position's rows of the buffers below are, from the first that is computed on; `=` is
    /// the last.
    pub outputs: Vec<Place>,
    /// Keys, then values, of the inputs' rows, [inputs, 2D].
    pub keys_values: Id,
    /// softmax(q·k / √d_head), before the [`AttentionRate`], [outputs, H·T].
    pub weights: Id,
    /// The heads' sums of values side by side, [outputs, D].
    pub attended: Id,
    /// The MLP's neurons after their nonlinearity, [outputs, M].
    pub hidden: Id,
    /// From the heads to the stream, D to D.
    pub output: MapId,
    /// From the stream to the neurons, D to M.
    pub up: MapId,
    /// From the neurons to the stream, M to D.
    pub down: MapId,
    /// The norm that lies between the heads' results and the neurons.
    pub norm: Option<Gains>,
}

/// The norm that lies between the last layer's neurons and the logits.
#[derive(Debug, Clone, Copy)]
pub struct LastNorm {
    /// Its gain and bias.
    pub gains: Gains,
    /// Mean and 1 / deviation of each row, [equations, 2].
    pub stats: Id,
}

/// The operations of a step, and what they work on.
#[derive(Debug)]
pub struct Program {
    /// Symbols of the table, and classes of the answer.
    pub n_symbols: usize,
    /// What turns logits into probabilities.
    pub loss: Loss,
    /// Whether the mean of each row of the logits' gradient is taken away.
    pub zero_sum: bool,
    /// Columns of the residual stream.
    pub d_model: usize,
    /// Heads of attention.
    pub n_heads: usize,
    /// What is made of their weights.
    pub attention_rate: AttentionRate,
    /// Length of the flat parameters.
    pub n_parameters: usize,
    /// Offset of the token embedding, [V, D].
    pub tokens: usize,
    /// Offset of the position embedding, [T, D], if it is learned.
    pub positions: Option<usize>,
    /// Where each position of the prompt lies in the first stream.
    pub prompt: Vec<Place>,
    /// The linear maps.
    pub maps: Vec<Map>,
    /// Matrices of activations and gradients.
    pub buffers: Vec<Buffer>,
    /// From the tokens to the loss, in order.
    pub forward: Vec<Op>,
    /// From the logits' gradient to those of all parameters, in order.
    pub backward: Vec<Op>,
    /// Gradients that the attention of every equation adds to, where rows are shared.
    pub scattered: Vec<Id>,
    /// What can be looked at, the first layer first.
    pub layers: Vec<Layer>,
    /// What the logits are computed from, [equations, D].
    pub answer: Id,
    /// Before `answer`, if there is one.
    pub last_norm: Option<LastNorm>,
    /// From `answer` to the logits, D to n.
    pub unembed: MapId,
}

impl Layer {
    /// The block of `=` in its buffers.
    ///
    /// # Panics
    /// Never: the answer of every equation is its own.
    pub fn asked_block(&self) -> usize {
        match self.outputs.last() {
            Some(&Place::Own(block)) => block,
            _ => unreachable!("`=` is a row per equation"),
        }
    }
}

impl Op {
    /// What it writes on the way forward; an operation of the way back has none.
    pub fn results(&self) -> [Option<Id>; 2] {
        match *self {
            Op::Embed { out } | Op::Linear { out, .. } => [Some(out), None],
            Op::Normalize { stats, out, .. } => [Some(stats), Some(out)],
            Op::Attend(Attention { weights, attended, .. }) => [Some(weights), Some(attended)],
            _ => [None, None],
        }
    }
}

impl Program {
    /// Each position of the prompt, its first row in the first stream, and its tokens, which are
    /// all symbols or one mark.
    pub fn prompt_rows(&self) -> impl Iterator<Item = (usize, usize, Range<usize>)> {
        let n = self.n_symbols;
        let mut marks = n;
        self.prompt.iter().enumerate().map(move |(position, &place)| match place {
            Place::X(row) | Place::Y(row) => (position, row, 0..n),
            Place::One(row) | Place::Own(row) => {
                marks += 1;
                (position, row, marks - 1..marks)
            }
        })
    }

    /// Operations of the matrix products of a step, forward and backward.
    pub fn step_flop(&self, equations: usize) -> u64 {
        let ops = self.forward.iter().chain(&self.backward);
        ops.map(|op| match *op {
            Op::Linear { map, span, .. }
            | Op::WeightGradient { map, span, .. }
            | Op::InputGradient { map, span, .. } => {
                let Map { outputs, inputs, .. } = self.maps[map];
                2 * (span.layout().rows(equations) * outputs) as u64 * inputs as u64
            }
            _ => 0,
        })
        .sum()
    }
}
