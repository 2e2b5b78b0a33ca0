//! Many runs that differ in a few settings, and what came of them.
//!
//! A sweep is a plan only: each of its runs is a [`RawConfig`] with a name, so that a run can be
//! one process, one worker, or one job of a cluster.

mod groups;
mod outcome;
mod rank;
mod value;

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

pub use groups::{Group, Groups, Range};
pub use outcome::Outcome;
pub use rank::{p_value, spearman};
pub use value::Value;

use crate::config::{Config, RawConfig};
use crate::error::{Error, Result};
use crate::rng::name_hash;
use crate::settings::Setting;

/// More is a mistake in the file.
pub const RUNS_MAX: usize = 100_000;
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

/// What the runs of a sweep differ in.
enum Axis<'a> {
    /// Each with its name and its settings.
    Variants(Vec<(&'a String, &'a BTreeMap<String, Value>)>),
    /// A setting and its values.
    List(&'a String, &'a [Value]),
}

impl Axis<'_> {
    fn len(&self) -> usize {
        match self {
            Axis::Variants(variants) => variants.len(),
            Axis::List(_, values) => values.len(),
        }
    }
}

/// A run while its settings are put together.
struct Draft {
    /// What sets it apart: an id, or none for a variant, and the text of its value.
    parts: Vec<(Option<String>, String)>,
    settings: BTreeMap<String, String>,
    variant: Option<String>,
    rung: usize,
}

impl Sweep {
    /// Every run, made when it is asked for: a large sweep is more than one wants in memory.
    ///
    /// # Errors
    /// Names the setting that is not allowed, a list without values, a second search, or how many runs are
    /// too many; of a run, the value that is not allowed.
    pub fn runs(&self) -> Result<impl ExactSizeIterator<Item = Result<Planned>>> {
        if self.search.len() > 1 {
            return Err(Error::Command("a sweep searches one setting at most".into()));
        }
        let mut axes = Vec::new();
        if !self.variants.is_empty() {
            axes.push(Axis::Variants(self.variants.iter().collect()));
        }
        for (id, values) in self.search.iter().chain(&self.vary) {
            Setting::find(id)?;
            if values.is_empty() {
                return Err(Error::setting(id.clone(), "[]", "a list with at least one value"));
            }
            self.check_list(id, values)?;
            axes.push(Axis::List(id, values));
        }
        let count = axes.iter().try_fold(1, |count: usize, axis| count.checked_mul(axis.len()));
        let Some(count) = count.filter(|&count| count <= RUNS_MAX) else {
            return Err(Error::Command(format!("a sweep has at most {RUNS_MAX} runs")));
        };
        Ok((0..count).map(move |index| self.planned(self.draft(&axes, index, count))))
    }

    /// The settings at one place of the grid, whose last axis goes round fastest.
    fn draft(&self, axes: &[Axis], index: usize, count: usize) -> Draft {
        let settings = typed(&self.settings);
        let mut draft = Draft { parts: Vec::new(), settings, variant: None, rung: 0 };
        let (mut stride, mut rest) = (count, index);
        for axis in axes {
            stride /= axis.len();
            let choice = rest / stride;
            rest %= stride;
            match axis {
                Axis::Variants(variants) => {
                    let (name, bundle) = variants[choice];
                    draft.parts.push((None, file_name(name)));
                    draft.variant = Some(name.clone());
                    draft.settings.extend(typed(bundle));
                }
                Axis::List(id, values) => {
                    let value = values[choice].to_string();
                    draft.parts.push((Some((*id).clone()), value.clone()));
                    draft.settings.insert((*id).clone(), value);
                    draft.rung += if self.search.contains_key(*id) { choice } else { 0 };
                }
            }
        }
        draft
    }

    /// Refuses a list that has a value twice, or whose setting is decided elsewhere as well.
    fn check_list(&self, id: &str, values: &[Value]) -> Result<()> {
        let mut known = HashMap::new();
        for value in values.iter().map(Value::to_string) {
            // `0.001` and `1e-3` are one.
            let same = value.parse::<f64>().map_or_else(|_| value.clone(), |x| x.to_string());
            if let Some(before) = known.insert(same, value.clone()) {
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

/// The text itself, or its hash where it is no name for a file.
fn file_name(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "+-._".contains(c);
    if text.len() <= NAME_VALUE_MAX && text.chars().all(plain) && !text.is_empty() {
        text.into()
    } else {
        format!("{:016x}", name_hash(text))
    }
}
