//! The hand-written kernels on a graphics card.

use async_trait::async_trait;

use super::{Batch, Engine};
use crate::data::Equation;
use crate::error::Result;
use crate::fused::{Answer, gpu::Gpu};
use crate::optim::{Rates, Update};

#[async_trait(?Send)]
impl Engine for Gpu {
    async fn differentiate(&mut self, batch: &Batch<'_>) -> Result<()> {
        let noise = batch.weight_noise.map(|noise| noise.pass());
        Gpu::differentiate(self, batch.table, batch.indices, noise, batch.step)
    }

    async fn update(&mut self, update: &Update, rates: Rates) -> Result<()> {
        Gpu::update(self, update, rates);
        Ok(())
    }

    async fn loss(&mut self) -> Result<Option<f64>> {
        Gpu::loss(self).await
    }

    async fn gradient(&mut self) -> Result<Vec<f32>> {
        Gpu::gradient(self).await
    }

    async fn evaluate(&mut self, equations: &[Equation]) -> Result<Vec<Answer>> {
        Gpu::evaluate(self, equations).await
    }

    async fn parameters(&mut self) -> Result<Vec<f32>> {
        Gpu::parameters(self).await
    }

    async fn values(&mut self) -> Result<Vec<f32>> {
        Gpu::values(self).await
    }

    fn set_values(&mut self, values: &[f32]) {
        Gpu::set_values(self, values);
    }
}
