//! What a neuron knows of x, of y and of the two together, as averages over the table.
//!
//! A function over the table is split into functions of one number each, its margins: of the place of
//! x in the cycle, of y's, of their sum and of their difference; or, for a group, of x, of y and of the
//! answer. They hold every wave of one frequency, and every part in one irreducible representation, so
//! that a network of any size is read in one pass, without its activations being kept.

use super::waves::{Along, Harmonics, MARGINS};
use crate::algebra::{Cyclic, Group, Operation, Structure};
use crate::fused::cpu::gemm::product;
use crate::inspect::irreps::{self, Irrep, irreps};

/// Variance below this share of the mean square is rounding.
const ROUNDING: f64 = 1e-9;

/// How the table of an operation is read.
pub struct Axes {
    symbols: usize,
    /// By cell, row-major: the place on every margin; none where the cell is outside the cycle.
    places: Vec<Option<[u16; MARGINS]>>,
    /// Places of a margin.
    pub n: usize,
    /// Margins that are used.
    pub margins: usize,
    /// What the margins are split into.
    pub kind: Kind,
}

/// What a margin is split into.
pub enum Kind {
    /// Waves of the frequencies 1 to n / 2.
    Waves(Harmonics),
    /// Irreducible representations, the trivial one first.
    Irreps { names: Vec<String>, projectors: Vec<Vec<f32>> },
    /// Nothing is known of the operation.
    Nothing,
}

impl Axes {
    /// Finds what the operation is. Residues that are no sum are read as if they were one: a neuron may
    /// have a frequency of x or of y all the same.
    pub fn new(operation: &Operation) -> Axes {
        let symbols = operation.symbols();
        let cells = (0..symbols * symbols).map(|cell| (cell / symbols, cell % symbols));
        if let Structure::Group(group) = &operation.structure {
            return Axes::of_group(group, operation);
        }
        let is_full = cells.clone().all(|(x, y)| operation.apply(x, y).is_some());
        let as_sum = (operation.structure == Structure::Residues && is_full).then(|| Cyclic {
            n: symbols,
            index: (0..symbols).map(Some).collect(),
            root: None,
            a: 1,
            b: 1,
            c: 0,
        });
        let Some(cyclic) = Cyclic::of(operation).or(as_sum) else {
            let places = cells.map(|(x, y)| operation.apply(x, y).map(|_| [0; MARGINS])).collect();
            return Axes { symbols, places, n: 0, margins: 0, kind: Kind::Nothing };
        };
        let n = cyclic.n;
        let place = |(x, y): (usize, usize)| {
            let (i, j) = (cyclic.index[x]?, cyclic.index[y]?);
            let (u, v) = (cyclic.a * i, cyclic.b * j);
            Some([i, j, (u + v) % n, (u + n * n - v) % n].map(|place| place as u16))
        };
        let kind = Kind::Waves(Harmonics::new(&cyclic));
        Axes { symbols, places: cells.map(place).collect(), n, margins: MARGINS, kind }
    }

    fn of_group(group: &Group, operation: &Operation) -> Axes {
        let n = group.order();
        let answer = |x, y| operation.apply(x, y).unwrap_or_default();
        // Functions of x, of y and of the answer share nothing but their mean, if any two of the three
        // determine the third.
        let is_latin = (0..n).all(|fixed| {
            let mut seen = [vec![false; n], vec![false; n]];
            (0..n).all(|other| {
                let answers = [answer(fixed, other), answer(other, fixed)];
                (0..2).all(|side| !std::mem::replace(&mut seen[side][answers[side]], true))
            })
        });
        let cells = (0..n * n).map(|cell| (cell / n, cell % n));
        let irreps = irreps(group);
        Axes {
            symbols: n,
            places: cells.map(|(x, y)| Some([x, y, answer(x, y), 0].map(|p| p as u16))).collect(),
            n,
            margins: if is_latin { 3 } else { 2 },
            kind: Kind::Irreps {
                names: irreps::names(&irreps),
                projectors: irreps.iter().map(|irrep| Irrep::projector(irrep, group)).collect(),
            },
        }
    }

    /// What the parts of a neuron are called, in the order of [`Tuned::wave`].
    pub fn names(&self) -> Vec<String> {
        match &self.kind {
            Kind::Waves(harmonics) => (1..=harmonics.count()).map(|k| k.to_string()).collect(),
            Kind::Irreps { names, .. } => names[1..].to_vec(),
            Kind::Nothing => Vec::new(),
        }
    }

