//! Runs worth watching. A preset states only what differs from [`Config::default`], and why.

use std::collections::BTreeMap;

use crate::config::Config;
use crate::error::{Error, Result};

pub struct Preset {
    pub id: &'static str,
    pub title: &'static str,
    /// One sentence: what to look for.
    pub look_for: &'static str,
    settings: &'static [(&'static str, &'static str)],
}

pub const PRESETS: &[Preset] = &[
    Preset {
        id: "quick",
        title: "Quick",
        look_for: "A small table, so that everything happens within a minute on any computer: \
                   the training cells come first, the empty ones long after.",
        settings: &[
            ("modulus", "41"),
            ("width", "64"),
            ("trainFraction", "0.5"),
            ("batch", "full"),
            ("weightDecay", "2"),
            ("budget", "5000"),
        ],
    },
    Preset {
        id: "addition",
        title: "Addition",
        look_for: "The paper's table size, x + y mod 97, half of it held out: diagonal stripes \
                   appear all at once, about five times later than the training cells.",
        // The three tokens of Nanda et al.
        settings: &[("batch", "full"), ("prompt", "x-y-eq"), ("budget", "5000")],
    },
    Preset {
        id: "division",
        title: "Division, the paper's model",
        look_for: "The two-layer transformer and the operation of the paper's first figure, with \
                   its default weight decay: look for accuracy that rises, slips and recovers.",
        settings: &[
            ("operation", "div"),
            ("layers", "2"),
            ("norm", "post"),
            ("positions", "sinusoidal"),
            ("bias", "none"),
            ("initializer", "pytorch"),
            ("budget", "20000"),
        ],
    },
    Preset {
        id: "s5",
        title: "S₅",
        look_for: "Products of permutations: 120 symbols without any number in them. It takes \
                   thousands of steps to learn them by heart, and the group follows soon after.",
        settings: &[("operation", "s5"), ("trainFraction", "0.5"), ("budget", "20000")],
    },
    Preset {
        id: "iconic",
        title: "Iconic",
        look_for: "Only 30 % of the table: training is perfect early, and then nothing seems to \
                   happen for thousands of steps. Wait for it.",
        settings: &[("trainFraction", "0.3"), ("budget", "50000")],
    },
    Preset {
        id: "never",
        title: "Never",
        look_for: "No weight decay and a quarter of the table: it memorises and stays there. \
                   Grokking is not a law of nature; raise the weight decay and see.",
        settings: &[
            ("modulus", "41"),
            ("width", "64"),
            ("trainFraction", "0.25"),
            ("weightDecay", "0"),
            ("batch", "full"),
            ("budget", "20000"),
        ],
    },
];

impl Preset {
    pub fn default_preset() -> &'static Preset {
        &PRESETS[0]
    }

    pub fn find(id: &str) -> Result<&'static Preset> {
        PRESETS.iter().find(|preset| preset.id == id).ok_or_else(|| Error::Unknown {
            what: "preset",
            name: id.into(),
            allowed: PRESETS.iter().map(|preset| preset.id).collect::<Vec<_>>().join(", "),
        })
    }

    /// # Panics
    /// If the preset itself is not allowed, which a test rules out.
    pub fn config(&self) -> Config {
        let settings: BTreeMap<String, String> =
            self.settings.iter().map(|&(id, value)| (id.to_string(), value.to_string())).collect();
        Config::default().with(&settings).expect("a preset is a valid configuration")
    }
}
