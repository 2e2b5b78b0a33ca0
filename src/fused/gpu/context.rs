//! The graphics card: its device, its kernels, and reads from it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::num::NonZeroU64;
use std::rc::Rc;
use std::sync::Arc;

use super::arguments::ARGUMENTS_STRIDE;
use super::constants;
use crate::error::{Error, Result};

/// Storage buffers that every kernel can see, see `bindings.wgsl`.
pub const STORAGE: u32 = 6;
/// Which of the storage buffers is the batch, which is only read.
const BATCH: u32 = 4;

/// A kernel: its file, its entry point, and the value of its `KIND`, if it has one.
pub type Kernel = (&'static str, &'static str, Option<u32>);

/// An open device, shared by all networks on it.
#[derive(Clone)]
pub struct Context {
    /// As wgpu has it.
    pub device: wgpu::Device,
    /// Where its work is submitted.
    pub queue: wgpu::Queue,
    layout: wgpu::BindGroupLayout,
    pipelines: Rc<RefCell<HashMap<Kernel, wgpu::ComputePipeline>>>,
    /// What the last read was copied to, for the next one.
    staging: Rc<RefCell<Option<wgpu::Buffer>>>,
    #[cfg(feature = "reference")]
    shared: super::shared::Shared,
}

impl Context {
    /// The faster card, where there are two.
    ///
    /// # Errors
    /// [`Error::Device`] if there is none, or it gives no device.
    pub async fn open() -> Result<Context> {
        let failed = |error: &dyn std::fmt::Display| {
            Error::Device(format!("no usable graphics card: {error}"))
        };
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle());
        let adapter = instance
            .request_adapter(&wgpu::RequestAdapterOptions {
                power_preference: wgpu::PowerPreference::HighPerformance,
                ..Default::default()
            })
            .await
            .map_err(|error| failed(&error))?;
        // burn, which may share the device, uses whatever the adapter has without asking what the
        // device was given. Kernels by hand need nothing beyond the standard.
        let unwanted =
            wgpu::Features::MAPPABLE_PRIMARY_BUFFERS | wgpu::Features::all_experimental_mask();
        let features = match cfg!(feature = "reference") {
            true => adapter.features() - unwanted,
            false => wgpu::Features::empty(),
        };
        let (device, queue) = adapter
            .request_device(&wgpu::DeviceDescriptor {
                required_features: features,
                // A batch's activations are one buffer.
                required_limits: adapter.limits(),
                ..Default::default()
            })
            .await
            .map_err(|error| failed(&error))?;
        let storage = (0..STORAGE).map(|binding| {
            let read_only = binding == BATCH;
            entry(binding, wgpu::BufferBindingType::Storage { read_only }, None)
        });
        let arguments = entry(
            STORAGE,
            wgpu::BufferBindingType::Uniform,
            Some(NonZeroU64::new(ARGUMENTS_STRIDE).expect("it is not zero")),
        );
        let layout = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: None,
            entries: &storage.chain([arguments]).collect::<Vec<_>>(),
        });
        Ok(Context {
            #[cfg(feature = "reference")]
            shared: super::shared::Shared::new(instance, adapter, &device, &queue),
            device,
            queue,
            layout,
            pipelines: Rc::default(),
            staging: Rc::default(),
        })
    }

    /// This device as burn knows it.
    ///
    /// # Errors
    /// [`Error::Device`] if burn's runtime refuses it.
    #[cfg(feature = "reference")]
    pub fn burn(&self) -> Result<burn::tensor::Device> {
        self.shared.device()
    }

    /// Tells of a device that is lost or misused: whoever waits for it may wait for ever. burn, where
    /// it shares the device, takes this over, and its reads fail.
    pub fn on_fault(&self, tell: fn(&str)) {
        self.device.set_device_lost_callback(move |_, message| {
            tell(&format!("the graphics device was lost ({})", message.trim()));
        });
        self.device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| {
            tell(&format!("WebGPU refused a command ({})", error.to_string().trim()));
        }));
    }

    /// Compiles a kernel, once.
    pub fn pipeline(&self, kernel: Kernel) -> wgpu::ComputePipeline {
        let mut pipelines = self.pipelines.borrow_mut();
        pipelines.entry(kernel).or_insert_with(|| self.compile(kernel)).clone()
    }

    fn compile(&self, (source, entry_point, kind): Kernel) -> wgpu::ComputePipeline {
        let source = [&constants::in_wgsl(), include_str!("bindings.wgsl"), source].concat();
        let module = self.device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some(entry_point),
            source: wgpu::ShaderSource::Wgsl(source.into()),
        });
        let layout = self.device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: None,
            bind_group_layouts: &[Some(&self.layout)],
            immediate_size: 0,
        });
        let constants: Vec<(&str, f64)> =
            kind.into_iter().map(|kind| ("KIND", f64::from(kind))).collect();
        self.device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: Some(entry_point),
            layout: Some(&layout),
            module: &module,
            entry_point: Some(entry_point),
            compilation_options: wgpu::PipelineCompilationOptions {
                constants: &constants,
                ..Default::default()
            },
            cache: None,
        })
    }

    /// The storage buffers in the order of their bindings, and the arguments.
    pub fn bind(
        &self,
        storage: [&wgpu::Buffer; STORAGE as usize],
        arguments: &wgpu::Buffer,
    ) -> wgpu::BindGroup {
        let mut entries: Vec<wgpu::BindGroupEntry> = storage
            .iter()
            .zip(0..)
            .map(|(buffer, binding)| wgpu::BindGroupEntry {
                binding,
                resource: buffer.as_entire_binding(),
            })
            .collect();
        entries.push(wgpu::BindGroupEntry {
            binding: STORAGE,
            resource: wgpu::BindingResource::Buffer(wgpu::BufferBinding {
                buffer: arguments,
                offset: 0,
                size: NonZeroU64::new(ARGUMENTS_STRIDE),
            }),
        });
        self.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout: &self.layout,
            entries: &entries,
        })
    }

    /// The bytes of a buffer of so many 4-byte values, if the card can have it.
    pub fn bytes(&self, values: u64) -> Result<u64> {
        let limits = self.device.limits();
        let limit = limits.max_storage_buffer_binding_size.min(limits.max_buffer_size);
        within(values, limit, "the graphics card allows")
    }

    /// A buffer of so many 4-byte values, zeros at first.
    pub fn buffer(&self, values: u64, usage: wgpu::BufferUsages) -> Result<wgpu::Buffer> {
        let size = self.bytes(values)?;
        Ok(self.device.create_buffer(&wgpu::BufferDescriptor {
            label: None,
            size,
            usage: usage | wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::COPY_SRC,
            mapped_at_creation: false,
        }))
    }

    /// Waits for all work so far, and reads the first values of each buffer.
    pub async fn read(&self, parts: &[(&wgpu::Buffer, usize)]) -> Result<Vec<f32>> {
        let bytes = |values: usize| values as u64 * 4;
        let size = parts.iter().map(|&(_, values)| bytes(values)).sum();
        let kept = self.staging.take().filter(|buffer| buffer.size() >= size);
        let staging = kept.unwrap_or_else(|| {
            self.device.create_buffer(&wgpu::BufferDescriptor {
                label: None,
                size,
                usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
                mapped_at_creation: false,
            })
        });
        let mut encoder = self.device.create_command_encoder(&Default::default());
        let mut offset = 0;
        for &(buffer, values) in parts {
            encoder.copy_buffer_to_buffer(buffer, 0, &staging, offset, bytes(values));
            offset += bytes(values);
        }
        self.queue.submit([encoder.finish()]);
        let (done, mapped) = futures_channel::oneshot::channel();
        staging.map_async(wgpu::MapMode::Read, ..size, move |result| {
            // Nobody waits for a read of a network that is gone.
            let _ = done.send(result);
        });
        #[cfg(not(target_family = "wasm"))]
        self.device
            .poll(wgpu::PollType::wait_indefinitely())
            .map_err(|error| Error::Device(error.to_string()))?;
        match mapped.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(Error::Device(format!("a read failed: {error}"))),
            Err(_) => return Err(Error::Device("a read was dropped".into())),
        }
        let view = staging
            .get_mapped_range(..size)
            .map_err(|error| Error::Device(format!("a read failed: {error}")))?;
        let values = bytemuck::pod_collect_to_vec(&view);
        drop(view);
        staging.unmap();
        self.staging.replace(Some(staging));
        Ok(values)
    }
}

/// The bytes of so many 4-byte values, if they are within a limit that `who` sets.
pub fn within(values: u64, limit: u64, who: &str) -> Result<u64> {
    let size = values.max(4).saturating_mul(4);
    if size > limit {
        return Err(Error::Device(format!(
            "a step needs a buffer of {} MB, {who} {} MB: choose a smaller batch or network",
            size >> 20,
            limit >> 20
        )));
    }
    Ok(size)
}

fn entry(
    binding: u32,
    ty: wgpu::BufferBindingType,
    dynamic: Option<NonZeroU64>,
) -> wgpu::BindGroupLayoutEntry {
    wgpu::BindGroupLayoutEntry {
        binding,
        visibility: wgpu::ShaderStages::COMPUTE,
        ty: wgpu::BindingType::Buffer {
            ty,
            has_dynamic_offset: dynamic.is_some(),
            min_binding_size: dynamic,
        },
        count: None,
    }
}
