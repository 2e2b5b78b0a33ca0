//! What moves the parameters against their gradient: a list of stages over one flat vector, one
//! algorithm per file.
//!
//! A stage has no state; its moments belong to whoever steps, so that a checkpoint is one array,
//! and what it draws depends on the step alone, so that a resumed run is the same run. Each is
//! written twice, in Rust and in WGSL for graphics cards, side by side.

mod adam;
mod constant_norm;
mod decay;
mod draw;
mod grokfast;
mod muon;
mod noise;
mod orthogonal;
mod pass;
mod schedule;
mod sgd;

use crate::config::{self, Config, Grokfast, Switch};
use crate::error::{Error, Result};
use crate::model::ModelConfig;
use crate::rng::Rng;

pub use noise::WeightNoise;
pub use pass::{Groups, Pass, Product, Tensor};
pub use schedule::lr_at;

/// Bytes of the parameters and all moments, at most: programs in a browser have 4 GiB.
const MEMORY_MAX: u64 = 1 << 30;

/// What a step may change while a run goes on.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rates {
    /// Steps count from 0.
    pub step: u64,
    /// After warm-up and annealing, from 0.
    pub learning_rate: f64,
    /// The learning rate over the one that the schedule starts from, 0 to 1.
    pub warmth: f64,
    /// What the learning rate is multiplied by to give the share that decays, from 0.
    pub weight_decay: f64,
}

impl Rates {
    /// With a share of the learning rate.
    fn scaled(self, share: f64) -> Rates {
        Rates { learning_rate: self.learning_rate * share, ..self }
    }

    /// What `config` says of a step.
    pub fn at(step: u64, config: &Config) -> Rates {
        let learning_rate = lr_at(step, config);
        Rates {
            step,
            learning_rate,
            warmth: learning_rate / config.learning_rate,
            weight_decay: config.weight_decay,
        }
    }
}

/// One algorithm: it changes the gradient, or the parameters, or both.
pub trait Stage: Send + Sync {
    /// How many vectors like the parameters it keeps from step to step.
    fn n_moments(&self) -> usize {
        0
    }

    /// These vectors as they are before the first step.
    fn first_moments(&self, parameters: &[f32]) -> Vec<Vec<f32>> {
        vec![vec![0.0; parameters.len()]; self.n_moments()]
    }

    /// Changes `gradient`, `parameters` and its own `moments`, each a vector like the parameters, for the
    /// step of `rates`.
    fn apply(
        &self,
        rates: Rates,
        parameters: &mut [f32],
        gradient: &mut [f32],
        moments: &mut [Vec<f32>],
    );

    /// The same on a graphics card: as many kernel calls in each step, in order.
    fn passes(&self, rates: Rates) -> Vec<Pass>;

    /// Values that the passes need aside, which nothing outlives.
    fn scratch(&self) -> usize {
        0
    }
}

/// The stages of a configuration, in the order in which they are applied.
pub struct Update {
    stages: Vec<Box<dyn Stage>>,
    /// Gradients that are kept as moments, if a stage has a window.
    window: Option<usize>,
}

