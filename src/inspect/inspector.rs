//! Looks into networks of one shape on one operation.

use std::rc::Rc;

use super::clock::{self, Clock};
use super::fourier::{self, fourier, rule_scores};
use super::inside::{self, Ablated, Axes, Cut, Fill, Inside, Scan};
use super::irreps::{Irrep, irreps, powers};
use super::parts::{Work, breathe};
use super::points::{self, Matrix, Method, fourier_pair, pca, tsne};
use super::rule::{self, Rule, Scores};
use super::sharpness::sharpness;
use super::{Inspection, Parts, Prediction, Watch, loss};
use crate::algebra::{Cyclic, Group, Operation, Structure};
use crate::data::Equation;
use crate::error::Result;
use crate::fused::cpu::{CHUNK, Cpu};
use crate::model::ModelConfig;
use crate::rng::Rng;

/// Equations whose slopes are taken without a rest.
const SLOPES: usize = 256;

/// Inspects networks of one shape on one operation.
pub struct Inspector {
    model: ModelConfig,
    cyclic: Option<Cyclic>,
    group: Option<(Group, Vec<Irrep>)>,
    /// Computes logits, and slopes of the loss itself, wherever and however the network is trained.
    cpu: Cpu,
    /// The last t-SNE of each matrix, where the next starts.
    last: [Option<Vec<f32>>; 2],
    operation: Operation,
    /// How the table is read; made when a network is first looked into.
    axes: Option<Rc<Axes>>,
    /// The last network that was looked into, and what was found.
    scanned: Option<Scanned>,
}

/// What is the same for everything that is taken away from one network.
struct Scanned {
    parameters: Vec<f32>,
    held_out: Vec<bool>,
    scan: Scan,
    rule: Option<Rule>,
}

impl Inspector {
    /// For networks of `model`'s shape; finds out what the operation is.
    pub fn new(operation: &Operation, model: &ModelConfig) -> Inspector {
        let group = match &operation.structure {
            Structure::Group(group) => Some((group.clone(), irreps(group))),
            _ => None,
        };
        Inspector {
            cyclic: Cyclic::of(operation),
            group,
            // A gradient whose rows have lost their mean is not the loss's slope.
            cpu: Cpu::inference(&ModelConfig { zero_sum: false, ..model.clone() }),
            model: model.clone(),
            last: [None, None],
            operation: operation.clone(),
            axes: None,
            scanned: None,
        }
    }

