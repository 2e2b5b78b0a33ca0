//! The page: built by Trunk, then stamped.

use std::fs;

use crate::shell::{Result, Shell};
use crate::stamp::{self, Addresses};
use crate::tools;

const HINT: &str = "mend what trunk names above";

pub fn serve(shell: &Shell) -> Result {
    let web = tools::web(shell)?;
    println!("The page will be on http://localhost:8080; the first build takes minutes.");
    web.step("serving", "trunk", &["serve"], HINT)
}

pub fn build(shell: &Shell) -> Result {
    let web = tools::web(shell)?;
    web.step("building the page", "trunk", &["build", "--locked"], HINT)?;
    let dist = shell.root().join("dist");
    let known = |name| std::env::var(name).ok().filter(|address| !address.is_empty());
    let addresses = Addresses { page: known("GROKKING_URL"), source: known("GROKKING_SOURCE") };
    let id = stamp::stamp(&dist, &addresses)?;
    for name in stamp::files(&dist)? {
        if name.ends_with(".wasm") || !name.contains('/') {
            let bytes = fs::metadata(dist.join(&name)).map_or(0, |data| data.len());
            println!("    {bytes:>10} {name}");
        }
    }
    println!("    build {id}");
    Ok(())
}
