//! The rows of a matrix as points of a plane.

use bhtsne::tSNE;
use serde::{Deserialize, Serialize};

use super::fourier::Waves;

/// Which matrix has a row per symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Matrix {
    /// Rows of the token embedding.
    Embedding,
    /// Rows of the output matrix, whose t-SNE is figure 3 of Power et al. 2022.
    Unembedding,
}

/// How rows become points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Method {
    /// The two directions of greatest variance.
    Pca,
    /// van der Maaten and Hinton 2008, by the crate bhtsne.
    Tsne,
    /// The cosine and the sine of the strongest frequency.
    Fourier,
}

/// Epochs of a first embedding, and of one that starts from the last.
const EPOCHS: usize = 500;
const WARM_EPOCHS: usize = 150;
const PERPLEXITY: f32 = 30.0;
/// Fewer points have no neighbourhood.
const TSNE_MIN: usize = 8;
const PCA_ROUNDS: usize = 60;

/// [n, 2] from rows [n, d]: the coordinates on the first two principal components.
pub fn pca(rows: &[f32], d: usize) -> Vec<f32> {
    let n = rows.len() / d;
    let mut mean = vec![0.0; d];
    for row in rows.chunks_exact(d) {
        mean.iter_mut().zip(row).for_each(|(total, &v)| *total += f64::from(v) / n as f64);
    }
    let centred: Vec<f64> =
        rows.iter().enumerate().map(|(at, &value)| f64::from(value) - mean[at % d]).collect();
    // Orthogonal iteration, from directions that no plane is likely to miss.
    let mut basis: [Vec<f64>; 4] =
        std::array::from_fn(|j| (0..d).map(|i| ((1 + i * (2 * j + 1)) as f64).sin()).collect());
    let mut images: [Vec<f64>; 4] = Default::default();
    for _ in 0..PCA_ROUNDS {
        orthonormalize(&mut basis);
        images = basis.each_ref().map(|direction| {
            centred.chunks_exact(d).map(|row| dot(row, direction)).collect::<Vec<f64>>()
        });
        basis = images.each_ref().map(|image| {
            let mut direction = vec![0.0; d];
            for (row, &along) in centred.chunks_exact(d).zip(image) {
                direction.iter_mut().zip(row).for_each(|(total, value)| *total += along * value);
            }
            direction
        });
    }
    let mut axes = images;
    axes.sort_by(|a, b| dot(b, b).total_cmp(&dot(a, a)));
    (0..n).flat_map(|at| [axes[0][at] as f32, axes[1][at] as f32]).collect()
}

/// [n, 2]: each row on the directions of cos(2πk i / m) and sin(2πk i / m) among the `m` rows that
/// have an index; `order` lists those rows.
pub fn fourier_pair(rows: &[f32], d: usize, order: &[usize], k: usize) -> Vec<f32> {
    let ordered: Vec<&[f32]> = order.iter().map(|&at| &rows[at * d..(at + 1) * d]).collect();
    let mut directions = Waves::new(order.len()).directions(&ordered, k);
    orthonormalize(&mut directions);
    let along = |row: &[f32], direction: &[f64]| {
        row.iter().zip(direction).map(|(&a, b)| f64::from(a) * b).sum::<f64>() as f32
    };
    rows.chunks_exact(d)
        .flat_map(|row| directions.each_ref().map(|direction| along(row, direction)))
        .collect()
}

/// The frequency with the greatest share of the rows in `order`.
pub(super) fn strongest(rows: &[f32], d: usize, order: &[usize]) -> usize {
    let ordered: Vec<&[f32]> = order.iter().map(|&at| &rows[at * d..(at + 1) * d]).collect();
    let lengths = Waves::new(order.len()).lengths(&ordered);
    (1..=lengths.len()).max_by(|&a, &b| lengths[a - 1].total_cmp(&lengths[b - 1])).unwrap_or(1)
}

/// [n, 2] from rows [n, d]; `from` is an embedding of an earlier step to start from.
pub fn tsne(rows: &[f32], d: usize, from: Option<&[f32]>) -> Vec<f32> {
    let samples: Vec<&[f32]> = rows.chunks_exact(d).collect();
    if samples.len() < TSNE_MIN {
        return pca(rows, d);
    }
    let first = match from {
        Some(points) => points.to_vec(),
        None => scaled(&pca(rows, d), 1e-2),
    };
    let perplexity = PERPLEXITY.min((samples.len() - 1) as f32 / 3.0 - 0.01);
    let mut tsne: tSNE<f32, &[f32], 2> = tSNE::new(&samples);
    tsne.perplexity(perplexity).epochs(if from.is_some() { WARM_EPOCHS } else { EPOCHS });
    if from.is_some() {
        tsne.early_exaggeration(1.0);
    }
    let distance =
        |a: &&[f32], b: &&[f32]| a.iter().zip(*b).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt();
    tsne.initial_embedding(first).exact(distance).embedding()
}

