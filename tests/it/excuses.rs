//! Both directions of every excuse: what a recorder or tool does to sound traffic is no finding in what it wrote down, the
//! same form from one that does not do so is, and so is a fault beside it.
//!
//! The cases are an exhaustive match over [`Excuse`], so that an excuse without both directions does not compile.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};
use shapegate::check::{Catalog, Input};
use shapegate::contract::{Breach, Contract, Observation};
use shapegate::ingest::source::Source;
use shapegate::model::{Direction, Encoding};
use shapegate::recording::{Class, Exchange, Excuse, Extent, Failure, Fidelity, Object, Payload, ServiceName};

use crate::lossy_formats::thing_catalog_of;
use crate::support::{catalog, check};

/// One excuse as one form: what it makes of a sound payload of an operation `GetThing`.
struct Case {
    service: &'static str,
    protocol: &'static str,
    half: Direction,
    /// The members of the half; further shapes are those of [`shapes`].
    members: Value,
    required: Value,
    /// The payload is of the error `Gone`, which has the members.
    of_error: bool,
    /// The excused form, with the rule and place of the finding where nothing rewrites.
    excused: (Value, &'static str, &'static str),
    /// A fault that the same recorder's recordings show.
    fault: (Value, &'static str, &'static str),
    /// A model of its own, where botocore's language cannot say what the case needs.
    model: Option<Value>,
}

impl Case {
    fn of(
        members: Value,
        excused: (Value, &'static str, &'static str),
        fault: (Value, &'static str, &'static str),
    ) -> Self {
        let (service, protocol, half) = ("Thing", "json", Direction::Response);
        Self { service, protocol, half, members, required: json!([]), of_error: false, excused, fault, model: None }
    }

    fn service(self, service: &'static str, protocol: &'static str) -> Self {
        Self { service, protocol, ..self }
    }

    fn request(self) -> Self {
        Self { half: Direction::Request, ..self }
    }

    fn requiring(self, members: Value) -> Self {
        Self { required: members, ..self }
    }

    fn contract(&self) -> Contract {
        if let Some(model) = &self.model {
            return Contract::from_bytes(model.to_string()).expect("a model");
        }
        let half = json!({"type": "structure", "members": self.members, "required": self.required});
        let none = json!({"type": "structure", "members": {}});
        let (input, output) = match (self.half, self.of_error) {
            (_, true) => (&none, &none),
            (Direction::Request, _) => (&half, &none),
            (Direction::Response, _) => (&none, &half),
        };
        let mut error = if self.of_error { half.clone() } else { none.clone() };
        error["exception"] = true.into();
        let mut shapes = shapes();
        shapes["Input"] = input.clone();
        shapes["Output"] = output.clone();
        shapes["Gone"] = error;
        let model = json!({
            "metadata": {"apiVersion": "2020-01-01", "endpointPrefix": "thing", "protocol": self.protocol,
                "serviceId": self.service, "jsonVersion": "1.1", "targetPrefix": "Thing"},
            "operations": {"GetThing": {"name": "GetThing", "http": {"method": "POST", "requestUri": "/things"},
                "input": {"shape": "Input"}, "output": {"shape": "Output"}, "errors": [{"shape": "Gone"}]}},
            "shapes": shapes,
        });
        Contract::from_bytes(model.to_string()).expect("a model")
    }

    fn observe(&self, contract: &Contract, fidelity: Fidelity, value: &Value) -> Observation {
        let text = value.to_string();
        let name = ServiceName::Name(contract.service().name.clone().into());
        let mut exchange = Exchange::named(name, "GetThing".into(), Extent::Exchange);
        let mut payload = Payload::text(&text, Encoding::Parsed);
        if fidelity == Fidelity::Objects && value.get("Expires").is_some() {
            // placebo has an object in the place of this text.
            payload.objects.push(Object { pointer: "/Expires".into(), class: Class::Datetime });
        }
        match (self.half, self.of_error) {
            (_, true) => exchange.error = Some(Failure { code: Some("Gone".into()), needs_code: true, payload }),
            (Direction::Request, _) => exchange.request = Some(payload),
            (Direction::Response, _) => exchange.response = Some(payload),
        }
        exchange.fidelity = fidelity;
        contract.observe(&exchange).expect("a sound contract")
    }
}

