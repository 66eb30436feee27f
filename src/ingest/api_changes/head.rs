//! Title and date lines: which service, which day, how many operations.

use super::lines::{Line, LineColumn, Lines};
use crate::error::Result;
use crate::ingest::names::exception;
use crate::text::is_day;

/// What stands above the first operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    /// The service's full name.
    pub(super) title: String,
    /// `YYYY-MM-DD`
    pub(super) release: String,
    new: usize,
    updated: usize,
    /// The date line as it stands.
    counts: String,
    place: LineColumn,
}

/// Reads the title and `2023/08/30 - <title> - 6 updated api methods`.
pub(super) fn head(lines: &mut Lines<'_>) -> Result<Head> {
    let Some(title) = lines.peek().filter(|line| line.indent == 0) else {
        return Err(lines.unexpected("the service's name"));
    };
    lines.take();
    let wanted = "a line such as `2023/08/30 - <service> - 6 updated api methods`";
    let parsed = lines.peek().and_then(|line| Some((line, date_line(line.text, title.text)?)));
    let Some((line, (release, counts, (new, updated)))) = parsed else { return Err(lines.unexpected(wanted)) };
    lines.take();
    Ok(Head { title: title.text.to_owned(), release, new, updated, counts: counts.to_owned(), place: line.place() })
}

/// Passes over the paragraph that announces the release. It begins with `Changes` and a NO-BREAK SPACE.
pub(super) fn skip_announcement(lines: &mut Lines<'_>) -> Result<()> {
    let announces = |text: &str| text.strip_prefix("Changes").is_some_and(|rest| rest.starts_with(char::is_whitespace));
    while let Some(line) = lines.peek().filter(|line| heading(line).is_none()) {
        if !announces(line.text) {
            return Err(lines.unexpected("an operation's heading such as `ListThings (updated) Link ¶`"));
        }
        lines.take_prose();
        while lines.peek().is_some_and(|line| heading(&line).is_none()) {
            lines.take_prose();
        }
    }
    Ok(())
}

impl Head {
    /// The page has to hold as many operations as its date line says.
    pub(super) fn check_counts(&self, new: usize, updated: usize, end: LineColumn) -> Result<()> {
        if (new, updated) == (self.new, self.updated) {
            return Ok(());
        }
        let Self { counts, place, .. } = self;
        let said = format!("the date line (line {}) says `{counts}`", place.line);
        let holds = format!("the page ends after {new} new and {updated} updated");
        if new + updated < self.new + self.updated {
            return Err(end.error(format!("the page ends early: {said}, but {holds}")));
        }
        Err(place.error(format!("{said}, but {holds}")))
    }

    /// The name that SDKs and recordings use, such as `cleanrooms` for `AWS Clean Rooms Service`.
    ///
    /// This is an inference: pages give the full name alone. It holds for services whose short name is their full
    /// name without `AWS`, `Amazon` and `Service`, and those whose full name holds a service id with a folder of another
    /// name, which is not all of them.
    pub(super) fn service_name(&self) -> String {
        let title = self.title.as_str();
        let whole = ["AWS ", "Amazon "].iter().find_map(|prefix| title.strip_prefix(prefix)).unwrap_or(title);
        let title = whole.strip_suffix(" Service").unwrap_or(whole);
        // Pages of `elb` and `elbv2` have this title, and nothing says which one is meant.
        let is_shared = title == "Elastic Load Balancing";
        if let Some(name) = exception(whole).or_else(|| exception(title)).filter(|_| !is_shared) {
            return name.to_owned();
        }
        title.replace(' ', "").to_lowercase()
    }
}

/// Release, the text of the counts, and the counts (new, updated).
fn date_line<'a>(line: &'a str, title: &str) -> Option<(String, &'a str, (usize, usize))> {
    let (date, rest) = line.split_once(" - ")?;
    let counts = rest.strip_prefix(title)?.strip_prefix(" - ")?;
    Some((release(date)?, counts, count(counts)?))
}

fn release(date: &str) -> Option<String> {
    let day = date.replace('/', "-");
    (is_day(&day) && !date.contains('-')).then_some(day)
}

