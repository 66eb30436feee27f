//! Values without parts: numbers, timestamps, blobs, and what stands where the schema asks nothing.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Number, Value, json};

use super::pattern::{Chars, LONGEST};
use super::program::Loose;
use super::source::Source;
use crate::model::TimestampFormat;

/// Where numbers of some reader end: its integers, its floating point, its bytes.
const EDGES: &[i128] = &[
    0,
    1,
    -1,
    i32::MAX as i128,
    i32::MAX as i128 + 1,
    i32::MIN as i128,
    i32::MIN as i128 - 1,
    (1 << 53) - 1,
    1 << 53,
    (1 << 53) + 1,
    -(1 << 53) - 1,
    i64::MAX as i128,
    i64::MIN as i128,
    127,
    128,
    255,
    256,
    65_535,
    65_536,
    u32::MAX as i128,
];

/// Epoch seconds, from the first year to the last that every reader has.
const EPOCHS: &[&str] = &[
    "1693400000",
    "0",
    "-1",
    "1",
    "1693400000.123",
    "1e9",
    "-0.0",
    "2147483647",
    "2147483648",
    "951782400",
    "4102444799.999",
    "-62135596800",
    "253402300799",
];

/// RFC 3339. A leap second is left out: readers as common as Python's have no second 60.
const ISO_8601: &[&str] = &[
    "2023-08-30T12:00:00Z",
    "1970-01-01T00:00:00Z",
    "1969-12-31T23:59:59Z",
    "2024-02-29T23:59:59.999Z",
    "2023-08-30T12:34:56.123Z",
    "2023-08-30T12:34:56+05:30",
    "2023-08-30T12:34:56-08:00",
    "2038-01-19T03:14:08Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
];

/// RFC 7231.
const HTTP_DATES: &[&str] = &[
    "Wed, 30 Aug 2023 12:00:00 GMT",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "Thu, 29 Feb 2024 23:59:59 GMT",
    "Tue, 19 Jan 2038 03:14:08 GMT",
    "Fri, 31 Dec 9999 23:59:59 GMT",
];

/// Seconds beyond the last year: milliseconds of a day in 2023.
const MILLISECONDS: i64 = 1_693_400_000_000;

/// A whole number however large, as JSON has it.
pub(super) fn whole(number: i128) -> Value {
    let as_signed = i64::try_from(number).map(Value::from);
    as_signed.or(u64::try_from(number).map(Value::from)).unwrap_or_else(|_| {
        #[allow(clippy::cast_precision_loss, reason = "JSON has no such whole number either")]
        let rounded = number as f64;
        json!(rounded)
    })
}

/// A whole number within the bounds.
pub(super) fn integer(min: i128, max: i128, source: &mut Source) -> Value {
    let plainest = 0.clamp(min, max);
    let near = plainest + i128::from(source.below(2000)) - 1000 * i128::from(!source.is_simplest());
    let picked = match source.below(4) {
        0 => plainest,
        1 => near,
        2 => *source.of(&[min, max, min + 1, max - 1]),
        _ => *source.of(EDGES),
    };
    whole(if source.is_simplest() { plainest } else { picked.clamp(min, max) })
}

/// A number within the bounds.
pub(super) fn number(min: Option<&Number>, max: Option<&Number>, texts: &[String], source: &mut Source) -> Value {
    if source.is_simplest() {
        return plainest(min, max);
    }
    if !texts.is_empty() && source.once_in(12) {
        return source.of(texts).clone().into();
    }
    #[allow(clippy::cast_precision_loss, reason = "any number will do")]
    let any = source.below(1 << 53) as f64 / 1024.0 - 4e9;
    let doubles = [any, -0.0, 0.1, 1.5, -1.0 / 3.0, 1e-7, 5e-324, f64::MAX, f64::MIN, 1e16, f64::from(f32::MAX)];
    let picked = if source.once_in(2) { whole(*source.of(EDGES)) } else { json!(source.of(&doubles)) };
    let ends: Vec<Value> = [min, max].into_iter().flatten().cloned().map(Value::Number).collect();
    let picked = if source.once_in(4) && !ends.is_empty() { source.of(&ends).clone() } else { picked };
    if is_between(&picked, min, max) { picked } else { plainest(min, max) }
}

