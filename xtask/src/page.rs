//! The page: built by Trunk, then stamped and checked.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::Hasher;
use std::path::Path;

use crate::shell::{Result, Shell};
use crate::tools;

const HINT: &str = "mend what trunk names above";
const UNSTAMPED: &str = r#"<meta name="build" content="dev" />"#;

pub fn serve(shell: &Shell) -> Result {
    let web = tools::web(shell)?;
    println!("The page will be on http://localhost:8080; the first build takes minutes.");
    web.step("serving", "trunk", &["serve"], HINT)
}

pub fn build(shell: &Shell) -> Result {
    let web = tools::web(shell)?;
    web.step("building the page", "trunk", &["build", "--locked"], HINT)?;
    let dist = shell.root().join("dist");
    stamp(&dist)?;
    for (name, bytes) in files(&dist)? {
        println!("    {:>10} {name}", bytes.len());
    }
    Ok(())
}

/// Gives the build an id, which travels in the worker's URLs: their files have no hash in their
/// names, and a browser would keep old ones.
fn stamp(dist: &Path) -> Result {
    let mut hasher = DefaultHasher::new();
    for (_, bytes) in files(dist)? {
        hasher.write(&bytes);
    }
    let path = dist.join("index.html");
    let page = fs::read_to_string(&path).map_err(|error| unreadable(&path, &error))?;
    for leftover in ["__trunk", "localhost"] {
        if page.contains(leftover) {
            return Err(format!("dist/index.html contains `{leftover}`: build in release"));
        }
    }
    if !page.contains(UNSTAMPED) {
        return Err(format!("dist/index.html has no `{UNSTAMPED}` to stamp"));
    }
    let id = format!(r#"<meta name="build" content="{:016x}" />"#, hasher.finish());
    fs::write(&path, page.replace(UNSTAMPED, &id)).map_err(|error| unreadable(&path, &error))
}

/// The files directly in `dist`, by name.
fn files(dist: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dist).map_err(|error| unreadable(dist, &error))? {
        let path = entry.map_err(|error| unreadable(dist, &error))?.path();
        if path.is_file() {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.push((name, fs::read(&path).map_err(|error| unreadable(&path, &error))?));
        }
    }
    files.sort();
    Ok(files)
}

fn unreadable(path: &Path, error: &std::io::Error) -> String {
    format!("`{}`: {error}", path.display())
}
