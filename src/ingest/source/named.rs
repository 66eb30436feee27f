//! Sources as people name them: a path, a release of botocore, or the lock file that pins one.

use std::path::Path;

use super::Source;
use crate::error::Result;
use crate::ingest::errata::Errata;
use crate::ingest::pinned::{self, Pin, Wheels};

impl Source {
    /// Opens a path, `botocore==VERSION`, or a Python lock file or the folder of one: of these the wheel of that release of
    /// botocore.
    ///
    /// # Errors
    /// As [`Source::open`]; or the lock file pins no release, or there is no such wheel.
    pub fn open_named(named: &Path, errata: &Errata, wheels: &Wheels) -> Result<Self> {
        let asked = named.to_str().filter(|_| !named.exists()).map(pinned::named).transpose()?;
        if let Some(version) = asked.flatten() {
            return Self::open_corrected(&wheels.of(version)?, errata);
        }
        if named.is_file()
            && let Some(pin) = pinned::of_lock_file(named)?
        {
            return Self::open_pinned(pin, errata, wheels);
        }
        let error = match Self::open_corrected(named, errata) {
            Ok(opened) => return Ok(opened),
            Err(error) => error,
        };
        // A folder without models may be that of a project, and a file that is none a lock file by another name.
        let pin = if named.is_dir() { pinned::in_folder(named)? } else { pinned::of_other_file(named)? };
        pin.map_or(Err(error), |pin| Self::open_pinned(pin, errata, wheels))
    }

    fn open_pinned(pin: Pin, errata: &Errata, wheels: &Wheels) -> Result<Self> {
        let wheel = wheels.of(&pin.version).map_err(|error| match error.path() {
            // It is about a folder of wheels.
            Some(_) => error,
            None => error.at(&pin.file).position(pin.line, 1),
        });
        Ok(Self { pin: Some(Box::new(pin)), ..Self::open_corrected(&wheel?, errata)? })
    }

    /// What people call it: its path, with the release that it holds where the path does not name it.
    pub fn label(&self) -> String {
        if let Some(Pin { version, file, .. }) = self.pin() {
            return format!("{} (botocore {version})", file.display());
        }
        let path = self.origin.display().to_string();
        match self.release() {
            Some((product, version)) if !path.contains(version) => format!("{path} ({product} {version})"),
            _ => path,
        }
    }

    /// The pin that it was opened by.
    pub fn pin(&self) -> Option<&Pin> {
        self.pin.as_deref()
    }
}
