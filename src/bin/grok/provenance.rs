//! What made a file: enough to make it again.

use serde::{Deserialize, Serialize};

/// Who wrote a file, where and when.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Provenance {
    /// Name and version.
    program: String,
    /// The commit that it was built of, with `-dirty` if something was changed; none where it was not built
    /// in a repository.
    commit: Option<String>,
    /// Processor cores that a step may take.
    threads: usize,
    /// The widest vector instructions that the processor has and the kernels use.
    instruction_set: String,
    /// Operating system and architecture.
    machine: String,
    /// In UTC.
    date: String,
}

impl Provenance {
    pub fn now() -> Provenance {
        Provenance {
            program: concat!("grok ", env!("CARGO_PKG_VERSION")).into(),
            commit: option_env!("GROKKING_COMMIT").map(String::from),
            threads: rayon::current_num_threads(),
            instruction_set: format!("{:?}", pulp::Arch::new()).to_lowercase(),
            machine: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            // The date is no measurement of time.
            #[allow(clippy::disallowed_methods)]
            date: humantime::format_rfc3339_seconds(std::time::SystemTime::now()).to_string(),
        }
    }
}
