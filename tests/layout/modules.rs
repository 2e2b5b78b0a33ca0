//! Which modules name which, read from the text of a crate.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::tokens::tokens;

/// A module's path inside its crate; the root's is empty.
pub type Module = Vec<String>;

/// A path that stands in a module's code.
#[derive(Debug, PartialEq)]
pub struct Name {
    /// The modules that are open around it in the same file, such as `tests`.
    pub scope: Vec<String>,
    pub path: Vec<String>,
    /// If a `use` brings it in: what it is called from there on, `*` for everything.
    pub alias: Option<String>,
}

/// What stands in a file.
pub struct Code {
    pub names: Vec<Name>,
    pub words: BTreeSet<String>,
}

/// The modules of a crate that are files.
pub struct Modules {
    pub files: BTreeMap<Module, Code>,
}

impl Modules {
    /// Every file in the folder of a crate's root but the programs in `bin`.
    pub fn read(folder: &Path) -> Modules {
        let mut files = Vec::new();
        collect(folder, "", &mut files);
        let files: Vec<(&str, &str)> =
            files.iter().map(|(name, text)| (&name[..], &text[..])).collect();
        Modules::of(&files)
    }

    /// Of files with these paths, such as `data/mod.rs`, and texts.
    pub fn of(files: &[(&str, &str)]) -> Modules {
        let files = files.iter().map(|(name, text)| (module(name), Code::read(text)));
        Modules { files: files.collect() }
    }

    /// For each module the others that have what it names. Those inside it are left out: a parent
    /// names its children.
    pub fn uses(&self) -> BTreeMap<&Module, BTreeSet<Module>> {
        let mut uses = BTreeMap::new();
        for (module, code) in &self.files {
            let homes = code.names.iter().filter_map(|n| self.home(module, &n.scope, &n.path, 0));
            uses.insert(module, homes.filter(|home| !home.starts_with(module)).collect());
        }
        uses
    }

    /// The file that has what is at `path`, as it is written in a module; none if it is elsewhere than
    /// in this crate.
    fn home(
        &self,
        from: &[String],
        scope: &[String],
        path: &[String],
        depth: usize,
    ) -> Option<Module> {
        if depth > 20 {
            return None; // a name that stands for itself
        }
        let mut place: Module = [from, scope].concat();
        let mut rest = path;
        match path[0].as_str() {
            "crate" => {
                place.clear();
                rest = &path[1..];
            }
            "self" | "super" => {
                while let Some("self" | "super") = rest.first().map(String::as_str) {
                    if rest[0] == "super" {
                        place.pop();
                    }
                    rest = &rest[1..];
                }
            }
            first if self.files.contains_key(&child(from, first)) => place = from.to_vec(),
            first => {
                let found =
                    (0..=scope.len()).rev().find_map(|n| self.import(from, &scope[..n], first));
                let import = found?;
                let whole = [&import.path[..], &path[1..]].concat();
                return self.home(from, &import.scope, &whole, depth + 1);
            }
        }
        while let Some(next) = rest.first().map(|name| child(&place, name)) {
            if !self.files.contains_key(&next) {
                break;
            }
            place = next;
            rest = &rest[1..];
        }
        // From a module inside a file to the file.
        while !self.files.contains_key(&place) {
            place.pop()?;
        }
        // What it has from elsewhere is there.
        let import = rest.first().and_then(|name| self.import(&place, &[], name));
        let elsewhere = import.and_then(|import| {
            let whole = [&import.path[..], &rest[1..]].concat();
            self.home(&place, &[], &whole, depth + 1)
        });
        Some(elsewhere.unwrap_or(place))
    }

    /// What a `use` of the file calls so.
    fn import(&self, module: &[String], scope: &[String], name: &str) -> Option<&Name> {
        let called = |found: &&Name| found.scope == scope && found.alias.as_deref() == Some(name);
        self.files[module].names.iter().find(called)
    }

    /// Modules that use one another, directly or through others.
    pub fn circles(&self) -> BTreeSet<Vec<String>> {
        let uses = self.uses();
        let reached = |from: &Module| {
            let mut seen: BTreeSet<&Module> = BTreeSet::new();
            let mut next: Vec<&Module> = uses[from].iter().collect();
            while let Some(module) = next.pop() {
                if seen.insert(module) {
                    next.extend(&uses[module]);
                }
            }
            seen
        };
        let reached: BTreeMap<&Module, BTreeSet<&Module>> =
            self.files.keys().map(|module| (module, reached(module))).collect();
        let in_circle = reached.iter().filter(|(module, seen)| seen.contains(*module));
        in_circle
            .map(|(module, seen)| {
                let others = seen.iter().filter(|other| reached[**other].contains(module));
                others.map(|other| other.join("::")).collect()
            })
            .collect()
    }

