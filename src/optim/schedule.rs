//! The learning rate of each step.

use std::f64::consts::PI;

use crate::config::{Anneal, Config};

/// Linear warm-up from 0: the first of `warmup` steps has a rate of 0, as in `openai/grok` and
/// Nanda et al. Then constant, or along a cosine to a tenth at the end of the budget, as
/// `--anneal_lr` of `openai/grok` does over its 10⁵ steps. Steps count from 0.
pub fn lr_at(step: u64, config: &Config) -> f64 {
    let Config { learning_rate, warmup, budget, .. } = *config;
    if step < warmup {
        return learning_rate * step as f64 / warmup as f64;
    }
    match config.anneal {
        Anneal::None => learning_rate,
        Anneal::Cosine => {
            let length = budget.saturating_sub(warmup).max(1) as f64;
            let share = ((step - warmup) as f64 / length).min(1.0);
            let least = learning_rate / 10.0;
            least + (learning_rate - least) * 0.5 * (1.0 + (PI * share).cos())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(anneal: Anneal) -> Config {
        Config { learning_rate: 0.5, warmup: 10, budget: 110, anneal, ..Config::default() }
    }

    #[test]
    fn rises_from_zero_and_stays() {
        let rates = [0, 5, 10, 1_000].map(|step| lr_at(step, &config(Anneal::None)));
        assert_eq!(rates, [0.0, 0.25, 0.5, 0.5]);
        let cold = Config { warmup: 0, ..config(Anneal::None) };
        assert_eq!(lr_at(0, &cold), 0.5);
    }

    #[test]
    fn falls_along_a_cosine_to_a_tenth() {
        let rates = [5, 10, 60, 110, 1_000].map(|step| lr_at(step, &config(Anneal::Cosine)));
        for (rate, expected) in rates.into_iter().zip([0.25, 0.5, 0.275, 0.05, 0.05]) {
            assert!((rate - expected).abs() < 1e-12, "{rates:?}");
        }
    }
}
