//! Looking into the forward pass, and reaching into it.

use super::part::Work;
use super::sums::Partial;
use super::{CHUNK, Cpu};
use crate::data::Equation;
use crate::fused::Answer;
use crate::fused::program::{Id, Op};

/// Somebody who is shown every buffer of the forward pass as soon as it is computed.
pub trait Observer {
    /// Sees a buffer, and may change it: what follows is computed from what it leaves.
    fn see(&mut self, seen: Seen<'_>);
}

/// One part of a buffer's rows.
pub struct Seen<'a> {
    /// Which buffer.
    pub id: Id,
    /// The equations of its blocks; none for the rows that equations share.
    pub equations: Option<&'a [Equation]>,
    /// Its rows, row-major: the shared ones, or block after block of a row per equation.
    pub rows: &'a mut [f32],
}

/// Training has no observer, and nothing is spent on it.
pub struct Nobody;

impl Observer for Nobody {
    #[inline(always)]
    fn see(&mut self, _: Seen<'_>) {}
}

impl Observer for &mut dyn FnMut(Seen<'_>) {
    fn see(&mut self, seen: Seen<'_>) {
        self(seen);
    }
}

impl Work<'_> {
    /// Shows what an operation of the forward pass has written.
    #[inline(always)]
    pub fn show(&mut self, op: &Op, observer: &mut impl Observer) {
        let equations = self.above.is_some().then_some(self.equations);
        for id in op.results().into_iter().flatten() {
            let length = self.length(id);
            let rows = &mut self.arena.rows_mut(id)[..length];
            observer.see(Seen { id, equations, rows });
        }
    }
}

impl Cpu {
    /// What the network says of each equation, with an observer: the shared rows come first, then the
    /// equations in their order.
    pub fn observe(
        &mut self,
        equations: &[Equation],
        observer: &mut dyn FnMut(Seen<'_>),
    ) -> Vec<Answer> {
        self.observe_shared(observer);
        let answers = equations.chunks(CHUNK).flat_map(|chunk| self.observe_chunk(chunk, observer));
        answers.collect()
    }

    /// The first part of [`Cpu::observe`]: the shared rows.
    pub fn observe_shared(&mut self, mut observer: &mut dyn FnMut(Seen<'_>)) {
        self.forward_shared_to(&mut observer);
    }

    /// After the shared rows, what the network says of at most [`CHUNK`] equations.
    pub fn observe_chunk(
        &mut self,
        equations: &[Equation],
        mut observer: &mut dyn FnMut(Seen<'_>),
    ) -> Vec<Answer> {
        let (network, shared, lane) = (&self.network, &self.shared, &mut self.lanes[0]);
        lane.answers.clear();
        lane.equations.clear();
        lane.equations.extend(equations);
        let logits = lane.forward(network, shared, &mut observer);
        lane.judge(logits, &network.program);
        std::mem::take(&mut lane.answers)
    }

    /// The gradient of the logit of `symbol` for one equation, `[P]`.
    pub fn logit_gradient(&mut self, equation: &Equation, symbol: usize) -> &[f32] {
        self.forward_shared();
        let (network, lane) = (&self.network, &mut self.lanes[0]);
        let program = &network.program;
        let mut partial = lane.spare.pop().unwrap_or_else(|| Partial::new(program));
        partial.clear(program);
        lane.equations.clear();
        lane.equations.push(*equation);
        let logits = lane.forward(network, &self.shared, &mut Nobody);
        let gradient = &mut lane.own.rows_mut(logits)[..program.n_symbols];
        gradient.fill(0.0);
        gradient[symbol] = 1.0;
        lane.backward(network, &self.shared, &mut partial);
        let left = lane.nodes.push_part(0, partial, program);
        lane.spare.extend(left);
        self.backward_shared(1);
        self.gradient()
    }

    pub(super) fn forward_shared_to(&mut self, observer: &mut impl Observer) {
        self.network.pack();
        self.run_shared(|program| &program.forward, observer);
    }
}