/// Shapes of all cases.
fn shapes() -> Value {
    json!({
        "Text": {"type": "string"}, "Word": {"type": "string", "pattern": "[a-z]+"}, "Long": {"type": "string", "min": 40},
        "policyDocumentType": {"type": "string"}, "TemplateBody": {"type": "string"}, "SensitiveData": {"type": "string"},
        "Time": {"type": "timestamp"}, "Bytes": {"type": "blob"}, "Number": {"type": "integer"}, "Big": {"type": "long"},
        "Flag": {"type": "boolean"}, "Words": {"type": "list", "member": {"shape": "Word"}},
        "Few": {"type": "list", "member": {"shape": "Text"}, "max": 2, "min": 1},
        "ByWord": {"type": "map", "key": {"shape": "Word"}, "value": {"shape": "Text"}},
        "Box": {"type": "structure", "members": {"Lid": {"shape": "Text"}}}, "Kind": {"type": "string", "enum": ["a", "b"]},
        "Layer": {"type": "structure", "members": {"Lid": {"shape": "Text"}}},
        "Boxes": {"type": "list", "member": {"shape": "Chest"}},
        "Chest": {"type": "structure", "members": {"Lid": {"shape": "Text"}, "Base": {"shape": "Text"}}},
        "Choice": {"type": "structure", "union": true, "members": {"Left": {"shape": "Text"}, "Right": {"shape": "Text"}}},
    })
}

/// How an excuse is shown.
enum Shown {
    /// By payloads held against a contract.
    Cases(Vec<Case>),
    /// By whole recordings: what is found in the first is nothing, in the others the rule that is named.
    Recordings(fn()),
}

use Shown::{Cases, Recordings};

const WRONG: &str = "wrong-type";
const UNKNOWN: &str = "unknown-member";

