//! `cargo xtask new-format`: the file of a recording format and its place in the list.

use clap::Args;
use shapegate::error::{Error, Result};
use shapegate::recording;

use super::{name, read, with_line, write};

#[derive(Args)]
/// Begin a recording format: its file and its lines in the list
pub(super) struct NewFormat {
    /// Its id, such as mountebank
    id: String,

    /// One line: what its files are
    #[arg(long, default_value = "TODO: what its files are")]
    about: String,
}

impl NewFormat {
    pub(super) fn run(self) -> Result<()> {
        if recording::format(&self.id).is_some() {
            return Err(Error::new(format!("there is a format {:?}", self.id)));
        }
        let (snake, camel) = name(&self.id)?;
        let registry = "src/recording/mod.rs";
        let text = with_line(&read(registry)?, "mod ", ";", &format!("mod {snake};"))?;
        // What has no marks of its own comes last; a new format goes before those.
        let last = "    &payload_file::PayloadFile,\n";
        if !text.contains(last) {
            return Err(Error::new("the end of FORMATS was not found").at(registry));
        }
        let text = text.replace(last, &format!("    &{snake}::{camel},\n{last}"));
        write(&format!("src/recording/{snake}.rs"), &self.file(&camel), false)?;
        write(registry, &text, true)?;
        println!(
            "\nNext:\n\
             1. `recognises` by content, and `read`: hand over `Entry`s that borrow from the source; HTTP messages by `read_http`\n\
             2. its place in FORMATS: the order is the order of recognition\n\
             3. the calls of fixtures/record in the new format, and their rows in tests/it/recordings.rs or http_formats.rs\n\
             4. `cargo test --test it -- formats:: recordings:: properties_reading:: malformed:: leaks::`, then `cargo xtask docs`"
        );
        Ok(())
    }

    fn file(&self, camel: &str) -> String {
        let (id, about) = (&self.id, &self.about);
        format!(
            "//! {about}.\n\nuse super::{{Entry, Format, Marks, Probe, Source}};\n\npub(super) struct {camel};\n\nimpl Format for {camel} {{\n    \
             fn id(&self) -> &'static str {{\n        {id:?}\n    }}\n\n    \
             fn about(&self) -> &'static str {{\n        {about:?}\n    }}\n\n    \
             fn marks(&self) -> Marks {{\n        Marks::of(&[\"TODO\"])\n    }}\n\n    \
             fn recognises(&self, probe: &Probe<'_>) -> bool {{\n        probe.has(&[\"TODO\"])\n    }}\n\n    \
             fn read<'a>(&self, source: &Source<'a>, sink: &mut dyn FnMut(Entry<'a>)) {{\n        let _ = (source, sink);\n    }}\n}}\n"
        )
    }
}
