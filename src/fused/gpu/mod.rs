//! The program on a graphics card: one submission a step, nothing read back.

mod arguments;
mod constants;
mod context;
mod plan;
#[cfg(feature = "reference")]
mod shared;
mod space;
mod update;

use arguments::ARGUMENTS_STRIDE;
use constants::SPLITS;
pub use context::Context;
use plan::{Goal, Plan};
use update::Passes;
use wgpu::BufferUsages;

use super::Answer;
use super::program::Program;
use crate::data::Equation;
use crate::error::Result;
use crate::model::{ModelConfig, sinusoids};
use crate::optim::{Pass, Rates, Update};

/// Equations evaluated at once, or a batch's where that is more.
const EVALUATION: usize = 2048;

/// A network, its optimiser's moments, and everything that a step needs, on a card.
pub struct Gpu {
    context: Context,
    program: Program,
    n_moments: usize,
    parameters: wgpu::Buffer,
    moments: wgpu::Buffer,
    gradients: wgpu::Buffer,
    activations: wgpu::Buffer,
    results: wgpu::Buffer,
    /// The parameters as they are without noise, while a gradient is computed with it.
    kept: Option<wgpu::Buffer>,
    passes: Passes,
    /// One per size of batch: the last of an epoch may be shorter.
    batches: Vec<Job>,
    /// The table that was last evaluated, in parts.
    table: Vec<Job>,
    /// The equations of the last batch.
    last_batch: Option<usize>,
    /// Commands of a step whose update is still to come.
    pending: Option<wgpu::CommandEncoder>,
}

/// A plan for some equations with everything bound.
struct Job {
    count: usize,
    calls: Vec<Call>,
    /// See `bindings.wgsl`.
    batch: wgpu::Buffer,
    /// What is in `batch`.
    equations: Vec<Equation>,
    bindings: wgpu::BindGroup,
}

struct Call {
    pipeline: wgpu::ComputePipeline,
    arguments: u32,
    groups: [u32; 3],
}

impl Gpu {
    /// A network for batches of at most `batch` equations, before its first step.
    ///
    /// # Errors
    /// If a buffer does not fit.
    pub fn new(
        config: &ModelConfig,
        parameters: &[f32],
        update: &Update,
        batch: usize,
        context: &Context,
    ) -> Result<Gpu> {
        let n_moments = update.n_moments();
        let program = Program::new(config);
        let positions = sinusoids(config.n_positions(), config.d_model);
        let most = batch.max(EVALUATION);
        let n_activations = Plan::new(&program, batch, Goal::Train)?
            .n_activations()
            .max(Plan::new(&program, most, Goal::Evaluate)?.n_activations())
            .max(update.scratch() as u64);
        let n_parameters = parameters.len() as u64;
        let sizes = [
            n_parameters + positions.len() as u64,
            n_parameters * n_moments as u64,
            n_parameters * u64::from(SPLITS),
            n_activations,
            3 * most as u64,
        ];
        // All of them before the first is made.
        for values in sizes {
            context.bytes(values)?;
        }
        let [n_values, n_moment_values, n_gradients, n_activations, n_results] = sizes;
        let storage = |values| context.buffer(values, BufferUsages::STORAGE);
        let parts = [
            storage(n_values)?,
            storage(n_activations)?,
            storage(n_gradients)?,
            storage(n_moment_values)?,
            // An update has no batch.
            storage(1)?,
            storage(n_results)?,
        ];
        let most_passes = 1 + update.passes(Rates::default()).len();
        let passes = Passes::new(config, most_passes, parts.each_ref(), context)?;
        let [parameter_buffer, activations, gradients, moments, _, results] = parts;
        let gpu = Gpu {
            n_moments,
            parameters: parameter_buffer,
            moments,
            gradients,
            activations,
            results,
            kept: None,
            passes,
            batches: Vec::new(),
            table: Vec::new(),
            last_batch: None,
            pending: None,
            context: context.clone(),
            program,
        };
        let flat = [parameters, &positions].concat();
        gpu.context.queue.write_buffer(&gpu.parameters, 0, bytemuck::cast_slice(&flat));
        // Buffers are zeros at first, and so are most moments.
        for (moment, place) in update.first_moments(parameters).iter().zip(0..) {
            if moment.iter().any(|&value| value != 0.0) {
                let bytes = bytemuck::cast_slice(moment);
                gpu.context.queue.write_buffer(&gpu.moments, place * bytes.len() as u64, bytes);
            }
        }
        Ok(gpu)
    }

