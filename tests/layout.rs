//! The house rules: lower layers know nothing of upper ones, modules use one another in one
//! direction, and generated files are fresh.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use modules::Modules;

#[path = "layout/modules.rs"]
mod modules;
#[path = "layout/tokens.rs"]
mod tokens;

/// Words, and the modules that alone may say them.
const RESERVED: &[(&[&str], &[&str])] = &[
    (&["JsValue", "wasm_bindgen", "js_sys", "web_sys"], &["web"]),
    (&["wgpu"], &["fused", "train"]),
    (&["burn"], &["fused", "model", "train"]),
    (&["clap", "indicatif"], &[]),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The modules of the library, lower first, as its front page lists them.
fn layers() -> Vec<String> {
    let text = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let lines = text.lines().filter_map(|line| line.strip_prefix("//!"));
    let page: String = lines.collect::<Vec<_>>().join(" ");
    let (_, list) =
        page.split_once("Layers, lower first").expect("the front page lists the layers");
    let quoted = list.split('`').skip(1).step_by(2);
    quoted.take_while(|name| *name != "src/bin").map(String::from).collect()
}

#[test]
fn every_module_has_its_layer_and_every_layer_is_a_module() {
    let layers = layers();
    let listed: BTreeSet<&str> = layers.iter().map(String::as_str).collect();
    assert_eq!(listed.len(), layers.len(), "a module is listed once: {layers:?}");
    let library = Modules::read(&root().join("src"));
    let there = library.files.keys().filter_map(|module| Some(module.first()?.as_str()));
    assert_eq!(listed, there.collect::<BTreeSet<&str>>());
}

#[test]
fn lower_layers_do_not_use_upper_ones() {
    let library = Modules::read(&root().join("src"));
    assert_eq!(library.against(&layers()), [""; 0]);
    let uses: usize = library.uses().values().map(BTreeSet::len).sum();
    assert!(uses > 150, "the test finds the uses that it is about: {uses}");
}

#[test]
fn modules_use_one_another_in_one_direction() {
    for folder in ["src", "src/bin/grok", "xtask/src"] {
        let circles = Modules::read(&root().join(folder)).circles();
        assert!(circles.is_empty(), "{folder}: {circles:?}");
    }
}

#[test]
fn words_are_left_to_those_that_may_say_them() {
    for (module, code) in Modules::read(&root().join("src")).files {
        for (words, allowed) in RESERVED {
            if module.first().is_some_and(|top| allowed.contains(&top.as_str())) {
                continue;
            }
            for word in *words {
                assert!(!code.words.contains(*word), "{} says {word}", module.join("::"));
            }
        }
    }
}

/// The tests of the tests: each way to name a module is seen, and each fault is found.
mod of_the_layout {
    use super::*;

    /// The paths in a file, a `use` with the name that it gives.
    fn names(text: &str) -> Vec<String> {
        let file = Modules::of(&[("a.rs", text)]);
        let names = file.files.into_values().flat_map(|code| code.names);
        let written = names.map(|name| {
            let path = [name.scope, name.path].concat().join("::");
            name.alias.map_or(path.clone(), |alias| format!("{path} as {alias}"))
        });
        written.collect()
    }

    fn against(order: &str, files: &[(&str, &str)]) -> Vec<String> {
        let order: Vec<String> = order.split(' ').map(String::from).collect();
        Modules::of(files).against(&order)
    }

    fn circles(files: &[(&str, &str)]) -> Vec<String> {
        Modules::of(files).circles().into_iter().map(|circle| circle.join(", ")).collect()
    }

    #[test]
    fn a_tree_of_uses_is_seen_to_its_leaves() {
        let text = "pub(crate) use crate::{a, b::{self, c::{D, e as f}}, g::*}; use h;";
        let expected = [
            "crate::a as a",
            "crate::b as b",
            "crate::b::c::D as D",
            "crate::b::c::e as f",
            "crate::g::* as *",
            "h as h",
        ];
        assert_eq!(names(text), expected);
    }

    #[test]
    fn paths_are_seen_anywhere_in_code() {
        let text = "fn f(x: &crate::a::B) -> super::C { super::super::d::e::<u8>(self::F::G) }";
        assert_eq!(names(text), ["crate::a::B", "super::C", "super::super::d::e", "self::F::G"]);
        let inside =
            "mod tests { use super::*; fn f() { if x { crate::a::b() } } } fn g() { h::i() }";
        assert_eq!(names(inside), ["tests::super::* as *", "tests::crate::a::b", "h::i"]);
    }

    #[test]
    fn comments_and_texts_are_no_code() {
        let text = r##"
            // crate::a
            /* crate::b /* crate::c */ crate::d */
            fn f<'a>(x: &'a str) { g("crate::e \" crate::f", r#"crate::g " crate::h"#, b"crate::i") }
            const QUOTES: [char; 3] = ['"', '\'', '\u{22}'];
            fn g() { crate::seen() }
        "##;
        assert_eq!(names(text), ["crate::seen"]);
    }

    #[test]
    fn an_upward_use_is_found_however_it_is_written() {
        let upper = ("upper/mod.rs", "pub mod inner;");
        let inner = ("upper/inner.rs", "");
        for text in [
            "use crate::upper::Thing;",
            "use crate::{upper::{inner::Thing}};",
            "use super::upper::inner;",
            "fn f() { crate::upper::inner::f() }",
            "mod tests { fn f() { super::super::upper::inner::f() } }",
        ] {
            let wrong = against("lower upper", &[("lower.rs", text), upper, inner]);
            assert_eq!(wrong.len(), 1, "{text}: {wrong:?}");
            assert!(wrong[0].starts_with("lower uses upper"), "{text}: {wrong:?}");
            assert_eq!(against("upper lower", &[("lower.rs", text), upper, inner]), [""; 0]);
        }
        assert_eq!(against("lower upper", &[("other.rs", "")]), ["other is in no layer"]);
    }

    #[test]
    fn a_circle_of_files_is_found() {
        let a = ("a.rs", "fn f() { crate::b::f() }");
        assert_eq!(
            circles(&[a, ("b.rs", "use super::c::g;"), ("c.rs", "use crate::a;")]),
            ["a, b, c"]
        );
        assert_eq!(circles(&[a, ("b.rs", "use super::c::g;"), ("c.rs", "")]), [""; 0]);
    }

    #[test]
    fn a_circle_is_found_through_what_a_parent_passes_on() {
        let parent = ("x/mod.rs", "mod a; mod b; pub use a::A; use b::B;");
        let (a, b) = (("x/a.rs", "use super::B;"), ("x/b.rs", "use crate::x::A;"));
        assert_eq!(circles(&[parent, a, b]), ["x::a, x::b"]);
        // A module that was brought in is named by its last part.
        let (a, b) =
            (("x/a.rs", "use super::b; fn f() { b::f() }"), ("x/b.rs", "use super::a::f;"));
        assert_eq!(circles(&[parent, a, b]), ["x::a, x::b"]);
    }

    #[test]
    fn a_parent_names_its_children_and_they_use_it() {
        let parent = ("x/mod.rs", "mod a; use a::A; pub trait T {} fn f() { a::f() }");
        assert_eq!(circles(&[parent, ("x/a.rs", "use super::T; fn f() {}")]), [""; 0]);
        let (a, other) = (("x/a.rs", "use crate::y::Y;"), ("y.rs", "use crate::x::T;"));
        assert_eq!(circles(&[parent, a, other]), [""; 0]);
        // What it uses elsewhere may not come back to it.
        let parent = ("x/mod.rs", "mod a; use crate::y::Y; pub trait T {}");
        assert_eq!(circles(&[parent, a, other]), ["x, y"]);
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
