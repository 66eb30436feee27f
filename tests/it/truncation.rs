//! Recordings that end too early: what was lost is told, in every format, wherever the file is cut.
//!
//! A prefix passes in silence only where it is whole by the rules of its format: lines of records that are complete, a YAML
//! document whose exchanges are complete, a trace or file of flows that ends behind one, and what loses white space alone.

use std::fs;
use std::path::Path;
use std::thread;

use serde_json::Value;
use shapegate::Session;
use shapegate::limits::Limits;
use shapegate::recording::packed;

use crate::support::root;

/// A recording of each format, below `fixtures/recordings`.
const SEEDS: [&str; 23] = [
    "cleanrooms/payloads.ndjson",
    "cleanrooms/exchanges.ndjson",
    "cleanrooms/moto/placebo/cleanrooms.CreateMembership_1.json",
    "cleanrooms-http/har/mitmproxy.har",
    "cleanrooms-http/polly/cleanrooms.har",
    "cleanrooms/botocore-examples/2022-02-17/examples-1.json",
    "cleanrooms/cloudtrail/log.json",
    "cleanrooms/cloudtrail/events.ndjson",
    "cleanrooms/localstack/test_cleanrooms.snapshot.json",
    "cleanrooms-http/vcrpy/UpdateProtectedQuery.yaml",
    "cleanrooms-http/vcrpy-json/UpdateProtectedQuery.json",
    "cleanrooms-http/ruby-vcr/UpdateProtectedQuery.yml",
    "cleanrooms-http/go-vcr/v2.yaml",
    "cleanrooms-http/smithy-dvr/UpdateProtectedQuery.json",
    "cleanrooms-http/nock/UpdateProtectedQuery.json",
    "cleanrooms-http/httpreplay/UpdateProtectedQuery.replay",
    "cleanrooms-http/smithy-kotlin/UpdateProtectedQuery.json",
    "cleanrooms-http/httprr/UpdateProtectedQuery.httprr",
    "cleanrooms-http/mitmproxy/cleanrooms.flow",
    "cleanrooms-http/langchain-tests/UpdateProtectedQuery.yaml.gz",
    "cleanrooms-http/botocore-log/cli-debug.log",
    "cleanrooms/payload-files/cleanrooms/CreateMembership/request/default-result.json",
    "cleanrooms/cli-output/cleanrooms.get-membership.json",
];

/// Cuts of each seed on every run, at even distances.
const SHARE: usize = 60;

#[test]
fn a_cut_recording_is_told_wherever_it_is_cut() {
    let silent: Vec<String> = SEEDS.iter().flat_map(|seed| silent(seed, SHARE)).collect();
    assert!(silent.is_empty(), "{} cuts pass in silence:\n{}", silent.len(), silent.join("\n"));
}

#[test]
#[ignore = "takes minutes, run by .ci/slow"]
fn a_cut_recording_is_told_at_every_byte() {
    let cut = |seeds: &[&str]| -> Vec<String> { seeds.iter().flat_map(|seed| silent(seed, usize::MAX)).collect() };
    let (left, right) = SEEDS.split_at(SEEDS.len() / 2);
    let all: Vec<String> = thread::scope(|scope| {
        let left = scope.spawn(|| cut(left));
        let right = cut(right);
        left.join().expect("no panic").into_iter().chain(right).collect()
    });
    assert!(all.is_empty(), "{} cuts pass in silence:\n{}", all.len(), all.join("\n"));
}

