//! Two texts that differ, shortened so that the difference is seen.

/// Characters before the first difference that are kept.
const BEFORE: usize = 24;

/// Both texts with at most `room` characters each. What is cut is shown as `…`: of long texts that begin alike, the
/// beginning, so that neither looks like the other.
pub(crate) fn apart(one: &str, two: &str, room: usize) -> [String; 2] {
    let [one, two]: [Vec<char>; 2] = [one, two].map(|text| text.chars().collect());
    let alike = one.iter().zip(&two).take_while(|(a, b)| a == b).count();
    let is_whole = one.len().max(two.len()) <= room || alike + BEFORE < room;
    let start = if is_whole { 0 } else { alike - BEFORE };
    [one, two].map(|text| piece(&text, start, room))
}

/// A text from a character on, with a mark where something is cut.
fn piece(text: &[char], start: usize, room: usize) -> String {
    let mark = |is_cut: bool| if is_cut { "…" } else { "" };
    let room = room - usize::from(start > 0);
    let rest = &text[start.min(text.len())..];
    let is_cut = rest.len() > room;
    let shown: String = rest.iter().take(if is_cut { room - 1 } else { room }).collect();
    format!("{}{shown}{}", mark(start > 0), mark(is_cut))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_texts_stay_whole_and_long_ones_show_where_they_differ() {
        assert_eq!(apart("[a-z]*", "[a-z=]*", 90), ["[a-z]*", "[a-z=]*"]);
        let head = "arn:(aws[a-z-]*)?:".repeat(6);
        let [old, new] = apart(&format!("{head}lambda:x"), &format!("{head}lambda:(eusc-)?x"), 60);
        assert_eq!([&*old, &*new], ["…rn:(aws[a-z-]*)?:lambda:x", "…rn:(aws[a-z-]*)?:lambda:(eusc-)?x"]);
        for (one, two) in [
            ("a".repeat(200), format!("{}b", "a".repeat(199))),
            ("a".repeat(200), "a".repeat(100)),
            (format!("x{}", "a".repeat(200)), format!("y{}", "a".repeat(200))),
            (format!("{}x{}", "a".repeat(60), "b".repeat(99)), format!("{}y{}", "a".repeat(60), "b".repeat(99))),
        ] {
            let [old, new] = apart(&one, &two, 90);
            assert_ne!(old, new);
            assert!(old.chars().count() <= 90 && new.chars().count() <= 90, "{old} {new}");
        }
    }
}
