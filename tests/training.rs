//! Training as a whole: it groks, it replays, it resumes, it says when it diverges.

use std::collections::BTreeMap;

use grokking::config::{Config, RawConfig};
use grokking::error::Error;
use grokking::inspect::inside::{Fill, Look};
use grokking::inspect::{Matrix, Method, Watch};
use grokking::rng::Rng;
use grokking::session::{Command, Curves, Event, Session, Snapshot};
use grokking::train::{Checkpoint, Hardware, Trainer};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

const TINY: &[(&str, &str)] = &[("modulus", "7"), ("width", "16"), ("batch", "12")];

fn settings(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|&(id, value)| (id.into(), value.into())).collect()
}

fn raw(pairs: &[(&str, &str)]) -> RawConfig {
    RawConfig { preset: None, settings: settings(pairs) }
}

fn session(pairs: &[(&str, &str)]) -> Session {
    let mut session = Session::new(Hardware::Cpu);
    obey(&mut session, Command::Start { config: raw(pairs), resume: None, from: None });
    // Otherwise the steps that are evaluated depend on how fast the machine is.
    obey(&mut session, Command::Pace { steps: Some(10), growing: false });
    session
}

fn obey(session: &mut Session, command: Command) -> Vec<Event> {
    pollster::block_on(session.handle(command)).unwrap()
}

/// Runs until the session stops by itself.
fn finish(session: &mut Session) -> Vec<Event> {
    let mut events = Vec::new();
    while session.is_running() {
        events.extend(pollster::block_on(session.advance()).unwrap());
    }
    events
}

fn last_point(events: &[Event]) -> &Curves {
    let points = events.iter().rev();
    points
        .into_iter()
        .find_map(|event| match event {
            Event::Evaluated(point) => Some(point),
            _ => None,
        })
        .unwrap()
}

fn step(session: &mut Session, steps: u32) -> Curves {
    obey(session, Command::Step { steps });
    last_point(&finish(session)).clone()
}

#[test]
fn the_default_preset_groks() {
    let mut session = session(&[]);
    obey(&mut session, Command::Run);
    let events = finish(&mut session);
    let point = last_point(&events);
    assert!(point.held_out_accuracy >= 0.99, "{point:?}");
    // No held-out cell has its mirror image among those that it is shown.
    assert_eq!(point.mirrored_accuracy, None);
    assert_eq!(point.unmirrored_accuracy, Some(point.held_out_accuracy));
    let (memorised, generalised) = (point.memorised_at.unwrap(), point.generalised_at.unwrap());
    println!("memorised at step {memorised}, generalised at step {generalised}");
    // The plateau is the point: it knows its examples long before it knows the rest.
    assert!(generalised > 2 * memorised, "{memorised} {generalised}");
}

#[test]
fn the_same_seed_is_the_same_run() {
    let mut losses = [7, 7, 8].map(|seed: u32| {
        let seed = seed.to_string();
        let point = step(&mut session(&[TINY, &[("seed", &seed)]].concat()), 40);
        (point.train_loss, point.held_out_loss)
    });
    assert_eq!(losses[0], losses[1]);
    losses.rotate_left(1);
    assert_ne!(losses[0], losses[1]);
}

#[test]
fn a_snapshot_goes_on_exactly_where_the_run_was() {
    let ways = [
        ("optimizer", "adamw"),
        ("optimizer", "adam"),
        ("optimizer", "sgd"),
        ("optimizer", "muon"),
        ("decay", "to-init"),
        ("decay", "jiggle"),
        ("updateNoise", "0.5"),
        ("weightNoise", "0.1"),
        ("dropout", "0.3"),
        ("grokfast", "ema"),
        ("grokfast", "ma"),
        ("constantNorm", "on"),
    ];
    for way in ways {
        let config = [TINY, &[way, ("grokfastWindow", "9")]].concat();
        let mut first = session(&config);
        step(&mut first, 25);
        let snapshot: Snapshot = obey(&mut first, Command::Snapshot)
            .into_iter()
            .find_map(|event| match event {
                Event::Snapshot(snapshot) => Some(snapshot),
                _ => None,
            })
            .unwrap();
        let mut second = Session::new(Hardware::Cpu);
        let resume = Command::Start { config: raw(&config), resume: Some(snapshot), from: None };
        obey(&mut second, resume);
        obey(&mut second, Command::Pace { steps: Some(10), growing: false });
        let (a, b) = (step(&mut first, 25), step(&mut second, 25));
        assert_eq!(
            (a.step, a.train_loss, &a.predicted),
            (b.step, b.train_loss, &b.predicted),
            "{way:?}"
        );
        assert_eq!(a.first_right, b.first_right, "{way:?}");
    }
}

