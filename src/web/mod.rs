//! The edge to JavaScript. Nothing else in the crate names a `JsValue`.

#[cfg(feature = "page")]
mod chart;
#[cfg(feature = "worker")]
mod worker;

#[cfg(feature = "page")]
pub use chart::Chart;
#[cfg(feature = "worker")]
pub use worker::WorkerSession;