    /// The places of a cell on the margins; none where it is outside the cycle.
    pub fn places(&self, x: u16, y: u16) -> Option<&[u16]> {
        let places = self.places[usize::from(x) * self.symbols + usize::from(y)].as_ref()?;
        Some(&places[..self.margins])
    }
}

/// What one function over the table mostly is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tuned {
    /// The part with the most of its variance; none if it is the same everywhere.
    pub wave: Option<usize>,
    /// The share of its variance in that part, 0 to 1.
    pub share: f64,
}

/// The margins of several functions over the table at once.
pub struct Margins {
    /// Functions.
    columns: usize,
    /// Sums over the cells at each place, [margins · n, columns].
    sums: Vec<f32>,
    /// Over all cells: sum and sum of squares of each function.
    totals: Vec<[f64; 2]>,
    cells: usize,
}

impl Margins {
    /// The margins of `columns` functions, before the first cell.
    pub fn new(axes: &Axes, columns: usize) -> Margins {
        let sums = vec![0.0; axes.margins * axes.n * columns];
        Margins { columns, sums, totals: vec![[0.0; 2]; columns], cells: 0 }
    }

    /// Adds the values of every function, `[columns]`, in the cell of x and y.
    pub fn add(&mut self, axes: &Axes, x: u16, y: u16, values: &[f32]) {
        let Some(places) = axes.places(x, y) else { return };
        self.cells += 1;
        for (margin, &place) in places.iter().enumerate() {
            let row = (margin * axes.n + usize::from(place)) * self.columns;
            let sums = &mut self.sums[row..row + self.columns];
            sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
        }
        for (total, &value) in self.totals.iter_mut().zip(values) {
            let value = f64::from(value);
            total[0] += value;
            total[1] += value * value;
        }
    }

    /// The mean of each function over the cells of the cycle.
    pub fn means(&self) -> Vec<f32> {
        self.totals.iter().map(|total| (total[0] / self.cells.max(1) as f64) as f32).collect()
    }

    /// What `frequencies` add to each function at each place of each margin, [margins · n, columns];
    /// nothing if the operation has none.
    pub fn part(&self, axes: &Axes, frequencies: &[usize], along: Along) -> Vec<f32> {
        match &axes.kind {
            Kind::Waves(waves) => waves.part(&self.sums, self.columns, frequencies, along),
            _ => Vec::new(),
        }
    }

    /// Sums at each place of a margin, [n, columns].
    fn margin(&self, axes: &Axes, margin: usize) -> &[f32] {
        let length = axes.n * self.columns;
        &self.sums[margin * length..(margin + 1) * length]
    }

    /// What each function mostly is.
    pub fn tuned(&self, axes: &Axes) -> Vec<Tuned> {
        let powers = match &axes.kind {
            Kind::Waves(harmonics) => harmonics.powers(&self.sums, self.columns),
            Kind::Irreps { projectors, .. } => self.irreps(axes, projectors),
            Kind::Nothing => Vec::new(),
        };
        let cells = self.cells.max(1) as f64;
        let column = |(at, total): (usize, &[f64; 2])| {
            let (mean, square) = (total[0] / cells, total[1] / cells);
            let variance = square - mean * mean;
            if variance <= ROUNDING * square {
                return Tuned { wave: None, share: 0.0 };
            }
            let parts = powers.iter().map(|power| f64::from(power[at]) / variance).enumerate();
            let best = parts.max_by(|(_, a), (_, b)| a.total_cmp(b));
            match best {
                // Rounding can make a share of all a little more than that.
                Some((wave, share)) => Tuned { wave: Some(wave), share: share.min(1.0) },
                None => Tuned { wave: None, share: 0.0 },
            }
        };
        self.totals.iter().enumerate().map(column).collect()
    }

    /// The variance of each function in each representation but the trivial one.
    fn irreps(&self, axes: &Axes, projectors: &[Vec<f32>]) -> Vec<Vec<f32>> {
        let (n, columns) = (axes.n, self.columns);
        let part = |projector: &Vec<f32>| {
            let mut power = vec![0.0; columns];
            for margin in 0..axes.margins {
                let projected = product(projector, self.margin(axes, margin), [n, n, columns]);
                for row in projected.chunks_exact(columns) {
                    // A place is a mean over n cells, and there are n of them.
                    let scale = (n as f32).powi(-3);
                    let pairs = power.iter_mut().zip(row);
                    pairs.for_each(|(power, value)| *power += value * value * scale);
                }
            }
            power
        };
        projectors[1..].iter().map(part).collect()
    }
}
