//! A graphics card trains as the CPU does, whatever moves the parameters.
//!
//! Needs a device of Vulkan, Metal or DX12; one in software will do (Debian: `mesa-vulkan-drivers`).

use grokking::config::{Config, RawConfig};
use grokking::data::{Equation, Table};
use grokking::fused::gpu::{Context, Gpu};
use grokking::model::ModelConfig;
use grokking::optim::Update;
use grokking::rng::Rng;
use grokking::train::{Hardware, Trainer};
use grokking::variants::VARIANTS;
use pollster::block_on;

const STEPS: usize = 20;

fn config(settings: &[(&str, &str)]) -> Config {
    let network = [("modulus", "7"), ("width", "16"), ("batch", "12"), ("warmup", "2")];
    let settings = network.iter().chain(settings);
    let settings = settings.map(|&(id, value)| (id.to_string(), value.to_string())).collect();
    Config::from_raw(&RawConfig { preset: None, settings }).unwrap()
}

fn card() -> Hardware {
    thread_local! {
        static CONTEXT: Context = block_on(Context::open()).unwrap();
    }
    Hardware::Gpu(CONTEXT.with(Clone::clone))
}

/// The length of a difference over the length.
fn difference(expected: &[f32], actual: &[f32]) -> f64 {
    assert_eq!(expected.len(), actual.len());
    let length = |values: &mut dyn Iterator<Item = f32>| {
        values.map(|value| f64::from(value).powi(2)).sum::<f64>().sqrt()
    };
    let apart = &mut expected.iter().zip(actual).map(|(a, b)| a - b);
    length(apart) / length(&mut expected.iter().copied())
}

/// The losses of some steps, and parameters and moments after them.
fn trained(config: &Config, hardware: &Hardware, steps: usize) -> (Vec<f64>, Trainer) {
    let mut trainer = Trainer::new(config, hardware).unwrap();
    let loss = |_| {
        block_on(trainer.step()).unwrap();
        block_on(trainer.settle()).unwrap().unwrap()
    };
    let losses = (0..steps).map(loss).collect();
    (losses, trainer)
}

fn assert_alike(name: &str, config: &Config) {
    let (expected, mut cpu) = trained(config, &Hardware::Cpu, STEPS);
    let (losses, mut gpu) = trained(config, &card(), STEPS);
    let apart = |(a, b): (&f64, &f64)| (a - b).abs() / a.max(1e-3);
    let worst = expected.iter().zip(&losses).map(apart).fold(0.0, f64::max);
    let [a, b] = [&mut cpu, &mut gpu].map(|trainer| block_on(trainer.checkpoint()).unwrap());
    let values = difference(&a.values, &b.values);
    println!("{name}: losses {worst:.1e}, parameters and moments {values:.1e}");
    assert!(worst < 1e-4, "{name}: {expected:?} {losses:?}");
    assert!(values < 1e-4, "{name}: {values}");
    // The steps moved something that could differ.
    assert!(expected.iter().all(|loss| loss.is_finite()) && expected[0] != expected[STEPS - 1]);
}

#[test]
fn every_way_to_train_is_the_cpus() {
    for variant in VARIANTS {
        if variant.id == "adam-dropout" {
            // The reference's, which draws its masks on the host.
            continue;
        }
        let settings = variant.settings();
        let settings: Vec<(&str, &str)> = settings.into_iter().collect();
        let config = config(&settings);
        if config.loss.is_emulated() {
            // WGSL leaves open how it rounds to float16, and has no float64.
            let error = Trainer::new(&config, &card()).err().unwrap().to_string();
            assert!(error.contains("on a graphics card: others take the CPU"), "{error}");
            continue;
        }
        assert_alike(variant.id, &config);
    }
}

#[test]
fn interventions_beside_one_another_are_the_cpus() {
    for (name, settings) in [
        ("jiggle", &[("decay", "jiggle"), ("weightDecay", "1")][..]),
        ("a window that fills", &[("grokfast", "ma"), ("grokfastWindow", "5")]),
        ("StableMax, zero-sum", &[("loss", "stablemax"), ("zeroSum", "on")]),
        ("SGD, orthogonal", &[("optimizer", "sgd"), ("orthogonal", "on"), ("learningRate", "0.1")]),
        (
            "everything",
            &[
                ("grokfast", "ema"),
                ("orthogonal", "on"),
                ("decay", "to-init"),
                ("updateNoise", "1"),
                ("weightNoise", "0.01"),
                ("constantNorm", "on"),
                ("norm", "post"),
                // Biases of keys have a gradient of rounding alone, which Adam takes for one.
                ("layers", "2"),
            ],
        ),
        ("Muon, two layers", &[("optimizer", "muon"), ("layers", "2"), ("mlpRatio", "2")]),
        ("half of the attention", &[("attentionRate", "0.5")]),
        ("uniform attention, two layers", &[("attentionRate", "0"), ("layers", "2")]),
    ] {
        assert_alike(name, &config(settings));
    }
}

#[test]
fn a_run_with_noise_moves_between_devices() {
    let noisy = [("updateNoise", "1"), ("weightNoise", "0.01"), ("decay", "jiggle")];
    let config = config(&[&noisy[..], &[("optimizer", "adamw")]].concat());
    let (expected, _) = trained(&config, &Hardware::Cpu, STEPS);
    let (first, mut gpu) = trained(&config, &card(), STEPS / 2);
    let mut cpu = Trainer::new(&config, &Hardware::Cpu).unwrap();
    cpu.restore(&block_on(gpu.checkpoint()).unwrap()).unwrap();
    for (step, &expected) in expected.iter().enumerate() {
        let loss = match first.get(step) {
            Some(&loss) => loss,
            None => {
                block_on(cpu.step()).unwrap();
                block_on(cpu.settle()).unwrap().unwrap()
            }
        };
        assert!((loss - expected).abs() < 1e-4 * expected, "step {step}: {loss} for {expected}");
    }
}

#[test]
fn the_parameters_are_without_noise_after_a_step() {
    let config = config(&[("weightNoise", "1"), ("learningRate", "1e-6"), ("optimizer", "adam")]);
    let (_, mut gpu) = trained(&config, &card(), 1);
    let (first, now) = (gpu.first_weights(), block_on(gpu.weights()).unwrap());
    assert!(difference(&first, &now) < 1e-4, "{}", difference(&first, &now));
}

#[test]
fn a_graphics_card_evaluates_the_equations_that_it_is_given() {
    let Hardware::Gpu(context) = card() else { unreachable!() };
    let config = config(&[]);
    let table = Table::new(config.operation());
    let (rng, model) = (Rng::new(0), ModelConfig::new(&config, table.symbols));
    let update = Update::new(&config, &model, &rng);
    let mut gpu = Gpu::new(&model, &model.draw(&rng), &update, 12, &context).unwrap();
    let mut evaluate = |equations: &[Equation]| block_on(gpu.evaluate(equations)).unwrap();
    let all = evaluate(&table.equations);
    assert_eq!(all.len(), table.equations.len());
    // Fewer, as many others, and more than before.
    assert_eq!(evaluate(&table.equations[..20]), all[..20]);
    assert_eq!(evaluate(&table.equations[20..40]), all[20..40]);
    assert_eq!(evaluate(&table.equations), all);
}
