//! Makes a built page a deployable one. Everything that is loaded lies in a folder named after the
//! content of all of it, so that files of two builds never meet; `index.html` and what has to keep
//! its address stay outside.

use std::fs;
use std::path::Path;

use crate::graph;
use crate::shell::Result;
use crate::wasm::without_names;

/// What keeps its address from build to build.
const OUTSIDE: [&str; 4] = ["index.html", "sw.js", "embed.js", "social.png"];
const UNSTAMPED: &str = r#"<meta name="build" content="dev" />"#;
const ENTRY: &str = "js/main.js";
/// Stands for the id until it is known.
const PLACEHOLDER: &str = "{build}";
/// The one script in the page itself, which runs before anything is loaded.
const EARLY: &str = include_str!("../../www/early.js");
/// `wasm-unsafe-eval` lets wasm be compiled and no JavaScript be made from strings, the hash is that of
/// `EARLY`, `blob:` lets a picture that the page has written be saved as pixels; a frame is the preview of
/// what is embedded.
const POLICY: [&str; 10] = [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval' 'sha256-7erPGbiHIxPvk7zHn+T27NaxwK7pIHDOaAMBdxOFGcw='",
    "style-src 'self'",
    "img-src 'self' blob:",
    "connect-src 'self'",
    "worker-src 'self'",
    "frame-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "object-src 'none'",
];
/// Fetched with the page, beside its modules, where `EARLY` says so.
const FETCHED: [(&str, &str); 2] =
    [("opening", "recordings/first.grok"), ("charts", "page_bg.wasm")];

/// What the build knows of where it will be.
pub struct Addresses {
    /// The address of the page, for previews, which need absolute ones.
    pub page: Option<String>,
    /// The address of the source.
    pub source: Option<String>,
}

/// Stamps what Trunk built into `dist`, and returns the build's id.
pub fn stamp(dist: &Path, addresses: &Addresses) -> Result<String> {
    let files = files(dist)?;
    let mut inside = Vec::new();
    for name in files.into_iter().filter(|name| !OUTSIDE.contains(&name.as_str())) {
        if name.ends_with(".d.ts") {
            remove(&dist.join(&name))?; // Types, which no browser loads.
        } else {
            inside.push(name);
        }
    }
    for name in inside.iter().filter(|name| name.ends_with(".wasm")) {
        let path = dist.join(name);
        let program = fs::read(&path).map_err(|error| unusable(&path, &error))?;
        let program = without_names(&program)
            .ok_or_else(|| format!("{}: not a whole wasm program", path.display()))?;
        fs::write(&path, program).map_err(|error| unusable(&path, &error))?;
    }
    let page = stamped(&text(&dist.join("index.html"))?, dist, &inside, addresses)?;
    let worker = offline(&text(&dist.join("sw.js"))?, &inside)?;

    let mut hash = Hash::new();
    hash.write(page.as_bytes());
    hash.write(worker.as_bytes());
    for name in &inside {
        hash.write(name.as_bytes());
        hash.write(&fs::read(dist.join(name)).map_err(|error| unusable(&dist.join(name), &error))?);
    }
    let id = hash.hex();

    for name in &inside {
        let target = dist.join(&id).join(name);
        let folder = target.parent().expect("a file is in a folder");
        fs::create_dir_all(folder).map_err(|error| unusable(folder, &error))?;
        fs::rename(dist.join(name), &target).map_err(|error| unusable(&target, &error))?;
    }
    remove_empty_folders(dist)?;
    for (name, content) in [("index.html", page), ("sw.js", worker)] {
        let path = dist.join(name);
        fs::write(&path, content.replace(PLACEHOLDER, &id))
            .map_err(|error| unusable(&path, &error))?;
    }
    Ok(id)
}

