//! All integration tests are one crate: it links once, and its modules share their helpers.
//!
//! A module that needs a feature of the package says so here; what runs the command needs `cli`.
#![cfg_attr(
    not(all(feature = "cli", feature = "harness")),
    allow(dead_code, reason = "helpers of modules that are left out with a feature")
)]

mod changing;
mod drawing;
mod exchanges;
mod support;

#[cfg(all(feature = "cli", unix))]
mod action;
mod agreement;
#[cfg(feature = "cli")]
mod approving;
mod architecture;
#[cfg(feature = "cli")]
mod asked;
mod botocore;
mod change_properties;
mod change_rules;
#[cfg(feature = "cli")]
mod cli;
mod codings;
#[cfg(feature = "cli")]
mod configuring;
mod corpus;
#[cfg(feature = "cli")]
mod counting;
mod coverage;
#[cfg(feature = "cli")]
mod credentials;
#[cfg(feature = "cli")]
mod differences;
#[cfg(feature = "cli")]
mod documents;
mod downstream;
#[cfg(feature = "generate")]
mod encoding;
mod evidence;
mod excerpts;
mod excuses;
#[cfg(feature = "cli")]
mod file_names;
mod formats;
// The seeds, mutations and invariants of fuzzing.
#[cfg(all(feature = "cli", target_os = "linux"))]
mod full_disk;
#[cfg(feature = "cli")]
#[allow(dead_code, unreachable_pub, unused_imports, reason = "it is the library of a package of its own")]
#[path = "../../fuzz/src/lib.rs"]
mod fuzz;
#[cfg(feature = "cli")]
mod gate;
#[cfg(feature = "generate")]
mod generate;
#[cfg(feature = "generate")]
mod generate_patterns;
#[cfg(feature = "cli")]
mod generating;
#[cfg(feature = "harness")]
mod harness;
#[cfg(feature = "cli")]
mod history;
mod hostile;
mod http_formats;
#[cfg(feature = "cli")]
mod installed;
#[cfg(all(feature = "cli", unix))]
mod interrupted;
#[cfg(feature = "cli")]
mod large;
#[cfg(feature = "cli")]
mod leaks;
mod lossy_formats;
mod malformed;
#[cfg(feature = "cli")]
mod mutation;
#[cfg(feature = "cli")]
mod named;
mod names;
#[cfg(feature = "cli")]
mod nasty;
#[cfg(feature = "cli")]
mod outputs;
#[cfg(feature = "cli")]
mod page_view;
mod pages;
mod properties;
mod properties_reading;
mod protocols;
mod real_models;
mod recorded;
#[cfg(feature = "cli")]
mod recorders;
mod recordings;
mod redaction;
mod redaction_layers;
mod redaction_named;
mod redaction_parts;
mod registry;
#[cfg(feature = "cli")]
mod report_forms;
#[cfg(feature = "cli")]
mod reporting;
mod rewrites;
#[cfg(feature = "cli")]
mod robust;
mod rules;
#[cfg(feature = "cli")]
mod scale;
mod schemas;
mod sdk_faults;
mod services;
mod session;
mod smithy;
#[cfg(feature = "cli")]
mod snapshot;
mod specification;
mod streaming;
mod supply_chain;
#[cfg(all(feature = "cli", target_os = "linux"))]
mod syscalls;
#[cfg(feature = "cli")]
mod tracing;
#[cfg(feature = "cli")]
mod truncation;
mod upgrades;
mod wire_rules;
