//! What is inside a network against an independent computation, written in NumPy and float64
//! (tests/reference/inside.py), on weights that it drew.

use std::collections::BTreeMap;
use std::path::Path;

use grokking::algebra::Operation;
use grokking::config::{Config, RawConfig};
use grokking::data::Equation;
use grokking::inspect::gauge::Measures;
use grokking::inspect::gauge::measures::Measurer;
use grokking::inspect::inside::{Ablated, Fill, Look};
use grokking::inspect::{Inspector, Score, Scores, Watch};
use grokking::model::file;
use grokking::train::{Hardware, Trainer};
use pollster::block_on;
use serde::Deserialize;

/// How far numbers of about 1 may differ in float32.
const TOLERANCE: f64 = 2e-5;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reference {
    settings: BTreeMap<String, String>,
    equations: usize,
    held_out: Vec<bool>,
    layers: Vec<Layer>,
    rule: Option<Rule>,
    clock: Option<Clock>,
    ablations: Vec<Ablation>,
    trace: Trace,
    opened: Opened,
    measures: Measures,
}

#[derive(Deserialize)]
struct Layer {
    waves: Vec<usize>,
    shares: Vec<f64>,
    /// Means, [heads][positions].
    attention: Vec<Vec<f64>>,
    low: Vec<f64>,
    high: Vec<f64>,
}

#[derive(Deserialize)]
struct Rule {
    keys: Vec<usize>,
    whole: Both,
    only: Both,
    without: Both,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Clock {
    faces: Vec<Face>,
    whole: Vec<f64>,
    triples: Vec<[u16; 3]>,
    symmetricity: f64,
    distance_irrelevance: f64,
}

#[derive(Deserialize)]
struct Face {
    k: usize,
    x: Vec<[f64; 2]>,
    y: Vec<[f64; 2]>,
    answer: Vec<[f64; 2]>,
    curve: Vec<f64>,
}

#[derive(Deserialize)]
struct Ablation {
    cuts: Vec<String>,
    fill: Fill,
    #[serde(flatten)]
    left: Both,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Both {
    train: Part,
    held_out: Part,
}

#[derive(Deserialize)]
struct Part {
    right: usize,
    of: usize,
    loss: f64,
}

#[derive(Deserialize)]
struct Trace {
    x: u16,
    y: u16,
    attention: Vec<Vec<Vec<f64>>>,
    activations: Vec<Vec<f64>>,
    effects: Vec<f64>,
}

#[derive(Deserialize)]
struct Opened {
    neuron: usize,
    inputs: [Vec<f64>; 2],
    effects: Vec<f64>,
}

/// A case, and a network with its weights.
struct Case {
    reference: Reference,
    inspector: Inspector,
    weights: Vec<f32>,
    equations: Vec<Equation>,
    held_out: Vec<bool>,
    symbols: usize,
}

impl Case {
    fn read(case: &str) -> Case {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference");
        let text = std::fs::read_to_string(folder.join(format!("{case}.json"))).unwrap();
        let reference: Reference = serde_json::from_str(&text).unwrap();
        let bytes = std::fs::read(folder.join(format!("{case}.safetensors"))).unwrap();
        let settings = reference.settings.clone();
        let config =
            Config::from_raw(&RawConfig { preset: Some("quick".into()), settings }).unwrap();
        let trainer = Trainer::new(&config, &Hardware::Cpu).unwrap();
        let operation: &Operation = config.operation();
        assert_eq!(trainer.held_out(), reference.held_out, "{case}: another split");
        assert_eq!(trainer.table().equations.len(), reference.equations);
        Case {
            weights: file::decode(trainer.model(), &bytes).unwrap(),
            inspector: Inspector::new(operation, trainer.model()),
            equations: trainer.table().equations.clone(),
            held_out: trainer.held_out().to_vec(),
            symbols: trainer.table().symbols,
            reference,
        }
    }

    fn inspect(&mut self, watch: Watch) -> grokking::inspect::Inspection {
        let inspector = &mut self.inspector;
        block_on(inspector.inspect(&self.weights, &self.equations, &self.held_out, watch))
    }

