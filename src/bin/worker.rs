//! The worker that trains, on the CPU or on WebGPU. Its script calls what `grokking::web` exports.

use grokking as _;

fn main() {}