#[allow(clippy::too_many_lines, reason = "it is a table: a row for each excuse")]
fn shown(excuse: Excuse) -> Shown {
    let only = |case: Case| Cases(vec![case]);
    match excuse {
        Excuse::PolicyDecoded => {
            let members = json!({"Policy": {"shape": "policyDocumentType"}});
            let excused = (json!({"Policy": {"Statement": []}}), WRONG, "/Policy");
            only(Case::of(members, excused, (json!({"Policy": 7}), WRONG, "/Policy")).service("IAM", "query"))
        }
        Excuse::TemplateDecoded => {
            let members = json!({"TemplateBody": {"shape": "TemplateBody"}});
            let excused = (json!({"TemplateBody": {"Resources": {}}}), WRONG, "/TemplateBody");
            let case = Case::of(members, excused, (json!({"TemplateBody": 7}), WRONG, "/TemplateBody"));
            only(case.service("CloudFormation", "query"))
        }
        Excuse::LocationNulled => {
            let members = json!({"LocationConstraint": {"shape": "Text"}, "Note": {"shape": "Text"}});
            let excused = (json!({"LocationConstraint": null}), "null-member", "/LocationConstraint");
            let fault = (json!({"Note": null}), "null-member", "/Note");
            only(Case::of(members, excused, fault).service("S3", "rest-xml"))
        }
        Excuse::LocationBesideError => {
            let excused = (json!({"LocationConstraint": null}), UNKNOWN, "/LocationConstraint");
            let fault = (json!({"LocationConstraint": "eu-west-1"}), UNKNOWN, "/LocationConstraint");
            only(Case { of_error: true, ..Case::of(json!({}), excused, fault).service("S3", "rest-xml") })
        }
        Excuse::ExpiresTwice => {
            let at = "2023-08-30T01:02:03Z";
            let excused = (json!({"Expires": at, "ExpiresString": "0"}), UNKNOWN, "/ExpiresString");
            let case = Case::of(
                json!({"Expires": {"shape": "Time"}}),
                excused,
                (json!({"ExpiresString": "0"}), UNKNOWN, "/ExpiresString"),
            );
            only(case.service("S3", "rest-xml"))
        }
        Excuse::BlobAsText => {
            let members = json!({"Data": {"shape": "Bytes"}});
            only(Case::of(
                members,
                (json!({"Data": "a,b\n1"}), "blob-form", "/Data"),
                (json!({"Data": {}}), "blob-form", "/Data"),
            ))
        }
        Excuse::HeaderLeftOut => {
            let members = json!({"Tag": {"shape": "Text", "location": "header", "locationName": "x-tag"}, "Note": {"shape": "Text"}});
            let excused = (json!({"Note": "a"}), "missing-member", "/Tag");
            let fault = (json!({"Tag": "a"}), "missing-member", "/Note");
            only(Case::of(members, excused, fault).service("Thing", "rest-json").requiring(json!(["Tag", "Note"])))
        }
        Excuse::SentHeaderLeftOut => {
            let members = json!({"Tag": {"shape": "Text", "location": "header", "locationName": "x-tag"}, "Note": {"shape": "Text"}});
            let excused = (json!({"Note": "a"}), "missing-member", "/Tag");
            let fault = (json!({"Tag": "a"}), "missing-member", "/Note");
            let case = Case::of(members, excused, fault).service("Thing", "rest-json").request();
            only(case.requiring(json!(["Tag", "Note"])))
        }
        Excuse::ParameterRemoved => {
            let members = json!({"Page": {"shape": "Text", "location": "querystring", "locationName": "page"},
                "Note": {"shape": "Text"}});
            let excused = (json!({"Note": "a"}), "missing-member", "/Page");
            let fault = (json!({"Page": "a"}), "missing-member", "/Note");
            let case = Case::of(members, excused, fault).service("Thing", "rest-json").request();
            only(case.requiring(json!(["Page", "Note"])))
        }
        Excuse::ValueCleared => {
            let case = |shape: &str, excused: &str, fault: Value, rule| {
                let members = json!({"It": {"shape": shape}});
                Case::of(members, (json!({"It": excused}), rule, "/It"), (json!({"It": fault}), rule, "/It")).request()
            };
            Cases(vec![
                case("Kind", "CLEARED", json!("c"), "unknown-enum-value"),
                case("Word", "a-CLEARED", json!("A"), "pattern-mismatch"),
                case("Long", "CLEARED", json!("a"), "length-out-of-range"),
                case("Number", "CLEARED", json!("a"), WRONG),
                case("Time", "CLEARED", json!("yesterday"), "timestamp-form"),
                case("Bytes", "CLEARED?", json!("?"), "blob-form"),
            ])
        }
        Excuse::PartNotMatched => {
            let members = json!({"Tag": {"shape": "Text", "location": "header", "locationName": "x-tag"},
                "Page": {"shape": "Text", "location": "querystring", "locationName": "page"}, "Note": {"shape": "Text"}});
            let case = |excused, fault| {
                let case = Case::of(members.clone(), excused, fault).service("Thing", "rest-json").request();
                case.requiring(json!(["Tag", "Page", "Note"]))
            };
            let fault = || (json!({"Tag": "a", "Page": "a"}), "missing-member", "/Note");
            Cases(vec![
                case((json!({"Note": "a", "Page": "a"}), "missing-member", "/Tag"), fault()),
                case((json!({"Note": "a", "Tag": "a"}), "missing-member", "/Page"), fault()),
            ])
        }
        Excuse::PagesJoined => {
            let excused = (json!({"All": ["a", "b", "c"]}), "length-out-of-range", "/All");
            only(Case::of(
                json!({"All": {"shape": "Few"}}),
                excused,
                (json!({"All": []}), "length-out-of-range", "/All"),
            ))
        }
        Excuse::TimeAsItCame => {
            let fault = || (json!({"At": "yesterday"}), "timestamp-form", "/At");
            let times = [json!(1_693_400_000.5), json!("Wed, 30 Aug 2023 12:34:56 GMT")];
            let case = |time| {
                Case::of(json!({"At": {"shape": "Time"}}), (json!({"At": time}), "timestamp-form", "/At"), fault())
            };
            Cases(times.map(case).into())
        }
        Excuse::TimeAsShown => {
            let members = json!({"At": {"shape": "Time"}, "Note": {"shape": "Text"}});
            only(Case::of(
                members,
                (json!({"At": "yesterday"}), "timestamp-form", "/At"),
                (json!({"Note": 1}), WRONG, "/Note"),
            ))
        }
        Excuse::BlobAsShown => {
            let members = json!({"Data": {"shape": "Bytes"}, "Note": {"shape": "Text"}});
            only(Case::of(
                members,
                (json!({"Data": "file b64://a"}), "blob-form", "/Data"),
                (json!({"Note": 1}), WRONG, "/Note"),
            ))
        }
        Excuse::ValueReplaced
        | Excuse::KeyReplaced
        | Excuse::NamedAfterMember
        | Excuse::NamedByTest
        | Excuse::ItemsReplaced
        | Excuse::TextParsed
        | Excuse::DataParsed
        | Excuse::ListMade
        | Excuse::ContainerMade
        | Excuse::BlobMade
        | Excuse::IdsSideBySide => Cases(of_snapshot(excuse)),
        Excuse::MemberLeftOut
        | Excuse::NullForLeftOut
        | Excuse::TimeLogged
        | Excuse::BlobLogged
        | Excuse::CutShort
        | Excuse::VariantLeftOut
        | Excuse::OtherNames
        | Excuse::OtherCase
        | Excuse::ScalarAsText
        | Excuse::TextAsScalar
        | Excuse::EmptyAsText
        | Excuse::EmptyAsObject
        | Excuse::ParameterAsList
        | Excuse::OnlyElement
        | Excuse::ListWrapped
        | Excuse::Masked
        | Excuse::PayloadOmitted
        | Excuse::StructureUnwrapped => Cases(of_log(excuse)),
        Excuse::MemberOfLog | Excuse::EmptyForLeftOut => Cases(of_log_alone(excuse)),
        Excuse::CodeLeftOut => Recordings(error_codes),
        Excuse::QueryErrorLeftOut => Recordings(query_errors),
        Excuse::BodyNotMatched => Recordings(media_types),
        Excuse::CodeOfLog => Recordings(codes_of_logs),
        Excuse::OutputOfLog => Recordings(outputs_of_logs),
        Excuse::ServiceOfLog => Recordings(services_of_logs),
        Excuse::Incomplete => Recordings(expectations),
    }
}

