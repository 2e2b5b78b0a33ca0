//! Where networks are trained, and the one place that chooses between engines.

use super::Engine;
use super::cpu::OnCpu;
use super::crew::{Recruiter, Team};
#[cfg(feature = "reference")]
use super::reference::Reference;
use crate::config::{Config, Threads};
use crate::error::Result;
use crate::fused::cpu::{Cpu, cores};
#[cfg(feature = "gpu")]
use crate::fused::gpu::{Context, Gpu};
use crate::model::ModelConfig;
use crate::optim::Update;

/// Where networks are trained.
#[derive(Clone)]
pub enum Hardware {
    /// The cores of this process.
    Cpu,
    /// One core of this process, and a crew of helpers.
    Crew(Recruiter),
    /// A graphics card.
    #[cfg(feature = "gpu")]
    Gpu(Context),
}

impl Hardware {
    /// The graphics card of this machine; the faster one where there are two. A fault is told to
    /// `on_fault`, and a panic without it.
    ///
    /// # Errors
    /// [`Error::Device`](crate::error::Error::Device) if there is none that can be used, or none that this program knows.
    #[cfg_attr(not(feature = "gpu"), expect(unused_variables))]
    pub async fn card(on_fault: Option<fn(&str)>) -> Result<Hardware> {
        #[cfg(feature = "gpu")]
        {
            let context = Context::open().await?;
            if let Some(tell) = on_fault {
                context.on_fault(tell);
            }
            Ok(Hardware::Gpu(context))
        }
        #[cfg(not(feature = "gpu"))]
        Err(crate::error::Error::Device("this program was built without `--features gpu`".into()))
    }

    /// An engine for a network with these `parameters` `[P]` and batches of at most `batch` equations.
    ///
    /// # Errors
    /// [`Error::Setting`](crate::error::Error::Setting) if it takes the reference, and this program has
    /// none; [`Error::Device`](crate::error::Error::Device) says what does not fit a card.
    pub fn engine(
        &self,
        config: &Config,
        model: &ModelConfig,
        parameters: Vec<f32>,
        update: &Update,
        batch: usize,
    ) -> Result<Box<dyn Engine>> {
        if config.needs_reference() {
            #[cfg(not(feature = "reference"))]
            return Err(crate::error::Error::setting(
                "kernels",
                config.kernels,
                "fused in this program, without dropout",
            ));
            #[cfg(feature = "reference")]
            return Ok(Box::new(match self {
                Hardware::Cpu | Hardware::Crew(_) => {
                    Reference::on_cpu(model, parameters, update, config.dropout)
                }
                #[cfg(feature = "gpu")]
                Hardware::Gpu(context) => {
                    Reference::on_card(model, parameters, update, config.dropout, context)?
                }
            }));
        }
        Ok(match self {
            Hardware::Cpu => {
                let threads = match config.threads {
                    Threads::Auto => cores(),
                    Threads::Count(threads) => threads,
                };
                Box::new(OnCpu::new(Cpu::new(model, parameters, update, threads), None))
            }
            Hardware::Crew(recruiter) => {
                let team = Team::new(recruiter, config, batch);
                Box::new(OnCpu::new(Cpu::new(model, parameters, update, 1), Some(team)))
            }
            #[cfg(feature = "gpu")]
            Hardware::Gpu(_) if config.loss.is_emulated() => {
                let allowed = "softmax or stablemax on a graphics card: others take the CPU";
                return Err(crate::error::Error::setting("loss", config.loss, allowed));
            }
            #[cfg(feature = "gpu")]
            Hardware::Gpu(context) => {
                Box::new(Gpu::new(model, &parameters, update, batch, context)?)
            }
        })
    }

    /// The same without helpers, for what is tried aside.
    pub fn alone(&self) -> Hardware {
        match self {
            Hardware::Crew(_) => Hardware::Cpu,
            other => other.clone(),
        }
    }
}
