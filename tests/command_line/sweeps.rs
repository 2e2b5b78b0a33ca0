//! Many runs, each a process with a file in and a file out.

use crate::common::{Folder, TINY, grok, text, without_times};

const SWEEP: &str = r#"
[settings]
modulus = 7
width = 16
budget = 20

[variants.slow]
learningRate = 1e-4
[variants.fast]
learningRate = 0.01

[vary]
seed = [0, 1]
"#;

#[test]
fn a_sweep_goes_on_where_it_was_killed() {
    let folder = Folder::new("sweep");
    std::fs::write(folder.path("sweep.toml"), SWEEP).unwrap();
    let sweep = |more: &[&str]| {
        let (config, out) = (folder.path("sweep.toml"), folder.path("runs"));
        grok(&[&["sweep", "--config", &config, "--out", &out, "--jobs", "2"][..], more].concat())
    };
    let output = sweep(&[]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let whole = folder.results("runs");
    let names: Vec<&str> = whole.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["fast,seed=0", "fast,seed=1", "slow,seed=0", "slow,seed=1"]);
    let summary = text(&output.stdout);
    assert_eq!(summary.lines().count(), 4, "{summary}");
    assert!(summary.starts_with("| variant | memorised at |"), "{summary}");

    // What a kill leaves: some results, and one that is not whole.
    std::fs::remove_file(folder.path("runs/fast,seed=1.jsonl")).unwrap();
    std::fs::write(folder.path("runs/fast,seed=1.jsonl.part"), "{\"type\":\"star").unwrap();
    assert!(text(&sweep(&[]).stderr).contains("has 3 results already: `--resume` goes on"));
    assert!(sweep(&["--resume"]).status.success());
    let resumed = folder.results("runs");
    for ((name, before), (_, after)) in whole.iter().zip(&resumed) {
        assert_eq!(without_times(before), without_times(after), "{name}");
    }
    assert_eq!(text(&grok(&["summary", &folder.path("runs")]).stdout), summary);

    std::fs::write(folder.path("sweep.toml"), SWEEP.replace("= 20", "= 30")).unwrap();
    assert!(text(&sweep(&["--resume"]).stderr).contains("it is the result of other settings"));
}

