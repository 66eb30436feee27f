//! `shapegate history`

use super::{CUT, FAULTY, OTHER, Run, run};

const STORY: &str = "fixtures/recordings/cleanrooms/query-story.json";
const OUTPUT: &str = "fixtures/recordings/cleanrooms/cli-output/cleanrooms.get-membership.json";

fn history(arguments: &str) -> Run {
    run(&format!("history {arguments}"))
}

outputs! {
    text: history(OUTPUT),
    text_verbose: history(&format!("-v --severity warning {STORY}")).lines(70),
    text_of_what_always_fails: history("fixtures/faulty/cleanrooms/exchanges/member-list-instead-of-output.ndjson")
        .lines(40),
    text_of_a_folder: history("fixtures/faulty/cleanrooms/payload-files/cleanrooms/CreateMembership").lines(40),
    json: history(&format!("--format json {OUTPUT}")).lines(90),
    ndjson: history(&format!("--format ndjson {OUTPUT}")).lines(12),
    skipped_and_broken: history("-v {dir}")
        .with("notes.md", "# Notes\n")
        .with("a.ndjson", CUT)
        .with("b.ndjson", &format!("{FAULTY}{OTHER}"))
        .lines(40),
}
