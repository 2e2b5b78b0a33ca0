//! What the neurons and the last row of a network say of its rule, for any operation.
//!
//! The progress measures of sums need residues. These do not: others found each of them to move before
//! a network generalises, and `grok gauge` says which of them helps a forecast here.

use nalgebra::DMatrix;

use super::{Measures, Synchrony};
use crate::algebra::{Cyclic, Operation, Structure};
use crate::data::Equation;
use crate::fused::cpu::Cpu;
use crate::fused::cpu::gemm::product;
use crate::fused::cpu::observe::Seen;
use crate::inspect::inside::asked;
use crate::inspect::irreps::{Irrep, irreps};
use crate::model::ModelConfig;

/// Variance below this share of the mean square is rounding.
const ROUNDING: f64 = 1e-9;
/// Parts that differ by less than this share are alike.
const TIE: f64 = 1e-4;

/// Measures networks of one shape on one operation.
pub struct Measurer {
    cpu: Cpu,
    n: usize,
    basis: Option<Basis>,
}

/// What functions of the answer are split into.
struct Basis {
    /// How many places answers have.
    n: usize,
    /// The place of each symbol, where it has one.
    place: Vec<Option<usize>>,
    parts: Vec<Part>,
}

/// A frequency, or an irreducible representation other than the trivial one.
struct Part {
    /// Squared lengths of what they make of a function are its power, [rows, n].
    rows: Vec<f32>,
    /// Dimensions of the space of such functions.
    rank: usize,
}

/// Functions over the table, added up by answer.
struct ByAnswer {
    columns: usize,
    /// Sums over the cells of each answer, by symbol, [n, columns].
    sums: Vec<f64>,
    counts: Vec<f64>,
    /// Sum of squares of each function.
    squares: Vec<f64>,
}

impl Measurer {
    /// For networks of `model`'s shape.
    pub fn new(operation: &Operation, model: &ModelConfig) -> Measurer {
        Measurer { cpu: Cpu::inference(model), n: operation.symbols(), basis: Basis::of(operation) }
    }

    /// `flat` are the parameters, `[P]`; `equations` the whole table.
    pub fn measure(&mut self, flat: &[f32], equations: &[Equation]) -> Measures {
        self.cpu.swap(&mut flat.to_vec());
        let program = self.cpu.program();
        let (d, answer, layer) = (program.d_model, program.answer, program.layers[0].clone());
        let columns = program.maps[layer.up].outputs;
        let mut neurons = ByAnswer::new(self.n, columns);
        let mut last = Vec::with_capacity(equations.len() * d);
        self.cpu.observe(equations, &mut |seen: Seen<'_>| {
            if seen.id == answer {
                last.extend_from_slice(seen.rows);
            } else if seen.id == layer.hidden {
                for (equation, row) in asked(&layer, &seen, columns) {
                    neurons.add(equation.answer.into(), row);
                }
            }
        });
        Measures {
            spectral_entropy: spectral_entropy(&last, d),
            answer_share: neurons.share(),
            synchrony: self.basis.as_ref().map(|basis| basis.synchrony(&neurons)),
        }
    }
}

impl Basis {
    fn of(operation: &Operation) -> Option<Basis> {
        if let Structure::Group(group) = &operation.structure {
            let n = group.order();
            let part = |irrep: &Irrep| Part { rows: irrep.projector(group), rank: irrep.rank() };
            let parts = irreps(group)[1..].iter().map(part).collect();
            return Some(Basis { n, place: (0..n).map(Some).collect(), parts });
        }
        let cyclic = Cyclic::of(operation)?;
        Some(Basis { n: cyclic.n, parts: frequencies(cyclic.n), place: cyclic.index })
    }

