//! The parts of a network that can be taken away, and their names.
//!
//! `head:0.2` is head 2 of layer 0; `mlp:0` a layer's neurons; `layer:0` its heads and neurons;
//! `cluster:0.14` the neurons of layer 0 that are tuned to frequency 14, or to the 14th representation;
//! `neurons:14`, `neurons:keys` and `neurons:others` a frequency in the last layer's neurons, all key
//! frequencies, and everything but them and the mean; `logits:14` and so on the same in what the logits
//! are computed from, along the sum. Layers and heads count from 0.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use serde::Serialize;

use super::TUNED;
use super::margins::Kind;
use super::scan::Scan;
use crate::error::{Error, Result};
use crate::fused::cpu::Cpu;

/// One part of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// What one head adds to the stream.
    Head { layer: usize, head: usize },
    /// What a layer's neurons add to the stream.
    Mlp { layer: usize },
    /// Both.
    Layer { layer: usize },
    /// The neurons that are tuned to one wave, from 1.
    Cluster { layer: usize, wave: usize },
    /// Waves of the last layer's neurons.
    Neurons(Frequencies),
    /// Waves of the sum in what the logits are computed from.
    Logits(Frequencies),
}

/// Frequencies of a sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frequencies {
    /// One, from 1.
    One(usize),
    /// The key frequencies of the network as it is.
    Keys,
    /// All but those and the mean.
    Others,
}

/// A part that can be taken away from a network as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Switch {
    /// Its name, as a command takes it.
    pub cut: String,
    /// Neurons of a cluster.
    pub neurons: Option<usize>,
}

impl Cut {
    /// Refuses a part that the network does not have.
    ///
    /// # Errors
    /// [`Error::Command`] names it, and what there is.
    pub fn check(self, cpu: &Cpu, scan: &Scan) -> Result<()> {
        let program = cpu.program();
        let layers = program.layers.len();
        let waves = match scan.axes.kind {
            Kind::Nothing => 0,
            _ => scan.axes.names().len(),
        };
        let frequencies = if matches!(scan.axes.kind, Kind::Waves(_)) { waves } else { 0 };
        let within = |what: &str, number: usize, first: usize, count: usize| {
            if count == 0 {
                let why = format!("`{self}`: neurons of this operation have no {what}");
                return Err(Error::Command(why));
            }
            if (first..first + count).contains(&number) {
                return Ok(());
            }
            let last = first + count - 1;
            let why = format!("`{self}`: there is no {what} {number}, only {first} to {last}");
            Err(Error::Command(why))
        };
        match self {
            Cut::Head { layer, head } => {
                within("layer", layer, 0, layers)?;
                within("head", head, 0, program.n_heads)
            }
            Cut::Mlp { layer } | Cut::Layer { layer } => within("layer", layer, 0, layers),
            Cut::Cluster { layer, wave } => {
                within("layer", layer, 0, layers)?;
                within("cluster", wave, 1, waves)
            }
            Cut::Neurons(Frequencies::One(k)) | Cut::Logits(Frequencies::One(k)) => {
                within("frequency", k, 1, frequencies)
            }
            Cut::Neurons(_) | Cut::Logits(_) => within("frequency", 1, 1, frequencies),
        }
    }
}

/// The parts of a network that do something, `keys` being its key frequencies.
pub fn switches(cpu: &Cpu, scan: &Scan, keys: &[usize]) -> Vec<Switch> {
    let program = cpu.program();
    let plain = |cut: Cut| Switch { cut: cut.to_string(), neurons: None };
    let mut switches = Vec::new();
    for (layer, found) in scan.layers.iter().enumerate() {
        switches.extend((0..program.n_heads).map(|head| plain(Cut::Head { layer, head })));
        switches.push(plain(Cut::Mlp { layer }));
        if scan.layers.len() > 1 {
            switches.push(plain(Cut::Layer { layer }));
        }
        for wave in 0..scan.axes.names().len() {
            let neurons = found.neurons.iter();
            let tuned = neurons.filter(|n| n.wave == Some(wave) && n.share > TUNED).count();
            if tuned > 0 {
                let cut = Cut::Cluster { layer, wave: wave + 1 };
                switches.push(Switch { cut: cut.to_string(), neurons: Some(tuned) });
            }
        }
    }
    if !keys.is_empty() {
        let which = keys.iter().map(|&k| Frequencies::One(k));
        let which = which.chain([Frequencies::Keys, Frequencies::Others]);
        let kinds: [fn(Frequencies) -> Cut; 2] = [Cut::Neurons, Cut::Logits];
        let all = kinds.into_iter().flat_map(|kind| which.clone().map(kind));
        switches.extend(all.map(plain));
    }
    switches
}

impl Display for Cut {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Cut::Head { layer, head } => write!(f, "head:{layer}.{head}"),
            Cut::Mlp { layer } => write!(f, "mlp:{layer}"),
            Cut::Layer { layer } => write!(f, "layer:{layer}"),
            Cut::Cluster { layer, wave } => write!(f, "cluster:{layer}.{wave}"),
            Cut::Neurons(which) => write!(f, "neurons:{which}"),
            Cut::Logits(which) => write!(f, "logits:{which}"),
        }
    }
}

impl Display for Frequencies {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Frequencies::One(k) => write!(f, "{k}"),
            Frequencies::Keys => f.write_str("keys"),
            Frequencies::Others => f.write_str("others"),
        }
    }
}

impl FromStr for Cut {
    type Err = Error;

    fn from_str(text: &str) -> Result<Cut> {
        let refused = || {
            Error::Command(format!(
                "`{text}` is no part of a network: parts are such as head:0.2, mlp:0, layer:0, \
                 cluster:0.14, neurons:14, neurons:keys, neurons:others and logits:14"
            ))
        };
        // As it is written in its name alone: no sign, no leading zero.
        let number = |text: &str| {
            text.parse::<u16>().ok().filter(|number| number.to_string() == text).map(usize::from)
        };
        let pair = |text: &str| {
            let (layer, other) = text.split_once('.')?;
            Some((number(layer)?, number(other)?))
        };
        let frequencies = |text: &str| match text {
            "keys" => Some(Frequencies::Keys),
            "others" => Some(Frequencies::Others),
            _ => number(text).map(Frequencies::One),
        };
        let (kind, which) = text.split_once(':').ok_or_else(refused)?;
        let cut = match kind {
            "head" => pair(which).map(|(layer, head)| Cut::Head { layer, head }),
            "mlp" => number(which).map(|layer| Cut::Mlp { layer }),
            "layer" => number(which).map(|layer| Cut::Layer { layer }),
            "cluster" => pair(which).map(|(layer, wave)| Cut::Cluster { layer, wave }),
            "neurons" => frequencies(which).map(Cut::Neurons),
            "logits" => frequencies(which).map(Cut::Logits),
            _ => None,
        };
        cut.ok_or_else(refused)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_as_it_is_written() {
        for name in [
            "head:0.2",
            "mlp:1",
            "layer:0",
            "cluster:1.14",
            "neurons:3",
            "neurons:keys",
            "logits:others",
            "logits:41",
        ] {
            assert_eq!(name.parse::<Cut>().unwrap().to_string(), name);
        }
        for name in ["", "head", "head:0", "head:0.", "head:+1.0", "mlp:x", "heads:0.1", "mlp:01"] {
            let error = name.parse::<Cut>().unwrap_err().to_string();
            assert!(error.starts_with(&format!("`{name}` is no part")), "{error}");
        }
    }
}
