//! The page's own wasm: charts. The page calls what `grokking::web` exports.

use grokking as _;

fn main() {}
