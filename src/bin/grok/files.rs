//! Files that are read no further than makes sense, and written whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use crate::Failure;

/// Random letters in the name of a file that is being written.
const TAG: usize = 6;

/// A file that is written beside its name, which it gets when it is whole. Two that write to one name do
/// not meet: each has a file of its own until then. What is no regular file, such as a pipe or
/// `/dev/stdout`, is written to as it is and never replaced.
pub struct Whole {
    path: PathBuf,
    writer: BufWriter<Target>,
}

enum Target {
    Beside(NamedTempFile),
    Straight(File),
}

impl Whole {
    pub fn create(path: &Path) -> Result<Whole, Failure> {
        // A link is followed: it stays, and what it points to is replaced.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.into());
        let target = open(&path).map_err(Failure::file(&path))?;
        Ok(Whole { path, writer: BufWriter::new(target) })
    }

    /// Puts what was written on the disk and under its name.
    pub fn finish(self) -> Result<(), Failure> {
        self.end(true)
    }

    /// With `sync`, waits until it is on the disk, and looks for what others left.
    fn end(self, sync: bool) -> Result<(), Failure> {
        let Whole { path, writer } = self;
        let finish = || match writer.into_inner().map_err(io::IntoInnerError::into_error)? {
            Target::Beside(file) => {
                if sync {
                    file.as_file().sync_all()?;
                }
                match file.persist(&path) {
                    // Another writer of the same was done first, and took ours away.
                    Err(error)
                        if error.error.kind() == io::ErrorKind::NotFound && path.exists() => {}
                    persisted => drop(persisted?),
                }
                match sync {
                    true => remove_parts(&path),
                    false => Ok(()),
                }
            }
            Target::Straight(mut file) => file.flush(),
        };
        finish().map_err(Failure::file(&path))
    }

    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Removes what writers of the same name left that were killed.
fn remove_parts(path: &Path) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned() + ".";
    for entry in fs::read_dir(folder_of(path))? {
        let entry = entry?;
        let other = entry.file_name().to_string_lossy().into_owned();
        let tag = other.strip_prefix(&name).and_then(|rest| rest.strip_suffix(".part"));
        if tag.is_some_and(|tag| tag.len() == TAG && tag.chars().all(char::is_alphanumeric)) {
            match fs::remove_file(entry.path()) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
    }
    Ok(())
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

impl Write for Whole {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Target::Beside(file) => file.write(bytes),
            Target::Straight(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Target::Beside(file) => file.flush(),
            Target::Straight(file) => file.flush(),
        }
    }
}

/// Settings, tables and plans are shorter.
const TEXT_MAX: u64 = 64 << 20;
const MARK: char = '\u{feff}';
/// The end of a run is shorter.
const LINE: u64 = 16 << 10;
/// Weights are smaller: 4 bytes for each of the parameters of the largest network.
const BYTES_MAX: u64 = 1 << 30;

/// A text, without the byte-order mark that some editors begin it with.
pub fn read_text(path: &Path) -> Result<String, Failure> {
    let mut text = text(path, read_at_most(path, TEXT_MAX)?)?;
    if text.starts_with(MARK) {
        text.drain(..MARK.len_utf8());
    }
    Ok(text)
}

fn text(path: &Path, bytes: Vec<u8>) -> Result<String, Failure> {
    String::from_utf8(bytes).map_err(|error| {
        let problem = format!("it is not UTF-8 from byte {}", error.utf8_error().valid_up_to());
        Failure::content(path, problem)
    })
}

/// All of a file.
pub fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    read_at_most(path, BYTES_MAX)
}

fn read_at_most(path: &Path, max: u64) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(max + 1).read_to_end(&mut bytes));
    read.map_err(Failure::input(path))?;
    if bytes.len() as u64 > max {
        let problem = format!("it is longer than {max} bytes");
        return Err(Failure::content(path, problem));
    }
    Ok(bytes)
}

/// All of a file at once.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    write_and(path, bytes, true)
}

/// The same for what can be made again: a loss of power may lose it.
pub fn write_lightly(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    write_and(path, bytes, false)
}

fn write_and(path: &Path, bytes: &[u8], sync: bool) -> Result<(), Failure> {
    let mut file = Whole::create(path)?;
    file.write_all(bytes).map_err(Failure::file(path))?;
    file.end(sync)
}

/// The last line of a file that may be long.
pub fn last_line(path: &Path) -> Result<String, Failure> {
    let read = || -> io::Result<Vec<u8>> {
        let mut file = File::open(path)?;
        let mut from = file.metadata()?.len();
        let mut tail = Vec::new();
        loop {
            let more = from.min(LINE);
            from -= more;
            file.seek(SeekFrom::Start(from))?;
            let mut part = vec![0; more as usize];
            file.read_exact(&mut part)?;
            part.append(&mut tail);
            tail = part;
            let line = tail.strip_suffix(b"\n").unwrap_or(&tail);
            match line.iter().rposition(|&byte| byte == b'\n') {
                Some(at) => return Ok(line[at + 1..].to_vec()),
                None if from == 0 || tail.len() as u64 > TEXT_MAX => return Ok(line.to_vec()),
                None => {}
            }
        }
    };
    let bytes = read().map_err(Failure::input(path))?;
    text(path, bytes)
}

fn open(path: &Path) -> io::Result<Target> {
    if path.exists() && !path.is_file() {
        return Ok(Target::Straight(File::options().write(true).open(path)?));
    }
    let name = path.file_name().ok_or(io::ErrorKind::InvalidFilename)?;
    let mut prefix = name.to_owned();
    prefix.push(".");
    let folder = folder_of(path);
    let mut builder = Builder::new();
    builder.prefix(&prefix).suffix(".part").rand_bytes(TAG);
    // As other files have it: the umask decides.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    Ok(Target::Beside(builder.tempfile_in(folder)?))
}
