//! Nothing that is secret comes out: credentials of every form, planted in every format, looked for in what every command
//! prints and writes. And nothing comes out that a terminal or a CI system would obey.

use std::fs;

use serde_json::{Value, json};

use crate::support::folder::Folder;
use crate::support::traffic::{Traffic, samples};

/// The text reports and every other form.
const FORMS: &[&str] = &["text", "json", "ndjson", "sarif", "github", "gitlab", "junit", "markdown"];

/// A secret of its own for each place. Put together here, so that no file holds anything like one.
struct Planted(Vec<String>);

impl Planted {
    fn secret(&mut self) -> String {
        let secret = format!("pl4nt{}{:03}", "QzWvXk".repeat(3), self.0.len());
        self.0.push(secret.clone());
        secret
    }

    /// The secrets in a text.
    fn within<'p>(&'p self, text: &str) -> Vec<&'p str> {
        self.0.iter().map(String::as_str).filter(|secret| text.contains(secret)).collect()
    }
}

/// The traffic of all formats with credentials in its URL, headers, request and response.
fn traffic(planted: &mut Planted) -> Traffic {
    let mut traffic = Traffic::new();
    let parameters = ["X-Amz-Security-Token", "access_token", "api_key", "password", "sig", "x-amz-s3session-token"];
    for (mark, name) in parameters.map(|name| ('&', name)).into_iter().chain([('#', "access_token")]) {
        traffic.url.extend([mark.to_string(), name.to_owned(), "=".to_owned(), planted.secret()]);
    }
    for name in [
        "Api-Key",
        "Proxy-Authorization",
        "X-Auth-Token",
        "X-CSRF-Token",
        "X-Vault-Token",
        "X-Api-Key",
        "X-aws-ec2-metadata-token",
        "x-amz-s3session-token",
        "x-amz-server-side-encryption-customer-key",
    ] {
        traffic.headers.push((name, planted.secret()));
    }
    for name in ["secretAccessKey", "sessionToken", "password", "clientSecret", "refreshToken", "apiKey"] {
        traffic.sent[name] = planted.secret().into();
        traffic.got["membership"][name] = planted.secret().into();
    }
    traffic.sent["note"] = format!("Bearer {}", planted.secret()).into();
    // In place of a text, so that reports show the value.
    traffic.got["membership"]["name"] = json!({"password": planted.secret()});
    planted.0.extend(traffic.secrets.iter().cloned());
    traffic
}

#[test]
fn nothing_planted_in_any_format_comes_out_of_any_command() {
    let mut planted = Planted(Vec::new());
    let traffic = traffic(&mut planted);
    for (number, (what, format, text)) in samples(&traffic).into_iter().enumerate() {
        assert!(!planted.within(&text).is_empty() || text.contains("base64"), "{what}");
        let name = format!("in.{}", if text.starts_with(['{', '[']) { "json" } else { "yaml" });
        let folder = Folder::new().with(&name, &text);
        let mut runs: Vec<Vec<&str>> = vec![
            vec!["list"],
            vec!["list", "--format", "json"],
            vec!["mutate"],
            vec!["snapshot"],
            vec!["redact", "--redact", "strict"],
            vec!["redact"],
        ];
        // One file of each kind is enough for the forms, which see nothing of the format.
        let forms = if number % 4 == 0 { FORMS } else { &FORMS[..3] };
        runs.extend(forms.iter().map(|form| vec!["check", "--verbose", "--format", form]));
        for run in &mut runs {
            run.extend(["--recording-format", format, name.as_str()]);
            if run[0] == "redact" {
                run.push("out");
            }
            let ran = folder.run(run);
            assert!(ran.code.is_some_and(|code| code < 2 || run[0] == "mutate"), "{what} {run:?}: {}", ran.stderr);
            let written = fs::read_to_string(folder.path().join("out")).unwrap_or_default();
            for text in [&ran.stdout, &ran.stderr, &written] {
                let leaked = planted.within(text);
                let line = leaked.first().and_then(|leaked| text.lines().find(|line| line.contains(*leaked)));
                assert_eq!((leaked.len(), line), (0, None), "{what} {run:?}");
            }
            let _ = fs::remove_file(folder.path().join("out"));
        }
    }
}

/// Everything that terminals, logs, CI systems, Markdown and HTML obey.
const HARMFUL: &str = "\n::error::x\r\u{1b}]0;t\u{7}\u{9b}2J\u{202e}\t##[group]y<script>`|[a](https://example.com)=1+1";

#[test]
fn nothing_in_traffic_is_obeyed_in_any_form() {
    let plain = json!({"service": "cleanrooms", "operation": "GetMembership", "direction": "request",
        "payload": {"membershipIdentifier": "3e3be000-5c1d-4e2a-9b3f-000000000001"}});
    let at = |pointer: &str| {
        let mut record = plain.clone();
        *record.pointer_mut(pointer).expect("there") = HARMFUL.into();
        record
    };
    let mut member = plain.clone();
    member["payload"][HARMFUL] = json!(1);
    let mut key = plain.clone();
    key["payload"]["membershipIdentifier"] = json!({HARMFUL: HARMFUL});
    let records = [member, key, at("/operation"), at("/service"), at("/payload/membershipIdentifier")];
    let text = records.iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
    let folder = Folder::new().with("in.ndjson", &text);
    let commands: [&[&str]; 4] = [&["list"], &["mutate"], &["snapshot"], &["history"]];
    let checks = FORMS.iter().map(|form| vec!["check", "--verbose", "--format", form]);
    for run in checks.chain(commands.map(<[&str]>::to_vec)) {
        let ran = folder.run(&[&run[..], &["in.ndjson"]].concat());
        for text in [&ran.stdout, &ran.stderr] {
            let obeyed = text.chars().find(|c| {
                c.is_control() && !matches!(c, '\n' | '\t')
                    || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            });
            assert_eq!(obeyed, None, "{run:?}: {text}");
            let is_command = |line: &str| line.starts_with("::error::x") || line.starts_with("##[group]");
            assert!(!text.lines().any(|line| is_command(line.trim_start())), "{run:?}: {text}");
            let is_markup = run.contains(&"junit") || run.contains(&"markdown");
            assert!(!(is_markup && text.contains("<script>")), "{run:?}: {text}");
        }
    }
}
