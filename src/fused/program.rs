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
    pub layout: Layout,
    pub columns: usize,
}

/// An index into [`Program::buffers`].
pub type Id = usize;
/// An index into [`Program::maps`].
pub type MapId = usize;

/// y = x Wᵀ + b; offsets into the flat parameters.
#[derive(Debug, Clone, Copy)]
pub struct Map {
    pub weight: usize, // [outputs, inputs]
    pub bias: Option<usize>,
    pub outputs: usize,
    pub inputs: usize,
}

/// Gain and bias of a layer normalisation; offsets into the flat parameters.
#[derive(Debug, Clone, Copy)]
pub struct Gains {
    pub gain: usize,
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
    pub stream: Id,      // [inputs, D]
    pub query: Id,       // [queries, D]
    pub keys_values: Id, // [inputs, 2D]
    pub attended: Id,    // [outputs, D]
    /// softmax(q·k / √d_head).
    pub weights: Id, // [outputs, H·T]
    /// The input stream's rows, gathered for the outputs.
    pub residual: Id, // [outputs, D]
    pub d_stream: Id,
    pub d_query: Id,
    pub d_keys_values: Id,
    pub d_attended: Id,
    pub d_residual: Id,
}

#[derive(Debug, Clone)]
pub enum Op {
    /// Token plus position, into the first stream.
    Embed {
        out: Id,
    },
    /// (x − mean) / deviation · gain + bias; keeps the mean and 1 / deviation in `stats`.
    Normalize {
        gains: Gains,
        input: Id,
        stats: Id,
        out: Id,
    },
    /// `out` = act(x Wᵀ + b) (+ `out`, or + `add`), of the rows in `span`.
    Linear {
        map: MapId,
        input: Id,
        span: Span,
        add: Option<Id>,
        activation: Option<Act>,
        out: Id,
    },
    Attend(Attention),
    /// Cross-entropy, and its gradient over the logits.
    Loss {
        logits: Id,
    },
    /// The gradients of W and b from those of the outputs.
    WeightGradient {
        map: MapId,
        input: Id,
        span: Span,
        from: Id,
    },
    /// `from` W, into the rows of `span` of `into`.
    InputGradient {
        map: MapId,
        from: Id,
        into: Id,
        span: Span,
        ending: Ending,
    },
    /// The gradient of the input in place of that of the result, or added to `into`; and the
    /// gradients of gain and bias.
    NormalizeGradient {
        gains: Gains,
        input: Id,
        stats: Id,
        from: Id,
        into: Option<Id>,
    },
    AttendGradient(Attention),
    EmbedGradient {
        from: Id,
    },
}

/// What becomes of a gradient that was there, and of the new one.
#[derive(Debug, Clone, Copy)]
pub enum Ending {
    Replace,
    Add,
    /// Replaces, times act'.
    Activation(Act),
}

/// Positions of the longest prompt, and heads of the widest network: what the machines have room for.
pub const POSITIONS_MAX: usize = 4;
pub const HEADS_MAX: usize = 16;

/// A nonlinearity, and the buffer that its derivative is computed from: the input of GELU, the
/// output of ReLU.
#[derive(Debug, Clone, Copy)]
pub struct Act {
    pub kind: Activation,
    pub saved: Id,
}

#[derive(Debug)]
pub struct Program {
    pub n_symbols: usize,
    pub loss: Loss,
    pub zero_sum: bool,
    pub d_model: usize,
    pub n_heads: usize,
    pub n_parameters: usize,
    /// Offsets of tokens and, if they are learned, positions.
    pub tokens: usize,
    pub positions: Option<usize>,
    /// Where each position of the prompt lies in the first stream.
    pub prompt: Vec<Place>,
    pub maps: Vec<Map>,
    pub buffers: Vec<Buffer>,
    pub forward: Vec<Op>,
    pub backward: Vec<Op>,
    /// Gradients that the attention of every equation adds to, where rows are shared.
    pub scattered: Vec<Id>,
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
