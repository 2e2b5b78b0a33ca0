//! Sweeps on real schedulers, on this machine.

use std::path::Path;

use crate::browser::install;
use crate::shell::{Result, Shell};

/// Debian's. The tests start the daemons themselves, in a folder of their own.
const PACKAGES: [&str; 2] = ["slurm-wlm", "munge"];
const DAEMONS: [&str; 3] = ["munged", "slurmctld", "slurmd"];

/// A shell in which the tests find Slurm, and the program that is tested.
pub fn with(shell: &Shell) -> Result<Shell> {
    let is_there = |name: &&str| Path::new("/usr/sbin").join(name).exists();
    if !DAEMONS.iter().all(is_there) {
        let hint = format!("no Slurm for the tests: install {}", PACKAGES.join(" "));
        install(shell, "Slurm", &PACKAGES, &hint)?;
    }
    let build = ["build", "--release", "--locked", "--bin", "grok"];
    shell.step("the native program", "cargo", &build, "mend what the compiler names above")?;
    Ok(shell.with("GROK", shell.target().join("release/grok")))
}
