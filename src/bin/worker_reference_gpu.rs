//! The worker with the reference kernels on a graphics card. Its script calls what `grokking::web`
//! exports.

use grokking as _;

fn main() {}
