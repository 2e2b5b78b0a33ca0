//! A small transformer, the tables of binary operations that it groks, and the page that shows it.
//!
//! Layers, lower first; a module uses only those above it in this list:
//! `error`, `rng`, `clock`; `algebra`, `data`; `config`, `settings`, `presets`, `variants`; `model`,
//! `optim`; `fused`; `train`, `inspect`; `session`, `sweep`, `schema`; `web`; and the programs in
//! `src/bin`.

pub mod algebra;
#[cfg(feature = "engine")]
pub mod clock;
pub mod config;
pub mod data;
pub mod error;
#[cfg(feature = "engine")]
pub mod fused;
#[cfg(feature = "engine")]
pub mod inspect;
#[cfg(feature = "engine")]
pub mod model;
#[cfg(feature = "engine")]
pub mod optim;
pub mod presets;
pub mod rng;
#[cfg(feature = "engine")]
pub mod schema;
#[cfg(feature = "engine")]
pub mod session;
pub mod settings;
pub mod sweep;
#[cfg(feature = "engine")]
pub mod train;
pub mod variants;
#[cfg(feature = "web")]
pub mod web;