    fn ablate(&mut self, cuts: &[String], fill: Fill) -> grokking::error::Result<Ablated> {
        let inspector = &mut self.inspector;
        block_on(inspector.ablate(&self.weights, &self.equations, &self.held_out, cuts, fill))
    }
}

const CASES: [&str; 7] = [
    "inside-one-layer",
    "inside-product",
    "inside-shared",
    "inside-parity",
    "inside-two-layers",
    "inside-group",
    "inside-rate",
];

#[test]
fn measures_for_the_gauge_are_those_of_the_reference() {
    for name in CASES {
        let case = Case::read(name);
        let preset = Some("quick".into());
        let settings = case.reference.settings.clone();
        let config = Config::from_raw(&RawConfig { preset, settings }).unwrap();
        let trainer = Trainer::new(&config, &Hardware::Cpu).unwrap();
        let mut measurer = Measurer::new(config.operation(), trainer.model());
        let of = |measures: Measures| {
            let synchrony = measures.synchrony.unwrap();
            let Measures { spectral_entropy, answer_share, .. } = measures;
            [spectral_entropy, answer_share, synchrony.synchronisation, synchrony.purity]
        };
        let ours = of(measurer.measure(&case.weights, &case.equations));
        all_close(name, ours, &of(case.reference.measures));
    }
}

fn close(what: &str, ours: f64, theirs: f64) {
    let difference = (ours - theirs).abs() / theirs.abs().max(1.0);
    assert!(difference < TOLERANCE, "{what}: {ours} is not {theirs}");
}

fn all_close(what: &str, ours: impl IntoIterator<Item = f64>, theirs: &[f64]) {
    let ours: Vec<f64> = ours.into_iter().collect();
    assert_eq!(ours.len(), theirs.len(), "{what}");
    ours.iter().zip(theirs).for_each(|(&ours, &theirs)| close(what, ours, theirs));
}

fn same_scores(what: &str, ours: &Scores, theirs: &Both) {
    for (ours, theirs) in [(&ours.train, &theirs.train), (&ours.held_out, &theirs.held_out)] {
        let Score { right, of, loss } = *ours;
        assert_eq!((right, of), (theirs.right, theirs.of), "{what}");
        close(what, loss, theirs.loss);
    }
}

#[test]
fn neurons_and_attention_are_those_of_the_reference() {
    for name in CASES {
        let mut case = Case::read(name);
        for layer in 0..case.reference.layers.len() {
            let look = Look { layer, neuron: Some(case.reference.opened.neuron) };
            let found = case.inspect(Watch { inside: Some(look), ..Watch::default() });
            let inside = found.inside.unwrap();
            let theirs = &case.reference.layers[layer];
            assert_eq!(inside.neurons.len(), theirs.shares.len());
            for tuning in &inside.neurons {
                let what = format!("{name}, layer {layer}, neuron {}", tuning.neuron);
                close(&what, tuning.share, theirs.shares[tuning.neuron]);
                // Where two waves have the same share, either may be named.
                let dead = theirs.shares[tuning.neuron] < 1e-6;
                assert!(dead || tuning.wave == Some(theirs.waves[tuning.neuron]), "{what}");
                close(&what, tuning.low.into(), theirs.low[tuning.neuron]);
                close(&what, tuning.high.into(), theirs.high[tuning.neuron]);
            }
            let tuned = theirs.shares.iter().filter(|&&share| share > 0.85).count();
            assert_eq!(inside.tuned, tuned, "{name}, layer {layer}");

            // A picture's mean over its cells is the mean attention, but for the bytes' rounding.
            let cells = case.symbols * case.symbols;
            let pictures: Vec<&[u8]> = found.pictures.chunks_exact(cells).collect();
            let (walls, looks) = pictures.split_at(inside.neurons.len());
            let means = theirs.attention.iter().flatten();
            for (picture, &mean) in looks.iter().zip(means) {
                let shown = picture.iter().filter(|&&byte| byte > 0);
                assert_eq!(shown.clone().count(), case.equations.len(), "{name}");
                let total: f64 = shown.map(|&byte| (f64::from(byte) - 1.0) / 254.0).sum();
                let ours = total / case.equations.len() as f64;
                assert!((ours - mean).abs() < 0.5 / 254.0, "{name}: {ours} is not {mean}");
            }
            // Every neuron that is not the same everywhere reaches both ends of its range.
            for (tuning, picture) in inside.neurons.iter().zip(walls) {
                if tuning.high > tuning.low {
                    let (low, high) =
                        (picture.iter().filter(|&&byte| byte > 0).min(), picture.iter().max());
                    assert_eq!((low, high), (Some(&1), Some(&255)), "{name} {tuning:?}");
                }
            }

            let opened = inside.opened.unwrap();
            let theirs = &case.reference.opened;
            let wide = |values: &Vec<f32>| values.iter().map(|&v| f64::from(v)).collect::<Vec<_>>();
            if let Some(inputs) = &opened.inputs {
                assert_eq!(layer, 0);
                for (ours, theirs) in inputs.iter().zip(&theirs.inputs) {
                    all_close(&format!("{name}, inputs"), wide(ours), theirs);
                }
            }
            if let Some(effects) = &opened.effects {
                assert_eq!(layer + 1, case.reference.layers.len());
                all_close(&format!("{name}, effects"), wide(effects), &theirs.effects);
            }
        }
    }
}

#[test]
fn what_is_left_is_that_of_the_reference() {
    for name in CASES {
        let mut case = Case::read(name);
        let parts = case.inspect(Watch { parts: true, ..Watch::default() }).parts.unwrap();
        assert_eq!(parts.rule.is_some(), case.reference.rule.is_some());
        if let (Some(ours), Some(theirs)) = (&parts.rule, &case.reference.rule) {
            assert_eq!(ours.keys, theirs.keys, "{name}");
            same_scores(&format!("{name}, whole"), &ours.whole, &theirs.whole);
            same_scores(&format!("{name}, only"), &ours.only, &theirs.only);
            same_scores(&format!("{name}, without"), &ours.without, &theirs.without);
        }
        let ablations = std::mem::take(&mut case.reference.ablations);
        for Ablation { cuts, fill, left } in &ablations {
            let found = case.ablate(cuts, *fill);
            same_scores(&format!("{name}, {cuts:?}, {fill:?}"), &found.unwrap().left, left);
        }
        // Every switch that is offered is one that the reference knows.
        let known = |cut: &String| ablations.iter().any(|a| a.cuts[..] == [cut.clone()]);
        for switch in &parts.switches {
            assert!(known(&switch.cut), "{name}: {switch:?}");
        }
    }
}

#[test]
fn one_equation_is_followed_as_in_the_reference() {
    for name in CASES {
        let mut case = Case::read(name);
        let Trace { x, y, .. } = case.reference.trace;
        let index = case.equations.iter().position(|e| (e.x, e.y) == (x, y)).unwrap();
        let (inspector, held_out) = (&mut case.inspector, &case.held_out);
        let prediction =
            block_on(inspector.predict(&case.weights, &case.equations, held_out, index));
        let theirs = &case.reference.trace;
        let last = prediction.layers.len() - 1;
        for (at, layer) in prediction.layers.iter().enumerate() {
            for (ours, theirs) in layer.attention.iter().zip(&theirs.attention[at]) {
                all_close(
                    &format!("{name}, attention"),
                    ours.iter().map(|&w| f64::from(w)),
                    theirs,
                );
            }
            let activations = &theirs.activations[at];
            assert_eq!(layer.of, activations.len());
            assert_eq!(layer.firing, activations.iter().filter(|&&a| a > 0.0).count(), "{name}");
            for fired in &layer.neurons {
                close(
                    &format!("{name}, activation"),
                    fired.activation.into(),
                    activations[fired.neuron],
                );
                assert_eq!(fired.effect.is_some(), at == last);
                if let Some(effect) = fired.effect {
                    close(&format!("{name}, effect"), effect, theirs.effects[fired.neuron]);
                }
            }
        }
        // The strongest are named, and all are added up.
        let layer = &prediction.layers[last];
        let mut strongest: Vec<f64> = theirs.effects.iter().map(|effect| effect.abs()).collect();
        strongest.sort_by(|a, b| b.total_cmp(a));
        let named = layer.neurons.iter().map(|fired| fired.effect.unwrap().abs());
        all_close(&format!("{name}, strongest"), named, &strongest[..layer.neurons.len()]);
        close(&format!("{name}, total"), layer.effect.unwrap(), theirs.effects.iter().sum());
    }
}

#[test]
fn the_clock_is_that_of_the_reference() {
    for name in CASES {
        let mut case = Case::read(name);
        let found = case.inspect(Watch { clock: true, ..Watch::default() }).clock;
        assert_eq!(found.is_some(), case.reference.clock.is_some(), "{name}");
        let (Some(ours), Some(theirs)) = (found, &case.reference.clock) else { continue };
        let wide = |points: &[[f32; 2]]| -> Vec<f64> {
            points.iter().flatten().map(|&value| f64::from(value)).collect()
        };
        all_close(&format!("{name}, whole"), ours.whole, &theirs.whole);
        assert_eq!(ours.faces.len(), theirs.faces.len(), "{name}");
        for (ours, theirs) in ours.faces.iter().zip(&theirs.faces) {
            let what = format!("{name}, frequency {}", theirs.k);
            assert_eq!(ours.k, theirs.k);
            all_close(&what, wide(&ours.x), theirs.x.as_flattened());
            all_close(&what, wide(&ours.answer), theirs.answer.as_flattened());
            all_close(&what, ours.curve.iter().copied(), &theirs.curve);
            all_close(&what, wide(&ours.y), theirs.y.as_flattened());
        }
        close(
            &format!("{name}, irrelevance"),
            ours.distance_irrelevance,
            theirs.distance_irrelevance,
        );
        let symmetricity = case.inspector.gradient_symmetricity(&case.weights, &theirs.triples);
        let symmetricity = block_on(symmetricity);
        close(&format!("{name}, symmetricity"), symmetricity, theirs.symmetricity);
    }
}

#[test]
fn a_part_that_is_not_there_is_named() {
    let mut case = Case::read("inside-one-layer");
    let mut refused = |cut: &str| {
        let cuts = [cut.to_string()];
        let found = case.ablate(&cuts, Fill::Zero);
        found.unwrap_err().to_string()
    };
    assert_eq!(refused("head:0.9"), "`head:0.9`: there is no head 9, only 0 to 3");
    assert_eq!(refused("mlp:1"), "`mlp:1`: there is no layer 1, only 0 to 0");
    assert_eq!(refused("logits:6"), "`logits:6`: there is no frequency 6, only 1 to 5");
    assert!(refused("frequency:2").starts_with("`frequency:2` is no part of a network"));
    let mut case = Case::read("inside-group");
    let cuts = ["logits:keys".to_string()];
    let found = case.ablate(&cuts, Fill::Zero);
    let why = "`logits:keys`: neurons of this operation have no frequency";
    assert_eq!(found.unwrap_err().to_string(), why);
}
