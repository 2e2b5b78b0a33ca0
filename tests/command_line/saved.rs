//! A saved network, without training.

use std::process::Command;

use crate::common::{Folder, grok, text};

const NETWORK: [&str; 10] = [
    "--modulus",
    "11",
    "--width",
    "16",
    "--budget",
    "300",
    "--train-fraction",
    "0.7",
    "--seed",
    "3",
];

/// What training said last is what the file says, and what is counted from its cells and logits.
#[test]
fn a_saved_network_is_what_was_trained() {
    let folder = Folder::new("saved");
    let [weights, log, cells, logits] =
        ["w.safetensors", "run.jsonl", "cells.csv", "logits.safetensors"]
            .map(|name| folder.path(name));
    let train = [&["train", "--save", &weights, "--log", &log][..], &NETWORK].concat();
    assert!(grok(&train).status.success());
    let output = grok(&["evaluate", &weights, "--cells", &cells, "--logits", &logits]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let log = std::fs::read_to_string(log).unwrap();
    let last = log.lines().rfind(|line| line.contains("\"evaluated\"")).unwrap();
    let last: serde_json::Value = serde_json::from_str(last).unwrap();
    for field in ["step", "trainAccuracy", "heldOutAccuracy", "trainLoss", "heldOutLoss"] {
        assert_eq!(said[field], last[field], "{field}");
    }

    let cells = std::fs::read_to_string(cells).unwrap();
    let rows: Vec<Vec<&str>> =
        cells.lines().skip(1).map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.len(), 121);
    for (set, field) in [("train", "trainAccuracy"), ("held out", "heldOutAccuracy")] {
        let of: Vec<_> = rows.iter().filter(|row| row[4] == set).collect();
        let right = of.iter().filter(|row| row[2] == row[3]).count() as f64 / of.len() as f64;
        assert!((right - said[field].as_f64().unwrap()).abs() < 1e-9, "{set}");
    }
    let bytes = std::fs::read(logits).unwrap();
    let file = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let logits = file.tensor("logits").unwrap();
    assert_eq!(logits.shape(), [121, 11]);
    let scores: Vec<f32> =
        logits.data().as_chunks().0.iter().map(|&value| f32::from_le_bytes(value)).collect();
    for (row, scores) in rows.iter().zip(scores.chunks(11)) {
        let best = (0..11).max_by(|&a, &b| scores[a].total_cmp(&scores[b])).unwrap();
        assert_eq!(row[3], best.to_string());
    }

    let output = grok(&["inspect", &weights]);
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["points"].as_array().unwrap().len(), 6);
    assert!(found["fourier"]["restrictedLoss"].is_number(), "{found}");
}

/// `examples/weights.py` answers the table in PyTorch, from the file alone. Where there is no PyTorch, which
/// is gigabytes, this says so and checks nothing.
#[test]
fn pytorch_loads_the_weights_and_answers_alike() {
    let python = std::env::var("PYTHON").unwrap_or("python3".into());
    let has_torch = Command::new(&python).args(["-c", "import torch, safetensors"]).output();
    if !has_torch.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: `{python}` has no torch and safetensors");
        return;
    }
    let folder = Folder::new("torch");
    let [weights, cells] = ["w.safetensors", "cells.csv"].map(|name| folder.path(name));
    let networks: [&[&str]; 3] = [
        &["--preset", "quick", "--modulus", "23", "--budget", "200"],
        &["--preset", "division", "--modulus", "23", "--width", "32", "--budget", "300"],
        &[
            "--operation",
            "s3",
            "--train-fraction",
            "0.8",
            "--bias",
            "all",
            "--norm",
            "pre",
            "--activation",
            "gelu",
            "--layers",
            "2",
            "--width",
            "32",
            "--budget",
            "60",
        ],
    ];
    for network in networks {
        assert!(grok(&[&["train", "--save", &weights][..], network].concat()).status.success());
        let said = text(&grok(&["evaluate", &weights, "--cells", &cells]).stdout);
        let said: serde_json::Value = serde_json::from_str(&said).unwrap();
        let output =
            Command::new(&python).args(["examples/weights.py", &weights, &cells]).output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        for line in text(&output.stdout).lines() {
            let (key, share) = line.split_once(' ').unwrap();
            let difference = share.parse::<f64>().unwrap() - said[key].as_f64().unwrap();
            assert!(difference.abs() < 1e-9, "{network:?}: {line}, {said}");
        }
    }
}