    fn synchrony(&self, neurons: &ByAnswer) -> Synchrony {
        let (n, columns) = (self.n, neurons.columns);
        let means = neurons.means(n, &self.place);
        let powers: Vec<Vec<f64>> = self.parts.iter().map(|part| part.power(&means, n)).collect();
        let mut strongest = vec![0usize; self.parts.len()];
        let (mut purity, mut alive) = (0.0, 0usize);
        for column in (0..columns).filter(|&column| neurons.is_alive(column)) {
            let total: f64 = powers.iter().map(|power| power[column]).sum();
            // It may fire for answers alone that have no place.
            if total <= ROUNDING * neurons.spread(column).0 {
                continue;
            }
            let of = |at: usize| powers[at][column] / total;
            // A large representation has more of any function.
            let each = |at: usize| of(at) / self.parts[at].rank as f64;
            let most = (0..self.parts.len()).map(each).fold(0.0, f64::max);
            // One that fires for a single answer has as much of each: the first of them counts.
            let best = (0..self.parts.len()).find(|&at| each(at) >= (1.0 - TIE) * most);
            let best = best.expect("one of them has most");
            strongest[best] += 1;
            let null = self.parts[best].rank as f64 / (n - 1) as f64;
            purity += if null < 1.0 { ((of(best) - null) / (1.0 - null)).max(0.0) } else { 1.0 };
            alive += 1;
        }
        let chance = 1.0 / self.parts.len() as f64;
        let peak = *strongest.iter().max().expect("there are parts") as f64 / alive.max(1) as f64;
        let beyond = if chance < 1.0 { (peak - chance) / (1.0 - chance) } else { 1.0 };
        Synchrony { synchronisation: beyond.max(0.0), purity: purity / alive.max(1) as f64 }
    }
}

impl Part {
    /// The squared length of the part of each function in it; `functions` are [n, columns].
    fn power(&self, functions: &[f32], n: usize) -> Vec<f64> {
        let columns = functions.len() / n;
        let found = product(&self.rows, functions, [self.rows.len() / n, n, columns]);
        let mut power = vec![0.0; columns];
        for row in found.chunks_exact(columns) {
            power.iter_mut().zip(row).for_each(|(power, &v)| *power += f64::from(v).powi(2));
        }
        power
    }
}

/// The frequencies 1 to n / 2 of a cycle.
fn frequencies(n: usize) -> Vec<Part> {
    let wave = |k: usize, scale: f64, turn: f64| {
        let angle = std::f64::consts::TAU * k as f64 / n as f64;
        (0..n).map(move |at| (scale * (angle * at as f64 - turn).cos()) as f32)
    };
    let part = |k: usize| {
        // At half the length of the cycle the sine is 0 throughout.
        if 2 * k == n {
            return Part { rows: wave(k, (1.0 / n as f64).sqrt(), 0.0).collect(), rank: 1 };
        }
        let scale = (2.0 / n as f64).sqrt();
        let rows = wave(k, scale, 0.0).chain(wave(k, scale, std::f64::consts::FRAC_PI_2));
        Part { rows: rows.collect(), rank: 2 }
    };
    (1..=n / 2).map(part).collect()
}

impl ByAnswer {
    fn new(n: usize, columns: usize) -> ByAnswer {
        let [sums, squares] = [n * columns, columns].map(|length| vec![0.0; length]);
        ByAnswer { columns, sums, counts: vec![0.0; n], squares }
    }

    fn add(&mut self, answer: usize, values: &[f32]) {
        self.counts[answer] += 1.0;
        let sums = &mut self.sums[answer * self.columns..(answer + 1) * self.columns];
        for ((sum, square), &value) in sums.iter_mut().zip(&mut self.squares).zip(values) {
            let value = f64::from(value);
            *sum += value;
            *square += value * value;
        }
    }

    fn cells(&self) -> f64 {
        self.counts.iter().sum()
    }

    /// Over the table: mean square and variance of a function.
    fn spread(&self, column: usize) -> (f64, f64) {
        let cells = self.cells();
        let sum: f64 = self.sums.iter().skip(column).step_by(self.columns).sum();
        let square = self.squares[column] / cells;
        (square, square - (sum / cells).powi(2))
    }

    /// Whether a function is not the same everywhere.
    fn is_alive(&self, column: usize) -> bool {
        let (square, variance) = self.spread(column);
        variance > ROUNDING * square
    }

