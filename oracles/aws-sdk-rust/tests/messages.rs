//! How a program that uses the AWS SDK for Rust has shapegate judge its tests: what the client sent and what the test
//! answered are judged as messages, for outputs of the SDK cannot be serialised.

use aws_sdk_cleanrooms::Client;
use aws_sdk_cleanrooms::config::retry::RetryConfig;
use aws_sdk_cleanrooms::config::{BehaviorVersion, Credentials, Region};
use aws_smithy_http_client::test_util::{ReplayEvent, StaticReplayClient};
use aws_smithy_types::body::SdkBody;
use shapegate::{Request, Response, Session, Verdict};

const ID: &str = "3e3be000-5c1d-4e2a-9b3f-000000000001";

/// Asks for a membership, which is answered by `body`, and has both messages judged.
async fn judged(body: &str) -> Verdict {
    let headers = [("content-type", "application/json"), ("x-amzn-requestid", "1")];
    let mut answer = http::Response::builder().status(200);
    for (name, value) in headers {
        answer = answer.header(name, value);
    }
    let answer = answer.body(SdkBody::from(body)).expect("a response");
    let replay = StaticReplayClient::new(vec![ReplayEvent::new(http::Request::new(SdkBody::empty()), answer)]);
    let config = aws_sdk_cleanrooms::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("testing", "testing", None, None, "testing"))
        .retry_config(RetryConfig::disabled())
        .http_client(replay.clone())
        .build();
    // What the program makes of the answer is another test's business.
    let _ = Client::from_conf(config).get_membership().membership_identifier(ID).send().await;

    let sent = replay.actual_requests().next().expect("the client sent a request");
    let request = Request::new(sent.method(), sent.uri())
        .headers(sent.headers().iter())
        .body(sent.body().bytes().unwrap_or_default());
    let response = Response::new(200).headers(headers).body(body);
    let session = Session::new().contract("cleanrooms@2023-08-30").expect("a contract within shapegate");
    session.check_http(&request, &response).expect("an exchange with the service")
}

#[tokio::test]
async fn what_the_client_sent_and_the_test_answered_keeps_the_contract() {
    let arn = |account: &str, what: &str, id: &str| format!("arn:aws:cleanrooms:us-east-1:{account}:{what}/{id}");
    let membership = serde_json::json!({"membership": {
        "id": ID,
        "arn": arn("111122223333", "membership", ID),
        "collaborationArn": arn("444455556666", "collaboration", ID),
        "collaborationId": ID,
        "collaborationCreatorAccountId": "444455556666",
        "collaborationCreatorDisplayName": "Example Publisher",
        "collaborationName": "Overlap of visits",
        "createTime": 1_693_476_000.123,
        "updateTime": 1_693_476_000.123,
        "status": "ACTIVE",
        "memberAbilities": ["CAN_QUERY"],
        "queryLogStatus": "ENABLED",
    }});
    let verdict = judged(&membership.to_string()).await;
    assert!(verdict.passed, "{verdict}");
}

#[tokio::test]
async fn an_answer_that_the_sdk_takes_and_the_contract_does_not_is_found() {
    let verdict = judged(r#"{"membership": {"status": "ACTVE"}}"#).await;
    let found = verdict.findings.iter().any(|finding| finding.pointer == "/membership/status");
    assert!(found && !verdict.passed, "{verdict}");
}