#[test]
fn logs_whose_names_differ_after_a_dot_are_written_apart() {
    let folder = Folder::new("dots");
    // Where the extension is replaced, both would be written here.
    std::fs::create_dir_all(folder.path("lr0.jsonl.part")).unwrap();
    for name in ["lr0.3", "lr0.4"] {
        let path = folder.path(name);
        let output = grok(&[&["train", "--log", &path][..], &TINY].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        let written = std::fs::read_to_string(&path).unwrap();
        assert!(written.lines().last().unwrap().contains("\"ended\""), "{name}: {written}");
    }
    assert_eq!(std::fs::read_dir(&folder.0).unwrap().count(), 3);
}

#[test]
fn a_planned_run_is_a_process_with_a_file_in_and_a_file_out() {
    let folder = Folder::new("plan");
    std::fs::write(folder.path("sweep.toml"), SWEEP).unwrap();
    let (config, out) = (folder.path("sweep.toml"), folder.path("runs"));
    let plan = text(&grok(&["sweep", "--config", &config, "--out", &out, "--plan"]).stdout);
    assert_eq!(plan.lines().count(), 4);
    for line in plan.lines() {
        let arguments: Vec<&str> =
            line.split(' ').skip(1).map(|word| word.trim_matches('\'')).collect();
        assert!(grok(&arguments).status.success(), "{line}");
    }
    assert_eq!(folder.results("runs").len(), 4);
}

/// A folder with tens of thousands of files is slow on many file systems.
#[test]
fn a_large_sweep_is_spread_over_folders() {
    let folder = Folder::new("large");
    let (config, out) = (folder.path("sweep.toml"), folder.path("runs"));
    let sweep = |runs: usize, more: &[&str]| {
        let seeds: Vec<String> = (0..runs).map(|seed| seed.to_string()).collect();
        let list = seeds.join(", ");
        let file =
            format!("[settings]\nmodulus = 7\nwidth = 16\nbudget = 20\n[vary]\nseed = [{list}]\n");
        std::fs::write(&config, file).unwrap();
        let output = grok(&[&["sweep", "--config", &config, "--out", &out][..], more].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    // The result of a smaller sweep stays where it is, and is one of the larger.
    sweep(1, &[]);
    let plan = sweep(1_001, &["--plan", "--resume"]);
    assert_eq!(plan.lines().count(), 1_000);
    let mut fullest = 0;
    for entry in std::fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            fullest = fullest.max(std::fs::read_dir(&entry).unwrap().count());
        } else {
            let name = entry.file_name().unwrap().to_str().unwrap();
            assert!(name == ".lock" || name.starts_with("seed=0.json"), "{name}");
        }
    }
    assert!((4..30).contains(&fullest), "{fullest} files in a folder");

    let arguments: Vec<&str> = plan
        .lines()
        .last()
        .unwrap()
        .split(' ')
        .skip(1)
        .map(|word| word.trim_matches('\''))
        .collect();
    assert!(grok(&arguments).status.success());
    assert_eq!(sweep(1_001, &["--plan", "--resume"]).lines().count(), 999);
    let summary = text(&grok(&["summary", &out]).stdout);
    assert!(summary.contains("| 0 of 2 |"), "{summary}");
}

#[test]
fn the_gauge_reads_runs_that_were_inspected() {
    let folder = Folder::new("readings");
    let file = "preset = \"quick\"\n[settings]\nmodulus = 7\nwidth = 16\ntrainFraction = 0.8\nbudget = 150\n";
    std::fs::write(folder.path("sweep.toml"), file).unwrap();
    let config = folder.path("sweep.toml");
    let sweep = |out: &str, more: &[&str]| {
        let out = folder.path(out);
        let output = grok(&[&["sweep", "--config", &config, "--out", &out][..], more].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    assert!(sweep("plan", &["--plan", "--inspect"]).ends_with(" --inspect\n"));
    sweep("plain", &[]);
    let refused = text(&grok(&["readings", &folder.path("plain")]).stderr);
    assert!(refused.contains("it has no inspections: train with `--inspect`"), "{refused}");

    sweep("seen", &["--inspect"]);
    let line = text(&grok(&["readings", &folder.path("seen")]).stdout);
    let run: serde_json::Value = serde_json::from_str(&line).unwrap();
    let readings = run["readings"].as_array().unwrap();
    assert!(!readings.is_empty());
    for reading in readings {
        assert_eq!(reading["symbols"], 7);
        assert_eq!(reading["decayRate"], 0.002);
        assert!(reading["progress"]["restrictedLoss"].as_f64().unwrap() > 0.0);
    }
    std::fs::write(folder.path("fit.jsonl"), line.replace("\"step\":", "\"stop\":")).unwrap();
    std::fs::write(folder.path("apart.jsonl"), &line).unwrap();
    let [fit, apart] = ["fit.jsonl", "apart.jsonl"].map(|name| folder.path(name));
    let wrong = grok(&["gauge", "--fit", &fit, "--apart", &apart]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text(&wrong.stderr).contains("line 1: unknown field `stop`"));
}

#[test]
fn a_search_climbs_until_every_seed_generalises() {
    let folder = Folder::new("search");
    // One step memorises nothing, so the search goes on to the last budget.
    let file = "preset = \"quick\"\n[settings]\nmodulus = 23\nwidth = 32\ntrainFraction = 0.9\n\
                [vary]\nseed = [0, 1]\n[search]\nbudget = [1, 2500, 3000]\n";
    std::fs::write(folder.path("sweep.toml"), file).unwrap();
    let (config, out) = (folder.path("sweep.toml"), folder.path("runs"));
    let output = grok(&["sweep", "--config", &config, "--out", &out]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let names: Vec<String> = folder.results("runs").into_iter().map(|(name, _)| name).collect();
    let expected =
        ["budget=1,seed=0", "budget=1,seed=1", "budget=2500,seed=0", "budget=2500,seed=1"];
    assert_eq!(names, expected);
}

#[test]
fn a_run_that_diverges_is_a_row_of_its_sweep() {
    let folder = Folder::new("diverge");
    let file = "preset = \"quick\"\n[settings]\nmodulus = 7\nwidth = 16\nbudget = 400\noptimizer = \"sgd\"\n\
                weightDecay = 20\n[vary]\nlearningRate = [0.001, 1]\n";
    std::fs::write(folder.path("sweep.toml"), file).unwrap();
    let (config, out) = (folder.path("sweep.toml"), folder.path("runs"));
    let output = grok(&["sweep", "--config", &config, "--out", &out]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("0 of 1, 1 diverged"), "{}", text(&output.stdout));
    let (_, diverged) = &folder.results("runs")[1];
    assert!(diverged.lines().last().unwrap().contains("training has diverged"));
}

#[test]
fn a_bad_sweep_file_is_refused_with_its_place() {
    let folder = Folder::new("bad");
    let refused = |file: &str| {
        std::fs::write(folder.path("sweep.toml"), file).unwrap();
        let (config, out) = (folder.path("sweep.toml"), folder.path("runs"));
        let output = grok(&["sweep", "--config", &config, "--out", &out]);
        assert_eq!(output.status.code(), Some(2), "{file}");
        text(&output.stderr)
    };
    assert!(refused("[vary]\nseed = [0,, 1]\n").contains("at line 2, column 11"));
    assert!(refused("[varry]\nseed = [0]\n").contains("unknown field `varry`"));
    assert!(refused("[vary]\nseeds = [0]\n").contains("there is no setting `seeds`"));
    let message = refused("[vary]\nmodulus = [7, 8]\n");
    let said = "sweep.toml`: `modulus` cannot be `8`: allowed is a prime from 3 to 199\n";
    assert!(message.ends_with(said), "{message}");
    assert!(refused("[vary]\nseed = []\n").contains("a list with at least one value"));
}
