//! What came of a sweep's runs, seeds taken together.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use super::value::Value;

/// The end of one run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// The named bundle of settings that it was, if its sweep has such.
    #[serde(default)]
    pub variant: Option<String>,
    /// Every setting, as it would be typed.
    #[serde(deserialize_with = "texts")]
    pub config: BTreeMap<String, String>,
    /// The last evaluated step.
    pub steps: u64,
    /// First evaluated step with a train accuracy of 99 %.
    pub memorised_at: Option<u64>,
    /// First evaluated step with a held-out accuracy of 99 %.
    pub generalised_at: Option<u64>,
    /// Highest held-out accuracy of any evaluation, 0 to 1.
    pub best_held_out_accuracy: f64,
    /// At the last evaluation.
    #[serde(default)]
    pub held_out_accuracy: f64,
    /// At the evaluation that memorised: what the network knows beyond what it was shown.
    #[serde(default)]
    pub held_out_accuracy_memorised: Option<f64>,
    /// Accuracy on held-out cells whose mirror image is trained on, at the last evaluation; none where
    /// there are none, or the operation is not commutative.
    #[serde(default)]
    pub mirrored_accuracy: Option<f64>,
    /// The same on the other held-out cells.
    #[serde(default)]
    pub unmirrored_accuracy: Option<f64>,
    /// How steeply the loss rises around the finished network, if it was asked for.
    #[serde(default)]
    pub sharpness: Option<f64>,
    /// How long it took.
    pub seconds: f64,
    /// Why it ended early: a run that diverges is a row like any other.
    pub error: Option<String>,
}

/// Numbers may be numbers in a file, and are texts here.
fn texts<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<String, String>, D::Error> {
    let values = BTreeMap::<String, Value>::deserialize(from)?;
    Ok(values.into_iter().map(|(id, value)| (id, value.to_string())).collect())
}

impl Outcome {
    /// Takes in an evaluation of the run.
    pub fn evaluated(&mut self, point: &crate::session::Curves) {
        self.steps = point.step;
        self.memorised_at = point.memorised_at;
        self.generalised_at = point.generalised_at;
        self.held_out_accuracy = point.held_out_accuracy;
        if point.memorised_at == Some(point.step) {
            self.held_out_accuracy_memorised = Some(point.held_out_accuracy);
        }
        self.mirrored_accuracy = point.mirrored_accuracy;
        self.unmirrored_accuracy = point.unmirrored_accuracy;
        self.best_held_out_accuracy = self.best_held_out_accuracy.max(point.held_out_accuracy);
    }
}

/// Runs that differ in their seed alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The settings in which the groups differ.
    pub differs: BTreeMap<String, String>,
    /// How many runs there are.
    pub runs: usize,
    /// How many ended early.
    pub diverged: usize,
    /// How many generalised.
    pub generalised: usize,
    /// Steps to 99 % on the training cells, of the runs that got there.
    pub memorised_at: Option<Range>,
    /// The same for held-out cells.
    pub generalised_at: Option<Range>,
    /// Held-out accuracy when they had memorised.
    pub held_out_accuracy_memorised: Option<Range>,
    /// Highest held-out accuracy of any evaluation.
    pub best_held_out_accuracy: Range,
    /// Last accuracy of held-out cells whose mirror image is trained on.
    pub mirrored_accuracy: Option<Range>,
    /// Last accuracy of the other held-out cells.
    pub unmirrored_accuracy: Option<Range>,
}

/// What some runs have of a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// The mean of the two in the middle where there are as many above as below.
    pub median: f64,
    /// The smallest.
    pub least: f64,
    /// The largest.
    pub most: f64,
}

impl Range {
    /// None of nothing.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Option<Range> {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        let (least, most) = (*values.first()?, *values.last()?);
        let middle = values.len() / 2;
        let median = match values.len() % 2 {
            0 => (values[middle - 1] + values[middle]) / 2.0,
            _ => values[middle],
        };
        Some(Range { median, least, most })
    }
}

