//! The native command as a person or a script meets it.

mod common;
mod faults;
mod recorded;
mod runs;
mod saved;
mod sweeps;

use common::{Folder, TINY, grok, text, without_times};

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
    assert_eq!(lines[0]["config"]["modulus"], 7);
    let steps: Vec<u64> = lines.iter().filter_map(|line| line["step"].as_u64()).collect();
    assert_eq!(steps, [0, 5, 10, 15, 20]);
    assert_eq!(lines.last().unwrap()["type"], "ended");
    assert!(text(&output.stderr).contains("20 steps in"));
}

/// Cells drawn one by one leave held-out cells of two kinds, pairs only one: everywhere the same is
/// said of them.
#[test]
fn held_out_cells_are_told_apart_by_their_mirror_image() {
    let folder = Folder::new("mirror");
    for (split, two_kinds) in [("cells", true), ("pairs", false)] {
        let settings = [&TINY[..], &["--split", split]].concat();
        let output = grok(&[&["train", "--json", "--every", "10"][..], &settings[..]].concat());
        let lines = without_times(&text(&output.stdout));
        for line in &lines[1..] {
            let of = |id: &str| line[id].as_f64();
            assert_eq!(of("mirroredAccuracy").is_some(), two_kinds, "{split}: {line}");
            let unmirrored = of("unmirroredAccuracy").unwrap();
            let mirrored = of("mirroredAccuracy").unwrap_or(unmirrored);
            let (low, high) = (mirrored.min(unmirrored), mirrored.max(unmirrored));
            let held_out = of("heldOutAccuracy").unwrap();
            assert!((low - 1e-9..=high + 1e-9).contains(&held_out), "{split}: {line}");
        }
        let summary = text(&output.stderr);
        assert_eq!(summary.contains("(mirror image trained on "), two_kinds, "{summary}");

        let path = folder.path(split);
        let output =
            grok(&[&["record", "--table-only", "--out", &path][..], &settings[..]].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        let file = std::fs::File::open(&path).unwrap();
        let recording: serde_json::Value =
            serde_json::from_reader(flate2::read::GzDecoder::new(file)).unwrap();
        // Four cells a hexadecimal digit.
        let mirrored = recording["mirrored"].as_str().unwrap().chars().any(|digit| digit != '0');
        assert_eq!(mirrored, two_kinds, "{split}");
        let curves = &recording["curves"];
        let column = curves["mirroredAccuracy"].as_array().unwrap();
        assert_eq!(column.len(), curves["step"].as_array().unwrap().len());
        assert!(column.iter().all(|share| share.is_number() == two_kinds), "{split}: {column:?}");

        std::fs::write(
            folder.path("sweep.toml"),
            format!("[settings]\nmodulus = 7\nwidth = 16\nbudget = 20\nsplit = \"{split}\"\n"),
        )
        .unwrap();
        let (config, out) = (folder.path("sweep.toml"), folder.path(&format!("{split}-runs")));
        grok(&["sweep", "--config", &config, "--out", &out]);
        let summary = text(&grok(&["summary", &out]).stdout);
        let head = summary.lines().next().unwrap();
        assert_eq!(head.contains("| last, mirror image trained on |"), two_kinds, "{summary}");
        assert!(head.contains("| last, mirror image held out |"), "{summary}");
    }
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
    assert_eq!(
        loss(saved.lines().rfind(|line| line.contains("evaluated")).unwrap()),
        loss(loaded.lines().nth(1).unwrap())
    );

    let other = grok(&["train", "--init", path, "--modulus", "5", "--width", "16"]);
    assert_eq!(other.status.code(), Some(2));
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
fn a_shell_completes_it_and_man_explains_it() {
    let completions = text(&grok(&["completions", "bash"]).stdout);
    assert!(completions.contains("--train-fraction"));
    let folder = Folder::new("man");
    assert!(grok(&["man", &folder.path("man1")]).status.success());
    let page = std::fs::read_to_string(folder.path("man1/grok-train.1")).unwrap();
    assert!(page.contains("checkpoint"), "{page}");
    let help = text(&grok(&["train", "--help"]).stdout);
    assert!(help.contains("What is learned:") && help.contains("[default: adamw]"), "{help}");
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
    assert_eq!(missing.status.code(), Some(2));
    assert!(text(&missing.stderr).starts_with("error: `no-such-file`: "));
}
