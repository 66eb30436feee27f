//! The AWS SDK for Rust, asked by way of its replay client: what does it send for a value, and what does it make of an
//! answer? Values stand under their wire names, as in the payloads that `shapegate generate` writes.

mod output;
mod send;

use std::time::{Duration, UNIX_EPOCH};

use aws_sdk_cleanrooms::Client;
use aws_sdk_cleanrooms::config::retry::RetryConfig;
use aws_sdk_cleanrooms::config::{BehaviorVersion, Credentials, Region};
use aws_smithy_async::time::StaticTimeSource;
use aws_smithy_http_client::test_util::{ReplayEvent, StaticReplayClient};
use aws_smithy_types::body::SdkBody;
use serde_json::Value;
use shapegate::protocol::encode::Message;

/// The day of the contract: 2023-08-30.
const NOW: u64 = 1_693_353_600;

/// What came of a call.
pub struct Called {
    /// The request as the SDK sent it.
    pub sent: Message,
    /// What the SDK handed over, or why it did not.
    pub output: Result<Value, String>,
}

/// Calls an operation with a value; the answer is given beforehand.
///
/// # Errors
/// The SDK did not send anything, with its reason.
pub async fn call(operation: &str, input: &Value, answer: &Message) -> Result<Called, String> {
    let mut response = http::Response::builder().status(answer.status);
    for (name, value) in &answer.headers {
        response = response.header(name, value);
    }
    let body = SdkBody::from(answer.body.clone().unwrap_or_default());
    let response = response.body(body).map_err(|error| error.to_string())?;
    let replay = StaticReplayClient::new(vec![ReplayEvent::new(http::Request::new(SdkBody::empty()), response)]);
    let config = aws_sdk_cleanrooms::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("testing", "testing", None, None, "testing"))
        .retry_config(RetryConfig::disabled())
        .time_source(StaticTimeSource::new(UNIX_EPOCH + Duration::from_secs(NOW)))
        .http_client(replay.clone())
        .build();
    let output = send::send(&Client::from_conf(config), operation, input).await;
    let mut requests = replay.actual_requests();
    let Some(request) = requests.next() else {
        return Err(output.err().unwrap_or_else(|| "nothing was sent".to_owned()));
    };
    let headers = request.headers().iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let body = request.body().bytes().filter(|bytes| !bytes.is_empty()).map(<[u8]>::to_vec);
    let sent = Message {
        target: (request.method().to_owned(), request.uri().to_owned()),
        headers,
        body,
        ..Message::default()
    };
    Ok(Called { sent, output })
}
