//! Matrix products, accumulated into their result, one core each.
//!
//! Our own, because a step needs what libraries do not offer together: fused multiply-add in
//! browsers (relaxed SIMD), weights packed once for a step's many chunks, and no allocation.

use pulp::{Arch, Simd, WithSimd};

/// Rows of a tile of the result: with two vectors a row, the accumulators fill the registers of
/// AVX-512, AVX2, and 128-bit SIMD.
const TILE_ROWS: [(usize, usize); 3] = [(16, 8), (8, 6), (4, 4)];
/// Vectors in a row of a tile.
const VECTORS: usize = 2;

/// A strided view: element (i, j) is `values[i * row + j * column]`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Matrix<'a> {
    values: &'a [f32],
    row: usize,
    column: usize,
}

impl<'a> Matrix<'a> {
    /// Row-major with `columns` columns.
    pub(super) fn new(values: &'a [f32], columns: usize) -> Self {
        Matrix { values, row: columns, column: 1 }
    }

    pub(super) fn transposed(self) -> Self {
        Matrix { values: self.values, row: self.column, column: self.row }
    }

    /// Whether element (i, j) is among the values for all i < `rows` and j < `columns`, neither of
    /// which is 0.
    fn holds(self, rows: usize, columns: usize) -> bool {
        let down = (rows - 1).checked_mul(self.row);
        let along = (columns - 1).checked_mul(self.column);
        let last = down.zip(along).and_then(|(down, along)| down.checked_add(along));
        last.is_some_and(|last| last < self.values.len())
    }
}

/// The right factor [K, N] of products, as panels of a tile's width.
#[derive(Debug, Default)]
pub(super) struct Packed {
    k: usize,
    n: usize,
    panels: Vec<f32>, // [⌈N / width⌉, K, width], padded with zeros
}

impl Packed {
    pub(super) fn pack(&mut self, matrix: Matrix, k: usize, n: usize) {
        let width = Arch::new().dispatch(PanelWidth);
        (self.k, self.n) = (k, n);
        self.panels.resize(n.div_ceil(width) * width * k, 0.0);
        for (index, panel) in self.panels.chunks_exact_mut((width * k).max(1)).enumerate() {
            let first = index * width;
            let columns = (n - first).min(width);
            for (i, row) in panel.chunks_exact_mut(width).enumerate() {
                let start = i * matrix.row + first * matrix.column;
                let (used, padding) = row.split_at_mut(columns);
                if matrix.column == 1 {
                    used.copy_from_slice(&matrix.values[start..start + columns]);
                } else {
                    for (j, value) in used.iter_mut().enumerate() {
                        *value = matrix.values[start + j * matrix.column];
                    }
                }
                padding.fill(0.0);
            }
        }
    }
}

/// `left` [m, k] · `right` [k, n], all row-major.
///
/// # Panics
/// If one of them is shorter, or a size is 0.
pub fn product(left: &[f32], right: &[f32], [m, k, n]: [usize; 3]) -> Vec<f32> {
    let mut packed = Packed::default();
    packed.pack(Matrix::new(right, n), k, n);
    let mut out = vec![0.0; m * n];
    accumulate(Matrix::new(left, k), m, &packed, &mut out);
    out
}

/// `out` += `left` · `right`, with `out` row-major [rows, N].
///
/// # Panics
/// If `left` has no K columns in so many rows, or `out` is too short.
pub(super) fn accumulate(left: Matrix, rows: usize, right: &Packed, out: &mut [f32]) {
    Arch::new().dispatch(Accumulate { left, rows, right, out });
}

struct PanelWidth;

impl WithSimd for PanelWidth {
    type Output = usize;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> usize {
        VECTORS * S::F32_LANES
    }
}

struct Accumulate<'a> {
    left: Matrix<'a>,
    rows: usize,
    right: &'a Packed,
    out: &'a mut [f32],
}

impl WithSimd for Accumulate<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        match S::F32_LANES {
            16 => panels::<S, { TILE_ROWS[0].1 }>(simd, self),
            8 => panels::<S, { TILE_ROWS[1].1 }>(simd, self),
            _ => panels::<S, { TILE_ROWS[2].1 }>(simd, self),
        }
    }
}

#[inline(always)]
fn panels<S: Simd, const ROWS: usize>(simd: S, product: Accumulate) {
    let Accumulate { left, rows, right, out } = product;
    let (k, n) = (right.k, right.n);
    if rows == 0 || k == 0 || n == 0 {
        return;
    }
    assert!(left.holds(rows, k), "the left factor has fewer values than the product reads");
    let results = rows.checked_mul(n);
    assert!(results.is_some_and(|results| results <= out.len()), "the result has too few values");
    let width = VECTORS * S::F32_LANES;
    let panel = width.checked_mul(k).expect("a panel is as long as a slice at most");
    for (index, panel) in right.panels.chunks_exact(panel).enumerate() {
        let first = index * width;
        let columns = (n - first).min(width);
        let mut row = 0;
        while row + ROWS <= rows {
            let out = &mut out[row * n + first..];
            // SAFETY: `left` holds `rows` rows and k columns, and k · VECTORS is no more than the
            // length of a panel, which did not wrap.
            unsafe { tile::<S, ROWS>(simd, left, row, panel, k, out, n, columns) };
            row += ROWS;
        }
        while row < rows {
            let out = &mut out[row * n + first..];
            // SAFETY: as above.
            unsafe { tile::<S, 1>(simd, left, row, panel, k, out, n, columns) };
            row += 1;
        }
    }
}

