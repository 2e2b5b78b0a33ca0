//! The gauge: what ships is what its readings say, and it is judged on runs that it has not seen.

use std::path::PathBuf;
use std::process::Command;

use grokking::inspect::gauge::fit::{Folds, Recorded, fit, quantile};
use grokking::inspect::gauge::{self, Evidence, Kind, Reading};
use serde_json::Value;

fn root(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn runs(name: &str) -> Vec<Recorded> {
    let text = std::fs::read_to_string(root(&format!("sweeps/readings/{name}.jsonl"))).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Numbers that a machine's logarithms may round differently.
fn close(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            (a - b).abs() <= 2e-3 * a.abs().max(b.abs())
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| close(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| close(a, b)))
        }
        _ => a == b,
    }
}

#[test]
fn the_shipped_fits_and_their_judgements_come_from_the_readings() {
    let json = std::env::temp_dir().join(format!("grok-gauge-{}.json", std::process::id()));
    let output = Command::new(env!("CARGO_BIN_EXE_grok"))
        .arg("gauge")
        .args(["--fit".into(), root("sweeps/readings/fit.jsonl")])
        .args(["--apart".into(), root("sweeps/readings/apart.jsonl")])
        .args(["--families".into(), root("sweeps/readings/families.jsonl")])
        .args(["--json".into(), json.clone()])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read = |path: PathBuf| -> Value {
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    };
    assert!(close(&read(json.clone()), &read(root("www/recordings/gauge.json"))));
    std::fs::remove_file(json).unwrap();

    let (sums, groups) = (runs("fit"), runs("families"));
    for (kind, made, fitted) in [
        (Kind::Sum, fit(&sums, Evidence::Progress, Folds::Tables), sums),
        (Kind::Group, fit(&groups, Evidence::Settings, Folds::Families), groups),
    ] {
        let shipped = gauge::model(kind);
        assert!((made.shrinkage - shipped.shrinkage).abs() < 1e-3, "{kind:?}");
        for reading in fitted.iter().flat_map(|run| &run.readings) {
            let [a, b] = [&made, &shipped].map(|model| model.forecast(reading));
            for (a, b) in [(a.step, b.step), (a.low, b.low), (a.high, b.high)] {
                assert!((a / b).ln().abs() < 1e-3, "{kind:?}: {a} and {b}");
            }
        }
    }
}

#[test]
fn it_is_judged_on_sixty_runs_or_more_that_it_was_not_fitted_on() {
    let (fitted, apart) = (runs("fit"), runs("apart"));
    assert!(apart.len() >= 60, "{}", apart.len());
    let first = |run: &Recorded| (run.readings[0].held_out_loss, run.readings[0].train_loss);
    assert!(apart.iter().all(|run| fitted.iter().all(|other| first(other) != first(run))));
}

/// A made world in which ln(T / t) is a sum of the features: the fit finds it.
#[test]
fn a_law_that_is_linear_is_found() {
    let reading = |at: u64, step: u64| Reading {
        symbols: 31 + at as usize,
        train_fraction: 0.4 + 0.01 * at as f64,
        decay_rate: 0.001 * (1 + at % 3) as f64,
        step,
        train_loss: 1.0 / (step as f64).powi(2),
        held_out_loss: 5.0,
        held_out_accuracy: 0.1,
        growth: 1.2,
        progress: None,
        measures: None,
    };
    // T = 2 / (η λ), whatever else is seen.
    let recorded = |at: u64| {
        let end = 2.0 / (0.001 * (1 + at % 3) as f64);
        Recorded {
            run: at.to_string(),
            family: None,
            memorised_at: Some(100),
            generalised_at: Some(end as u64),
            ended_at: end as u64,
            growth_memorised: Some(1.2),
            growth_generalised: Some(1.0),
            readings: [100, 200, 400].map(|step| reading(at, step)).to_vec(),
        }
    };
    let runs: Vec<Recorded> = (0..60).map(recorded).collect();
    let model = fit(&runs, Evidence::Settings, Folds::Tables);
    for (at, truth) in [(0, 2000.0), (1, 1000.0), (2, 666.7)] {
        let forecast = model.forecast(&reading(at, 300));
        assert!((forecast.step / truth).ln().abs() < 0.05, "{forecast:?}, truth {truth}");
        assert!(forecast.low <= forecast.step && forecast.step <= forecast.high);
    }
}

#[test]
fn quantiles_lie_between_neighbours() {
    assert_eq!(quantile(&[1.0, 2.0, 4.0], 0.5), 2.0);
    assert_eq!(quantile(&[1.0, 2.0, 4.0], 0.75), 3.0);
    assert_eq!(quantile(&[], 0.5), 0.0);
}

/// Truong 2026 with numbers worked by hand: ln(61² / 30.5²) / (1.41 · 0.001) after step 140.
#[test]
fn the_law_of_the_norm_is_that_of_its_source() {
    let step = gauge::norm_law(140, 1e-3, (61.0f64 / 30.5).powi(2));
    assert!((step - (140.0 + 983.2)).abs() < 0.1, "{step}");
}

fn families(path: &std::path::Path) -> std::process::Output {
    let grok = env!("CARGO_BIN_EXE_grok");
    Command::new(grok).args(["gauge".as_ref(), "--families".as_ref(), path]).output().unwrap()
}

/// What docs/results.md shows is what the readings say.
#[test]
fn families_are_judged_as_the_results_have_it() {
    let output = families(&root("sweeps/readings/families.jsonl"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let results = std::fs::read_to_string(root("docs/results.md")).unwrap();
    let table = String::from_utf8(output.stdout).unwrap();
    assert!(results.contains(table.trim()), "{table}");
    assert!(runs("families").len() >= 120);
}

/// Each family is held out, and of the others each once more.
#[test]
fn two_families_are_too_few_to_hold_one_out() {
    let text = std::fs::read_to_string(root("sweeps/readings/families.jsonl")).unwrap();
    let path = std::env::temp_dir().join(format!("grok-families-{}.jsonl", std::process::id()));
    for (kept, problem) in [
        (&["sums"][..], "its runs are of sums alone: it takes three to hold one out"),
        (&["s5", "sums"], "its runs are of s5 and sums alone: it takes three to hold one out"),
    ] {
        let is_kept =
            |line: &&str| kept.iter().any(|f| line.contains(&format!("\"family\":\"{f}\"")));
        let lines: Vec<&str> = text.lines().filter(is_kept).collect();
        std::fs::write(&path, lines.join("\n")).unwrap();
        let output = families(&path);
        assert!(!output.status.success());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains(problem), "{said}");
    }
    std::fs::remove_file(path).unwrap();
}