    /// `flat` are the parameters; `held_out` has a flag per equation.
    pub fn inspect<'a>(
        &'a mut self,
        flat: &'a [f32],
        equations: &'a [Equation],
        held_out: &'a [bool],
        watch: Watch,
    ) -> Work<'a, Inspection> {
        Box::pin(async move {
            let (embedding, unembedding) =
                (self.rows(flat, "tokens"), self.rows(flat, "unembed.weight"));
            let mut inspection = Inspection { weight_norm: norm(flat), ..Inspection::default() };
            if (watch.structure || watch.gauge) && self.cyclic.is_some() {
                let logits = self.logits(flat, equations).await;
                let loss = self.model.loss;
                inspection.fourier = self
                    .cyclic
                    .as_ref()
                    .map(|cyclic| fourier(cyclic, loss, equations, held_out, embedding, &logits));
            }
            if watch.structure {
                inspection.powers = self
                    .group
                    .as_ref()
                    .map(|(group, irreps)| powers(group, irreps, embedding, unembedding));
            }
            if watch.sharpness {
                inspection.sharpness = Some(self.sharpness(flat, equations, held_out).await);
            }
            if let Some((matrix, method)) = watch.points {
                let rows = match matrix {
                    Matrix::Embedding => embedding,
                    Matrix::Unembedding => unembedding,
                };
                breathe().await;
                inspection.points = self.points(rows, matrix, method);
            }
            if watch.inside.is_some() || watch.parts {
                self.scan(flat, equations, held_out).await;
                let Scanned { scan, rule, .. } = self.scanned.as_ref().expect("it was made");
                if let Some(look) = watch.inside {
                    let inside = Inside::new(scan, &self.cpu, look);
                    inspection.pictures = inside.pictures(&mut self.cpu, equations).await;
                    inspection.inside = Some(inside);
                }
                if watch.parts {
                    let switches = inside::switches(&self.cpu, scan, keys_of(rule));
                    inspection.parts = Some(Parts { switches, rule: rule.clone() });
                }
            }
            if watch.clock {
                inspection.clock = self.clock(flat, equations, embedding).await;
            }
            inspection
        })
    }

    async fn clock(
        &mut self,
        flat: &[f32],
        equations: &[Equation],
        embedding: &[f32],
    ) -> Option<Clock> {
        self.cyclic.as_ref()?;
        let logits = self.logits(flat, equations).await;
        let cyclic = self.cyclic.as_ref()?;
        let clock = Clock::new(cyclic, equations, &logits, embedding)?;
        let triples = clock::triples(self.model.n_symbols, &mut Rng::new(0));
        let symmetricity = clock::gradient_symmetricity(&mut self.cpu, &triples).await;
        Some(Clock { symmetricity, ..clock })
    }

    /// Gradient symmetricity over triples of x, y and an answer: see [`Clock::symmetricity`].
    pub async fn gradient_symmetricity(&mut self, flat: &[f32], triples: &[[u16; 3]]) -> f64 {
        self.cpu.swap(&mut flat.to_vec());
        clock::gradient_symmetricity(&mut self.cpu, triples).await
    }

    /// What is left of a network without some of its parts.
    ///
    /// # Errors
    /// [`Error::Command`](crate::error::Error::Command) names a part that it does not have.
    pub async fn ablate(
        &mut self,
        flat: &[f32],
        equations: &[Equation],
        held_out: &[bool],
        names: &[String],
        fill: Fill,
    ) -> Result<Ablated> {
        let cuts: Vec<Cut> = names.iter().map(|name| name.parse()).collect::<Result<_>>()?;
        self.scan(flat, equations, held_out).await;
        let Scanned { scan, rule, .. } = self.scanned.as_ref().expect("it was made");
        cuts.iter().try_for_each(|cut| cut.check(&self.cpu, scan))?;
        let answers = inside::ablate(&mut self.cpu, scan, equations, &cuts, fill, keys_of(rule));
        Ok(Ablated {
            cuts: names.to_vec(),
            fill,
            whole: Scores::of_answers(&scan.answers, equations, held_out),
            left: Scores::of_answers(&answers, equations, held_out),
            predicted: answers.iter().map(|answer| answer.predicted).collect(),
            confidence: answers.iter().map(|answer| answer.confidence).collect(),
        })
    }

    /// One pass over the network with these parameters, if it was not the last that was looked into, of the same
    /// equations always.
    fn scan<'a>(
        &'a mut self,
        flat: &'a [f32],
        equations: &'a [Equation],
        held_out: &'a [bool],
    ) -> Work<'a, ()> {
        Box::pin(async move {
            self.cpu.swap(&mut flat.to_vec());
            if self
                .scanned
                .as_ref()
                .is_none_or(|known| known.parameters != flat || known.held_out != held_out)
            {
                let operation = &self.operation;
                let axes = self.axes.get_or_insert_with(|| Rc::new(Axes::new(operation)));
                let scan = Scan::new(&mut self.cpu, axes.clone(), equations).await;
                let rule = self.rule(flat, equations, held_out).await;
                self.scanned = Some(Scanned {
                    parameters: flat.to_vec(),
                    held_out: held_out.to_vec(),
                    scan,
                    rule,
                });
            }
        })
    }

    /// Scores of every symbol for the equation at `index`, by the network and by the rule.
    pub async fn predict(
        &mut self,
        flat: &[f32],
        equations: &[Equation],
        held_out: &[bool],
        index: usize,
    ) -> Prediction {
        let network = self.logits(flat, &equations[index..=index]).await;
        let equation = &equations[index];
        let watch = Watch { structure: true, ..Watch::default() };
        let found = self.inspect(flat, equations, held_out, watch).await.fourier;
        let rule = self.cyclic.as_ref().zip(found).and_then(|(cyclic, found)| {
            let scores = rule_scores(&found, cyclic.sum(equation.x.into(), equation.y.into())?);
            // In the order of the symbols; one without an index cannot be an answer.
            Some(
                cyclic
                    .index
                    .iter()
                    .map(|at| at.map_or(f64::NEG_INFINITY, |at| scores[at]))
                    .collect(),
            )
        });
        self.cpu.swap(&mut flat.to_vec());
        let layers = inside::trace(&mut self.cpu, equation);
        Prediction { network, rule, layers }
    }

    async fn sharpness(&mut self, flat: &[f32], equations: &[Equation], held_out: &[bool]) -> f64 {
        let train: Vec<u32> =
            (0..equations.len() as u32).filter(|&at| !held_out[at as usize]).collect();
        // The same directions at every step, so that steps can be compared.
        sharpness(flat, &Rng::new(0), async |point: &[f32]| {
            self.loss(point, equations, &train).await
        })
        .await
    }

    /// The network's loss of the equations at `indices`, and its gradient.
    fn loss<'a>(
        &'a mut self,
        flat: &'a [f32],
        equations: &'a [Equation],
        indices: &'a [u32],
    ) -> Work<'a, (f64, Vec<f32>)> {
        Box::pin(async move {
            let shown: Vec<Equation> = indices.iter().map(|&at| equations[at as usize]).collect();
            let logits = self.logits(flat, &shown).await;
            let mut gradient = vec![0.0; flat.len()];
            for some in indices.chunks(SLOPES) {
                breathe().await;
                self.cpu.differentiate(equations, some);
                let share = some.len() as f32 / indices.len() as f32;
                let pairs = gradient.iter_mut().zip(self.cpu.gradient());
                pairs.for_each(|(sum, slope)| *sum += share * slope);
            }
            (loss::mean_loss(self.model.loss, &logits, &shown), gradient)
        })
    }

    /// Scores of every symbol, [equations, symbols].
    pub fn logits<'a>(
        &'a mut self,
        flat: &'a [f32],
        equations: &'a [Equation],
    ) -> Work<'a, Vec<f32>> {
        Box::pin(async move {
            self.cpu.swap(&mut flat.to_vec());
            self.cpu.forward_shared();
            let mut logits = Vec::with_capacity(equations.len() * self.model.n_symbols);
            for chunk in equations.chunks(CHUNK) {
                breathe().await;
                logits.extend(self.cpu.logits_of_chunk(chunk));
            }
            logits
        })
    }

    /// What the rule of the network gets right alone, where the operation is a sum.
    async fn rule(
        &mut self,
        flat: &[f32],
        equations: &[Equation],
        held_out: &[bool],
    ) -> Option<Rule> {
        self.cyclic.as_ref()?;
        let logits = self.logits(flat, equations).await;
        let cyclic = self.cyclic.as_ref()?;
        let keys = fourier::key_frequencies(cyclic, equations, &logits);
        Some(rule::rule(cyclic, self.model.loss, equations, held_out, &logits, &keys).await)
    }

    fn points(&mut self, rows: &[f32], matrix: Matrix, method: Method) -> Vec<f32> {
        let d = self.model.d_model;
        match (method, &self.cyclic) {
            (Method::Fourier, Some(cyclic)) => {
                let order = cyclic.symbols();
                let strongest = points::strongest(rows, d, &order);
                fourier_pair(rows, d, &order, strongest)
            }
            (Method::Pca | Method::Fourier, _) => pca(rows, d),
            (Method::Tsne, _) => {
                let last = &mut self.last[usize::from(matrix == Matrix::Unembedding)];
                let points = tsne(rows, d, last.as_deref());
                *last = Some(points.clone());
                points
            }
        }
    }

    /// The rows of the symbols in a parameter, [symbols, d].
    fn rows<'a>(&self, flat: &'a [f32], name: &str) -> &'a [f32] {
        let parameters = self.model.parameters();
        let found = parameters.iter().find(|parameter| parameter.name == name);
        let offset = found.expect("every model has it").offset;
        &flat[offset..offset + self.model.n_symbols * self.model.d_model]
    }
}