impl Update {
    /// What `config` asks for, on the parameters of `model`. `rng` is the run's.
    pub fn new(config: &Config, model: &ModelConfig, rng: &Rng) -> Update {
        let parameters = model.parameters();
        let draws = |purpose| draw::Draws::new(&rng.fork(purpose));
        let tensors = || parameters.iter().map(|parameter| parameter.range()).collect();
        let mut stages: Vec<Box<dyn Stage>> = Vec::new();
        match config.grokfast {
            Grokfast::None => {}
            Grokfast::Ema => stages.push(Box::new(grokfast::MovingAverage {
                decay: config.grokfast_alpha,
                factor: config.grokfast_lambda,
            })),
            Grokfast::Ma => stages.push(Box::new(grokfast::Window {
                length: config.grokfast_window,
                factor: config.grokfast_lambda,
            })),
        }
        if config.orthogonal == Switch::On {
            stages.push(Box::new(orthogonal::Orthogonal { tensors: tensors() }));
        }
        let decays = config.optimizer == config::Optimizer::AdamW;
        match config.decay {
            config::Decay::ToZero => {}
            _ if !decays => {}
            config::Decay::ToInit => stages.push(Box::new(decay::ToInit)),
            config::Decay::Honest => stages.push(Box::new(decay::Honest)),
            config::Decay::Jiggle => {
                stages.push(Box::new(decay::Jiggle { tensors: tensors(), draws: draws("jiggle") }))
            }
        }
        let decoupled_decay = decays && config.decay == config::Decay::ToZero;
        stages.push(match config.optimizer {
            config::Optimizer::AdamW | config::Optimizer::Adam => {
                Box::new(adam::Adam { decoupled_decay })
            }
            config::Optimizer::Sgd => Box::new(sgd::Sgd { momentum: config.momentum }),
            config::Optimizer::Muon => Box::new(muon::Muon::new(config, &parameters)),
        });
        if config.update_noise > 0.0 {
            let draws = draws("update noise");
            stages.push(Box::new(noise::UpdateNoise { size: config.update_noise, draws }));
        }
        if config.constant_norm == Switch::On {
            stages.push(Box::new(constant_norm::ConstantNorm));
        }
        let window = (config.grokfast == Grokfast::Ma).then_some(config.grokfast_window);
        Update { stages, window }
    }

    /// Whether so many parameters and their moments fit into memory, before they are made.
    ///
    /// # Errors
    /// If a window keeps more gradients than fit.
    pub fn check(&self, n_parameters: usize) -> Result<()> {
        let Some(window) = self.window else { return Ok(()) };
        let fit = MEMORY_MAX / (4 * n_parameters.max(1) as u64);
        let needed = 1 + self.n_moments() as u64;
        if needed <= fit {
            return Ok(());
        }
        let most = fit.saturating_sub(needed - window as u64);
        let allowed = format!("at most {most} for this network of {n_parameters} parameters");
        Err(Error::setting("grokfastWindow", window, allowed))
    }

    /// Moments of all stages together.
    pub fn n_moments(&self) -> usize {
        self.stages.iter().map(|stage| stage.n_moments()).sum()
    }

    /// The moments of all stages before the first step, one stage after another.
    pub fn first_moments(&self, parameters: &[f32]) -> Vec<Vec<f32>> {
        self.stages.iter().flat_map(|stage| stage.first_moments(parameters)).collect()
    }

    /// Moves `parameters` in place. The gradient is used up.
    pub fn apply(
        &self,
        rates: Rates,
        parameters: &mut [f32],
        gradient: &mut [f32],
        mut moments: &mut [Vec<f32>],
    ) {
        for stage in &self.stages {
            let (own, rest) = moments.split_at_mut(stage.n_moments());
            stage.apply(rates, parameters, gradient, own);
            moments = rest;
        }
    }

    /// All of it on a graphics card: kernel calls in order, each with the first of its stage's
    /// moments. Only the first finds the gradient in parts; if there are several, it puts them
    /// together.
    pub fn passes(&self, rates: Rates) -> Vec<(usize, Pass)> {
        let mut first_moment = 0;
        let mut passes = Vec::new();
        for stage in &self.stages {
            passes.extend(stage.passes(rates).into_iter().map(|pass| (first_moment, pass)));
            first_moment += stage.n_moments();
        }
        if passes.len() > 1 {
            passes.insert(0, (0, Pass::each((pass::kernels!(), "gather"), &[])));
        }
        passes
    }

    /// Values that the passes need aside.
    pub fn scratch(&self) -> usize {
        self.stages.iter().map(|stage| stage.scratch()).max().unwrap_or(0)
    }
}

