//! Positions as the distinct rows that they take.
//!
//! Two tokens of `x op y =` are the same in every equation, and the other two are one of n
//! symbols. With a causal mask the rows at position 0 depend on x alone, those at `op` on x, and
//! before the first attention the rows at y depend on y alone. So a position carries only its
//! distinct rows, and says which symbol picks one of them: the arithmetic of a whole batch is
//! done once per symbol wherever it can be.

use burn::tensor::{Device, Int, Tensor, TensorData};

use crate::data::Equation;

/// A batch of equations on a device.
#[derive(Debug, Clone)]
pub struct Equations {
    pub x: Tensor<1, Int>,      // [B]
    pub y: Tensor<1, Int>,      // [B]
    pub answer: Tensor<2, Int>, // [B, 1]
}

impl Equations {
    pub fn new<'a>(
        equations: impl ExactSizeIterator<Item = &'a Equation> + Clone,
        device: &Device,
    ) -> Self {
        let n = equations.len();
        let column = |symbol: fn(&Equation) -> u16| {
            let values: Vec<i32> = equations.clone().map(|e| i32::from(symbol(e))).collect();
            TensorData::new(values, [n])
        };
        Equations {
            x: Tensor::from_data(column(|e| e.x), device),
            y: Tensor::from_data(column(|e| e.y), device),
            answer: Tensor::<1, Int>::from_data(column(|e| e.answer), device).unsqueeze_dim(1),
        }
    }

    pub fn len(&self) -> usize {
        self.x.dims()[0]
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Whether equal rows are computed once, or once per equation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sharing {
    /// One row per distinct input: the fast path.
    Distinct,
    /// One row per equation at every position: the reference that tests compare with.
    None,
}

/// What the rows of a position depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rows {
    /// Nothing: a single row.
    One,
    /// One row per symbol, picked by x.
    PerX,
    /// One row per symbol, picked by y.
    PerY,
    PerEquation,
}

impl Rows {
    /// What a function of both depends on.
    pub fn join(self, other: Rows) -> Rows {
        match (self, other) {
            (Rows::One, rows) | (rows, Rows::One) => rows,
            (a, b) if a == b => a,
            _ => Rows::PerEquation,
        }
    }
}

/// Distinct rows, and what picks among them.
#[derive(Debug, Clone)]
pub(super) struct Picked<const D: usize> {
    pub rows: Rows,
    pub values: Tensor<D>, // [R, ...]
}

impl<const D: usize> Picked<D> {
    /// The rows as a function of more than they depend on. A single row stays one: it broadcasts.
    pub fn spread(&self, to: Rows, equations: &Equations) -> Tensor<D> {
        let values = self.values.clone();
        match (self.rows, to) {
            (Rows::PerX, Rows::PerEquation) => values.select(0, equations.x.clone()),
            (Rows::PerY, Rows::PerEquation) => values.select(0, equations.y.clone()),
            _ => values,
        }
    }

    /// Applies a function that works row by row.
    pub fn map<const E: usize>(self, f: impl FnOnce(Tensor<D>) -> Tensor<E>) -> Picked<E> {
        Picked { rows: self.rows, values: f(self.values) }
    }

    /// Combines two element by element.
    pub fn zip(
        &self,
        other: &Self,
        equations: &Equations,
        f: impl FnOnce(Tensor<D>, Tensor<D>) -> Tensor<D>,
    ) -> Self {
        let rows = self.rows.join(other.rows);
        Picked { rows, values: f(self.spread(rows, equations), other.spread(rows, equations)) }
    }
}
