//! The worker for browsers with relaxed SIMD. Its script calls what `grokking::web` exports.

use grokking as _;

fn main() {
    // The worker script loads this build only where the instructions are there.
    pulp::wasm::enable_relaxed_simd();
}