/// Interventions change how a network is trained, and not how it is evaluated.
#[test]
fn dropout_and_noise_are_for_training_alone() {
    let losses = |extra: &[(&str, &str)]| {
        let mut session = session(&[TINY, &[("warmup", "0")], extra].concat());
        let first = step(&mut session, 1);
        let config = session.trainer().unwrap().config().clone();
        let mut trainer = Trainer::new(&config, &Hardware::Cpu).unwrap();
        let before = pollster::block_on(trainer.evaluate()).unwrap().train_loss;
        (before, first.train_loss)
    };
    let (clean, trained) = losses(&[("kernels", "plain")]);
    for way in [("dropout", "0.5"), ("weightNoise", "0.2")] {
        let (before, after) = losses(&[way, ("kernels", "plain")]);
        assert_eq!(before, clean, "{way:?}");
        assert_ne!(after, trained, "{way:?}");
    }
}

#[test]
fn a_snapshot_of_another_model_is_refused() {
    let snapshot = Snapshot { step: 3, history: Default::default(), values: vec![0.0; 5] };
    let mut session = Session::new(Hardware::Cpu);
    let start = Command::Start { config: raw(TINY), resume: Some(snapshot), from: None };
    let error = pollster::block_on(session.handle(start)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the weights do not fit: a checkpoint of this model has 10416 values, this one has 5"
    );
}

#[test]
fn a_history_of_another_table_is_refused() {
    let mut first = session(TINY);
    let snapshot = obey(&mut first, Command::Snapshot).into_iter().find_map(|event| match event {
        Event::Snapshot(snapshot) => Some(snapshot),
        _ => None,
    });
    let mut snapshot = snapshot.unwrap();
    snapshot.history.first_right.pop();
    let mut second = Session::new(Hardware::Cpu);
    let start = Command::Start { config: raw(TINY), resume: Some(snapshot), from: None };
    let error = pollster::block_on(second.handle(start)).unwrap_err();
    assert_eq!(error.code(), "command");
    assert_eq!(
        error.to_string(),
        "the history does not fit: this table has 49 equations, the history has 48"
    );
}

#[test]
fn a_test_of_no_steps_is_refused() {
    let mut session = Session::new(Hardware::Cpu);
    let test = |steps| Command::Test { config: raw(TINY), steps: Some(steps) };
    let error = pollster::block_on(session.handle(test(0))).unwrap_err();
    assert_eq!(error.to_string(), "`steps` of a test must be at least 1");
    let tested = obey(&mut session, test(1)).into_iter().find_map(|event| match event {
        Event::Tested(tested) => Some(tested),
        _ => None,
    });
    assert!(tested.unwrap().step_millis.is_finite());
}

#[test]
fn divergence_stops_the_run_with_an_explanation() {
    let config = [TINY, &[("optimizer", "sgd"), ("learningRate", "1"), ("weightDecay", "20")]];
    let mut session = session(&config.concat());
    obey(&mut session, Command::Run);
    let error = loop {
        if let Err(error) = pollster::block_on(session.advance()) {
            break error;
        }
    };
    assert!(matches!(error, Error::NotFinite { .. }), "{error}");
    assert!(!session.is_running());
    // Only a new start has weights to go on with.
    for command in [Command::Run, Command::Step { steps: 1 }] {
        let error = pollster::block_on(session.handle(command)).unwrap_err();
        let message = "the run has failed and cannot go on: reset to start anew";
        assert_eq!((error.code(), error.to_string().as_str()), ("command", message));
        assert!(!session.is_running());
    }
    obey(&mut session, Command::Start { config: raw(TINY), resume: None, from: None });
    step(&mut session, 1);
}

