//! smithy-rs's recorded connections (`NetworkTraffic`): `events[]`, or the bare list, of `connection_id` and `action`.
//!
//! Connections interleave, and one may carry several requests one after the other. Bodies come in frames, which are
//! joined per connection and direction.

use std::collections::HashMap;

use super::document::{Body, HttpEntries, RequestHead, Unread, read_http};
use super::http::HttpResponse;
use super::joined::{How, Joined};
use super::node::{Kind, Node};
use super::vcr;
use super::written::{Notation, Written};
use super::{Entry, Format, Marks, Probe, Source};

pub(super) struct SmithyDvr;

impl Format for SmithyDvr {
    fn id(&self) -> &'static str {
        "smithy-dvr"
    }

    fn about(&self) -> &'static str {
        "smithy-rs recorded connections: events[] of connection_id and action"
    }

    fn marks(&self) -> Marks {
        Marks { within: &["connection_id", "action"], ..Marks::of(&["events"]) }
    }

    fn recognises(&self, probe: &Probe<'_>) -> bool {
        probe.has(&["connection_id", "action"])
            || probe.has(&["events"]) && probe.mentions(&["\"connection_id\"", "\"action\""])
    }

    fn read<'a>(&self, source: &Source<'a>, sink: &mut dyn FnMut(Entry<'a>)) {
        read_http(self, calls, source, sink);
    }
}

/// The events of each call as a list of their own, in the order of the requests. What belongs to no request stands
/// alone.
fn calls<'a>(root: Node<'a>) -> Option<Vec<Node<'a>>> {
    let path: &[&str] = if root.is_map() { &["events"] } else { &[] };
    let events = root.into_list(path)?;
    let mut calls: Vec<Vec<Node<'a>>> = Vec::new();
    let mut current: HashMap<String, usize> = HashMap::new();
    for event in events {
        let connection = event.get("connection_id").text().unwrap_or_default().into_owned();
        let begins = event.at(&["action", "Request"]).is_map();
        if let Some(call) = current.get(&connection).filter(|_| !begins).and_then(|at| calls.get_mut(*at)) {
            call.push(event);
        } else {
            current.insert(connection, calls.len());
            calls.push(vec![event]);
        }
    }
    let call = |events: Vec<Node<'a>>| {
        let start = events.first().map_or(0, |event| event.range.start);
        let end = events.last().map_or(start, |event| event.range.end);
        Node { kind: Kind::List(events), range: start..end }
    };
    Some(calls.into_iter().map(call).collect())
}

impl HttpEntries for SmithyDvr {
    fn head<'a>(&self, call: &Node<'a>) -> Result<RequestHead<'a>, Unread> {
        let request = call.items().first().map(|event| event.at(&["action", "Request", "request"]));
        let request = request.filter(|request| request.is_map()).ok_or("it belongs to no request of its connection")?;
        vcr::head(request, "uri")
    }

    fn sent<'a>(&self, call: &Node<'a>, _head: &RequestHead<'a>, _source: &Source<'a>) -> Body<'a> {
        joined(call.items(), "Request")
    }

    fn answer<'a>(&self, call: &Node<'a>, _source: &Source<'a>) -> Result<Option<HttpResponse<'a>>, Unread> {
        let events = call.items();
        let mut answers = events.iter().map(|event| event.at(&["action", "Response", "response", "Ok"]));
        let Some(answer) = answers.find(|answer| answer.is_map()) else { return Ok(None) };
        let status = answer.get("status").status()?.ok_or("its response has no status")?;
        let headers = answer.get("headers").headers()?;
        Ok(Some(HttpResponse::new(status, headers, joined(events, "Response")?)))
    }

    fn flaw(&self, call: &Node<'_>) -> Option<&'static str> {
        let of = |event: &'_ Node<'_>| flaw(event.get("action"));
        let answers = call.items().iter().filter(|event| !event.at(&["action", "Response"]).is_null()).count();
        call.items().iter().find_map(of).or((answers > 1).then_some("it has more than one response"))
    }

    fn is_half(&self, call: &Node<'_>) -> bool {
        let has = |kind: &str| call.items().iter().any(|event| !event.at(&["action", kind]).is_null());
        has("Request") && !has("Response")
    }
}

