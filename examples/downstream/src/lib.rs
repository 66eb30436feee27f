//! A small emulator of AWS Clean Rooms: the kind of crate whose answers should keep the contract.

use serde_json::{Value, json};

/// What the emulator answers to `GetMembership`.
pub fn get_membership(identifier: &str) -> Value {
    json!({
        "membership": {
            "id": identifier,
            "arn": format!("arn:aws:cleanrooms:us-east-1:111122223333:membership/{identifier}"),
            "collaborationArn": "arn:aws:cleanrooms:us-east-1:444455556666:collaboration/c01ab000-5c1d-4e2a-9b3f-000000000001",
            "collaborationId": "c01ab000-5c1d-4e2a-9b3f-000000000001",
            "collaborationCreatorAccountId": "444455556666",
            "collaborationCreatorDisplayName": "Example Publisher",
            "collaborationName": "Overlap of visits",
            "createTime": 1_693_476_000.123,
            "updateTime": 1_693_476_000.123,
            "status": "ACTIVE",
            "memberAbilities": ["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
            "queryLogStatus": "ENABLED",
        }
    })
}
