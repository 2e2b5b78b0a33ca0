//! Training labels that are wrong on purpose (Power et al. 2022, appendix A.4).

use super::table::Equation;
use crate::rng::Rng;

/// Gives `outliers` training equations the answers of others, and tells which they are, one flag
/// per equation of the table. Held-out equations keep theirs.
///
/// Which equations, and in what order, does not depend on the number: more outliers add to fewer.
/// With as many outliers as training equations, or more, every label is another's: no rule is
/// left.
pub fn corrupt(equations: &mut [Equation], train: &[u32], outliers: usize, rng: &Rng) -> Vec<bool> {
    let mut order = train.to_vec();
    rng.fork("outliers").shuffle(&mut order);
    let answers: Vec<u16> = order.iter().map(|&index| equations[index as usize].answer).collect();
    let mut is_outlier = vec![false; equations.len()];
    for (place, &index) in order.iter().enumerate().take(outliers) {
        // Halfway round: nobody's own, and where there are few outliers not another outlier's.
        equations[index as usize].answer = answers[(place + order.len() / 2) % order.len()];
        is_outlier[index as usize] = true;
    }
    is_outlier
}
