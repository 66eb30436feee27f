//! When an exchange was recorded, in the ways in which recordings write it.

use super::HttpExchange;

const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
const MINUTES_OF_A_DAY: i64 = 24 * 60;

/// The day in UTC, `YYYY-MM-DD`, of a time as RFC 3339 writes it; without an offset the time is UTC. `None` of what is no
/// such time.
pub fn day(time: &str) -> Option<String> {
    let (date, rest) = time.trim().split_at_checked(10)?;
    let mut numbers = date.split('-').map(digits);
    let (year, month, day) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let known = date.as_bytes()[4] == b'-' && (1..=12).contains(&month) && (1..=length(year, month)).contains(&day);
    if !known || numbers.next().is_some() {
        return None;
    }
    let shown = |(year, month, day): (i64, i64, i64)| format!("{year:04}-{month:02}-{day:02}");
    match minutes(rest)? {
        ..0 => Some(shown(before(year, month, day))),
        MINUTES_OF_A_DAY.. => Some(shown(after(year, month, day))),
        _ => Some(shown((year, month, day))),
    }
}

/// `Wed, 11 Jan 2017 23:21:34 GMT`, as HTTP writes it, in the manner of RFC 3339; `None` of any other form.
pub(super) fn of_http_date(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split(' ').collect();
    let [_, day, month, year, time, "GMT"] = parts[..] else { return None };
    let month = MONTHS.find(month).filter(|at| month.len() == 3 && at % 3 == 0)? / 3 + 1;
    Some(format!("{year}-{month:02}-{day:0>2}T{time}Z"))
}

/// When a response says that it was made.
pub(super) fn of_response(http: &HttpExchange<'_>) -> Option<String> {
    of_http_date(&http.response.as_ref()?.headers.get("date")?)
}

fn digits(text: &str) -> Option<i64> {
    let sound = matches!(text.len(), 2 | 4) && text.bytes().all(|byte| byte.is_ascii_digit());
    sound.then(|| text.parse().ok()).flatten()
}

/// Minutes of the day in UTC, which an offset may put before its beginning or behind its end. What stands behind a date
/// is a time, or nothing.
fn minutes(rest: &str) -> Option<i64> {
    if rest.is_empty() {
        return Some(0);
    }
    let clock = |text: &str| {
        let (hours, minutes) = (text.get(..2)?, text.get(text.len().checked_sub(2)?..)?);
        Some(digits(hours)? * 60 + digits(minutes)?)
    };
    let time = rest.strip_prefix(['T', 't', ' '])?;
    let local = clock(time.get(..5)?)?;
    let (sign, offset) = match (time.rsplit_once('+'), time.rsplit_once('-')) {
        (Some((_, offset)), _) => (1, clock(offset)?),
        (None, Some((_, offset))) => (-1, clock(offset)?),
        _ => (1, 0),
    };
    Some(local - sign * offset)
}

fn length(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn before(year: i64, month: i64, day: i64) -> (i64, i64, i64) {
    match (month, day) {
        (1, 1) => (year - 1, 12, 31),
        (_, 1) => (year, month - 1, length(year, month - 1)),
        _ => (year, month, day - 1),
    }
}

fn after(year: i64, month: i64, day: i64) -> (i64, i64, i64) {
    match (month, day == length(year, month)) {
        (12, true) => (year + 1, 1, 1),
        (_, true) => (year, month + 1, 1),
        _ => (year, month, day + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_utc() {
        for (time, expected) in [
            ("2023-08-30T10:00:00Z", "2023-08-30"),
            ("2023-08-30", "2023-08-30"),
            ("2023-08-30 23:59:59.123", "2023-08-30"),
            ("2023-08-30T23:30:00-07:00", "2023-08-31"),
            ("2023-08-31T00:30:00.5+02:00", "2023-08-30"),
            ("2023-08-31T00:30:00+0200", "2023-08-30"),
            ("2024-02-29T22:00:00-03:00", "2024-03-01"),
            ("2023-12-31T22:00:00-03:00", "2024-01-01"),
            ("2024-03-01T01:00:00+05:30", "2024-02-29"),
            ("2024-01-01T01:00:00+05:30", "2023-12-31"),
        ] {
            assert_eq!(day(time).as_deref(), Some(expected), "{time}");
        }
    }

    #[test]
    fn what_is_no_time_has_no_day() {
        for text in [
            "",
            "yesterday",
            "2023-13-01",
            "2023-02-29",
            "1900-02-29",
            "30-08-2023",
            "2023-+8-30",
            "+023-08-30",
            "2023-08-30x",
            "2023-08-30T+1:00Z",
            "1693390000",
            "2023-08-30Tübel",
        ] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn http_dates_become_plain() {
        assert_eq!(of_http_date("Wed, 11 Jan 2017 23:21:34 GMT").as_deref(), Some("2017-01-11T23:21:34Z"));
        assert_eq!(of_http_date("Tue, 5 Dec 2017 03:21:34 GMT").as_deref(), Some("2017-12-05T03:21:34Z"));
        for other in ["2017-01-11T23:21:34", "Wed, 11 anF 2017 23:21:34 GMT", ""] {
            assert_eq!(of_http_date(other), None, "{other}");
        }
    }
}
