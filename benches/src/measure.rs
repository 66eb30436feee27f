//! Running processes in turn, and what they cost.

use std::ffi::OsString;
use std::process::{Command, Stdio};
use std::time::Instant;

use wait4::Wait4 as _;

use super::Result;
use super::aim::Aim;

/// A process to measure.
pub struct Row {
    pub name: String,
    pub command: Vec<OsString>,
    /// The row whose cost is the fixed part of this one, and is taken off it.
    pub less: Option<String>,
    pub aims: Vec<Aim>,
}

impl Row {
    pub fn aims(mut self, aims: impl IntoIterator<Item = Aim>) -> Self {
        self.aims.extend(aims);
        self
    }

    /// The same without what the row of this name costs as well.
    pub fn less(mut self, fixed: &str) -> Self {
        self.less = Some(fixed.to_owned());
        self
    }
}

/// What one process took.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    pub cpu: f64,
    pub wall: f64,
    /// In MiB.
    pub peak: f64,
}

/// What the processes of a section took, by row and round.
pub struct Measured {
    names: Vec<String>,
    less: Vec<Option<String>>,
    rounds: Vec<Vec<Cost>>,
}

/// Runs all rows once without counting, then in turn, so that what the machine does besides concerns all of them.
pub fn in_turn(rows: &[Row], rounds: usize) -> Result<Measured> {
    let mut all = Vec::new();
    for round in 0..=rounds {
        let costs = rows.iter().map(run).collect::<Result<Vec<Cost>>>()?;
        if round > 0 {
            all.push(costs);
        }
    }
    let names = rows.iter().map(|row| row.name.clone()).collect();
    let less = rows.iter().map(|row| row.less.clone()).collect();
    Ok(Measured { names, less, rounds: all })
}

fn run(row: &Row) -> Result<Cost> {
    let (program, arguments) = row.command.split_first().ok_or("no command")?;
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let begun = Instant::now();
    let mut child = command.spawn()?;
    let mut errors = String::new();
    if let Some(mut stderr) = child.stderr.take() {
        std::io::Read::read_to_string(&mut stderr, &mut errors)?;
    }
    let used = child.wait4()?;
    let wall = begun.elapsed().as_secs_f64();
    // 1: something was found, which is part of what some rows are about.
    if !matches!(used.status.code(), Some(0 | 1)) {
        return Err(format!("{}: {:?} ended with {}: {errors}", row.name, row.command, used.status).into());
    }
    let cpu = (used.rusage.utime + used.rusage.stime).as_secs_f64();
    #[allow(clippy::cast_precision_loss, reason = "megabytes to three places")]
    let peak = used.rusage.maxrss as f64 / f64::from(1 << 20);
    Ok(Cost { cpu, wall, peak })
}

impl Measured {
    fn index(&self, name: &str) -> usize {
        self.names.iter().position(|own| own == name).unwrap_or_else(|| panic!("no row {name}"))
    }

    /// CPU seconds of a row in a round, less its fixed part.
    fn cpu(&self, round: &[Cost], at: usize) -> f64 {
        let fixed = self.less[at].as_ref().map_or(0.0, |fixed| round[self.index(fixed)].cpu);
        round[at].cpu - fixed
    }

    /// CPU time of a row beside another, the median of all rounds.
    pub fn ratio(&self, name: &str, beside: &str) -> f64 {
        let (at, other) = (self.index(name), self.index(beside));
        median(self.rounds.iter().map(|round| self.cpu(round, at) / self.cpu(round, other)))
    }

    pub fn wall_ratio(&self, name: &str, beside: &str) -> f64 {
        let (at, other) = (self.index(name), self.index(beside));
        median(self.rounds.iter().map(|round| round[at].wall / round[other].wall))
    }

    pub fn seconds(&self, name: &str) -> f64 {
        let at = self.index(name);
        median(self.rounds.iter().map(|round| self.cpu(round, at)))
    }

    pub fn peak(&self, name: &str) -> f64 {
        let at = self.index(name);
        median(self.rounds.iter().map(|round| round[at].peak))
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
