//! A [`Session`] inside a web worker.
//!
//! The worker script calls one method at a time: wasm-bindgen refuses a second call while the
//! first is awaited.

use std::rc::Rc;

use js_sys::{Array, Float32Array, Object, Uint8Array, Uint16Array, Uint32Array};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

use super::crew::{JsCrew, Workers};
use super::object::{set, thrown};
use crate::error::Error;
use crate::schema::PROTOCOL_VERSION;
use crate::session::{Command, Event, Session, Snapshot};
use crate::train::Hardware;

/// How long an inspection goes on until commands have a turn.
const INSPECTION_MILLIS: f64 = 100.0;

#[wasm_bindgen]
extern "C" {
    /// The worker script's: tells the page, since after a panic no promise settles.
    #[wasm_bindgen(js_namespace = globalThis, js_name = onPanic)]
    fn on_panic(message: &str);
    /// The worker script's: tells the page of a graphics card that is gone.
    #[wasm_bindgen(js_namespace = globalThis, js_name = onDeviceLost)]
    fn on_device_lost(message: &str);
}

#[wasm_bindgen(start)]
fn start() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        on_panic(&info.to_string());
    }));
}

/// The version of the messages, which the page compares with its own.
#[wasm_bindgen(js_name = protocolVersion)]
pub fn protocol_version() -> u32 {
    PROTOCOL_VERSION
}

/// The session of one worker.
#[wasm_bindgen]
pub struct WorkerSession {
    session: Session,
}

#[wasm_bindgen]
impl WorkerSession {
    /// On the graphics card, or on the CPU with whoever helps.
    ///
    /// # Errors
    /// `{ code, message }` if there is no card that can be used.
    pub async fn create(on_gpu: bool, crew: JsCrew) -> Result<WorkerSession, JsValue> {
        let hardware = match on_gpu {
            true => Hardware::card(Some(on_device_lost)).await.map_err(thrown)?,
            false => Hardware::Crew(Rc::new(move || Box::new(Workers::new(crew.clone())))),
        };
        Ok(WorkerSession { session: Session::new(hardware).resting_after(INSPECTION_MILLIS) })
    }

    /// Whether [`WorkerSession::advance`] has work to do.
    #[wasm_bindgen(getter, js_name = hasWork)]
    pub fn has_work(&self) -> bool {
        self.session.has_work()
    }

    /// Obeys a command and gives the events that follow. `values` are those of the snapshot that
    /// a start resumes from, or the weights that are imported.
    ///
    /// # Errors
    /// `{ code, message }` if it is no command, or is refused.
    pub async fn handle(
        &mut self,
        command: JsValue,
        values: Option<Vec<f32>>,
    ) -> Result<Array, JsValue> {
        let mut command: Command = serde_wasm_bindgen::from_value(command)
            .map_err(|error| thrown(Error::Command(format!("not a command: {error}"))))?;
        match &mut command {
            Command::Start { resume: Some(Snapshot { values: to, .. }), .. }
            | Command::Import { values: to } => *to = values.unwrap_or_default(),
            _ => {}
        }
        self.session.handle(command).await.map(to_js).map_err(thrown)
    }

    /// Trains up to the next picture, or goes on with an inspection.
    ///
    /// # Errors
    /// `{ code, message }` if the run has failed.
    pub async fn advance(&mut self) -> Result<Array, JsValue> {
        self.session.advance().await.map(to_js).map_err(thrown)
    }
}

fn to_js(events: Vec<Event>) -> Array {
    events.iter().map(event_to_js).collect()
}

/// The event as serde writes it, with its arrays as typed arrays.
fn event_to_js(event: &Event) -> JsValue {
    let object: Object = event
        .serialize(&Serializer::json_compatible())
        .expect("an event is plain data")
        .unchecked_into();
    match event {
        Event::Started(started) => {
            set(&object, "answer", Uint16Array::from(&started.answer[..]));
            set(&object, "heldOut", Uint8Array::from(&started.held_out[..]));
            set(&object, "mirrored", Uint8Array::from(&started.mirrored[..]));
            set(&object, "outlier", Uint8Array::from(&started.outlier[..]));
        }
        Event::Evaluated(curves) => {
            set(&object, "predicted", Uint16Array::from(&curves.predicted[..]));
            set(&object, "confidence", Float32Array::from(&curves.confidence[..]));
            set(&object, "firstRight", Uint32Array::from(&curves.first_right[..]));
        }
        Event::Inspected(inspected) => {
            set(&object, "points", Float32Array::from(&inspected.inspection.points[..]));
            set(&object, "pictures", Uint8Array::from(&inspected.inspection.pictures[..]));
        }
        Event::Ablated { ablated, .. } => {
            set(&object, "predicted", Uint16Array::from(&ablated.predicted[..]));
            set(&object, "confidence", Float32Array::from(&ablated.confidence[..]));
        }
        Event::Snapshot(snapshot) => {
            set(&object, "values", Float32Array::from(&snapshot.values[..]));
        }
        Event::Exported { values, .. } => {
            set(&object, "values", Float32Array::from(&values[..]));
        }
        _ => {}
    }
    object.into()
}
