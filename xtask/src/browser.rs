//! Finds a Chromium for the tests, or installs one.

use std::path::PathBuf;

use crate::shell::{Result, Shell};

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC: [&str; 2] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

pub fn find_or_install(shell: &Shell) -> Result<PathBuf> {
    if let Some(chosen) = std::env::var_os("CHROME") {
        let chosen = PathBuf::from(chosen);
        return if chosen.exists() {
            Ok(chosen)
        } else {
            Err(format!("CHROME is `{}`, which does not exist", chosen.display()))
        };
    }
    if let Some(found) = find() {
        return Ok(found);
    }
    let root = shell.output("id", &["-u"]).is_some_and(|id| id == "0");
    if !(root && shell.output("apt-get", &["--version"]).is_some()) {
        return Err("no Chromium was found: install one, or set CHROME to its path, \
                    or run with --no-browser"
            .into());
    }
    let hint = "install Chromium by hand, or set CHROME to its path";
    shell.step("package lists", "apt-get", &["update", "-qq"], hint)?;
    let packages = ["install", "-y", "-qq", "--no-install-recommends", "chromium"];
    shell.step("Chromium", "apt-get", &packages, hint)?;
    find().ok_or_else(|| "Chromium was installed but is not on PATH: set CHROME".into())
}

fn find() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path)
        .flat_map(|folder| NAMES.map(|name| folder.join(name)))
        .collect::<Vec<_>>();
    on_path.into_iter().chain(MAC.map(PathBuf::from)).find(|candidate| candidate.exists())
}
