//! What is wrong is named, and nothing is lost by it.

use std::process::{Command, Stdio};

use grokking::clock::Stopwatch;

use crate::common::{Folder, TINY, grok, text};

#[test]
#[cfg(unix)]
fn only_regular_files_are_replaced() {
    use std::os::unix::fs::{FileTypeExt, symlink};
    let folder = Folder::new("devices");
    let pipe = folder.path("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let reader = Command::new("cat").arg(&pipe).stdout(Stdio::piped()).spawn().unwrap();
    let output = grok(&[&["train", "--log", &pipe][..], &TINY].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    let read = text(&reader.wait_with_output().unwrap().stdout);
    assert!(read.lines().last().unwrap().contains("\"ended\""), "{read}");
    assert!(std::fs::metadata(&pipe).unwrap().file_type().is_fifo());

    std::fs::write(folder.path("target"), "before").unwrap();
    symlink(folder.path("target"), folder.path("link")).unwrap();
    let saved = grok(&[&["train", "--save", &folder.path("link")][..], &TINY].concat());
    assert!(saved.status.success(), "{}", text(&saved.stderr));
    assert!(std::fs::symlink_metadata(folder.path("link")).unwrap().is_symlink());
    assert!(std::fs::read(folder.path("target")).unwrap().len() > 100);
}

#[test]
fn a_refused_sweep_has_written_nothing() {
    let folder = Folder::new("nothing");
    let file = |budget: u32| format!("[settings]\nmodulus = 7\nwidth = 16\nbudget = {budget}\n");
    let (config, out) = (folder.path("sweep.toml"), folder.path("runs"));
    let sweep = |budget: u32, more: &[&str]| {
        std::fs::write(&config, file(budget)).unwrap();
        grok(&[&["sweep", "--config", &config, "--out", &out][..], more].concat())
    };
    assert!(sweep(20, &[]).status.success());
    let known =
        || ["run.json", "run.jsonl"].map(|name| std::fs::read(format!("{out}/{name}")).unwrap());
    let before = known();
    for more in [&[][..], &["--resume"], &["--plan"], &["--plan", "--resume"]] {
        let refused = sweep(30, more);
        assert_eq!(refused.status.code(), Some(2), "{more:?}");
        let said = text(&refused.stderr);
        assert!(said.contains("`budget` is `20` there and `30` here"), "{said}");
        assert_eq!(known(), before, "{more:?}");
    }
    std::fs::write(&config, "[vary]\nmodulus = [7, 8]\n").unwrap();
    let deep = folder.path("refused/deep");
    assert_eq!(grok(&["sweep", "--config", &config, "--out", &deep]).status.code(), Some(2));
    assert!(!std::path::Path::new(&folder.path("refused")).exists());
}

#[test]
fn what_a_sweep_says_twice_is_refused() {
    let folder = Folder::new("twice");
    let refused = |file: &str| {
        let config = folder.path("sweep.toml");
        std::fs::write(&config, file).unwrap();
        let output = grok(&["sweep", "--config", &config, "--out", &folder.path("runs")]);
        assert_eq!(output.status.code(), Some(2), "{file}: {}", text(&output.stdout));
        text(&output.stderr)
    };
    let said = refused("[vary]\nlearningRate = [0.001, \"1e-3\"]\n");
    assert!(said.contains("`learningRate` has `0.001` and `1e-3`, which are one value"), "{said}");
    let said = refused("[variants.a]\nseed = 5\n[vary]\nseed = [0, 1]\n");
    assert!(said.contains("`seed` is in the variant `a` and in a list"), "{said}");
    let said = refused("[vary]\nseed = [0]\n[search]\nseed = [3, 4]\n");
    assert!(said.contains("`seed` is varied and searched"), "{said}");
}

#[test]
fn a_variant_keeps_its_name() {
    let folder = Folder::new("names");
    let file = "[settings]\nmodulus = 7\nwidth = 16\nbudget = 20\n[variants.\"b c=d\"]\nlearningRate = 0.002\n\
                [variants.plain]\nlearningRate = 0.001\n";
    std::fs::write(folder.path("sweep.toml"), file).unwrap();
    let (config, out) = (folder.path("sweep.toml"), folder.path("runs"));
    let output = grok(&["sweep", "--config", &config, "--out", &out]);
    let csv = text(&grok(&["summary", &out, "--csv"]).stdout);
    let rows: Vec<&str> = csv.lines().collect();
    assert!(rows[0].starts_with("variant,learningRate,steps,memorisedAt"), "{csv}");
    assert!(
        rows[1].starts_with("b c=d,0.002,20,") && rows[2].starts_with("plain,0.001,20,"),
        "{csv}"
    );
    let summary = text(&output.stdout);
    assert!(summary.contains("| b c=d |") && summary.contains("| plain |"), "{summary}");
}

#[test]
fn a_setting_without_effect_is_refused() {
    for (flag, value) in [("--formula", "x+y"), ("--table", "0,1;1,0")] {
        let output = grok(&[&["train", flag, value][..], &TINY].concat());
        assert_eq!(output.status.code(), Some(2), "{flag}");
        let said = text(&output.stderr);
        assert!(said.contains(&format!("add `--operation {}`", &flag[2..])), "{said}");
    }
}

#[test]
fn a_file_that_never_ends_is_not_read_to_its_end() {
    let zero = "/dev/zero";
    for arguments in [
        &["train", "--operation", "table", "--table", "@/dev/zero"][..],
        &["train", "--config", zero],
        &["sweep", "--config", zero, "--out", "/nowhere"],
    ] {
        let output = grok(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let said = text(&output.stderr);
        assert!(said.contains("`/dev/zero`: it is longer than "), "{said}");
    }
}

#[test]
fn a_refused_table_is_not_said_again() {
    let folder = Folder::new("long");
    let path = folder.path("table.csv");
    std::fs::write(&path, "1".repeat(5_000_000)).unwrap();
    let output = grok(&["train", "--operation", "table", "--table", &format!("@{path}")]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stderr.len() < 300, "{} bytes", output.stderr.len());
}

#[test]
fn a_byte_order_mark_is_no_part_of_a_text() {
    let folder = Folder::new("mark");
    std::fs::write(folder.path("formula"), "\u{feff}x + 2*y").unwrap();
    std::fs::write(
        folder.path("config.json"),
        "\u{feff}{\"modulus\": 7, \"width\": 16, \"budget\": 20}",
    )
    .unwrap();
    let formula = format!("@{}", folder.path("formula"));
    let output =
        grok(&["table", "--operation", "formula", "--formula", &formula, "--modulus", "3"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let output = grok(&["train", "--config", &folder.path("config.json")]);
    assert!(text(&output.stdout).contains("20 steps in"), "{}", text(&output.stderr));
}

#[test]
fn a_log_is_settings_for_another_run() {
    let folder = Folder::new("settings");
    let [first, second] = ["a.jsonl", "b.jsonl"].map(|name| folder.path(name));
    assert!(
        grok(&[&["train", "--log", &first, "--seed", "4"][..], &TINY].concat()).status.success()
    );
    let output = grok(&["train", "--config", &first, "--log", &second, "--json"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let read = |path: &str| crate::common::without_times(&std::fs::read_to_string(path).unwrap());
    assert_eq!(read(&first), read(&second));
    assert_eq!(read(&first)[0]["config"]["seed"], 4);
    assert_eq!(crate::common::without_times(&text(&output.stdout)), read(&first));
    let started: serde_json::Value =
        serde_json::from_str(std::fs::read_to_string(&first).unwrap().lines().next().unwrap())
            .unwrap();
    for field in ["program", "threads", "instructionSet", "machine", "date"] {
        assert!(!started["madeBy"][field].is_null(), "{field}: {started}");
    }
}

#[test]
fn outliers_can_be_read_off_the_split() {
    let with = text(&grok(&["split", "--modulus", "5", "--outliers", "4"]).stdout);
    let outliers: Vec<Vec<&str>> = with
        .lines()
        .map(|line| line.split(',').collect())
        .filter(|cells: &Vec<&str>| cells[4] == "outlier")
        .collect();
    assert_eq!(outliers.len(), 4);
    assert!(outliers.iter().any(|cells| cells[2] != cells[3]), "{outliers:?}");
    let without = text(&grok(&["split", "--modulus", "5"]).stdout);
    let column = |text: &str, at: usize| -> Vec<String> {
        text.lines().map(|line| line.split(',').nth(at).unwrap().into()).collect()
    };
    assert_eq!(column(&with, 2), column(&without, 2), "true answers stay");
}

/// However a run is shown, it is evaluated at the same steps.
#[test]
fn milestones_do_not_depend_on_the_output() {
    let folder = Folder::new("milestones");
    let settings =
        ["--modulus", "11", "--width", "16", "--budget", "600", "--train-fraction", "0.8"];
    let said = |more: &[&str]| {
        let output = grok(&[&["train"][..], &settings, more].concat());
        let all = text(&output.stdout) + &text(&output.stderr);
        all.lines()
            .find(|line| line.contains("memorised") && !line.starts_with('{'))
            .unwrap()
            .to_string()
    };
    let plain = said(&[]);
    assert!(plain.contains("memorised at step"), "{plain}");
    let log = folder.path("run.jsonl");
    assert_eq!(said(&["--json"]), plain);
    assert_eq!(said(&["--log", &log]), plain);
}

#[test]
fn a_closed_pipe_is_no_success() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_grok"))
        .args(["table", "--modulus", "199"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(141));
    assert_eq!(text(&output.stderr), "");
}

#[test]
fn a_child_that_is_killed_is_told_with_its_signal() {
    let folder = Folder::new("killed");
    let file = "[settings]\nmodulus = 23\nwidth = 32\nbudget = 100000\nstop = \"budget\"\n";
    std::fs::write(folder.path("sweep.toml"), file).unwrap();
    let (config, out) = (folder.path("sweep.toml"), folder.path("runs"));
    let sweep = Command::new(env!("CARGO_BIN_EXE_grok"))
        .args(["sweep", "--config", &config, "--out", &out])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let log = format!("{out}/run.jsonl");
    let kill =
        || Command::new("pkill").args(["-9", "-f", &format!("train .*{log}")]).status().unwrap();
    let started = Stopwatch::start();
    while !kill().success() {
        assert!(started.millis() < 60_000.0);
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let output = sweep.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("run: signal: 9"), "{}", text(&output.stderr));
}
