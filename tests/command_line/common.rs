//! What the tests of the command line share.

use std::process::{Command, Output};

pub fn grok(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_grok")).args(arguments).output().unwrap()
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

pub const TINY: [&str; 6] = ["--modulus", "7", "--width", "16", "--budget", "20"];

/// A folder that is gone when the test ends.
pub struct Folder(pub std::path::PathBuf);

impl Folder {
    pub fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("grok-test-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    pub fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().into()
    }

    /// The results in a folder inside, whole, by name.
    pub fn results(&self, name: &str) -> Vec<(String, String)> {
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
pub fn without_times(text: &str) -> Vec<serde_json::Value> {
    text.lines()
        .map(|line| {
            let mut line: serde_json::Value = serde_json::from_str(line).unwrap();
            let fields = line.as_object_mut().unwrap();
            fields.remove("seconds");
            fields.remove("stepsPerSecond");
            fields.remove("madeBy");
            line
        })
        .collect()
}