#[test]
fn live_settings_change_the_run_and_others_say_that_they_cannot() {
    let mut session = session(TINY);
    step(&mut session, 3);
    let live = settings(&[("weightDecay", "0.25")]);
    obey(&mut session, Command::Set { settings: live });
    assert_eq!(session.trainer().unwrap().config().weight_decay, 0.25);
    let fresh = Command::Set { settings: settings(&[("layers", "2")]) };
    let error = pollster::block_on(session.handle(fresh)).unwrap_err();
    assert_eq!(error.to_string(), "`layers` needs a new network: reset to use it");
    let bad = Command::Set { settings: settings(&[("learningRate", "-1")]) };
    let error = pollster::block_on(session.handle(bad)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`learningRate` cannot be `-1`: allowed is a number from 0.000001 to 1"
    );
    assert_eq!(session.trainer().unwrap().config().learning_rate, 1.5e-3);
}

/// A network that has grokked is explained by a few frequencies, one that has not is not.
#[test]
fn what_a_grokked_network_has_learned_is_a_few_frequencies() {
    let mut session = session(&[]);
    let mut look = || {
        let watch = Watch {
            structure: true,
            sharpness: true,
            gauge: true,
            points: Some((Matrix::Embedding, Method::Fourier)),
            inside: Some(Look { layer: 0, neuron: Some(0) }),
            parts: true,
            clock: true,
        };
        let events = obey(&mut session, Command::Watch { watch });
        let Some(Event::Inspected(inspected)) = events.into_iter().next() else { panic!() };
        if inspected.step == 0 {
            obey(&mut session, Command::Run);
            finish(&mut session);
        }
        inspected.inspection
    };
    let (before, after) = (look(), look());
    let [first, last] = [before.fourier.unwrap(), after.fourier.unwrap()];
    println!("explained {:.3} to {:.3}, {:?}", first.explained, last.explained, last.keys);
    assert!(first.explained < 0.2 && last.explained > 0.7, "{last:?}");
    assert!(last.gini > 2.0 * first.gini, "{} {}", first.gini, last.gini);
    assert!(last.restricted_loss < 0.5 && last.excluded_loss > 1.0, "{last:?}");
    assert_eq!(after.points.len(), 2 * 43);
    let sharpness = [before.sharpness.unwrap(), after.sharpness.unwrap()];
    assert!(sharpness.iter().all(|value| value.is_finite() && *value >= 0.0), "{sharpness:?}");

    let (memorised, grokked) = (before.inside.unwrap(), after.inside.unwrap());
    println!("tuned {} to {} of {}", memorised.tuned, grokked.tuned, grokked.neurons.len());
    assert!(grokked.tuned > 3 * memorised.tuned.max(1), "{grokked:?}");
    assert_eq!(after.pictures.len(), (256 + 4 * 4) * 43 * 43);

    // The rule does nearly all of it, and nothing that is taken away touches the run.
    let rule = after.parts.unwrap().rule.unwrap();
    assert_eq!(rule.keys, last.keys);
    assert!(rule.only.held_out.right == rule.only.held_out.of, "{rule:?}");
    assert!(10 * rule.without.train.right < rule.without.train.of, "{rule:?}");
    let weights = pollster::block_on(session.trainer().unwrap().weights()).unwrap();
    let command = Command::Ablate { cuts: vec!["mlp:0".into()], fill: Fill::Mean };
    let events = obey(&mut session, command);
    let Some(Event::Ablated { ablated, .. }) = events.into_iter().next() else { panic!() };
    assert_eq!(ablated.whole.held_out.right, ablated.whole.held_out.of);
    assert!(10 * ablated.left.held_out.right < ablated.left.held_out.of, "{:?}", ablated.left);
    assert_eq!(weights, pollster::block_on(session.trainer().unwrap().weights()).unwrap());

    let predict = Command::Predict { x: 3, y: 5 };
    let events = obey(&mut session, predict);
    let Some(Event::Predicted { prediction, .. }) = events.into_iter().next() else { panic!() };
    let best = |scores: &[f64]| (0..43).max_by(|&a, &b| scores[a].total_cmp(&scores[b]));
    let network: Vec<f64> = prediction.network.iter().map(|&score| f64::from(score)).collect();
    assert_eq!((best(&network), best(&prediction.rule.unwrap())), (Some(8), Some(8)));
}