fn dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATES: Rates = Rates { step: 3, learning_rate: 0.1, warmth: 1.0, weight_decay: 0.5 };

    #[test]
    fn as_many_moments_are_made_as_are_said() {
        let ways = [
            ("optimizer", "adamw"),
            ("optimizer", "adam"),
            ("optimizer", "sgd"),
            ("optimizer", "muon"),
            ("decay", "to-init"),
            ("decay", "honest"),
            ("decay", "jiggle"),
            ("grokfast", "ema"),
            ("grokfast", "ma"),
            ("constantNorm", "on"),
            ("orthogonal", "on"),
            ("updateNoise", "1"),
        ];
        for (id, value) in ways {
            let config = Config::default().with(&[(id.into(), value.into())].into()).unwrap();
            let model = ModelConfig::new(&config, 7);
            let update = Update::new(&config, &model, &Rng::new(0));
            assert_eq!(update.first_moments(&[0.5]).len(), update.n_moments(), "{id} {value}");
        }
    }

    #[test]
    fn a_window_that_does_not_fit_into_memory_is_refused() {
        let check = |window: usize, n_parameters| {
            let settings = [("grokfast", "ma".to_string()), ("grokfastWindow", window.to_string())];
            let settings = settings.map(|(id, value)| (id.to_string(), value));
            let config = Config::default().with(&settings.into()).unwrap();
            let model = ModelConfig::new(&config, 7);
            Update::new(&config, &model, &Rng::new(0)).check(n_parameters)
        };
        // The largest network's: five million. Beside the gradients there are the parameters, the
        // window's sum, and Adam's two moments.
        let n = 5_000_000;
        let most = (1 << 30) / (4 * n) - 4;
        assert_eq!(check(most, n), Ok(()));
        assert_eq!(
            check(most + 1, n).unwrap_err().to_string(),
            "`grokfastWindow` cannot be `50`: allowed is at most 49 for this network of 5000000 \
             parameters"
        );
        assert_eq!(check(200, 300_000), Ok(()));
        let model = ModelConfig::new(&Config::default(), 97);
        let none = Update::new(&Config::default(), &model, &Rng::new(0));
        assert_eq!(none.check(usize::MAX / 8), Ok(()));
    }

    fn deviation(values: &[f64]) -> f64 {
        (values.iter().map(|value| value * value).sum::<f64>() / values.len() as f64).sqrt()
    }

    #[test]
    fn noise_has_its_size() {
        let mut parameters = vec![0.0; 40_000];
        let noise = noise::UpdateNoise { size: 2.0, draws: draw::Draws::new(&Rng::new(1)) };
        noise.apply(RATES, &mut parameters, &mut [], &mut []);
        let moved: Vec<f64> = parameters.iter().map(|&p| f64::from(p)).collect();
        // lr · size, within four standard errors.
        assert!((deviation(&moved) - 0.2).abs() < 0.2 * 4.0 / 280.0, "{}", deviation(&moved));
        let noise = WeightNoise::new(0.01, &Rng::new(1)).unwrap();
        let on_weights = noise.on(&vec![1.0; 40_000], 5);
        let moved: Vec<f64> = on_weights.iter().map(|&p| f64::from(p) - 1.0).collect();
        assert!((deviation(&moved) - 0.01).abs() < 0.01 * 4.0 / 280.0, "{}", deviation(&moved));
        assert_ne!(on_weights, noise.on(&vec![1.0; 40_000], 6));
    }

    #[test]
    fn jiggle_scales_each_tensor_by_one_factor() {
        let tensors: Vec<_> = (0..10_000).map(|index| 2 * index..2 * index + 2).collect();
        let jiggle = decay::Jiggle { tensors, draws: draw::Draws::new(&Rng::new(1)) };
        let mut parameters = [1.0, -3.0].repeat(10_000);
        jiggle.apply(RATES, &mut parameters, &mut [], &mut []);
        let logs: Vec<f64> = parameters.chunks(2).map(|pair| f64::from(pair[0]).ln()).collect();
        for pair in parameters.chunks(2) {
            assert!((pair[1] / pair[0] + 3.0).abs() < 1e-5, "{pair:?}");
        }
        // lr · wd
        assert!((deviation(&logs) - 0.05).abs() < 0.05 * 4.0 / 141.0, "{}", deviation(&logs));
    }
}
