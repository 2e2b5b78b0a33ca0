//! Operations on the shared rows, or on the rows of one chunk.

use pulp::Arch;

use super::Network;
use super::arena::{Arena, Part};
use super::attention::{Heads, Rows, RowsMut, attend, attend_gradient};
use super::gemm::{self, Matrix, Packed};
use super::pointwise::{
    activate, activation_gradient, add_bias, add_rows, normalize, normalize_gradient,
};
use crate::data::Equation;
use crate::fused::program::{Act, Attention, Ending, Gains, Id, MapId, Op, POSITIONS_MAX, Program};
use crate::fused::rows::{Place, Row, Span};

/// What an operation reads and writes in one part of the rows.
pub struct Work<'a> {
    /// The program, its parameters, and its packed matrices.
    pub network: &'a Network,
    /// Which rows there are.
    pub part: Part,
    /// The chunk's equations; or one for each symbol.
    pub equations: &'a [Equation],
    /// This part of every buffer.
    pub arena: &'a mut Arena,
    /// For a chunk: the shared rows and, on the way back, their gradients.
    pub above: Option<(&'a Arena, Option<&'a mut Arena>)>,
    /// Gradients of the parameters, `[P]`, which operations add to; empty on the way forward.
    pub gradient: &'a mut [f32],
    /// Room for a packed factor.
    pub scratch: &'a mut Packed,
}