/// `2 new api methods`, `6 updated api methods`, `1 new 5 updated api methods`.
fn count(text: &str) -> Option<(usize, usize)> {
    let counts = text.strip_suffix(" api methods").or_else(|| text.strip_suffix(" api method"))?;
    let words: Vec<&str> = counts.split(' ').collect();
    match words.as_slice() {
        [new, "new", updated, "updated"] => Some((new.parse().ok()?, updated.parse().ok()?)),
        [new, "new"] => Some((new.parse().ok()?, 0)),
        [updated, "updated"] => Some((0, updated.parse().ok()?)),
        _ => None,
    }
}

/// The name in `Name (updated) Link ¶`, and whether it says `new` instead.
///
/// Before the parenthesis is a NO-BREAK SPACE. A plain one is fine too: some editors save one as the other.
pub(super) fn heading<'a>(line: &Line<'a>) -> Option<(&'a str, bool)> {
    let text = line.text.strip_suffix(" Link ¶").filter(|_| line.indent == 0)?;
    let (name, new) = match text.strip_suffix("(updated)") {
        Some(name) => (name, false),
        None => (text.strip_suffix("(new)")?, true),
    };
    let name = name.strip_suffix(['\u{a0}', ' '])?;
    (!name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')).then_some((name, new))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Head> {
        head(&mut Lines::new(text))
    }

    #[test]
    fn reads_every_kind_of_count() {
        for (text, expected) in [
            ("6 updated api methods", (0, 6)),
            ("1 updated api method", (0, 1)),
            ("1 new api methods", (1, 0)),
            ("1 new 5 updated api methods", (1, 5)),
        ] {
            let head = read(&format!("AWS Things\n\n2024/01/31 - AWS Things - {text}")).expect("to be read");
            assert_eq!((head.new, head.updated), expected, "{text}");
            assert_eq!((head.title.as_str(), head.release.as_str()), ("AWS Things", "2024-01-31"));
        }
    }

    #[test]
    fn refuses_other_lines() {
        for line in [
            "2024/01/31 - AWS Thing - 6 updated api methods",
            "2024/13/31 - AWS Things - 6 updated api methods",
            "2024/1/31 - AWS Things - 6 updated api methods",
            "2024/01/31 - AWS Things - updated api methods",
            "2024/01/31 - AWS Things - 6 changed api methods",
            "2024/01/31 - AWS Things - 6 updated",
        ] {
            assert_eq!(
                read(&format!("AWS Things\n{line}")).expect_err("to be refused").line_and_column(),
                Some((2, 1)),
                "{line}"
            );
        }
    }

    #[test]
    fn infers_the_short_name() {
        for (title, name) in [
            ("AWS Clean Rooms Service", "cleanrooms"),
            ("Amazon DynamoDB", "dynamodb"),
            ("AWS Lambda", "lambda"),
            ("Schemas", "schemas"),
            ("AWS Directory Service", "ds"),
            ("AWS Cost Explorer Service", "ce"),
            ("Application Auto Scaling", "application-autoscaling"),
            ("Elastic Load Balancing", "elasticloadbalancing"),
        ] {
            let head = read(&format!("{title}\n2024/01/31 - {title} - 1 new api methods")).expect("to be read");
            assert_eq!(head.service_name(), name);
        }
    }

    #[test]
    fn passes_over_the_announcement_only() {
        let mut lines = Lines::new("Changes\u{a0} Words.\n\nMore.\n\nListThings (new) Link ¶");
        skip_announcement(&mut lines).expect("to be read");
        assert_eq!(lines.peek().expect("to be read").number, 5);
        let error = skip_announcement(&mut Lines::new("Words.\n\nListThings (new) Link ¶")).expect_err("to be refused");
        assert_eq!(error.line_and_column(), Some((1, 1)));
    }

    #[test]
    fn reads_headings() {
        let read =
            |text: &str| heading(&Line { number: 1, indent: 0, text }).map(|(name, new)| format!("{name} {new}"));
        assert_eq!(read("ListThings\u{a0}(updated) Link ¶").as_deref(), Some("ListThings false"));
        assert_eq!(read("ListThings (new) Link ¶").as_deref(), Some("ListThings true"));
        for text in ["ListThings (removed) Link ¶", "ListThings (new)", "List Things (new) Link ¶", " (new) Link ¶"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
