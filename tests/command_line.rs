//! The native command as a person or a script meets it.

use std::process::{Command, Output};

fn grok(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_grok")).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

const TINY: [&str; 6] = ["--modulus", "7", "--width", "16", "--budget", "20"];

#[test]
fn prints_the_table_and_the_split() {
    let table = text(&grok(&["table", "--operation", "div", "--modulus", "3"]).stdout);
    assert_eq!(table, "x,y,answer\n0,1,0\n0,2,0\n1,1,1\n1,2,2\n2,1,2\n2,2,1\n");
    let split = text(&grok(&["split", "--modulus", "5", "--train-fraction", "0.2"]).stdout);
    assert_eq!(split.lines().filter(|line| line.ends_with(",train")).count(), 5);
    assert_eq!(split.lines().filter(|line| line.ends_with(",held out")).count(), 20);
}

#[test]
fn trains_and_tells_lines_of_json() {
    let output = grok(&[&["train", "--json", "--every", "5"][..], &TINY].concat());
    assert!(output.status.success());
    let lines: Vec<serde_json::Value> =
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["type"], "started");
    assert_eq!(lines[0]["config"]["modulus"], "7");
    let steps: Vec<u64> = lines[1..].iter().map(|line| line["step"].as_u64().unwrap()).collect();
    assert_eq!(steps, [0, 5, 10, 15, 20]);
    assert!(text(&output.stderr).contains("20 steps in"));
}

#[test]
fn weights_travel_through_a_file() {
    let folder = std::env::temp_dir().join(format!("grok-test-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("weights.safetensors");
    let path = path.to_str().unwrap();
    let saved = grok(&[&["train", "--save", path, "--json"][..], &TINY].concat());
    let loaded = grok(&[&["train", "--init", path, "--json"][..], &TINY].concat());
    let (saved, loaded) = (text(&saved.stdout), text(&loaded.stdout));
    let loss =
        |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["trainLoss"].clone();
    assert_eq!(loss(saved.lines().last().unwrap()), loss(loaded.lines().nth(1).unwrap()));

    let other = grok(&["train", "--init", path, "--modulus", "5", "--width", "16"]);
    assert_eq!(other.status.code(), Some(1));
    assert_eq!(
        text(&other.stderr),
        "error: the weights do not fit: `tokens` is F32 [9, 16] in the file, this model has F32 \
         [7, 16]\n"
    );
    std::fs::write(path, b"not a file of weights").unwrap();
    let broken = grok(&[&["train", "--init", path][..], &TINY].concat());
    assert!(text(&broken.stderr).contains("the file is not a safetensors file"));
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn bad_flags_are_named_with_what_is_allowed() {
    let output = grok(&["train", "--modulus", "98"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        text(&output.stderr),
        "error: `modulus` cannot be `98`: allowed is a prime from 3 to 199\n"
    );
    assert_eq!(grok(&["train", "--depth", "3"]).status.code(), Some(2));
    assert_eq!(grok(&["train", "--preset", "slow"]).status.code(), Some(2));
    let missing = grok(&["train", "--init", "no-such-file"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(text(&missing.stderr).starts_with("error: `no-such-file`: "));
}
