//! What the gauge reads from a run at one step, and what a fit makes of it.

use serde::{Deserialize, Serialize};

use crate::inspect::fourier::Fourier;

/// What the gauge reads from a run at one step.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Reading {
    /// Symbols of the table.
    pub symbols: usize,
    /// Training equations over all.
    pub train_fraction: f64,
    /// Learning rate times weight decay: the share of the weights that a step takes away.
    pub decay_rate: f64,
    /// When it was read.
    pub step: u64,
    /// Mean cross-entropy of the training equations, in nats.
    pub train_loss: f64,
    /// Mean cross-entropy of the held-out equations, in nats.
    pub held_out_loss: f64,
    /// 0 to 1.
    pub held_out_accuracy: f64,
    /// ‖θ‖₂ over that of the first weights.
    pub growth: f64,
    /// What is known only of sums.
    pub progress: Option<Progress>,
    /// What is known of any operation; readings of before it was measured have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measures: Option<Measures>,
}

/// The progress measures of [`Fourier`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Progress {
    /// See [`Fourier::restricted_loss`].
    pub restricted_loss: f64,
    /// See [`Fourier::excluded_loss`].
    pub excluded_loss: f64,
    /// See [`Fourier::gini`].
    pub gini: f64,
    /// See [`Fourier::explained`].
    pub explained: f64,
}

/// What the neurons and the last row of a network say of its rule, for any operation: see `measures`. Each
/// is from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Measures {
    /// The entropy of the eigenvalues of E[z zᵀ] as shares of their sum, over ln D, where z is the row
    /// that the logits are computed from: 0 where all cells have one direction, 1 where all directions
    /// are alike (arXiv 2604.13123).
    pub spectral_entropy: f64,
    /// The share of a neuron's variance over the table that its mean by answer has, beyond what answers
    /// drawn by lot would have; the mean over the first layer's neurons.
    pub answer_share: f64,
    /// What is known only of sums, products and groups.
    pub synchrony: Option<Synchrony>,
}

/// How the first layer's neurons, averaged by answer, lie in frequencies or irreducible representations.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Synchrony {
    /// The share of the neurons that have the most frequent part as their strongest, beyond chance:
    /// the frequency synchronisation degree in its group form (arXiv 2606.12966).
    pub synchronisation: f64,
    /// The share of a neuron's power in its strongest part, beyond that of a random function; the mean
    /// over the neurons (Chughtai et al. 2023).
    pub purity: f64,
}

impl From<&Fourier> for Progress {
    fn from(fourier: &Fourier) -> Progress {
        Progress {
            restricted_loss: fourier.restricted_loss,
            excluded_loss: fourier.excluded_loss,
            gini: fourier.gini,
            explained: fourier.explained,
        }
    }
}

/// How much of a reading a fit makes use of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// The run's settings and the step: what could be said without looking.
    Settings,
    /// And losses, held-out accuracy and the norm of the weights.
    Losses,
    /// And the progress measures of sums.
    Progress,
    /// What [`Evidence::Losses`] has, and the spectral entropy.
    Entropy,
    /// What [`Evidence::Losses`] has, and what neurons know of the answer.
    Answer,
    /// What [`Evidence::Losses`] has, and how neurons lie in frequencies or representations.
    Synchrony,
    /// All but the progress measures.
    Measures,
}

/// What ln(T / t) is a sum of; none if the reading lacks some of it.
pub fn features(reading: &Reading, evidence: Evidence) -> Option<Vec<f64>> {
    let chance = (reading.symbols as f64).ln();
    let ln = |value: f64| value.max(1e-6).ln();
    let logit = |share: f64| ((share.clamp(0.0, 1.0) + 0.01) / (1.01 - share.clamp(0.0, 1.0))).ln();
    let mut features = vec![
        1.0,
        ln(reading.step as f64),
        ln(reading.decay_rate),
        ln(chance),
        ln(reading.train_fraction),
    ];
    if evidence == Evidence::Settings {
        return Some(features);
    }
    features.extend([
        ln(reading.train_loss),
        ln(reading.held_out_loss / chance),
        logit(reading.held_out_accuracy),
        ln(reading.growth),
    ]);
    if evidence == Evidence::Losses {
        return Some(features);
    }
    if evidence == Evidence::Progress {
        let progress = reading.progress?;
        features.extend([
            ln(progress.restricted_loss / chance),
            ln(progress.excluded_loss / chance),
            progress.gini,
            logit(progress.explained),
        ]);
        return Some(features);
    }
    let measures = reading.measures?;
    if matches!(evidence, Evidence::Entropy | Evidence::Measures) {
        features.push(measures.spectral_entropy);
    }
    if matches!(evidence, Evidence::Answer | Evidence::Measures) {
        features.push(logit(measures.answer_share));
    }
    if matches!(evidence, Evidence::Synchrony | Evidence::Measures) {
        let synchrony = measures.synchrony?;
        features.extend([synchrony.synchronisation, logit(synchrony.purity)]);
    }
    Some(features)
}