/// The page with its policy, its preloads, its addresses and the sizes of what it may load, for the
/// id `PLACEHOLDER`.
fn stamped(page: &str, dist: &Path, inside: &[String], addresses: &Addresses) -> Result<String> {
    for leftover in ["__trunk", "localhost", PLACEHOLDER] {
        if page.contains(leftover) {
            return Err(format!("dist/index.html contains `{leftover}`: build in release"));
        }
    }
    if !page.contains(UNSTAMPED) {
        return Err(format!("dist/index.html has no `{UNSTAMPED}` to stamp"));
    }
    let mut head = vec![
        format!(r#"<meta http-equiv="Content-Security-Policy" content="{}" />"#, POLICY.join("; ")),
        format!(r#"<meta name="build" content="{PLACEHOLDER}" />"#),
        format!(r#"<meta name="sizes" content="{}" />"#, sizes(dist, inside)?),
    ];
    if let Some(address) = &addresses.page {
        let address = escaped(address.trim_end_matches('/'));
        head.push(format!(r#"<link rel="canonical" href="{address}/" />"#));
        head.push(format!(r#"<meta property="og:url" content="{address}/" />"#));
        head.push(format!(r#"<meta property="og:image" content="{address}/social.png" />"#));
    }
    // Before style sheets, for which a script would wait.
    for (rel, file) in FETCHED.iter().filter(|(_, file)| inside.iter().any(|name| name == file)) {
        let href = format!("./{PLACEHOLDER}/{file}");
        head.push(format!(r#"<link rel="{rel}" as="fetch" crossorigin href="{href}" />"#));
    }
    head.push(format!("<script>{EARLY}</script>"));
    let mut early = vec![];
    let mut modules = graph::imported(dist, ENTRY)?;
    modules.insert("page.js".to_string()); // Imported by the first chart.
    for module in modules.iter().filter(|module| inside.contains(module)) {
        early.push(format!(r#"<link rel="modulepreload" href="./{PLACEHOLDER}/{module}" />"#));
    }
    // Before the preloads, whose addresses are already the build's.
    let page = readdressed(page, inside);
    let page = match &addresses.source {
        Some(source) => linked(&page, &escaped(source)),
        None => page,
    };
    let end = format!("  {}\n  </head>", early.join("\n    "));
    Ok(page.replace(UNSTAMPED, &head.join("\n    ")).replacen("</head>", &end, 1))
}

/// `page=281000 worker=1119000 …`: the bytes of each program, which the page says before it loads
/// one. A response that a host compresses does not say them.
fn sizes(dist: &Path, inside: &[String]) -> Result<String> {
    let mut sizes = Vec::new();
    for name in inside {
        let Some(program) = name.strip_suffix("_bg.wasm") else { continue };
        let path = dist.join(name);
        let bytes = fs::metadata(&path).map_err(|error| unusable(&path, &error))?.len();
        sizes.push(format!("{program}={bytes}"));
    }
    Ok(sizes.join(" "))
}

/// The page with every `href` and `src` that names a file of the build leading into its folder.
fn readdressed(page: &str, inside: &[String]) -> String {
    let mut rest = page;
    let mut done = String::new();
    while let Some(at) = ["href=\"", "src=\""]
        .iter()
        .filter_map(|attribute| rest.find(attribute).map(|at| at + attribute.len()))
        .min()
    {
        let (before, after) = rest.split_at(at);
        done.push_str(before);
        let end = after.find('"').unwrap_or(after.len());
        let (address, after) = after.split_at(end);
        let name = address.strip_prefix("./").unwrap_or(address);
        match inside.iter().any(|file| file == name) {
            true => done.push_str(&format!("./{PLACEHOLDER}/{name}")),
            false => done.push_str(address),
        }
        rest = after;
    }
    done + rest
}

/// The page with its `<a data-source hidden>` leading to the source, and seen.
fn linked(page: &str, source: &str) -> String {
    let Some(mark) = page.find("data-source") else { return page.to_string() };
    let Some(start) = page[..mark].rfind('<') else { return page.to_string() };
    let end = page[mark..].find('>').map_or(page.len(), |end| mark + end);
    let tag: Vec<&str> =
        page[start..end].split_whitespace().filter(|word| *word != "hidden").collect();
    let tag = tag.join(" ").replace("data-source", &format!(r#"data-source href="{source}""#));
    format!("{}{tag}{}", &page[..start], &page[end..])
}

/// The service worker with its build and the files that make the page work without a network.
fn offline(worker: &str, inside: &[String]) -> Result<String> {
    let (no_build, no_files) = ("const BUILD = 'dev';", "const FILES = [];");
    if !(worker.contains(no_build) && worker.contains(no_files)) {
        return Err(format!("dist/sw.js has no `{no_build}` and `{no_files}` to stamp"));
    }
    let files: Vec<String> =
        inside.iter().filter(|name| is_needed(name)).map(|name| format!("  '{name}',\n")).collect();
    let build = format!("const BUILD = '{PLACEHOLDER}';");
    let files = format!("const FILES = [\n{}];", files.concat());
    Ok(worker.replace(no_build, &build).replace(no_files, &files))
}

/// Whether a page without a network needs a file. The recordings of the laboratory and the
/// reference's engine are two thirds of the whole, and are kept when they have been used.
fn is_needed(name: &str) -> bool {
    let is_own = name == "recordings/first.grok" || name == "recordings/index.json";
    (is_own || !name.starts_with("recordings/")) && !name.starts_with("worker_reference")
}

/// Every file in a folder, by its path inside it with `/`, in order.
pub fn files(folder: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| unusable(folder, &error))? {
        let path = entry.map_err(|error| unusable(folder, &error))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(files(&path)?.iter().map(|inner| format!("{name}/{inner}")));
        } else {
            found.push(name);
        }
    }
    found.sort();
    Ok(found)
}

fn remove_empty_folders(folder: &Path) -> Result {
    for entry in fs::read_dir(folder).map_err(|error| unusable(folder, &error))? {
        let path = entry.map_err(|error| unusable(folder, &error))?.path();
        if path.is_dir() {
            remove_empty_folders(&path)?;
            if files(&path)?.is_empty() {
                fs::remove_dir(&path).map_err(|error| unusable(&path, &error))?;
            }
        }
    }
    Ok(())
}

fn text(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| unusable(path, &error))
}

fn remove(path: &Path) -> Result {
    fs::remove_file(path).map_err(|error| unusable(path, &error))
}

fn unusable(path: &Path, error: &std::io::Error) -> String {
    format!("`{}`: {error}", path.display())
}

fn escaped(address: &str) -> String {
    address.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

/// FNV-1a: the same on every machine and in every release of Rust.
struct Hash(u64);

impl Hash {
    fn new() -> Self {
        Hash(0xcbf2_9ce4_8422_2325)
    }

    /// A part, whose length counts too: `a`, `bc` is not `ab`, `c`.
    fn write(&mut self, bytes: &[u8]) {
        let length = (bytes.len() as u64).to_le_bytes();
        for byte in length.iter().chain(bytes) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn hex(&self) -> String {
        format!("{:016x}", self.0)
    }
}

#[cfg(test)]
#[path = "stamp_tests.rs"]
mod tests;
