//! Numbers as texts write them. Floating point rounds, and what is out of bounds by less than that must not be rounded into
//! them: `-9223372036854775809` is not the least number of 64 bits, and `1.00000000000000000001` is not whole.

use serde_json::Number;

/// A number that was read.
#[derive(Debug, PartialEq)]
pub(crate) struct Read {
    /// The number. A bound of whole numbers keeps it exactly where it keeps what is written.
    pub(crate) number: Number,
    /// What that is beside what is written.
    pub(crate) rounding: Rounding,
}

/// What a number lost as it was read, as far as bounds and wholeness go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rounding {
    /// Nothing.
    None,
    /// A fraction: it is whole, and what is written is not.
    Fraction,
    /// It would have been the least number of 64 bits. The one below is read.
    Range,
    /// It is beyond floating point. The last one is read.
    Overflow,
}

impl Read {
    fn exact(number: Number) -> Self {
        Self { number, rounding: Rounding::None }
    }

    /// Whether what is written is the number.
    pub(crate) fn is_exact(&self) -> bool {
        self.rounding == Rounding::None
    }
}

/// The least number of 64 bits in floating point, and the one below.
const LEAST: f64 = -9_223_372_036_854_775_808.0;
const BELOW_LEAST: f64 = LEAST.next_down();

/// Digits of whole numbers that are calculated with here. Longer ones are out of every bound, whatever is rounded.
const DIGITS: usize = 38;

/// The number that a JSON text is; `None` where it is something else.
pub(crate) fn read(text: &str) -> Option<Read> {
    match serde_json::from_str::<Number>(text) {
        Ok(number) => Some(refined(number, text)),
        Err(error) if is_beyond(&error) => {
            let most = if text.trim_start().starts_with('-') { f64::MIN } else { f64::MAX };
            Some(Read { number: Number::from_f64(most)?, rounding: Rounding::Overflow })
        }
        Err(_) => None,
    }
}

/// The number that a text is which may have what JSON has not: a sign in front, and zeros, as query strings and XML may
/// write them, or a point without digits.
pub(crate) fn read_loosely(text: &str) -> Option<Read> {
    let plain = text.strip_prefix('+').unwrap_or(text);
    read(plain).or_else(|| {
        let is_number = plain.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'));
        let float = plain.parse::<f64>().ok().filter(|_| is_number)?;
        Some(refined(Number::from_f64(float)?, plain))
    })
}

/// A whole number of any width, as CBOR has it.
pub(crate) fn of_whole(whole: i128) -> Read {
    let exact = i64::try_from(whole).map(Number::from).or_else(|_| u64::try_from(whole).map(Number::from));
    match exact {
        Ok(number) => Read::exact(number),
        // Beyond 64 bits it is out of every range, whatever the last digits, unless they are rounded away.
        #[allow(clippy::cast_precision_loss, reason = "see above")]
        Err(_) => outside(whole as f64),
    }
}

/// Whether a parser stopped at a number beyond floating point.
pub(super) fn is_beyond(error: &serde_json::Error) -> bool {
    error.to_string().contains("number out of range")
}

/// What is written, where floating point made a whole number of it.
fn refined(number: Number, text: &str) -> Read {
    let Some(float) = number.as_f64().filter(|float| number.is_f64() && float.fract() == 0.0) else {
        return Read::exact(number);
    };
    match Decimal::of(text) {
        Decimal::Whole(whole) if i64::try_from(whole).is_err() && u64::try_from(whole).is_err() => outside(float),
        #[allow(clippy::cast_possible_truncation, reason = "of 65 bits at most")]
        Decimal::Whole(whole) if float as i128 != whole => of_whole(whole),
        Decimal::Whole(_) | Decimal::Large => Read::exact(number),
        Decimal::Fraction => Read { number, rounding: Rounding::Fraction },
    }
}

/// A number beyond 64 bits, which is kept there.
fn outside(float: f64) -> Read {
    let is_rounded_in = float.abs() <= LEAST.abs() && float < 0.0;
    let number = Number::from_f64(if is_rounded_in { BELOW_LEAST } else { float }).expect("it is finite");
    Read { number, rounding: if is_rounded_in { Rounding::Range } else { Rounding::None } }
}

/// What a number is as it is written.
enum Decimal {
    Whole(i128),
    /// Whole, and beyond [`DIGITS`].
    Large,
    Fraction,
}

