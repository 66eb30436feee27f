//! A service that shapegate has no contract for, by the model that is committed beside the tests.

use std::sync::LazyLock;

use proptest::{prop_assert_eq, proptest};
use serde_json::{Value, json};
use shapegate::contract::Contract;
use shapegate::harness::Harness;
use shapegate::model::Encoding;
use shapegate::{assert_conforms, generate};

const MODEL: &[u8] = include_bytes!("models/parcels/2026-01-01/service-2.json");

static PARCELS: LazyLock<Contract> = LazyLock::new(|| Contract::from_bytes(MODEL).expect("a model"));

fn parcel(id: &Value) -> Value {
    json!({"id": id, "state": "SENT"})
}

#[test]
fn an_answer_keeps_the_model() {
    assert_conforms!(PARCELS, "GetParcel", response, &parcel(&"p-000001".into()));
}

proptest! {
    #[test]
    fn every_request_is_answered(request in generate::input(&PARCELS, "GetParcel", Encoding::Wire).expect("an operation")) {
        let answer = parcel(&request["id"]);
        prop_assert_eq!(&answer["id"], &request["id"]);
        assert_conforms!(PARCELS, "GetParcel", response, &answer);
    }
}

#[test]
fn recordings_keep_the_model() {
    for case in Harness::new("tests/parcels").model("tests/models/parcels").cases().cases {
        assert_eq!(case.judge(), Ok(()));
    }
}