fn of_snapshot(excuse: Excuse) -> Vec<Case> {
    let members = json!({"name": {"shape": "Word"}, "long": {"shape": "Long"}, "note": {"shape": "Text"}, "madeAt": {"shape": "Time"},
        "count": {"shape": "Number"}, "big": {"shape": "Big"}, "words": {"shape": "Words"}, "byWord": {"shape": "ByWord"},
        "box": {"shape": "Box"}, "choice": {"shape": "Choice"}, "data": {"shape": "Bytes"}, "secret": {"shape": "SensitiveData"}});
    let case = |excused: (Value, _, _), fault: (Value, _, _)| Case::of(members.clone(), excused, fault);
    match excuse {
        Excuse::ValueReplaced => vec![
            case(
                (json!({"name": "<name:1>"}), "pattern-mismatch", "/name"),
                (json!({"name": "N1"}), "pattern-mismatch", "/name"),
            ),
            case((json!({"count": "<count:1>"}), WRONG, "/count"), (json!({"count": "many"}), WRONG, "/count")),
            case(
                (json!({"madeAt": "timestamp"}), "timestamp-form", "/madeAt"),
                (json!({"madeAt": "now"}), "timestamp-form", "/madeAt"),
            ),
        ],
        Excuse::KeyReplaced => {
            let place = |key: &str| json!({"byWord": {key: "a"}});
            vec![case(
                (place("<key:1>"), "pattern-mismatch", "/byWord/<key:1>"),
                (place("KEY"), "pattern-mismatch", "/byWord/KEY"),
            )]
        }
        Excuse::NamedAfterMember => vec![case(
            (json!({"madeAt": "made-at"}), "timestamp-form", "/madeAt"),
            (json!({"madeAt": "last-made-at"}), "timestamp-form", "/madeAt"),
        )],
        Excuse::NamedByTest => vec![case(
            (json!({"long": "thing-url"}), "length-out-of-range", "/long"),
            (json!({"long": "https://a"}), "length-out-of-range", "/long"),
        )],
        Excuse::ItemsReplaced => {
            let differing = json!({"smithy": "2.0", "shapes": {
                "a.b#Thing": {"type": "service", "version": "2020-01-01", "operations": [{"target": "a.b#GetThing"}],
                    "traits": {"aws.api#service": {"sdkId": "Thing", "endpointPrefix": "thing"}, "aws.protocols#awsJson1_1": {}}},
                "a.b#GetThing": {"type": "operation", "output": {"target": "a.b#Output"}},
                "a.b#Output": {"type": "structure", "members": {"words": {"target": "a.b#Words"}}},
                "a.b#Words": {"type": "list", "member": {"target": "smithy.api#String"}, "traits": {"smithy.api#uniqueItems": {}}}}});
            let twice = |word: &str| (json!({"words": [word, word]}), "duplicate-item", "/words");
            vec![Case { model: Some(differing), ..case(twice("<word:1>"), twice("a")) }]
        }
        Excuse::TextParsed => {
            let fault = || (json!({"note": 7}), WRONG, "/note");
            [json!({}), json!([1])].map(|note| case((json!({"note": note}), WRONG, "/note"), fault())).into()
        }
        Excuse::DataParsed => [json!(7), json!(true)]
            .map(|secret| {
                case((json!({"secret": secret}), WRONG, "/secret"), (json!({"note": secret}), WRONG, "/note"))
            })
            .map(|case| case.service("SFN", "json"))
            .into(),
        Excuse::ListMade => {
            let fault = || (json!({"words": 7}), WRONG, "/words");
            [json!("a"), json!({"a": 1})].map(|made| case((json!({"words": made}), WRONG, "/words"), fault())).into()
        }
        Excuse::ContainerMade => {
            [("box", json!("a")), ("box", json!(["a"])), ("byWord", json!(["a"])), ("choice", json!("a"))]
                .map(|(member, made)| {
                    let place = ["/box", "/byWord", "/choice"]
                        .into_iter()
                        .find(|place| place[1..] == *member)
                        .expect("a member");
                    case((json!({member: made}), WRONG, place), (json!({member: 7}), WRONG, place))
                })
                .into()
        }
        Excuse::BlobMade => {
            let fault = || (json!({"data": 7}), "blob-form", "/data");
            [json!("b'\\x00'"), json!({}), json!([1])]
                .map(|made| case((json!({"data": made}), "blob-form", "/data"), fault()))
                .into()
        }
        Excuse::IdsSideBySide => [("count", "/count"), ("big", "/big")]
            .map(|(member, place)| {
                case((json!({member: [3, 4]}), WRONG, place), (json!({member: ["3"]}), WRONG, place))
            })
            .into(),
        other => panic!("{other:?} is not of snapshots"),
    }
}

