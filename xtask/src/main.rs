//! `cargo xtask serve | build | check | test | bench`: everything that a person does with this project.

mod bench;
mod browser;
mod cluster;
mod graph;
mod page;
mod shell;
mod stamp;
mod tools;
mod wasm;

use std::process::ExitCode;

use shell::{Result, Shell};

const USAGE: &str = "\
usage: cargo xtask <command>

  serve                 build the page and serve it on http://localhost:8080
  build                 build the release page into dist/
  check                 formatting, lints of Rust (native and wasm32), JavaScript and CSS, types
  test                  every test: Rust, JavaScript, the built page in three browsers
    --browsers <list>   of chromium,firefox,webkit; all are driven where nothing is said
    --no-browser        none
    --no-card           without those of the kernels for graphics cards
  cluster               a sweep on Slurm and one on HyperQueue, whose tasks and daemons fail under them
  bench                 time a step here and in PyTorch, JAX and TensorFlow.js; renews the README's tables
    --only <parts>      of steps,webgpu,opened,sizes,memory or a network such as nanda; the others stay
  screenshots           grok in a browser and take the README's pictures
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let shell = Shell::new();
    let result = match arguments[..] {
        ["serve"] => page::serve(&shell),
        ["build"] => page::build(&shell),
        ["check"] => check(&shell),
        ["test", ref options @ ..] => tests(&shell, options),
        ["cluster"] => cluster(&shell),
        ["bench"] => bench::bench(&shell, None),
        ["bench", "--only", parts] => bench::bench(&shell, Some(parts)),
        ["screenshots"] => screenshots(&shell),
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn check(shell: &Shell) -> Result {
    tools::wasm_target(shell)?;
    shell.step("formatting", "cargo", &["fmt", "--all", "--check"], "run `cargo fmt --all`")?;
    let deny = ["--", "-D", "warnings"];
    let native =
        ["clippy", "--workspace", "--all-targets", "--locked", "--features", "grokking/gpu"];
    let native = [&native[..], &deny].concat();
    shell.step("lints, native", "cargo", &native, "mend what clippy names above")?;
    let wasm = ["clippy", "--lib", "--bins", "--locked", "--target", tools::WASM_TARGET];
    for features in
        ["page,worker,gpu,pulp/relaxed-simd", "worker,reference", "worker,reference,gpu"]
    {
        let features = ["--no-default-features", "--features", features];
        let wasm = [&wasm[..], &features, &deny].concat();
        shell.step("lints, wasm32", "cargo", &wasm, "mend what clippy names above")?;
    }
    let documented = shell.with("RUSTDOCFLAGS", "-D warnings");
    let doc = ["doc", "--lib", "--no-deps", "--locked", "--features", "grokking/gpu"];
    documented.step("documentation", "cargo", &doc, "mend what rustdoc names above")?;
    tools::node_packages(shell)?;
    for (title, arguments) in [
        ("types of the JavaScript", &["tsc", "--project", "."][..]),
        ("lints of the JavaScript", &["eslint", "."]),
        ("lints of the CSS", &["stylelint", "www/**/*.css"]),
    ] {
        let hint = format!("mend what {} names above", arguments[0]);
        shell.step(title, "npx", &[&["--no-install"], arguments].concat(), &hint)?;
    }
    Ok(())
}

/// What options leave of the tests.
fn tests(shell: &Shell, options: &[&str]) -> Result {
    let (mut browsers, mut card) = (browser::all(), true);
    let mut options = options.iter();
    while let Some(option) = options.next() {
        match *option {
            "--no-browser" => browsers.clear(),
            "--no-card" => card = false,
            "--browsers" => browsers = browser::named(options.next().unwrap_or(&""))?,
            _ => return Err(format!("`test` has no option `{option}`\n\n{USAGE}")),
        }
    }
    test(shell, &browsers, card)
}

fn test(shell: &Shell, browsers: &[&str], card: bool) -> Result {
    let hint = "mend the tests named above";
    let rust = ["test", "--workspace", "--release", "--locked"];
    let gpu = ["--features", "grokking/gpu"];
    if card {
        browser::card(shell)?;
        shell.step("tests, Rust", "cargo", &[&rust[..], &gpu].concat(), hint)?;
    } else {
        shell.step("tests, Rust", "cargo", &rust, hint)?;
        println!("The kernels for graphics cards were not run: --no-card was asked for.");
    }
    tools::node_packages(shell)?;
    node_tests(shell, "tests, JavaScript", "tests/js", |_| true, hint)?;
    if browsers.is_empty() {
        println!("The browser tests were not run: --no-browser was asked for.");
        return Ok(());
    }
    let with = browser::with(shell, browsers)?;
    let with = if card { with } else { with.with("CARD", "none") };
    page::build(shell)?;
    // Chromium has every test, the others have what all have in common.
    let is_all = browsers.contains(&"chromium");
    let is_asked = |name: &str| is_all || name == "engines.test.js";
    node_tests(&with, "tests, browser", "tests/browser", is_asked, hint)?;
    println!("Browsers that were driven: {}.", browsers.join(", "));
    Ok(())
}

fn cluster(shell: &Shell) -> Result {
    let with = cluster::with(shell)?;
    node_tests(&with, "tests, cluster", "tests/cluster", |_| true, "mend the tests named above")
}

/// The `*.test.js` of a folder, one file at a time: two browsers on two cores would time each
/// other out.
fn node_tests(
    shell: &Shell,
    title: &str,
    folder: &str,
    is_asked: impl Fn(&str) -> bool,
    hint: &str,
) -> Result {
    let path = shell.root().join(folder);
    let entries = std::fs::read_dir(&path).map_err(|error| format!("`{folder}`: {error}"))?;
    let mut files: Vec<String> = entries
        .filter_map(|entry| Some(entry.ok()?.file_name().to_str()?.to_string()))
        .filter(|name| name.ends_with(".test.js") && is_asked(name))
        .map(|name| format!("{folder}/{name}"))
        .collect();
    files.sort();
    let options = ["--test", "--test-concurrency=1", "--test-reporter=spec"];
    let arguments: Vec<&str> =
        options.into_iter().chain(files.iter().map(String::as_str)).collect();
    shell.step(title, "node", &arguments, hint)
}

fn screenshots(shell: &Shell) -> Result {
    tools::node_packages(shell)?;
    let chromium = browser::with(shell, &["chromium"])?;
    page::build(shell)?;
    let script = ["tests/browser/screenshots.js"];
    chromium.step("screenshots", "node", &script, "see the error above")
}
