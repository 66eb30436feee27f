//! The two paths to a verdict and any number of threads give one output, byte for byte; what is known to set readers of JSON
//! apart has tests by name.

#[cfg(feature = "cli")]
use std::path::Path;
use std::sync::LazyLock;

use shapegate::check::{Catalog, Input, Options, run};
use shapegate::contract::{Contract, Observation, Paths};
use shapegate::expectation::Expectations;
use shapegate::model::Encoding;
use shapegate::recording::{Exchange, Extent, Payload, ServiceName};

use crate::drawing::contracts::thing;
#[cfg(feature = "cli")]
use crate::support::folder::run_in;
#[cfg(feature = "cli")]
use crate::support::root;

/// Ways to run that make no difference.
#[cfg(feature = "cli")]
const WAYS: [&[&str]; 6] = [
    &["--threads", "1"],
    &["--threads", "2"],
    &["--threads", "7"],
    &["--no-fast-path", "--threads", "1"],
    &["--no-fast-path", "--threads", "2"],
    &["--no-fast-path", "--threads", "7"],
];

/// Those of them that differ most.
#[cfg(feature = "cli")]
const FEW: [&[&str]; 3] = [WAYS[0], WAYS[2], WAYS[4]];

/// Checks a folder in these ways and holds the reports together; the number of its bytes.
#[cfg(feature = "cli")]
fn is_reported_alike(folder: &Path, form: &str, ways: &[&[&str]]) -> usize {
    let models = root().join("fixtures/contracts");
    let models = models.to_str().expect("UTF-8");
    let mut first: Option<(String, String)> = None;
    for &way in ways {
        let fixed = ["check", "--contract", "cleanrooms", "--model", models, "--format", form, "-v", "--no-ignore"];
        let ran = run_in(folder, &[&fixed, way, &["."]].concat(), &[]);
        assert!(matches!(ran.code, Some(0 | 1)), "{way:?}: {}", ran.stderr);
        let said = (ran.stdout, ran.stderr);
        let known = first.get_or_insert_with(|| said.clone());
        let differs = known.0.lines().zip(said.0.lines()).find(|(a, b)| a != b);
        assert!(*known == said, "{} as {form} with {way:?}: {differs:?}", folder.display());
    }
    first.map_or(0, |(report, _)| report.len())
}

#[cfg(feature = "cli")]
#[test]
fn fixtures_are_reported_alike_in_a_few_ways() {
    for folder in ["recordings", "faulty", "rules", "moto"] {
        assert!(is_reported_alike(&root().join("fixtures").join(folder), "json", &FEW) > 1_000, "{folder}");
    }
}

#[cfg(feature = "cli")]
#[test]
#[ignore = "takes a minute: all fixtures in two forms, run by .ci/run"]
fn all_fixtures_are_reported_alike_in_every_way() {
    for (form, ways) in [("json", &WAYS[..]), ("text", &FEW)] {
        assert!(is_reported_alike(&root().join("fixtures"), form, ways) > 100_000);
    }
}

#[cfg(feature = "cli")]
#[test]
#[ignore = "needs ../shared, run by .ci/run"]
fn cases_and_samples_are_reported_alike_in_every_way() {
    for folder in ["cases", "samples"] {
        assert!(is_reported_alike(&root().join("../shared").join(folder), "json", &WAYS) > 10_000, "{folder}");
    }
}

static THING: LazyLock<Contract> = LazyLock::new(|| Contract::new(thing()));

/// What both paths make of a payload of `MeasureThing`, which they must agree on; `true` where nothing is wrong with it.
fn conforms(operation: &str, text: &str) -> bool {
    let mut exchange = Exchange::named(ServiceName::Name("thing".into()), operation.to_owned().into(), Extent::Payload);
    exchange.request = Some(Payload::text(text, Encoding::Wire));
    let by = |paths| THING.observe_by(&exchange, paths).expect("emitted schemas compile");
    let [both, full]: [Observation; 2] = [Paths::Both, Paths::FullAlone].map(by);
    assert_eq!(both.breaches, full.breaches, "{text}");
    assert_eq!((both.payloads, full.payloads, full.surely), (1, 1, 0), "{text}");
    assert!(both.surely == 0 || full.breaches.is_empty(), "{text}");
    full.breaches.is_empty()
}

/// Which of these values a member of `MeasureThing` may have.
fn accepted<'t>(member: &str, values: &[&'t str]) -> Vec<&'t str> {
    let fits = |value: &&&str| conforms("MeasureThing", &format!("{{\"{member}\": {value}}}"));
    values.iter().filter(fits).copied().collect()
}

#[test]
fn numbers_beyond_floating_point() {
    let beyond = ["1e400", "-1e400", "1e501", "1E+400", "1e999999999999", &"9".repeat(400)];
    for member in ["small", "wide", "count", "ratio", "share", "exact"] {
        assert_eq!(accepted(member, &beyond), [""; 0], "{member}");
    }
    assert_eq!(accepted("ratio", &["1e308", "1e-400", "0e400", "-0e0"]), ["1e308", "1e-400", "0e400", "-0e0"]);
}

