//! `shapegate redact`

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::chosen::Chosen;
use super::configuring::Configuring;
use super::contracts::Contracts;
use super::reading::Reading;
use super::{FAILED, FOUND, heard, print};
use crate::check::{Cleaned, Identities, Options, clean, clean_strictly};
use crate::config::{Config, Set};
use crate::error::{Error, Result};
use crate::expectation::Expectations;
use crate::limits::Limit;
use crate::output;
use crate::recording::packed::{self, Packing};
use crate::recording::{Filter, Found, credential, escapes, walk};
use crate::report::of_no_api;
use crate::text::plural;

#[derive(Args)]
/// Write a copy of recordings without secrets, which is judged as the recordings are
#[command(after_help = "\
Examples:
  shapegate redact traffic/ cleaned/
  shapegate redact --model botocore recording.har cleaned.har

Masked are credentials, tokens, signatures and cookies, access keys anywhere, and values of members that the model \
marks sensitive; keys of maps stay. Traffic that calls no modelled AWS API is copied with what is a credential by \
its form, name or header masked, and counted. Files that are no recordings are not copied; a copy has the mode of its \
original. The exit code is 1 where something \
could not be cleaned, and there is no copy where that may be secret; and 2 where a copy could not be written.")]
pub(super) struct Redact {
    /// File or folder to read; `-` is standard input
    #[arg(value_name = "IN")]
    from: PathBuf,

    /// File or folder to write; `-` is standard output, for a file alone. A file is written into a folder that is there, or ends in `/`
    #[arg(value_name = "OUT")]
    to: PathBuf,

    /// What is masked: credentials and sensitive members, or (`strict`) account ids, e-mail and IP addresses and long keys
    /// of sensitive maps as well, each replaced by the same wherever it stands [default: usual]
    #[arg(long = "redact", value_name = "HOW", value_enum)]
    how: Option<How>,

    #[command(flatten)]
    contracts: Contracts,

    #[command(flatten)]
    reading: Reading,
}

/// How much is masked.
#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum How {
    #[default]
    Usual,
    Strict,
}

impl How {
    /// The word for it, on the command line and in the configuration.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Usual => "usual",
            Self::Strict => "strict",
        }
    }
}

/// How much is masked, by the option or the configuration.
pub(super) fn how(option: Option<How>, config: &Config) -> Chosen<How> {
    let set = config.redacts_strictly.as_ref();
    let set = set.map(|own| Set { value: if own.value { How::Strict } else { How::Usual }, line: own.line });
    Chosen::of(option, "--redact", set.as_ref(), How::default())
}

/// What became of the files.
#[derive(Default)]
struct Done {
    /// What stands for names in all of them, where these are replaced.
    identities: Option<Identities>,
    written: usize,
    masked: usize,
    passed_over: usize,
    /// Exchanges that call no modelled AWS API.
    elsewhere: usize,
    left: usize,
    /// A copy could not be written.
    is_unwritten: bool,
}

impl Done {
    /// Notes a file of which there is no copy.
    fn fail(&mut self, error: &Error) {
        super::tell(format_args!("{error}"));
        self.left += 1;
    }

    /// The exit code.
    fn code(&self) -> u8 {
        match self {
            Self { is_unwritten: true, .. } => FAILED,
            Self { left: 0, .. } => 0,
            _ => FOUND,
        }
    }
}

impl Redact {
    pub(super) fn run(self, configuring: &Configuring) -> Result<u8> {
        let config = configuring.read()?;
        let catalog = self.contracts.catalog(&config, false)?;
        let expectations = Expectations::shipped()?;
        let identities = (how(self.how, &config).value == How::Strict).then(Identities::default);
        let mut done = Done { identities, ..Done::default() };
        self.reading.run(&config, catalog, &expectations, 1, &Filter::NOTHING, |options| {
            if self.from.is_dir() {
                self.folder(&options, &mut done)
            } else {
                let place = self.place();
                let name = self.from.file_name().map(Path::new).filter(|_| place != self.to);
                one(&self.from, &place, name, &options, &mut done)
            }
        })?;
        let Done { written, masked, passed_over, elsewhere, .. } = done;
        let mut told = format!(
            "{} written, {} masked, {} not copied",
            plural(written, "recording"),
            plural(masked, "place"),
            plural(passed_over, "other file")
        );
        if elsewhere > 0 {
            let _ = write!(told, "; {}, masked by the form of credentials alone", of_no_api(elsewhere));
        }
        super::tell(format_args!("{told}"));
        Ok(done.code())
    }

