//! Tables of ratios, as Markdown.

use std::fmt::Write as _;
use std::fs;

use super::aim::{Aim, Of};
use super::measure::{Measured, Row};
use super::sections::Section;
use super::{Result, machine, root};

/// Where README.md holds the tables.
const MARKS: [&str; 2] = ["<!-- tables -->\n", "<!-- end of tables -->\n"];

pub struct Table {
    pub text: String,
    /// Seconds of this machine, which no document keeps.
    pub seconds: String,
    /// Whether all aims hold that are held.
    pub holds: bool,
}

pub fn markdown(section: &Section, rows: &[Row], measured: &Measured) -> Table {
    let base = section.base;
    let mut text = format!("\n### {}\n\n{}\n\n", section.name, section.about);
    let mut seconds = String::from("CPU seconds:");
    let _ = writeln!(text, "| {base} = 1 | CPU | wall | peak MiB | aim |\n|---|---|---|---|---|");
    let mut holds = true;
    for row in rows {
        let name = &row.name;
        let mut asked = Vec::new();
        for aim in &row.aims {
            let reached = reached(aim, name, measured);
            holds &= reached || !aim.is_held;
            asked.push(format!("{}{}", told(aim, name, base, measured), if reached { "" } else { ": **missed**" }));
        }
        let of = row.less.as_ref().map_or_else(String::new, |less| format!(", less {less}"));
        let _ = writeln!(
            text,
            "| {name}{of} | {:.2} | {:.2} | {:.0} | {} |",
            measured.ratio(name, base),
            measured.wall_ratio(name, base),
            measured.peak(name),
            asked.join("; ")
        );
        let _ = write!(seconds, " {name} {:.4};", measured.seconds(name));
    }
    Table { text, seconds, holds }
}

fn reached(aim: &Aim, name: &str, measured: &Measured) -> bool {
    match aim.of {
        Of::Cpu(beside) => measured.ratio(name, beside) <= aim.at_most,
        Of::Peak => measured.peak(name) <= aim.at_most,
    }
}

fn told(aim: &Aim, name: &str, base: &str, measured: &Measured) -> String {
    match aim.of {
        Of::Peak => format!("≤ {} MiB", aim.at_most),
        Of::Cpu(beside) if beside == base => format!("≤ {:.2}", aim.at_most),
        Of::Cpu(beside) => format!("{:.2} × {beside} (≤ {:.2})", measured.ratio(name, beside), aim.at_most),
    }
}

/// Puts the tables of a run between the marks of README.md.
pub fn write_readme(tables: &str, rounds: usize) -> Result<()> {
    let path = root().join("benches/README.md");
    let text = fs::read_to_string(&path)?;
    let [begin, end] = MARKS;
    let (before, rest) = text.split_once(begin).ok_or("README.md has no mark for tables")?;
    let (_, after) = rest.split_once(end).ok_or("README.md has no mark for the end of tables")?;
    let machine = machine::description();
    let note = format!("Medians of {rounds} rounds in turn. {machine}.");
    fs::write(&path, format!("{before}{begin}\n{note}\n{tables}\n{end}{after}"))?;
    Ok(())
}
