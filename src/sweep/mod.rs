//! Many runs that differ in a few settings, and what came of them.
//!
//! A sweep is a plan only: each of its runs is a [`RawConfig`] with a name, so that a run can be
//! one process, one worker, or one job of a cluster.

mod outcome;
mod rank;
mod value;

use std::collections::BTreeMap;

use serde::Deserialize;

pub use outcome::{Group, Outcome, Range, groups};
pub use rank::{p_value, spearman};
pub use value::Value;

use crate::config::{Config, RawConfig};
use crate::error::{Error, Result};
use crate::rng::name_hash;
use crate::settings::Setting;

/// More is a mistake in the file.
pub const RUNS_MAX: usize = 10_000;
/// Names of runs are names of files.
const NAME_VALUE_MAX: usize = 40;

/// What a sweep's file says.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sweep {
    /// The preset under every run; by default the first one.
    pub preset: Option<String>,
    /// Settings of every run.
    #[serde(default)]
    pub settings: BTreeMap<String, Value>,
    /// Named bundles of settings, of which each run has one.
    #[serde(default)]
    pub variants: BTreeMap<String, BTreeMap<String, Value>>,
    /// Settings with all their values: every combination is a run.
    #[serde(default)]
    pub vary: BTreeMap<String, Vec<Value>>,
    /// One setting whose values are tried in order, each only where not every seed generalised at
    /// the one before.
    #[serde(default)]
    pub search: BTreeMap<String, Vec<Value>>,
}

/// One run of a sweep.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// Says what sets it apart, such as `seed=1,trainFraction=0.3`; fit for a file's name.
    pub name: String,
    /// The bundle of settings that it has, if the sweep has such.
    pub variant: Option<String>,
    /// What to train.
    pub config: RawConfig,
    /// The place of its value in the list that is searched; 0 where none is.
    pub rung: usize,
    /// The name without seed and searched value: runs of one family climb together.
    pub family: String,
}

/// A run while its settings are put together.
#[derive(Clone)]
struct Draft {
    /// What sets it apart: an id, or none for a variant, and the text of its value.
    parts: Vec<(Option<String>, String)>,
    settings: BTreeMap<String, String>,
    variant: Option<String>,
    rung: usize,
}

impl Sweep {
    /// Every run, each of which can be built.
    ///
    /// # Errors
    /// Names the setting or value that is not allowed, a list without values, a second search, or how
    /// many runs are too many.
    pub fn runs(&self) -> Result<Vec<Planned>> {
        let none =
            Draft { parts: Vec::new(), settings: typed(&self.settings), variant: None, rung: 0 };
        let mut drafts = vec![none];
        if !self.variants.is_empty() {
            drafts = product(&drafts, &self.variants, |draft, (name, bundle)| {
                draft.parts.push((None, file_name(name)));
                draft.variant = Some(name.clone());
                draft.settings.extend(typed(bundle));
            })?;
        }
        if self.search.len() > 1 {
            return Err(Error::Command("a sweep searches one setting at most".into()));
        }
        for (id, values) in self.search.iter().chain(&self.vary) {
            Setting::find(id)?;
            let searched = self.search.contains_key(id);
            let values: Vec<(usize, &Value)> = values.iter().enumerate().collect();
            if values.is_empty() {
                return Err(Error::setting(id.clone(), "[]", "a list with at least one value"));
            }
            self.check_list(id, values.iter().map(|(_, value)| value.to_string()).collect())?;
            drafts = product(&drafts, &values, |draft, &(index, value)| {
                draft.parts.push((Some(id.clone()), value.to_string()));
                draft.settings.insert(id.clone(), value.to_string());
                draft.rung += if searched { index } else { 0 };
            })?;
        }
        drafts.into_iter().map(|draft| self.planned(draft)).collect()
    }

    /// Refuses a list that has a value twice, or whose setting is decided elsewhere as well.
    fn check_list(&self, id: &str, values: Vec<String>) -> Result<()> {
        let same = |a: &str, b: &str| match (a.parse::<f64>(), b.parse::<f64>()) {
            (Ok(a), Ok(b)) => a == b,
            _ => a == b,
        };
        for (at, value) in values.iter().enumerate() {
            if let Some(before) = values[..at].iter().find(|before| same(before, value)) {
                let twice = format!("`{id}` has `{before}` and `{value}`, which are one value");
                return Err(Error::Command(twice));
            }
        }
        let elsewhere = self.variants.iter().find(|(_, bundle)| bundle.contains_key(id));
        if let Some((name, _)) = elsewhere {
            let why =
                format!("`{id}` is in the variant `{name}` and in a list: which one is meant?");
            return Err(Error::Command(why));
        }
        if self.vary.contains_key(id) && self.search.contains_key(id) {
            return Err(Error::Command(format!(
                "`{id}` is varied and searched: which one is meant?"
            )));
        }
        Ok(())
    }

    fn planned(&self, Draft { parts, settings, variant, rung }: Draft) -> Result<Planned> {
        let config = RawConfig { preset: self.preset.clone(), settings };
        Config::from_raw(&config)?;
        let name = |parts: &[&(Option<String>, String)]| {
            let text = |(id, text): &(Option<String>, String)| match id {
                Some(id) => format!("{id}={}", file_name(text)),
                None => text.clone(),
            };
            parts.iter().map(|part| text(part)).collect::<Vec<_>>().join(",")
        };
        let all: Vec<_> = parts.iter().collect();
        let climbs_alone = |id: &str| id != "seed" && !self.search.contains_key(id);
        let family: Vec<_> =
            parts.iter().filter(|(id, _)| id.as_deref().is_none_or(climbs_alone)).collect();
        let (name, family) = (name(&all), name(&family));
        let name = if name.is_empty() { "run".into() } else { name };
        Ok(Planned { name, variant, config, rung, family })
    }
}

fn typed(settings: &BTreeMap<String, Value>) -> BTreeMap<String, String> {
    settings.iter().map(|(id, value)| (id.clone(), value.to_string())).collect()
}

/// A copy of every draft for each of `choices`.
fn product<C>(
    drafts: &[Draft],
    choices: impl IntoIterator<Item = C, IntoIter: Clone>,
    choose: impl Fn(&mut Draft, C),
) -> Result<Vec<Draft>> {
    let choices = choices.into_iter();
    let mut all = Vec::new();
    for draft in drafts {
        for choice in choices.clone() {
            let mut draft = draft.clone();
            choose(&mut draft, choice);
            all.push(draft);
            if all.len() > RUNS_MAX {
                return Err(Error::Command(format!("a sweep has at most {RUNS_MAX} runs")));
            }
        }
    }
    Ok(all)
}

/// The text itself, or its hash where it is no name for a file.
fn file_name(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "+-._".contains(c);
    if text.len() <= NAME_VALUE_MAX && text.chars().all(plain) && !text.is_empty() {
        text.into()
    } else {
        format!("{:016x}", name_hash(text))
    }
}
