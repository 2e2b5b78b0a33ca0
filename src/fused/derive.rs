//! The program of a model: its forward pass, and its backward pass derived by hand.
//!
//! It does the arithmetic of [`crate::model::Transformer`], which stays as the reference, and
//! leaves out what that repeats: see [`super::rows`].
//!
//! Every gradient of the residual stream lives in one buffer per layer, and a block adds to it in
//! place: the gradient before a residual sublayer is the one after it plus the sublayer's own.

use super::program::{
    Act, Attention, AttentionRate, Buffer, Ending, Gains, HEADS_MAX, Id, LastNorm, Layer, Map,
    MapId, Op, POSITIONS_MAX, Program,
};
use super::rows::{Layout, Place, Span, places};
use crate::config::{Activation, Norm};
use crate::model::{Block, LayerNorm, Linear, ModelConfig, Weights};

/// Offset and shape of a parameter.
type Slot = (usize, [usize; 2]);

/// A block's buffers that its backward pass reads.
struct Saved {
    stream: Id,
    /// What queries, keys and values are computed from.
    input: Id,
    input_span: Span,
    attention: Attention,
    maps: [MapId; 5],
    /// Input and stats of the norms, where there are any.
    attention_norm: Option<(Gains, Id, Id)>,
    mlp_norm: Option<(Gains, Id, Id)>,
    mlp_input: Id,
    hidden: Id,
    activation: Act,
    /// Gradient of the block's output.
    d_out: Id,
}

impl Saved {
    fn layer(&self) -> Layer {
        let [_, _, output, up, down] = self.maps;
        let before = self.input != self.stream;
        let norm = if before { self.mlp_norm } else { self.attention_norm };
        Layer {
            inputs: self.attention.inputs.clone(),
            outputs: self.attention.outputs.clone(),
            keys_values: self.attention.keys_values,
            weights: self.attention.weights,
            attended: self.attention.attended,
            hidden: self.hidden,
            output,
            up,
            down,
            norm: norm.map(|(gains, ..)| gains),
        }
    }
}

impl Program {
    /// The program of a model: its buffers, maps and operations.
    pub fn new(config: &ModelConfig) -> Program {
        let mut offset = 0;
        let weights = Weights::assemble(config, &mut |_, shape, _| {
            let slot = (offset, shape);
            offset += shape[0] * shape[1];
            slot
        });
        let mut program = Program {
            n_symbols: config.n_symbols,
            loss: config.loss,
            zero_sum: config.zero_sum,
            d_model: config.d_model,
            n_heads: config.n_heads,
            attention_rate: AttentionRate::new(config.attention_rate),
            n_parameters: offset,
            tokens: weights.tokens.0,
            positions: weights.positions.map(|(offset, _)| offset),
            prompt: Vec::new(),
            maps: Vec::new(),
            buffers: Vec::new(),
            forward: Vec::new(),
            backward: Vec::new(),
            scattered: Vec::new(),
            layers: Vec::new(),
            answer: 0,
            last_norm: None,
            unembed: 0,
        };
        program.build(config, &weights);
        program
    }

    fn build(&mut self, config: &ModelConfig, weights: &Weights<Slot>) {
        assert!(config.n_positions() <= POSITIONS_MAX && config.n_heads <= HEADS_MAX);
        let steps = places(config.prompt, config.n_symbols, config.n_layers);
        let d = config.d_model;
        self.prompt = steps[0].clone();
        let mut stream = self.buffer(Layout::of(&steps[0], config.n_symbols), d);
        let mut d_stream = self.like(stream);
        let first_gradient = d_stream;
        self.forward.push(Op::Embed { out: stream });

        let mut saved = Vec::new();
        for (layer, block) in weights.blocks.iter().enumerate() {
            let places = (&steps[layer][..], &steps[layer + 1][..]);
            let (out, block) = self.block(config, block, places, stream, d_stream);
            (stream, d_stream) = (out, block.d_out);
            self.layers.push(block.layer());
            saved.push(block);
        }

        let mut answer = stream;
        let mut final_norm = None;
        if let Some(norm) = &weights.final_norm {
            answer = self.normalize(norm, stream, &mut final_norm);
        }
        let map = self.map(&[&weights.unembed]);
        let logits = self.linear(map, answer, None, None);
        self.forward.push(Op::Loss { logits });
        let after = saved.last().filter(|_| config.norm == Norm::Post);
        let last_norm = final_norm.or(after.and_then(|block| block.mlp_norm));
        self.last_norm = last_norm.map(|(gains, _, stats)| LastNorm { gains, stats });
        (self.answer, self.unembed) = (answer, map);

        // The loss leaves its gradient where the logits were.
        let span = self.whole(answer);
        self.backward.push(Op::WeightGradient { map, input: answer, span, from: logits });
        self.input_gradient(map, logits, d_stream, Ending::Replace);
        self.normalize_gradient(final_norm, d_stream, None);
        for block in saved.iter().rev() {
            self.block_gradient(block);
        }
        self.backward.push(Op::EmbedGradient { from: first_gradient });
    }

