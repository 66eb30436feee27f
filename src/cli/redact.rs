//! `shapegate redact`

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, mem};

use clap::{Args, ValueEnum};

use super::chosen::Chosen;
use super::configuring::Configuring;
use super::contracts::Contracts;
use super::reading::Reading;
use super::{FAILED, FOUND, heard, print, print_text};
use crate::check::{Cleaned, Identities, Options, clean, clean_strictly};
use crate::config::{Config, Set};
use crate::error::{Error, ErrorKind, Result};
use crate::expectation::Expectations;
use crate::limits::Limit;
use crate::output;
use crate::recording::credential::MASK;
use crate::recording::packed::{self, Packing};
use crate::recording::{Filter, Found, credential, escapes, walk};
use crate::report::of_no_api;
use crate::text::{plural, visible};

#[derive(Args)]
/// Write a copy of recordings without secrets, which is judged as the recordings are
#[command(after_help = "\
Examples:
  shapegate redact traffic/ cleaned/
  shapegate redact --model botocore recording.har cleaned.har
  shapegate redact --check tests/cassettes     # in CI: exit code 1 where a secret came in

Masked are credentials, tokens, signatures and cookies, access keys anywhere, and values of members that the model \
marks sensitive; keys of maps stay. Traffic that calls no modelled AWS API is copied with what is a credential by \
its form, name or header masked, and counted. Files that are no recordings are not copied; a copy has the mode of its \
original. The exit code is 1 where something \
could not be cleaned, and there is no copy where that may be secret; and 2 where a copy could not be written. With \
`--check` it is 1 where a copy would differ from its recording.")]
pub(super) struct Redact {
    /// File or folder to read; `-` is standard input
    #[arg(value_name = "IN")]
    from: PathBuf,

    /// File or folder to write; `-` is standard output, for a file alone. A file is written into a folder that is there, or ends in `/`
    #[arg(value_name = "OUT", required_unless_present = "check")]
    to: Option<PathBuf>,

    /// Write nothing, and list the lines that are not masked; files that `.gitignore` names are not looked at
    #[arg(long, conflicts_with = "to")]
    check: bool,

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
    /// Recordings that were copied, or looked at.
    read: usize,
    /// Those of them in which something is open that a copy masks.
    open: usize,
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

    /// Cleans what was read, and tells what could not be.
    fn clean(&mut self, from: &Path, plain: &[u8], options: &Options<'_>) -> Result<Cleaned> {
        let cleaned = match &mut self.identities {
            Some(identities) => clean_strictly(from, plain, options, identities),
            None => clean(from, plain, options),
        }?;
        for told in &cleaned.left {
            super::tell(format_args!("{}: {told}", from.display()));
        }
        self.left += cleaned.left.len();
        Ok(cleaned)
    }

    /// Counts what was copied, or looked at.
    fn count(&mut self, cleaned: &Cleaned) {
        self.read += 1;
        self.masked += cleaned.masked;
        self.elsewhere += cleaned.elsewhere;
    }

    /// What became of all, in a line.
    fn told(&self, is_check: bool) -> String {
        let Self { read, open, masked, passed_over, elsewhere, .. } = *self;
        let (recordings, others) = (plural(read, "recording"), plural(passed_over, "other file"));
        let mut told = if is_check {
            format!("{recordings} looked at, {open} of them not masked, {others} passed over")
        } else {
            format!("{recordings} written, {} masked, {others} not copied", plural(masked, "place"))
        };
        if elsewhere > 0 {
            let _ = write!(told, "; {}, masked by the form of credentials alone", of_no_api(elsewhere));
        }
        told
    }

