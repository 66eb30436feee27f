//! What bounds of a model come to.

use serde_json::Value;

use super::pattern::{self, Unsupported};

/// Why no text can keep the constraints together, where that is so.
pub(super) fn unsatisfiable(
    min: Option<u64>,
    max: Option<u64>,
    translated: Option<&(&str, Result<String, Unsupported>)>,
) -> Option<String> {
    let (low, high) = (min.unwrap_or(0), max.unwrap_or(u64::MAX));
    if low > high {
        return Some(format!("min {low} is above max {high}"));
    }
    let (_, Ok(translated)) = translated? else { return None };
    let reach = pattern::reach(translated);
    if reach.is_empty {
        return Some("the pattern has characters where the text is to begin or to end".to_owned());
    }
    let measure = reach.measure?;
    if measure.min > high {
        return Some(format!("the pattern needs {} or more characters, max allows {high}", measure.min));
    }
    match measure.max {
        Some(longest) if longest < low => {
            Some(format!("the pattern allows {longest} or fewer characters, min needs {low}"))
        }
        _ => None,
    }
}

/// Whether a bound excludes anything of what is never less than nothing.
pub(super) fn is_above_zero(bound: &Value) -> bool {
    bound.as_u64().is_none_or(|bound| bound > 0)
}

/// The model's bound where it lies within the type's range, else the range's end.
pub(super) fn tighter(bound: Option<Value>, end: i64, pick: fn(i64, i64) -> i64) -> Value {
    bound.map_or(end.into(), |bound| bound.as_i64().map_or(bound, |bound| pick(bound, end).into()))
}