    /// What does not follow an order of the top modules, lower first, in which each uses only those
    /// before it.
    pub fn against(&self, order: &[String]) -> Vec<String> {
        let layer = |module: &Module| order.iter().position(|name| *name == module[0]);
        let mut wrong = Vec::new();
        for (module, homes) in self.uses().into_iter().filter(|(module, _)| !module.is_empty()) {
            if layer(module).is_none() {
                wrong.push(format!("{} is in no layer", module.join("::")));
            }
            for home in homes {
                let same = home.first() == module.first();
                if !same && (home.is_empty() || layer(&home) >= layer(module)) {
                    wrong.push(format!("{} uses {}", module.join("::"), home.join("::")));
                }
            }
        }
        wrong
    }
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{prefix}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            if name != "bin" {
                collect(&path, &format!("{name}/"), files);
            }
        } else if name.ends_with(".rs") {
            files.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
}

/// `data/mod.rs` and `data.rs` are `data`, `lib.rs` and `main.rs` are the root.
fn module(file: &str) -> Module {
    let path = file.trim_end_matches(".rs");
    let mut module: Module = path.split('/').map(String::from).collect();
    if module[module.len() - 1] == "mod" || ["lib", "main"].contains(&path) {
        module.pop();
    }
    module
}

fn child(module: &[String], name: &str) -> Module {
    [module, &[name.to_string()]].concat()
}

impl Code {
    fn read(text: &str) -> Code {
        let tokens = tokens(text);
        Code { names: names(&tokens), words: tokens.into_iter().collect() }
    }
}

/// Every path with a `::` in it, and whatever a `use` names.
fn names(tokens: &[String]) -> Vec<Name> {
    let token = |at: usize| tokens.get(at).map_or("", String::as_str);
    let mut names = Vec::new();
    // For each brace that is open: the module that it opens, if it does.
    let mut open: Vec<Option<String>> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let scope = || open.iter().flatten().cloned().collect();
        match token(at) {
            "mod" if token(at + 2) == "{" => {
                open.push(Some(tokens[at + 1].clone()));
                at += 3;
            }
            "{" => {
                open.push(None);
                at += 1;
            }
            "}" => {
                open.pop();
                at += 1;
            }
            // `impl Trait + use<'a>` imports nothing.
            "use" if token(at + 1) != "<" => {
                let mut found = Vec::new();
                at = tree(tokens, at + 1, Vec::new(), &mut found);
                for (path, alias) in found {
                    names.push(Name { scope: scope(), path, alias: Some(alias) });
                }
            }
            word if is_word(word) && token(at + 1) == "::" => {
                // What follows `::` here is inside a type, such as `<T as Trait>::Item::new`.
                let begins = at == 0 || token(at - 1) != "::";
                let mut path = vec![word.to_string()];
                at += 1;
                while token(at) == "::" && is_word(token(at + 1)) {
                    path.push(tokens[at + 1].clone());
                    at += 2;
                }
                if begins {
                    names.push(Name { scope: scope(), path, alias: None });
                }
            }
            _ => at += 1,
        }
    }
    names
}

/// Reads a tree of a `use` after `path`, and gives the place after it.
fn tree(
    tokens: &[String],
    mut at: usize,
    mut path: Vec<String>,
    found: &mut Vec<(Vec<String>, String)>,
) -> usize {
    loop {
        match tokens[at].as_str() {
            "::" => at += 1,
            "{" => {
                at += 1;
                while tokens[at] != "}" {
                    at = tree(tokens, at, path.clone(), found);
                    at += usize::from(tokens[at] == ",");
                }
                return at + 1;
            }
            name => {
                // `a::{self}` is `a`.
                if name != "self" || path.is_empty() {
                    path.push(name.to_string());
                }
                at += 1;
                if tokens[at] != "::" {
                    break;
                }
            }
        }
    }
    let mut alias = path[path.len() - 1].clone();
    if tokens[at] == "as" {
        alias = tokens[at + 1].clone();
        at += 2;
    }
    found.push((path, alias));
    at
}

fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}
