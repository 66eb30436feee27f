//! What a file is: a recording of some format, a broken one, or something else. Every job decides it here.

use std::cell::LazyCell;
use std::path::Path;

use memchr::memmem;
use serde::de::IgnoredAny;
use serde_json::error::Category;

use super::unnamed::Likeness;
use super::{Naming, Options};
use crate::recording::json_comments::{COMMENTED, without_comments};
use crate::recording::{self, Format, Layout, Probe, json, packed};

/// What a file is.
pub(super) enum Content {
    /// A recording of that format.
    Recording(&'static dyn Format),
    /// A file that cannot be read and may have been a recording: what is wrong, the byte it is about, and whether anything
    /// but its ending says that it was one.
    Broken { reason: String, offset: usize, is_marked: bool },
    /// Something else.
    Other,
}

/// What a file begins with for which Git LFS keeps another one.
const POINTER: &[u8] = b"version https://git-lfs.github.com/spec/";
/// Keys of a service's model in botocore's form.
const MODEL: [&str; 3] = ["metadata", "operations", "shapes"];
/// What a zip archive begins with.
const ZIP: &[u8] = b"PK\x03\x04";

/// What stands in the header of a tar archive's first file, and where.
const TAR: (usize, &[u8]) = (257, b"ustar");

/// The reason why something else is not read.
pub(super) const OTHER: &str = "no recording of a known format";

/// Why something else is not read, with what it lacks to be of a format that it is nearly of.
pub(super) fn other(path: &Path, bytes: &[u8]) -> String {
    // Playwright writes such.
    let is_tar = bytes.get(TAR.0..).is_some_and(|header| header.starts_with(TAR.1));
    if let Some(archive) = bytes.starts_with(ZIP).then_some("zip").or(is_tar.then_some("tar")) {
        return format!("{OTHER}: a {archive} archive, whose files are read once it is unpacked");
    }
    let start = look(bytes);
    let is_model = |probe: &Probe<'_>| MODEL.iter().all(|key| probe.keys.iter().any(|own| own == key));
    if probe(path, start, |probe| is_model(probe).then_some(())).is_some() {
        return format!("{OTHER}: a model of a service, for --model");
    }
    if let Some(packed) = probe(path, start, packed_events) {
        return format!("{OTHER}: {packed}");
    }
    let nearly = probe(path, start, |probe| if probe.keys.is_empty() { None } else { recording::nearly(probe) });
    let nearly = nearly.or_else(|| recording::nearly(&Probe { path, start, keys: &[], first_line_is_object: false }));
    nearly.map_or_else(|| OTHER.to_owned(), |nearly| format!("{OTHER}: {nearly}"))
}

/// What may hold events of `CloudTrail` in a form that is not read, and the command that takes them out: the keys of the file,
/// those of which one is further within, and both.
const PACKED: &[(&str, &[&str], &str)] = &[
    (
        "awslogs",
        &["\"data\""],
        "lines of CloudWatch Logs, packed; `jq -r .awslogs.data FILE | base64 -d | gunzip` writes what is read",
    ),
    (
        "Records",
        &["\"kinesis\""],
        "records of a stream; `jq -r '.Records[].kinesis.data' FILE | while read d; do echo $d | base64 -d | gunzip; done` \
         writes what is read where they are lines of CloudWatch Logs",
    ),
    (
        "records",
        &["\"data\"", "\"recordId\""],
        "records of Firehose; `jq -r '.records[].data' FILE | while read d; do echo $d | base64 -d | gunzip; done` \
         writes what is read where they are lines of CloudWatch Logs",
    ),
    (
        "events",
        &["logStreamName", "eventSource", "eventName", "requestParameters"],
        "lines of CloudWatch Logs; `jq -r '.events[].message' FILE` writes the events of CloudTrail, which are read",
    ),
    (
        "Messages",
        &["\"ReceiptHandle\"", "\"Body\""],
        "messages of SQS; `jq -r '.Messages[].Body' FILE` writes what they hold, which is read where it is events of CloudTrail",
    ),
];

fn packed_events(probe: &Probe<'_>) -> Option<&'static str> {
    let has = |key: &str| probe.keys.iter().any(|own| own == key);
    let mentions = |text: &&str| memmem::find(probe.start, text.as_bytes()).is_some();
    PACKED.iter().find(|(key, within, _)| has(key) && within.iter().all(&mentions)).map(|(_, _, told)| *told)
}

impl Content {
    /// Recognises a whole file, unpacked.
    pub(super) fn of(path: &Path, bytes: &[u8], options: &Options<'_>) -> Self {
        // The whole file is read for it, so once, and where it is asked for.
        let likeness = LazyCell::new(|| likeness(path, bytes, options));
        let known = options.format.or_else(|| list(path, bytes, None).map(|(format, _)| format)).or_else(|| {
            let known = probe(path, bytes, recording::recognise)?;
            // By its name alone such a file is recognised, and many are named so.
            let is_other = known.id() == recording::BARE && *likeness == Likeness::Other;
            (!is_other).then_some(known)
        });
        if let Some(format) = known.or_else(|| bare(path, bytes, || *likeness == Likeness::Output)) {
            return Self::Recording(format);
        }
        broken(path, bytes, options).map_or(Self::Other, |(reason, offset)| {
            let is_marked = is_marked(path, bytes, options) || is_open(bytes);
            Self::Broken { reason, offset, is_marked }
        })
    }
}

/// The format of a file that is read by lines, recognised by its beginning; `forced` is the one that the user names.
pub(super) fn by_line(path: &Path, start: &[u8], forced: Option<&'static dyn Format>) -> Option<&'static dyn Format> {
    if list(path, start, forced).is_some() {
        return None;
    }
    let by_line = |probe: &Probe<'_>| {
        let format = forced.or_else(|| recording::recognise(probe))?;
        format.is_by_line(probe).then_some(format)
    };
    probe(path, start, by_line).or_else(|| {
        // A first line beyond all bounds is one line all the same.
        let (keys, _) = json::peek_keys(start);
        let is_cut = !start.contains(&b'\n') && !keys.is_empty();
        is_cut.then(|| by_line(&Probe { path, start, keys: &keys, first_line_is_object: true })).flatten()
    })
}

/// The format of a long file whose first bytes tell that it is one document with a list of exchanges, and how that is laid out.
/// It is not read through to learn that.
pub(super) fn list(path: &Path, start: &[u8], forced: Option<&'static dyn Format>) -> Option<List> {
    start.get(..LOOK).and_then(|first| listed(path, first, forced))
}

/// The same of a file of any length.
pub(super) fn listed(path: &Path, start: &[u8], forced: Option<&'static dyn Format>) -> Option<List> {
    let first = start.strip_prefix(MARK).unwrap_or(start);
    let is_json = recording::is_json(first);
    // Most that is neither is no recording.
    if !is_json && memmem::find(first, b"interactions:").is_none() {
        return None;
    }
    let known = forced.or_else(|| {
        let trimmed = first.trim_ascii_start();
        let (keys, _) =
            if is_json { json::peek_keys(trimmed.strip_prefix(b"[").unwrap_or(trimmed)) } else { (Vec::new(), false) };
        let probe = Probe { path, start: first, keys: &keys, first_line_is_object: false };
        recording::recognise(&probe).filter(|_| !keys.is_empty() || !is_json)
    });
    known.and_then(|format| Some((format, Layout::of(format, first)?)))
}

/// A format, and how its documents are laid out.
pub(super) type List = (&'static dyn Format, Layout);

/// The format of single responses, where the user or the file's name says an operation and the file may be one.
fn bare(path: &Path, bytes: &[u8], is_named: impl Fn() -> bool) -> Option<&'static dyn Format> {
    let start = bytes.strip_prefix(MARK).unwrap_or(bytes).trim_ascii_start();
    let may_be = match extension(path) {
        Some("json") => start.starts_with(b"{"),
        Some("yaml" | "yml") => true,
        // The name of the whole file says it.
        None if recording::named_by_file(path).is_some() => {
            start.starts_with(b"{") && serde_json::from_slice::<IgnoredAny>(start).is_ok()
        }
        _ => path == Path::new("-") && start.starts_with(b"{"),
    };
    (may_be && is_named()).then(|| recording::format(recording::BARE)).flatten()
}

/// Whether a file holds what the operation answers that its name, or the user, says.
fn likeness(path: &Path, bytes: &[u8], options: &Options<'_>) -> Likeness {
    if Naming::of(options.operations, path).is_some() {
        return Likeness::Output;
    }
    let is_yaml = is_yaml_by_name(path);
    if recording::named_by_file(path).is_none() {
        return Likeness::Open;
    }
    match recording::printed_keys(path, bytes.strip_prefix(MARK).unwrap_or(bytes)) {
        Some(keys) if !(is_yaml && keys.is_empty()) => options.catalog.likeness(path, &keys, options.service_of(path)),
        _ => Likeness::Open,
    }
}

/// Whether a file that is not read whole may be a recording, by its name and beginning.
pub(super) fn may_be_recording(path: &Path, start: &[u8]) -> bool {
    path == Path::new("-") || is_yaml_by_name(path) || is_json_by_name(path, start) || is_recognised(path, start)
}

/// Whether the beginning of a file tells a format.
pub(super) fn is_recognised(path: &Path, start: &[u8]) -> bool {
    probe(path, look(start), recording::recognise).is_some()
}

/// As much of a file as is looked at to recognise it.
pub(super) fn look(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.len().min(LOOK)]
}

/// Bytes by which a file is recognised that is not read whole.
pub(super) const LOOK: usize = 1 << 20;

/// The ending of a file's name, but for the one that says how it is packed.
fn extension(path: &Path) -> Option<&str> {
    packed::plain_name(path).extension().and_then(|extension| extension.to_str())
}

fn is_yaml_by_name(path: &Path) -> bool {
    matches!(extension(path), Some("yaml" | "yml"))
}

/// Whether a file is JSON by its name. Logs of httpreplay have an ending that games have as well, whose files are no text.
fn is_json_by_name(path: &Path, start: &[u8]) -> bool {
    match extension(path) {
        Some("json" | "ndjson" | "jsonl" | "har") => true,
        Some("replay") => start.trim_ascii_start().starts_with(b"{"),
        _ => false,
    }
}

/// What is wrong with a file that by its name should be a recording and is none: it may have been one.
fn broken(path: &Path, bytes: &[u8], options: &Options<'_>) -> Option<(String, usize)> {
    let is_yaml = is_yaml_by_name(path);
    if !is_yaml && !is_json_by_name(path, bytes) && path != Path::new("-") {
        return None;
    }
    if !is_yaml && starts_wide(bytes) {
        return Some(("it is UTF-16 text; JSON is UTF-8".into(), 0));
    }
    let bytes = bytes.strip_prefix(MARK).unwrap_or(bytes);
    if is_yaml {
        // Most YAML is none of ours.
        return recording::broken_yaml(std::str::from_utf8(bytes).ok()?);
    }
    if bytes.trim_ascii().is_empty() {
        return Some(("the file is empty".into(), 0));
    }
    if bytes.starts_with(POINTER) {
        return Some(("it is a pointer of Git LFS; `git lfs pull` brings the file".into(), 0));
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => return Some(("it is not UTF-8 text".into(), error.valid_up_to())),
    };
    // Several JSON values one after the other are sound JSON of some other kind. A value that is nested too deep for
    // any reader is sound as well, but nothing that could be judged.
    match serde_json::Deserializer::from_str(text).into_iter::<serde_json::Value>().next()? {
        Ok(_) => None,
        Err(error) => match without_comments(text) {
            Some((plain, at)) if serde_json::from_str::<IgnoredAny>(&plain).is_ok() => {
                // Editors and compilers have files of their own in JSON with comments.
                let known = || probe(path, plain.as_bytes(), recording::recognise).is_some();
                let is_meant = known() || likeness(path, plain.as_bytes(), options) == Likeness::Output;
                is_meant.then(|| (COMMENTED.to_owned(), at))
            }
            _ => Some(json::complaint(text, &error)),
        },
    }
}

/// Whether a text may be anything: it is sound JSON of which some value cannot be held, for it is too deep or a number beyond
/// every type, or it ends before any key that no format has. Of an empty one nothing is open: repositories are full of them.
fn is_open(bytes: &[u8]) -> bool {
    if bytes.trim_ascii().is_empty() {
        return false;
    }
    let Err(error) = serde_json::from_slice::<IgnoredAny>(bytes) else { return true };
    match error.classify() {
        Category::Eof => recording::may_begin(&json::peek_keys(bytes.strip_prefix(b"[").unwrap_or(bytes)).0),
        Category::Syntax => json::is_deep(&error),
        Category::Data | Category::Io => true,
    }
}

/// Whether anything but its ending says that a broken file was a recording: the user, its name, or a key of a format. So many
/// files of editors and compilers are JSON of a kind of their own.
fn is_marked(path: &Path, bytes: &[u8], options: &Options<'_>) -> bool {
    let by_ending = !matches!(extension(path), Some("json" | "replay"));
    let is_asked = options.format.is_some() || Naming::of(options.operations, path).is_some();
    let is_output = || options.catalog.likeness(path, &[], options.service_of(path)) == Likeness::Output;
    by_ending
        || is_asked
        || starts_wide(bytes)
        || recording::has_marks(bytes)
        || recording::is_named(path)
        || is_output()
}

/// Whether a text begins with a mark of UTF-16, which has zero bytes.
pub(super) fn starts_wide(start: &[u8]) -> bool {
    start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff")
}

/// The byte order mark of UTF-8.
pub(super) const MARK: &[u8] = b"\xef\xbb\xbf";

/// Lines that are looked at for a record, so that a broken first one does not hide what the others are.
const LINES: usize = 16;

/// Looks at the beginning of a file with what formats are recognised by: each of its first lines alone, then all of it.
fn probe<T>(path: &Path, start: &[u8], look: impl Fn(&Probe<'_>) -> Option<T>) -> Option<T> {
    let start = start.strip_prefix(MARK).unwrap_or(start);
    let trimmed = start.trim_ascii_start();
    let mut begin = 0;
    for end in memchr::memchr_iter(b'\n', trimmed).chain([trimmed.len()]).take(LINES) {
        let line = &trimmed[begin..end];
        begin = end + 1;
        // What is no object from end to end need not be read to find that out.
        if !line.trim_ascii_start().starts_with(b"{") || memchr::memchr(b'}', line).is_none() {
            continue;
        }
        let (keys, whole) = json::peek_keys(line);
        if whole && let Some(seen) = look(&Probe { path, start, keys: &keys, first_line_is_object: true }) {
            return Some(seen);
        }
    }
    let (keys, _) = json::peek_keys(trimmed.strip_prefix(b"[").unwrap_or(trimmed));
    look(&Probe { path, start, keys: &keys, first_line_is_object: false })
}
