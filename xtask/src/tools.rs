//! Tools at pinned versions, installed into the project's own folder under the target folder.

use std::path::PathBuf;

use crate::shell::{Result, Shell};

pub const WASM_TARGET: &str = "wasm32-unknown-unknown";
const TRUNK: &str = "0.21.14";
/// Must equal the `wasm-bindgen` crate's version in Cargo.toml.
const WASM_BINDGEN: &str = "0.2.130";

/// A shell whose PATH has trunk and wasm-bindgen.
pub fn web(shell: &Shell) -> Result<Shell> {
    wasm_target(shell)?;
    let tools = shell.target().join("tools");
    let web = shell.with_path(&tools.join("bin"));
    let no_tls = ["--no-default-features", "--features", "rustls"];
    install(&web, &tools, "trunk", "trunk", TRUNK, &no_tls)?;
    install(&web, &tools, "wasm-bindgen-cli", "wasm-bindgen", WASM_BINDGEN, &[])?;
    Ok(web)
}

pub fn wasm_target(shell: &Shell) -> Result {
    let installed = shell.output("rustc", &["--print", "target-libdir", "--target", WASM_TARGET]);
    if installed.is_some_and(|folder| PathBuf::from(folder).exists()) {
        return Ok(());
    }
    let hint = "install rustup from https://rustup.rs, or the wasm target with your toolchain";
    shell.step("the wasm target", "rustup", &["target", "add", WASM_TARGET], hint)
}

/// What checks and tests need from npm; the page itself needs nothing.
pub fn node_packages(shell: &Shell) -> Result {
    let installed = shell.root().join("node_modules/.package-lock.json");
    let locked = shell.root().join("package-lock.json");
    let modified = |path| std::fs::metadata(path).and_then(|data| data.modified()).ok();
    if modified(installed).zip(modified(locked)).is_some_and(|(have, want)| have >= want) {
        return Ok(());
    }
    let hint = "Node 20.19 or newer with npm is needed, and its registry";
    let install = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
    shell.step("packages for the tests", "npm", &install, hint)
}

fn install(
    shell: &Shell,
    folder: &std::path::Path,
    package: &str,
    program: &str,
    version: &str,
    features: &[&str],
) -> Result {
    let path = folder.join("bin").join(program);
    let found = shell.output(&path, &["--version"]).unwrap_or_default();
    if found.ends_with(version) {
        return Ok(());
    }
    // A tool that runs for seconds need not be optimised for minutes.
    let shell = shell
        .with("CARGO_TARGET_DIR", folder.join("build"))
        .with("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .with("CARGO_PROFILE_RELEASE_LTO", "off")
        .with("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .with("CARGO_PROFILE_RELEASE_DEBUG", "0");
    let pinned = format!("{package}@{version}");
    let root = folder.display().to_string();
    let plain = [&["install", &pinned, "--root", &root, "--force"][..], features].concat();
    let locked = [&plain[..], &["--locked"]].concat();
    let title = format!("installing {pinned} (minutes, once)");
    let hint = "check the network and that a C compiler is there, then run this again";
    shell.step(&title, "cargo", &locked, hint).or_else(|_| {
        println!("    its locked dependencies do not resolve; trying newer ones");
        shell.step(&title, "cargo", &plain, hint)
    })
}
