//! A small emulator of AWS Clean Rooms: the kind of crate whose answers should keep the contract.

use serde_json::{Value, json};

/// Answers a request of `GetMembership`, or says why not.
///
/// # Errors
/// The request is none that AWS would take.
pub fn answer(request: &Value) -> Result<Value, &'static str> {
    let members = request.as_object().ok_or("a request is an object")?;
    if members.keys().any(|name| name != "membershipIdentifier") {
        return Err("a member that the operation does not have");
    }
    let identifier = members.get("membershipIdentifier").and_then(Value::as_str);
    let identifier = identifier.filter(|text| is_uuid(text)).ok_or("membershipIdentifier is no UUID")?;
    Ok(get_membership(identifier))
}

fn is_uuid(text: &str) -> bool {
    let fits = |(at, c)| if matches!(at, 8 | 13 | 18 | 23) { c == '-' } else { matches!(c, '0'..='9' | 'a'..='f') };
    text.len() == 36 && text.char_indices().all(fits)
}

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
