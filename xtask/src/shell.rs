//! Runs programs from the repository's root, and says what runs and for how long.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// An error is one line that says what to do.
pub type Result<T = ()> = std::result::Result<T, String>;

#[derive(Clone)]
pub struct Shell {
    root: PathBuf,
    variables: Vec<(OsString, OsString)>,
}

impl Shell {
    pub fn new() -> Self {
        // Asked for at run time: clones that share a target folder share this program.
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest.parent().expect("xtask is in a folder");
        Shell { root: root.to_path_buf(), variables: Vec::new() }
    }

    /// The repository.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where cargo builds: this program lies in `<target>/debug`.
    pub fn target(&self) -> PathBuf {
        let program = std::env::current_exe().expect("a running program has a path");
        let target = program.parent().and_then(Path::parent).expect("cargo built this program");
        target.to_path_buf()
    }

    /// The same with one more environment variable.
    pub fn with(&self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        let mut shell = self.clone();
        shell.variables.push((name.into(), value.into()));
        shell
    }

    /// The same with a folder in front of PATH.
    pub fn with_path(&self, folder: &Path) -> Self {
        let old = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(folder.to_path_buf()).chain(std::env::split_paths(&old));
        self.with("PATH", std::env::join_paths(folders).expect("PATH has no quotes"))
    }

    /// A step that a person waits for. If it fails, `hint` says what to do.
    pub fn step(&self, title: &str, program: &str, arguments: &[&str], hint: &str) -> Result {
        println!("==> {title}: {program} {}", arguments.join(" "));
        // The rule is for code that runs in browsers.
        #[allow(clippy::disallowed_methods)]
        let started = Instant::now();
        let status = self.command(program, arguments).status();
        let seconds = started.elapsed().as_secs_f64();
        match status {
            Ok(status) if status.success() => {
                println!("    {title}: done in {seconds:.0} s");
                Ok(())
            }
            Ok(status) => Err(format!("{title} failed ({status}) after {seconds:.0} s: {hint}")),
            Err(error) => Err(format!("{title}: `{program}` did not start ({error}): {hint}")),
        }
    }

    /// What a program prints, or nothing if it fails.
    pub fn output(&self, program: impl AsRef<OsStr>, arguments: &[&str]) -> Option<String> {
        let output = self.command(program, arguments).stderr(Stdio::null()).output().ok()?;
        let text = String::from_utf8_lossy(&output.stdout).trim().to_string();
        output.status.success().then_some(text)
    }

    fn command(&self, program: impl AsRef<OsStr>, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&self.root);
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }
}