/// What is wrong with an action, of which a call says more than is read.
fn flaw(action: &Node<'_>) -> Option<&'static str> {
    let is_of_a_half =
        |event: &Node<'_>| matches!(event.get("direction").text().as_deref(), Some("Request" | "Response"));
    let has = |event: &Node<'_>, any: &[&str]| any.iter().any(|key| !event.get(key).is_null());
    let (data, end) = (action.get("Data"), action.get("Eof"));
    if !has(action, &["Request", "Response", "Data", "Eof"]) {
        return Some("one of its events is of no kind that is known");
    }
    let is_frame = is_of_a_half(data) && has(data.get("data"), &["Utf8", "Base64"]);
    if !data.is_null() && !is_frame {
        return Some("a part of its bodies has no direction or form that is known");
    }
    (end.get("ok").text().as_deref() == Some("false")).then_some("a body of it did not end")
}

/// The frames of one direction as one body. A single one keeps its place to the byte.
fn joined<'a>(events: &[Node<'a>], direction: &str) -> Body<'a> {
    let mut frames: Vec<Written<'a>> = Vec::new();
    for data in events.iter().map(|event| event.at(&["action", "Data"])) {
        if data.get("direction").text().as_deref() != Some(direction) {
            continue;
        }
        let frame = match data.at(&["data", "Base64"]) {
            absent if absent.is_null() => data.at(&["data", "Utf8"]).written()?,
            base64 => Some(base64.base64()?),
        };
        frames.extend(frame.filter(|frame| !frame.bytes.is_empty()));
    }
    if frames.len() < 2 {
        return Ok(frames.pop());
    }
    let bytes = frames.iter().flat_map(|frame| frame.bytes.iter().copied()).collect::<Vec<u8>>().into();
    let joined = Some(Joined::of(How::Frames, frames.iter().map(Written::frame).collect()));
    Ok(Some(Written { joined, ..Written::new(bytes, frames[0].range.clone(), Notation::Pieces) }))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::document::shown;
    use super::*;

    fn request(connection: usize, uri: &str) -> Value {
        let request = json!({"uri": uri, "method": "POST", "headers": {}});
        json!({"connection_id": connection, "action": {"Request": {"request": request}}})
    }

    fn data(connection: usize, direction: &str, text: &str) -> Value {
        json!({"connection_id": connection, "action": {"Data": {"data": {"Utf8": text}, "direction": direction}}})
    }

    fn response(connection: usize, result: &Value) -> Value {
        json!({"connection_id": connection, "action": {"Response": {"response": result}}})
    }

    #[test]
    fn connections_interleave_and_carry_several_requests() {
        let ok = json!({"Ok": {"status": 200, "headers": {}}});
        let refused = json!({"Err": "timed out"});
        let events = json!([
            request(0, "a"),
            request(1, "b"),
            data(1, "Request", "b1"),
            data(0, "Request", "a1"),
            response(0, &ok),
            data(1, "Request", "b2"),
            data(0, "Response", "a2"),
            request(0, "c"),
            response(0, &refused),
            response(1, &ok),
            data(1, "Response", "b3"),
            data(7, "Response", "lost"),
        ]);
        let expected = [
            "POST a a1 > 200 a2",
            "POST b b1b2 > 200 b3",
            "POST c - > -",
            "it belongs to no request of its connection @Some(3)",
        ];
        assert_eq!(shown(&SmithyDvr, &events.to_string()), expected);
        assert_eq!(shown(&SmithyDvr, &json!({"docs": null, "events": events}).to_string()), expected);
    }

    #[test]
    fn a_request_that_was_not_answered_is_told() {
        let told = |events: &[Value]| shown(&SmithyDvr, &json!({ "events": events }).to_string());
        let half = ["POST a - > -", "it has no response @Some(0)"];
        assert_eq!(told(&[request(0, "a")]), half);
        assert_eq!(told(&[request(0, "a"), data(0, "Response", "b")]), half);
        assert_eq!(told(&[request(0, "a"), response(0, &json!({"Err": "refused"}))]), ["POST a - > -"]);
    }

    #[test]
    fn events_that_are_not_understood_are_told() {
        let ok = json!({"Ok": {"status": 200, "headers": {}}});
        let action = |action: Value| json!({"connection_id": 0, "action": action});
        let unknown = "one of its events is of no kind that is known";
        let astray = "a part of its bodies has no direction or form that is known";
        let end = |ok: bool| action(json!({"Eof": {"direction": "Response", "ok": ok}}));
        let hexadecimal = action(json!({"Data": {"data": {"Hex": "00"}, "direction": "Response"}}));
        for (event, told) in [
            (action(json!({"Foo": {}})), Some(unknown)),
            (json!({"connection_id": 0}), Some(unknown)),
            (data(0, "Sideways", "x"), Some(astray)),
            (hexadecimal, Some(astray)),
            (response(0, &ok), Some("it has more than one response")),
            (end(false), Some("a body of it did not end")),
            (end(true), None),
            (data(0, "Response", ""), None),
        ] {
            let events = json!([request(0, "a"), response(0, &ok), event]);
            let told: Vec<String> = told.into_iter().map(|told| format!("{told} @Some(0)")).collect();
            assert_eq!(shown(&SmithyDvr, &events.to_string())[1..], told, "{event}");
        }
    }

    #[test]
    fn one_frame_keeps_its_place() {
        let text = json!([request(0, "a"), data(0, "Request", "{\n\"b\": 1}")]).to_string();
        let node = super::super::json_node::parse(&text).roots.pop().and_then(calls).expect("calls");
        let body = joined(node[0].items(), "Request").expect("sound").expect("a body");
        let at = body.source_offset(text.as_bytes(), 3);
        assert!(text[at..].starts_with("b\\\": 1}"), "{}", &text[at..]);
    }
}
