//! Sources as people name them: a path, a release of botocore, or the lock file that pins one.

use std::path::Path;

use super::Source;
use crate::error::Result;
use crate::ingest::errata::Errata;
use crate::ingest::pinned::{self, Pin, Wheels};

impl Source {
    /// Opens a path, `botocore==VERSION`, or a Python lock file: of these two the wheel of that release of botocore.
    ///
    /// # Errors
    /// As [`Source::open`]; or the lock file pins no release, or there is no such wheel.
    pub fn open_named(named: &Path, errata: &Errata, wheels: &Wheels) -> Result<Self> {
        if let Some(version) = named.to_str().and_then(pinned::named).filter(|_| !named.exists()) {
            return Self::open_corrected(&wheels.of(version)?, errata);
        }
        let pin = if named.is_file() { pinned::of_lock_file(named)? } else { None };
        let Some(pin) = pin else { return Self::open_corrected(named, errata) };
        let wheel = wheels.of(&pin.version).map_err(|error| error.at(&pin.file).position(pin.line, 1))?;
        Ok(Self { pin: Some(Box::new(pin)), ..Self::open_corrected(&wheel, errata)? })
    }

    /// What people call it: its path; of a lock file with the release that it pins.
    pub fn label(&self) -> String {
        match self.pin() {
            Some(Pin { version, file, .. }) => format!("{} (botocore {version})", file.display()),
            None => self.origin.display().to_string(),
        }
    }

    /// The pin that it was opened by.
    pub fn pin(&self) -> Option<&Pin> {
        self.pin.as_deref()
    }
}
