//! The worker for browsers with relaxed SIMD. Its script calls what `grokking::web` exports.

use grokking as _;

fn main() {}