    /// The mean of each function at each place, [n, columns].
    fn means(&self, n: usize, place: &[Option<usize>]) -> Vec<f32> {
        let mut means = vec![0.0; n * self.columns];
        let rows = self.sums.chunks_exact(self.columns).zip(&self.counts).zip(place);
        for ((sums, &count), at) in rows {
            let (Some(at), true) = (at, count > 0.0) else { continue };
            let means = &mut means[at * self.columns..(at + 1) * self.columns];
            means.iter_mut().zip(sums).for_each(|(mean, sum)| *mean = (sum / count) as f32);
        }
        means
    }

    /// See [`Measures::answer_share`].
    fn share(&self) -> f64 {
        let answers = self.counts.iter().filter(|&&count| count > 0.0).count() as f64;
        let cells = self.cells();
        // The expected share of a partition into so many classes, drawn by lot.
        let null = (answers - 1.0) / (cells - 1.0).max(1.0);
        let (mut total, mut alive) = (0.0, 0usize);
        for column in (0..self.columns).filter(|&column| self.is_alive(column)) {
            let (square, variance) = self.spread(column);
            let rows = self.sums.chunks_exact(self.columns).zip(&self.counts);
            let between = rows
                .filter(|(_, count)| **count > 0.0)
                .map(|(sums, count)| sums[column] * sums[column] / count)
                .sum::<f64>()
                / cells;
            let share = (between - (square - variance)) / variance;
            total += ((share - null) / (1.0 - null)).clamp(0.0, 1.0);
            alive += 1;
        }
        total / alive.max(1) as f64
    }
}

