//! The types a page spells out: `type`/`param` pairs of a request, and trees of `• name (type) --` bullets.
//!
//! Anything else at a bullet's depth is prose, bullets of prose included, and is passed over.

use super::lines::{Line, LineColumn, Lines};
use crate::error::Result;
use crate::limits::DEPTH;

/// A parameter, member, element, key or value with its type.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bullet {
    pub(super) place: LineColumn,
    /// `None` for elements, keys, values and the response as a whole.
    pub(super) name: Option<String>,
    pub(super) kind: Type,
    pub(super) required: bool,
    pub(super) children: Vec<Bullet>,
}

/// The types a page names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Dict,
    List,
    String,
    Integer,
    Float,
    Boolean,
    Bytes,
    Datetime,
    Document,
    /// A JSON document within a header.
    Json,
    /// A streamed request body.
    File,
    /// A streamed response body.
    StreamingBody,
    EventStream,
}

/// Types as pages spell them. Roles of the documentation's own markup (`:ref:`) stand where a page shows no link.
const TYPES: [(&str, Type); 17] = [
    ("dict", Type::Dict),
    ("list", Type::List),
    ("string", Type::String),
    ("integer", Type::Integer),
    ("float", Type::Float),
    ("boolean", Type::Boolean),
    ("bytes", Type::Bytes),
    ("datetime", Type::Datetime),
    (":ref:`document<document>`", Type::Document),
    (":ref:`document`", Type::Document),
    ("document", Type::Document),
    ("JSON serializable", Type::Json),
    ("bytes or seekable file-like object", Type::File),
    (":class:`.StreamingBody`", Type::StreamingBody),
    ("StreamingBody", Type::StreamingBody),
    (":class:`.EventStream`", Type::EventStream),
    ("EventStream", Type::EventStream),
];

impl Type {
    fn parse(text: &str) -> Option<Self> {
        TYPES.iter().find(|(name, _)| *name == text).map(|(_, kind)| *kind)
    }

    /// The type as pages spell it.
    pub(super) fn name(self) -> &'static str {
        TYPES.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }
}

const BULLET: char = '•';
const REQUIRED: &str = "[REQUIRED]";
/// How much further right a bullet stands than the bullet or parameter it belongs to.
const STEP: usize = 2;

/// Reads all parameters of a request: `type NAME`, the type, `param NAME`, `[REQUIRED]`, prose, bullets.
pub(super) fn parameters(lines: &mut Lines<'_>) -> Result<Vec<Bullet>> {
    let mut parameters = Vec::new();
    while let Some(line) = lines.peek() {
        let Some(name) = parameter_heading(&line) else { break };
        lines.take();
        parameters.push(parameter(lines, line.place(), name)?);
    }
    Ok(parameters)
}

/// The name in a line `type NAME`. The name may itself be `type`.
pub(super) fn parameter_heading<'a>(line: &Line<'a>) -> Option<&'a str> {
    let name = line.text.strip_prefix("type ").filter(|_| line.indent == 0)?;
    (!name.contains(' ')).then_some(name)
}

fn parameter(lines: &mut Lines<'_>, place: LineColumn, name: &str) -> Result<Bullet> {
    let kind = match lines.peek() {
        Some(line) if line.indent == 0 => Type::parse(line.text),
        _ => None,
    };
    let Some(kind) = kind else { return Err(lines.unexpected(&format!("the type of `{name}`"))) };
    lines.take();
    lines.expect(&format!("param {name}"))?;
    let mark = lines.peek().filter(|line| line.indent == 0).and_then(|line| strip_required(line.text));
    if let Some(prose) = mark {
        lines.take_with_prose(prose);
    }
    while lines.peek().is_some_and(|line| !is_heading(&line) && !is_bullet(&line)) {
        lines.take_prose();
    }
    let required = mark.is_some();
    Ok(Bullet { place, name: Some(name.to_owned()), kind, required, children: tree(lines)? })
}

