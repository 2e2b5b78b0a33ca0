//! The program as dispatches for a batch of a given size.

use super::arguments::Arguments;
use super::context::{Kernel, within};
use crate::config::Activation;
use crate::error::Result;
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
    /// Values of activations in all. Their bytes may be more than 32 bits count, which a `usize` has
    /// in a browser.
    pub n_activations: u64,
    pub dispatches: Vec<Dispatch>,
}

impl<'a> Plan<'a> {
    /// # Errors
    /// If there are more activations than the kernels' offsets count.
    pub fn new(program: &'a Program, count: usize, goal: Goal) -> Result<Plan<'a>> {
        let mut plan =
            Plan { program, count, offsets: Vec::new(), n_activations: 0, dispatches: Vec::new() };
        within(plan.needed(goal), 4 * u64::from(u32::MAX), "kernels can address")?;
        for buffer in 0..program.buffers.len() {
            let offset = plan.allocate(plan.values(buffer));
            plan.offsets.push(offset);
        }
        for op in &program.forward {
            plan.forward(op, goal);
        }
        if goal == Goal::Train {
            program.backward.iter().for_each(|op| plan.backward(op));
        }
        Ok(plan)
    }

    /// Values of activations that will be allocated.
    fn needed(&self, goal: Goal) -> u64 {
        let buffers: u64 = (0..self.program.buffers.len()).map(|id| self.values(id)).sum();
        let scratch = self.program.backward.iter().filter_map(|op| match op {
            Op::AttendGradient(attention) if goal == Goal::Train => {
                Some(self.scratch(attention).iter().sum::<u64>())
            }
            _ => None,
        });
        buffers + scratch.sum::<u64>()
    }

    fn allocate(&mut self, values: u64) -> u32 {
        let offset = u32::try_from(self.n_activations).expect("what is needed was checked");
        self.n_activations += values;
        offset
    }

    fn values(&self, id: Id) -> u64 {
        u64::from(self.rows(id)) * self.program.buffers[id].columns as u64
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

    /// Values that the gradient of attention needs aside: of scores, of queries, and parts of those of
    /// single rows.
    fn scratch(&self, attention: &Attention) -> [u64; 3] {
        let results = u64::from(self.rows(attention.attended));
        let n_scores = (self.program.n_heads * attention.inputs.len()) as u64;
        let d = u64::from(self.d());
        [results * n_scores, results * d, u64::from(ones(attention) * SEGMENTS * 4) * d]
    }

    fn attend_gradient(&mut self, attention: &Attention) {
        let ones = ones(attention);
        let results = self.rows(attention.attended);
        let scratch = self.scratch(attention).map(|values| self.allocate(values));
        let arguments = self.attention_arguments(attention, scratch);
        self.call((ATTENTION, "scores_gradient", None), across(results), arguments.clone());
        if ones > 0 {
            let groups = [ones, SEGMENTS, 1];
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

/// Positions whose row is the same in every equation.
fn ones(attention: &Attention) -> u32 {
    attention.inputs.iter().filter(|place| matches!(place, Place::One(_))).count() as u32
}

/// A workgroup per row.
fn across(rows: u32) -> [u32; 3] {
    [rows.min(ROWS_ACROSS), rows.div_ceil(ROWS_ACROSS), 1]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::model::ModelConfig;

    #[test]
    fn what_32_bits_do_not_count_is_counted() {
        let settings = [
            ("modulus", "199"),
            ("layers", "2"),
            ("width", "256"),
            ("mlpRatio", "8"),
            ("heads", "16"),
            ("activation", "gelu"),
            ("norm", "post"),
        ];
        let settings = settings.map(|(id, value)| (id.to_string(), value.to_string()));
        let config = Config::default().with(&settings.into()).unwrap();
        let program = Program::new(&ModelConfig::new(&config, 199));
        // 4.37 GB, which 32 bits take for 72 MB.
        let plan = Plan::new(&program, 39_204, Goal::Train).unwrap();
        assert_eq!(plan.n_activations, plan.needed(Goal::Train));
        let bytes = plan.n_activations * 4;
        assert!((4_300_000_000..4_500_000_000).contains(&bytes), "{bytes}");
        let allowed = |limit| within(plan.n_activations, limit, "the graphics card allows");
        assert_eq!(allowed(bytes), Ok(bytes));
        assert_eq!(
            allowed(bytes - 1).unwrap_err().to_string(),
            format!(
                "the device failed: a step needs a buffer of {0} MB, the graphics card allows {0} \
                 MB: choose a smaller batch or network",
                bytes >> 20
            )
        );
        let judged = Plan::new(&program, 39_204, Goal::Evaluate).unwrap();
        assert_eq!(judged.n_activations, judged.needed(Goal::Evaluate));
        // More values than there are offsets.
        let refused = Plan::new(&program, 200_000, Goal::Train).err().unwrap().to_string();
        assert!(refused.contains("MB, kernels can address 16383 MB"), "{refused}");
    }
}
