//! Other ids, numbers and texts in place of those of a recording.

use std::collections::HashMap;

/// A small generator of numbers (splitmix64): the same on every machine.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound.max(1)).unwrap_or(1);
        usize::try_from(self.number() % bound).unwrap_or(0)
    }

    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.below(at + 1));
        }
    }
}

/// The text with other digits in its ids: a word of at least eight hexadecimal digits that has letters and digits, or twelve
/// digits. What is the same word stays the same, as the answers that repeat what a call named.
pub fn ids(text: &str, random: &mut Random) -> String {
    let mut known: HashMap<&str, String> = HashMap::new();
    let mut varied = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(begin) = rest.find(|c: char| c.is_ascii_alphanumeric()) {
        let (between, from) = rest.split_at(begin);
        let end = from.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(from.len());
        let (word, behind) = from.split_at(end);
        varied.push_str(between);
        if is_id(word) {
            varied.push_str(known.entry(word).or_insert_with(|| other(word, random)));
        } else {
            varied.push_str(word);
        }
        rest = behind;
    }
    varied + rest
}

fn is_id(word: &str) -> bool {
    let is_hex = word.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let has_letter = word.bytes().any(|byte| byte.is_ascii_lowercase());
    let has_digit = word.bytes().any(|byte| byte.is_ascii_digit());
    is_hex && has_digit && (has_letter && word.len() >= 8 || word.len() == 12)
}

fn other(word: &str, random: &mut Random) -> String {
    let digit = |of: &[u8], random: &mut Random| char::from(of[random.below(of.len())]);
    let vary = |byte: u8| match byte {
        b'0'..=b'9' => digit(b"0123456789", random),
        _ => digit(b"abcdef", random),
    };
    word.bytes().map(vary).collect()
}

/// SQL of 120 to 2,600 characters, about as long as people's.
pub fn sql(random: &mut Random) -> String {
    const COLUMNS: [&str; 12] = [
        "impressions",
        "clicks",
        "hashed_email",
        "campaign_id",
        "purchase_ts",
        "amount_usd",
        "device_type",
        "region_code",
        "household_id",
        "segment",
        "placement",
        "creative_id",
    ];
    // Most are short: the product of two draws.
    let length = 120 + random.below(1_600) * random.below(1_600) / 1_000;
    let mut text = format!("/* report {:08x} */\\nSELECT ", random.number() >> 32);
    let mut is_first = true;
    while text.len() < length {
        let column = COLUMNS[random.below(COLUMNS.len())];
        if !std::mem::take(&mut is_first) {
            text.push_str(",\\n    ");
        }
        let expression = match random.below(5) {
            0 => format!("COUNT(DISTINCT t1.{column}) AS {column}_cnt"),
            1 => format!("SUM(t2.{column}) AS total_{column}"),
            2 => format!("CASE WHEN t1.{column} = 'v{}' THEN 1 ELSE 0 END AS \\\"{column} flag\\\"", random.below(100)),
            3 => format!("t1.{column}"),
            _ => format!("DATE_TRUNC('day', t1.{column}) AS day_{}", random.below(1_000)),
        };
        text.push_str(&expression);
    }
    text + "\\nFROM visits t1\\nINNER JOIN purchases t2\\n\\tON t1.hashed_email = t2.hashed_email\\nGROUP BY 1, 2"
}