#[test]
fn whole_numbers_with_a_fraction() {
    let spellings = ["1.0", "1.00", "1e0", "10e-1", "0.1e1", "1.5", "1e-1"];
    for member in ["small", "few", "wide", "count"] {
        assert_eq!(accepted(member, &spellings), ["1.0", "1.00", "1e0", "10e-1", "0.1e1"], "{member}");
    }
    assert_eq!(accepted("ratio", &spellings), spellings);
}

#[test]
fn a_zero_below_zero() {
    for member in ["small", "few", "wide", "count", "ratio", "share"] {
        assert_eq!(accepted(member, &["-0", "-0.0", "-0e1", "0"]), ["-0", "-0.0", "-0e1", "0"], "{member}");
    }
}

#[test]
fn whole_numbers_at_the_ends_of_types() {
    let two_53 = ["9007199254740992", "9007199254740993", "9007199254740994"];
    assert_eq!(accepted("count", &two_53), two_53[..2]);
    assert_eq!(accepted("exact", &two_53[1..]), two_53[1..]);
    let ends = ["2147483647", "2147483648", "-2147483648", "-2147483649"];
    assert_eq!(accepted("small", &ends), ["2147483647", "-2147483648"]);
    let two_63 = ["9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809"];
    assert_eq!(accepted("wide", &two_63), ["9223372036854775807", "-9223372036854775808"]);
    // Floating point would round the others into the range, or out of it.
    let spelt =
        ["-9223372036854775808.0", "-9.223372036854775808e18", "9223372036854775807.0", "9.223372036854775807E+18"];
    assert_eq!(accepted("wide", &spelt), spelt);
    let rounded =
        ["-9223372036854776832", "-9223372036854775809.0", "-9.223372036854775809e18", "9223372036854775808.0"];
    assert_eq!(accepted("wide", &rounded), [""; 0]);
    assert_eq!(accepted("count", &["9007199254740993.0", "9007199254740994.0"]), ["9007199254740993.0"]);
    let fractions = ["1.00000000000000000001", "2147483647.00000000000001", "1e-400", "7e-1"];
    for member in ["small", "few", "wide", "count"] {
        assert_eq!(accepted(member, &fractions), [""; 0], "{member}");
    }
    assert_eq!(accepted("small", &["2.147483647e9", "2.147483648e9", "214748364800e-2"]), ["2.147483647e9"]);
    assert_eq!(accepted("ratio", &fractions), fractions);
    let two_64 = ["18446744073709551615", "18446744073709551616", "-18446744073709551616"];
    assert_eq!(accepted("wide", &two_64), [""; 0]);
    assert_eq!(accepted("ratio", &two_64), two_64);
}

#[test]
fn numbers_that_json_does_not_have() {
    let none = ["01", "-", "+1", ".5", "1.", "1e", "1e+", "0x1", "NaN", "Infinity", "1_0", "--1", "00", "-01", "1.e1"];
    for member in ["small", "wide", "ratio"] {
        assert_eq!(accepted(member, &none), [""; 0], "{member}");
    }
}

