//! Strings and numbers of a JSON text, as they stand in it.

use std::borrow::Cow;

/// A string, as it stands between its quotes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quoted<'t> {
    /// With the quotes.
    pub(super) whole: &'t str,
    /// How many escapes it has.
    pub(super) escapes: usize,
    /// Each of them is of one letter.
    pub(super) is_lettered: bool,
    /// It has no character beyond ASCII, as far as it stands there.
    pub(crate) is_ascii: bool,
}

/// A number.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Number<'t> {
    /// A whole one of at most 18 digits.
    Whole(i64),
    /// Any other, as it is written.
    Other(&'t str),
}

impl<'t> Quoted<'t> {
    /// The text that it stands for, borrowed where it has no escapes; `None` where an escape means no character.
    pub(crate) fn text(self) -> Option<Cow<'t, str>> {
        match self.plain() {
            Some(text) => Some(Cow::Borrowed(text)),
            None => serde_json::from_str::<String>(self.whole).ok().map(Cow::Owned),
        }
    }

    /// The text, where it has no escapes.
    pub(crate) fn plain(self) -> Option<&'t str> {
        if self.escapes > 0 { None } else { self.whole.get(1..self.whole.len() - 1) }
    }

    /// Whether each of its escapes means a character.
    pub(crate) fn is_sound(self) -> bool {
        self.is_lettered || self.text().is_some()
    }

    /// Characters of the text that it stands for; `None` where that takes reading its escapes.
    pub(crate) fn length(self) -> Option<usize> {
        let written = if self.is_ascii { self.whole.len() } else { self.whole.chars().count() };
        // Without the quotes, and the first of the two characters of each escape.
        self.is_lettered.then(|| written - 2 - self.escapes)
    }
}

impl Number<'_> {
    /// Its value in floating point; `None` where it has none, or is no number.
    pub(crate) fn value(self) -> Option<f64> {
        match self {
            #[allow(clippy::cast_precision_loss, reason = "as the parser has it")]
            Number::Whole(whole) => Some(whole as f64),
            Number::Other(text) => serde_json::from_str(text).ok(),
        }
    }

    /// Whether it is a number, and not beyond floating point.
    pub(crate) fn is_sound(self) -> bool {
        matches!(self, Number::Whole(_)) || self.value().is_some()
    }
}
