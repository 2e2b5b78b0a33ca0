//! A small transformer, the tables of binary operations that it groks, and the page that shows it.
//!
//! ```
//! use grokking::config::{Config, RawConfig};
//! use grokking::train::{Hardware, Trainer};
//!
//! # fn main() -> grokking::error::Result<()> {
//! // The keys are those of links; what is not said is the default preset's.
//! let settings = [("modulus", "7"), ("width", "16"), ("batch", "full"), ("warmup", "0")];
//! let settings = settings.map(|(id, text)| (id.to_string(), text.to_string())).into();
//! let config = Config::from_raw(&RawConfig { preset: None, settings })?;
//! let mut trainer = Trainer::new(&config, &Hardware::Cpu)?;
//! pollster::block_on(async {
//!     let before = trainer.evaluate().await?;
//!     for _ in 0..20 {
//!         trainer.step().await?;
//!     }
//!     let after = trainer.evaluate().await?;
//!     assert_eq!(after.step, 20);
//!     assert!(after.train_loss < before.train_loss);
//!     # Ok::<(), grokking::error::Error>(())
//! })
//! # }
//! ```
//!
//! [`session`] drives a trainer by commands and tells what happens in events, [`inspect`] looks into a
//! trained network, [`fused`] is the step by hand and [`model`] the network as the papers write it.
//! Programs of one's own are in `examples`.
//!
//! Layers, lower first; a module uses only those before it in this list, which a test checks:
//! `error`, `rng`, `clock`; `algebra`, `data`; `config`, `settings`, `presets`, `variants`; `model`,
//! `optim`; `fused`; `train`, `inspect`; `session`, `sweep`, `schema`; `chart`, `web`; and the programs in
//! `src/bin`.

#![deny(missing_docs)]

pub mod algebra;
#[cfg(any(feature = "page", feature = "cli"))]
pub mod chart;
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