/// A fork with nothing changed is the run itself, bit for bit; one with another decay is not.
#[test]
fn a_fork_goes_on_from_the_run_that_it_leaves() {
    let values = |session: &mut Session| {
        let events = obey(session, Command::Snapshot);
        let Some(Event::Snapshot(snapshot)) = events.into_iter().next() else { panic!() };
        snapshot
    };
    let steps = |session: &mut Session, steps| {
        obey(session, Command::Step { steps });
        finish(session);
    };
    let mut whole = session(TINY);
    steps(&mut whole, 20);
    let left = values(&mut whole);
    steps(&mut whole, 10);

    let from = RawConfig { preset: None, settings: whole.trainer().unwrap().config().texts() };
    let fork = |changed: &[(&str, &str)]| {
        let mut config = from.clone();
        config.settings.extend(settings(changed));
        let mut session = Session::new(Hardware::Cpu);
        let start = Command::Start { config, resume: Some(left.clone()), from: Some(from.clone()) };
        pollster::block_on(session.handle(start)).map(|events| (session, events))
    };
    let (mut same, events) = fork(&[]).unwrap();
    // It is evaluated where it begins.
    let first = events.iter().find_map(|event| match event {
        Event::Evaluated(point) => Some(point.step),
        _ => None,
    });
    assert_eq!(first, Some(20));
    steps(&mut same, 10);
    assert_eq!(values(&mut same).values, values(&mut whole).values);

    let (mut other, _) = fork(&[("weightDecay", "0"), ("trainFraction", "0.3")]).unwrap();
    let first = values(&mut other);
    assert_eq!((first.step, &first.values), (20, &left.values));
    steps(&mut other, 10);
    assert_ne!(values(&mut other).values, values(&mut whole).values);

    // Another optimiser remembers other things.
    let (mut other, _) = fork(&[("optimizer", "sgd")]).unwrap();
    let parameters = other.trainer().unwrap().n_parameters();
    let first = values(&mut other);
    assert_eq!(first.values[..parameters], left.values[..parameters]);
    assert!(first.values[parameters..].iter().all(|&moment| moment == 0.0));

    // The weights of a recording are parameters alone: there is nothing to remember.
    let mut bare = left.clone();
    bare.values.truncate(parameters);
    let mut anew = Session::new(Hardware::Cpu);
    let config = from.clone();
    obey(&mut anew, Command::Start { config, resume: Some(bare), from: Some(from.clone()) });
    let first = values(&mut anew);
    assert_eq!((first.step, first.values.len()), (20, left.values.len()));
    assert_eq!(first.values[..parameters], left.values[..parameters]);
    assert!(first.values[parameters..].iter().all(|&moment| moment == 0.0));

    let error = fork(&[("width", "32")]).err().unwrap().to_string();
    assert_eq!(
        error,
        "a fork keeps the network and what it learns: `width` is `16` there and `32` here"
    );
}

#[test]
fn a_run_ends_at_its_budget() {
    let mut session = session(&[TINY, &[("budget", "30")]].concat());
    obey(&mut session, Command::Run);
    assert_eq!(last_point(&finish(&mut session)).step, 30);
}

