//! The device that the hand-written kernels opened, for burn's tensors as well.

use std::cell::OnceCell;
use std::rc::Rc;

use burn::tensor::Device;
use burn::tensor::wgpu::WgpuSetup;

use crate::error::{Error, Result};

#[derive(Clone)]
pub struct Shared {
    setup: WgpuSetup,
    device: Rc<OnceCell<Device>>,
}

impl Shared {
    pub fn new(
        instance: wgpu::Instance,
        adapter: wgpu::Adapter,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
    ) -> Shared {
        let backend = adapter.get_info().backend;
        let (device, queue) = (device.clone(), queue.clone());
        let setup = WgpuSetup { instance, adapter, device, queue, backend };
        Shared { setup, device: Rc::default() }
    }

    /// The device as burn knows it, registered with its runtime the first time.
    ///
    /// # Errors
    /// [`Error::Device`] if the runtime refuses it.
    pub fn device(&self) -> Result<Device> {
        if let Some(device) = self.device.get() {
            return Ok(device.clone());
        }
        let registered = Device::wgpu_options()
            .setup(self.setup.clone())
            .init()
            .map_err(|error| Error::Device(format!("burn cannot use the device: {error}")))?;
        Ok(self.device.get_or_init(|| registered).clone())
    }
}
