//! A wasm program without the names of its functions, which nobody who loads it reads: wasm-bindgen keeps
//! them, and they are a fifth of what is downloaded.

/// Bytes before the first section: a magic number and a version.
const HEAD: usize = 8;
/// The kind of section that an engine passes over.
const CUSTOM: u8 = 0;

/// The same program without its custom section `name`; none if it is no whole program.
pub fn without_names(program: &[u8]) -> Option<Vec<u8>> {
    let mut kept = program.get(..HEAD)?.to_vec();
    let mut at = HEAD;
    while at < program.len() {
        let from = at;
        let kind = program[at];
        at += 1;
        let length = number(program, &mut at)?;
        let section = program.get(at..at.checked_add(length)?)?;
        at += length;
        let mut start = 0;
        let is_names = kind == CUSTOM && {
            let length = number(section, &mut start)?;
            section.get(start..start.checked_add(length)?)? == b"name"
        };
        if !is_names {
            kept.extend_from_slice(&program[from..at]);
        }
    }
    Some(kept)
}

/// An unsigned number of up to 32 bits in LEB128.
fn number(bytes: &[u8], at: &mut usize) -> Option<usize> {
    let mut value = 0usize;
    for shift in (0..35).step_by(7) {
        let byte = *bytes.get(*at)?;
        *at += 1;
        value |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_and_all_else_stays() {
        let head = *b"\0asm\x01\0\0\0";
        let section = |kind: u8, content: &[u8]| [&[kind, content.len() as u8], content].concat();
        let types = section(1, b"types");
        let names = section(0, b"\x04namefunctions");
        let other = section(0, b"\x05othername");
        // A length in more bytes than it needs, as linkers write it.
        let long = [&[10, 0x83, 0x80, 0x00][..], b"abc"].concat();
        let program = [&head[..], &types, &names, &other, &long].concat();
        let kept = [&head[..], &types, &other, &long].concat();
        assert_eq!(without_names(&program), Some(kept));
        for length in 1..program.len() {
            // A cut at the end of a section is a program, too.
            let _ = without_names(&program[..length]);
        }
        assert_eq!(without_names(&program[..program.len() - 1]), None);
        assert_eq!(without_names(b"\0asm"), None);
    }
}
