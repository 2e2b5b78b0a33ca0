//! The benchmark: this page and this program beside PyTorch, JAX and TensorFlow.js.

use crate::browser;
use crate::page;
use crate::shell::{Result, Shell};
use crate::tools;

/// Measures all, or the parts of a list such as `nanda,webgpu`, which `bench/run.js` knows.
pub fn bench(shell: &Shell, only: Option<&str>) -> Result {
    tools::node_packages(shell)?;
    let chromium = browser::with(shell, &["chromium"])?;
    page::build(shell)?;
    let build = ["build", "--release", "--locked", "--bin", "grok"];
    shell.step("the native program", "cargo", &build, "mend what cargo names above")?;
    let peers = ["ci", "--prefix", "bench", "--ignore-scripts", "--no-audit", "--no-fund"];
    if let Err(message) = shell.step("TensorFlow.js", "npm", &peers, "npm's registry is needed") {
        println!("    going on without TensorFlow.js: {message}");
    }
    let mut shell = chromium.with("GROK", shell.target().join("release/grok"));
    for name in ["firefox", "webkit"] {
        match browser::with(&shell, &[name]) {
            Ok(with) => shell = with,
            Err(message) => println!("    going on without {name}: {message}"),
        }
    }
    match python(&shell) {
        Ok(python) => shell = shell.with("PYTHON", python),
        Err(message) => println!("    going on without PyTorch and JAX: {message}"),
    }
    let mut arguments = vec!["bench/run.js"];
    if let Some(parts) = only {
        arguments.extend(["--only", parts]);
    }
    shell.step("benchmark", "node", &arguments, "see the error above")
}

/// A Python with PyTorch and JAX: the one in PYTHON, or one of our own.
fn python(shell: &Shell) -> Result<String> {
    if let Ok(python) = std::env::var("PYTHON") {
        return Ok(python);
    }
    let folder = shell.target().join("tools/peers").display().to_string();
    let python = format!("{folder}/bin/python");
    let requirements = ["-m", "pip", "install", "--quiet", "-r", "bench/requirements.txt"];
    let hint = "Python 3 with venv and its package index are needed";
    shell.step("a Python environment", "python3", &["-m", "venv", &folder], hint)?;
    shell.step("PyTorch and JAX (6 GB, once)", &python, &requirements, hint)?;
    Ok(python)
}
