//! Where the files of a sweep's runs lie.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use grokking::rng::name_hash;

use crate::Failure;

/// The runs of a larger sweep are spread over 256 folders: one with tens of thousands of files is slow to
/// list on many file systems.
pub const TOGETHER_MAX: usize = 1_000;

/// The one of these folders in which a run lies.
pub fn part(folder: &Path, run: &str) -> PathBuf {
    folder.join(format!("{:02x}", name_hash(run) & 0xff))
}

/// Whether a folder has a name that such a one has.
fn is_part(path: &Path) -> bool {
    let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
    name.len() == 2 && u8::from_str_radix(name, 16).is_ok()
}

/// The files of results in a folder, and in those that a large sweep spreads them over. There is one
/// at least.
pub fn results(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut paths = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(inside) = folders.pop() {
        for entry in fs::read_dir(&inside).map_err(Failure::input(&inside))? {
            let path = entry.map_err(Failure::input(&inside))?.path();
            if path.extension().is_some_and(|extension| extension == "jsonl") {
                paths.push(path);
            } else if inside == folder && is_part(&path) && path.is_dir() {
                folders.push(path);
            }
        }
    }
    // By name, wherever they lie.
    paths.sort_by(|a, b| a.file_name().cmp(&b.file_name()));
    if paths.is_empty() {
        return Err(Failure::content(folder, "it has no results (`.jsonl`)"));
    }
    Ok(paths)
}
