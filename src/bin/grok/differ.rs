//! In what the settings of a file differ from those of a run.

use std::collections::BTreeMap;

use grokking::config::Config;

/// One sentence a setting that differs, but for those that `is_free`. A setting that is newer than the file was
/// there what it is by default.
pub fn differences(
    known: &BTreeMap<String, String>,
    config: &Config,
    is_free: impl Fn(&str) -> bool,
) -> Vec<String> {
    let standard: BTreeMap<_, _> = Config::default().typed().into_iter().collect();
    let there = |id: &str| known.get(id).or(standard.get(id)).map_or("nothing", String::as_str);
    let typed = config.typed();
    let differ = typed.iter().filter(|(id, here)| !is_free(id) && there(id) != here);
    differ.map(|(id, here)| format!("`{id}` is `{}` there and `{here}` here", there(id))).collect()
}