#[test]
fn a_run_that_is_told_to_go_on_does() {
    let mut session = session(&[TINY, &[("budget", "30")]].concat());
    obey(&mut session, Command::Run);
    finish(&mut session);
    let raised = obey(&mut session, Command::Run).into_iter().find_map(|event| match event {
        Event::Configured { config } => config.get("budget").cloned(),
        _ => None,
    });
    assert_eq!(raised.as_deref(), Some("60"));
    assert_eq!(last_point(&finish(&mut session)).step, 60);

    // One that has generalised goes on to its budget, in this worker and in the next.
    let mut session = session_of_grokked();
    let ended = last_point(&finish(&mut session)).step;
    assert!(ended < 500, "it ended at {ended}, before its budget");
    obey(&mut session, Command::Run);
    let on = step(&mut session, 5);
    assert_eq!(on.step, ended + 5);
    obey(&mut session, Command::Run);
    let events = finish(&mut session);
    assert_eq!(last_point(&events).step, 2_000, "it ended at its budget");
}

/// A run under way that ends when it has generalised, early in its budget.
fn session_of_grokked() -> Session {
    let settings = [
        ("modulus", "11"),
        ("split", "cells"),
        ("width", "32"),
        ("trainFraction", "0.9"),
        ("batch", "full"),
        ("learningRate", "0.005"),
        ("weightDecay", "1"),
        ("budget", "2000"),
    ];
    let mut session = session(&settings);
    obey(&mut session, Command::Run);
    session
}

#[test]
fn held_out_cells_are_told_apart_by_their_mirror_images() {
    let mut session = session(&[TINY, &[("split", "cells"), ("trainFraction", "0.5")]].concat());
    let point = step(&mut session, 3);
    let (started, right) = {
        let trainer = session.trainer().unwrap();
        (trainer.held_out().to_vec(), trainer.table().equations.clone())
    };
    let mut counts = [[0.0; 2]; 2];
    for (_, equation) in right.iter().enumerate().filter(|&(index, _)| started[index]) {
        let mirror = right.iter().position(|e| (e.x, e.y) == (equation.y, equation.x)).unwrap();
        let n = (right.len() as f64).sqrt() as usize;
        let cell = usize::from(equation.x) * n + usize::from(equation.y);
        let row = &mut counts[usize::from(started[mirror])];
        row[0] += f64::from(u8::from(point.predicted[cell] == equation.answer));
        row[1] += 1.0;
    }
    let [mirrored, unmirrored] = counts.map(|[right, all]| Some(right / all));
    assert_eq!((point.mirrored_accuracy, point.unmirrored_accuracy), (mirrored, unmirrored));
}

#[test]
fn a_command_without_a_run_says_so() {
    let mut session = Session::new(Hardware::Cpu);
    let error = pollster::block_on(session.handle(Command::Run)).unwrap_err();
    assert_eq!(error.to_string(), "there is no run yet: start one");
}

/// Length of the difference over the length.
fn difference(expected: &[f32], actual: &[f32]) -> f64 {
    assert_eq!(expected.len(), actual.len());
    length(expected.iter().zip(actual).map(|(a, b)| a - b)) / length(expected.iter().copied())
}

/// Steps of the reference; every way to compute one takes each of them from where the reference stands,
/// so that what is rounded otherwise in one does not grow in the next.
const STEPS: usize = 10;

/// The length of a vector.
fn length(values: impl Iterator<Item = f32>) -> f64 {
    values.map(|value| f64::from(value).powi(2)).sum::<f64>().sqrt()
}

/// What is compared with the reference on the CPU.
struct Rival {
    kernels: &'static str,
    hardware: Hardware,
    /// Relative difference that is allowed, of losses and answers, and of gradients.
    allowed: f64,
    allowed_gradient: f64,
}

