//! The program as dispatches for a batch of a given size.

use super::arguments::Arguments;
use super::context::Kernel;
use crate::config::Activation;
use crate::fused::program::{Act, Attention, Id, MapId, Op, Program};
use crate::fused::rows::{Place, Span};

const PRODUCT: &str = include_str!("product.wgsl");
const ATTENTION: &str = include_str!("attention.wgsl");
const NORMALIZE: &str = include_str!("normalize.wgsl");
const LOSS: &str = include_str!("loss.wgsl");
const EMBED: &str = include_str!("embed.wgsl");

/// Parts that sums over a batch are cut into, so that enough workgroups share them.
pub const SPLITS: u32 = 8;
/// As in `product.wgsl`, `attention.wgsl` and `bindings.wgsl`.
const TILE: u32 = 64;
const SEGMENTS: u32 = 64;
const ROWS_ACROSS: u32 = 32_768;
const THREADS: u32 = 64;
const NONE: u32 = u32::MAX;

/// One call of a kernel.
#[derive(Debug)]
pub struct Dispatch {
    pub kernel: Kernel,
    pub arguments: Arguments,
    pub groups: [u32; 3],
}

/// What is done with the loss at the end of the forward pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    Train,
    Evaluate,
}

/// Where every buffer of a program lies for so many equations.
pub struct Plan<'a> {
    pub(super) program: &'a Program,
    pub(super) count: usize,
    /// Offsets into the activations.
    pub(super) offsets: Vec<u32>,
    /// Values of activations in all.
    pub n_activations: usize,
    pub dispatches: Vec<Dispatch>,
}

