//! Runs that outlive their process.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use grokking::clock::Stopwatch;

use crate::common::{Folder, TINY, grok, text, without_times};

/// Some seconds of training, past its memorisation.
const LONG: [&str; 12] = [
    "--modulus",
    "23",
    "--width",
    "32",
    "--budget",
    "3000",
    "--stop",
    "budget",
    "--update-noise",
    "0.01",
    "--threads",
    "1",
];

fn start(arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_grok"))
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The numbers of a safetensors file, without its header.
fn tensors(path: &str) -> Vec<u8> {
    let bytes = std::fs::read(path).unwrap();
    let header = u64::from_le_bytes(bytes[..8].try_into().unwrap());
    bytes[8 + header as usize..].to_vec()
}

fn recording(path: &str) -> serde_json::Value {
    let file = std::fs::File::open(path).unwrap();
    let mut recording: serde_json::Value =
        serde_json::from_reader(flate2::read::GzDecoder::new(file)).unwrap();
    for field in ["madeBy", "command"] {
        recording.as_object_mut().unwrap().remove(field);
    }
    recording
}

fn wait_for(what: &str, mut is_there: impl FnMut() -> bool) {
    let started = Stopwatch::start();
    while !is_there() {
        assert!(started.millis() < 60_000.0, "{what}");
        sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_run_that_is_killed_again_and_again_is_the_same_run() {
    let folder = Folder::new("checkpoint");
    let path = |name: &str| folder.path(name);
    let run = |name: &str, more: &[&str]| {
        let (log, weights) = (path(&format!("{name}.jsonl")), path(&format!("{name}.safetensors")));
        let files = ["--log", &log, "--save", &weights, "--frames", "9", "--table-only"];
        [&["train"][..], &LONG, &files, more]
            .concat()
            .iter()
            .map(|&word| word.to_string())
            .collect::<Vec<_>>()
    };
    let words = |run: &Vec<String>| run.iter().map(String::as_str).collect::<Vec<_>>().join("\n");
    let whole = run("whole", &["--checkpoint", &path("whole.checkpoint")]);
    assert!(start(&words(&whole).split('\n').collect::<Vec<_>>()).wait().unwrap().success());

    // Wherever it is killed: after the first checkpoint, and while one is being written.
    let checkpoint = path("broken.checkpoint");
    let broken = words(&run("broken", &["--checkpoint", &checkpoint, "--every-seconds", "0"]));
    let broken: Vec<&str> = broken.split('\n').collect();
    let mut kills = 0;
    loop {
        let mut child = start(&broken);
        let known = std::fs::read(&checkpoint).ok();
        wait_for("a further checkpoint", || {
            std::fs::read(&checkpoint).ok() != known || child.try_wait().unwrap().is_some()
        });
        sleep(Duration::from_millis(37 * kills % 200));
        if child.try_wait().unwrap().is_some() {
            assert!(child.wait().unwrap().success());
            break;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        kills += 1;
        if kills == 6 {
            assert!(start(&broken).wait().unwrap().success());
            break;
        }
    }
    assert!(kills > 2, "it was killed {kills} times");
    let log = |name: &str| without_times(&std::fs::read_to_string(path(name)).unwrap());
    assert_eq!(log("whole.jsonl"), log("broken.jsonl"));
    assert!(tensors(&path("whole.safetensors")) == tensors(&path("broken.safetensors")));
    for name in ["whole", "broken"] {
        let (from, out) = (path(&format!("{name}.checkpoint")), path(&format!("{name}.grok")));
        let output = grok(&["record", "--from", &from, "--out", &out]);
        assert!(output.status.success(), "{}", text(&output.stderr));
    }
    assert_eq!(recording(&path("whole.grok")), recording(&path("broken.grok")));
    let frames = recording(&path("whole.grok"))["frames"].as_array().unwrap().len();
    assert!(frames > 5, "{frames}");
}

#[test]
fn a_checkpoint_that_does_not_fit_is_refused_with_what_differs() {
    let folder = Folder::new("refused");
    let path = folder.path("run.checkpoint");
    let train = |settings: &[&str]| {
        let output = grok(&[&["train", "--checkpoint", &path][..], &TINY, settings].concat());
        (output.status.code(), text(&output.stderr))
    };
    assert_eq!(train(&[]).0, Some(0));
    let (code, said) = train(&["--seed", "3", "--learning-rate", "0.5"]);
    assert_eq!(code, Some(2));
    assert!(
        said.contains(
            "a checkpoint of another run: `learningRate` is `0.0015` there and `0.5` here"
        ),
        "{said}"
    );
    assert!(said.contains("`seed` is `6` there and `3` here"), "{said}");
    // It may be told to go further, on any number of threads.
    let further =
        ["train", "--checkpoint", &path, "--modulus", "7", "--width", "16", "--budget", "40"];
    let further = grok(&[&further[..], &["--threads", "2"]].concat());
    assert!(text(&further.stdout).contains("40 steps in"), "{}", text(&further.stderr));

    let bytes = std::fs::read(&path).unwrap();
    let mut altered = bytes.clone();
    let middle = altered.len() / 2;
    altered[middle] ^= 4;
    for (what, bytes) in
        [("cut", &bytes[..bytes.len() - 9]), ("altered", &altered), ("text", b"{}")]
    {
        std::fs::write(&path, bytes).unwrap();
        let (code, said) = train(&[]);
        assert_eq!(code, Some(2), "{what}: {said}");
        assert!(said.contains("run.checkpoint`: not a"), "{what}: {said}");
        assert_eq!(std::fs::read(&path).unwrap(), bytes, "{what}: it is left as it was");
    }
}

#[test]
fn a_run_that_has_its_log_is_not_trained_again() {
    let folder = Folder::new("again");
    let log = folder.path("run.jsonl");
    let train = |more: &[&str]| {
        let output = grok(&[&["train", "--log", &log][..], &TINY, more].concat());
        (output.status.code(), text(&output.stderr))
    };
    assert_eq!(train(&[]).0, Some(0));
    let before = std::fs::read(&log).unwrap();
    let (code, said) = train(&[]);
    assert!(code == Some(2) && said.contains("it is there already"), "{said}");
    assert_eq!(train(&["--resume"]).0, Some(0));
    let (code, said) = train(&["--resume", "--seed", "1"]);
    assert!(code == Some(2) && said.contains("`seed` is `6` there and `1` here"), "{said}");
    assert_eq!(std::fs::read(&log).unwrap(), before);
    assert_eq!(std::fs::read_dir(&folder.0).unwrap().count(), 1);
}

#[test]
fn two_writers_of_one_log_leave_one_whole_log() {
    let folder = Folder::new("writers");
    let log = folder.path("run.jsonl");
    let arguments = [&["train", "--log", &log][..], &LONG].concat();
    let mut first = start(&arguments);
    let parts = || {
        let names = std::fs::read_dir(&folder.0).unwrap().map(|entry| entry.unwrap().file_name());
        names.filter(|name| name.to_string_lossy().ends_with(".part")).count()
    };
    wait_for("the first writes", || parts() == 1);
    let mut second = start(&arguments);
    wait_for("the second writes", || parts() == 2 || Path::new(&log).exists());
    assert!(first.wait().unwrap().success());
    second.wait().unwrap();
    let lines = without_times(&std::fs::read_to_string(&log).unwrap());
    let count = |kind: &str| lines.iter().filter(|line| line["type"] == kind).count();
    assert_eq!((count("started"), count("ended")), (1, 1));
    let steps: Vec<_> = lines.iter().filter_map(|line| line["step"].as_u64()).collect();
    assert!(steps.is_sorted_by(|a, b| a < b), "{steps:?}");
    assert_eq!(parts(), 0);
}

#[test]
fn runs_end_with_the_sweep_that_started_them() {
    let folder = Folder::new("orphans");
    let file = "[settings]\nmodulus = 23\nwidth = 32\nbudget = 100000\nstop = \"budget\"\n[vary]\nseed = [0, 1]\n";
    std::fs::write(folder.path("sweep.toml"), file).unwrap();
    let (config, out) = (folder.path("sweep.toml"), folder.path("runs"));
    let mut sweep = start(&["sweep", "--config", &config, "--out", &out, "--jobs", "2"]);
    let parts = || {
        let names = std::fs::read_dir(&out).into_iter().flatten();
        names
            .filter(|entry| {
                entry
                    .as_ref()
                    .is_ok_and(|entry| entry.file_name().to_string_lossy().ends_with(".part"))
            })
            .count()
    };
    wait_for("both train", || parts() == 2);
    let second = grok(&["sweep", "--config", &config, "--out", &out, "--resume"]);
    assert_eq!(second.status.code(), Some(2));
    assert!(
        text(&second.stderr).contains("another sweep is writing there"),
        "{}",
        text(&second.stderr)
    );
    sweep.kill().unwrap();
    sweep.wait().unwrap();
    sleep(Duration::from_millis(300));
    let size = || -> u64 {
        let entries = std::fs::read_dir(&out).unwrap();
        entries.map(|entry| entry.unwrap().metadata().unwrap().len()).sum()
    };
    let before = size();
    sleep(Duration::from_millis(500));
    assert_eq!(size(), before, "nobody writes any more");
}

#[test]
fn a_fork_with_nothing_changed_is_the_run_that_it_leaves() {
    let folder = Folder::new("fork");
    let path = |name: &str| folder.path(name);
    let tiny = &TINY[..4];
    let run = |more: &[&str]| {
        let out = grok(&[&["train"], more].concat());
        assert!(out.status.success(), "{}", text(&out.stderr));
    };
    let (left, whole, fork) = (path("left.checkpoint"), path("whole"), path("fork"));
    run(&[tiny, &["--budget", "20", "--checkpoint", &left]].concat());
    run(&[tiny, &["--budget", "30", "--save", &whole]].concat());
    run(&["--from", &left, "--budget", "30", "--save", &fork]);
    assert!(tensors(&whole) == tensors(&fork));
    run(&["--from", &left, "--budget", "30", "--weight-decay", "0", "--save", &fork]);
    assert!(tensors(&whole) != tensors(&fork));

    let out = grok(&["train", "--from", &left, "--weight-decay", "0"]);
    let why = "the run is at step 20: give it a `--budget` above that";
    assert!(text(&out.stderr).contains(why), "{}", text(&out.stderr));
    let out = grok(&["train", "--from", &left, "--layers", "2", "--budget", "30"]);
    let why = "a fork keeps the network and what it learns: `layers` is `1` there and `2` here";
    assert!(text(&out.stderr).contains(why), "{}", text(&out.stderr));
}