/// With a standard deviation of `size` on both axes together.
fn scaled(points: &[f32], size: f32) -> Vec<f32> {
    let square = points.iter().map(|value| value * value).sum::<f32>() / points.len() as f32;
    points.iter().map(|value| value / square.sqrt().max(1e-20) * size).collect()
}

/// What is left of a vector beside those before it is 0 if it is no more than rounding: the sine at half
/// the length of a cycle is none at all.
fn orthonormalize(vectors: &mut [Vec<f64>]) {
    let longest = vectors.iter().map(|vector| dot(vector, vector)).fold(0.0, f64::max).sqrt();
    for at in 0..vectors.len() {
        let (before, rest) = vectors.split_at_mut(at);
        let vector = &mut rest[0];
        for other in before {
            let along = dot(vector, other);
            vector.iter_mut().zip(&*other).for_each(|(value, other)| *value -= along * other);
        }
        let length = dot(vector, vector).sqrt();
        let scale = if length > 1e-9 * longest { length.recip() } else { 0.0 };
        vector.iter_mut().for_each(|value| *value *= scale);
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// At half the length of a cycle there is a cosine and no sine: what rounding leaves of it is nothing.
    #[test]
    fn half_the_length_of_a_cycle_is_a_line() {
        let rows: Vec<f32> =
            (0..12).flat_map(|at| [1.0, if at % 2 == 0 { 2.0 } else { -2.0 }]).collect();
        let points = fourier_pair(&rows, 2, &(0..12).collect::<Vec<_>>(), 6);
        for (at, point) in points.chunks_exact(2).enumerate() {
            let expected = if at % 2 == 0 { 2.0 } else { -2.0 };
            assert!((point[0] - expected).abs() < 1e-6 && point[1] == 0.0, "{at}: {point:?}");
        }
    }
    use crate::rng::Rng;

    /// A plane in 10 dimensions, with a little noise off it.
    fn plane(n: usize) -> Vec<f32> {
        let mut rng = Rng::new(2);
        let mut axes = [(); 2].map(|()| (0..10).map(|_| rng.normal()).collect::<Vec<f64>>());
        orthonormalize(&mut axes);
        let mut rows = Vec::new();
        for _ in 0..n {
            let (a, b) = (5.0 * rng.normal(), 2.0 * rng.normal());
            rows.extend(
                (0..10)
                    .map(|i| (7.0 + a * axes[0][i] + b * axes[1][i] + 0.01 * rng.normal()) as f32),
            );
        }
        rows
    }

    #[test]
    fn pca_keeps_the_distances_of_a_plane() {
        let rows = plane(40);
        let points = pca(&rows, 10);
        let distance = |values: &[f32], d: usize, a: usize, b: usize| {
            let pairs = values[a * d..][..d].iter().zip(&values[b * d..][..d]);
            pairs.map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>().sqrt()
        };
        for (a, b) in (0..40).flat_map(|a| (0..a).map(move |b| (a, b))) {
            let (full, flat) = (distance(&rows, 10, a, b), distance(&points, 2, a, b));
            assert!((full - flat).abs() < 0.1, "{full} {flat}");
        }
        let spread = |axis: usize| points.iter().skip(axis).step_by(2).map(|v| v * v).sum::<f32>();
        assert!(spread(0) > spread(1));
    }

    #[test]
    fn the_fourier_pair_of_a_circle_is_the_circle() {
        let circle = |at: usize, k: usize| std::f64::consts::TAU * (at * k) as f64 / 17.0;
        let rows: Vec<f32> = (0..17)
            .flat_map(|at| [circle(at, 4).cos(), 0.3 * circle(at, 2).cos(), circle(at, 4).sin()])
            .map(|value| value as f32)
            .collect();
        let order: Vec<usize> = (0..17).collect();
        for (at, point) in fourier_pair(&rows, 3, &order, 4).chunks_exact(2).enumerate() {
            let expected = [circle(at, 4).cos(), circle(at, 4).sin()];
            assert!((f64::from(point[0]) - expected[0]).abs() < 1e-5, "{point:?}");
            assert!((f64::from(point[1]) - expected[1]).abs() < 1e-5, "{point:?}");
        }
    }

    #[test]
    fn tsne_keeps_clusters_apart() {
        let mut rng = Rng::new(3);
        let rows: Vec<f32> = (0..60)
            .flat_map(|at| [(); 6].map(|()| (10.0 * f64::from(at / 20) + rng.normal()) as f32))
            .collect();
        let points = tsne(&rows, 6, None);
        assert!(points.iter().all(|value| value.is_finite()));
        let nearest = |at: usize| {
            let distance = |other: usize| {
                (points[2 * at] - points[2 * other])
                    .hypot(points[2 * at + 1] - points[2 * other + 1])
            };
            let others = (0..60).filter(|&other| other != at);
            others.min_by(|&a, &b| distance(a).total_cmp(&distance(b))).unwrap()
        };
        assert!((0..60).all(|at| nearest(at) / 20 == at / 20));
        // Too few points for it are not refused.
        assert_eq!(tsne(&rows[..18], 6, None).len(), 6);
    }
}
