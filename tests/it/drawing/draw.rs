//! Payloads drawn from an emitted schema.
//!
//! A payload is a function of a list of numbers, each of which settles one choice; once they are used up, every choice
//! is the simplest. So a strategy of lists is a strategy of payloads, and shrinking the list shrinks the payload.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::string::{RegexGeneratorStrategy, string_regex};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Map, Number, Value, json};
use shapegate::schema::pattern;
use shapegate::schema::{ANNOTATIONS, RESPONSE_METADATA};

/// From this depth on only what must be there is there, or recursive shapes would never end.
const DEEP: usize = 5;

/// Characters of free text: plain, escaped in JSON, of two, three and four bytes.
const LETTERS: &[char] =
    &['a', 'Z', '0', '-', '/', '~', '"', '\\', '\n', '\u{0}', '\u{7f}', 'é', '€', '😀', '\u{FFFF}'];

/// What fits patterns that texts cannot be drawn from.
const EXAMPLES: &[&str] = &[
    "c6a5e1d2-0b3f-4a4e-9f58-0123456789ab",
    "acme-results",
    "arn:aws:iam::123456789012:role/service-role/results",
    "arn:aws:cleanrooms:eu-west-1:123456789012:membership/c6a5e1d2-0b3f-4a4e-9f58-0123456789ab",
    "123456789012",
    "Acme",
    "x",
    "",
];

/// Keys that a pointer escapes, or that look as if they were.
const KEYS: &[&str] = &["~1", "~0", "a/b~c", "", "0", "~01"];

/// Choices to draw from.
pub(crate) struct Draw<'c> {
    choices: std::slice::Iter<'c, u32>,
    /// Of so many optional members one is there.
    rarity: usize,
    /// So many chances to be off a constraint pass before one is taken; `None` where none is, or none any more.
    chances: Option<usize>,
    /// A chance was taken.
    slipped: bool,
}

impl<'c> Draw<'c> {
    pub(crate) fn new(choices: &'c [u32]) -> Self {
        let mut draw = Self { choices: choices.iter(), rarity: 1, chances: None, slipped: false };
        draw.rarity = [2, 8, 24][draw.pick(3)];
        draw
    }

    /// What is drawn from here on is off the schema at one place, by as little as possible.
    pub(crate) fn slip_once(&mut self) {
        let many = *self.of(&[4, 12, 40]);
        self.chances = Some(self.pick(many));
    }

    fn slips(&mut self) -> bool {
        let slips = self.chances == Some(0);
        self.chances = self.chances.and_then(|left| left.checked_sub(1));
        self.slipped |= slips;
        slips
    }

    fn number(&mut self) -> u32 {
        self.choices.next().copied().unwrap_or_default()
    }

    /// A number below `many`.
    pub(crate) fn pick(&mut self, many: usize) -> usize {
        self.number() as usize % many.max(1)
    }