    /// Computes loss and gradient of the equations of `table` at `indices`, in `step`. `noise` is what
    /// the parameters have meanwhile.
    ///
    /// # Errors
    /// If a buffer does not fit.
    pub fn differentiate(
        &mut self,
        table: &[Equation],
        indices: &[u32],
        noise: Option<Pass>,
        step: u64,
    ) -> Result<()> {
        let equations: Vec<Equation> = indices.iter().map(|&i| table[i as usize]).collect();
        let known = self.batches.iter().position(|job| job.count == equations.len());
        let index = match known {
            Some(index) => index,
            None => {
                self.batches.push(self.job(equations.len(), Goal::Train)?);
                self.batches.len() - 1
            }
        };
        self.batches[index].upload(&equations, self.program.n_symbols, &self.context);
        let mut encoder = self.context.device.create_command_encoder(&Default::default());
        let bytes = 4 * self.program.n_parameters as u64;
        if let Some(pass) = noise {
            if self.kept.is_none() {
                let size = self.program.n_parameters as u64;
                self.kept = Some(self.context.buffer(size, BufferUsages::empty())?);
            }
            let kept = self.kept.as_ref().expect("it was made above");
            encoder.copy_buffer_to_buffer(&self.parameters, 0, kept, 0, bytes);
            let call = self.passes.call((0, 1, step), &(0, pass), &self.context);
            run(&mut encoder, &self.passes.bindings, &[call]);
            self.batches[index].record(&mut encoder);
            encoder.copy_buffer_to_buffer(kept, 0, &self.parameters, 0, bytes);
        } else {
            self.batches[index].record(&mut encoder);
        }
        self.pending = Some(encoder);
        self.last_batch = Some(index);
        Ok(())
    }

    /// Moves all parameters against the gradient of the last batch.
    pub fn update(&mut self, update: &Update, rates: Rates) {
        let calls = self.passes.calls(rates.step, &update.passes(rates), &self.context);
        let mut encoder = self.pending.take().expect("a batch was differentiated");
        run(&mut encoder, &self.passes.bindings, &calls);
        self.context.queue.submit([encoder.finish()]);
    }

    fn flush(&mut self) {
        if let Some(encoder) = self.pending.take() {
            self.context.queue.submit([encoder.finish()]);
        }
    }

    /// Waits for the card. Mean cross-entropy in nats of the last batch, if there was one.
    pub async fn loss(&mut self) -> Result<Option<f64>> {
        self.flush();
        let Some(index) = self.last_batch else { return Ok(None) };
        let count = self.batches[index].count;
        let losses = self.context.read(&[(&self.results, count)]).await?;
        Ok(Some(losses.iter().map(|&loss| f64::from(loss)).sum::<f64>() / count as f64))
    }

    /// The gradient of the last batch, `[P]`.
    pub async fn gradient(&mut self) -> Result<Vec<f32>> {
        self.flush();
        let n = self.program.n_parameters;
        let splits = self.context.read(&[(&self.gradients, n * SPLITS as usize)]).await?;
        let mut total = vec![0.0; n];
        for split in splits.chunks_exact(n) {
            total.iter_mut().zip(split).for_each(|(total, part)| *total += part);
        }
        Ok(total)
    }

    /// What the network says of each equation. Cheapest where the table is that of the last call.
    pub async fn evaluate(&mut self, table: &[Equation]) -> Result<Vec<Answer>> {
        self.flush();
        let counts = || table.chunks(EVALUATION).map(<[Equation]>::len);
        if !self.table.iter().map(|job| job.count).eq(counts()) {
            let jobs = counts().map(|count| self.job(count, Goal::Evaluate));
            self.table = jobs.collect::<Result<_>>()?;
        }
        for (job, part) in self.table.iter_mut().zip(table.chunks(EVALUATION)) {
            job.upload(part, self.program.n_symbols, &self.context);
        }
        // The results of evaluations lie where the losses of batches did.
        self.last_batch = None;
        let mut answers = Vec::with_capacity(table.len());
        for job in &self.table {
            let mut encoder = self.context.device.create_command_encoder(&Default::default());
            job.record(&mut encoder);
            self.context.queue.submit([encoder.finish()]);
            let values = self.context.read(&[(&self.results, 3 * job.count)]).await?;
            answers.extend(Answer::read_all(&values));
        }
        Ok(answers)
    }