/// Lines at the margin that end a parameter.
fn is_heading(line: &Line<'_>) -> bool {
    line.indent == 0
        && (matches!(line.text, "rtype" | "returns" | "Response Syntax" | "Response Structure" | "Request Syntax")
            || parameter_heading(line).is_some()
            || super::head::heading(line).is_some())
}

/// Reads the bullets below a parameter or a `Response Structure`, up to the next line at the margin.
pub(super) fn tree(lines: &mut Lines<'_>) -> Result<Vec<Bullet>> {
    let mut found: Vec<(usize, Bullet)> = Vec::new();
    while let Some(line) = lines.peek().filter(|line| line.indent > 0) {
        let last = found.last().map_or(0, |(indent, _)| *indent);
        match bullet(&line)? {
            Some(_) if line.indent > DEPTH * STEP => {
                return Err(line.place().error(format!("bullets beneath each other, more than {DEPTH} levels deep")));
            }
            Some(_) if line.indent % STEP != 0 || line.indent > last + STEP => {
                let nesting = format!("this bullet is indented by {} beneath one indented by {last}", line.indent);
                return Err(line.place().error(format!("broken nesting: {nesting}")));
            }
            Some((bullet, prose)) => {
                lines.take_with_prose(prose);
                found.push((line.indent, bullet));
            }
            None if line.indent >= last + STEP && !found.is_empty() => lines.take_prose(),
            None => return Err(lines.unexpected("a bullet, or text indented as far as the bullet before it")),
        }
    }
    Ok(nest(&mut found.into_iter().peekable(), STEP))
}

/// Turns the row of bullets from this depth on into a tree. [`tree`] has checked that no depth is left out.
fn nest(row: &mut std::iter::Peekable<std::vec::IntoIter<(usize, Bullet)>>, depth: usize) -> Vec<Bullet> {
    let mut level = Vec::new();
    while let Some((_, mut bullet)) = row.next_if(|(indent, _)| *indent == depth) {
        bullet.children = nest(row, depth + STEP);
        level.push(bullet);
    }
    level
}

fn is_bullet(line: &Line<'_>) -> bool {
    // An unknown type makes it a bullet too: `tree` reports it.
    !matches!(bullet(line), Ok(None))
}

/// Reads `• name (type) -- [REQUIRED]` and returns it with the prose that may follow; `None` for any other line.
fn bullet<'a>(line: &Line<'a>) -> Result<Option<(Bullet, &'a str)>> {
    let Some((name, kind, rest)) = bullet_parts(line.text) else { return Ok(None) };
    let (required, prose) = match strip_required(rest) {
        Some(prose) => (true, prose),
        None => (false, rest),
    };
    match Type::parse(kind) {
        Some(kind) => {
            let (place, name) = (line.place(), name.map(str::to_owned));
            Ok(Some((Bullet { place, name, kind, required, children: Vec::new() }, prose)))
        }
        // Prose has bullets as well: `• size (optional) -- in bytes`.
        None if !prose.is_empty() => Ok(None),
        None => Err(line.place().error(format!("`{kind}` is not a type that pages use"))),
    }
}

/// Name, type and what follows the dashes.
fn bullet_parts(text: &str) -> Option<(Option<&str>, &str, &str)> {
    let (name, rest) = text.strip_prefix(BULLET)?.split_once('(')?;
    let (kind, rest) = rest.split_once(") --")?;
    let name = name.trim();
    let legal = !name.contains(' ') && (rest.is_empty() || rest.starts_with(' '));
    legal.then(|| ((!name.is_empty()).then_some(name), kind, rest.trim_start()))
}

