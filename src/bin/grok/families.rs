//! `grok gauge --families`: forecasts for a family of operations by fits of the others, and how long before
//! a network generalises each measure says so.

use std::path::Path;

use grokking::inspect::gauge::fit::{self, Folds, Recorded, quantile};
use grokking::inspect::gauge::judge::{Judgement, judge, median_factor};
use grokking::inspect::gauge::{Evidence, Measures, Model, Reading};

use crate::readings::{having, read};
use crate::{Failure, report};

/// What fits are made on, and what each is called.
const EVIDENCE: [(&str, Evidence); 6] = [
    ("settings", Evidence::Settings),
    ("losses, norm", Evidence::Losses),
    ("and spectral entropy", Evidence::Entropy),
    ("and answer share", Evidence::Answer),
    ("and synchrony", Evidence::Synchrony),
    ("all of them", Evidence::Measures),
];

/// A measure with the threshold that its source gives.
struct Sign {
    name: &'static str,
    /// Whether its source gives it for this family.
    is_for: fn(&str) -> bool,
    shows: fn(&Measures) -> bool,
}

const SIGNS: [Sign; 3] = [
    Sign {
        name: "spectral entropy at most 0.609 (2604.13123), any operation",
        is_for: |_| true,
        shows: |measures| measures.spectral_entropy <= 0.609,
    },
    Sign {
        name: "synchronisation at least 0.50 (2606.12966), groups",
        is_for: |family| !is_cyclic(family),
        shows: |measures| measures.synchrony.is_some_and(|it| it.synchronisation >= 0.5),
    },
    Sign {
        name: "synchronisation at least 0.80 (2606.12966), sums and products",
        is_for: is_cyclic,
        shows: |measures| measures.synchrony.is_some_and(|it| it.synchronisation >= 0.8),
    },
];

fn is_cyclic(family: &str) -> bool {
    ["sums", "products"].contains(&family)
}

/// Judges on each family what was fitted on the others.
pub fn run(path: &Path) -> Result<(), Failure> {
    let runs = read(path)?;
    let problem =
        "its operation is no sum, product or group, or its log is older than its measures";
    having(path, &runs, Evidence::Measures, problem)?;
    let mut families: Vec<&str> = runs.iter().map(family).collect();
    families.sort_unstable();
    families.dedup();
    // Each is held out, and of the rest each once more, for the bands.
    if families.len() < 3 {
        let names = families.join(" and ");
        let problem = format!("its runs are of {names} alone: it takes three to hold one out");
        return Err(Failure::content(path, problem));
    }
    let mut text = format!("{}\n\n", counted(&runs));
    text.push_str("| forecast from ");
    families.iter().for_each(|family| text.push_str(&format!("| {family} ")));
    text.push_str("| all groups | all |\n|---|");
    text.push_str(&"---|".repeat(families.len() + 2));
    for (name, evidence) in EVIDENCE {
        text.push_str(&format!("\n| {name} |"));
        let [mut groups, mut all] = [Vec::new(), Vec::new()];
        for held_out in &families {
            let (apart, fitted): (Vec<Recorded>, Vec<Recorded>) =
                runs.iter().cloned().partition(|run| family(run) == *held_out);
            let shrinkage = fit::shrinkage(&fitted);
            let model = fit::fit(&fitted, evidence, Folds::Families);
            text.push_str(&cell(&judge(&model, &apart, shrinkage)));
            let errors = errors(&model, &apart);
            if !is_cyclic(held_out) {
                groups.extend(&errors);
            }
            all.extend(errors);
        }
        for errors in [groups, all] {
            text.push_str(&format!(" {:.2} |", median_factor(errors)));
        }
    }
    text.push_str(
        "\n\n| sign | before 99 % held out | how early | without it ever |\n|---|---|---|---|\n",
    );
    for sign in &SIGNS {
        text.push_str(&told(sign, &runs));
    }
    report::print(&text)
}

fn family(run: &Recorded) -> &str {
    run.family.as_deref().unwrap_or("unknown")
}

fn counted(runs: &[Recorded]) -> String {
    let generalised = runs.iter().filter(|run| run.generalised_at.is_some()).count();
    format!("{} runs, {generalised} of which generalised.", runs.len())
}

/// The median factor, and the share of the bands that held.
fn cell(judgement: &Judgement) -> String {
    let Judgement { factor, covered, forecasts, .. } = judgement;
    match forecasts {
        0 => " none |".into(),
        _ => format!(" {factor:.2} ({:.0} %) |", 100.0 * covered),
    }
}

/// |ln(forecast / truth)| of every forecast for a run that generalised.
fn errors(model: &Model, runs: &[Recorded]) -> Vec<f64> {
    let of_run = |run: &Recorded| {
        let truth = run.generalised_at.map(|at| at as f64);
        let error = |reading: &Reading| Some((model.forecast(reading).step / truth?).ln().abs());
        run.readings.iter().filter_map(error).collect::<Vec<_>>()
    };
    runs.iter().flat_map(of_run).collect()
}

/// How often a sign came before the rule, how long before, and how often without it.
fn told(sign: &Sign, runs: &[Recorded]) -> String {
    let first = |run: &Recorded| {
        let seen =
            run.readings.iter().find(|reading| reading.measures.as_ref().is_some_and(sign.shows));
        seen.map(|reading| reading.step as f64)
    };
    let (came, never): (Vec<&Recorded>, Vec<&Recorded>) = runs
        .iter()
        .filter(|run| (sign.is_for)(family(run)))
        .partition(|run| run.generalised_at.is_some());
    let mut shares: Vec<f64> =
        came.iter().filter_map(|run| Some(first(run)? / run.generalised_at? as f64)).collect();
    shares.sort_by(f64::total_cmp);
    let early = match shares.len() {
        0 => "".into(),
        _ => format!("at {:.0} % of the way (median)", 100.0 * quantile(&shares, 0.5)),
    };
    let false_alarms = never.iter().filter(|run| first(run).is_some()).count();
    format!(
        "| {} | {} of {} | {early} | {false_alarms} of {} |\n",
        sign.name,
        shares.len(),
        came.len(),
        never.len()
    )
}