impl<'a> Plan<'a> {
    pub fn new(program: &'a Program, count: usize, goal: Goal) -> Plan<'a> {
        let mut plan =
            Plan { program, count, offsets: Vec::new(), n_activations: 0, dispatches: Vec::new() };
        for buffer in &program.buffers {
            let offset = plan.allocate(buffer.layout.rows(count) * buffer.columns);
            plan.offsets.push(offset);
        }
        for op in &program.forward {
            plan.forward(op, goal);
        }
        if goal == Goal::Train {
            program.backward.iter().for_each(|op| plan.backward(op));
        }
        plan
    }

    fn allocate(&mut self, values: usize) -> u32 {
        let offset = self.n_activations as u32;
        self.n_activations += values;
        offset
    }

    pub(super) fn rows(&self, id: Id) -> u32 {
        self.program.buffers[id].layout.rows(self.count) as u32
    }

    /// The first row of a span of a buffer, and how many they are.
    fn span(&self, buffer: Id, span: Span) -> (u32, u32) {
        let layout = self.program.buffers[buffer].layout;
        let rows = span.shared + span.blocks * self.count;
        let first = match span.shared {
            0 => layout.shared + span.first_block * self.count,
            _ => span.first_shared,
        };
        (first as u32, rows as u32)
    }

    fn call(&mut self, kernel: Kernel, groups: [u32; 3], arguments: Arguments) {
        self.dispatches.push(Dispatch { kernel, arguments, groups });
    }

    fn forward(&mut self, op: &Op, goal: Goal) {
        match *op {
            Op::Embed { out } => {
                let groups = (self.rows(out) * self.d()).div_ceil(THREADS);
                let arguments = self.embed_arguments(out);
                self.call((EMBED, "embed", None), [groups, 1, 1], arguments);
            }
            Op::Normalize { gains, input, stats, out } => {
                let rows = self.rows(input);
                let arguments = self.norm_arguments(gains, input, stats, input, out, false);
                self.call((NORMALIZE, "normalize", None), across(rows), arguments);
            }
            Op::Linear { map: id, input, span, add, activation, out } => {
                let map = self.program.maps[id];
                let (first, rows) = self.span(input, span);
                let product = Product {
                    shape: [rows, map.outputs as u32, map.inputs as u32],
                    left: self.offsets[input] + first * map.inputs as u32,
                    right: map.weight as u32,
                    out: self.offsets[out],
                    add: add.map(|add| self.offsets[add]),
                    bias: map.bias,
                    activation,
                };
                self.product(0, 1, product);
            }
            Op::Attend(ref attention) => {
                let rows = self.rows(attention.attended);
                let arguments = self.attention_arguments(attention, [0; 3]);
                self.call((ATTENTION, "attend", None), across(rows), arguments);
            }
            Op::Loss { logits } => {
                let entry = match goal {
                    Goal::Train => "loss",
                    Goal::Evaluate => "judge",
                };
                let rows = self.rows(logits);
                let scalars = [rows, self.program.n_symbols as u32, self.offsets[logits]];
                self.call((LOSS, entry, None), across(rows), Arguments::new(&scalars));
            }
            _ => unreachable!("{op:?} goes backward"),
        }
    }

    fn backward(&mut self, op: &Op) {
        match *op {
            Op::WeightGradient { map, input, span, from } => {
                let map = self.program.maps[map];
                let (first, rows) = self.span(input, span);
                let product = Product {
                    shape: [map.outputs as u32, map.inputs as u32, rows],
                    left: self.offsets[from],
                    right: self.offsets[input] + first * map.inputs as u32,
                    out: map.weight as u32,
                    add: None,
                    bias: map.bias,
                    activation: None,
                };
                self.product(2, SPLITS, product);
            }
            Op::InputGradient { map, from, into, span, add, activation } => {
                self.input_gradient(map, from, into, span, add, activation);
            }
            Op::NormalizeGradient { gains, input, stats, from, into, add } => {
                let arguments = self.norm_arguments(gains, input, stats, from, into, add);
                let groups = [self.d().div_ceil(THREADS), SPLITS, 1];
                self.call((NORMALIZE, "gains_gradient", None), groups, arguments.clone());
                let rows = self.rows(input);
                self.call((NORMALIZE, "input_gradient", None), across(rows), arguments);
            }
            Op::AttendGradient(ref attention) => self.attend_gradient(attention),
            Op::EmbedGradient { from } => {
                let tokens = self.program.n_symbols + self.program.prompt.len() - 2;
                let threads = (tokens + self.program.prompt.len()) as u32 * self.d();
                let arguments = self.embed_arguments(from);
                let groups = [threads.div_ceil(THREADS), 1, 1];
                self.call((EMBED, "embed_gradient", None), groups, arguments);
            }
            _ => unreachable!("{op:?} goes forward"),
        }
    }

    pub(super) fn d(&self) -> u32 {
        self.program.d_model as u32
    }

    fn input_gradient(
        &mut self,
        map: MapId,
        from: Id,
        into: Id,
        span: Span,
        add: bool,
        activation: Option<Act>,
    ) {
        let map = self.program.maps[map];
        let (first, rows) = self.span(into, span);
        let out = self.offsets[into] + first * map.inputs as u32;
        let product = Product {
            shape: [rows, map.inputs as u32, map.outputs as u32],
            left: self.offsets[from],
            right: map.weight as u32,
            out,
            add: add.then_some(out),
            bias: None,
            activation,
        };
        self.product(1, 1, product);
    }

    fn product(&mut self, kind: u32, splits: u32, product: Product) {
        let [rows, columns, depth] = product.shape;
        let (activation, saved) = match product.activation {
            None => (0, NONE),
            Some(Act { kind: Activation::Relu, saved }) => (1, self.offsets[saved]),
            Some(Act { kind: Activation::Gelu, saved }) => (2, self.offsets[saved]),
        };
        let arguments = Arguments::new(&[
            rows,
            columns,
            depth,
            product.left,
            product.right,
            product.out,
            product.add.unwrap_or(NONE),
            product.bias.map_or(NONE, |bias| bias as u32),
            activation,
            saved,
            self.program.n_parameters as u32,
        ]);
        let groups = [columns.div_ceil(TILE), rows.div_ceil(TILE), splits];
        self.call((PRODUCT, "product", Some(kind)), groups, arguments);
    }

    fn attend_gradient(&mut self, attention: &Attention) {
        let ones = attention.inputs.iter().filter(|place| matches!(place, Place::One(_))).count();
        let results = self.rows(attention.attended);
        let n_scores = self.program.n_heads * attention.inputs.len();
        let scratch = [
            self.allocate(results as usize * n_scores),
            self.allocate(results as usize * self.program.d_model),
            self.allocate(ones * SEGMENTS as usize * 4 * self.program.d_model),
        ];
        let arguments = self.attention_arguments(attention, scratch);
        self.call((ATTENTION, "scores_gradient", None), across(results), arguments.clone());
        if ones > 0 {
            let groups = [ones as u32, SEGMENTS, 1];
            self.call((ATTENTION, "ones_gradient", None), groups, arguments.clone());
        }
        let inputs = self.rows(attention.stream);
        self.call((ATTENTION, "rows_gradient", None), across(inputs), arguments);
    }
}

/// Arguments of `product.wgsl`: [rows, columns, depth] and offsets.
struct Product {
    shape: [u32; 3],
    left: u32,
    right: u32,
    out: u32,
    add: Option<u32>,
    bias: Option<usize>,
    activation: Option<Act>,
}

/// A workgroup per row.
fn across(rows: u32) -> [u32; 3] {
    [rows.min(ROWS_ACROSS), rows.div_ceil(ROWS_ACROSS), 1]
}
