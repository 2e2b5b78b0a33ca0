//! Causal self-attention over three or four positions.

use burn::tensor::{Tensor, activation::softmax};

use super::rows::{Equations, Picked};

/// What one query attends to: softmax(q·k / √d_head) over the keys, summed over the values.
///
/// The few scores are products element by element, summed over a head: a batched matrix product
/// of 4 x 4 costs more in overhead than in arithmetic.
///
/// `query` and each of `keys` and `values` are [R, H, d_head]; the result is [R, H·d_head].
pub(super) fn attend(
    query: &Picked<3>,
    keys: &[Picked<3>],
    values: &[Picked<3>],
    equations: &Equations,
) -> Picked<2> {
    if let [only] = values {
        return only.clone().map(merge_heads);
    }
    let [_, n_heads, d_head] = query.values.dims();
    let scale = (d_head as f64).powf(-0.5);
    let scores: Vec<Picked<3>> = keys
        .iter()
        .map(|key| query.zip(key, equations, |q, k| (q * k).sum_dim(2) * scale)) // [R, H, 1]
        .collect();

    let score_rows = scores.iter().fold(query.rows, |rows, score| rows.join(score.rows));
    let spread: Vec<Tensor<3>> = scores.iter().map(|s| s.spread(score_rows, equations)).collect();
    let n_rows = spread.iter().map(|s| s.dims()[0]).max().expect("there are two keys or more");
    let scores = spread.into_iter().map(|s| s.expand([n_rows, n_heads, 1])).collect();
    let weights = softmax(Tensor::cat(scores, 2), 2); // [R, H, T]

    values
        .iter()
        .enumerate()
        .map(|(position, value)| {
            let weight = Picked {
                rows: score_rows,
                values: weights.clone().narrow(2, position, 1), // [R, H, 1]
            };
            weight.zip(value, equations, |weight, value| weight * value) // [R, H, d_head]
        })
        .reduce(|sum, term| sum.zip(&term, equations, |a, b| a + b))
        .expect("there are two values or more")
        .map(merge_heads)
}

/// [R, D] to [R, H, D/H].
pub(super) fn split_heads(values: Tensor<2>, n_heads: usize) -> Tensor<3> {
    let [rows, d_model] = values.dims();
    values.reshape([rows, n_heads, d_model / n_heads])
}

/// [R, H, d_head] to [R, D].
fn merge_heads(values: Tensor<3>) -> Tensor<2> {
    let [rows, n_heads, d_head] = values.dims();
    values.reshape([rows, n_heads * d_head])
}
