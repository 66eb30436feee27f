//! Entries that hold more than is judged.

use crate::recording::{Entry, Exchange, HttpExchange, Malformed, Source, Unescaped, exceeded};

/// What of an entry exceeds a limit on payloads, if anything does.
pub(super) fn beyond(entry: &Entry<'_>, source: &Source<'_>) -> Option<Malformed> {
    match entry {
        Entry::Exchange(exchange) => in_exchange(exchange, source),
        Entry::Unnamed(unnamed) => in_exchange(&unnamed.exchange, source),
        Entry::Http(http) => in_messages(http, source),
        // The reader has looked after that.
        Entry::Sure(_) | Entry::PassedOver(_) | Entry::Masked { .. } | Entry::Malformed(_) | Entry::Broken(_) => None,
    }
}

fn in_exchange(exchange: &Exchange<'_>, source: &Source<'_>) -> Option<Malformed> {
    let error = exchange.error.as_ref().map(|error| &error.payload);
    let payloads = [exchange.request.as_ref(), exchange.response.as_ref(), error];
    payloads.into_iter().flatten().find_map(|payload| {
        let unescaped = payload.unescaped();
        let plain = unescaped.as_ref().map_or(payload.text.into(), Unescaped::text);
        let (limit, at) = exceeded(plain.as_bytes(), &source.limits)?;
        let layers = unescaped.iter().flat_map(|unescaped| unescaped.outwards(payload.text));
        let at = layers.fold(at, |at, (layer, around)| layer.source_offset(around, at));
        let offset = source.offset_of(payload.text) + at;
        Some(Malformed::beyond(limit, &source.limits, offset, Some(exchange.entry)))
    })
}

fn in_messages(http: &HttpExchange<'_>, source: &Source<'_>) -> Option<Malformed> {
    let answered = http.response.as_ref().and_then(|response| response.body.as_ref());
    http.request.body.iter().chain(answered).find_map(|body| {
        let (limit, at) = exceeded(&body.bytes, &source.limits)?;
        let offset = body.source_offset(source.bytes, at);
        Some(Malformed::beyond(limit, &source.limits, offset, Some(http.entry)))
    })
}
