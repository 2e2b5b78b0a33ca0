//! How much of a matrix with one row per group element lies in each irreducible representation
//! (Chughtai, Chan and Nanda 2023, "A toy model of universality").
//!
//! The projectors come from the group's own table: class sums commute, symmetrised ones are
//! self-adjoint, and the joint eigenvectors of all of them are the characters (Burnside). A pair of
//! complex-conjugate representations is taken as one, since the matrices are real.

use serde::Serialize;

use crate::algebra::Group;
use crate::rng::Rng;

/// An irreducible representation over the real numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Irrep {
    /// Dimension of the representation, or of one of a complex-conjugate pair.
    pub dimension: usize,
    /// Whether it is a pair of complex-conjugate ones.
    pub is_pair: bool,
    /// The idempotent e of the group algebra, one value per element: W ↦ Σ_g e(g) W[g · ].
    idempotent: Vec<f64>,
}

/// Shares of the squared length of a matrix; they sum to 1.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Power {
    /// Such as "4" or "4′", by dimension, the trivial one first.
    pub name: String,
    /// Share of the embedding, 0 to 1.
    pub embedding: f64,
    /// Share of the output matrix, 0 to 1.
    pub unembedding: f64,
}

/// The irreducible representations of `group`, the trivial one first, then by dimension.
pub fn irreps(group: &Group) -> Vec<Irrep> {
    let n = group.order();
    let class = group.real_classes();
    let k = class.iter().max().expect("a group has an element") + 1;
    let mut size = vec![0.0f64; k];
    class.iter().for_each(|&c| size[c] += 1.0);
    let first: Vec<usize> = (0..k)
        .map(|c| class.iter().position(|&other| other == c).expect("no empty class"))
        .collect();
    // A generic class function, the same for an element and its inverse.
    let mut rng = Rng::new(0).fork("irreps");
    let weight: Vec<f64> = (0..k).map(|_| rng.uniform()).collect();
    // Its convolution with the indicator of class j, at class i, in orthonormal coordinates.
    let mut matrix = vec![0.0; k * k];
    for i in 0..k {
        for h in 0..n {
            // weight(g h⁻¹) summed over h in class j, at g in class i.
            let quotient = group.product(first[i], group.inverse(h));
            let j = class[h];
            matrix[i * k + j] += weight[class[quotient]] * (size[i] / size[j]).sqrt();
        }
    }
    let vectors = eigenvectors(matrix, k);
    let mut irreps: Vec<Irrep> = vectors
        .iter()
        .map(|vector| {
            // An idempotent is its own square: e = v · v(1) |G| scaled so that e ∗ e = e.
            let function: Vec<f64> =
                (0..n).map(|g| vector[class[g]] / size[class[g]].sqrt()).collect();
            let at_one: f64 =
                (0..n).map(|g| function[g] * function[group.inverse(g)]).sum::<f64>() / function[0];
            let idempotent: Vec<f64> = function.iter().map(|value| value / at_one).collect();
            // e(1) = d² / |G|, or twice that for a pair.
            let square = idempotent[0] * n as f64;
            let alone = square.sqrt().round();
            let is_pair = (alone * alone - square).abs() > 0.1;
            let dimension = if is_pair { (square / 2.0).sqrt().round() } else { alone } as usize;
            Irrep { dimension, is_pair, idempotent }
        })
        .collect();
    irreps.sort_by_key(|irrep| {
        let trivial =
            irrep.idempotent.iter().all(|value| (value - irrep.idempotent[0]).abs() < 1e-6);
        (!trivial, irrep.dimension * if irrep.is_pair { 2 } else { 1 })
    });
    irreps
}

/// What they are called, by dimension: 4 and 4′, or 1 + 1 for a complex-conjugate pair.
pub(super) fn names(irreps: &[Irrep]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for irrep in irreps {
        let mut name = match irrep.is_pair {
            true => format!("{0} + {0}", irrep.dimension),
            false => irrep.dimension.to_string(),
        };
        while names.contains(&name) {
            name.push('′');
        }
        names.push(name);
    }
    names
}

impl Irrep {
    /// Dimensions of the space of functions on the group that lie in it.
    #[cfg(feature = "cli")]
    pub(super) fn rank(&self) -> usize {
        self.dimension * self.dimension * if self.is_pair { 2 } else { 1 }
    }

    /// The projection of functions on the group to this representation, [|G|, |G|].
    pub(super) fn projector(&self, group: &Group) -> Vec<f32> {
        let n = group.order();
        let mut projector = vec![0.0; n * n];
        for (g, &value) in self.idempotent.iter().enumerate() {
            for h in 0..n {
                projector[h * n + group.product(g, h)] = value as f32;
            }
        }
        projector
    }

    /// Squared length of the part of `rows` [|G|, d] in it.
    fn power(&self, group: &Group, rows: &[f32], d: usize) -> f64 {
        let n = group.order();
        let mut total = 0.0;
        let mut projected = vec![0.0; d];
        for h in 0..n {
            projected.fill(0.0);
            for (g, &value) in self.idempotent.iter().enumerate().filter(|(_, e)| e.abs() > 1e-12) {
                let row = group.product(g, h) * d;
                for (slot, &entry) in projected.iter_mut().zip(&rows[row..row + d]) {
                    *slot += value * f64::from(entry);
                }
            }
            total += projected.iter().map(|value| value * value).sum::<f64>();
        }
        total
    }
}

