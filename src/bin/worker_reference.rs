//! The worker with the reference kernels. Its script calls what `grokking::web` exports.

use grokking as _;

fn main() {}
