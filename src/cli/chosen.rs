//! [`Chosen`]: a setting with what set it: an option, a line of the configuration, or nobody.

use crate::config::{Config, Set};
use crate::error::Result;

/// A setting with what set it.
#[derive(Debug, Clone)]
pub(super) struct Chosen<T> {
    pub(super) value: T,
    pub(super) by: By,
}

/// What set something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// Nobody: it is the default.
    Default,
    /// An option of the command, or a variable of its environment.
    Option(&'static str),
    /// A line of the configuration.
    Line(usize),
}

impl<T> Chosen<T> {
    /// An option wins over the configuration, and that over the default.
    pub(super) fn of(option: Option<T>, name: &'static str, set: Option<&Set<T>>, default: T) -> Self
    where
        T: Clone,
    {
        match (option, set) {
            (Some(value), _) => Self { value, by: By::Option(name) },
            (None, Some(set)) => Self { value: set.value.clone(), by: By::Line(set.line) },
            (None, None) => Self { value: default, by: By::Default },
        }
    }

    /// What is made of it. An error names the line of the configuration that set it.
    pub(super) fn located<U>(&self, config: &Config, made: Result<U>) -> Result<U> {
        made.map_err(|error| match self.by {
            By::Line(line) => config.mistake(line, error),
            By::Default | By::Option(_) => error,
        })
    }

    /// Items of a list: an option that is given takes the place of what the configuration lists.
    pub(super) fn list(options: &[T], name: &'static str, sets: &[Set<T>]) -> Vec<Self>
    where
        T: Clone,
    {
        if options.is_empty() {
            let line = |set: &Set<T>| Self { value: set.value.clone(), by: By::Line(set.line) };
            return sets.iter().map(line).collect();
        }
        options.iter().map(|value| Self { value: value.clone(), by: By::Option(name) }).collect()
    }
}

/// A flag that was given, as an option that says `value`.
pub(super) fn flag(given: bool, value: bool) -> Option<bool> {
    given.then_some(value)
}
