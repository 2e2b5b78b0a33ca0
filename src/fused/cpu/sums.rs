//! Sums over a batch, in an order that depends on the batch alone.
//!
//! A batch is cut into parts, each summed from its first equation to its last. Parts are then added
//! up in pairs, pairs in pairs of pairs, and so on, whoever computed them: so a step has the same
//! result on any number of threads. It costs a buffer and an addition for each part.

use std::ops::Range;

use super::arena::Arena;
use super::{CHUNK, Program};

/// Most parts of a batch: more can be shared more evenly, and cost more sums.
const PARTS: usize = 8;

/// How many parts a batch has: a power of two.
pub fn parts(equations: usize) -> usize {
    let chunks = equations.div_ceil(CHUNK).max(1);
    1 << chunks.min(PARTS).ilog2()
}

/// The equations of a part: whole chunks, except for the last of the batch.
pub fn equations(part: usize, equations: usize) -> Range<usize> {
    let (parts, chunks) = (parts(equations), equations.div_ceil(CHUNK));
    let start = |part: usize| (part * chunks / parts * CHUNK).min(equations);
    start(part)..start(part + 1)
}

/// The items of one worker, where so many items are shared among so many workers about evenly.
pub fn share(worker: usize, workers: usize, items: usize) -> Range<usize> {
    worker * items / workers..(worker + 1) * items / workers
}

/// Gradients of weights and shared rows, over some equations.
pub struct Partial {
    /// Gradients of the parameters, `[P]`.
    pub gradient: Vec<f32>,
    /// Gradients of the shared rows of scattered buffers.
    pub shared: Arena,
}

impl Partial {
    /// A sum of nothing, of zeros.
    pub fn new(program: &Program) -> Partial {
        Partial { gradient: vec![0.0; program.n_parameters], shared: Arena::of_gradients(program) }
    }

    /// Sets everything to 0.
    pub fn clear(&mut self, program: &Program) {
        self.gradient.fill(0.0);
        self.shared.clear_gradients(program);
    }

    fn add(&mut self, other: &Partial, program: &Program) {
        add(&mut self.gradient, &other.gradient);
        self.shared.add_gradients(&other.shared, program);
    }

    /// End to end, as it travels between processes.
    pub fn write(&self, program: &Program, to: &mut Vec<f32>) {
        to.extend(&self.gradient);
        for &id in &program.scattered {
            to.extend(self.shared.rows(id));
        }
    }

    /// Takes in what [`Partial::write`] wrote, and gives the rest.
    ///
    /// # Panics
    /// If `from` is shorter.
    pub fn read<'a>(&mut self, program: &Program, from: &'a [f32]) -> &'a [f32] {
        let (gradient, mut rest) = from.split_at(self.gradient.len());
        self.gradient.copy_from_slice(gradient);
        for &id in &program.scattered {
            let rows = self.shared.rows_mut(id);
            let (own, others) = rest.split_at(rows.len());
            rows.copy_from_slice(own);
            rest = others;
        }
        rest
    }
}

fn add(total: &mut [f32], part: &[f32]) {
    pulp::Arch::new().dispatch(|| {
        total.iter_mut().zip(part).for_each(|(total, part)| *total += part);
    });
}

/// The sum of 2^`level` parts, of which there are `index` such before it.
pub struct Node {
    level: u32,
    index: usize,
    /// The sum itself.
    pub partial: Partial,
}

/// Sums of some neighbouring parts that are as large as they can be, in order.
#[derive(Default)]
pub struct Nodes {
    nodes: Vec<Node>,
}

impl Nodes {
    /// Takes in the sum of one part, the next one; what is left over is given back.
    pub fn push_part(&mut self, part: usize, partial: Partial, program: &Program) -> Vec<Partial> {
        self.push(Node { level: 0, index: part, partial }, program)
    }

    /// Takes in the sum of the next parts; what is left over is given back.
    pub fn push(&mut self, mut node: Node, program: &Program) -> Vec<Partial> {
        let mut spare = Vec::new();
        while let Some(before) = self.nodes.pop_if(|before| {
            before.level == node.level && before.index % 2 == 0 && before.index + 1 == node.index
        }) {
            let mut total = before;
            total.partial.add(&node.partial, program);
            spare.push(node.partial);
            total.level += 1;
            total.index /= 2;
            node = total;
        }
        self.nodes.push(node);
        spare
    }

    /// Takes all out, in order.
    pub fn take(&mut self) -> std::vec::Drain<'_, Node> {
        self.nodes.drain(..)
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter()
    }

    /// Level and index of every node of these parts.
    fn of(parts: Range<usize>) -> Vec<(u32, usize)> {
        let mut nodes: Vec<(u32, usize)> = Vec::new();
        for part in parts {
            let mut node = (0, part);
            while let Some((level, index)) =
                nodes.pop_if(|(level, index)| (*level, *index + 1) == node && *index % 2 == 0)
            {
                node = (level + 1, index / 2);
            }
            nodes.push(node);
        }
        nodes
    }

    /// What [`Partial::write`] wrote of every node of these parts.
    ///
    /// # Panics
    /// If `from` is of another length.
    pub fn read(
        parts: Range<usize>,
        mut from: &[f32],
        program: &Program,
        mut spare: impl FnMut() -> Partial,
    ) -> Vec<Node> {
        let mut nodes = Vec::new();
        for (level, index) in Nodes::of(parts) {
            let mut partial = spare();
            from = partial.read(program, from);
            nodes.push(Node { level, index, partial });
        }
        assert!(from.is_empty(), "{} values too many", from.len());
        nodes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_equation_is_in_one_part() {
        for count in [1, 127, 128, 129, 512, 700, 1024, 4704, 39_601] {
            let parts = parts(count);
            assert!(parts.is_power_of_two() && parts <= PARTS);
            let mut next = 0;
            for part in 0..parts {
                let range = equations(part, count);
                assert!(range.start == next && !range.is_empty(), "{count}: {part} {range:?}");
                next = range.end;
            }
            assert_eq!(next, count);
        }
    }

    #[test]
    fn workers_share_everything() {
        for workers in 1..=9 {
            let shares: Vec<usize> =
                (0..workers).flat_map(|worker| share(worker, workers, 8)).collect();
            assert_eq!(shares, (0..8).collect::<Vec<_>>());
        }
    }

    #[test]
    fn neighbours_are_taken_together() {
        assert_eq!(Nodes::of(0..8), [(3, 0)]);
        assert_eq!(Nodes::of(0..3), [(1, 0), (0, 2)]);
        assert_eq!(Nodes::of(3..6), [(0, 3), (1, 2)]);
        assert_eq!(Nodes::of(1..2), [(0, 1)]);
        assert_eq!(Nodes::of(5..5), []);
    }
}
