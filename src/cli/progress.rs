//! A progress line on stderr, where that is a terminal and the work takes long.

use std::io::{self, IsTerminal as _};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Whether nothing is to be shown. Stderr is the process's, and so is this.
static SILENT: AtomicBool = AtomicBool::new(false);

/// Shows nothing from now on that is no fault, such as progress.
pub(super) fn silence() {
    SILENT.store(true, Ordering::Relaxed);
}

/// Whether nothing is to be shown that is no fault.
pub(super) fn is_silent() -> bool {
    SILENT.load(Ordering::Relaxed)
}

/// Work that is over sooner shows nothing.
const PATIENCE: Duration = Duration::from_millis(700);

pub(super) struct Progress {
    bar: ProgressBar,
    begun: Instant,
    /// Whether anybody sees it, which asks the system.
    is_seen: bool,
    /// Bytes so far; counted even while nothing is shown.
    bytes: AtomicU64,
}

impl Progress {
    pub(super) fn start() -> Self {
        let bar = ProgressBar::no_length();
        bar.set_draw_target(ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {bytes} checked, {bytes_per_sec}, {elapsed}") {
            bar.set_style(style);
        }
        let is_seen = io::stderr().is_terminal();
        Self { bar, begun: Instant::now(), is_seen, bytes: AtomicU64::new(0) }
    }

    /// Counts services, of which there are so many.
    pub(super) fn of_services() -> Self {
        let progress = Self::start();
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos} of {len} services, {elapsed}") {
            progress.bar.set_style(style);
        }
        progress
    }

    pub(super) fn plan(&self, all: usize) {
        self.bar.set_length(all as u64);
    }

    pub(super) fn add(&self, bytes: u64) {
        let all = self.bytes.fetch_add(bytes, Ordering::Relaxed) + bytes;
        if !self.is_seen || is_silent() || self.begun.elapsed() < PATIENCE {
            return;
        }
        if self.bar.is_hidden() {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.set_position(all);
    }

    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }
}