/// The number within the bounds that reads best.
fn plainest(min: Option<&Number>, max: Option<&Number>) -> Value {
    let zero = json!(0);
    if is_between(&zero, min, max) {
        return zero;
    }
    // Zero lies outside, so one of the bounds is there, and the one nearer to zero fits.
    let above = min.is_some_and(|min| min.as_f64().is_some_and(|min| min > 0.0));
    let nearest = if above { min } else { max };
    nearest.map_or(zero, |nearest| Value::Number(nearest.clone()))
}

/// Whether a number certainly keeps the bounds: one that is equal to a bound as floating point and not written like it
/// may lie on either side.
fn is_between(value: &Value, min: Option<&Number>, max: Option<&Number>) -> bool {
    let Value::Number(number) = value else { return false };
    let at = |number: &Number| number.as_f64().unwrap_or(f64::NAN);
    let fits = |bound: Option<&Number>, kept: fn(f64, f64) -> bool| {
        bound.is_none_or(|bound| bound == number || kept(at(number), at(bound)))
    };
    fits(min, |number, min| number > min) && fits(max, |number, max| number < max)
}

/// A timestamp of that form; `None` is any of the forms.
pub(super) fn timestamp(format: Option<TimestampFormat>, source: &mut Source) -> Value {
    let text = |all: &[&str], source: &mut Source| Value::from(*source.of(all));
    match format {
        Some(TimestampFormat::Iso8601) => text(ISO_8601, source),
        Some(TimestampFormat::HttpDate) => text(HTTP_DATES, source),
        None if source.once_in(3) => text(ISO_8601, source),
        None if source.once_in(3) => text(HTTP_DATES, source),
        Some(TimestampFormat::UnixTimestamp) | None => {
            let written = *source.of(EPOCHS);
            serde_json::from_str(written).expect("a number as JSON writes it")
        }
    }
}

/// The first and the last timestamp of that form.
pub(super) fn timestamp_ends(format: Option<TimestampFormat>) -> [Value; 2] {
    match format {
        Some(TimestampFormat::Iso8601) => [json!("0001-01-01T00:00:00Z"), json!("9999-12-31T23:59:59Z")],
        Some(TimestampFormat::HttpDate) => [json!(HTTP_DATES[1]), json!("Fri, 31 Dec 9999 23:59:59 GMT")],
        Some(TimestampFormat::UnixTimestamp) | None => [json!(-62_135_596_800_i64), json!(253_402_300_799_i64)],
    }
}

/// Values that are no timestamps of that form: another type, and another form.
pub(super) fn no_timestamps(format: Option<TimestampFormat>) -> Vec<Value> {
    let (iso, date) = (json!(ISO_8601[0]), json!(HTTP_DATES[0]));
    let others = match format {
        Some(TimestampFormat::UnixTimestamp) => vec![iso, json!(MILLISECONDS)],
        Some(TimestampFormat::Iso8601) => vec![json!(MILLISECONDS / 1000), date],
        Some(TimestampFormat::HttpDate) => vec![json!(MILLISECONDS / 1000), iso],
        None => vec![json!("yesterday"), json!(MILLISECONDS)],
    };
    others.into_iter().chain([json!(true)]).collect()
}

/// The base64 of bytes within the bounds; `None` where there would be too many.
pub(super) fn blob(min: u64, max: u64, source: &mut Source) -> Option<Value> {
    let more = if source.once_in(4) { source.below(40) } else { source.below(6) };
    let length = min.saturating_add(more).min(max);
    let length = usize::try_from(length).ok().filter(|length| *length <= LONGEST as usize)?;
    let bytes: Vec<u8> = (0..length).map(|_| source.number().to_le_bytes()[0]).collect();
    Some(STANDARD.encode(bytes).into())
}

/// Any value, where the schema asks nothing.
pub(super) fn anything(loose: Loose, source: &mut Source) -> Value {
    match loose {
        Loose::Stream => (*source.of(&["", "content", "{\"a\": 1}\n", "\u{FEFF}é\u{1F600}"])).into(),
        Loose::JsonText => document(0, source).to_string().into(),
        Loose::Document => document(0, source),
        Loose::Metadata => source.of(&[json!({}), json!({"HTTPStatusCode": 200, "RetryAttempts": 0})]).clone(),
    }
}

