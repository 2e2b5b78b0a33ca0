//! Sizes that kernels and those who call them agree on: written here, and put before every kernel.

use crate::fused::program::{HEADS_MAX, POSITIONS_MAX};
use crate::model::LAYER_NORM_EPSILON;

/// Rows and columns of a matrix product that a workgroup computes.
pub const TILE: u32 = 64;
/// Threads of a workgroup that has a row, or a part of a vector.
pub const THREADS: u32 = 64;
/// Threads of a workgroup of an update.
pub const LANES: u32 = 256;
/// Parts that sums over a batch are cut into, so that enough workgroups share them.
pub const SPLITS: u32 = 8;
/// Parts that the sum over all equations is cut into, for a row that all of them share.
pub const SEGMENTS: u32 = 64;
/// Workgroups of a dispatch's first dimension, where rows need more than one dimension can have.
pub const ROWS_ACROSS: u32 = 32_768;
/// An offset that there is none of.
pub const NONE: u32 = u32::MAX;

/// These in WGSL.
pub fn in_wgsl() -> String {
    let [heads_max, positions_max] = [HEADS_MAX, POSITIONS_MAX];
    let sizes = [
        ("TILE", TILE),
        ("THREADS", THREADS),
        ("LANES", LANES),
        ("SEGMENTS", SEGMENTS),
        ("ROWS_ACROSS", ROWS_ACROSS),
        ("NONE", NONE),
        ("HEADS_MAX", heads_max as u32),
        ("POSITIONS_MAX", positions_max as u32),
    ];
    let sizes = sizes.iter().map(|(name, size)| format!("const {name} = {size}u;\n"));
    let epsilon = format!("const LAYER_NORM_EPSILON = {LAYER_NORM_EPSILON:e};\n");
    sizes.chain([epsilon]).collect()
}