/// What a log has that never travelled.
fn of_log_alone(excuse: Excuse) -> Vec<Case> {
    match excuse {
        Excuse::MemberOfLog => {
            let members = json!({"Layer": {"shape": "Layer"}, "Box": {"shape": "Box"}});
            let added = |member: &str, name: &str| json!({member: {"Lid": "a", name: 7}});
            let in_box = || (added("Box", "uncompressedCodeSize"), UNKNOWN, "/Box/uncompressedCodeSize");
            let other = || (added("Layer", "compressedCodeSize"), UNKNOWN, "/Layer/compressedCodeSize");
            let excused = || (added("Layer", "uncompressedCodeSize"), UNKNOWN, "/Layer/uncompressedCodeSize");
            let of_lambda =
                |fault: (Value, _, _)| Case::of(members.clone(), excused(), fault).service("Lambda", "json");
            let output = |name: &str, place| (json!({name: "a"}), UNKNOWN, place);
            let of_kms = Case::of(members.clone(), output("keyId", "/keyId"), output("keyArn", "/keyArn"))
                .service("KMS", "json");
            vec![of_lambda(in_box()), of_lambda(other()), of_kms]
        }
        Excuse::EmptyForLeftOut => {
            let members = json!({"Kind": {"shape": "Kind"}, "Name": {"shape": "Word"}, "Words": {"shape": "Words"}});
            let kind = |kind: &str| (json!({"Kind": kind}), "unknown-enum-value", "/Kind");
            vec![
                Case::of(members.clone(), kind(""), kind(" ")),
                Case::of(members.clone(), (json!({"Name": ""}), "pattern-mismatch", "/Name"), kind("other")),
                Case::of(members, (json!({"Words": [""]}), "pattern-mismatch", "/Words/0"), kind("other")),
            ]
        }
        other => panic!("{other:?} is not of logs alone"),
    }
}

fn of_log(excuse: Excuse) -> Vec<Case> {
    let members = json!({"Name": {"shape": "Word"}, "Long": {"shape": "Long"}, "MadeAt": {"shape": "Time"}, "Count": {"shape": "Number"},
        "Flag": {"shape": "Flag"}, "Words": {"shape": "Words"}, "Data": {"shape": "Bytes"}, "Choice": {"shape": "Choice"},
        "ByWord": {"shape": "ByWord"}, "Box": {"shape": "Box"}});
    let case = |excused: (Value, _, _), fault: (Value, _, _)| Case::of(members.clone(), excused, fault);
    let misfit = || (json!({"Name": "N"}), "pattern-mismatch", "/Name");
    match excuse {
        Excuse::MemberLeftOut => {
            vec![case((json!({}), "missing-member", "/Name"), misfit()).requiring(json!(["Name"]))]
        }
        Excuse::NullForLeftOut => vec![case((json!({"Words": ["a", null]}), "null-member", "/Words/1"), misfit())],
        Excuse::TimeLogged => {
            vec![case((json!({"MadeAt": "Aug 30, 2023 12:34:56 PM"}), "timestamp-form", "/MadeAt"), misfit())]
        }
        Excuse::BlobLogged => vec![case((json!({"Data": {"hb": [1]}}), "blob-form", "/Data"), misfit())],
        Excuse::CutShort => {
            vec![case((json!({"Long": "a…"}), "length-out-of-range", "/Long"), misfit())]
        }
        Excuse::VariantLeftOut => {
            let several = (json!({"Choice": {"Left": "a", "Right": "b"}}), "union-arity", "/Choice");
            vec![case((json!({"Choice": {}}), "union-arity", "/Choice"), several)]
        }
        Excuse::OtherNames => ["rest-xml", "ec2"]
            .map(|protocol| {
                case((json!({"bucketName": "a"}), UNKNOWN, "/bucketName"), misfit()).service("Thing", protocol)
            })
            .into(),
        Excuse::OtherCase => {
            vec![case((json!({"name": "n"}), UNKNOWN, "/name"), (json!({"nome": "n"}), UNKNOWN, "/nome"))]
        }
        Excuse::ScalarAsText => vec![
            case((json!({"Count": "3"}), WRONG, "/Count"), (json!({"Count": "1.5"}), WRONG, "/Count")),
            case((json!({"Flag": "true"}), WRONG, "/Flag"), (json!({"Flag": "yes"}), WRONG, "/Flag")),
        ],
        Excuse::TextAsScalar => ["rest-xml", "query", "ec2"]
            .into_iter()
            .flat_map(|protocol| {
                let fault = || (json!({"Name": ["a", "b"]}), WRONG, "/Name");
                [
                    case((json!({"Name": true}), WRONG, "/Name"), fault()),
                    case((json!({"Name": 7}), WRONG, "/Name"), fault()),
                    case((json!({"Words": ["a", 7.5]}), WRONG, "/Words/1"), fault()),
                ]
                .map(|case| case.service("Thing", protocol))
            })
            .collect(),
        Excuse::EmptyAsText => [("Words", "/Words"), ("ByWord", "/ByWord"), ("Box", "/Box")]
            .map(|(member, place)| {
                case((json!({(member): ""}), WRONG, place), (json!({"Box": "A"}), WRONG, "/Box"))
                    .service("Thing", "rest-xml")
            })
            .into(),
        Excuse::EmptyAsObject => {
            let lid = |lid: Value| (json!({"Box": {"Lid": lid}}), WRONG, "/Box/Lid");
            vec![case(lid(json!({})), lid(json!({"a": 1}))).service("Thing", "rest-xml")]
        }
        Excuse::ParameterAsList => {
            let name = |texts: Value| (json!({"Name": texts}), WRONG, "/Name");
            let within = (json!({"Box": {"Lid": ["a"]}}), WRONG, "/Box/Lid");
            [name(json!(["a", "b"])), name(json!([7])), within]
                .map(|fault| case(name(json!(["a"])), fault).service("S3", "rest-xml"))
                .into()
        }
        Excuse::OnlyElement => {
            let boxes = json!({"Boxes": {"shape": "Boxes"}});
            let of_several = Case::of(
                boxes,
                (json!({"Boxes": {"Lid": "a", "Base": "b"}}), WRONG, "/Boxes"),
                (json!({"Boxes": {"Lid": "a", "Bottom": "b"}}), UNKNOWN, "/Boxes/Bottom"),
            );
            vec![
                case((json!({"Words": "a"}), WRONG, "/Words"), (json!({"Words": "A"}), "pattern-mismatch", "/Words")),
                of_several,
            ]
        }
        Excuse::ListWrapped => {
            let fault = || (json!({"Words": {"items": ["A"]}}), "pattern-mismatch", "/Words/items/0");
            [json!({"items": ["a"]}), json!({"items": "a"}), json!({})]
                .map(|words| case((json!({"Words": words}), WRONG, "/Words"), fault()))
                .into()
        }
        Excuse::Masked => ["***", "HIDDEN_DUE_TO_SECURITY_REASONS", "<sensitiveDataRemoved>"]
            .map(|mask| case((json!({"Name": mask}), "pattern-mismatch", "/Name"), misfit()))
            .into(),
        Excuse::PayloadOmitted => {
            let omitted = json!({"omitted": true, "originalSize": 200_000, "reason": "too large"});
            vec![case((omitted, UNKNOWN, "/omitted"), (json!({"omitted": true}), UNKNOWN, "/omitted"))]
        }
        Excuse::StructureUnwrapped => {
            let members = json!({"Box": {"shape": "Box"}});
            vec![Case::of(
                members,
                (json!({"Lid": "a"}), "misplaced-member", "/Lid"),
                (json!({"Lod": "a"}), UNKNOWN, "/Lod"),
            )]
        }
        other => panic!("{other:?} is not of logs"),
    }
}

