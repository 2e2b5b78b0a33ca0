//! Attention of a few positions, row by row: too small for matrix products.

use super::lanes::{add_scaled, dot, exp};
use crate::fused::program::AttentionRate;
use crate::fused::rows::Row;

/// Rows of a buffer, of which a part is shared.
#[derive(Clone, Copy)]
pub struct Rows<'a> {
    /// The shared rows, row-major.
    pub shared: &'a [f32],
    /// The equations' own rows, row-major.
    pub own: &'a [f32],
    /// Values in a row.
    pub columns: usize,
}

/// [`Rows`] that can be written.
pub struct RowsMut<'a> {
    /// The shared rows, row-major.
    pub shared: &'a mut [f32],
    /// The equations' own rows, row-major.
    pub own: &'a mut [f32],
    /// Values in a row.
    pub columns: usize,
}

impl<'a> Rows<'a> {
    /// One row.
    #[inline(always)]
    pub fn get(&self, row: Row) -> &'a [f32] {
        match row {
            Row::Shared(row) => &self.shared[row * self.columns..(row + 1) * self.columns],
            Row::Own(row) => &self.own[row * self.columns..(row + 1) * self.columns],
        }
    }
}

impl RowsMut<'_> {
    /// One row, to be written.
    #[inline(always)]
    pub fn get(&mut self, row: Row) -> &mut [f32] {
        match row {
            Row::Shared(row) => &mut self.shared[row * self.columns..(row + 1) * self.columns],
            Row::Own(row) => &mut self.own[row * self.columns..(row + 1) * self.columns],
        }
    }
}

/// Heads of `d_head` columns each.
#[derive(Debug, Clone, Copy)]
pub struct Heads {
    /// H.
    pub count: usize,
    /// D / H.
    pub d_head: usize,
    /// What is made of their weights.
    pub rate: AttentionRate,
}

impl Heads {
    fn columns(self, head: usize) -> std::ops::Range<usize> {
        head * self.d_head..(head + 1) * self.d_head
    }

    fn scale(self) -> f32 {
        (self.d_head as f64).powf(-0.5) as f32
    }
}

/// One query over the `visible` keys: `weights` [H, T] = softmax(q·k / √d_head), and `out` [D] the
/// sum of the values with what the rate makes of them.
#[inline(always)]
pub fn attend(
    heads: Heads,
    query: &[f32],
    keys_values: Rows,
    visible: &[Row],
    weights: &mut [f32],
    out: &mut [f32],
) {
    let n_positions = weights.len() / heads.count;
    let d = query.len();
    out.fill(0.0);
    for head in 0..heads.count {
        let columns = heads.columns(head);
        let weights = &mut weights[head * n_positions..][..visible.len()];
        for (weight, &row) in weights.iter_mut().zip(visible) {
            let key = &keys_values.get(row)[columns.clone()];
            *weight = dot(&query[columns.clone()], key) * heads.scale();
        }
        let largest = weights.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let mut total = 0.0;
        for weight in &mut *weights {
            *weight = exp(*weight - largest);
            total += *weight;
        }
        for (weight, &row) in weights.iter_mut().zip(visible) {
            *weight /= total;
            let value = &keys_values.get(row)[d..][columns.clone()];
            add_scaled(heads.rate.apply(*weight), value, &mut out[columns.clone()]);
        }
    }
}

/// The gradient of [`attend`] given that of its result, added to `d_query` and `d_keys_values`.
#[inline(always)]
#[allow(clippy::too_many_arguments)]
pub fn attend_gradient(
    heads: Heads,
    query: &[f32],
    keys_values: Rows,
    visible: &[Row],
    weights: &[f32],
    d_out: &[f32],
    d_query: &mut [f32],
    d_keys_values: &mut RowsMut,
) {
    let n_positions = weights.len() / heads.count;
    let d = query.len();
    for head in 0..heads.count {
        let columns = heads.columns(head);
        let weights = &weights[head * n_positions..][..visible.len()];
        let d_out = &d_out[columns.clone()];
        let scale = heads.rate.softmax * heads.scale();
        let mut d_weights = [0.0; 4];
        let mut mean = 0.0;
        for ((d_weight, &weight), &row) in d_weights.iter_mut().zip(weights).zip(visible) {
            *d_weight = dot(d_out, &keys_values.get(row)[d..][columns.clone()]);
            mean += weight * *d_weight;
        }
        for ((&d_weight, &weight), &row) in d_weights.iter().zip(weights).zip(visible) {
            let d_score = weight * (d_weight - mean) * scale;
            let key = &keys_values.get(row)[columns.clone()];
            add_scaled(d_score, key, &mut d_query[columns.clone()]);
            let (d_key, d_value) = d_keys_values.get(row).split_at_mut(d);
            add_scaled(d_score, &query[columns.clone()], &mut d_key[columns.clone()]);
            add_scaled(heads.rate.apply(weight), d_out, &mut d_value[columns.clone()]);
        }
    }
}
