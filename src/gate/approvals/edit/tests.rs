//! What is edited, and what stays as it was written.

use super::*;

fn draft(text: &str) -> Draft {
    let today = Day::parse("2026-11-28").expect("a day");
    Draft::parse(text, Path::new("a.toml"), today).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// A finding whose subject is this.
fn open(subject: &str) -> ToApprove {
    ToApprove { fingerprint: fingerprint(subject), ..ToApprove::default() }
}

fn fingerprint(subject: &str) -> String {
    format!("wrong-type:s3:O:request:{subject}")
}

fn added(text: &str, all: &[ToApprove], expires: Option<&str>) -> String {
    let mut draft = draft(text);
    draft.add(all, "new", expires.and_then(Day::parse)).expect("sound");
    draft.text().expect("sound")
}

fn removed(text: &str, subjects: &[&str]) -> String {
    let mut draft = draft(text);
    draft.remove(&subjects.iter().map(|subject| fingerprint(subject)).collect::<Vec<_>>());
    assert_eq!(draft.removed, subjects.len());
    draft.text().expect("sound")
}

#[test]
fn what_is_there_stays_and_all_is_sorted() {
    let text =
        "# ours\n[approvals]\n# why we live with it\n\"wrong-type:s3:O:request:B\" = { reason = 'old' } # see 12\n";
    let mut draft = draft(text);
    let day = Day::parse("2027-01-31");
    draft.add(&[open("C"), open("A")], "known \"deviation\"", day).expect("sound");
    assert_eq!((draft.added, draft.renewed), (2, 0));
    assert_eq!(
        draft.text().expect("sound"),
        "# ours\n[approvals]\n\
         \"wrong-type:s3:O:request:A\" = { reason = 'known \"deviation\"', expires = 2027-01-31 }\n\
         # why we live with it\n\"wrong-type:s3:O:request:B\" = { reason = 'old' } # see 12\n\
         \"wrong-type:s3:O:request:C\" = { reason = 'known \"deviation\"', expires = 2027-01-31 }\n"
    );
    draft.remove(&[fingerprint("A"), fingerprint("C"), fingerprint("D")]);
    assert_eq!((draft.text().expect("sound").as_str(), draft.removed), (text, 2));
}

#[test]
fn an_order_of_its_own_stays() {
    let line = |subject| format!("\"{}\" = {{ reason = \"old\" }}\n", fingerprint(subject));
    let new = |subject| format!("\"{}\" = {{ reason = \"new\" }}\n", fingerprint(subject));
    let text = format!("[approvals]\n{}{}# the end\n", line("D"), line("B"));
    let expected = format!("[approvals]\n{}{}{}{}# the end\n", line("D"), line("B"), new("A"), new("C"));
    assert_eq!(added(&text, &[open("C"), open("A")], None), expected);
}

#[test]
fn headings_stay_where_they_are() {
    let line = |subject| format!("\"{}\" = {{ reason = \"new\" }}\n", fingerprint(subject));
    let [a, b, c, d] = ["A", "B", "C", "D"].map(line);
    let text = format!("[approvals]\n# all of us\n\n# of B\n{b}\n# team\n\n# of C\n{c}# the end\n");
    let with_a = format!("[approvals]\n# all of us\n\n{a}# of B\n{b}\n# team\n\n# of C\n{c}# the end\n");
    assert_eq!(added(&text, &[open("A")], None), with_a);
    let with_d = format!("[approvals]\n# all of us\n\n# of B\n{b}\n# team\n\n# of C\n{c}{d}# the end\n");
    assert_eq!(added(&text, &[open("D")], None), with_d);
    let without_b = format!("[approvals]\n# all of us\n\n\n# team\n\n# of C\n{c}# the end\n");
    assert_eq!(removed(&text, &["B"]), without_b);
    let without_c = format!("[approvals]\n# all of us\n\n# of B\n{b}\n# team\n\n# the end\n");
    assert_eq!(removed(&text, &["C"]), without_c);
    assert_eq!(removed(&text, &["B", "C"]), "[approvals]\n# all of us\n\n\n# team\n\n# the end\n");
}

#[test]
fn a_line_that_has_expired_is_renewed() {
    let text = "[approvals]\n# kept\n\"wrong-type:s3:O:request:B\" = { reason = \"old\", expires = 2020-01-01, paths = [\"a\"] } # kept\n";
    let expected =
        "[approvals]\n# kept\n\"wrong-type:s3:O:request:B\" = { reason = \"new\", paths = [\"a\"] } # kept\n";
    assert_eq!(added(text, &[open("B")], None), expected);
    let later = expected.replace("\"new\",", "\"new\", expires = 2030-01-01,");
    assert_eq!(added(text, &[open("B")], Some("2030-01-01")), later);
    assert_eq!(added(expected, &[open("B")], None), expected, "nothing is lacking");
}

#[test]
fn a_line_about_other_files_or_fewer_findings_is_widened() {
    let text = "[approvals.\"wrong-type:s3:O:request:B\"]\nreason = \"old\" # kept\npaths = [\n  \"a\", # kept\n]\nat_most = 2\nexpires = 2030-01-01\n";
    let more = ToApprove { paths: vec!["b".into(), "a".into()], at_most: Some(5), ..open("B") };
    let new = added(text, &[more], None);
    let entry = &draft(&new).document["approvals"]["wrong-type:s3:O:request:B"];
    assert_eq!(entry["at_most"].as_integer(), Some(5));
    assert_eq!(entry["expires"].as_datetime().map(ToString::to_string).as_deref(), Some("2030-01-01"));
    let paths: Vec<&str> = entry["paths"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    assert_eq!(paths, ["a", "b"]);
    assert!(new.contains("reason = \"new\" # kept\n") && new.contains("# kept\n]"), "{new}");
}

#[test]
fn a_line_is_known_by_a_former_id_of_its_rule() {
    let find = |id: &str| rules::find(if id == "former-id" { "wrong-type" } else { id });
    let current = |fingerprint| current(fingerprint, &find);
    assert_eq!(current("former-id:s3:O:request:A").as_deref(), Some("wrong-type:s3:O:request:A"));
    assert_eq!(current("wrong-type:s3:O:request:A").as_deref(), Some("wrong-type:s3:O:request:A"));
    assert_eq!(current("wrong-type:s3:O:request:*"), None);
    assert_eq!(current("no-rule:s3:O:request:A"), None);
}

#[test]
fn an_empty_file_becomes_one() {
    let line = "\"malformed-recording::::\" = { reason = \"new\", paths = [\"a/b.json\"] }\n";
    let one = ToApprove {
        fingerprint: "malformed-recording::::".into(),
        paths: vec!["a/b.json".into()],
        ..ToApprove::default()
    };
    assert_eq!(added("", std::slice::from_ref(&one), None), format!("[approvals]\n{line}"));
    assert_eq!(added("# ours\n\n", &[one], None), format!("# ours\n\n[approvals]\n{line}"));
    assert_eq!(added("# ours\n", &[], None), "# ours\n");
    assert_eq!(removed("# ours\n", &[]), "# ours\n");
}

#[test]
fn what_is_not_a_file_of_approvals_stays_untouched() {
    let today = Day::of_unix_time(0);
    for text in ["[other]\n", "approvals = {}\n", "approvals"] {
        assert!(Draft::parse(text, Path::new("a.toml"), today).is_err(), "{text}");
    }
    let mut draft = draft("");
    assert!(draft.add(&[open("A")], " ", None).is_err(), "no reason");
    let unknown = ToApprove { fingerprint: "no-rule:a:::".into(), ..ToApprove::default() };
    assert!(draft.add(&[unknown], "why", None).is_err(), "no rule");
    assert_eq!(draft.text().expect("sound"), "");
}