    pub(crate) fn of<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.pick(all.len())]
    }

    /// True once in `many` times.
    pub(crate) fn once_in(&mut self, many: usize) -> bool {
        self.pick(many) == many - 1
    }

    /// A value that `document` accepts; `None` where a required text could not be found.
    pub(crate) fn payload(&mut self, document: &Value) -> Option<Value> {
        self.value(document, document, 0)
    }

    fn value(&mut self, document: &Value, schema: &Value, depth: usize) -> Option<Value> {
        if let Some(target) = schema["$ref"].as_str() {
            let target = document.pointer(target.strip_prefix('#').expect("no reference leaves the document"));
            return self.value(document, target.expect("references resolve"), depth);
        }
        if !schema["if"].is_null() {
            return if self.once_in(3) { Some(Value::Null) } else { self.value(document, &schema["else"], depth) };
        }
        match &schema["type"] {
            Value::String(kind) => match kind.as_str() {
                "object" => self.object(document, schema, depth),
                "array" => self.list(document, schema, depth),
                "string" => self.text(schema).map(Value::String),
                "boolean" => Some(self.once_in(2).into()),
                "integer" => Some(self.integer(schema)),
                "number" => Some(self.float(schema)),
                other => panic!("{other} is not of our dialect"),
            },
            Value::Array(_) if self.once_in(3) => self.text(schema).map(Value::String),
            Value::Array(_) => Some(self.float(schema)),
            _ => Some(self.anything(depth)),
        }
    }

    fn object(&mut self, document: &Value, schema: &Value, depth: usize) -> Option<Value> {
        let Some(properties) = schema["properties"].as_object() else { return self.map(document, schema, depth) };
        let mut entries = Vec::new();
        if schema["maxProperties"] == 1 {
            let set = if self.slips() { 2 * self.pick(2) } else { 1 };
            let first = self.pick(properties.len());
            for (key, of_member) in properties.iter().cycle().skip(first).take(set) {
                entries.push((key.clone(), self.value(document, of_member, depth + 1)?));
            }
        } else {
            let required = schema["required"].as_array().map_or(&[][..], Vec::as_slice);
            for (key, of_member) in properties {
                let needed = required.iter().any(|name| name == key) && !self.slips();
                let rarity = if key == RESPONSE_METADATA { 24 } else { self.rarity };
                if needed || (depth < DEEP && self.once_in(rarity)) {
                    match self.value(document, of_member, depth + 1) {
                        Some(value) => entries.push((key.clone(), value)),
                        None if needed => return None,
                        None => {}
                    }
                }
            }
        }
        if self.slips() {
            entries.push(((*self.of(KEYS)).to_owned(), Value::Null));
        }
        if self.once_in(4) {
            entries.reverse();
        }
        Some(Value::Object(entries.into_iter().collect()))
    }

    fn map(&mut self, document: &Value, schema: &Value, depth: usize) -> Option<Value> {
        if schema["additionalProperties"].is_null() {
            return Some(json!({"HTTPStatusCode": 200}));
        }
        let mut map = Map::new();
        for _ in 0..self.size(schema, "minProperties", "maxProperties", depth) {
            let Some(Value::String(key)) = self.value(document, &schema["propertyNames"], depth) else { return None };
            map.insert(key, self.value(document, &schema["additionalProperties"], depth + 1)?);
        }
        // Equal keys may have left too few.
        let enough = self.slipped || map.len() as u64 >= schema["minProperties"].as_u64().unwrap_or(0);
        enough.then_some(Value::Object(map))
    }

    fn list(&mut self, document: &Value, schema: &Value, depth: usize) -> Option<Value> {
        let size = self.size(schema, "minItems", "maxItems", depth);
        (0..size)
            .map(|_| self.value(document, &schema["items"], depth + 1))
            .collect::<Option<Vec<_>>>()
            .map(Value::Array)
    }

    fn size(&mut self, schema: &Value, min: &str, max: &str, depth: usize) -> u64 {
        let (min, max) = (schema[min].as_u64().unwrap_or(0), schema[max].as_u64().unwrap_or(u64::MAX));
        if self.slips() {
            return if max < 10 && self.once_in(2) { max + 1 } else { min.saturating_sub(1) };
        }
        let more = if depth < DEEP { self.pick(4) as u64 } else { 0 };
        (min + more).min(max)
    }

    fn integer(&mut self, schema: &Value) -> Value {
        let bound = |keyword: &str, otherwise| match &schema[keyword] {
            #[allow(clippy::cast_possible_truncation, reason = "the fixture's one fraction is small")]
            Value::Number(number) => number.as_i64().or(number.as_f64().map(|bound| bound.ceil() as i64)),
            _ => Some(otherwise),
        };
        let min = bound("minimum", i64::MIN).expect("a number");
        let max = bound("maximum", i64::MAX).expect("a number");
        if self.slips() {
            let (below, above) = (i128::from(min) - 1, i128::from(max) + 1);
            let off = [whole(below), whole(above), whole(i128::from(u64::MAX)), json!(0.5), json!("1"), json!(1e19)];
            return self.of(&off).clone();
        }
        let any = i64::from(self.number());
        let edges = [0, 1, min, max, min.saturating_add(1), max.saturating_sub(1), any, -any];
        (*self.of(&edges)).clamp(min, max).into()
    }

    fn float(&mut self, schema: &Value) -> Value {
        let min = schema["minimum"].as_f64().unwrap_or(f64::MIN);
        let max = schema["maximum"].as_f64().unwrap_or(f64::MAX);
        if self.slips() {
            // As floating point a bound may be another number than the one that is meant.
            let off = [json!(min), json!(max), json!(min - 1.0), json!(u64::MAX)];
            return self.of(&off).clone();
        }
        let any = f64::from(self.number());
        let drawn = *self.of(&[0.0, -0.0, 1.0, any, any / 7.0, -any / 1e6, min, max, 5e-324, 1_693_400_000.123]);
        // Finer times are right, and noted.
        let is_time = schema["x-shapegate"]["timestampFormat"].is_string();
        let drawn = if is_time { (drawn * 1e3).round() / 1e3 } else { drawn };
        if self.once_in(3) && drawn.abs() < 1e15 {
            #[allow(clippy::cast_possible_truncation, reason = "bounded the line before")]
            let whole = drawn as i64;
            #[allow(clippy::cast_precision_loss, reason = "bounded three lines before")]
            if (min..=max).contains(&(whole as f64)) {
                return whole.into();
            }
        }
        // A bound that no double holds must not be rounded to its wrong side.
        let clamped = drawn.clamp(min, max);
        if clamped <= min && !schema["minimum"].is_null() {
            return schema["minimum"].clone();
        }
        Number::from_f64(clamped).map_or(Value::Null, Value::Number)
    }

    /// Any JSON value.
    pub(crate) fn anything(&mut self, depth: usize) -> Value {
        let many = if depth < DEEP { 8 } else { 6 };
        match self.pick(many) {
            0 => Value::Null,
            1 => self.once_in(2).into(),
            2 => (i64::from(self.number()) - 5).into(),
            3 => self.float(&Value::Null),
            4 | 5 => self.letters(0, 6).into(),
            6 => (0..self.pick(4)).map(|_| self.anything(depth + 1)).collect::<Vec<_>>().into(),
            _ => (0..self.pick(4)).map(|_| (self.key(), self.anything(depth + 1))).collect(),
        }
    }

    fn key(&mut self) -> String {
        if self.once_in(3) { (*self.of(KEYS)).to_owned() } else { self.letters(0, 3) }
    }

    fn letters(&mut self, min: u64, max: u64) -> String {
        let length = (min + self.pick(5) as u64).min(max);
        (0..length).map(|_| *self.of(LETTERS)).collect()
    }

    /// A text that fits length, pattern and byte bounds, where one is found.
    fn text(&mut self, schema: &Value) -> Option<String> {
        let slips = self.slips();
        if let Some(values) = schema["enum"].as_array() {
            let value = self.of(values).as_str()?;
            let off = [value.to_lowercase(), format!("{value}_V2"), String::new()];
            return Some(if slips { self.of(&off).clone() } else { value.to_owned() });
        }
        if schema["contentEncoding"] == "base64" {
            return Some(self.blob(&schema[ANNOTATIONS]["bytes"], slips));
        }
        if slips {
            return Some(self.off_text(schema));
        }
        self.fitting_text(schema)
    }

    fn blob(&mut self, bounds: &Value, slips: bool) -> String {
        let (min, max) = (bounds["minimum"].as_u64().unwrap_or(0), bounds["maximum"].as_u64().unwrap_or(6));
        let off = if self.once_in(2) { max + 1 } else { min.saturating_sub(1) };
        let length = if slips { off } else { (min + self.pick(4) as u64).min(max) };
        base64(&(0..length).map(|_| self.number().to_le_bytes()[0]).collect::<Vec<_>>())
    }

    /// A text that is one too short or too long, counted in code points of several bytes, or followed by something.
    fn off_text(&mut self, schema: &Value) -> String {
        let (min, max) = (schema["minLength"].as_u64().unwrap_or(0), schema["maxLength"].as_u64().unwrap_or(9));
        match self.pick(4) {
            0 => fitted("é", min.saturating_sub(1), min.saturating_sub(1)),
            1 if max < 1000 => fitted("a", max + 1, max + 1),
            2 => fitted("😀", min, min),
            _ => self.fitting_text(schema).unwrap_or_default() + "\n",
        }
    }

    fn fitting_text(&mut self, schema: &Value) -> Option<String> {
        let (min, max) = (schema["minLength"].as_u64().unwrap_or(0), schema["maxLength"].as_u64().unwrap_or(u64::MAX));
        let Some(pattern) = schema["pattern"].as_str() else { return Some(self.letters(min, max)) };
        let matcher = pattern::compile(pattern).expect("emitted patterns compile");
        let fits =
            |text: &String| (min..=max).contains(&(text.chars().count() as u64)) && matcher.is_match(text) == Ok(true);
        let mut seed = self.number();
        let drawn = (0..6).find_map(|_| {
            seed = seed.wrapping_mul(0x9E37_79B1).wrapping_add(1);
            sample(pattern, seed).map(|text| fitted(&text, min, max)).filter(fits)
        });
        drawn.or_else(|| EXAMPLES.iter().map(|example| (*example).to_owned()).find(fits))
    }
}

