//! What reading the same data costs without us: `floor KIND PATH…`, each a process.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use granit_parser::Parser;
use ruzstd::decoding::StreamingDecoder;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use serde_json::value::RawValue;
use walkdir::WalkDir;

use super::Result;

mod validators;

pub fn run(arguments: &[String]) -> Result<()> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["nothing"] => Ok(()),
        ["read", path] => each_text(Path::new(path), |_| Ok(())),
        ["ignored", path] => each_text(Path::new(path), |text| {
            serde_json::from_slice::<IgnoredAny>(text)?;
            Ok(())
        }),
        ["value", path] => each_text(Path::new(path), |text| {
            std::hint::black_box(serde_json::from_slice::<Value>(text)?);
            Ok(())
        }),
        ["jsonschema", schemas, path] => validators::jsonschema(Path::new(schemas), Path::new(path)),
        ["boon", schemas, path] => validators::boon(Path::new(schemas), Path::new(path)),
        ["har", path] => each_text(Path::new(path), har),
        ["events", path] => each_text(Path::new(path), events),
        ["unpack", path] => unpack(Path::new(path), |_| Ok(())),
        ["unpack-value", path] => unpack(Path::new(path), |text| {
            for line in text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
                std::hint::black_box(serde_json::from_slice::<Value>(line)?);
            }
            Ok(())
        }),
        ["models", wheel] => models(Path::new(wheel), |_| Ok(())),
        ["models-value", wheel] => models(Path::new(wheel), |text| {
            std::hint::black_box(serde_json::from_slice::<Value>(text)?);
            Ok(())
        }),
        _ => Err(format!("no floor {words:?}").into()),
    }
}

/// Hands over each line of an NDJSON file, else the whole file, of all files below a folder, in one buffer.
pub fn each_text(path: &Path, mut sink: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
    let mut buffer = Vec::new();
    if path.is_dir() {
        for entry in WalkDir::new(path) {
            let entry = entry?;
            if entry.file_type().is_file() {
                buffer.clear();
                File::open(entry.path())?.read_to_end(&mut buffer)?;
                sink(&buffer)?;
            }
        }
        return Ok(());
    }
    if path.extension().is_some_and(|extension| extension == "ndjson") {
        let mut reader = BufReader::with_capacity(1 << 20, File::open(path)?);
        while reader.read_until(b'\n', &mut buffer)? > 0 {
            sink(&buffer)?;
            buffer.clear();
        }
        return Ok(());
    }
    File::open(path)?.read_to_end(&mut buffer)?;
    sink(&buffer)
}

#[derive(Deserialize)]
struct Har<'t> {
    #[serde(borrow)]
    log: Log<'t>,
}

#[derive(Deserialize)]
struct Log<'t> {
    #[serde(borrow)]
    entries: Vec<Entry<'t>>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "reading them is what is measured")]
struct Entry<'t> {
    #[serde(borrow)]
    request: Request<'t>,
    #[serde(borrow)]
    response: Response<'t>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "reading them is what is measured")]
struct Request<'t> {
    method: &'t str,
    #[serde(borrow)]
    url: std::borrow::Cow<'t, str>,
    #[serde(borrow)]
    headers: Vec<Header<'t>>,
    #[serde(borrow, rename = "postData")]
    post_data: Option<Body<'t>>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "reading them is what is measured")]
struct Response<'t> {
    status: u16,
    #[serde(borrow)]
    headers: Vec<Header<'t>>,
    #[serde(borrow)]
    content: Option<Body<'t>>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "reading them is what is measured")]
struct Header<'t> {
    #[serde(borrow)]
    name: std::borrow::Cow<'t, str>,
    #[serde(borrow)]
    value: std::borrow::Cow<'t, str>,
}

#[derive(Deserialize)]
struct Body<'t> {
    #[serde(borrow)]
    text: Option<&'t RawValue>,
}

/// Reads the members of HTTP exchanges that say anything, and passes over their bodies once they are unescaped.
fn har(text: &[u8]) -> Result<()> {
    let har: Har<'_> = serde_json::from_slice(text)?;
    for entry in &har.log.entries {
        for body in [&entry.request.post_data, &entry.response.content].into_iter().flatten() {
            let Some(text) = body.text else { continue };
            let text: String = serde_json::from_str(text.get())?;
            if text.starts_with(['{', '[']) {
                serde_json::from_str::<IgnoredAny>(&text)?;
            }
        }
    }
    Ok(())
}

fn events(text: &[u8]) -> Result<()> {
    for event in Parser::new_from_str(std::str::from_utf8(text)?) {
        std::hint::black_box(event.map_err(|error| error.to_string())?);
    }
    Ok(())
}

/// Hands over whole lines as they are unpacked.
fn unpack(path: &Path, mut work: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
    let file = BufReader::with_capacity(1 << 20, File::open(path)?);
    let is_zst = path.extension().is_some_and(|extension| extension == "zst");
    let mut reader: Box<dyn Read> =
        if is_zst { Box::new(StreamingDecoder::new(file)?) } else { Box::new(MultiGzDecoder::new(file)) };
    let (mut rest, mut buffer) = (Vec::new(), vec![0; 1 << 18]);
    loop {
        let count = reader.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        rest.extend_from_slice(&buffer[..count]);
        let whole = rest.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        work(&rest[..whole])?;
        rest.drain(..whole);
    }
    Ok(())
}

/// Unpacks each service's model in a wheel.
fn models(wheel: &Path, mut work: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(fs::read(wheel)?))?;
    let (mut packed, mut text) = (Vec::new(), Vec::new());
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at)?;
        if entry.name()?.ends_with("/service-2.json.gz") {
            packed.clear();
            text.clear();
            entry.read_to_end(&mut packed)?;
            MultiGzDecoder::new(&packed[..]).read_to_end(&mut text)?;
            work(&text)?;
        }
    }
    Ok(())
}