/// What follows `[REQUIRED]`.
fn strip_required(text: &str) -> Option<&str> {
    let rest = text.strip_prefix(REQUIRED)?;
    (rest.is_empty() || rest.starts_with(' ')).then(|| rest.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(bullets: &[Bullet]) -> String {
        let one = |bullet: &Bullet| {
            let name = bullet.name.as_deref().unwrap_or("_");
            let mark = if bullet.required { "!" } else { "" };
            let below =
                if bullet.children.is_empty() { String::new() } else { format!("[{}]", outline(&bullet.children)) };
            format!("{name}{mark}:{}{below}", bullet.kind.name())
        };
        bullets.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn reads_parameters_one_of_them_called_type() {
        let page = "type type\n\nstring\n\nparam type\n\n[REQUIRED]\n\nWords.\n\n• words in a list\n\n\
                    type tags\n\ndict\n\nparam tags\n\n  • (string) --\n\n    • (string) --\n\nrtype";
        let mut lines = Lines::new(page);
        assert_eq!(outline(&parameters(&mut lines).expect("to be read")), "type!:string tags:dict[_:string[_:string]]");
        assert_eq!(lines.take().expect("to be read").text, "rtype");
    }

    #[test]
    fn reads_trees_with_and_without_prose() {
        let page = "  • (dict) --\n\n    • a (list) -- [REQUIRED]\n\n      Words.\n\n      • a word (or two)\n\n\
                    \x20     • (dict) --\n\n        • x (datetime) --\n\n    • b (:ref:`document<document>`) --\n";
        let tree = tree(&mut Lines::new(page)).expect("to be read");
        assert_eq!(outline(&tree), "_:dict[a!:list[_:dict[x:datetime]] b::ref:`document<document>`]");
        assert_eq!(tree[0].children[1].place, LineColumn { line: 13, column: 5 });
    }

    #[test]
    fn takes_prose_on_the_line_of_a_bullet() {
        let page = "type a\n\nlist\n\nparam a\n\n[REQUIRED] Words.\n\n  • (dict) -- Words.\n\n    \
                    • b (string) -- [REQUIRED] Words.\n\n      • b (optional) -- words\n";
        let mut lines = Lines::new(page);
        assert_eq!(outline(&parameters(&mut lines).expect("to be read")), "a!:list[_:dict[b!:string]]");
        let kept = lines.without_prose();
        assert!(kept.ends_with("[REQUIRED]\n\n  • (dict) --\n\n    • b (string) -- [REQUIRED]\n"), "{kept}");
    }

    #[test]
    fn refuses_broken_nesting_and_stray_text() {
        for (page, line) in [
            ("  • a (dict) --\n      • b (string) --", 2),
            ("    • a (dict) --", 1),
            ("  • a (dict) --\n   • b (string) --", 2),
            ("  words", 1),
            ("  • a (dict) --\n  words", 2),
            ("  • a (dict) --\n    • b (string) --\n  • c (stri", 3),
        ] {
            assert_eq!(
                tree(&mut Lines::new(page)).expect_err("to be refused").line_and_column().expect("to be read").0,
                line,
                "{page}"
            );
        }
    }

    #[test]
    fn takes_a_bullet_cut_in_two_for_prose() {
        // Prose may have bullets too. The cross-check finds that `b` is missing.
        let tree = tree(&mut Lines::new("  • a (dict) --\n    • b (stri")).expect("to be read");
        assert_eq!(outline(&tree), "a:dict");
    }

    #[test]
    fn refuses_an_unknown_type() {
        let error = tree(&mut Lines::new("  • a (strnig) --")).expect_err("to be refused");
        assert_eq!(error.cause(), "`strnig` is not a type that pages use");
        let error = parameters(&mut Lines::new("type a\n\nstrnig\n\nparam a")).expect_err("to be refused");
        assert_eq!(error.line_and_column(), Some((3, 1)));
        let error = parameters(&mut Lines::new("type a\n\nstring\n\nparam b")).expect_err("to be refused");
        assert_eq!(error.cause(), "expected `param a`, found `param b`");
    }

    #[test]
    fn spells_every_type_once_per_spelling() {
        for (at, (text, kind)) in TYPES.iter().enumerate() {
            assert_eq!(Type::parse(text), Some(*kind));
            assert!(TYPES[at + 1..].iter().all(|(other, _)| other != text), "{text}");
        }
    }
}
