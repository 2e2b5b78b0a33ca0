//! The house rules: lower layers know nothing of upper ones, and generated files are fresh.

use std::fs;
use std::path::{Path, PathBuf};

/// Lower first; modules of one row do not know one another unless they are one.
const LAYERS: &[&[&str]] = &[
    &["error", "rng", "clock"],
    &["algebra", "data"],
    &["config", "settings", "presets", "variants"],
    &["model", "optim"],
    &["fused"],
    &["train", "inspect"],
    &["session", "sweep", "schema"],
    &["web"],
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|row| row.contains(&module))
}

#[test]
fn lower_layers_do_not_import_upper_ones() {
    let src = root().join("src");
    let mut imports = 0;
    for path in sources(&src) {
        let inside = path.strip_prefix(&src).unwrap();
        let module = inside.components().next().unwrap().as_os_str().to_string_lossy();
        let module = module.trim_end_matches(".rs");
        let Some(own) = layer(module) else {
            assert!(matches!(module, "lib" | "bin"), "{module} is in no layer");
            continue;
        };
        for part in fs::read_to_string(&path).unwrap().split("crate::").skip(1) {
            let name: String =
                part.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            // Macros and re-exports at the root have no layer.
            let Some(used) = layer(&name) else { continue };
            imports += 1;
            assert!(used <= own, "{} uses crate::{name}", inside.display());
        }
    }
    assert!(imports > 30, "the test finds the imports that it is about: {imports}");
}

#[test]
fn only_the_edge_names_a_js_value() {
    let src = root().join("src");
    for path in sources(&src) {
        let inside = path.strip_prefix(&src).unwrap();
        if inside.starts_with("web") {
            continue;
        }
        let names = fs::read_to_string(&path).unwrap().contains("JsValue::");
        assert!(!names, "{}", inside.display());
    }
}

#[test]
fn the_pages_schema_is_fresh() {
    let written = fs::read_to_string(root().join("www/js/run/schema.js")).unwrap();
    let command = "cargo run --release -- schema > www/js/run/schema.js";
    assert!(written == grokking::schema::javascript(), "out of date: run `{command}`");
}

#[test]
fn the_tools_are_of_the_libraries_version() {
    let tools = fs::read_to_string(root().join("xtask/src/tools.rs")).unwrap();
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let version = tools.split("WASM_BINDGEN: &str = \"").nth(1).unwrap();
    let version = version.split('"').next().unwrap();
    assert!(manifest.contains(&format!("wasm-bindgen = {{ version = \"={version}\"")));
}
