//! Reports on text of any language: the place of a finding may begin or end anywhere in it.

use proptest::collection::vec;
use proptest::sample::select;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use serde_json::json;
use shapegate::check::{Catalog, Input};
use shapegate::gate::Settings;
use shapegate::report::{self, Detail, Style};

/// Of one to four bytes, of no width and of two columns, escaped in JSON and in URLs, and such as end a line.
const CHARACTERS: &str =
    concat!("a\"{[<%\\/=#", "\n\t\0\u{7f}\u{85}\u{a0}", "éÜ€語😀", "\u{301}\u{202e}\u{feff}\u{fffd}\u{e0001}");

#[test]
fn a_body_that_is_no_json_is_shown_from_its_first_character_on() {
    let catalog = crate::support::catalog("cleanrooms@2023-08-30");
    for (body, shown) in [
        ("Überlastet", "1 | Überlastet\n  | ^ the whole payload"),
        ("€ 5", "1 | € 5\n  | ^ the whole payload"),
        ("😀", "1 | 😀\n  | ^^ the whole payload"),
    ] {
        let text =
            text_report(&catalog, &archive("https://cleanrooms.us-east-1.amazonaws.com/memberships/1", "x", body));
        assert!(text.contains("undecodable-body") && text.contains(shown), "{text}");
    }
}

#[test]
fn text_of_any_language_is_reported() {
    let catalog = crate::support::catalog("cleanrooms@2023-08-30");
    // The same cases on every run; a failure is repeated by its seed.
    let config = Config { cases: 400, rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..Config::default() };
    let drawn = (text(20), text(20), text(20), text(120));
    let held = TestRunner::new(config).run(&drawn, |(label, query, header, body)| {
        let url = format!("https://cleanrooms.us-east-1.amazonaws.com/memberships/{label}?a={query}");
        for body in [body.clone(), format!("{{\"membership\": {{\"{body}\": [\"{body}\"]}}}}")] {
            text_report(&catalog, &archive(&url, &header, &body));
        }
        Ok(())
    });
    held.expect("no text makes the report fail");
}

fn text(most: usize) -> impl Strategy<Value = String> {
    vec(select(CHARACTERS.chars().collect::<Vec<_>>()), 0..most).prop_map(|characters| characters.into_iter().collect())
}

/// A HAR file of one call of `GetMembership`.
fn archive(url: &str, header: &str, body: &str) -> String {
    let headers = json!([{"name": "Content-Type", "value": "application/json"}, {"name": "X-Test", "value": header}]);
    let request = json!({"method": "GET", "url": url, "headers": headers});
    let content = json!({"mimeType": "application/json", "text": body});
    let response = json!({"status": 200, "headers": headers, "content": content});
    json!({"log": {"version": "1.2", "entries": [{"request": request, "response": response}]}}).to_string()
}

fn text_report(catalog: &Catalog, recording: &str) -> String {
    let input = Input::Stream(Box::new(std::io::Cursor::new(recording.to_owned())));
    let checked = crate::support::check(catalog, vec![input], 1);
    let verdict = crate::support::judged(checked.into_outcome(), &Settings::default());
    let mut out = Vec::new();
    let style = Style::default().detail(Detail::All);
    report::find("text").expect("a format").write(&verdict, &style, &mut out).expect("a Vec takes it");
    String::from_utf8(out).expect("UTF-8")
}