/// A figure is SVG with as many points as the log has evaluations.
#[test]
fn runs_are_drawn_as_figures() {
    let folder = Folder::new("plot");
    let [log, figure] = ["run.jsonl", "figure.svg"].map(|name| folder.path(name));
    assert!(grok(&[&["train", "--log", &log][..], &NETWORK].concat()).status.success());
    let output = grok(&["plot", &log, "--out", &figure]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let svg = std::fs::read_to_string(&figure).unwrap();
    assert!(svg.starts_with("<svg ") && svg.contains("train fraction 0.7, seed 3"));
    let evaluations = std::fs::read_to_string(&log).unwrap().matches("\"evaluated\"").count() - 1;
    let longest = svg.split("points=\"").map(|line| line.split('"').next().unwrap());
    let points = longest.map(|line| line.split_whitespace().count()).max().unwrap();
    // The step 0 has no place on a logarithmic axis.
    assert_eq!(points, evaluations);

    let sweep = "[settings]\nmodulus = 7\nwidth = 16\nbudget = 20\n[vary]\ntrainFraction = [0.3, 0.6]\nnorm = [\"none\", \"pre\"]\n";
    let (config, runs) = (folder.path("sweep.toml"), folder.path("runs"));
    std::fs::write(&config, sweep).unwrap();
    assert!(grok(&["sweep", "--config", &config, "--out", &runs]).status.success());
    assert!(grok(&["plot", "--sweep", &runs, "--out", &figure]).status.success());
    let svg = std::fs::read_to_string(&figure).unwrap();
    assert!(svg.contains("● none") && svg.contains("● pre") && svg.contains("4 runs"), "{svg}");
}

#[test]
fn weights_say_what_made_them_and_may_be_of_half_the_width() {
    let folder = Folder::new("widths");
    let [full, half] = ["full.safetensors", "half.safetensors"].map(|name| folder.path(name));
    assert!(
        grok(&[&["train", "--save", &full, "--bias", "all"][..], &NETWORK].concat())
            .status
            .success()
    );
    let bytes = std::fs::read(&full).unwrap();
    let (_, head) = safetensors::SafeTensors::read_metadata(&bytes).unwrap();
    let said = head.metadata().clone().unwrap();
    assert!(said["config"].contains("\"modulus\":11") && said["madeBy"].contains("instructionSet"));

    // As other programs write it: half floats, and biases of one dimension.
    let file = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let tensors: Vec<(String, Vec<usize>, Vec<u8>)> = file
        .tensors()
        .into_iter()
        .map(|(name, tensor)| {
            let values = tensor.data().as_chunks().0.iter().map(|&value| f32::from_le_bytes(value));
            let bytes = values.flat_map(|value| half::f16::from_f32(value).to_le_bytes()).collect();
            let shape = tensor.shape();
            (name, if shape[0] == 1 { shape[1..].to_vec() } else { shape.to_vec() }, bytes)
        })
        .collect();
    let views = tensors.iter().map(|(name, shape, bytes)| {
        let dtype = safetensors::Dtype::F16;
        (name, safetensors::tensor::TensorView::new(dtype, shape.clone(), bytes).unwrap())
    });
    std::fs::write(&half, safetensors::serialize(views, Some(said)).unwrap()).unwrap();
    let loss = |path: &str| {
        let output = grok(&["evaluate", path]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        said["trainLoss"].as_f64().unwrap()
    };
    let (full, half) = (loss(&full), loss(&half));
    assert!(full != half && (full - half).abs() < 0.02 * full.max(0.1), "{full} and {half}");
}
