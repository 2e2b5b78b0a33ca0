//! Rank correlation, for scatters over the runs of a sweep.

use wasm_bindgen::prelude::*;

use crate::sweep;

/// Spearman's ρ of pairs; undefined for fewer than three, or if one side is constant.
#[wasm_bindgen]
pub fn spearman(a: &[f64], b: &[f64]) -> Option<f64> {
    let pairs: Vec<(f64, f64)> = a.iter().copied().zip(b.iter().copied()).collect();
    sweep::spearman(&pairs)
}

/// The two-sided p-value of a ρ of `n` pairs.
#[wasm_bindgen(js_name = spearmanP)]
pub fn spearman_p(rho: f64, n: usize) -> f64 {
    sweep::p_value(rho, n)
}
