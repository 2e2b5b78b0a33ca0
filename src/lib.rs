//! A small transformer, the tables of binary operations that it groks, and the page that shows it.
//!
//! Layers, lower first; a module uses only those before it in this list, which a test checks:
//! `error`, `rng`, `clock`; `algebra`, `data`; `config`, `settings`, `presets`, `variants`; `model`,
//! `optim`; `fused`; `train`, `inspect`; `session`, `sweep`, `schema`; `web`; and the programs in
//! `src/bin`.

pub mod algebra;
pub mod clock;
pub mod config;
pub mod data;
pub mod error;
pub mod fused;
pub mod inspect;
pub mod model;
pub mod optim;
pub mod presets;
pub mod rng;
pub mod schema;
pub mod session;
pub mod settings;
pub mod sweep;
pub mod train;
pub mod variants;
#[cfg(any(feature = "page", feature = "worker"))]
pub mod web;
