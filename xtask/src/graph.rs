//! What a module imports: the page names all of its first modules at once, or a browser would find
//! them one round trip after another.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::shell::Result;

/// The modules that `entry` imports statically, itself included, as paths inside `folder`.
pub fn imported(folder: &Path, entry: &str) -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    let mut open = vec![entry.to_string()];
    while let Some(name) = open.pop() {
        if !found.insert(name.clone()) {
            continue;
        }
        let code = fs::read_to_string(folder.join(&name))
            .map_err(|error| format!("`{name}`, which the page imports: {error}"))?;
        let beside = Path::new(&name).parent().unwrap_or(Path::new(""));
        open.extend(specifiers(&code).iter().map(|specifier| joined(beside, specifier)));
    }
    Ok(found)
}

/// The addresses in `import … from '…'`, `import '…'` and `export … from '…'`, which stand at the
/// start of a line and end at the first semicolon.
fn specifiers(code: &str) -> Vec<String> {
    let starts = code.match_indices('\n').map(|(at, _)| at + 1);
    std::iter::once(0)
        .chain(starts)
        .filter_map(|at| {
            let line = &code[at..];
            let statement = &line[..line.find(';')?];
            let is_import = ["import ", "import{"].iter().any(|start| line.starts_with(start));
            let from = match is_import && statement[6..].trim_start().starts_with('\'') {
                true => &statement[6..],
                false => statement.rsplit_once("from ")?.1,
            };
            let is_export = ["export {", "export *"].iter().any(|start| line.starts_with(start));
            let quoted = from.trim().strip_prefix('\'')?.strip_suffix('\'')?;
            (is_import || is_export).then(|| quoted.to_string())
        })
        .collect()
}

/// `./b.js` beside `js/run` is `js/run/b.js`.
fn joined(folder: &Path, specifier: &str) -> String {
    let mut path = PathBuf::new();
    for part in folder.join(specifier).components() {
        match part {
            Component::ParentDir => drop(path.pop()),
            Component::CurDir => {}
            other => path.push(other),
        }
    }
    path.display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn static_imports_are_found_and_dynamic_ones_are_not() {
        let code = "// import { no } from './comment.js';\n\
                    import './effects.js';\n\
                    import {\n  long,\n} from '../run/long.js';\n\
                    import * as all from './all.js';\n\
                    export { shown } from './shown.js';\n\
                    export const value = load('./no.js');\n\
                    const lab = import('./no.js');\n";
        assert_eq!(specifiers(code), ["./effects.js", "../run/long.js", "./all.js", "./shown.js"]);
    }

    #[test]
    fn paths_are_joined() {
        assert_eq!(joined(Path::new("js/views"), "../run/state.js"), "js/run/state.js");
        assert_eq!(joined(Path::new("js"), "./demo.js"), "js/demo.js");
    }
}
