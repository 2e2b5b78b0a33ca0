//! The whole network kept on the sphere that it starts on (Liu, Michaud and Tegmark 2023,
//! "Omnigrok"; their notebook on modular addition, where the delay disappears with a smaller
//! first norm).

use super::pass::{Groups, Pass, kernels};
use super::{Rates, Stage, dot};

/// θ ← θ · ‖θ₀‖ / ‖θ‖ after each step. The moment is θ₀, which never changes.
pub struct ConstantNorm;

/// Workgroups that share the two sums on a graphics card: `GROUPS` of the kernel.
const SHARES: u32 = 64;

impl Stage for ConstantNorm {
    fn n_moments(&self) -> usize {
        1
    }

    fn first_moments(&self, parameters: &[f32]) -> Vec<Vec<f32>> {
        vec![parameters.to_vec()]
    }

    fn apply(
        &self,
        _rates: Rates,
        parameters: &mut [f32],
        _gradient: &mut [f32],
        moments: &mut [Vec<f32>],
    ) {
        let [first] = moments else { unreachable!("it has one moment") };
        let ratio = (dot(first, first) / dot(parameters, parameters).max(1e-30)).sqrt() as f32;
        parameters.iter_mut().for_each(|parameter| *parameter *= ratio);
    }

    fn passes(&self, _rates: Rates) -> Vec<Pass> {
        let pass = |entry| Pass::each((kernels!("constant_norm.wgsl"), entry), &[]);
        vec![pass("norms").over(Groups::Count([SHARES, 1, 1])), pass("rescale")]
    }

    fn scratch(&self) -> usize {
        2 * SHARES as usize
    }
}
