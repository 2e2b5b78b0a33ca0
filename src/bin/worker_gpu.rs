//! The worker that trains on WebGPU. Its script calls what `grokking::web` exports.

use grokking as _;

fn main() {}