impl Work<'_> {
    /// Computes one operation on the rows of this part.
    pub fn run(&mut self, op: &Op) {
        match *op {
            Op::Embed { out } => self.embed(out),
            Op::Normalize { gains, input, stats, out } => self.normalize(gains, input, stats, out),
            Op::Linear { map, input, span, add, activation, out } => {
                self.linear(map, input, span, add, activation, out);
            }
            Op::Attend(ref attention) => self.attend(attention),
            // It is computed between forward and backward, for chunks alone.
            Op::Loss { .. } => {}
            Op::WeightGradient { map, input, span, from } => {
                self.weight_gradient(map, input, span, from);
            }
            Op::InputGradient { map, from, into, span, ending } => {
                self.input_gradient(map, from, into, span, ending);
            }
            Op::NormalizeGradient { gains, input, stats, from, into } => {
                self.normalize_gradient(gains, input, stats, from, into);
            }
            Op::AttendGradient(ref attention) => self.attend_gradient(attention),
            Op::EmbedGradient { from } => self.embed_gradient(from),
        }
    }

    fn rows(&self, id: Id) -> usize {
        self.part.rows(self.network.program.buffers[id].layout)
    }

    /// The values of a buffer's rows.
    pub(super) fn length(&self, id: Id) -> usize {
        self.rows(id) * self.network.program.buffers[id].columns
    }

    fn embed(&mut self, out: Id) {
        if self.part != Part::Shared {
            return;
        }
        let d = self.network.program.d_model;
        let (positions, tokens) = (self.network.positions(), self.network.program.tokens);
        let stream = self.arena.rows_mut(out);
        for (position, row, symbols) in self.network.program.prompt_rows() {
            let position = &positions[position * d..(position + 1) * d];
            let tokens =
                &self.network.parameters[tokens + symbols.start * d..][..symbols.len() * d];
            let rows = stream[row * d..].chunks_exact_mut(d);
            for (row, token) in rows.zip(tokens.chunks_exact(d)) {
                for ((value, token), position) in row.iter_mut().zip(token).zip(position) {
                    *value = token + position;
                }
            }
        }
    }

    fn embed_gradient(&mut self, from: Id) {
        if self.part != Part::Shared {
            return;
        }
        let d = self.network.program.d_model;
        let tokens = self.network.program.tokens;
        let stream = self.arena.rows(from);
        for (position, row, symbols) in self.network.program.prompt_rows() {
            let rows = &stream[row * d..(row + symbols.len()) * d];
            let gradient = &mut self.gradient[tokens + symbols.start * d..][..rows.len()];
            gradient.iter_mut().zip(rows).for_each(|(total, value)| *total += value);
            if let Some(offset) = self.network.program.positions {
                add_rows(rows, &mut self.gradient[offset + position * d..][..d]);
            }
        }
    }

    fn linear(
        &mut self,
        map: MapId,
        input: Id,
        span: Span,
        add: Option<Id>,
        activation: Option<Act>,
        out: Id,
    ) {
        let Network { program, parameters, forward, .. } = self.network;
        let (packed, map) = (&forward[map], program.maps[map]);
        let (first, rows) = self.part.span(span);
        if rows == 0 {
            return;
        }
        // GELU's input is kept aside, ReLU works in place.
        let before = activation.map_or(out, |activation| activation.saved);
        let mut values = self.arena.take(before);
        let result = &mut values[..rows * map.outputs];
        match add {
            Some(add) if add == out => {}
            Some(add) => result.copy_from_slice(&self.arena.rows(add)[..rows * map.outputs]),
            None => result.fill(0.0),
        }
        let left = Matrix::new(&self.arena.rows(input)[first * map.inputs..], map.inputs);
        gemm::accumulate(left, rows, packed, result);
        let bias = map.bias.map(|bias| &parameters[bias..bias + map.outputs]);
        let mut after = (before != out).then(|| self.arena.take(out));
        Arch::new().dispatch(|| {
            if let Some(bias) = bias {
                add_bias(bias, result);
            }
            match (activation, &mut after) {
                (Some(act), Some(after)) => activate(act.kind, result, &mut after[..result.len()]),
                (Some(_), None) => result.iter_mut().for_each(|value| *value = value.max(0.0)),
                (None, _) => {}
            }
        });
        self.arena.put(before, values);
        if let Some(after) = after {
            self.arena.put(out, after);
        }
    }

    fn weight_gradient(&mut self, map: MapId, input: Id, span: Span, from: Id) {
        let map = self.network.program.maps[map];
        let (first, rows) = self.part.span(span);
        if rows == 0 {
            return;
        }
        let input = &self.arena.rows(input)[first * map.inputs..][..rows * map.inputs];
        let from = &self.arena.rows(from)[..rows * map.outputs];
        self.scratch.pack(Matrix::new(input, map.inputs), rows, map.inputs);
        let out = &mut self.gradient[map.weight..][..map.outputs * map.inputs];
        let left = Matrix::new(from, map.outputs).transposed();
        gemm::accumulate(left, map.outputs, self.scratch, out);
        if let Some(bias) = map.bias {
            let bias = &mut self.gradient[bias..bias + map.outputs];
            Arch::new().dispatch(|| add_rows(from, bias));
        }
    }

    fn input_gradient(&mut self, map: MapId, from: Id, into: Id, span: Span, ending: Ending) {
        let (packed, map) = (&self.network.backward[map], self.network.program.maps[map]);
        let (first, rows) = self.part.span(span);
        if rows == 0 {
            return;
        }
        let mut values = self.arena.take(into);
        let result = &mut values[first * map.inputs..][..rows * map.inputs];
        if !matches!(ending, Ending::Add) {
            result.fill(0.0);
        }
        let left = Matrix::new(self.arena.rows(from), map.outputs);
        gemm::accumulate(left, rows, packed, result);
        if let Ending::Activation(Act { kind, saved }) = ending {
            let saved = &self.arena.rows(saved)[..result.len()];
            Arch::new().dispatch(|| activation_gradient(kind, saved, result));
        }
        self.arena.put(into, values);
    }

    fn normalize(&mut self, gains: Gains, input: Id, stats: Id, out: Id) {
        let d = self.network.program.d_model;
        let parameters = &self.network.parameters;
        let (gain, bias) = (&parameters[gains.gain..][..d], &parameters[gains.bias..][..d]);
        let length = self.length(input);
        let (mut results, mut all_stats) = (self.arena.take(out), self.arena.take(stats));
        let input = self.arena.rows(input)[..length].chunks_exact(d);
        let outputs = results.chunks_exact_mut(d).zip(all_stats.chunks_exact_mut(2));
        Arch::new().dispatch(|| {
            for (x, (out, stats)) in input.zip(outputs) {
                normalize(x, gain, bias, stats, out);
            }
        });
        self.arena.put(out, results);
        self.arena.put(stats, all_stats);
    }

    fn normalize_gradient(
        &mut self,
        gains: Gains,
        input: Id,
        stats: Id,
        from: Id,
        into: Option<Id>,
    ) {
        let d = self.network.program.d_model;
        let gain = &self.network.parameters[gains.gain..][..d];
        assert_eq!(gains.gain + d, gains.bias, "a bias follows its gain");
        let length = self.length(input);
        let (d_gain, d_bias) = self.gradient[gains.gain..][..2 * d].split_at_mut(d);
        let mut values = self.arena.take(from);
        let rows = values[..length].chunks_exact_mut(d);
        let input = self.arena.rows(input).chunks_exact(d);
        let inputs = input.zip(self.arena.rows(stats).chunks_exact(2));
        Arch::new().dispatch(|| {
            for (gradient, (x, stats)) in rows.zip(inputs) {
                normalize_gradient(x, stats, gain, gradient, d_gain, d_bias);
            }
        });
        if let Some(into) = into {
            let into = &mut self.arena.rows_mut(into)[..length];
            into.iter_mut().zip(&values).for_each(|(total, value)| *total += value);
        }
        self.arena.put(from, values);
    }

    fn heads(&self) -> Heads {
        let Program { d_model, n_heads, attention_rate: rate, .. } = self.network.program;
        Heads { count: n_heads, d_head: d_model / n_heads, rate }
    }

    /// The results of this part: their position, query, and place.
    fn outputs<'b>(
        &self,
        attention: &'b Attention,
    ) -> impl Iterator<Item = (usize, Place, Place)> + use<'b> {
        let part = self.part;
        let first = attention.inputs.len() - attention.outputs.len();
        let places = attention.queries.iter().zip(&attention.outputs).enumerate();
        places
            .filter(move |(_, (_, output))| match part {
                Part::Shared => !matches!(output, Place::Own(_)),
                Part::Chunk(_) => matches!(output, Place::Own(_)),
            })
            .map(move |(index, (&query, &output))| (first + index, query, output))
    }

    fn attend(&mut self, attention: &Attention) {
        let (heads, d) = (self.heads(), self.network.program.d_model);
        let (equations, n_positions) = (self.equations, attention.inputs.len());
        let mut weights = self.arena.take(attention.weights);
        let mut attended = self.arena.take(attention.attended);
        let mut residual = self.arena.take(attention.residual);
        let (arena, above) = (&*self.arena, self.above.as_ref().map(|(values, _)| *values));
        let [stream, query, keys_values] =
            [(attention.stream, d), (attention.query, d), (attention.keys_values, 2 * d)]
                .map(|(id, columns)| both(arena, above, id, columns));
        let outputs = self.outputs(attention);
        Arch::new().dispatch(|| {
            for (position, query_place, output) in outputs {
                for (index, equation) in equations.iter().enumerate() {
                    let row = |place: Place| place.row(equation, index, equations.len());
                    let visible = visible(&attention.inputs, position, row);
                    let (Row::Shared(out) | Row::Own(out)) = row(output);
                    attend(
                        heads,
                        query.get(row(query_place)),
                        keys_values,
                        &visible[..=position],
                        &mut weights[out * heads.count * n_positions..]
                            [..heads.count * n_positions],
                        &mut attended[out * d..][..d],
                    );
                    residual[out * d..][..d].copy_from_slice(stream.get(visible[position]));
                }
            }
        });
        self.arena.put(attention.weights, weights);
        self.arena.put(attention.attended, attended);
        self.arena.put(attention.residual, residual);
    }

    fn attend_gradient(&mut self, attention: &Attention) {
        let (heads, d) = (self.heads(), self.network.program.d_model);
        let (equations, n_positions) = (self.equations, attention.inputs.len());
        let ids = [attention.d_stream, attention.d_query, attention.d_keys_values];
        // Every chunk adds to the gradients of shared rows; those of its own rows start here.
        let mut taken = ids.map(|id| self.arena.take(id));
        let mut values_above = None;
        let mut shared = Default::default();
        if let Some((values, Some(gradients))) = &mut self.above {
            taken.iter_mut().for_each(|values| values.fill(0.0));
            shared = ids.map(|id| gradients.take(id));
            values_above = Some(*values);
        } else {
            std::mem::swap(&mut shared, &mut taken);
        }
        let outputs = self.outputs(attention);
        let query = both(self.arena, values_above, attention.query, d);
        let keys_values = both(self.arena, values_above, attention.keys_values, 2 * d);
        let weights = self.arena.rows(attention.weights);
        let d_attended = self.arena.rows(attention.d_attended);
        let d_residual = self.arena.rows(attention.d_residual);
        let [shared_stream, shared_query, shared_keys_values] = &mut shared;
        let [own_stream, own_query, own_keys_values] = &mut taken;
        let mut d_stream = RowsMut { shared: shared_stream, own: own_stream, columns: d };
        let mut d_query = RowsMut { shared: shared_query, own: own_query, columns: d };
        let mut d_keys_values =
            RowsMut { shared: shared_keys_values, own: own_keys_values, columns: 2 * d };
        Arch::new().dispatch(|| {
            for (position, query_place, output) in outputs {
                for (index, equation) in equations.iter().enumerate() {
                    let row = |place: Place| place.row(equation, index, equations.len());
                    let visible = visible(&attention.inputs, position, row);
                    let (Row::Shared(out) | Row::Own(out)) = row(output);
                    let weights = &weights[out * heads.count * n_positions..];
                    attend_gradient(
                        heads,
                        query.get(row(query_place)),
                        keys_values,
                        &visible[..=position],
                        &weights[..heads.count * n_positions],
                        &d_attended[out * d..][..d],
                        d_query.get(row(query_place)),
                        &mut d_keys_values,
                    );
                    let total = d_stream.get(visible[position]);
                    let added = &d_residual[out * d..][..d];
                    total.iter_mut().zip(added).for_each(|(total, value)| *total += value);
                }
            }
        });
        if self.above.is_none() {
            std::mem::swap(&mut shared, &mut taken);
        }
        for ((id, own), shared) in ids.into_iter().zip(taken).zip(shared) {
            self.arena.put(id, own);
            if let Some((_, Some(gradients))) = &mut self.above {
                gradients.put(id, shared);
            }
        }
    }
}

/// The rows of a buffer in a part and, for a chunk, above it.
fn both<'a>(arena: &'a Arena, above: Option<&'a Arena>, id: Id, columns: usize) -> Rows<'a> {
    match above {
        Some(above) => Rows { shared: above.rows(id), own: arena.rows(id), columns },
        None => Rows { shared: arena.rows(id), own: &[], columns },
    }
}

/// The rows that a position sees: those of the positions up to itself.
#[inline(always)]
fn visible(inputs: &[Place], position: usize, row: impl Fn(Place) -> Row) -> [Row; POSITIONS_MAX] {
    let mut rows = [Row::Own(0); POSITIONS_MAX];
    for (slot, &place) in rows.iter_mut().zip(&inputs[..=position]) {
        *slot = row(place);
    }
    rows
}
