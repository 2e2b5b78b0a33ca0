//! Where everything lies on a card for a batch of a given size, and what kernels are told of it.

use super::arguments::{Arguments, AttentionArguments, EmbedArguments, NormArguments};
use crate::fused::program::{Attention, Gains, Id, POSITIONS_MAX, Program};
use crate::fused::rows::{Place, Span};

/// The buffers of a program for so many equations, one after another among the activations.
pub struct Space<'a> {
    pub program: &'a Program,
    /// Equations.
    pub count: usize,
    /// Where each buffer begins.
    pub offsets: Vec<u32>,
    /// Values of activations in all. Their bytes may be more than 32 bits count, which a `usize` has
    /// in a browser.
    pub n_activations: u64,
}

impl<'a> Space<'a> {
    /// Room for every buffer. What is needed must fit 32 bits.
    pub fn new(program: &'a Program, count: usize) -> Space<'a> {
        let mut space = Space { program, count, offsets: Vec::new(), n_activations: 0 };
        for buffer in 0..program.buffers.len() {
            let offset = space.allocate(space.values(buffer));
            space.offsets.push(offset);
        }
        space
    }

    /// Room for more values, and where it begins.
    pub fn allocate(&mut self, values: u64) -> u32 {
        let offset = u32::try_from(self.n_activations).expect("what is needed was checked");
        self.n_activations += values;
        offset
    }

    /// Columns of the model.
    pub fn d(&self) -> u32 {
        self.program.d_model as u32
    }

    pub fn rows(&self, id: Id) -> u32 {
        self.program.buffers[id].layout.rows(self.count) as u32
    }

    pub fn values(&self, id: Id) -> u64 {
        u64::from(self.rows(id)) * self.program.buffers[id].columns as u64
    }

    /// The first row of a span of a buffer, and how many they are.
    pub fn span(&self, buffer: Id, span: Span) -> (u32, u32) {
        let layout = self.program.buffers[buffer].layout;
        let rows = span.shared + span.blocks * self.count;
        let first = match span.shared {
            0 => layout.shared + span.first_block * self.count,
            _ => span.first_shared,
        };
        (first as u32, rows as u32)
    }

    /// `scratch` is where the gradients of scores and queries go, and parts of those of single rows.
    pub fn attention_arguments(&self, attention: &Attention, scratch: [u32; 3]) -> Arguments {
        let Attention { inputs, queries, outputs, .. } = attention;
        let rate = self.program.attention_rate;
        let shared = |id: Id| self.program.buffers[id].layout.shared as u32;
        let at = |id: Id| self.offsets[id];
        let [d_scores, d_queries, partial] = scratch;
        let places = |places: &[Place]| {
            let mut vectors = [[0; 4]; POSITIONS_MAX];
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
        Arguments::new(AttentionArguments {
            count: self.count as u32,
            n_symbols: self.program.n_symbols as u32,
            d: self.d(),
            heads: self.program.n_heads as u32,
            positions: inputs.len() as u32,
            first: (inputs.len() - outputs.len()) as u32,
            in_shared: shared(attention.stream),
            query_shared: shared(attention.query),
            out_shared: shared(attention.attended),
            in_rows: self.rows(attention.stream),
            out_rows: self.rows(attention.attended),
            stream: at(attention.stream),
            query: at(attention.query),
            keys_values: at(attention.keys_values),
            attended: at(attention.attended),
            weights: at(attention.weights),
            residual: at(attention.residual),
            d_stream: at(attention.d_stream),
            d_query: at(attention.d_query),
            d_keys_values: at(attention.d_keys_values),
            d_attended: at(attention.d_attended),
            d_residual: at(attention.d_residual),
            d_scores,
            d_queries,
            partial,
            rate: rate.softmax,
            ones: rate.ones,
            unused: 0,
            inputs: places(inputs),
            queries: places(queries),
            outputs: places(outputs),
        })
    }

    /// The result goes to `out`; or, where there is a gradient `from` and no `out`, into its place.
    pub fn norm_arguments(
        &self,
        gains: Gains,
        [input, stats, from]: [Id; 3],
        out: Option<Id>,
    ) -> Arguments {
        Arguments::new(NormArguments {
            rows: self.rows(input),
            d: self.d(),
            gain: gains.gain as u32,
            bias: gains.bias as u32,
            x: self.offsets[input],
            stats: self.offsets[stats],
            gradient: self.offsets[from],
            out: self.offsets[out.unwrap_or(from)],
            add: u32::from(out.is_some()),
            n_parameters: self.program.n_parameters as u32,
        })
    }

    pub fn embed_arguments(&self, stream: Id) -> Arguments {
        let Program { prompt, positions, n_parameters, .. } = self.program;
        let mut rows = [[0; 4]; POSITIONS_MAX];
        for (vector, (_, row, tokens)) in rows.iter_mut().zip(self.program.prompt_rows()) {
            *vector = [u32::from(tokens.len() > 1), row as u32, tokens.start as u32, 0];
        }
        Arguments::new(EmbedArguments {
            n_symbols: self.program.n_symbols as u32,
            d: self.d(),
            positions: prompt.len() as u32,
            rows: self.rows(stream),
            tokens: self.program.tokens as u32,
            position_embedding: positions.unwrap_or(*n_parameters) as u32,
            is_learned: u32::from(positions.is_some()),
            stream: self.offsets[stream],
            prompt: rows,
        })
    }
}
