//! The waves of one frequency over the table of a sum: their share of a function, and the function
//! without them.
//!
//! A frequency k has eight waves over the table: cosine and sine of k times x's place, of y's, of the
//! sum and of the difference (Nanda et al. 2023, whose `extract_freq_2d` takes the same space). Half the
//! length of the cycle has fewer, since there a sum and a difference are one, and a sine is 0. Where x's or y's
//! factor is no unit, several frequencies have a wave in common: it counts for each of them, and is taken away once.

use crate::algebra::Cyclic;
use crate::fused::cpu::gemm::product;
use crate::inspect::fourier::Waves;

/// How many margins a function over the table has: by x's place, by y's, by their sum and by their
/// difference.
pub const MARGINS: usize = 4;
/// The margin of the sum.
const SUM: usize = 2;

/// The waves of every frequency.
pub struct Harmonics {
    n: usize,
    /// By frequency, from 1: the margin and the frequency along it of each pair of waves.
    terms: Vec<Vec<(usize, usize)>>,
    waves: Waves,
}

/// Which waves are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Along {
    /// All eight.
    Everything,
    /// Cosine and sine of the sum, which are all that the answer depends on.
    Sum,
}

impl Harmonics {
    /// Those of a sum of `cyclic`'s length.
    pub fn new(cyclic: &Cyclic) -> Harmonics {
        let n = cyclic.n;
        let of = |k: usize| {
            let (x, y) = (cyclic.a * k % n, cyclic.b * k % n);
            // Each as its frequency along x's place and along y's.
            let pairs = [(SUM, k, (x, y)), (3, k, (x, n - y)), (0, x, (x, 0)), (1, y, (0, y))];
            let mut seen: Vec<(usize, usize)> = Vec::new();
            let mut terms = Vec::new();
            for (margin, along, (x, y)) in pairs {
                let (here, there) = ((x % n, y % n), ((n - x) % n, (n - y) % n));
                if here != (0, 0) && !seen.contains(&here) && !seen.contains(&there) {
                    seen.push(here);
                    terms.push((margin, along));
                }
            }
            terms
        };
        Harmonics { n, terms: (1..=n / 2).map(of).collect(), waves: Waves::new(n) }
    }

    /// How many frequencies there are.
    pub fn count(&self) -> usize {
        self.terms.len()
    }

    /// The variance of each function in the waves of each frequency, by frequency from 1. `sums` over
    /// the cells at each place of each margin are [margins · n, columns].
    pub fn powers(&self, sums: &[f32], columns: usize) -> Vec<Vec<f32>> {
        let mut powers = vec![vec![0.0; columns]; self.count()];
        for (margin, sums) in self.margins(sums, columns) {
            let chosen = self.chosen(1..=self.count(), margin, Along::Everything);
            let rows = self.coefficients(sums, columns, &chosen);
            for (&(k, along), pair) in chosen.iter().zip(rows.chunks_exact(2 * columns)) {
                let (cos, sin) = pair.split_at(columns);
                let pairs = powers[k - 1].iter_mut().zip(cos.iter().zip(sin));
                let weight = self.weight(along);
                pairs.for_each(|(power, (cos, sin))| *power += weight * (cos * cos + sin * sin));
            }
        }
        powers
    }

    /// What `frequencies` add to each function at each place of each margin, [margins · n, columns], as
    /// `sums` are.
    pub fn part(
        &self,
        sums: &[f32],
        columns: usize,
        frequencies: &[usize],
        along: Along,
    ) -> Vec<f32> {
        let mut part = vec![0.0; MARGINS * self.n * columns];
        for (margin, sums) in self.margins(sums, columns) {
            let mut chosen = self.chosen(frequencies.iter().copied(), margin, along);
            let mut seen = Vec::new();
            chosen.retain(|&(_, along)| {
                let wave = along.min(self.n - along);
                !seen.contains(&wave) && {
                    seen.push(wave);
                    true
                }
            });
            if chosen.is_empty() {
                continue;
            }
            let coefficients = self.coefficients(sums, columns, &chosen);
            let pairs = chosen.len() * 2;
            let basis = self.basis(&chosen, |along| self.weight(along));
            let mut turned = vec![0.0; basis.len()];
            for (row, values) in basis.chunks_exact(self.n).enumerate() {
                values.iter().enumerate().for_each(|(at, &v)| turned[at * pairs + row] = v);
            }
            let added = product(&turned, &coefficients, [self.n, pairs, columns]);
            part[margin * self.n * columns..][..added.len()].copy_from_slice(&added);
        }
        part
    }

    /// Each margin's own sums, [n, columns].
    fn margins<'a>(
        &self,
        sums: &'a [f32],
        columns: usize,
    ) -> impl Iterator<Item = (usize, &'a [f32])> + use<'a> {
        sums.chunks_exact(self.n * columns).enumerate()
    }

    /// The frequencies with waves on a margin: which, and their frequency along it.
    fn chosen(
        &self,
        frequencies: impl Iterator<Item = usize>,
        margin: usize,
        along: Along,
    ) -> Vec<(usize, usize)> {
        let terms = frequencies.flat_map(|k| self.terms[k - 1].iter().map(move |term| (k, term)));
        terms
            .filter(|(_, (on, _))| *on == margin && (along == Along::Everything || margin == SUM))
            .map(|(k, &(_, along))| (k, along))
            .collect()
    }

    /// The weight of a squared coefficient, a cosine's or a sine's, in a variance: 2, but 1 where the sine is
    /// 0 throughout.
    fn weight(&self, along: usize) -> f32 {
        if (2 * along).is_multiple_of(self.n) { 1.0 } else { 2.0 }
    }

    /// A row of cosines and a row of sines for each, [2 · chosen, n].
    fn basis(&self, chosen: &[(usize, usize)], scale: impl Fn(usize) -> f32) -> Vec<f32> {
        let mut basis = Vec::with_capacity(2 * chosen.len() * self.n);
        for &(_, along) in chosen {
            let scale = f64::from(scale(along));
            basis.extend((0..self.n).map(|at| (scale * self.waves.cos(along * at)) as f32));
            basis.extend((0..self.n).map(|at| (scale * self.waves.sin(along * at)) as f32));
        }
        basis
    }

    /// Means over the table of each function times each wave, [2 · chosen, columns].
    fn coefficients(&self, sums: &[f32], columns: usize, chosen: &[(usize, usize)]) -> Vec<f32> {
        if chosen.is_empty() {
            return Vec::new();
        }
        let cells = (self.n * self.n) as f32;
        let basis = self.basis(chosen, |_| 1.0 / cells);
        product(&basis, sums, [2 * chosen.len(), self.n, columns])
    }
}
