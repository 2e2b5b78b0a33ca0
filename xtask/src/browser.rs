//! Finds the browsers for the tests, and installs what is missing where it may.

use std::path::{Path, PathBuf};

use crate::shell::{Result, Shell};

/// A browser that the tests drive.
struct Browser {
    name: &'static str,
    /// Where the tests look for it, and where a person may say that it is.
    variable: &'static str,
    programs: &'static [&'static str],
    /// What else has to be on PATH.
    helpers: &'static [&'static str],
    /// Debian's.
    packages: &'static [&'static str],
}

const BROWSERS: [Browser; 3] = [
    Browser {
        name: "chromium",
        variable: "CHROME",
        programs: &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
        helpers: &[],
        packages: &["chromium"],
    },
    Browser {
        name: "firefox",
        variable: "FIREFOX",
        programs: &["firefox-esr", "firefox"],
        helpers: &[],
        // With a graphics card in software, for WebGPU.
        packages: &["firefox-esr", "mesa-vulkan-drivers"],
    },
    Browser {
        name: "webkit",
        variable: "WEBKIT_DRIVER",
        programs: &["WebKitWebDriver"],
        helpers: &["xvfb-run", "xauth"],
        packages: &["webkit2gtk-driver", "xvfb", "xauth"],
    },
];
const MAC: [(&str, &str); 3] = [
    ("chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    ("chromium", "/Applications/Chromium.app/Contents/MacOS/Chromium"),
    ("firefox", "/Applications/Firefox.app/Contents/MacOS/firefox"),
];

/// All browsers, as `--browsers` names them.
pub fn all() -> Vec<&'static str> {
    BROWSERS.iter().map(|browser| browser.name).collect()
}

/// What `--browsers` says, checked.
pub fn named(list: &str) -> Result<Vec<&'static str>> {
    list.split(',')
        .map(|name| {
            let known = all().into_iter().find(|known| *known == name);
            known.ok_or_else(|| {
                format!("there is no browser `{name}`: there is {}", all().join(", "))
            })
        })
        .collect()
}

/// A shell in which the tests find these browsers, and know that they are to drive them.
pub fn with(shell: &Shell, names: &[&str]) -> Result<Shell> {
    let mut with = shell.with("BROWSERS", names.join(","));
    for browser in BROWSERS.iter().filter(|browser| names.contains(&browser.name)) {
        with = with.with(browser.variable, find_or_install(shell, browser)?);
    }
    Ok(with)
}

fn find_or_install(shell: &Shell, browser: &Browser) -> Result<PathBuf> {
    let Browser { name, variable, packages, .. } = browser;
    if let Some(chosen) = std::env::var_os(variable) {
        let chosen = PathBuf::from(chosen);
        return match chosen.exists() {
            true => Ok(chosen),
            false => Err(format!("{variable} is `{}`, which does not exist", chosen.display())),
        };
    }
    if let Some(found) = find(browser) {
        return Ok(found);
    }
    let others: Vec<&str> = all().into_iter().filter(|other| other != name).collect();
    let hint = format!(
        "no {name} for the tests: install {}, set {variable}, or leave it out by `--browsers {}`",
        packages.join(" "),
        others.join(",")
    );
    install(shell, name, packages, &hint)?;
    find(browser).ok_or(hint)
}

/// Debian's packages, where this may install any.
pub fn install(shell: &Shell, name: &str, packages: &[&str], hint: &str) -> Result {
    let root = shell.output("id", &["-u"]).is_some_and(|id| id == "0");
    if !(root && shell.output("apt-get", &["--version"]).is_some()) {
        return Err(hint.into());
    }
    shell.step("package lists", "apt-get", &["update", "-qq"], hint)?;
    let install = [&["install", "-y", "-qq", "--no-install-recommends"], packages].concat();
    shell.with("DEBIAN_FRONTEND", "noninteractive").step(name, "apt-get", &install, hint)
}

/// A graphics card for the tests, in software where there is no other.
pub fn card(shell: &Shell) -> Result {
    const DRIVERS: [&str; 2] = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d"];
    let is_there = || {
        let mut files =
            DRIVERS.iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten();
        cfg!(not(target_os = "linux")) || files.next().is_some()
    };
    let package = "mesa-vulkan-drivers";
    let hint = format!(
        "no driver of a graphics card for the tests: install {package}, or leave them out by \
         `--no-card`"
    );
    if !is_there() {
        install(shell, package, &[package], &hint)?;
    }
    if is_there() { Ok(()) } else { Err(hint) }
}

fn find(browser: &Browser) -> Option<PathBuf> {
    if browser.helpers.iter().any(|helper| on_path(helper).is_none()) {
        return None;
    }
    let mac = MAC.iter().filter(|(name, _)| *name == browser.name).map(|(_, path)| Path::new(path));
    let installed = browser.programs.iter().find_map(|program| on_path(program));
    installed.or_else(|| mac.map(PathBuf::from).find(|path| path.exists()))
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|path| path.exists())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_named_as_they_are_known() {
        assert_eq!(named("webkit,chromium").unwrap(), ["webkit", "chromium"]);
        let error = named("chromium,opera").unwrap_err();
        assert_eq!(error, "there is no browser `opera`: there is chromium, firefox, webkit");
    }
}
