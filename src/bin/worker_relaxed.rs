//! The worker that trains on the CPU of a browser with relaxed SIMD. Its script calls what
//! `grokking::web` exports.

use grokking as _;

fn main() {}