/// WGSL's `exp` is several times less exact than ours, and burn's GELU has a slope on graphics cards
/// that is off by up to 8e-4 where its values are exact to 1e-6 (measured over the 256 models).
///
/// burn on a card compiles dozens of kernels for every shape, so it is there for a quarter of the seeds.
fn rivals(
    #[cfg_attr(not(feature = "gpu"), expect(unused))] activation: &str,
    #[cfg_attr(not(feature = "gpu"), expect(unused))] seed: u32,
) -> Vec<Rival> {
    let cpu =
        Rival { kernels: "fused", hardware: Hardware::Cpu, allowed: 1e-5, allowed_gradient: 1e-5 };
    #[cfg_attr(not(feature = "gpu"), expect(unused_mut))]
    let mut rivals = vec![cpu];
    #[cfg(feature = "gpu")]
    {
        thread_local! {
            static CONTEXT: grokking::fused::gpu::Context =
                pollster::block_on(grokking::fused::gpu::Context::open()).unwrap();
        }
        let card = || Hardware::Gpu(CONTEXT.with(Clone::clone));
        let allowed = 3e-5;
        let by_burn = if activation == "gelu" { 2e-3 } else { allowed };
        for (kernels, allowed_gradient) in [("fused", allowed), ("plain", by_burn)] {
            if kernels == "fused" || seed.is_multiple_of(4) {
                rivals.push(Rival { kernels, hardware: card(), allowed, allowed_gradient });
            }
        }
    }
    rivals
}

/// Where a network attends to everything alike, nothing depends on what it asks for.
#[test]
fn uniform_attention_has_no_gradient_of_queries_and_keys() {
    for (rate, is_uniform) in [("0", true), ("0.5", false)] {
        let config = Config::from_raw(&raw(&[TINY, &[("attentionRate", rate)]].concat())).unwrap();
        let mut trainer = Trainer::new(&config, &Hardware::Cpu).unwrap();
        let (_, gradient) = pollster::block_on(trainer.loss_and_gradient()).unwrap();
        for parameter in trainer.model().parameters() {
            let is_asked = ["query", "key"].iter().any(|part| parameter.name.contains(part));
            let is_flat = gradient[parameter.range()].iter().all(|&slope| slope == 0.0);
            assert_eq!(is_flat, is_asked && is_uniform, "{}, rate {rate}", parameter.name);
        }
    }
}

