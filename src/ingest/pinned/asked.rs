//! Requirements of Python as people type them: `botocore==1.44.8` names a release, and what does not is told what to write.

use std::sync::LazyLock;

use regex::Regex;

use super::is_version;
use crate::error::{Error, ErrorKind, Result};

/// The first release of boto3 that has the number of the botocore it came with.
const IN_STEP: [u64; 2] = [1, 33];

/// A requirement: package, perhaps extras, operator, version.
static REQUIREMENT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(boto3|botocore)\s*(?:\[[^\]/]*\])?\s*([=<>!~]+|[-@ ])\s*v?([^/\\]*)$").expect("a sound pattern")
});

/// The version that `botocore==1.44.8` names; `None` for a text that is no requirement of boto3 or botocore.
///
/// # Errors
/// It is one that names no release of botocore; the error says what does.
pub fn named(text: &str) -> Result<Option<&str>> {
    let Some(found) = REQUIREMENT.captures(text) else {
        return if text.contains('.') && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
            Err(Error::new(format!("{text:?} does not say of what it is a release"))
                .kinded(ErrorKind::Unknown)
                .remedy(format!("Write botocore=={text}.")))
        } else {
            Ok(None)
        };
    };
    let part = |at| found.get(at).map_or("", |part: regex::Match<'_>| part.as_str().trim());
    let (operator, version) = (part(2), found.get(3).map_or("", |part| part.as_str().trim()));
    let is_botocore = part(1).eq_ignore_ascii_case("botocore");
    if is_botocore && matches!(operator, "==" | "===") && is_version(version) {
        return Ok(found.get(3).map(|part| part.as_str().trim()));
    }
    if !operator.contains(['=', '<', '>', '!', '~']) && !is_version(version) {
        // The name of a file, or of another package.
        return Ok(None);
    }
    let example = if is_version(version) && (is_botocore || is_in_step(version)) { version } else { "VERSION" };
    let (cause, remedy) = if is_botocore {
        (
            format!("{text:?} names no release"),
            format!("Write botocore=={example}, or name the lock file that pins it."),
        )
    } else {
        let beside = "the release that is installed beside it";
        (
            format!("{text:?} is a release of boto3, and the models are those of botocore"),
            format!("Write botocore=={example}, {beside} (`pip show botocore`), or name the lock file that pins it."),
        )
    };
    Err(Error::new(cause).kinded(ErrorKind::Unknown).remedy(remedy))
}

fn is_in_step(version: &str) -> bool {
    let mut numbers = version.split('.').map(|part| part.parse::<u64>().unwrap_or_default());
    [numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default()] >= IN_STEP
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_named_by_its_version_alone() {
        for text in ["botocore==1.44.8", "botocore == 1.44.8", "Botocore[crt]===1.44.8"] {
            assert_eq!(named(text).expect("a release"), Some("1.44.8"), "{text}");
        }
        for other in
            ["botocore", "botocore/data", "botocore-1.44.8-py3-none-any.whl", "models/boto3==1", "botocore-stubs"]
        {
            assert_eq!(named(other).expect("no requirement"), None, "{other}");
        }
    }

    #[test]
    fn another_requirement_is_told_what_to_write() {
        for (text, remedy) in [
            ("botocore>=1.44.8", "Write botocore==1.44.8, or name the lock file"),
            ("botocore=1.44.8", "Write botocore==1.44.8, or"),
            ("botocore-1.44.8", "Write botocore==1.44.8, or"),
            ("botocore==", "Write botocore==VERSION, or"),
            ("botocore==1.44.*", "Write botocore==VERSION, or"),
            ("boto3==1.44.8", "Write botocore==1.44.8, the release that is installed beside it"),
            ("boto3==1.28.38", "Write botocore==VERSION, the release"),
            ("boto3>=1.44.8", "Write botocore==1.44.8, the release"),
            ("1.44.8", "Write botocore==1.44.8."),
        ] {
            let error = named(text).expect_err(text).to_string();
            assert!(error.contains(remedy), "{text}: {error}");
        }
    }
}
