//! An optimiser's passes as kernel calls.

use super::Call;
use super::arguments::{ARGUMENTS_STRIDE, Arguments, UpdateArguments};
use super::constants::{LANES, SPLITS};
use super::context::{Context, STORAGE};
use crate::error::Result;
use crate::model::ModelConfig;
use crate::optim::{Groups, Pass, Tensor};

/// Where the passes of a network's updates find what they are told.
pub struct Passes {
    n_parameters: u32,
    /// Where each tensor begins, and where the last one ends.
    starts: [u32; 96],
    n_tensors: u32,
    arguments: wgpu::Buffer,
    pub bindings: wgpu::BindGroup,
}

impl Passes {
    /// For at most so many passes between two submissions. `storage` is what they work on.
    pub fn new(
        config: &ModelConfig,
        most: usize,
        storage: [&wgpu::Buffer; STORAGE as usize],
        context: &Context,
    ) -> Result<Passes> {
        let parameters = config.parameters();
        let n_parameters = parameters.last().map_or(0, |last| last.range().end as u32);
        let mut starts = [n_parameters; 96];
        assert!(parameters.len() < starts.len(), "there are more tensors than a kernel is told of");
        for (start, parameter) in starts.iter_mut().zip(&parameters) {
            *start = parameter.range().start as u32;
        }
        let words = most as u64 * ARGUMENTS_STRIDE / 4;
        let arguments = context.buffer(words, wgpu::BufferUsages::UNIFORM)?;
        Ok(Passes {
            n_parameters,
            starts,
            n_tensors: parameters.len() as u32,
            bindings: context.bind(storage, &arguments),
            arguments,
        })
    }

    /// A pass as a call whose arguments lie at `slot`.
    ///
    /// The gradient is in `splits` parts; `first_moment` is the first of the stage's.
    pub fn call(
        &self,
        (slot, splits, step): (usize, u32, u64),
        (first_moment, pass): &(usize, Pass),
        context: &Context,
    ) -> Call {
        let all = Tensor { first: 0, rows: 1, columns: self.n_parameters };
        let Tensor { first, rows, columns } = pass.tensor.unwrap_or(all);
        let arguments = Arguments::new(UpdateArguments {
            n_parameters: self.n_parameters,
            splits,
            moments: *first_moment as u32 * self.n_parameters,
            n_tensors: self.n_tensors,
            key: pass.draws.map_or([0; 2], |draws| draws.key()),
            step: step as u32,
            first,
            rows,
            columns,
            depth: pass.product.depth,
            left: pass.product.left,
            right: pass.product.right,
            add: pass.product.add,
            out: pass.product.out,
            transposed: u32::from(pass.product.transposed),
            factors: pass.factors,
            starts: self.starts,
        });
        let offset = slot as u64 * ARGUMENTS_STRIDE;
        context.queue.write_buffer(&self.arguments, offset, arguments.bytes());
        let (source, entry) = pass.kernel;
        Call {
            pipeline: context.pipeline((source, entry, None)),
            arguments: offset as u32,
            groups: match pass.groups {
                Groups::Each => [(rows * columns).div_ceil(LANES), 1, 1],
                Groups::Tensors => [self.n_tensors, 1, 1],
                Groups::Count(groups) => groups,
            },
        }
    }

    /// The calls of an update. Only the first finds the gradient in parts. Slot 0 is the noise's.
    pub fn calls(&self, step: u64, passes: &[(usize, Pass)], context: &Context) -> Vec<Call> {
        let call = |(index, pass)| {
            let splits = if index == 0 { SPLITS } else { 1 };
            self.call((index + 1, splits, step), pass, context)
        };
        passes.iter().enumerate().map(call).collect()
    }
}
