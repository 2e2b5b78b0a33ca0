//! Our transformer and optimisers against an independent implementation, written in JAX and
//! float64 (tests/reference/transformer.py), on weights that it drew.

use std::collections::BTreeMap;
use std::path::Path;

use burn::tensor::{Device, Tensor, TensorData};
use grokking::config::{Config, Kernels, RawConfig};
use grokking::data::Equation;
use grokking::model::{ModelConfig, Transformer, file};
use grokking::train::{Hardware, Trainer};
use serde::Deserialize;

/// Relative; float32 keeps about 1e-7 of one operation.
const LOGIT_TOLERANCE: f64 = 1e-5;
const LOSS_TOLERANCE: f64 = 1e-4;

#[derive(Deserialize)]
struct Reference {
    settings: BTreeMap<String, String>,
    /// x, y and answer of the training set.
    train: Vec<[u16; 3]>,
    /// Logits of the first training equation, before the first step.
    logits: Vec<f64>,
    /// Loss of each step, before its update.
    losses: Vec<f64>,
}

fn compare(case: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference");
    let text = std::fs::read_to_string(folder.join(format!("{case}.json"))).unwrap();
    let reference: Reference = serde_json::from_str(&text).unwrap();
    let bytes = std::fs::read(folder.join(format!("{case}.safetensors"))).unwrap();
    for kernels in Kernels::IDS {
        let mut settings = reference.settings.clone();
        settings.insert("kernels".into(), kernels.to_string());
        let config =
            Config::from_raw(&RawConfig { preset: Some("quick".into()), settings }).unwrap();
        let mut trainer = Trainer::new(&config, &Hardware::Cpu).unwrap();
        let weights = file::decode(trainer.model(), &bytes).unwrap();
        trainer.set_weights(&weights).unwrap();

        let mut train: Vec<[u16; 3]> = Vec::new();
        for (equation, held_out) in trainer.table().equations.iter().zip(trainer.held_out()) {
            if !held_out {
                train.push([equation.x, equation.y, equation.answer]);
            }
        }
        let mut expected = reference.train.clone();
        expected.sort_unstable();
        assert_eq!(train, expected, "{case}: the split is not the one that was compared");

        let worst_logit = worst_logit(trainer.model(), weights, &reference);
        let mut worst_loss: f64 = 0.0;
        for theirs in &reference.losses {
            pollster::block_on(trainer.step()).unwrap();
            let ours = pollster::block_on(trainer.settle()).unwrap().unwrap();
            worst_loss = worst_loss.max((ours - theirs).abs() / theirs);
        }
        println!(
            "{case}, {kernels}: worst relative difference: logits {worst_logit:.1e}, \
             losses {worst_loss:.1e}"
        );
        assert!(worst_logit < LOGIT_TOLERANCE && worst_loss < LOSS_TOLERANCE, "{case} {kernels}");
    }
}

/// The largest difference from our reference's logits, over the largest of them.
fn worst_logit(model: &ModelConfig, weights: Vec<f32>, reference: &Reference) -> f64 {
    let [x, y, answer] = reference.train[0];
    let device = Device::flex();
    let flat = Tensor::<1>::from_data(TensorData::new(weights.clone(), [weights.len()]), &device);
    let transformer = Transformer::new(model, &flat);
    let logits = transformer.forward(transformer.tokens(&[Equation { x, y, answer }], &device));
    let logits = pollster::block_on(logits.into_data_async()).unwrap();
    let logits = logits.try_into_vec::<f32>().unwrap();
    let scale = reference.logits.iter().fold(0.0, |max: f64, logit| max.max(logit.abs()));
    let differences = logits
        .iter()
        .zip(&reference.logits)
        .map(|(&ours, theirs)| (f64::from(ours) - theirs).abs() / scale);
    differences.fold(0.0, f64::max)
}

#[test]
fn the_one_layer_network_agrees() {
    compare("one-layer");
}

#[test]
fn the_papers_network_agrees() {
    compare("paper");
}

#[test]
fn the_pre_norm_network_agrees() {
    compare("pre-norm");
}

#[test]
fn sgd_agrees() {
    compare("sgd");
}

#[test]
fn interventions_agree() {
    for case in [
        "to-init",
        "honest",
        "grokfast-ema",
        "grokfast-ma",
        "orthogonal",
        "constant-norm",
        "stablemax",
        "zero-sum",
        "muon",
        "uniform-attention",
        "attention-rate",
    ] {
        compare(case);
    }
}
