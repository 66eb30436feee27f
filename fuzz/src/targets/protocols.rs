//! HTTP messages of every protocol, written as a text that people can read:
//!
//! ```text
//! POST https://host/path
//! name: value
//!
//! body
//! ⏎---⏎
//! 200
//! name: value
//!
//! body
//! ```

use std::sync::LazyLock;

use serde_json::Value;
use shapegate::contract::Contract;
use shapegate::generate;
use shapegate::model::{Direction, Encoding};
use shapegate::protocol::encode::{self, Message};
use shapegate::{Request, Response, Session};

use super::super::random::Random;
use super::super::{invariants, mutation, root};
use super::Target;
use super::fixed::{CATALOG, CONTRACTS};

pub(super) const TARGET: Target = Target {
    id: "protocols",
    about: "HTTP messages of all protocols: they are judged, and every report is whole",
    seeds,
    mutate: mutated,
    run: execute,
};

/// Between a request and its response.
const BETWEEN: &[u8] = b"\n---\n";
/// Payloads of each half of each operation.
const EACH: u64 = 3;

static SESSION: LazyLock<Session> = LazyLock::new(|| {
    let session = Session::new().contract("cleanrooms@2023-08-30").expect("it is embedded");
    CONTRACTS.iter().fold(session, |session, path| match root().join(path) {
        path if path.exists() => session.model(path).expect("our own models are sound"),
        _ => session,
    })
});

/// Messages that our own services would exchange.
fn seeds() -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for name in CATALOG.services() {
        let Ok(Some(contract)) = CATALOG.contract(name) else { continue };
        let service = contract.service();
        for operation in service.operations.values().take(30) {
            for seed in 0..EACH {
                let payload = |direction| drawn(contract, &operation.name, direction, seed);
                let (Some(sent), Some(back)) = (payload(Direction::Request), payload(Direction::Response)) else {
                    continue;
                };
                let messages = encode::request(service, operation, &sent)
                    .and_then(|sent| Ok((sent, encode::response(service, operation, &back)?)));
                if let Ok((sent, back)) = messages {
                    all.push(written(&sent, &back));
                }
            }
        }
    }
    all
}

fn drawn(contract: &Contract, operation: &str, direction: Direction, seed: u64) -> Option<Value> {
    let payloads = generate::payloads(contract, operation, direction, Encoding::Wire).ok()?;
    Some(if seed == 0 { payloads.simplest() } else { payloads.seeded(seed) })
}

fn written(sent: &Message, back: &Message) -> Vec<u8> {
    let (method, url) = &sent.target;
    let part = |first: String, message: &Message| {
        let mut text = first.into_bytes();
        for (name, value) in &message.headers {
            text.extend(format!("\n{name}: {value}").bytes());
        }
        text.extend(b"\n\n");
        text.extend(message.body.as_deref().unwrap_or_default());
        text
    };
    [&*part(format!("{method} {url}"), sent), BETWEEN, &*part(back.status.to_string(), back)].concat()
}

/// One of the four parts alone is broken most of the time, so that the others lead to the right operation.
fn mutated(random: &mut Random, seed: &[u8], other: &[u8]) -> Vec<u8> {
    if random.once_in(4) {
        return mutation::bytes(random, seed, other);
    }
    let mut parts = split(seed).map(<[u8]>::to_vec);
    let others = split(other);
    let at = *random.of(&[0, 1, 1, 2, 3, 3]);
    parts[at] = match random.below(8) {
        0 => others[at].to_vec(),
        _ => mutation::text(random, &parts[at], others[at]),
    };
    let [sent, body, back, answer] = &parts;
    [sent, &b"\n\n"[..], body, BETWEEN, back, b"\n\n", answer].concat()
}

/// Head and body of the request, head and body of the response.
fn split(input: &[u8]) -> [&[u8]; 4] {
    let cut = |bytes: &'_ [u8], mark: &[u8]| memchr::memmem::find(bytes, mark);
    let (sent, back) = match cut(input, BETWEEN) {
        Some(at) => (&input[..at], &input[at + BETWEEN.len()..]),
        None => (input, &input[input.len()..]),
    };
    let halves = |message: &'_ [u8]| cut(message, b"\n\n").map_or((message.len(), message.len()), |at| (at, at + 2));
    let ((a, b), (c, d)) = (halves(sent), halves(back));
    [&sent[..a], &sent[b..], &back[..c], &back[d..]]
}

fn execute(input: &[u8]) {
    let [sent, body, back, answer] = split(input).map(<[u8]>::to_vec);
    let (sent, back) = (String::from_utf8_lossy(&sent), String::from_utf8_lossy(&back));
    let (first, headers) = head(&sent);
    let (method, url) = first.split_once(' ').unwrap_or((first, ""));
    let request = Request::new(method, url).headers(headers).body(body);
    let (status, headers) = head(&back);
    let response = Response::new(status.parse().unwrap_or_default()).headers(headers).body(answer);
    invariants::judged_or_refused(SESSION.check_http(&request, &response));
}

/// The first line, and the headers.
fn head(text: &str) -> (&str, Vec<(&str, &str)>) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    (first, rest.split('\n').filter_map(|line| line.split_once(": ")).collect())
}
