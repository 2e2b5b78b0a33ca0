//! Files that are read no further than makes sense, and written whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use crate::Failure;

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
        let Whole { path, writer } = self;
        let finish = || match writer.into_inner().map_err(io::IntoInnerError::into_error)? {
            Target::Beside(file) => {
                file.as_file().sync_all()?;
                file.persist(&path)?;
                Ok(())
            }
            Target::Straight(mut file) => file.flush(),
        };
        finish().map_err(Failure::file(&path))
    }

    pub fn path(&self) -> &Path {
        &self.path
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
/// Weights are smaller: 4 bytes for each of the parameters of the largest network.
const BYTES_MAX: u64 = 1 << 30;

/// A text, without the byte-order mark that some editors begin it with.
pub fn read_text(path: &Path) -> Result<String, Failure> {
    let text = String::from_utf8(read_at_most(path, TEXT_MAX)?).map_err(|error| {
        let problem = format!("it is not UTF-8 from byte {}", error.utf8_error().valid_up_to());
        Failure::Content { path: path.display().to_string(), problem }
    })?;
    Ok(text.strip_prefix('\u{feff}').map_or(text.clone(), String::from))
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
        return Err(Failure::Content { path: path.display().to_string(), problem });
    }
    Ok(bytes)
}

/// All of a file at once.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut file = Whole::create(path)?;
    file.write_all(bytes).map_err(Failure::file(path))?;
    file.finish()
}

fn open(path: &Path) -> io::Result<Target> {
    if path.exists() && !path.is_file() {
        return Ok(Target::Straight(File::options().write(true).open(path)?));
    }
    let name = path.file_name().ok_or(io::ErrorKind::InvalidFilename)?;
    let mut prefix = name.to_owned();
    prefix.push(".");
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let mut builder = Builder::new();
    builder.prefix(&prefix).suffix(".part");
    // As other files have it: the umask decides.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    Ok(Target::Beside(builder.tempfile_in(folder)?))
}