/// ROWS rows of one panel: `out` starts at the tile's first element, its rows are `stride` apart.
///
/// # Safety
/// `left` [`holds`](Matrix::holds) `first_row` + ROWS rows and `k` columns, and `k` · [`VECTORS`] does
/// not wrap.
#[inline(always)]
#[allow(clippy::too_many_arguments)]
unsafe fn tile<S: Simd, const ROWS: usize>(
    simd: S,
    left: Matrix,
    first_row: usize,
    panel: &[f32],
    k: usize,
    out: &mut [f32],
    stride: usize,
    columns: usize,
) {
    let mut sums = [[simd.splat_f32s(0.0); VECTORS]; ROWS];
    let (panel, _) = S::as_simd_f32s(panel);
    assert!(panel.len() >= k * VECTORS);
    let start = left.values[first_row * left.row..].as_ptr();
    for i in 0..k {
        for (row, sums) in sums.iter_mut().enumerate() {
            // SAFETY: element (first_row + row, i) is one that `left` holds.
            let factor = unsafe { *start.add(row * left.row + i * left.column) };
            let factor = simd.splat_f32s(factor);
            for (vector, sum) in sums.iter_mut().enumerate() {
                // SAFETY: i < k and vector < VECTORS, and the panel has k · VECTORS vectors.
                let other = unsafe { *panel.get_unchecked(i * VECTORS + vector) };
                *sum = simd.mul_add_e_f32s(factor, other, *sum);
            }
        }
    }
    for (row, sums) in sums.iter().enumerate() {
        let out = &mut out[row * stride..row * stride + columns];
        for (part, &sum) in out.chunks_mut(S::F32_LANES).zip(sums) {
            match S::as_mut_simd_f32s(part) {
                ([whole], []) => *whole = simd.add_f32s(*whole, sum),
                (_, part) => {
                    let old = simd.partial_load_f32s(part);
                    simd.partial_store_f32s(part, simd.add_f32s(old, sum));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    fn strided(row: usize, column: usize) {
        let mut packed = Packed::default();
        packed.pack(Matrix::new(&[1.0; 4], 2), 2, 2);
        let left = Matrix { values: &[1.0; 4], row, column };
        accumulate(left, 3, &packed, &mut [0.0; 6]);
    }

    #[test]
    #[should_panic(expected = "the left factor has fewer values")]
    fn a_left_factor_that_is_too_short_is_not_read() {
        strided(2, 1);
    }

    #[test]
    #[should_panic(expected = "the left factor has fewer values")]
    fn rows_so_far_apart_that_their_places_wrap_are_not_read() {
        // The third row would start at 2^64, which is 0.
        strided(1 << (usize::BITS - 1), 1);
    }

    #[test]
    #[should_panic(expected = "the left factor has fewer values")]
    fn a_sum_of_places_that_wraps_is_not_read() {
        strided(1 << (usize::BITS - 2), 1 << (usize::BITS - 1));
    }

    /// Every shape around the tile's edges, in every orientation, against a plain sum in f64.
    #[test]
    fn products_are_sums_of_products() {
        let mut rng = Rng::new(0);
        for &(rows, k, n) in &[(1, 1, 1), (3, 5, 7), (8, 16, 32), (9, 33, 65), (97, 20, 31)] {
            let mut draw = |n: usize| -> Vec<f32> { (0..n).map(|_| rng.normal() as f32).collect() };
            let (a, b, start) = (draw(rows * k), draw(k * n), draw(rows * n));
            let cases = [
                (Matrix::new(&a, k), Matrix::new(&b, n)),
                (Matrix::new(&a, rows).transposed(), Matrix::new(&b, k).transposed()),
            ];
            for (left, right) in cases {
                let mut packed = Packed::default();
                packed.pack(right, k, n);
                let mut out = start.clone();
                accumulate(left, rows, &packed, &mut out);
                let at = |m: Matrix, i, j| f64::from(m.values[i * m.row + j * m.column]);
                for i in 0..rows {
                    for j in 0..n {
                        let sum: f64 = (0..k).map(|l| at(left, i, l) * at(right, l, j)).sum();
                        let expected = sum + f64::from(start[i * n + j]);
                        let error = (f64::from(out[i * n + j]) - expected).abs();
                        assert!(error < 1e-5 * (k as f64), "{rows} {k} {n}: {i} {j} {error}");
                    }
                }
            }
        }
    }
}