    /// The parameters `[P]`.
    pub async fn parameters(&mut self) -> Result<Vec<f32>> {
        self.flush();
        self.context.read(&[(&self.parameters, self.program.n_parameters)]).await
    }

    /// Parameters, then each moment, end to end.
    pub async fn values(&mut self) -> Result<Vec<f32>> {
        self.flush();
        let n = self.program.n_parameters;
        let parts = [(&self.parameters, n), (&self.moments, n * self.n_moments)];
        self.context.read(&parts).await
    }

    /// Takes back what [`Gpu::values`] gave.
    pub fn set_values(&mut self, values: &[f32]) {
        let (parameters, moments) = values.split_at(self.program.n_parameters);
        let queue = &self.context.queue;
        queue.write_buffer(&self.parameters, 0, bytemuck::cast_slice(parameters));
        queue.write_buffer(&self.moments, 0, bytemuck::cast_slice(moments));
        self.last_batch = None;
    }

    fn job(&self, count: usize, goal: Goal) -> Result<Job> {
        let plan = Plan::new(&self.program, count, goal)?;
        let words = plan.dispatches.len() as u64 * ARGUMENTS_STRIDE / 4;
        let arguments = self.context.buffer(words, BufferUsages::UNIFORM)?;
        let words = (5 * count + 2 * (self.program.n_symbols + 1)) as u64;
        let batch = self.context.buffer(words, BufferUsages::STORAGE)?;
        let calls = plan.dispatches.iter().enumerate().map(|(index, dispatch)| {
            let offset = index as u64 * ARGUMENTS_STRIDE;
            self.context.queue.write_buffer(&arguments, offset, dispatch.arguments.bytes());
            Call {
                pipeline: self.context.pipeline(dispatch.kernel),
                arguments: offset as u32,
                groups: dispatch.groups,
            }
        });
        let storage = [
            &self.parameters,
            &self.activations,
            &self.gradients,
            &self.moments,
            &batch,
            &self.results,
        ];
        Ok(Job {
            count,
            calls: calls.collect(),
            bindings: self.context.bind(storage, &arguments),
            batch,
            equations: Vec::new(),
        })
    }
}

impl Job {
    /// Puts equations where the kernels find them, unless they are there.
    fn upload(&mut self, equations: &[Equation], n_symbols: usize, context: &Context) {
        if self.equations == equations {
            return;
        }
        let column = |symbol: fn(&Equation) -> u16| {
            equations.iter().map(move |equation| u32::from(symbol(equation)))
        };
        let mut words: Vec<u32> = column(|e| e.x).collect();
        words.extend(column(|e| e.y));
        words.extend(column(|e| e.answer));
        for symbol in [(|e| e.x) as fn(&Equation) -> u16, |e| e.y] {
            let mut order: Vec<u32> = (0..equations.len() as u32).collect();
            order.sort_by_key(|&index| symbol(&equations[index as usize]));
            let starts = (0..=n_symbols as u16).map(|value| {
                order.partition_point(|&index| symbol(&equations[index as usize]) < value) as u32
            });
            let starts: Vec<u32> = starts.collect();
            words.extend(&order);
            words.extend(starts);
        }
        context.queue.write_buffer(&self.batch, 0, bytemuck::cast_slice(&words));
        self.equations = equations.to_vec();
    }

    fn record(&self, encoder: &mut wgpu::CommandEncoder) {
        run(encoder, &self.bindings, &self.calls);
    }
}

fn run(encoder: &mut wgpu::CommandEncoder, bindings: &wgpu::BindGroup, calls: &[Call]) {
    let mut pass = encoder.begin_compute_pass(&Default::default());
    for call in calls {
        pass.set_pipeline(&call.pipeline);
        pass.set_bind_group(0, bindings, &[call.arguments]);
        let [x, y, z] = call.groups;
        pass.dispatch_workgroups(x, y, z);
    }
}