/// A payload of `EchoThing` with this text in it, quotes included.
fn echo(text: &str) -> String {
    format!(r#"{{"id": "a", "text": {text}}}"#)
}

#[test]
fn texts_at_the_edge_of_json() {
    let paired = r#""\ud83d\ude00\n\/\"\\ \u0000 é \u007f""#;
    assert!(conforms("EchoThing", &echo(paired)));
    for lone in [r#""\ud800""#, r#""\udc00""#, r#""\ud800\ud800""#, r#""\ud800x""#, r#""\udc00\ud800""#] {
        assert!(!conforms("EchoThing", &echo(lone)), "{lone}");
    }
    for broken in
        ["\"\n\"", "\"\t\"", "\"\u{0}\"", "\"\u{1f}\"", r#""\x41""#, r#""\u12g4""#, r#""\u123""#, "\"", r#""\""#, "'a'"]
    {
        assert!(!conforms("EchoThing", &echo(broken)), "{broken:?}");
    }
    // Sizes are in code points, also where they are written as escapes.
    for (label, fits) in [(r#""éé""#, true), (r#""é""#, false), (r#""\u00e9\u00e9""#, true), (r#""😀😀😀😀😀""#, false)]
    {
        assert_eq!(conforms("EchoThing", &format!(r#"{{"id": "a", "label": {label}}}"#)), fits, "{label}");
    }
}

#[test]
fn keys_that_stand_twice_or_are_escaped() {
    assert!(conforms("EchoThing", r#"{"\u0069d": "a"}"#));
    for twice in
        [r#"{"id": "a", "id": "a"}"#, r#"{"id": "a", "\u0069d": "a"}"#, r#"{"id": "a", "text": "x", "id": "a"}"#]
    {
        assert!(!conforms("EchoThing", twice), "{twice}");
    }
    assert!(conforms("ChooseThing", r#"{"byColour": {"RED": "a", "BLUE": "b"}}"#));
    for twice in [r#"{"RED": "a", "RED": "b"}"#, r#"{"RED": "a", "\u0052ED": "b"}"#] {
        assert!(!conforms("ChooseThing", &format!(r#"{{"byColour": {twice}}}"#)), "{twice}");
    }
    assert!(!conforms("KeepThing", r#"{"document": {"a": 1, "a": 2}}"#));
}

#[test]
fn values_within_each_other_up_to_the_limit_of_parsers() {
    let nested = |levels: usize| {
        let tree = r#"{"value": 1, "next": "#.repeat(levels) + r#"{"value": 1}"# + &"}".repeat(levels);
        format!(r#"{{"id": "a", "tree": {tree}}}"#)
    };
    for levels in [1, 50, 120, 124, 125] {
        assert!(conforms("EchoThing", &nested(levels)), "{levels}");
    }
    for levels in [126, 127, 128, 129, 1_000, 100_000] {
        assert!(!conforms("EchoThing", &nested(levels)), "{levels}");
    }
    let document = |levels: usize| format!(r#"{{"document": {}1{}}}"#, "[".repeat(levels), "]".repeat(levels));
    assert!(conforms("KeepThing", &document(126)) && !conforms("KeepThing", &document(127)));
    // An empty object is a level, too.
    for (levels, fits) in [(125, true), (126, false)] {
        let inner = format!(r#"{{"document": {}{{}}{}}}"#, "[".repeat(levels), "]".repeat(levels));
        assert_eq!(conforms("KeepThing", &inner), fits, "{levels}");
    }
}

#[test]
fn what_stands_around_a_value() {
    for text in ["{\"id\": \"a\"}", " \t\r\n{ \"id\" : \"a\" } \n", "{\"id\":\"a\"}"] {
        assert!(conforms("EchoThing", text), "{text:?}");
    }
    for text in [
        "",
        " ",
        "{",
        "{\"id\"}",
        "{\"id\":}",
        "{\"id\": \"a\",}",
        "{,\"id\": \"a\"}",
        "{\"id\": \"a\"} x",
        "{\"id\": \"a\"}}",
        "{\"id\": \"a\"}{}",
        "{\"id\" \"a\"}",
        "{id: \"a\"}",
        "{\"id\": \"a\" \"text\": \"b\"}",
        "\u{feff}{\"id\": \"a\"}",
        "{\"id\":\u{a0}\"a\"}",
        "{\"id\":\u{b}\"a\"}",
        "[]",
        "null",
        "{\"id\": \"a\", \"text\": nul}",
        "{\"id\": truE}",
    ] {
        assert!(!conforms("EchoThing", text), "{text:?}");
    }
    let lists = ["[1, 2]", "[]", "[1,]", "[,1]", "[1 2]", "[1", "[null, 1]", "[[1]]"];
    let fits = |list: &&&str| conforms("ChooseThing", &format!(r#"{{"grid": [{list}]}}"#));
    assert_eq!(lists.iter().filter(fits).copied().collect::<Vec<_>>(), ["[1, 2]", "[]", "[null, 1]"]);
}

/// Findings of a file of records, by both paths.
fn findings(bytes: &[u8]) -> [Vec<String>; 2] {
    let mut catalog = Catalog::default();
    catalog.add_contract(Contract::new(thing()));
    let expectations = Expectations::shipped().expect("shipped expectations are sound");
    [Paths::Both, Paths::FullAlone].map(|paths| {
        let input = Input::Stream(Box::new(std::io::Cursor::new(bytes.to_vec())));
        let options = Options { paths, threads: 2, ..Options::new(&catalog, &expectations) };
        let checked = run(vec![input], &options).expect("the contract is sound");
        let mut all: Vec<String> = checked.findings.iter().map(|finding| format!("{finding:?}")).collect();
        all.push(format!("{:?}", checked.tally));
        all
    })
}

#[test]
fn bytes_that_are_no_text() {
    let record = |payload: &[u8]| {
        let head = br#"{"service":"thing","operation":"EchoThing","direction":"request","payload":"#;
        [&head[..], payload, b"}\n"].concat()
    };
    let sound = record(br#"{"id": "a", "text": "\u00e9"}"#);
    // Cut sequences, lone ones, overlong ones, surrogates, beyond the last code point.
    let broken: [&[u8]; 8] = [
        b"\xff",
        b"\xc3",
        b"\xa9",
        b"\xc0\xaf",
        b"\xe0\x80\xaf",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\xf0\x9f\x98",
    ];
    for bytes in broken {
        for place in [&b"text"[..], b"id"] {
            let payload = [b"{\"id\": \"a\", \"", place, b"\": \"", bytes, b"\"}"].concat();
            let [both, full] = findings(&[&sound[..], &record(&payload), &sound].concat());
            assert_eq!(both, full);
            assert_eq!(both.len(), 2, "{bytes:x?}: {both:?}");
        }
    }
    let [both, full] = findings(&[&sound[..], &sound].concat());
    assert_eq!(both, full);
    assert_eq!(both.len(), 1, "{both:?}");
}