/// See [`Measures::spectral_entropy`]; `rows` are [cells, d].
fn spectral_entropy(rows: &[f32], d: usize) -> f64 {
    let rows = DMatrix::from_iterator(d, rows.len() / d, rows.iter().map(|&v| f64::from(v)));
    let eigenvalues = (&rows * rows.transpose()).symmetric_eigenvalues();
    let total: f64 = eigenvalues.iter().map(|value| value.max(0.0)).sum();
    let shares = eigenvalues.iter().map(|value| value / total).filter(|&share| share > 0.0);
    -shares.map(|share| share * share.ln()).sum::<f64>() / (d as f64).ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::algebra::{BinaryOp, Group, GroupId};
    use crate::rng::Rng;

    fn operation(id: &str, p: u32) -> Operation {
        Operation::new(BinaryOp::find(id).unwrap(), p, "", "").unwrap()
    }

    /// Functions over a whole table, of x, y and the answer.
    fn gather(
        operation: &Operation,
        functions: &[&dyn Fn(usize, usize, usize) -> f32],
    ) -> ByAnswer {
        let n = operation.symbols();
        let mut gathered = ByAnswer::new(n, functions.len());
        for (x, y) in (0..n * n).map(|cell| (cell / n, cell % n)) {
            let answer = operation.apply(x, y).unwrap();
            let values: Vec<f32> =
                functions.iter().map(|function| function(x, y, answer)).collect();
            gathered.add(answer, &values);
        }
        gathered
    }

    #[test]
    fn what_depends_on_the_answer_alone_is_told_from_what_does_not() {
        let operation = operation("s4", 0);
        let wave = |at: usize| (at as f32 * 1.7).sin();
        let by_answer = |_: usize, _: usize, answer: usize| wave(answer);
        let by_x = |x: usize, _: usize, _: usize| wave(x);
        let same = |_: usize, _: usize, _: usize| 3.0;
        let share = |functions: &[&dyn Fn(usize, usize, usize) -> f32]| {
            gather(&operation, functions).share()
        };
        assert!((share(&[&by_answer]) - 1.0).abs() < 1e-6);
        // In a group every answer has every x once.
        assert_eq!(share(&[&by_x]), 0.0);
        // Half of a sum of two independent parts of the same variance, less 23 of 575 by lot.
        let both = |x: usize, _: usize, answer: usize| wave(x) + wave(answer);
        let null = 23.0 / 575.0;
        assert!((share(&[&both]) - (0.5 - null) / (1.0 - null)).abs() < 1e-4);
        assert!((share(&[&by_answer, &same]) - 1.0).abs() < 1e-6, "a dead neuron does not count");
    }

    #[test]
    fn one_frequency_is_pure_and_in_step_and_several_are_pure_alone() {
        let operation = operation("add", 31);
        let basis = Basis::of(&operation).unwrap();
        let wave = |k: usize, turn: f32| {
            move |_: usize, _: usize, answer: usize| {
                (std::f32::consts::TAU * (k * answer) as f32 / 31.0 + turn).cos()
            }
        };
        let (a, b, c) = (wave(3, 0.0), wave(3, 1.0), wave(5, 0.5));
        let found = basis.synchrony(&gather(&operation, &[&a, &b]));
        assert!((found.purity - 1.0).abs() < 1e-5 && (found.synchronisation - 1.0).abs() < 1e-9);
        let found = basis.synchrony(&gather(&operation, &[&a, &b, &c]));
        // Two of three, where one of fifteen is chance.
        let expected = (2.0 / 3.0 - 1.0 / 15.0) / (1.0 - 1.0 / 15.0);
        assert!((found.purity - 1.0).abs() < 1e-5);
        assert!((found.synchronisation - expected).abs() < 1e-9);
    }

    /// The entries of permutation matrices lie in the trivial representation and in one of dimension 4;
    /// the sign is one of dimension 1.
    #[test]
    fn representations_of_a_group_are_found() {
        let group = Group::new(GroupId::S5, 0);
        let operation = operation("s5", 0);
        let basis = Basis::of(&operation).unwrap();
        assert_eq!(basis.parts.iter().map(|part| part.rank).sum::<usize>(), 119);
        let image = |element: usize| {
            let digit = group.names()[element].bytes().filter(u8::is_ascii_digit).nth(1);
            usize::from(digit.unwrap() - b'0')
        };
        let entry = |_: usize, _: usize, answer: usize| f32::from(image(answer) == 2);
        let other = |_: usize, _: usize, answer: usize| f32::from(image(answer) == 4);
        let found = basis.synchrony(&gather(&operation, &[&entry, &other]));
        assert!(found.purity > 0.999 && found.synchronisation > 0.999, "{found:?}");
        let mut rng = Rng::new(3);
        let noise: Vec<f32> = (0..120).map(|_| rng.normal() as f32).collect();
        let random = |_: usize, _: usize, answer: usize| noise[answer];
        let found = basis.synchrony(&gather(&operation, &[&random]));
        assert!(found.purity < 0.2, "{found:?}");
    }

    /// A spectrum that is worked by hand: two directions, one with three times the power.
    #[test]
    fn the_entropy_is_that_of_the_spectrum() {
        let rows = [3.0f32.sqrt(), 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0];
        let expected = -(0.75 * 0.75f64.ln() + 0.25 * 0.25f64.ln()) / 4f64.ln();
        assert!((spectral_entropy(&rows, 4) - expected).abs() < 1e-6);
        let even: Vec<f32> = (0..16).map(|at| f32::from(u8::from(at / 4 == at % 4))).collect();
        assert!((spectral_entropy(&even, 4) - 1.0).abs() < 1e-9);
        assert!(spectral_entropy(&[1.0, 1.0, 2.0, 2.0], 2).abs() < 1e-9);
    }

    /// Also where nothing is known of the operation; tests/inside.rs has what is measured.
    #[test]
    fn any_operation_is_measured() {
        use crate::config::Config;
        use crate::data::Table;

        for (id, has_waves) in [("add", true), ("div", true), ("s3", true), ("cube1", false)] {
            let settings = [("operation", id), ("modulus", "7"), ("width", "16"), ("layers", "2")];
            let settings = settings.map(|(id, value)| (id.to_string(), value.to_string()));
            let config = Config::default().with(&settings.into()).unwrap();
            let table = Table::new(config.operation());
            let model = ModelConfig::new(&config, table.symbols);
            let weights = model.draw(&Rng::new(0));
            let mut measurer = Measurer::new(config.operation(), &model);
            let found = measurer.measure(&weights, &table.equations);
            assert_eq!(found.synchrony.is_some(), has_waves, "{id}");
            let waves = found.synchrony.map_or([0.0; 2], |it| [it.synchronisation, it.purity]);
            for value in [found.spectral_entropy, found.answer_share, waves[0], waves[1]] {
                assert!((0.0..=1.0).contains(&value), "{id}: {found:?}");
            }
        }
    }
}
