//! The stamp on a page of a few files.

use std::path::PathBuf;

use super::*;

const NOWHERE: Addresses = Addresses { page: None, source: None };
const PAGE: &str = r#"<head>
    <meta name="build" content="dev" />
    <link rel="stylesheet" href="./style.css" />
    <script type="module" src="./js/main.js"></script>
  </head>
  <img src="first.png" /><a href="./?preset=quick">a link</a><a href="./style.css.html">another</a>
  <a data-source
    hidden>Source</a>
"#;
const FILES: [(&str, &str); 9] = [
    ("index.html", PAGE),
    ("sw.js", "const BUILD = 'dev';\nconst FILES = [];\n"),
    ("social.png", "a picture"),
    ("style.css", "body {}"),
    ("first.png", "a picture"),
    ("js/main.js", "import { run } from './worker/client.js';\nimport('./lab.js');\n"),
    ("js/worker/client.js", "export const run = 1;\n"),
    ("js/worker/worker.js", "load();\n"),
    ("recordings/add.grok", "a recording"),
];

/// A folder with the files above, but for one that has another content.
fn built(test: &str, other: Option<(&str, &str)>) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("grokking-{}-{test}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    for (name, content) in FILES.into_iter().chain(other) {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

fn id(test: &str, other: Option<(&str, &str)>) -> String {
    let folder = built(test, other);
    let id = stamp(&folder, &NOWHERE).unwrap();
    fs::remove_dir_all(folder).unwrap();
    id
}

#[test]
fn the_id_is_of_the_content_of_every_file() {
    let before = id("same", None);
    assert_eq!(before, id("again", None));
    assert_eq!(before.len(), 16);
    for changed in [
        ("js/worker/worker.js", "load(1);\n"),
        ("recordings/add.grok", "another recording"),
        ("style.css", "body { }"),
        ("js/new.js", ""),
        ("sw.js", "const BUILD = 'dev';\nconst FILES = [];\n//\n"),
        ("index.html", &PAGE.replace("a link", "a new link")),
    ] {
        assert_ne!(before, id("changed", Some(changed)), "{changed:?}");
    }
}

#[test]
fn what_is_loaded_lies_in_the_builds_folder() {
    let folder = built("folder", Some(("js/types.d.ts", "types")));
    let id = stamp(&folder, &NOWHERE).unwrap();
    let inside = ["first.png", "js/main.js", "js/worker/client.js", "js/worker/worker.js"];
    let mut expected: Vec<String> = inside.iter().map(|name| format!("{id}/{name}")).collect();
    expected.extend([format!("{id}/recordings/add.grok"), format!("{id}/style.css")]);
    expected.extend(["index.html", "social.png", "sw.js"].map(String::from));
    expected.sort();
    assert_eq!(files(&folder).unwrap(), expected);
    assert!(!folder.join("js").exists());

    let page = fs::read_to_string(folder.join("index.html")).unwrap();
    for expected in [
        format!(r#"<meta name="build" content="{id}" />"#),
        format!(r#"<link rel="stylesheet" href="./{id}/style.css" />"#),
        format!(r#"<script type="module" src="./{id}/js/main.js"></script>"#),
        format!(r#"<link rel="modulepreload" href="./{id}/js/worker/client.js" />"#),
        format!(r#"<img src="./{id}/first.png" />"#),
        r#"<a href="./?preset=quick">"#.to_string(),
        r#"<a href="./style.css.html">"#.to_string(),
        "script-src 'self' 'wasm-unsafe-eval' 'sha256-".to_string(),
        format!("<script>{EARLY}</script>"),
    ] {
        assert!(page.contains(&expected), "{expected}\n{page}");
    }
    assert!(!page.contains(PLACEHOLDER) && !page.contains("lab.js") && !page.contains("og:image"));

    let worker = fs::read_to_string(folder.join("sw.js")).unwrap();
    assert!(worker.contains(&format!("const BUILD = '{id}';")));
    assert!(worker.contains("  'js/main.js',\n") && !worker.contains("add.grok"), "{worker}");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn what_it_opens_with_is_named_before_any_style_sheet() {
    let folder = built("early", Some(("recordings/first.grok", "a recording")));
    let id = stamp(&folder, &NOWHERE).unwrap();
    let page = fs::read_to_string(folder.join("index.html")).unwrap();
    let link = format!(
        r#"<link rel="opening" as="fetch" crossorigin href="./{id}/recordings/first.grok" />"#
    );
    let [link, script, sheet] = [link.as_str(), EARLY, "stylesheet"].map(|part| page.find(part));
    assert!(link.is_some() && link < script && script < sheet, "{page}");
    assert!(!page.contains(r#"rel="charts""#), "what the build has not is not named");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn the_page_knows_how_large_each_program_is() {
    // A program is a head of eight bytes, and sections.
    let folder = built("sizes", Some(("worker_bg.wasm", "\0asm\x01\0\0\0")));
    let longer = "\0asm\x01\0\0\0\x01\x02ab";
    fs::write(folder.join("worker_reference_gpu_bg.wasm"), longer).unwrap();
    stamp(&folder, &NOWHERE).unwrap();
    let page = fs::read_to_string(folder.join("index.html")).unwrap();
    let sizes = r#"<meta name="sizes" content="worker=8 worker_reference_gpu=12" />"#;
    assert!(page.contains(sizes), "{page}");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_build_that_knows_its_addresses_says_them() {
    let folder = built("addresses", None);
    let addresses = Addresses {
        page: Some("https://example.org/grokking/".into()),
        source: Some("https://example.org/source?a&b".into()),
    };
    stamp(&folder, &addresses).unwrap();
    let page = fs::read_to_string(folder.join("index.html")).unwrap();
    let image = r#"<meta property="og:image" content="https://example.org/grokking/social.png" />"#;
    assert!(page.contains(image), "{page}");
    let link = r#"<a data-source href="https://example.org/source?a&amp;b">Source</a>"#;
    assert!(page.contains(link), "{page}");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn what_cannot_be_stamped_is_refused() {
    for (page, reason) in [
        ("<head></head>", "has no `<meta name=\"build\""),
        ("<script>__trunk</script>", "contains `__trunk`"),
        ("ws://localhost:8080", "contains `localhost`"),
    ] {
        let folder = built("refused", Some(("index.html", page)));
        let error = stamp(&folder, &NOWHERE).unwrap_err();
        assert!(error.contains(reason), "{error}");
        fs::remove_dir_all(folder).unwrap();
    }
}
