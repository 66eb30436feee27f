//! `cargo xtask new-rule`: the file of a rule, its place in the lists, and its cases.

use clap::{Args, ValueEnum};
use shapegate::error::{Error, Result};
use shapegate::rules;

use super::{name, read, with_line, write};

#[derive(Args)]
/// Begin a rule: its file, its lines in the lists, its first cases
pub(super) struct NewRule {
    /// Its id, such as padded-error-code
    id: String,

    /// What it judges
    #[arg(long, value_enum, default_value_t)]
    on: Area,

    /// One line: what is wrong where it fires
    #[arg(long, default_value = "TODO: what is wrong, in one line")]
    summary: String,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Area {
    /// Recorded traffic
    #[default]
    Traffic,
    /// Differences between two models
    Changes,
    /// Differences between two snapshots
    Wire,
}

impl NewRule {
    pub(super) fn run(self) -> Result<()> {
        if rules::find(&self.id).is_some() {
            return Err(Error::new(format!("there is a rule {:?}, or was one of that id", self.id)));
        }
        let (snake, camel) = name(&self.id)?;
        match self.on {
            Area::Traffic => self.on_traffic(&snake, &camel)?,
            // Rules of a family stand in one file, beside their mirror: which one is for a person to say.
            Area::Changes => self.in_family("change", &snake, &camel),
            Area::Wire => self.in_family("wire", &snake, &camel),
        }
        Ok(())
    }

    fn on_traffic(&self, snake: &str, camel: &str) -> Result<()> {
        let list = "src/rules/exchange/mod.rs";
        let text = with_line(&read(list)?, "mod ", ";", &format!("mod {snake};"))?;
        let text = with_line(&text, "    &", "::RULE,", &format!("    &{snake}::RULE,"))?;
        write(&format!("src/rules/exchange/{snake}.rs"), &self.file(), false)?;
        write(list, &text, true)?;
        let request = "{\"service\": \"cleanrooms\", \"operation\": \"GetMembership\", \"request\": {\"membershipIdentifier\": \
                       \"3e3be000-5c1d-4e2a-9b3f-000000000001\"}}\n";
        let expected = format!("error {} traffic.ndjson:0 request /TODO\n", self.id);
        for (case, expected) in [("fires-in-clean-rooms", expected.as_str()), ("quiet-in-clean-rooms", "")] {
            let folder = format!("fixtures/rules/{}/{case}", self.id);
            write(&format!("{folder}/traffic.ndjson"), request, false)?;
            write(&format!("{folder}/expected.txt"), expected, false)?;
        }
        say_next(&[
            format!(
                "a variant `{camel}` of `BreachKind` in src/contract/breach.rs, and where it is found in src/contract/"
            ),
            format!("its match arm in {list}: `B::{camel} {{ .. }} => &{snake}::RULE,`"),
            "whether an exchange can be broken so, in src/mutate/mod.rs".to_owned(),
            "an example of the fact in tests/it/rules.rs".to_owned(),
            format!("what is wrong in fixtures/rules/{}/fires-…, and a look-alike in quiet-…", self.id),
            "`cargo test --test it -- rules:: registry::`, whose snapshots you read; `cargo xtask docs`".to_owned(),
        ]);
        Ok(())
    }

    fn in_family(&self, area: &str, snake: &str, camel: &str) {
        let cases = if area == "wire" { ["before", "after"] } else { ["old.json", "new.json"] };
        println!("{}", self.constant(&snake.to_uppercase(), if area == "wire" { "WIRE" } else { "CHANGE" }));
        say_next(&[
            format!("the constant above in the file of its family below src/rules/{area}/, beside its mirror"),
            format!("a variant `{camel}` of `Change`, found in src/{}", if area == "wire" { "wire/compare.rs" } else { "diff/" }),
            format!("its line in the list and its match arm in src/rules/{area}/mod.rs"),
            format!("fixtures/rules/{}/fires-… and quiet-…, each with {} and {}", self.id, cases[0], cases[1]),
            "`cargo test --test it -- change_rules:: wire_rules:: registry::`, whose snapshots you read; `cargo xtask docs`".to_owned(),
        ]);
    }

    fn file(&self) -> String {
        let constant = self.constant("RULE", "TRAFFIC");
        format!(
            "//! {}.\n\nuse crate::finding::{{Finding, Rule, Severity, Weights}};\nuse crate::rules::text;\n\n{constant}\n\
             fn message(finding: &Finding) -> String {{\n    format!(\"{{}} TODO\", text::subject(finding))\n}}\n",
            capital(&self.summary)
        )
    }

    fn constant(&self, constant: &str, base: &str) -> String {
        format!(
            "pub(super) static {constant}: Rule = Rule {{\n    id: {:?},\n    summary: {:?},\n    explain: \"\\\n\
             What it does: TODO.\n\nWhy: TODO.\n\nExample: TODO.\n\nWhat to do: TODO.\n\",\n    \
             weights: Weights::same(Severity::Error),\n    identity: &[],\n    message,\n    ..Rule::{base}\n}};\n",
            self.id, self.summary
        )
    }
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// Says what is left to do.
fn say_next(steps: &[String]) {
    println!("\nNext:");
    for (number, step) in steps.iter().enumerate() {
        println!("{}. {step}", number + 1);
    }
}
