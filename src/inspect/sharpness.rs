//! How steeply the training loss rises around the weights (Keskar et al. 2017, metric 2.1; Power et
//! al. 2022, appendix A.5).
//!
//! φ = 100 · (max f(x + A y) − f(x)) / (1 + f(x)) over the box |yᵢ| ≤ ε (|(A⁺x)ᵢ| + 1), where A⁺ has ten
//! random unit rows and A is its pseudoinverse. Written from the formula: the script that the
//! paper released minimises where it should maximise, and keeps gradients between batches.

use super::parts::breathe;
use crate::rng::Rng;

const DIRECTIONS: usize = 10;
const EPSILON: f64 = 1e-3;
/// Evaluations of the loss, beside the two that the ascents start with.
const ITERATIONS: usize = 10;

/// `loss` gives f and its gradient, both at the same point.
pub async fn sharpness(
    x: &[f32],
    rng: &Rng,
    mut loss: impl AsyncFnMut(&[f32]) -> (f64, Vec<f32>),
) -> f64 {
    let mut rng = rng.fork("sharpness");
    let space = Subspace::new(x, &mut rng).await;
    let width = space.widths();
    // At a minimum the slope is zero everywhere: a second ascent starts beside it.
    let aside: Vec<f64> = width.iter().map(|w| w * (2.0 * rng.uniform() - 1.0)).collect();
    let (mut start, mut best) = (None, f64::NEG_INFINITY);
    for mut y in [vec![0.0; DIRECTIONS], aside] {
        let (mut value, gradient) = loss(&space.point(&y)).await;
        let mut slopes = space.slopes(&gradient);
        start = start.or(Some(value));
        // Towards the corner that the slopes point to, less far where that goes down (Frank and
        // Wolfe 1956).
        let mut share = 1.0;
        for _ in 0..ITERATIONS / 2 {
            let next: Vec<f64> = (0..DIRECTIONS)
                .map(|i| y[i] + share * (width[i] * slopes[i].signum() - y[i]))
                .collect();
            let (next_value, gradient) = loss(&space.point(&next)).await;
            if next_value > value {
                (y, value, slopes) = (next, next_value, space.slopes(&gradient));
            } else {
                share /= 3.0;
            }
        }
        best = best.max(value);
    }
    let start = start.expect("two ascents were made");
    100.0 * (best - start) / (1.0 + start)
}

/// The points x + A y.
struct Subspace<'a> {
    x: &'a [f32],
    /// The rows of A⁺.
    rows: Vec<Vec<f64>>,
    /// (A⁺ A⁺ᵀ)⁻¹, so that A = A⁺ᵀ times it.
    inverse: Vec<Vec<f64>>,
}

