//! The memory of a part of the rows.

use crate::fused::program::{Id, Program};
use crate::fused::rows::{Layout, Span};

/// Which rows of every buffer are worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The rows that equations share.
    Shared,
    /// So many equations.
    Chunk(usize),
}

impl Part {
    /// Rows of a buffer in this part.
    pub fn rows(self, layout: Layout) -> usize {
        match self {
            Part::Shared => layout.shared,
            Part::Chunk(count) => layout.blocks * count,
        }
    }

    /// The rows of a span, and the first of them.
    pub fn span(self, span: Span) -> (usize, usize) {
        match self {
            Part::Shared => (span.first_shared, span.shared),
            Part::Chunk(count) => (span.first_block * count, span.blocks * count),
        }
    }
}

/// One part of every buffer.
pub struct Arena {
    buffers: Vec<Vec<f32>>,
}

impl Arena {
    /// Room for one part of every buffer, of zeros.
    pub fn new(program: &Program, part: Part) -> Arena {
        let buffers = program.buffers.iter();
        Arena { buffers: buffers.map(|b| vec![0.0; part.rows(b.layout) * b.columns]).collect() }
    }

    /// Shared rows of those buffers alone that the attention of every equation adds to.
    pub fn of_gradients(program: &Program) -> Arena {
        let mut arena = Arena { buffers: vec![Vec::new(); program.buffers.len()] };
        for &id in &program.scattered {
            let buffer = program.buffers[id];
            arena.buffers[id] = vec![0.0; buffer.layout.shared * buffer.columns];
        }
        arena
    }

    /// A buffer, row-major.
    pub fn rows(&self, id: Id) -> &[f32] {
        &self.buffers[id]
    }

    /// A buffer to be written, row-major.
    pub fn rows_mut(&mut self, id: Id) -> &mut [f32] {
        &mut self.buffers[id]
    }

    /// Sets the scattered gradients to 0.
    pub fn clear_gradients(&mut self, program: &Program) {
        for &id in &program.scattered {
            self.buffers[id].fill(0.0);
        }
    }

    /// Adds the scattered gradients of `other`.
    pub fn add_gradients(&mut self, other: &Arena, program: &Program) {
        for &id in &program.scattered {
            let pairs = self.buffers[id].iter_mut().zip(&other.buffers[id]);
            pairs.for_each(|(total, part)| *total += part);
        }
    }

    /// Takes the scattered gradients of `other`.
    pub fn copy_gradients(&mut self, other: &Arena, program: &Program) {
        for &id in &program.scattered {
            self.buffers[id].copy_from_slice(&other.buffers[id]);
        }
    }

    /// A buffer out of the arena, so that others can be read while it is written.
    pub fn take(&mut self, id: Id) -> Vec<f32> {
        std::mem::take(&mut self.buffers[id])
    }

    /// Gives back what [`Arena::take`] took.
    pub fn put(&mut self, id: Id, values: Vec<f32>) {
        self.buffers[id] = values;
    }
}
