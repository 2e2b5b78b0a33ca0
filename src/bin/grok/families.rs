//! `grok gauge --families`: forecasts for a family of operations by fits of the others, and how long before
//! a network generalises each measure says so.

use std::path::Path;

use grokking::inspect::gauge::fit::{self, Folds, Recorded, quantile};
use grokking::inspect::gauge::judge::{Judgement, judge, judge_all};
use grokking::inspect::gauge::{Evidence, Measures, Model};

use crate::Failure;
use crate::readings::{having, read};

/// What groups are forecast from: nothing that was measured of a network made it better over all of them.
const SHIPPED: Evidence = Evidence::Settings;

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

/// Readings of several families of operations.
pub struct Families {
    runs: Vec<Recorded>,
    /// In ascending order.
    names: Vec<String>,
}

impl Families {
    /// Those of a file.
    pub fn read(path: &Path) -> Result<Families, Failure> {
        let runs = read(path)?;
        let problem =
            "its operation is no sum, product or group, or its log is older than its measures";
        having(path, &runs, Evidence::Measures, problem)?;
        let mut names: Vec<String> = runs.iter().map(|run| family(run).to_string()).collect();
        names.sort_unstable();
        names.dedup();
        // Each is held out, and of the rest each once more, for the bands.
        if names.len() < 3 {
            let names = names.join(" and ");
            let problem = format!("its runs are of {names} alone: it takes three to hold one out");
            return Err(Failure::content(path, problem));
        }
        Ok(Families { runs, names })
    }

    /// The fit of all of them, which ships for groups.
    pub fn fit(&self) -> Model {
        fit::fit(&self.runs, SHIPPED, Folds::Families)
    }

    /// How many runs the fit is made on.
    pub fn len(&self) -> usize {
        self.runs.len()
    }

    /// What came of forecasts for the groups, each by a fit of all other families.
    pub fn judge_groups(&self, evidence: Evidence) -> Judgement {
        let groups = self.names.iter().filter(|name| !is_cyclic(name));
        let judged: Vec<_> = groups.map(|name| self.held_out(name, evidence)).collect();
        let parts: Vec<_> = judged.iter().map(|(model, apart)| (model, &apart[..])).collect();
        judge_all(&parts)
    }

    /// A fit of all families but one, and the runs of that one.
    fn held_out(&self, name: &str, evidence: Evidence) -> (Model, Vec<Recorded>) {
        let (apart, fitted): (Vec<Recorded>, Vec<Recorded>) =
            self.runs.iter().cloned().partition(|run| family(run) == name);
        (fit::fit(&fitted, evidence, Folds::Families), apart)
    }

    /// Tables of Markdown: how good forecasts of each family are by what they are made from, and how good the
    /// signs are that others found.
    pub fn summary(&self) -> String {
        let mut text = format!("{}\n\n| forecast from ", counted(&self.runs));
        self.names.iter().for_each(|family| text.push_str(&format!("| {family} ")));
        text.push_str("| all groups | all |\n|---|");
        text.push_str(&"---|".repeat(self.names.len() + 2));
        for (name, evidence) in EVIDENCE {
            text.push_str(&format!("\n| {name} |"));
            let judged: Vec<(Model, Vec<Recorded>)> =
                self.names.iter().map(|name| self.held_out(name, evidence)).collect();
            for (model, apart) in &judged {
                text.push_str(&cell(&judge(model, apart)));
            }
            let all = judged.iter().map(|(model, apart)| (model, &apart[..]));
            let groups = self.names.iter().zip(all.clone()).filter(|(name, _)| !is_cyclic(name));
            let groups: Vec<_> = groups.map(|(_, part)| part).collect();
            for parts in [groups, all.collect()] {
                text.push_str(&format!(" {:.2} |", judge_all(&parts).factor));
            }
        }
        text.push_str(
            "\n\n| sign | before 99 % held out | how early | without it ever |\n|---|---|---|---|\n",
        );
        SIGNS.iter().for_each(|sign| text.push_str(&told(sign, &self.runs)));
        text
    }
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
