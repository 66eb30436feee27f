//! Signals: one that ends the process does so once nothing is half-written, with the exit status that it always has.

#[cfg(unix)]
pub(super) use self::unix::watch;

/// Elsewhere there are none of these.
#[cfg(not(unix))]
pub(super) fn watch() {}

#[cfg(unix)]
mod unix {
    use std::io::{self, Read as _};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
    use signal_hook::{flag, low_level};

    use crate::output;

    /// Waits for signals in a thread of its own. Without the thread they do what they do by default.
    pub(in crate::cli) fn watch() {
        // A file that may not grow further is an error of that file.
        let _ = flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)));
        let _ = end_on([SIGHUP, SIGINT, SIGTERM].into_iter().filter(|signal| !is_ignored(*signal)));
    }

    fn end_on(signals: impl Iterator<Item = i32>) -> io::Result<()> {
        // A pipe: what is made for this by default is a socket, and nothing here opens one.
        let (mut reader, writer) = io::pipe()?;
        let came = Arc::new(AtomicUsize::new(0));
        for signal in signals {
            flag::register_usize(signal, Arc::clone(&came), usize::try_from(signal).unwrap_or(0))?;
            low_level::pipe::register(signal, writer.try_clone()?)?;
        }
        let wait = move || {
            // It has no end, for the handlers keep the other end open.
            let _ = reader.read_exact(&mut [0]);
            output::abandon();
            let signal = i32::try_from(came.load(Ordering::SeqCst)).unwrap_or(SIGTERM);
            let _ = low_level::emulate_default_handler(signal);
        };
        std::thread::Builder::new().spawn(wait).map(drop)
    }

    /// Whether the process was started with a signal ignored, as by `nohup` and in the background of a script.
    fn is_ignored(signal: i32) -> bool {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
        mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
    }
}