fn document(depth: u32, source: &mut Source) -> Value {
    let many = if depth < 3 { 8 } else { 6 };
    match source.below(many) {
        0 | 6 => {
            let entries = (0..source.below(4)).map(|_| (letters(source), document(depth + 1, source)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
        7 => (0..source.below(4)).map(|_| document(depth + 1, source)).collect(),
        1 if depth > 0 => Value::Null,
        1 | 2 => source.once_in(2).into(),
        3 => integer(i64::MIN.into(), i64::MAX.into(), source),
        4 => number(None, None, &[], source),
        _ => letters(source).into(),
    }
}

fn letters(source: &mut Source) -> String {
    let length = source.below(6);
    Chars::all().text(length, false, source)
}

/// Numbers beyond the bounds, the nearest that is told apart.
pub(super) fn beyond(min: Option<&Number>, max: Option<&Number>) -> Vec<Value> {
    let off = |bound: &Number, step: i128| {
        if let Some(bound) = bound.as_i64().map(i128::from).or(bound.as_u64().map(i128::from)) {
            let next = bound + step;
            let is_written = (i128::from(i64::MIN)..=i128::from(u64::MAX)).contains(&next);
            // What JSON rounds would be the bound itself.
            return if is_written { whole(next) } else { json!(if step < 0 { -1e19 } else { 2e19 }) };
        }
        let bound = bound.as_f64().unwrap_or_default();
        #[allow(clippy::cast_precision_loss, reason = "one or minus one")]
        let step = step as f64;
        // Beyond 2^53 adding one changes nothing.
        if bound.abs() < 1e15 { json!(bound + step) } else { json!(bound * 2.0) }
    };
    let below = min.map(|min| off(min, -1));
    let above = max.map(|max| off(max, 1));
    below.into_iter().chain(above).collect()
}

/// Simpler numbers on the way to the simplest.
pub(super) fn simpler(value: &Value, simplest: &Value) -> Vec<Value> {
    let (Some(from), Some(to)) = (value.as_i64(), simplest.as_i64()) else {
        // A fraction is simpler without.
        let truncated =
            value.as_f64().map(f64::trunc).filter(|whole| whole.abs() < 1e15 && Some(*whole) != value.as_f64());
        #[allow(clippy::cast_possible_truncation, reason = "bounded the line before")]
        return truncated.map(|whole| json!(whole as i64)).into_iter().collect();
    };
    let (from, to) = (i128::from(from), i128::from(to));
    let nearer = [to + (from - to) / 2, from - (from - to).signum()];
    nearer.into_iter().filter(|nearer| (nearer - to).abs() < (from - to).abs()).map(whole).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_kept_and_broken() {
        let (min, max) = (Number::from(-3), Number::from(7));
        for seed in 0..200 {
            let drawn = number(Some(&min), Some(&max), &[], &mut Source::seeded(seed));
            assert!((-3.0..=7.0).contains(&drawn.as_f64().expect("a number")), "{drawn}");
        }
        assert_eq!(beyond(Some(&min), Some(&max)), [json!(-4), json!(8)]);
        assert_eq!(
            beyond(Some(&i64::MIN.into()), Some(&i64::MAX.into())),
            [json!(-1e19), json!(9_223_372_036_854_775_808_u64)]
        );
        assert_eq!(plainest(Some(&2.into()), None), json!(2));
        assert_eq!(simpler(&json!(100), &json!(0)), [json!(50), json!(99)]);
    }

    #[test]
    fn the_simplest_values_are_plain() {
        let simplest = &mut Source::simplest();
        assert_eq!(integer(-5, 5, simplest), 0);
        assert_eq!(timestamp(Some(TimestampFormat::UnixTimestamp), simplest), 1_693_400_000);
        assert_eq!(blob(2, 9, simplest), Some("AAA=".into()));
        assert_eq!(anything(Loose::Document, simplest), json!({}));
        assert_eq!(anything(Loose::JsonText, simplest), "{}");
    }
}
