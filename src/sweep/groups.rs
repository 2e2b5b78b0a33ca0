//! A sweep's outcomes, seeds taken together.

use std::collections::{BTreeMap, BTreeSet};

use super::Outcome;

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

/// Outcomes by everything but their seed, taken in one by one: what is kept of a run are its numbers, and
/// of runs that differ in their seed alone, once, what sets them apart from the first.
#[derive(Debug, Default)]
pub struct Groups {
    /// The settings of the first run, and of later ones that it does not know.
    common: BTreeMap<String, String>,
    members: BTreeMap<Apart, Members>,
}

/// A variant, and the settings that are not the common ones.
type Apart = (Option<String>, BTreeMap<String, String>);

/// The numbers of runs that differ in their seed alone.
#[derive(Debug, Default)]
struct Members {
    runs: usize,
    diverged: usize,
    memorised_at: Vec<f64>,
    generalised_at: Vec<f64>,
    held_out_accuracy_memorised: Vec<f64>,
    best_held_out_accuracy: Vec<f64>,
    mirrored_accuracy: Vec<f64>,
    unmirrored_accuracy: Vec<f64>,
}

impl<'a> FromIterator<&'a Outcome> for Groups {
    fn from_iter<I: IntoIterator<Item = &'a Outcome>>(outcomes: I) -> Groups {
        let mut groups = Groups::default();
        outcomes.into_iter().for_each(|outcome| groups.add(outcome));
        groups
    }
}

impl Groups {
    /// Takes in a run.
    pub fn add(&mut self, outcome: &Outcome) {
        let mut apart = BTreeMap::new();
        for (id, value) in outcome.config.iter().filter(|(id, _)| *id != "seed") {
            match self.common.get(id) {
                // Nobody has known it so far, who may be older than the setting.
                None => {
                    self.common.insert(id.clone(), value.clone());
                }
                Some(common) if common != value => {
                    apart.insert(id.clone(), value.clone());
                }
                Some(_) => {}
            }
        }
        self.members.entry((outcome.variant.clone(), apart)).or_default().add(outcome);
    }

    /// Whether no run was taken in.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// In the order of what differs.
    pub fn list(&self) -> Vec<Group> {
        let mut ids: BTreeSet<&String> =
            self.members.keys().flat_map(|(_, apart)| apart.keys()).collect();
        ids.retain(|id| !self.is_decided(id));
        let group = |((variant, apart), members): (&Apart, &Members)| {
            let value = |id: &String| apart.get(id).unwrap_or(&self.common[id]).clone();
            let settings = ids.iter().map(|&id| (id.clone(), value(id)));
            let variant = variant.iter().map(|name| ("variant".into(), name.clone()));
            members.group(settings.chain(variant).collect())
        };
        let mut groups: Vec<Group> = self.members.iter().map(group).collect();
        groups.sort_by(|a, b| {
            let pairs = a.differs.values().zip(b.differs.values()).map(|(a, b)| compare(a, b));
            pairs.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
        });
        groups
    }

    /// Whether each variant has one value of a setting, so that its name says it.
    fn is_decided(&self, id: &str) -> bool {
        let mut values: BTreeMap<&String, Option<&String>> = BTreeMap::new();
        self.members.keys().all(|(variant, apart)| {
            let value = apart.get(id);
            variant.as_ref().is_some_and(|name| *values.entry(name).or_insert(value) == value)
        })
    }
}

impl Members {
    fn add(&mut self, outcome: &Outcome) {
        self.runs += 1;
        self.diverged += usize::from(outcome.error.is_some());
        self.memorised_at.extend(outcome.memorised_at.map(|step| step as f64));
        self.generalised_at.extend(outcome.generalised_at.map(|step| step as f64));
        self.held_out_accuracy_memorised.extend(outcome.held_out_accuracy_memorised);
        self.best_held_out_accuracy.push(outcome.best_held_out_accuracy);
        self.mirrored_accuracy.extend(outcome.mirrored_accuracy);
        self.unmirrored_accuracy.extend(outcome.unmirrored_accuracy);
    }

    fn group(&self, differs: BTreeMap<String, String>) -> Group {
        let range = |values: &[f64]| Range::of(values.iter().copied());
        Group {
            differs,
            runs: self.runs,
            diverged: self.diverged,
            generalised: self.generalised_at.len(),
            memorised_at: range(&self.memorised_at),
            generalised_at: range(&self.generalised_at),
            held_out_accuracy_memorised: range(&self.held_out_accuracy_memorised),
            best_held_out_accuracy: range(&self.best_held_out_accuracy).expect("a group has a run"),
            mirrored_accuracy: range(&self.mirrored_accuracy),
            unmirrored_accuracy: range(&self.unmirrored_accuracy),
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
        let groups = outcomes.iter().collect::<Groups>().list();
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
        let groups = outcomes.iter().collect::<Groups>().list();
        let fractions: Vec<&String> = groups.iter().map(|g| &g.differs["trainFraction"]).collect();
        assert_eq!(fractions, ["0.08", "0.5"]);
        assert_eq!(groups[0].differs.len(), 1);
        assert_eq!((groups[0].generalised, groups[0].runs), (1, 2));
        let half = groups[1].generalised_at.unwrap();
        assert_eq!((half.median, half.least, half.most), (400.0, 300.0, 500.0));
    }

    #[test]
    fn runs_are_taken_in_one_by_one_in_any_order() {
        let outcomes: Vec<Outcome> = (0..60)
            .map(|at: u64| {
                let (fraction, seed) = (format!("0.{}", 1 + at % 4), (at / 4).to_string());
                outcome(&fraction, &seed, (!at.is_multiple_of(3)).then_some(100 + 7 * at))
            })
            .collect();
        let forward = outcomes.iter().collect::<Groups>().list();
        let backward = outcomes.iter().rev().collect::<Groups>().list();
        assert_eq!(forward.len(), 4);
        assert_eq!(forward, backward);
    }

    #[test]
    fn a_setting_that_older_results_do_not_know_sets_nothing_apart() {
        let newer = outcome("0.5", "0", None);
        let mut older = outcome("0.5", "1", None);
        older.config.remove("width");
        for outcomes in [[&newer, &older], [&older, &newer]] {
            let groups = outcomes.into_iter().collect::<Groups>().list();
            assert_eq!((groups.len(), groups[0].runs, groups[0].differs.len()), (1, 2, 0));
        }
    }
}
