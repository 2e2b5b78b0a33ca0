//! What each kernel is told: its struct `Arguments`, field by field.

use super::context::ARGUMENTS_STRIDE;
use super::plan::Plan;
use crate::fused::program::{Attention, Gains, Id, Program};
use crate::fused::rows::Place;

/// What a kernel's struct `Arguments` holds: scalars, then vectors of four.
#[derive(Debug, Clone)]
pub struct Arguments {
    words: Vec<u32>,
}

impl Arguments {
    pub fn new(scalars: &[u32]) -> Self {
        assert!(scalars.len() as u64 * 4 <= ARGUMENTS_STRIDE);
        Arguments { words: scalars.to_vec() }
    }

    fn with_vectors(mut self, vectors: impl IntoIterator<Item = [u32; 4]>) -> Self {
        self.words.resize(self.words.len().next_multiple_of(4), 0);
        self.words.extend(vectors.into_iter().flatten());
        assert!(self.words.len() as u64 * 4 <= ARGUMENTS_STRIDE);
        self
    }

    pub fn words(&self) -> &[u32] {
        &self.words
    }
}

impl Plan<'_> {
    /// `scratch` is where the gradients of scores and queries go, and parts of those of single rows.
    pub fn attention_arguments(&self, attention: &Attention, scratch: [u32; 3]) -> Arguments {
        let Attention { inputs, queries, outputs, .. } = attention;
        let shared = |id: Id| self.program.buffers[id].layout.shared as u32;
        let at = |id: Id| self.offsets[id];
        let [d_scores, d_queries, partial] = scratch;
        let scalars = [
            self.count as u32,
            self.program.n_symbols as u32,
            self.d(),
            self.program.n_heads as u32,
            inputs.len() as u32,
            (inputs.len() - outputs.len()) as u32,
            shared(attention.stream),
            shared(attention.query),
            shared(attention.attended),
            self.rows(attention.stream),
            self.rows(attention.attended),
            at(attention.stream),
            at(attention.query),
            at(attention.keys_values),
            at(attention.attended),
            at(attention.weights),
            at(attention.residual),
            at(attention.d_stream),
            at(attention.d_query),
            at(attention.d_keys_values),
            at(attention.d_attended),
            at(attention.d_residual),
            d_scores,
            d_queries,
            partial,
        ];
        let places = |places: &[Place]| {
            let mut vectors = [[0; 4]; 4];
            for (vector, place) in vectors.iter_mut().zip(places) {
                let (kind, first) = match *place {
                    Place::One(row) => (0, row),
                    Place::X(row) => (1, row),
                    Place::Y(row) => (2, row),
                    Place::Own(block) => (3, block),
                };
                *vector = [kind, first as u32, 0, 0];
            }
            vectors
        };
        Arguments::new(&scalars)
            .with_vectors([places(inputs), places(queries), places(outputs)].into_iter().flatten())
    }

    pub fn norm_arguments(
        &self,
        gains: Gains,
        input: Id,
        stats: Id,
        from: Id,
        out: Id,
        add: bool,
    ) -> Arguments {
        Arguments::new(&[
            self.rows(input),
            self.d(),
            gains.gain as u32,
            gains.bias as u32,
            self.offsets[input],
            self.offsets[stats],
            self.offsets[from],
            self.offsets[out],
            u32::from(add),
            self.program.n_parameters as u32,
        ])
    }

    pub fn embed_arguments(&self, stream: Id) -> Arguments {
        let Program { prompt, positions, n_parameters, .. } = self.program;
        let scalars = [
            self.program.n_symbols as u32,
            self.d(),
            prompt.len() as u32,
            self.rows(stream),
            self.program.tokens as u32,
            positions.unwrap_or(*n_parameters) as u32,
            u32::from(positions.is_some()),
            self.offsets[stream],
        ];
        let vectors = self.program.prompt_rows().map(|(_, row, tokens)| {
            [u32::from(tokens.len() > 1), row as u32, tokens.start as u32, 0]
        });
        Arguments::new(&scalars).with_vectors(vectors)
    }
}
