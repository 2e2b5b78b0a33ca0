//! What a stage does on a graphics card: a list of kernel calls, which change with the step only in
//! their numbers.

use std::ops::Range;

use super::draw::Draws;

/// The source of a stage's kernels: what all share, and files beside this one.
macro_rules! kernels {
    ($($file:literal),*) => { concat!(include_str!("update.wgsl"), $(include_str!($file)),*) };
}
pub(super) use kernels;

/// One call of a kernel; `update.wgsl` says what each field is for.
#[derive(Debug, Clone)]
pub struct Pass {
    /// The kernel's file, behind `update.wgsl`, and its entry point.
    pub kernel: (&'static str, &'static str),
    /// How many threads it has.
    pub groups: Groups,
    /// Numbers that the kernel is given; what it does not use is 0.
    pub factors: [f32; 8],
    /// Where its random numbers come from, if it draws any.
    pub draws: Option<Draws>,
    /// The parameters that it is for, all of them if none are named; or the shape of a product.
    pub tensor: Option<Tensor>,
    /// The product of matrices that it is, if it is one.
    pub product: Product,
}

/// How many threads a call has.
#[derive(Debug, Clone, Copy)]
pub enum Groups {
    /// One for each parameter that it is for.
    Each,
    /// A workgroup for each tensor of the network.
    Tensors,
    /// So many workgroups.
    Count([u32; 3]),
}

/// A matrix among the parameters.
#[derive(Debug, Clone, Copy)]
pub struct Tensor {
    /// The place of its first value.
    pub first: u32,
    /// From 1.
    pub rows: u32,
    /// From 1.
    pub columns: u32,
}

/// `out` [rows, columns] = `factors[0]` · left [rows, depth] right + `factors[1]` · add; offsets into
/// the activations, whose place an update has for itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Product {
    /// Also the gradients in a window.
    pub depth: u32,
    /// Offset of the left factor.
    pub left: u32,
    /// Offset of the right factor.
    pub right: u32,
    /// Offset of what is added.
    pub add: u32,
    /// Offset of the result.
    pub out: u32,
    /// Whether `right` is [columns, depth].
    pub transposed: bool,
}

impl Pass {
    /// A thread for each parameter.
    pub fn each(kernel: (&'static str, &'static str), factors: &[f32]) -> Pass {
        let mut all = [0.0; 8];
        all[..factors.len()].copy_from_slice(factors);
        Pass {
            kernel,
            groups: Groups::Each,
            factors: all,
            draws: None,
            tensor: None,
            product: Product::default(),
        }
    }

    /// With random numbers.
    pub fn with_draws(self, draws: Draws) -> Pass {
        Pass { draws: Some(draws), ..self }
    }

    /// With other threads.
    pub fn over(self, groups: Groups) -> Pass {
        Pass { groups, ..self }
    }

    /// Only a tensor's parameters.
    pub fn of(self, range: &Range<usize>, shape: [usize; 2]) -> Pass {
        let [rows, columns] = shape.map(|side| side as u32);
        Pass { tensor: Some(Tensor { first: range.start as u32, rows, columns }), ..self }
    }
}
