//! The only reading of a clock, natively and in browsers.

use web_time::Instant;

/// Measures time since it was started.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts at 0.
    // web_time's `Instant` is the standard one natively, and the browser's clock on wasm32.
    #[allow(clippy::disallowed_methods)]
    pub fn start() -> Self {
        Stopwatch(Instant::now())
    }

    /// Milliseconds since it was started.
    pub fn millis(&self) -> f64 {
        self.0.elapsed().as_secs_f64() * 1e3
    }
}
