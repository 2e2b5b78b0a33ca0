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

/// A folder that is gone when the test ends.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("grok-test-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().into()
    }

    /// The results in a folder inside, whole, by name.
    fn results(&self, name: &str) -> Vec<(String, String)> {
        let mut results: Vec<_> = std::fs::read_dir(self.0.join(name))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
            .map(|path| {
                let text = std::fs::read_to_string(&path).unwrap();
                (path.file_stem().unwrap().to_str().unwrap().into(), text)
            })
            .collect();
        results.sort();
        results
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Everything but what the clock says.
fn without_times(text: &str) -> Vec<serde_json::Value> {
    text.lines()
        .map(|line| {
            let mut line: serde_json::Value = serde_json::from_str(line).unwrap();
            let fields = line.as_object_mut().unwrap();
            fields.remove("seconds");
            fields.remove("stepsPerSecond");
            line
        })
        .collect()
}

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
    assert!(sweep("plan", &["--plan", "--inspect"]).ends_with(".jsonl' --inspect\n"));
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
    assert_eq!(message, "error: `modulus` cannot be `8`: allowed is a prime from 3 to 199\n");
    assert!(refused("[vary]\nseed = []\n").contains("a list with at least one value"));
}