/// Rule and place of each breach.
fn told(breaches: &[Breach]) -> Vec<(&str, &str)> {
    breaches.iter().map(|breach| (breach.kind.rule().id, breach.pointer.as_str())).collect()
}

#[test]
fn every_excuse_is_quiet_from_its_recorders_and_loud_from_others() {
    let mut wrong = Vec::new();
    for excuse in Excuse::ALL.iter().copied() {
        assert!(!excuse.by().is_empty() && !excuse.holds(Fidelity::Exact), "{excuse:?}");
        match shown(excuse) {
            Cases(cases) => {
                assert!(!cases.is_empty(), "{excuse:?} has no case");
                for case in cases {
                    wrong.extend(wrong_in(excuse, &case));
                }
            }
            Recordings(test) => test(),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is not as an excuse's case says.
fn wrong_in(excuse: Excuse, case: &Case) -> Vec<String> {
    let contract = case.contract();
    let mut wrong = Vec::new();
    for fidelity in Fidelity::ALL.iter().copied() {
        let (value, rule, place) = &case.excused;
        let seen = case.observe(&contract, fidelity, value);
        let made: BTreeSet<Excuse> = seen.excused.iter().chain(&seen.undone).copied().collect();
        let found = told(&seen.breaches);
        let is_right = if excuse.holds(fidelity) {
            found.is_empty() && made == BTreeSet::from([excuse])
        } else if made.is_empty() {
            found.contains(&(*rule, *place))
        } else {
            fidelity != Fidelity::Exact
        };
        if !is_right {
            wrong.push(format!("{excuse:?} in {fidelity:?}: {value}: {made:?} {found:?}"));
        }
        let (value, rule, place) = &case.fault;
        let seen = case.observe(&contract, fidelity, value);
        if excuse.holds(fidelity) && told(&seen.breaches) != [(*rule, *place)] {
            wrong.push(format!("beside {excuse:?} in {fidelity:?}: {value}: {:?}", told(&seen.breaches)));
        }
    }
    wrong
}

/// Rules of what is found in one file that is held against a contract within shapegate, or against a model.
fn rules_of(model: Option<&Value>, name: &str, text: &str) -> Vec<&'static str> {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = dir.path().join("in").join(name);
    fs::create_dir_all(path.parent().expect("below the folder")).expect("writable");
    fs::write(&path, text).expect("writable");
    let catalog = match model {
        Some(model) => thing_catalog_of(dir.path(), &model.to_string()),
        None => catalog("cleanrooms@2023-08-30"),
    };
    let checked = check(&catalog, vec![Input::Path(path)], 1);
    assert_eq!(checked.tally.exchanges, 1, "{name}: {:?}", checked.tally);
    checked.findings.iter().map(|finding| finding.rule.id).collect()
}

const MEMBERSHIP: &str = "/memberships/3e3be000-5c1d-4e2a-9b3f-000000000001";
/// What every response of AWS has.
const DATE: (&str, &str) = ("date", "Fri, 01 Sep 2023 10:00:00 GMT");

/// A cassette of one exchange.
fn cassette(url: &str, request: &[(&str, &str)], status: u16, response: &[(&str, &str)], body: &str) -> String {
    let headers = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect::<serde_json::Map<_, _>>()
    };
    let method = if request.is_empty() { "GET" } else { "POST" };
    json!({
        "request": {"method": method, "url": url, "headers": headers(request), "body": if request.is_empty() { "" } else { "{}" }},
        "response": {"status": {"code": status, "message": "m"}, "headers": headers(response), "body": body},
    })
    .to_string()
}

/// A stub of a mock server for a membership.
fn stub(request: &Value, status: u16, body: &Value) -> String {
    let mut matched =
        json!({"method": "GET", "url": MEMBERSHIP, "host": {"equalTo": "cleanrooms.us-east-1.amazonaws.com"}});
    matched.as_object_mut().expect("an object").extend(request.as_object().expect("an object").clone());
    json!({"request": matched, "response": {"status": status, "jsonBody": body}}).to_string()
}

fn error_codes() {
    let url = format!("https://cleanrooms.us-east-1.amazonaws.com{MEMBERSHIP}");
    let answered = |headers: &[(&str, &str)]| rules_of(None, "a.json", &cassette(&url, &[], 404, headers, "{}"));
    let kind = ("content-type", "application/json");
    assert_eq!(answered(&[kind]), [""; 0]);
    assert_eq!(answered(&[kind, DATE]), ["missing-error-code"]);
    assert_eq!(rules_of(None, "a.json", &stub(&json!({}), 404, &json!({}))), [""; 0]);
    let nothing = rules_of(None, "a.json", &stub(&json!({}), 200, &json!({})));
    assert_eq!(nothing, ["missing-member"], "what the body lacks is found");
}

fn query_errors() {
    let model = json!({
        "metadata": {"apiVersion": "2020-01-01", "endpointPrefix": "thing", "protocol": "json", "serviceId": "Thing",
            "jsonVersion": "1.0", "targetPrefix": "Thing", "awsQueryCompatible": {}},
        "operations": {"GetThing": {"name": "GetThing", "http": {"method": "POST", "requestUri": "/"},
            "input": {"shape": "Empty"}, "output": {"shape": "Empty"}, "errors": [{"shape": "Gone"}]}},
        "shapes": {"Empty": {"type": "structure", "members": {}},
            "Gone": {"type": "structure", "members": {}, "exception": true, "error": {"code": "Thing.Gone"}}},
    });
    let kind = ("content-type", "application/x-amz-json-1.0");
    let asked = [kind, ("x-amz-target", "Thing.GetThing"), ("x-amzn-query-mode", "true")];
    let body = r#"{"__type": "a.b#Gone"}"#;
    let answered = |headers: &[(&str, &str)]| {
        let text = cassette("https://thing.us-east-1.amazonaws.com/", &asked, 400, headers, body);
        rules_of(Some(&model), "a.json", &text)
    };
    assert_eq!(answered(&[kind]), [""; 0]);
    assert_eq!(answered(&[kind, DATE]), ["missing-query-error"]);
    assert_eq!(answered(&[kind, DATE, ("x-amzn-query-error", "Thing.Gone;Sender")]), [""; 0]);
    let host = json!({"equalTo": "thing.us-east-1.amazonaws.com"});
    let matched =
        json!({"method": "POST", "url": "/", "host": host, "headers": {"X-Amz-Target": {"equalTo": "Thing.GetThing"}}});
    let answer = json!({"status": 400, "jsonBody": {"__type": "a.b#Gone"}});
    let stub = json!({"request": matched, "response": answer}).to_string();
    assert_eq!(rules_of(Some(&model), "a.json", &stub), [""; 0]);
}

fn media_types() {
    let kind = ("content-type", "application/json");
    let url = format!("https://cleanrooms.us-east-1.amazonaws.com{MEMBERSHIP}");
    let text = cassette(&url, &[kind], 404, &[DATE, ("x-amzn-errortype", "ResourceNotFoundException")], "{}");
    let mut one: Value = serde_json::from_str(&text).expect("JSON");
    one["request"]["method"] = "GET".into();
    one["request"]["body"] = "".into();
    let found = rules_of(None, "a.json", &one.to_string());
    assert!(found.contains(&"unexpected-content-type"), "{found:?}");
    let matched = json!({"headers": {"Content-Type": {"equalTo": "application/json"}}});
    let found = rules_of(None, "a.json", &stub(&matched, 404, &json!({})));
    assert_eq!(found, [""; 0], "there may have been a body");
}

/// An event of a log and the same call as a record, which rewrites nothing.
fn event_and_record(operation: &str, halves: [&Value; 2], error: Option<&str>) -> [String; 2] {
    let [request, response] = halves;
    let mut event = json!({"eventSource": "cleanrooms.amazonaws.com", "eventName": operation, "eventID": "1", "eventType": "AwsApiCall",
        "requestParameters": request, "responseElements": response});
    let mut record = json!({"service": "cleanrooms", "operation": operation, "request": request, "encoding": "parsed"});
    match error {
        Some(code) => {
            event["errorCode"] = code.into();
            record["error"] = json!({"code": code, "message": "m"});
        }
        None => record["response"] = response.clone(),
    }
    [event.to_string(), record.to_string()]
}

fn codes_of_logs() {
    let request = json!({"membershipIdentifier": &MEMBERSHIP["/memberships/".len()..]});
    let [event, record] = event_and_record("GetMembership", [&request, &Value::Null], Some("MembershipGoneException"));
    assert_eq!(rules_of(None, "log.json", &event), [""; 0]);
    assert_eq!(rules_of(None, "records.ndjson", &record), ["undeclared-error"]);
}

fn outputs_of_logs() {
    let request = json!({"membershipIdentifier": &MEMBERSHIP["/memberships/".len()..]});
    let response = json!({"membershipSummaries": []});
    let [event, record] = event_and_record("GetMembership", [&request, &response], None);
    let [logged, recorded] =
        [("log.json", event), ("records.ndjson", record)].map(|(name, text)| rules_of(None, name, &text));
    assert!(recorded.contains(&"wrong-output") && !logged.contains(&"wrong-output"), "{recorded:?} {logged:?}");
    assert!(logged.contains(&"unknown-member"), "what it has is found: {logged:?}");
}

fn services_of_logs() {
    let model = |service: &str| {
        json!({
            "metadata": {"apiVersion": "2020-01-01", "endpointPrefix": "thing", "protocol": "json", "serviceId": service},
            "operations": {"GetThing": {"name": "GetThing", "http": {"method": "POST", "requestUri": "/"},
                "input": {"shape": "Input"}, "output": {"shape": "Input"}}},
            "shapes": {"Input": {"type": "structure", "members": {"Name": {"shape": "Text"}}}, "Text": {"type": "string"}},
        })
    };
    let found = |name: &str, text: &str| {
        let dir = tempfile::tempdir().expect("a temporary folder");
        for service in ["thing", "other"] {
            let folder = dir.path().join("models").join(service).join("2020-01-01");
            fs::create_dir_all(&folder).expect("writable");
            fs::write(folder.join("service-2.json"), model(service).to_string()).expect("writable");
        }
        let mut catalog = Catalog::default();
        catalog.add_source(Source::open(&dir.path().join("models")).expect("models"));
        let path = dir.path().join(name);
        fs::write(&path, text).expect("writable");
        let checked = check(&catalog, vec![Input::Path(path)], 1);
        checked.findings.iter().map(|finding| finding.rule.id).collect::<Vec<_>>()
    };
    let event = json!({"eventSource": "thing.amazonaws.com", "eventName": "GetThing", "eventID": "1", "eventType": "AwsApiCall",
        "requestParameters": {"name": []}, "responseElements": {"name": "a"}});
    assert_eq!(found("log.json", &event.to_string()), ["wrong-type"]);
    let placebo = json!({"status_code": 200, "data": {"Name": []}}).to_string();
    assert_eq!(found("thing.GetThing_1.json", &placebo), ["ambiguous-service", "wrong-type"]);
}

fn expectations() {
    let id = &MEMBERSHIP["/memberships/".len()..];
    let request = json!({"membershipIdentifier": id, "protectedQueryIdentifier": id});
    let query = json!({"protectedQuery": {"id": id, "membershipId": id, "createTime": "2023-08-30T12:00:00Z", "status": "SUCCESS",
        "membershipArn": format!("arn:aws:cleanrooms:us-east-1:111122223333:membership/{id}")}});
    let [event, record] = event_and_record("GetProtectedQuery", [&request, &query], None);
    assert_eq!(rules_of(None, "log.json", &event), [""; 0]);
    assert_eq!(rules_of(None, "records.ndjson", &record), ["unmet-expectation"]);
    let content = json!({"get-protected-query": query});
    let test = "tests/aws/services/cleanrooms/test_a.py::test";
    let snapshot = json!({test: {"recorded-date": "14-01-2026, 14:00:11", "recorded-content": content}});
    assert_eq!(rules_of(None, "a.snapshot.json", &snapshot.to_string()), [""; 0]);
}