    /// One block from the stream at the input places to that at the output places.
    fn block(
        &mut self,
        config: &ModelConfig,
        block: &Block<Slot>,
        (inputs, outputs): (&[Place], &[Place]),
        stream: Id,
        d_stream: Id,
    ) -> (Id, Saved) {
        let d = config.d_model;
        let first = inputs.len() - outputs.len();
        let layout = Layout::of(outputs, config.n_symbols);
        let before = config.norm == Norm::Pre;
        let after = config.norm == Norm::Post;

        let mut attention_norm = None;
        let input = match &block.attention_norm {
            Some(norm) if before => self.normalize(norm, stream, &mut attention_norm),
            _ => stream,
        };
        // The last layer asks at `=` alone.
        let (queries, input_span) = match first {
            0 => (inputs.to_vec(), self.whole(input)),
            _ => inputs[first].alone(),
        };
        let query_map = self.map(&[&block.query]);
        let query = self.buffer(input_span.layout(), d);
        self.forward.push(Op::Linear {
            map: query_map,
            input,
            span: input_span,
            add: None,
            activation: None,
            out: query,
        });
        let keys_values_map = self.map(&[&block.key, &block.value]);
        let keys_values = self.linear(keys_values_map, input, None, None);

        let residual = self.buffer(layout, d);
        let d_out = self.like(residual);
        let attended = self.like(residual);
        let attention = Attention {
            inputs: inputs.to_vec(),
            queries,
            outputs: outputs.to_vec(),
            stream,
            query,
            keys_values,
            attended,
            weights: self.buffer(layout, config.n_heads * inputs.len()),
            residual,
            d_stream,
            d_query: self.like(query),
            d_keys_values: self.like(keys_values),
            d_attended: self.like(attended),
            d_residual: d_out,
        };
        self.scattered.extend([d_stream, attention.d_query, attention.d_keys_values]);
        self.forward.push(Op::Attend(attention.clone()));
        let output_map = self.map(&[&block.output]);
        self.linear_into(output_map, attended, Some(residual), None, residual);
        let residual = match &block.attention_norm {
            Some(norm) if after => self.normalize(norm, residual, &mut attention_norm),
            _ => residual,
        };

        let mut mlp_norm = None;
        let mlp_input = match &block.mlp_norm {
            Some(norm) if before => self.normalize(norm, residual, &mut mlp_norm),
            _ => residual,
        };
        let up_map = self.map(&[&block.up]);
        let hidden = self.buffer(layout, config.d_hidden);
        let activation = Act {
            kind: config.activation,
            saved: match config.activation {
                Activation::Relu => hidden,
                Activation::Gelu => self.like(hidden),
            },
        };
        self.linear_into(up_map, mlp_input, None, Some(activation), hidden);
        let down_map = self.map(&[&block.down]);
        let out = self.linear(down_map, hidden, Some(residual), None);
        let out = match &block.mlp_norm {
            Some(norm) if after => self.normalize(norm, out, &mut mlp_norm),
            _ => out,
        };
        let saved = Saved {
            stream,
            input,
            input_span,
            attention,
            maps: [query_map, keys_values_map, output_map, up_map, down_map],
            attention_norm,
            mlp_norm,
            mlp_input,
            hidden,
            activation,
            d_out,
        };
        (out, saved)
    }

