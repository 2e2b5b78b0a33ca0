//! Both ends of a crew of workers: who asks, and who helps.

use async_trait::async_trait;
use js_sys::{Float32Array, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::object::thrown;
use crate::config::{Config, RawConfig};
use crate::train::{Crew, Helper, Task};

#[wasm_bindgen]
extern "C" {
    /// `www/js/worker/crew.js`
    #[derive(Clone)]
    pub type JsCrew;
    #[wasm_bindgen(method, getter)]
    fn cores(this: &JsCrew) -> usize;
    #[wasm_bindgen(method, getter)]
    fn ready(this: &JsCrew) -> usize;
    #[wasm_bindgen(method)]
    fn recruit(this: &JsCrew, config: &str, helpers: usize);
    #[wasm_bindgen(method)]
    fn ask(
        this: &JsCrew,
        helper: usize,
        parameters: Float32Array,
        step: Option<f64>,
        from: usize,
        to: usize,
    );
    #[wasm_bindgen(method)]
    fn answer(this: &JsCrew, helper: usize) -> Promise;
}

/// Workers that share a run's steps.
pub struct Workers {
    crew: JsCrew,
    /// The settings of the run in JSON, written once.
    config: Option<String>,
}

impl Workers {
    /// Over the crew that the worker script gives.
    pub fn new(crew: JsCrew) -> Workers {
        Workers { crew, config: None }
    }
}

#[async_trait(?Send)]
impl Crew for Workers {
    fn cores(&self) -> usize {
        self.crew.cores()
    }

    fn recruit(&mut self, config: &Config, helpers: usize) {
        let config = self.config.get_or_insert_with(|| {
            let settings = config.typed().into_iter();
            let settings = settings.map(|(id, text)| (id.into(), text)).collect();
            serde_json::to_string(&RawConfig { preset: None, settings }).expect("plain data")
        });
        self.crew.recruit(config, helpers);
    }

    fn ready(&self) -> usize {
        self.crew.ready()
    }

    fn ask(&mut self, helper: usize, parameters: &[f32], task: &Task) {
        let (step, range) = match task {
            Task::Parts { step, parts } => (Some(*step as f64), parts),
            Task::Rows(rows) => (None, rows),
        };
        let parameters = Float32Array::from(parameters);
        self.crew.ask(helper, parameters, step, range.start, range.end);
    }

    async fn answer(&mut self, helper: usize) -> Option<Vec<f32>> {
        let values = JsFuture::from(self.crew.answer(helper)).await.ok()?;
        Some(values.dyn_into::<Float32Array>().ok()?.to_vec())
    }
}

/// A worker of somebody else's crew.
#[wasm_bindgen]
pub struct WorkerHelper {
    helper: Helper,
}

#[wasm_bindgen]
impl WorkerHelper {
    /// For a run whose settings are in JSON.
    ///
    /// # Errors
    /// `{ code, message }` if no run can be built of it.
    ///
    /// # Panics
    /// If it is not JSON of settings.
    #[wasm_bindgen(constructor)]
    pub fn new(config: &str) -> Result<WorkerHelper, JsValue> {
        let config: RawConfig = serde_json::from_str(config).expect("a crew writes it");
        let config = Config::from_raw(&config).map_err(thrown)?;
        Ok(WorkerHelper { helper: Helper::new(&config) })
    }

    /// The sums over parts of the batch of a step; or, without a step, answers for rows of the table.
    pub fn work(
        &mut self,
        parameters: &[f32],
        step: Option<f64>,
        from: usize,
        to: usize,
    ) -> Vec<f32> {
        let task = match step {
            Some(step) => Task::Parts { step: step as u64, parts: from..to },
            None => Task::Rows(from..to),
        };
        self.helper.work(parameters, &task)
    }
}