    /// Where the copy of one file is written: in a folder under its own name.
    fn place(&self) -> PathBuf {
        let is_folder = self.to.is_dir() || self.to.as_os_str().to_string_lossy().ends_with(std::path::is_separator);
        match self.from.file_name().filter(|_| is_folder && self.from != Path::new("-")) {
            Some(name) => self.to.join(name),
            None => self.to.clone(),
        }
    }

    fn folder(&self, options: &Options<'_>, done: &mut Done) -> Result<()> {
        if self.to == Path::new("-") {
            return Err(Error::new("copies of a folder are several files, which standard output cannot hold")
                .at(&self.to)
                .remedy("Name a folder; one that is called `-` is `./-`."));
        }
        let resolved = |path: &Path| output::resolved(path).map_err(|error| Error::io(path, error));
        let (from, to) = (resolved(&self.from)?, resolved(&self.to)?);
        let refused = |reason: &str| Err(Error::new(reason).at(&self.to).remedy("Name another folder."));
        if to.starts_with(&from) {
            return refused("the copy would lie within what is copied");
        }
        // A copy could take the place of what is still to be copied.
        if from.starts_with(&to) {
            return refused("what is copied lies within the folder of the copies");
        }
        for found in walk(&self.from, &Filter::NOTHING.apart_from(to)) {
            match found {
                Found::File { path, .. } => {
                    let below = path.strip_prefix(&self.from).unwrap_or(&path);
                    match one(&path, &self.to.join(below), Some(below), options, done) {
                        Err(error) if error.cause() == NO_RECORDING => done.passed_over += 1,
                        // One broken file does not keep the others from being cleaned.
                        Err(error) => done.fail(&error),
                        Ok(()) => {}
                    }
                }
                Found::Unreadable { path, reason } => done.fail(&Error::new(reason).at(path)),
                Found::Special { .. } | Found::Loop { .. } | Found::Omitted { .. } => done.passed_over += 1,
            }
        }
        if done.written == 0 && done.left == 0 {
            return Err(Error::new("there are no recordings").at(&self.from));
        }
        Ok(())
    }
}

const NO_RECORDING: &str = "it is no recording";

/// Refuses a name that holds a credential: a copy would carry it. Masked, two names may be one, and say no operation any more.
fn named_openly(below: &Path) -> Result<()> {
    let mut names = below.iter().map(|name| name.to_string_lossy());
    let is_secret = |name: &str| !credential::found_in(name).is_empty();
    if names.any(|name| is_secret(&name) || escapes::unescaped(&name).is_some_and(|name| is_secret(&name))) {
        return Err(Error::new("its name holds a credential, which the name of the copy would carry")
            .at(below)
            .remedy("Rename it, and copy it again."));
    }
    Ok(())
}

/// Copies a file. `name` is what of its own name the copy's has.
fn one(from: &Path, to: &Path, name: Option<&Path>, options: &Options<'_>, done: &mut Done) -> Result<()> {
    if from != Path::new("-") && to != Path::new("-") && output::is_same(from, to) {
        return Err(Error::new("the copy would replace the recording").at(to).remedy("Name another file."));
    }
    let most = options.limits.document_bytes;
    let bytes = if from == Path::new("-") {
        packed::read_within(std::io::stdin(), most, Limit::DocumentBytes)
    } else {
        fs::File::open(from).and_then(|file| packed::read_within(file, most, Limit::DocumentBytes))
    };
    let bytes = bytes.map_err(|error| Error::io(from, error))?;
    let packing = Packing::of(&bytes);
    let plain = packed::content(bytes, &options.limits).map_err(|error| Error::io(from, error))?;
    let Cleaned { bytes, masked, left, elsewhere, suspect } = match &mut done.identities {
        Some(identities) => clean_strictly(from, &plain, options, identities),
        None => clean(from, &plain, options),
    }?;
    name.map_or(Ok(()), named_openly)?;
    for told in &left {
        super::tell(format_args!("{}: {told}", from.display()));
    }
    done.left += left.len();
    if suspect {
        super::tell(format_args!(
            "{}: no copy is written, for secrets may be left in it. Take out what is named above, and copy it again.",
            from.display()
        ));
        return Ok(());
    }
    if !left.is_empty() {
        super::tell(format_args!("{}: look at what is named above in the copy before you pass it on.", from.display()));
    }
    let bytes = packing.pack(bytes).map_err(|error| Error::io(to, error))?;
    if to == Path::new("-") {
        heard(print(|out| out.write_all(&bytes)))?;
    } else {
        let folder = to.parent().map_or(Ok(()), output::make_folder);
        let copied = folder.and_then(|()| output::write_copy(from, to, bytes));
        copied.inspect_err(|_| done.is_unwritten = true)?;
    }
    done.written += 1;
    done.masked += masked;
    done.elsewhere += elsewhere;
    Ok(())
}