    fn block_gradient(&mut self, block: &Saved) {
        let [query, keys_values, output, up, down] = block.maps;
        let gradient = block.d_out;
        let before = block.input != block.stream;

        if !before {
            self.normalize_gradient(block.mlp_norm, gradient, None);
        }
        self.weight_gradient(down, block.hidden, gradient);
        let d_hidden = self.like(block.hidden);
        self.input_gradient(down, gradient, d_hidden, Ending::Activation(block.activation));
        self.weight_gradient(up, block.mlp_input, d_hidden);
        if before {
            let d_input = self.like(block.mlp_input);
            self.input_gradient(up, d_hidden, d_input, Ending::Replace);
            self.normalize_gradient(block.mlp_norm, d_input, Some(gradient));
        } else {
            self.input_gradient(up, d_hidden, gradient, Ending::Add);
            self.normalize_gradient(block.attention_norm, gradient, None);
        }

        let attention = &block.attention;
        self.weight_gradient(output, attention.attended, gradient);
        self.input_gradient(output, gradient, attention.d_attended, Ending::Replace);
        self.backward.push(Op::AttendGradient(attention.clone()));

        let (input, span) = (block.input, block.input_span);
        let (d_query, d_keys_values) = (attention.d_query, attention.d_keys_values);
        self.weight_gradient(keys_values, input, d_keys_values);
        self.backward.push(Op::WeightGradient { map: query, input, span, from: d_query });
        let (into, ending) = match before {
            true => (self.like(input), Ending::Replace),
            false => (attention.d_stream, Ending::Add),
        };
        self.input_gradient(keys_values, d_keys_values, into, ending);
        self.backward.push(Op::InputGradient {
            map: query,
            from: d_query,
            into,
            span,
            ending: Ending::Add,
        });
        if before {
            self.normalize_gradient(block.attention_norm, into, Some(attention.d_stream));
        }
    }

    fn buffer(&mut self, layout: Layout, columns: usize) -> Id {
        self.buffers.push(Buffer { layout, columns });
        self.buffers.len() - 1
    }

    fn with_columns(&mut self, other: Id, columns: usize) -> Id {
        self.buffer(self.buffers[other].layout, columns)
    }

    fn like(&mut self, other: Id) -> Id {
        self.with_columns(other, self.buffers[other].columns)
    }

    fn whole(&self, buffer: Id) -> Span {
        Span::whole(self.buffers[buffer].layout)
    }

    /// Maps of the same input as one. Their weights lie one after another, and so do their biases.
    fn map(&mut self, parts: &[&Linear<Slot>]) -> MapId {
        let [outputs, inputs] = parts[0].weight.1;
        for (index, part) in parts.iter().enumerate() {
            assert_eq!(part.weight.0, parts[0].weight.0 + index * outputs * inputs);
            let first = parts[0].bias.map(|(offset, _)| offset + index * outputs);
            assert_eq!(part.bias.map(|(offset, _)| offset), first);
        }
        self.maps.push(Map {
            weight: parts[0].weight.0,
            bias: parts[0].bias.map(|(offset, _)| offset),
            outputs: outputs * parts.len(),
            inputs,
        });
        self.maps.len() - 1
    }

    fn linear(&mut self, map: MapId, input: Id, add: Option<Id>, act: Option<Act>) -> Id {
        let out = self.with_columns(input, self.maps[map].outputs);
        self.linear_into(map, input, add, act, out);
        out
    }

    fn linear_into(
        &mut self,
        map: MapId,
        input: Id,
        add: Option<Id>,
        activation: Option<Act>,
        out: Id,
    ) {
        let span = self.whole(input);
        self.forward.push(Op::Linear { map, input, span, add, activation, out });
    }

    /// Normalises `input` into a new buffer, and tells `saved` what the gradient needs.
    fn normalize(
        &mut self,
        norm: &LayerNorm<Slot>,
        input: Id,
        saved: &mut Option<(Gains, Id, Id)>,
    ) -> Id {
        let (gains, stats, out) = (gains(norm), self.with_columns(input, 2), self.like(input));
        *saved = Some((gains, input, stats));
        self.forward.push(Op::Normalize { gains, input, stats, out });
        out
    }

    fn normalize_gradient(&mut self, norm: Option<(Gains, Id, Id)>, from: Id, into: Option<Id>) {
        if let Some((gains, input, stats)) = norm {
            self.backward.push(Op::NormalizeGradient { gains, input, stats, from, into });
        }
    }

    fn weight_gradient(&mut self, map: MapId, input: Id, from: Id) {
        let span = self.whole(input);
        self.backward.push(Op::WeightGradient { map, input, span, from });
    }

    fn input_gradient(&mut self, map: MapId, from: Id, into: Id, ending: Ending) {
        let span = self.whole(into);
        self.backward.push(Op::InputGradient { map, from, into, span, ending });
    }
}

fn gains(norm: &LayerNorm<Slot>) -> Gains {
    Gains { gain: norm.gain.0, bias: norm.bias.0 }
}