impl<'a> Subspace<'a> {
    async fn new(x: &'a [f32], rng: &mut Rng) -> Subspace<'a> {
        let rows = directions(x.len(), rng).await;
        let mut gram: Vec<Vec<f64>> = Vec::new();
        for a in &rows {
            breathe().await;
            gram.push(rows.iter().map(|b| a.iter().zip(b).map(|(a, b)| a * b).sum()).collect());
        }
        Subspace { x, rows, inverse: inverse(gram) }
    }

    /// A⁺ times a vector.
    fn along(&self, values: &[f32]) -> Vec<f64> {
        let row = |row: &Vec<f64>| row.iter().zip(values).map(|(a, &b)| a * f64::from(b)).sum();
        self.rows.iter().map(row).collect()
    }

    fn times_inverse(&self, y: &[f64]) -> Vec<f64> {
        let row = |row: &Vec<f64>| row.iter().zip(y).map(|(a, b)| a * b).sum();
        self.inverse.iter().map(row).collect()
    }

    /// How far each coordinate goes from 0.
    fn widths(&self) -> Vec<f64> {
        self.along(self.x).into_iter().map(|along| EPSILON * (along.abs() + 1.0)).collect()
    }

    fn point(&self, y: &[f64]) -> Vec<f32> {
        let weights = self.times_inverse(y);
        let moved = |i: usize| -> f64 {
            self.rows.iter().zip(&weights).map(|(row, weight)| row[i] * weight).sum()
        };
        (0..self.x.len()).map(|i| (f64::from(self.x[i]) + moved(i)) as f32).collect()
    }

    /// The gradient over y of a function with this gradient over x.
    fn slopes(&self, gradient: &[f32]) -> Vec<f64> {
        self.times_inverse(&self.along(gradient))
    }
}

/// Random unit rows of so many entries.
async fn directions(length: usize, rng: &mut Rng) -> Vec<Vec<f64>> {
    let mut rows: Vec<Vec<f64>> = Vec::new();
    for _ in 0..DIRECTIONS {
        breathe().await;
        let row: Vec<f64> = (0..length).map(|_| rng.normal()).collect();
        let norm = row.iter().map(|v| v * v).sum::<f64>().sqrt();
        rows.push(row.iter().map(|v| v / norm).collect());
    }
    rows
}

/// By Gauss and Jordan, of a matrix that has one.
fn inverse(mut matrix: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let n = matrix.len();
    let mut inverse: Vec<Vec<f64>> =
        (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    for pivot in 0..n {
        let scale = matrix[pivot][pivot];
        for column in 0..n {
            matrix[pivot][column] /= scale;
            inverse[pivot][column] /= scale;
        }
        for row in (0..n).filter(|&row| row != pivot) {
            let factor = matrix[row][pivot];
            for column in 0..n {
                matrix[row][column] -= factor * matrix[pivot][column];
                inverse[row][column] -= factor * inverse[pivot][column];
            }
        }
    }
    inverse
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(x: &[f32], seed: u64, mut loss: impl FnMut(&[f32]) -> (f64, Vec<f32>)) -> f64 {
        pollster::block_on(sharpness(x, &Rng::new(seed), async |x: &[f32]| loss(x)))
    }

    /// A bowl that is steeper in some coordinates than in others.
    fn bowl(steepness: f64) -> impl FnMut(&[f32]) -> (f64, Vec<f32>) {
        move |x| {
            let scale = |i: usize| steepness * (1 + i % 5) as f64;
            let value = x.iter().enumerate().map(|(i, &v)| scale(i) * f64::from(v).powi(2)).sum();
            let gradient = x
                .iter()
                .enumerate()
                .map(|(i, &v)| (2.0 * scale(i) * f64::from(v)) as f32)
                .collect();
            (value, gradient)
        }
    }

    /// The most that the corners of the box give, for a convex function the maximum: the box has
    /// 2¹⁰ corners, all at y = ±width, tried through the function under test's own random rows.
    fn corners(x: &[f32], steepness: f64) -> f64 {
        let mut rng = Rng::new(5).fork("sharpness");
        let rows = pollster::block_on(directions(x.len(), &mut rng));
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let gram = rows.iter().map(|a| rows.iter().map(|b| dot(a, b)).collect()).collect();
        let inverse = inverse(gram);
        let x64: Vec<f64> = x.iter().map(|&v| f64::from(v)).collect();
        let mut f = bowl(steepness);
        let start = f(x).0;
        let best = (0..1 << DIRECTIONS).map(|corner| {
            let y: Vec<f64> = (0..DIRECTIONS)
                .map(|i| {
                    let width = EPSILON * (dot(&rows[i], &x64).abs() + 1.0);
                    if corner >> i & 1 == 1 { width } else { -width }
                })
                .collect();
            let weights: Vec<f64> = inverse.iter().map(|row| dot(row, &y)).collect();
            let point: Vec<f32> = (0..x.len())
                .map(|i| {
                    let moved: f64 = (0..DIRECTIONS).map(|k| rows[k][i] * weights[k]).sum();
                    (x64[i] + moved) as f32
                })
                .collect();
            f(&point).0
        });
        100.0 * (best.fold(0.0, f64::max) - start) / (1.0 + start)
    }

    #[test]
    fn finds_the_corner_of_the_box_that_is_highest() {
        for steepness in [0.5, 50.0] {
            let x: Vec<f32> = (0..40).map(|i| 0.3 * (i as f32).sin()).collect();
            let (found, expected) = (of(&x, 5, bowl(steepness)), corners(&x, steepness));
            assert!((found / expected - 1.0).abs() < 0.02, "{found} {expected}");
        }
        // At the bottom of the bowl every direction goes up, and which corner is found depends on
        // where the ascent starts: it is a local maximum, as that of any such search.
        let (found, expected) = (of(&[0.0; 40], 5, bowl(50.0)), corners(&[0.0; 40], 50.0));
        assert!(found > 0.4 * expected && found <= 1.001 * expected, "{found} {expected}");
    }

    #[test]
    fn a_plain_is_not_sharp() {
        assert_eq!(of(&[1.0; 30], 1, |x| (2.0, vec![0.0; x.len()])), 0.0);
    }
}