/// Games have files of that ending too: what is no text is passed over, and other JSON that is cut does not fail.
#[test]
fn of_files_named_as_logs_of_httpreplay_those_fail_that_may_be_one() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let session = Session::new().contract("cleanrooms@2023-08-30").expect("an embedded contract").allow_unchecked();
    let sound = root().join("fixtures/recordings/cleanrooms/moto/requests.ndjson");
    fs::copy(sound, folder.path().join("sound.ndjson")).expect("writable");
    let log = r#"{"Initial": "AQ", "Version": "0.2", "Converter": {"#;
    for (text, found) in [
        (&log.as_bytes()[..1], Some(false)),
        (&log.as_bytes()[..14], Some(false)),
        (log.as_bytes(), Some(false)),
        (br#"{"game": "chess", "moves": [1,2"#, Some(true)),
        (br#"{"game": "chess", "moves": [1,2]}"#, None),
        (b"\0\x01RL{", None),
        (b"", None),
    ] {
        fs::write(folder.path().join("a.replay"), text).expect("writable");
        let verdict = session.check(folder.path()).expect("judged");
        let told = verdict.findings.first().map(|one| (one.rule.id, verdict.passed));
        assert_eq!(told, found.map(|passes| ("malformed-recording", passes)), "{:?}", String::from_utf8_lossy(text));
    }
}

/// Bytes that are cut one by one at the beginning and the end of a seed; between them a share is.
const EDGE: usize = 4000;

/// The same where only a share is cut.
const SHORT_EDGE: usize = 10;

/// The cuts of a seed that pass in silence, where the prefix is not whole.
fn silent(seed: &str, count: usize) -> Vec<String> {
    let path = root().join("fixtures/recordings").join(seed);
    let bytes = packed::content(fs::read(&path).expect("a fixture"), &Limits::default()).expect("sound");
    let folder = tempfile::tempdir().expect("a temporary folder");
    // Names and folders say what is in a file.
    let copy = folder.path().join(seed.trim_end_matches(".gz"));
    fs::create_dir_all(copy.parent().expect("a folder")).expect("writable");
    let session = Session::new().contract("cleanrooms@2023-08-30").expect("an embedded contract").allow_unchecked();
    let beside = folder.path().join("sound.ndjson");
    fs::copy(root().join("fixtures/recordings/cleanrooms/moto/requests.ndjson"), beside).expect("writable");
    fs::write(&copy, &bytes).expect("writable");
    assert!(session.check(&copy).expect("judged").passed, "{seed} is clean as a whole");
    let edge = if count == usize::MAX { EDGE } else { SHORT_EDGE };
    let step = (bytes.len() / count.min(1000)).max(1);
    let cuts = (sure(seed, &bytes)..bytes.len()).filter(|at| *at <= edge || bytes.len() - at <= edge || at % step == 0);
    let is_silent = |at: &usize| {
        fs::write(&copy, &bytes[..*at]).expect("writable");
        let passes =
            |path: &Path| session.check(path).is_ok_and(|verdict| verdict.passed && verdict.findings.is_empty());
        (passes(&copy) || passes(folder.path())) && !is_whole(&copy, &bytes, *at)
    };
    let shown =
        |at: usize| format!("{seed} at {at}: …{:?}", String::from_utf8_lossy(&bytes[at.saturating_sub(60)..at]));
    cuts.filter(is_silent).map(shown).collect()
}

/// The first byte of a seed that nothing else begins like, where that is none by its name.
fn sure(seed: &str, bytes: &[u8]) -> usize {
    let first = match seed.split('/').nth(1) {
        Some("mitmproxy") => ";",
        Some("httprr") => "httprr trace v1\n",
        Some("langchain-tests") => "\n  uri: https",
        // Of one message no other program makes more.
        Some("botocore-log") => "with params: ",
        _ => return 1,
    };
    let at = bytes.windows(first.len()).position(|bytes| bytes == first.as_bytes());
    at.expect("in the seed") + first.len()
}

/// Whether a prefix is whole by the rules of its format.
fn is_whole(path: &Path, bytes: &[u8], at: usize) -> bool {
    let (prefix, rest) = bytes.split_at(at);
    if rest.iter().all(u8::is_ascii_whitespace) {
        return true;
    }
    let is_json = |text: &[u8]| serde_json::from_slice::<Value>(text).is_ok();
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("ndjson") => prefix.split(|byte| *byte == b'\n').all(|line| line.trim_ascii().is_empty() || is_json(line)),
        Some("yaml" | "yml") => is_whole_cassette(rest),
        Some("httprr") => is_whole_trace(prefix),
        Some("flow") => is_whole_flow(prefix),
        Some("log") => rest.starts_with(b"\n") || is_whole_log(prefix),
        _ => is_json(prefix),
    }
}

/// Whether a trace ends behind an exchange. It has no end of its own, and each exchange says how long it is.
fn is_whole_trace(prefix: &[u8]) -> bool {
    let mut at = prefix.iter().position(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    while let Some(end) = prefix.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == b'\n')) {
        let line = String::from_utf8_lossy(&prefix[at..at + end]).into_owned();
        let lengths: Vec<usize> = line.split(' ').filter_map(|length| length.parse().ok()).collect();
        at += end + 1 + lengths.iter().sum::<usize>();
    }
    at == prefix.len()
}

/// Whether a file of mitmproxy ends behind a flow. Each says how long it is, and its type by a letter behind that.
fn is_whole_flow(mut rest: &[u8]) -> bool {
    while let Some(colon) = rest.iter().position(|byte| *byte == b':') {
        let length = std::str::from_utf8(&rest[..colon]).ok().and_then(|digits| digits.parse::<usize>().ok());
        let Some(behind) = length.and_then(|length| rest.get(colon + 1 + length + 1..)) else { return false };
        rest = behind;
    }
    rest.is_empty()
}

/// Whether a log ends outside of the messages that are read. It has no end of its own.
fn is_whole_log(prefix: &[u8]) -> bool {
    let text = String::from_utf8_lossy(prefix);
    let (before, line) = text.rsplit_once('\n').unwrap_or(("", &text));
    let read = ["with params: ", "Sending http request: ", "Response headers: "];
    !before.ends_with("Response body:") && !read.iter().any(|words| line.contains(words))
}

/// Whether a cassette ends between two entries, or behind what an entry needs: its reason phrase, duration or time is lost,
/// or what stands behind all entries.
fn is_whole_cassette(rest: &[u8]) -> bool {
    let rest = String::from_utf8_lossy(rest);
    let of_entry = rest.split("- request").next().unwrap_or_default();
    !["body", "headers", "status", "response"].iter().any(|part| of_entry.contains(part))
}
