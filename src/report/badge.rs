//! A badge in SVG to publish: how much of what was called conforms, or how much was covered.

use std::io::{self, Write};

use super::{Report, Style};
use crate::gate::{Scorecard, Verdict};
use crate::outcome::{Measure, Particulars, Totals};
use crate::text::visible;

pub(super) struct Badge;

impl Report for Badge {
    fn id(&self) -> &'static str {
        "badge"
    }

    fn about(&self) -> &'static str {
        "an SVG badge of a scorecard or a coverage, to publish"
    }

    fn shows(&self, job: &str) -> bool {
        matches!(job, "scorecard" | "coverage")
    }

    fn write(&self, verdict: &Verdict, _: &Style, out: &mut dyn Write) -> io::Result<()> {
        let (label, seen, of) = if let Particulars::Scorecard(_) = verdict.particulars {
            let total = Scorecard::of(verdict).total();
            (subject(verdict, "conforming"), total.conforming, total.called)
        } else {
            let (mut seen, mut all) = (Totals::default(), Totals::default());
            for covered in verdict.coverage.iter().flat_map(|coverage| coverage.services.values()) {
                seen += covered.seen();
                all += covered.all(false);
            }
            (subject(verdict, "covered"), seen.operations, Measure::Operations.of(&all))
        };
        out.write_all(badge(&label, &format!("{seen} of {of} operations"), colour(seen, of)).as_bytes())
    }
}

/// The service where there is one alone, and what is counted of it.
fn subject(verdict: &Verdict, what: &str) -> String {
    let mut services = verdict.coverage.iter().flat_map(|coverage| coverage.services.keys());
    match (services.next(), services.next()) {
        (Some(only), None) => format!("{only} {what}"),
        _ => what.to_owned(),
    }
}

/// White text is legible on each of them.
fn colour(seen: usize, of: usize) -> &'static str {
    match (seen * 100).checked_div(of) {
        Some(90..) => "#1a7f37",
        Some(60..) => "#7d5a00",
        Some(_) => "#b42318",
        None => "#57606a",
    }
}

/// Width of a text in the font of badges, about: there is none at hand to measure by.
fn width(text: &str) -> usize {
    let tenths: usize = text
        .chars()
        .map(|c| match c {
            'i' | 'j' | 'l' | 't' | 'f' | 'r' | ' ' | '.' | '-' => 42,
            'm' | 'w' | 'M' | 'W' | '@' => 100,
            'A'..='Z' => 78,
            _ => 70,
        })
        .sum();
    tenths / 10 + 14
}

fn badge(label: &str, value: &str, colour: &str) -> String {
    let (label, value) = (visible(label), visible(value));
    let (left, right) = (width(&label), width(&value));
    let (all, middle) = (left + right, left + right / 2);
    let (label, value) = (escaped(&label), escaped(&value));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{all}\" height=\"20\" role=\"img\" aria-label=\"{label}: {value}\">\
         <title>{label}: {value}</title>\
         <clipPath id=\"r\"><rect width=\"{all}\" height=\"20\" rx=\"3\"/></clipPath>\
         <g clip-path=\"url(#r)\"><rect width=\"{left}\" height=\"20\" fill=\"#24292f\"/>\
         <rect x=\"{left}\" width=\"{right}\" height=\"20\" fill=\"{colour}\"/></g>\
         <g fill=\"#fff\" text-anchor=\"middle\" font-family=\"Verdana,DejaVu Sans,sans-serif\" font-size=\"11\">\
         <text x=\"{}\" y=\"14\">{label}</text><text x=\"{middle}\" y=\"14\">{value}</text></g></svg>\n",
        left / 2
    )
}

/// A text in XML, also within quotes.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::super::tests::HOSTILE;
    use super::*;

    #[test]
    fn names_are_no_markup() {
        let drawn = badge(&format!("\"'&{HOSTILE}"), "1 of 2", colour(1, 2));
        assert!(
            !drawn.contains("<script") && drawn.contains("&quot;&#39;&amp;") && !drawn.contains('\u{1b}'),
            "{drawn}"
        );
        // Marks of tags and their ends come in turn where the text is sound.
        let marks: Vec<char> = drawn.chars().filter(|c| matches!(c, '<' | '>')).collect();
        assert!(marks.chunks(2).all(|pair| pair == ['<', '>']), "{drawn}");
    }

    #[test]
    fn a_colour_says_how_much() {
        assert_eq!(
            [colour(9, 10), colour(6, 10), colour(5, 10), colour(0, 0)],
            ["#1a7f37", "#7d5a00", "#b42318", "#57606a"]
        );
    }
}
