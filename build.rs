//! Tells the native program which commit it is of, if it is built in a repository.

use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // What a browser loads says its own build, which is a hash of its files.
    if std::env::var_os("CARGO_FEATURE_CLI").is_none() {
        return;
    }
    // A change makes another program, and so does a commit.
    println!("cargo::rerun-if-changed=src");
    println!("cargo::rerun-if-changed=Cargo.toml");
    if let Some(path) = git(&["rev-parse", "--git-path", "logs/HEAD"]) {
        println!("cargo::rerun-if-changed={path}");
    }
    let describe = ["describe", "--always", "--dirty", "--exclude=*", "--abbrev=40"];
    if let Some(commit) = git(&describe) {
        println!("cargo::rustc-env=GROKKING_COMMIT={commit}");
    }
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_string())
}
