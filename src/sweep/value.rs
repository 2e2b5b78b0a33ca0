//! A value in a file of settings.

use serde::Deserialize;

/// A setting's value as files of settings have it: `0.3` or `"0.3"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// Without a point.
    Whole(i64),
    /// With a point or an exponent.
    Number(f64),
    /// In quotes.
    Text(String),
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Whole(n) => n.fmt(f),
            Value::Number(x) => x.fmt(f),
            Value::Text(text) => text.fmt(f),
        }
    }
}
