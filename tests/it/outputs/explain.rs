//! `shapegate rules`, `explain`, `completions`, and the help

use super::run;

outputs! {
    rules_of_traffic: run("rules --of traffic"),
    rules_of_changes: run("rules --of changes"),
    rules_of_wire: run("rules --of wire"),
    of_traffic: run("explain misplaced-member"),
    of_traffic_by_half: run("explain pattern-mismatch"),
    of_changes: run("explain enum-value-added"),
    of_changes_by_profile: run("explain member-removed"),
    of_wire: run("explain request-header-appeared"),
    of_what_was_measured: run("explain wrong-type"),
    of_what_was_measured_json: run("explain --format json unknown-enum-value"),
    of_what_was_not_measured: run("explain unsatisfiable-constraint"),
    of_nothing: run("explain misplaced-membr"),
    help: run("--help"),
    version: run("--version"),
}