/// The outcomes by everything but their seed, in the order of what differs.
pub fn groups(outcomes: &[Outcome]) -> Vec<Group> {
    let mut values: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (id, value) in outcomes.iter().flat_map(|outcome| &outcome.config) {
        let known = values.entry(id).or_default();
        if !known.contains(&value.as_str()) {
            known.push(value);
        }
    }
    // A variant stands for the settings that it decides.
    let decided = |id: &str| {
        let value = |outcome: &Outcome| outcome.config.get(id).cloned();
        let agree = |a: &Outcome, b: &Outcome| a.variant != b.variant || value(a) == value(b);
        outcomes.iter().all(|a| a.variant.is_some() && outcomes.iter().all(|b| agree(a, b)))
    };
    values.retain(|&id, known| known.len() > 1 && id != "seed" && !decided(id));
    let mut groups: Vec<(BTreeMap<String, String>, Vec<&Outcome>)> = Vec::new();
    for outcome in outcomes {
        let of = |id: &&str| (id.to_string(), outcome.config.get(*id).cloned().unwrap_or_default());
        let variant = outcome.variant.iter().map(|name| ("variant".into(), name.clone()));
        let differs: BTreeMap<String, String> = values.keys().map(of).chain(variant).collect();
        match groups.iter_mut().find(|(known, _)| *known == differs) {
            Some((_, members)) => members.push(outcome),
            None => groups.push((differs, vec![outcome])),
        }
    }
    groups.sort_by(|(a, _), (b, _)| {
        let pairs = a.values().zip(b.values()).map(|(a, b)| compare(a, b));
        pairs.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
    });
    groups.into_iter().map(|(differs, runs)| Group::new(differs, &runs)).collect()
}

impl Group {
    fn new(differs: BTreeMap<String, String>, runs: &[&Outcome]) -> Group {
        let steps = |at: fn(&Outcome) -> Option<u64>| {
            Range::of(runs.iter().filter_map(|run| Some(at(run)? as f64)))
        };
        let share =
            |of: fn(&Outcome) -> Option<f64>| Range::of(runs.iter().filter_map(|run| of(run)));
        Group {
            differs,
            runs: runs.len(),
            diverged: runs.iter().filter(|run| run.error.is_some()).count(),
            generalised: runs.iter().filter(|run| run.generalised_at.is_some()).count(),
            memorised_at: steps(|run| run.memorised_at),
            generalised_at: steps(|run| run.generalised_at),
            held_out_accuracy_memorised: share(|run| run.held_out_accuracy_memorised),
            mirrored_accuracy: share(|run| run.mirrored_accuracy),
            unmirrored_accuracy: share(|run| run.unmirrored_accuracy),
            best_held_out_accuracy: Range::of(runs.iter().map(|run| run.best_held_out_accuracy))
                .expect("a group has a run"),
        }
    }
}

/// Numbers by size, other texts by letter.
fn compare(a: &str, b: &str) -> std::cmp::Ordering {
    match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(a), Ok(b)) => a.total_cmp(&b),
        _ => a.cmp(b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(fraction: &str, seed: &str, generalised_at: Option<u64>) -> Outcome {
        let config = [("trainFraction", fraction), ("seed", seed), ("width", "64")];
        Outcome {
            config: config.map(|(id, value)| (id.into(), value.into())).into(),
            steps: 1_000,
            memorised_at: Some(100),
            generalised_at,
            best_held_out_accuracy: if generalised_at.is_some() { 1.0 } else { 0.2 },
            seconds: 1.0,
            ..Outcome::default()
        }
    }

    #[test]
    fn a_variant_stands_for_the_settings_that_it_decides() {
        let named = |name: &str, width: &str, seed: &str| {
            let mut outcome = outcome("0.5", seed, None);
            outcome.config.insert("width".into(), width.into());
            outcome.variant = Some(name.into());
            outcome
        };
        let outcomes =
            [named("wide", "64", "0"), named("wide", "64", "1"), named("slim", "8", "0")];
        let groups = groups(&outcomes);
        assert_eq!(groups.len(), 2);
        assert_eq!(groups[0].differs, BTreeMap::from([("variant".into(), "slim".into())]));
        assert_eq!((groups[1].runs, groups[1].differs.len()), (2, 1));
    }

    #[test]
    fn seeds_are_taken_together_and_fractions_kept_apart() {
        let outcomes = [
            outcome("0.5", "0", Some(300)),
            outcome("0.08", "0", None),
            outcome("0.5", "1", Some(500)),
            outcome("0.08", "1", Some(900)),
        ];
        let groups = groups(&outcomes);
        let fractions: Vec<&String> = groups.iter().map(|g| &g.differs["trainFraction"]).collect();
        assert_eq!(fractions, ["0.08", "0.5"]);
        assert_eq!(groups[0].differs.len(), 1);
        assert_eq!((groups[0].generalised, groups[0].runs), (1, 2));
        let half = groups[1].generalised_at.unwrap();
        assert_eq!((half.median, half.least, half.most), (400.0, 300.0, 500.0));
    }
}
