//! The one error of the crate: a code for programs, a sentence for people.

use std::fmt;

/// What went wrong. [`Error::code`] tells programs, `Display` people.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    /// A setting has a value that is not allowed.
    Setting {
        /// Its id.
        name: String,
        /// As it was typed; the beginning, if it is long.
        value: String,
        /// What is allowed, in words.
        allowed: String,
    },
    /// No setting, preset or command has this name.
    Unknown {
        /// What kind of thing it would be.
        what: &'static str,
        /// As it was typed.
        name: String,
        /// Those that there are.
        allowed: String,
    },
    /// A typed or pasted text is wrong at a place in it, such as `character 4`.
    Syntax {
        /// What kind of text it is.
        what: &'static str,
        /// Where, as a reader counts.
        place: String,
        /// What is wrong there.
        problem: String,
    },
    /// Weights or a checkpoint do not fit the model.
    Weights(String),
    /// The loss stopped being a number.
    NotFinite {
        /// Steps done when it was noticed.
        step: u64,
        /// What it was then.
        loss: f64,
    },
    /// The device was lost, or a read from it failed.
    Device(String),
    /// A command that makes no sense now, such as a step before a start.
    Command(String),
}

/// A result whose error is this crate's.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Characters of a value that a message repeats.
const VALUE_MAX: usize = 80;

impl Error {
    /// A setting whose value is not allowed, and in words what is.
    pub fn setting(
        name: impl Into<String>,
        value: impl fmt::Display,
        allowed: impl Into<String>,
    ) -> Self {
        let mut value = value.to_string();
        // It may be a pasted table.
        if let Some((end, _)) = value.char_indices().nth(VALUE_MAX) {
            value.truncate(end);
            value.push('…');
        }
        Error::Setting { name: name.into(), value, allowed: allowed.into() }
    }

    /// A stable name for programs; the message may change, this does not.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Setting { .. } => "setting",
            Error::Unknown { .. } => "unknown",
            Error::Syntax { .. } => "syntax",
            Error::Weights(_) => "weights",
            Error::NotFinite { .. } => "not-finite",
            Error::Device(_) => "device",
            Error::Command(_) => "command",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Setting { name, value, allowed } => {
                write!(f, "`{name}` cannot be `{value}`: allowed is {allowed}")
            }
            Error::Unknown { what, name, allowed } => {
                write!(f, "there is no {what} `{name}`: there is {allowed}")
            }
            Error::Syntax { what, place, problem } => {
                write!(f, "the {what} is wrong at {place}: {problem}")
            }
            Error::Weights(why) => write!(f, "the weights do not fit: {why}"),
            Error::NotFinite { step, loss } => write!(
                f,
                "the loss became `{loss}` by step {step}: training has diverged, \
                 try a smaller learning rate"
            ),
            Error::Device(why) => write!(f, "the device failed: {why}"),
            Error::Command(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for Error {}
