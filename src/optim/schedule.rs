//! The learning rate of each step.

/// Linear warm-up from 0, then constant: the first of `warmup` steps has a rate of 0, as in
/// `openai/grok` and Nanda et al. Steps count from 0.
pub fn lr_at(step: u64, learning_rate: f64, warmup: u64) -> f64 {
    if step < warmup { learning_rate * step as f64 / warmup as f64 } else { learning_rate }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rises_from_zero_and_stays() {
        assert_eq!(lr_at(0, 0.5, 10), 0.0);
        assert_eq!(lr_at(5, 0.5, 10), 0.25);
        assert_eq!(lr_at(10, 0.5, 10), 0.5);
        assert_eq!(lr_at(1_000, 0.5, 10), 0.5);
        assert_eq!(lr_at(0, 0.5, 0), 0.5);
    }
}