/// The key frequencies; none without a rule.
fn keys_of(rule: &Option<Rule>) -> &[usize] {
    rule.as_ref().map_or(&[], |rule| &rule.keys)
}

/// ‖θ‖₂
pub fn norm(flat: &[f32]) -> f64 {
    flat.iter().map(|&weight| f64::from(weight).powi(2)).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::data::Table;

    /// What is climbed has the slope that it is climbed by, whatever a step makes of the gradient.
    #[test]
    fn the_slope_is_that_of_the_loss() {
        for (loss, zero_sum) in
            [("softmax", "off"), ("softmax", "on"), ("stablemax", "off"), ("stablemax", "on")]
        {
            let settings = [
                // More equations than slopes are taken of at once.
                ("modulus", "17"),
                ("width", "16"),
                ("activation", "gelu"),
                ("loss", loss),
                ("zeroSum", zero_sum),
            ];
            let settings = settings.map(|(id, value)| (id.to_string(), value.to_string()));
            let config = Config::default().with(&settings.into()).unwrap();
            let operation = config.operation();
            let table = Table::new(operation);
            let model = ModelConfig::new(&config, table.symbols);
            // Large enough that the two losses are far apart.
            let point: Vec<f32> = model.draw(&Rng::new(0)).iter().map(|w| 1.5 * w).collect();
            let mut inspector = Inspector::new(operation, &model);
            let indices: Vec<u32> = (0..table.equations.len() as u32).collect();
            let (_, slope) = pollster::block_on(inspector.loss(&point, &table.equations, &indices));
            let length = norm(&slope);
            let mut at = |distance: f64| {
                let moved = point.iter().zip(&slope).map(|(&weight, &slope)| {
                    (f64::from(weight) + distance * f64::from(slope) / length) as f32
                });
                let moved: Vec<f32> = moved.collect();
                pollster::block_on(inspector.loss(&moved, &table.equations, &indices)).0
            };
            let measured = (at(3e-3) - at(-3e-3)) / 6e-3;
            assert!(
                (measured / length - 1.0).abs() < 1e-3,
                "{loss}, {zero_sum}: {measured} along a slope of {length}"
            );
        }
    }
}