impl Decimal {
    /// Of a text that is a number.
    fn of(text: &str) -> Self {
        let text = text.trim();
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (before, behind) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{}{behind}", before.trim_start_matches('-'));
        let significant = digits.trim_start_matches('0').trim_end_matches('0');
        if significant.is_empty() {
            return Self::Whole(0);
        }
        let zeros = digits.len() - digits.trim_end_matches('0').len();
        // No text is so long that its digits outweigh an exponent beyond this type.
        let beyond = if exponent.starts_with('-') { i64::MIN } else { i64::MAX };
        let exponent: i64 = exponent.parse().unwrap_or(beyond);
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let power = exponent.saturating_sub(count(behind.len())).saturating_add(count(zeros));
        let Ok(power) = usize::try_from(power) else { return Self::Fraction };
        if significant.len().saturating_add(power) > DIGITS {
            return Self::Large;
        }
        let sign = if before.starts_with('-') { "-" } else { "" };
        format!("{sign}{significant}{}", "0".repeat(power)).parse().map_or(Self::Large, Self::Whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reads(text: &str, number: impl Into<Number>, rounding: Rounding) {
        assert_eq!(read(text), Some(Read { number: number.into(), rounding }), "{text}");
    }

    fn float(float: f64) -> Number {
        Number::from_f64(float).expect("finite")
    }

    #[test]
    fn what_floating_point_holds_is_read_as_a_parser_reads_it() {
        for text in ["0", "-0", "1.5", "1e2", "5.0", "0.1", "1E+2", "18446744073709551615", "-9223372036854775808"] {
            let number: Number = serde_json::from_str(text).expect("JSON");
            reads(text, number, Rounding::None);
        }
        for none in ["", "x", "\"1\"", "01", "1.", "+1", "1 2"] {
            assert_eq!(read(none), None, "{none}");
        }
    }

    #[test]
    fn numbers_below_64_bits_stay_below() {
        for text in [
            "-9223372036854775809",
            "-9223372036854776832",
            "-9223372036854775809.0",
            "-9.223372036854775809e18",
            "-92233720368547758090E-1",
        ] {
            reads(text, float(BELOW_LEAST), Rounding::Range);
        }
        reads("-9223372036854775808.0", float(LEAST), Rounding::None);
        reads("-9.223372036854775808e18", float(LEAST), Rounding::None);
        reads("-9223372036854777856", float(BELOW_LEAST), Rounding::None);
        reads("18446744073709551616", float(18_446_744_073_709_551_616.0), Rounding::None);
        reads("9223372036854775808", 9_223_372_036_854_775_808_u64, Rounding::None);
    }

    #[test]
    fn whole_numbers_with_a_fraction_or_an_exponent_are_whole() {
        reads("9007199254740993.0", 9_007_199_254_740_993_u64, Rounding::None);
        reads("9223372036854775807.00", u64::try_from(i64::MAX).expect("positive"), Rounding::None);
        reads("-9.223372036854775807e18", -i64::MAX, Rounding::None);
        reads("900719925474099300e-2", 9_007_199_254_740_993_u64, Rounding::None);
        reads("0e400", float(0.0), Rounding::None);
        reads("0.000e-99999999999999999999", float(0.0), Rounding::None);
    }

    #[test]
    fn fractions_that_are_rounded_away_are_told() {
        reads("1.00000000000000000001", float(1.0), Rounding::Fraction);
        reads("1e-400", float(0.0), Rounding::Fraction);
        reads("-9223372036854775808.5", float(LEAST), Rounding::Fraction);
        reads("1e400", float(f64::MAX), Rounding::Overflow);
        reads("-1e400", float(f64::MIN), Rounding::Overflow);
        reads("1e308", float(1e308), Rounding::None);
    }

    #[test]
    fn other_spellings_are_read_like_those_of_json() {
        let loosely = |text: &str| read_loosely(text).map(|read| (read.number, read.rounding));
        assert_eq!(loosely("007"), Some((float(7.0), Rounding::None)));
        assert_eq!(loosely("+12"), Some((12.into(), Rounding::None)));
        assert_eq!(loosely("-.5"), Some((float(-0.5), Rounding::None)));
        assert_eq!(loosely("-09223372036854775809"), Some((float(BELOW_LEAST), Rounding::Range)));
        assert_eq!(loosely("01.00000000000000000001"), Some((float(1.0), Rounding::Fraction)));
        for none in ["", "inf", "NaN", "1e", "--1", "0x1", "00e400e"] {
            assert_eq!(loosely(none), None, "{none}");
        }
    }

    #[test]
    fn whole_numbers_of_any_width_keep_their_side_of_64_bits() {
        let least = i128::from(i64::MIN);
        assert_eq!(of_whole(least), Read { number: i64::MIN.into(), rounding: Rounding::None });
        assert_eq!(of_whole(least - 1), Read { number: float(BELOW_LEAST), rounding: Rounding::Range });
        assert_eq!(of_whole(i128::from(u64::MAX)), Read { number: u64::MAX.into(), rounding: Rounding::None });
        assert!(of_whole(i128::from(u64::MAX) + 1).number.as_f64() > Some(1.8e19));
    }
}
