//! JavaScript's objects, made field by field.

use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;

use crate::error::Error;

/// What the page catches: `{ code, message }`.
pub(super) fn thrown(error: Error) -> JsValue {
    let object = Object::new();
    set(&object, "code", error.code());
    set(&object, "message", error.to_string());
    object.into()
}

pub(super) fn set(object: &Object, key: &str, value: impl Into<JsValue>) {
    Reflect::set(object, &key.into(), &value.into()).expect("a fresh object takes any key");
}