/// A number however large, as JSON would read it.
fn whole(number: i128) -> Value {
    let text = number.to_string();
    serde_json::from_str(&text).expect("digits are a number")
}

/// The text cut, or repeated, to a length between the bounds.
fn fitted(text: &str, min: u64, max: u64) -> String {
    let bound = |bound: u64| usize::try_from(bound).unwrap_or(usize::MAX);
    let length = text.chars().count().max(bound(min)).min(bound(max));
    text.chars().cycle().take(length).collect()
}

/// A text that one branch of an emitted pattern gives; `None` where the generator does not take it (look-around).
pub(crate) fn sample(pattern: &str, seed: u32) -> Option<String> {
    type Known = HashMap<String, Option<RegexGeneratorStrategy<String>>>;
    static KNOWN: LazyLock<Mutex<Known>> = LazyLock::new(Mutex::default);
    let inner = pattern.strip_prefix("^(?:")?.strip_suffix(")$")?;
    let branches: Vec<&str> = inner.split(")$|^(?:").collect();
    let mut branch = branches[seed as usize % branches.len()];
    // A blank is looked for ahead by names of people; nothing else is lost by not looking.
    branch = branch.strip_prefix(r"(?![\x09-\x0D ]*$)").unwrap_or(branch);
    // What may surround the matter is left out every other time, or bounded texts would seldom fit.
    if seed.is_multiple_of(2) {
        let bare = branch.strip_prefix(".*").unwrap_or(branch);
        branch = bare.strip_suffix(".*").filter(|bare| !bare.ends_with('\\')).unwrap_or(bare);
    }
    let mut known = KNOWN.lock().expect("no test panics here");
    let texts = known.entry(branch.to_owned()).or_insert_with(|| string_regex(branch).ok()).as_ref()?;
    let mut bytes = [1; 16];
    bytes[..4].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::XorShift, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    texts.new_tree(&mut runner).ok().map(|tree| tree.current())
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digit = |bits: u32| char::from(DIGITS[(bits & 63) as usize]);
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        text.extend([digit(bits >> 18), digit(bits >> 12)]);
        text.push(if three.len() > 1 { digit(bits >> 6) } else { '=' });
        text.push(if three.len() > 2 { digit(bits) } else { '=' });
    }
    text
}