/// The shares of each representation in embedding and unembedding, [|G|, d] each.
pub fn powers(
    group: &Group,
    irreps: &[Irrep],
    embedding: &[f32],
    unembedding: &[f32],
) -> Vec<Power> {
    let d = embedding.len() / group.order();
    let share = |rows: &[f32]| -> Vec<f64> {
        let powers: Vec<f64> = irreps.iter().map(|irrep| irrep.power(group, rows, d)).collect();
        let total = powers.iter().sum::<f64>().max(1e-30);
        powers.iter().map(|power| power / total).collect()
    };
    let shares = share(embedding).into_iter().zip(share(unembedding));
    names(irreps)
        .into_iter()
        .zip(shares)
        .map(|(name, (embedding, unembedding))| Power { name, embedding, unembedding })
        .collect()
}

/// The eigenvectors of a symmetric k x k matrix, by Jacobi's rotations.
fn eigenvectors(mut matrix: Vec<f64>, k: usize) -> Vec<Vec<f64>> {
    let mut vectors: Vec<f64> =
        (0..k * k).map(|at| f64::from(u8::from(at / k == at % k))).collect();
    for _ in 0..60 {
        for p in 0..k {
            for q in p + 1..k {
                let off = matrix[p * k + q];
                if off.abs() < 1e-300 {
                    continue;
                }
                let theta = (matrix[q * k + q] - matrix[p * k + p]) / (2.0 * off);
                let tan = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
                let tan = if theta == 0.0 { 1.0 } else { tan };
                let cos = 1.0 / (tan * tan + 1.0).sqrt();
                let sin = tan * cos;
                for i in 0..k {
                    let (a, b) = (matrix[i * k + p], matrix[i * k + q]);
                    matrix[i * k + p] = cos * a - sin * b;
                    matrix[i * k + q] = sin * a + cos * b;
                }
                for i in 0..k {
                    let (a, b) = (matrix[p * k + i], matrix[q * k + i]);
                    matrix[p * k + i] = cos * a - sin * b;
                    matrix[q * k + i] = sin * a + cos * b;
                    let (a, b) = (vectors[i * k + p], vectors[i * k + q]);
                    vectors[i * k + p] = cos * a - sin * b;
                    vectors[i * k + q] = sin * a + cos * b;
                }
            }
        }
    }
    (0..k).map(|column| (0..k).map(|row| vectors[row * k + column]).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::algebra::GroupId;

    #[test]
    fn dimensions_are_those_of_the_character_tables() {
        let cases: [(GroupId, &[usize], usize); 7] = [
            (GroupId::S3, &[1, 1, 2], 0),
            (GroupId::S4, &[1, 1, 2, 3, 3], 0),
            (GroupId::S5, &[1, 1, 4, 4, 5, 5, 6], 0),
            (GroupId::A4, &[1, 1, 3], 1),
            (GroupId::A5, &[1, 3, 3, 4, 5], 0),
            (GroupId::Dihedral, &[1, 1, 2, 2, 2], 0),
            (GroupId::Quaternions, &[1, 1, 1, 1, 2], 0),
        ];
        for (id, dimensions, pairs) in cases {
            let irreps = irreps(&Group::new(id, 7));
            let found: Vec<usize> = irreps.iter().map(|irrep| irrep.dimension).collect();
            assert_eq!(found, dimensions, "{id:?}");
            assert_eq!(irreps.iter().filter(|irrep| irrep.is_pair).count(), pairs, "{id:?}");
        }
    }

    #[test]
    fn powers_add_up_to_the_whole_and_find_a_representation() {
        let group = Group::new(GroupId::S5, 0);
        let irreps = irreps(&group);
        let mut rng = Rng::new(4);
        let rows: Vec<f32> = (0..120 * 8).map(|_| rng.normal() as f32).collect();
        let whole: f64 = rows.iter().map(|&v| f64::from(v).powi(2)).sum();
        let parts: f64 = irreps.iter().map(|irrep| irrep.power(&group, &rows, 8)).sum();
        assert!((parts / whole - 1.0).abs() < 1e-6, "{}", parts / whole);
        // Permutation matrices are the trivial representation and one of dimension 4.
        let matrices: Vec<f32> = group
            .names()
            .iter()
            .flat_map(|name| {
                name.bytes()
                    .filter(u8::is_ascii_digit)
                    .flat_map(|image| (0..5).map(move |at| f32::from(u8::from(image - b'0' == at))))
            })
            .collect();
        let found = powers(&group, &irreps, &matrices, &matrices);
        let of = |name: &str| found.iter().find(|power| power.name == name).unwrap().embedding;
        let fours = [of("4"), of("4′")];
        assert!((of("1") - 0.2).abs() < 1e-9, "{found:?}");
        assert!(
            (fours[0] + fours[1] - 0.8).abs() < 1e-9 && fours[0] * fours[1] < 1e-9,
            "{found:?}"
        );
    }
}