/// Each with its gradient's mean and without it, in which softmax has none.
#[test]
fn the_losses_of_the_reference_are_those_of_the_kernels() {
    for loss in ["softmax", "stablemax"] {
        let gradients = ["off", "on"].map(|zero_sum| {
            let [expected, found] = ["plain", "fused"].map(|kernels| {
                let chosen = [("loss", loss), ("zeroSum", zero_sum), ("kernels", kernels)];
                let config = Config::from_raw(&raw(&[TINY, &chosen].concat())).unwrap();
                let mut trainer = Trainer::new(&config, &Hardware::Cpu).unwrap();
                pollster::block_on(trainer.loss_and_gradient()).unwrap()
            });
            assert!((expected.0 - found.0).abs() < 1e-5, "{loss}: {} {}", expected.0, found.0);
            let apart = difference(&expected.1, &found.1);
            assert!(apart < 1e-5, "{loss}, {zero_sum}: {apart}");
            found.1
        });
        let apart = difference(&gradients[0], &gradients[1]);
        assert_eq!(apart > 1e-3, loss == "stablemax", "{loss}: {apart}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(0), failure_persistence: None, max_shrink_iters: 0, ..ProptestConfig::with_cases(256) })]

    /// The kernels by hand compute the loss and every gradient that automatic differentiation of
    /// the plain model gives, for every model that can be chosen.
    #[test]
    fn fused_kernels_change_nothing(
        operation in prop::sample::select(vec!["add", "div", "cube2"]),
        prompt in prop::sample::select(vec!["x-op-y-eq", "x-y-eq"]),
        norm in prop::sample::select(vec!["none", "pre", "post"]),
        bias in prop::sample::select(vec!["none", "mlp", "all"]),
        activation in prop::sample::select(vec!["relu", "gelu"]),
        positions in prop::sample::select(vec!["learned", "sinusoidal"]),
        init in prop::sample::select(vec!["pytorch", "scaled"]),
        batch in prop::sample::select(vec!["1", "17", "full"]),
        mlp_ratio in prop::sample::select(vec!["1", "4"]),
        (width, heads) in prop::sample::select(vec![("12", "4"), ("16", "1"), ("20", "2"), ("64", "4")]),
        layers in 1..=4u32, draw in 0..1000u32,
    ) {
        // Rows of attention that add up to more than 1 make numbers grow from layer to layer where no norm
        // holds them: a loss of 685 in four, whose gradient one rounding of the weights moves by 4e-4.
        let rate = match norm {
            "none" if layers > 2 => "1",
            _ => ["1", "0.7", "0.3", "0"][draw as usize / 4 % 4],
        };
        let (layers, seed) = (layers.to_string(), draw.to_string());
        let run = |kernels: &str, hardware: Hardware, stands: Option<&[Checkpoint]>| {
            let config = Config::from_raw(&raw(&[
                ("operation", operation), ("prompt", prompt), ("norm", norm), ("bias", bias),
                ("activation", activation), ("positions", positions), ("initializer", init),
                ("attentionRate", rate),
                ("layers", &layers), ("heads", heads), ("seed", &seed), ("modulus", "13"),
                ("width", width), ("batch", batch), ("mlpRatio", mlp_ratio), ("kernels", kernels),
                ("trainFraction", "0.9"), ("warmup", "0"),
                // Adam's first steps are as long for a gradient of rounding as for any other. Deep
                // networks without a norm diverge at 0.0001, where a rounding decides what is active.
                ("optimizer", "sgd"), ("learningRate", "0.00001"),
            ])).unwrap();
            let mut trainer = Trainer::new(&config, &hardware).unwrap();
            // Gains and biases start at constants that would hide errors.
            let mut weights = pollster::block_on(trainer.weights()).unwrap();
            let mut rng = Rng::new(1);
            weights.iter_mut().for_each(|weight| *weight += 0.02 * rng.normal() as f32);
            trainer.set_weights(&weights).unwrap();
            let (loss, gradient) = pollster::block_on(trainer.loss_and_gradient()).unwrap();
            let evaluation = pollster::block_on(trainer.evaluate()).unwrap();
            let mut losses = Vec::new();
            let mut reached = vec![pollster::block_on(trainer.checkpoint()).unwrap()];
            for step in 0..STEPS {
                if let Some(stands) = stands {
                    trainer.restore(&stands[step]).unwrap();
                }
                pollster::block_on(trainer.step()).unwrap();
                losses.push(pollster::block_on(trainer.settle()).unwrap().unwrap());
                reached.push(pollster::block_on(trainer.checkpoint()).unwrap());
            }
            (loss, gradient, evaluation, losses, reached)
        };
        let expected = run("plain", Hardware::Cpu, None);
        for Rival { kernels, hardware, allowed, allowed_gradient } in rivals(activation, draw) {
            // A loss near 0 is a difference of larger numbers.
            let is_close = |a: f64, b: f64| (a - b).abs() < allowed * a.max(1.0);
            let fused = run(kernels, hardware, Some(&expected.4));
            prop_assert!(is_close(expected.0, fused.0), "{} {}", expected.0, fused.0);
            let gradient = difference(&expected.1, &fused.1);
            prop_assert!(gradient < allowed_gradient, "gradient: {gradient}");
            let confidence = difference(&expected.2.confidence, &fused.2.confidence);
            prop_assert!(confidence < allowed, "confidence: {confidence}");
            let (plain, fused_loss) = (expected.2.held_out_loss, fused.2.held_out_loss);
            prop_assert!(is_close(plain, fused_loss), "{plain} {fused_loss}");
            for step in 0..STEPS {
                let (plain, loss) = (expected.3[step], fused.3[step]);
                prop_assert!(is_close(plain, loss), "step {step}: {plain} {loss}");
                // Parameters and the moment, which is made of gradients.
                let [from, to, got] = [&expected.4[step], &expected.4[step + 1], &fused.4[step + 1]]
                    .map(|checkpoint| &checkpoint.values);
                let length_of = |values: &[f32]| length(values.iter().copied());
                let bound = 2.0 * allowed_gradient * (length_of(from) + length_of(to));
                let apart = length(to.iter().zip(got).map(|(a, b)| a - b));
                prop_assert!(apart < bound, "step {step}: {apart} {bound}");
            }
        }
    }
}
