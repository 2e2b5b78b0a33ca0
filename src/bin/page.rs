//! The page's own wasm: charts, and ranks of sweeps. The page calls what `grokking::web` exports.

use grokking as _;

fn main() {}