    /// The exit code.
    fn code(&self, is_check: bool) -> u8 {
        match self {
            Self { is_unwritten: true, .. } => FAILED,
            Self { left: 0, .. } if !(is_check && self.open > 0) => 0,
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
        self.reading.run(&config, (catalog, catalog), &expectations, 1, &Filter::NOTHING, |options| {
            match &self.to {
                // What nobody commits need not be masked.
                None if self.from.is_dir() => {
                    self.each(&Filter::USUAL, &mut done, |path, below, done| look(path, below, &options, done))
                }
                None => {
                    let name = self.from.file_name().map_or(Path::new(""), Path::new);
                    look(&self.from, name, &options, &mut done)
                }
                Some(to) if self.from.is_dir() => self.folder(to, &options, &mut done),
                Some(to) => {
                    let place = self.place(to);
                    let name = self.from.file_name().map(Path::new).filter(|_| place != *to);
                    one(&self.from, &place, name, &options, &mut done)
                }
            }
        })?;
        super::tell(format_args!("{}", done.told(self.check)));
        if self.check && done.open > 0 {
            super::tell(format_args!(
                "`shapegate redact RECORDING COPY` writes a copy in which what is named is masked."
            ));
        }
        Ok(done.code(self.check))
    }

    /// Where the copy of one file is written: in a folder under its own name.
    fn place(&self, to: &Path) -> PathBuf {
        let is_folder = to.is_dir() || to.as_os_str().to_string_lossy().ends_with(std::path::is_separator);
        match self.from.file_name().filter(|_| is_folder && self.from != Path::new("-")) {
            Some(name) => to.join(name),
            None => to.to_owned(),
        }
    }

    fn folder(&self, target: &Path, options: &Options<'_>, done: &mut Done) -> Result<()> {
        if target == Path::new("-") {
            return Err(Error::new("copies of a folder are several files, which standard output cannot hold")
                .at(target)
                .remedy("Name a folder; one that is called `-` is `./-`."));
        }
        let resolved = |path: &Path| output::resolved(path).map_err(|error| Error::io(path, error));
        let (from, to) = (resolved(&self.from)?, resolved(target)?);
        let refused = |reason: &str| Err(Error::new(reason).at(target).remedy("Name another folder."));
        if to.starts_with(&from) {
            return refused("the copy would lie within what is copied");
        }
        // A copy could take the place of what is still to be copied.
        if from.starts_with(&to) {
            return refused("what is copied lies within the folder of the copies");
        }
        self.each(&Filter::NOTHING.apart_from(to), done, |path, below, done| {
            one(path, &target.join(below), Some(below), options, done)
        })
    }

    /// Does something with each file of the folder, with its path and that below the folder.
    fn each(
        &self,
        filter: &Filter,
        done: &mut Done,
        act: impl Fn(&Path, &Path, &mut Done) -> Result<()>,
    ) -> Result<()> {
        for found in walk(&self.from, filter) {
            match found {
                Found::File { path, .. } => match act(&path, path.strip_prefix(&self.from).unwrap_or(&path), done) {
                    Err(error) if error.kind() == ErrorKind::NothingToJudge => done.passed_over += 1,
                    // One broken file does not keep the others from being cleaned.
                    Err(error) => done.fail(&error),
                    Ok(()) => {}
                },
                Found::Unreadable { path, reason } => done.fail(&Error::new(reason).at(path)),
                Found::Special { .. } | Found::Loop { .. } | Found::Omitted { .. } => done.passed_over += 1,
            }
        }
        if done.read == 0 && done.left == 0 {
            return Err(Error::new("there are no recordings").at(&self.from));
        }
        Ok(())
    }
}

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
    let (plain, packing) = read(from, options)?;
    let mut cleaned = done.clean(from, &plain, options)?;
    name.map_or(Ok(()), named_openly)?;
    if cleaned.suspect {
        super::tell(format_args!(
            "{}: no copy is written, for secrets may be left in it. Take out what is named above, and copy it again.",
            from.display()
        ));
        return Ok(());
    }
    if !cleaned.left.is_empty() {
        super::tell(format_args!("{}: look at what is named above in the copy before you pass it on.", from.display()));
    }
    let bytes = packing.pack(mem::take(&mut cleaned.bytes)).map_err(|error| Error::io(to, error))?;
    if to == Path::new("-") {
        heard(print(|out| out.write_all(&bytes)))?;
    } else {
        let folder = to.parent().map_or(Ok(()), output::make_folder);
        let copied = folder.and_then(|()| output::write_copy(from, to, bytes));
        copied.inspect_err(|_| done.is_unwritten = true)?;
    }
    done.count(&cleaned);
    Ok(())
}

/// Places of a file that are listed where something in them is open.
const LISTED: usize = 10;

/// Says of a file on which lines something is open that a copy masks. `name` is what of its own name the copy's would have.
fn look(from: &Path, name: &Path, options: &Options<'_>, done: &mut Done) -> Result<()> {
    let (plain, _) = read(from, options)?;
    let cleaned = done.clean(from, &plain, options)?;
    named_openly(name)?;
    done.count(&cleaned);
    let lines = cleaned.open_lines(&plain);
    if lines.is_empty() {
        return Ok(());
    }
    done.open += 1;
    // A folded value is on several lines.
    let runs: Vec<&[usize]> = lines.chunk_by(|line, next| line + 1 == *next).collect();
    let run = |run: &&[usize]| match run {
        [first, .., last] => format!("{}:{first}: not masked, to line {last}", from.display()),
        _ => format!("{}:{}: not masked", from.display(), run.first().copied().unwrap_or_default()),
    };
    let mut told: Vec<String> = runs.iter().take(LISTED).map(run).collect();
    let rest: usize = runs.iter().skip(LISTED).map(|run| run.len()).sum();
    if rest > 0 {
        told.push(format!("{}: and {}", from.display(), plural(rest, "more line")));
    }
    let shown = |line: &String| visible(&credential::replaced(line, MASK));
    heard(print_text(|out| told.iter().try_for_each(|line| writeln!(out, "{}", shown(line)))))
}

/// The content of a file, unpacked, and how it was packed.
fn read(from: &Path, options: &Options<'_>) -> Result<(Vec<u8>, Packing)> {
    let most = options.limits.document_bytes;
    let bytes = if from == Path::new("-") {
        packed::read_within(std::io::stdin(), most, Limit::DocumentBytes)
    } else {
        fs::File::open(from).and_then(|file| packed::read_within(file, most, Limit::DocumentBytes))
    };
    let bytes = bytes.map_err(|error| Error::io(from, error))?;
    let packing = Packing::of(&bytes);
    let plain = packed::content(bytes, &options.limits).map_err(|error| Error::io(from, error))?;
    Ok((plain, packing))
}
