//! [`Moved`]: a value that what is sent has on one side only.

use std::borrow::Cow;

use serde::Serialize;

use super::Texts;

/// One value of something that an operation may be sent with several of, such as its hosts, and that is there on one side
/// only. Each has a fact of its own, so that accepting one accepts no other, nor a value beside others its place alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// All values of the older side.
    pub old: Texts,
    /// All values of the newer side.
    pub new: Texts,
    /// Side that has it.
    pub seen: Seen,
    /// The value.
    pub value: String,
}

/// Which side has a value that the other has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Seen {
    /// The newer one, which has all of the older one, too.
    Also,
    /// The newer one, in place of others.
    Instead,
    /// The older one.
    NoLonger,
}

impl Moved {
    /// Each value that is new; where none is, each that is gone, for what is replaced needs no fact of its own.
    pub fn between(old: &Texts, new: &Texts) -> Vec<Self> {
        let fact = |seen, value: &String| Self { old: old.clone(), new: new.clone(), seen, value: value.clone() };
        let seen = if old.is_subset(new) && !old.is_empty() { Seen::Also } else { Seen::Instead };
        let newly: Vec<Self> = new.difference(old).map(|value| fact(seen, value)).collect();
        if newly.is_empty() { old.difference(new).map(|value| fact(Seen::NoLonger, value)).collect() } else { newly }
    }

    /// Whether one side has all that the other has.
    pub fn is_of_more_or_fewer(&self) -> bool {
        self.old.is_subset(&self.new) || self.new.is_subset(&self.old)
    }

    /// Makes the older side's values as the newer side's in this fact.
    pub(super) fn adopt(&self, own: &mut Texts) {
        match self.seen {
            Seen::Also | Seen::Instead => {
                own.retain(|value| self.new.contains(value));
                own.insert(self.value.clone());
            }
            Seen::NoLonger => drop(own.remove(&self.value)),
        }
    }

    /// The difference as a predicate: `changed from a to b`.
    pub fn predicate(&self) -> String {
        let any = |values: &Texts| -> Cow<'static, str> {
            match values.len() {
                0 => "none".into(),
                _ => values.iter().map(String::as_str).collect::<Vec<_>>().join(" or ").into(),
            }
        };
        let value = &self.value;
        match self.seen {
            Seen::Also => format!("is now also {value}, and was {}", any(&self.old)),
            Seen::Instead => {
                let replaced: Texts = self.old.difference(&self.new).cloned().collect();
                let kept: Texts = self.old.intersection(&self.new).cloned().collect();
                let beside = if kept.is_empty() { String::new() } else { format!(", beside {}", any(&kept)) };
                format!("changed from {} to {value}{beside}", any(&replaced))
            }
            Seen::NoLonger if self.new.is_empty() => format!("changed from {} to none", any(&self.old)),
            Seen::NoLonger => format!("is {}, and no longer {value}", any(&self.new)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(values: &[&str]) -> Texts {
        values.iter().map(|value| (*value).to_owned()).collect()
    }

    #[test]
    fn each_new_value_is_a_fact_and_what_is_replaced_is_none() {
        let told = |old: &[&str], new: &[&str]| -> Vec<String> {
            Moved::between(&texts(old), &texts(new)).iter().map(Moved::predicate).collect()
        };
        assert_eq!(told(&["a"], &["a"]), Vec::<String>::new());
        assert_eq!(told(&["a"], &["b"]), ["changed from a to b"]);
        assert_eq!(told(&["a", "b"], &["c", "d"]), ["changed from a or b to c", "changed from a or b to d"]);
        assert_eq!(told(&["a", "b"], &["b", "c"]), ["changed from a to c, beside b"]);
        assert_eq!(told(&["a"], &["a", "b"]), ["is now also b, and was a"]);
        assert_eq!(told(&["a", "b", "c"], &["a"]), ["is a, and no longer b", "is a, and no longer c"]);
        assert_eq!(told(&[], &["a"]), ["changed from none to a"]);
        assert_eq!(told(&["a"], &[]), ["changed from a to none"]);
    }

    #[test]
    fn who_adopts_every_fact_has_what_the_newer_side_has() {
        for (old, new) in [(&["a", "b"][..], &["b", "c", "d"][..]), (&["a", "b"], &["b"]), (&["a"], &[]), (&[], &["a"])]
        {
            let mut own = texts(old);
            for moved in Moved::between(&texts(old), &texts(new)) {
                moved.adopt(&mut own);
            }
            assert_eq!(own, texts(new), "{old:?} to {new:?}");
        }
    }
}
