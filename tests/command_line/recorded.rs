//! Recordings that carry weights.

use std::io::Read;

use serde_json::Value;

use crate::common::{Folder, TINY, grok, text};

/// A sum that is grokked in a second: 423 cells are trained on, 106 held out.
const SUM: [&str; 12] = [
    "--preset",
    "quick",
    "--modulus",
    "23",
    "--width",
    "32",
    "--train-fraction",
    "0.8",
    "--weight-decay",
    "2",
    "--budget",
    "5000",
];

/// What rounding may cost of an accuracy: a cell of 106 that was undecided.
const CELL: f64 = 1.0 / 106.0 + 1e-3;

fn record(path: &str, more: &[&str]) -> String {
    let output = grok(&[&["record", "--table-only", "--out", path][..], more].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

/// The JSON of a recording, and what comes behind it.
fn parts(path: &str) -> (Value, Vec<u8>) {
    let mut content = Vec::new();
    let file = std::fs::File::open(path).unwrap();
    flate2::read::GzDecoder::new(file).read_to_end(&mut content).unwrap();
    let end = content.iter().position(|&byte| byte == 0).unwrap_or(content.len());
    let json = serde_json::from_slice(&content[..end]).unwrap();
    (json, content.get(end + 1..).unwrap_or_default().to_vec())
}

/// What the curves say of a step is what `grok evaluate` finds in the weights of that step.
#[test]
fn the_weights_of_a_recording_are_those_of_its_steps() {
    let folder = Folder::new("carried");
    let path = folder.path("run.grok");
    let weights = folder.path("step.safetensors");
    for (precision, cells, share) in [("f32", 1e-3, 1e-3), ("f16", CELL, 0.01)] {
        let flags = ["--weights", "20,memorised,generalised,end", "--weights-precision", precision];
        let said = record(&path, &[&SUM[..], &flags].concat());
        let (recording, behind) = parts(&path);
        assert_eq!(recording["version"], 3);
        let kept = recording["weights"].as_array().unwrap();
        assert_eq!(kept.len(), 4, "{kept:?}");
        let steps: Vec<&Value> = kept.iter().map(|kept| &kept["step"]).collect();
        let milestones = [&recording["memorisedAt"], &recording["generalisedAt"]];
        assert_eq!(&steps[1..3], milestones);
        let curves = &recording["curves"];
        // Columns of curves are floats.
        let at: Vec<_> = curves["step"].as_array().unwrap().iter().map(Value::as_f64).collect();
        assert_eq!(Some(&steps[3].as_f64()), at.last());
        let list: Vec<String> = steps.iter().map(|step| format!("step {step}")).collect();
        assert!(said.contains(&format!(" frames, weights of {}, ", list.join(", "))), "{said}");

        let mut rest = &behind[..];
        for kept in kept {
            let step = &kept["step"];
            assert!(recording["frames"].as_array().unwrap().iter().any(|at| &at["step"] == step));
            let (file, next) = rest.split_at(kept["bytes"].as_u64().unwrap() as usize);
            rest = next;
            std::fs::write(&weights, file).unwrap();
            let output = grok(&["evaluate", &weights]);
            assert!(output.status.success(), "{}", text(&output.stderr));
            let found: Value = serde_json::from_slice(&output.stdout).unwrap();
            assert_eq!(&found["step"], step);
            let at = at.iter().position(|&at| at == step.as_f64()).unwrap();
            let both =
                |name: &str| [&found[name], &curves[name][at]].map(|it| it.as_f64().unwrap());
            for name in ["trainAccuracy", "heldOutAccuracy"] {
                let [found, said] = both(name);
                println!("{precision}, step {step}: {name} {found} of {said}");
                assert!(
                    (found - said).abs() <= cells,
                    "{precision}, {step}, {name}: {found} {said}"
                );
            }
            for name in ["trainLoss", "heldOutLoss"] {
                let [found, said] = both(name);
                println!("{precision}, step {step}: {name} {found} of {said}");
                let allowed = share * said + 1e-5;
                assert!(
                    (found - said).abs() <= allowed,
                    "{precision}, {step}, {name}: {found} {said}"
                );
            }
        }
        assert!(rest.is_empty(), "{} bytes more", rest.len());
    }
}

#[test]
fn a_recording_without_weights_is_of_the_version_that_it_was() {
    let folder = Folder::new("plain");
    let path = folder.path("run.grok");
    record(&path, &TINY);
    let (recording, behind) = parts(&path);
    assert_eq!(recording["version"], 2);
    assert!(recording.get("weights").is_none());
    assert!(behind.is_empty());
}

#[test]
fn weights_come_through_a_checkpoint() {
    let folder = Folder::new("kept");
    let [checkpoint, path] = ["run.checkpoint", "run.grok"].map(|name| folder.path(name));
    let flags = ["--checkpoint", &checkpoint, "--frames", "5", "--weights", "10,end"];
    let trained = grok(&[&["train"][..], &TINY, &flags].concat());
    assert!(trained.status.success(), "{}", text(&trained.stderr));
    // What was kept so far is not what others would have kept.
    for other in
        [&["--weights", "15"][..], &["--weights", "10,end", "--weights-precision", "f32"], &[]]
    {
        let longer = TINY.map(|text| if text == "20" { "30" } else { text });
        let flags = [&["--checkpoint", &checkpoint, "--frames", "5"], other].concat();
        let output = grok(&[&["train"][..], &longer, &flags].concat());
        assert!(!output.status.success(), "{other:?}");
        let words = "it keeps other weights: go on with the `--weights` that it was begun with";
        assert!(text(&output.stderr).contains(words), "{}", text(&output.stderr));
    }
    let output = grok(&["record", "--from", &checkpoint, "--out", &path]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let (recording, behind) = parts(&path);
    let kept = recording["weights"].as_array().unwrap();
    assert_eq!(kept.len(), 2);
    assert_eq!(kept[1]["step"], 20);
    let bytes: u64 = kept.iter().map(|kept| kept["bytes"].as_u64().unwrap()).sum();
    assert_eq!(bytes, behind.len() as u64);
}

#[test]
fn weights_that_cannot_be_kept_are_named() {
    let folder = Folder::new("unkept");
    let path = folder.path("run.grok");
    let said = record(&path, &[&TINY[..], &["--weights", "15,400"]].concat());
    assert!(said.contains(" frames, weights of step 1"), "{said}");
    assert!(said.ends_with("\nno weights of step 400: the run did not come so far\n"), "{said}");

    let refused = |command: &[&str], words: &str| {
        let output = grok(&[command, &TINY].concat());
        assert_eq!(output.status.code(), Some(2), "{words}");
        let said = text(&output.stderr);
        assert!(said.contains(words), "{said}");
    };
    refused(
        &["record", "--out", &path, "--weights", "soon"],
        "allowed are a step, memorised, generalised and end, such as 140,generalised",
    );
    refused(
        &["train", "--weights", "5"],
        "error: `--weights` are kept in a recording: add `--frames 48`\n",
    );
    let many = (1..=10_000).map(|step| step.to_string()).collect::<Vec<_>>().join(",");
    refused(
        &["record", "--out", &path, "--weights-precision", "f32", "--weights", &many],
        " MB, a recording has up to 60 MB\n",
    );
}
