//! Holds the code to the module table of ARCHITECTURE.md, which is the one place where it stands.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

/// A row of the table.
struct Module {
    may_name: BTreeSet<String>,
    alone_uses: BTreeSet<String>,
}

/// What only `cli` may touch: the process and its surroundings.
const OUTSIDE_WORLD: &[&str] =
    &["std::env", "std::net", "std::process", "Instant", "SystemTime", "println!", "eprintln!", "stdout()", "stderr()"];

/// The one file of the library that may: it is the main function of other crates' test targets.
const MAIN_OF_TESTS: &str = "harness/run.rs";

#[test]
fn modules_name_only_what_the_table_allows() {
    let table = table();
    let mut wrong = Vec::new();
    for (module, path, code) in sources() {
        let allowed = &table[&module].may_name;
        for named in named_modules(&code) {
            if named != module && !allowed.contains(&named) {
                wrong.push(format!("{}: {module} names {named}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn crates_with_one_home_are_used_there_alone() {
    let table = table();
    let mut wrong = Vec::new();
    let mut used = BTreeSet::new();
    for (module, path, code) in sources() {
        for (home, row) in &table {
            for name in &row.alone_uses {
                if !Regex::new(&format!(r"\b{name}::")).expect("a crate's name").is_match(&code) {
                    continue;
                }
                used.insert(name.clone());
                if module != *home {
                    wrong.push(format!("{}: {module} uses {name}, which is at home in {home}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let unused: Vec<_> = table.values().flat_map(|row| &row.alone_uses).filter(|name| !used.contains(*name)).collect();
    assert!(unused.is_empty(), "the table names crates that nobody uses: {unused:?}");
}

#[test]
fn the_table_is_what_is_on_disk() {
    let on_disk: BTreeSet<String> = sources().into_iter().map(|(module, ..)| module).collect();
    assert_eq!(table().into_keys().collect::<BTreeSet<_>>(), on_disk);
}

#[test]
fn no_permission_is_idle() {
    let mut named: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (module, _, code) in sources() {
        named.entry(module).or_default().extend(named_modules(&code));
    }
    let mut idle = Vec::new();
    for (module, row) in table() {
        idle.extend(row.may_name.difference(&named[&module]).map(|other| format!("{module} never names {other}")));
    }
    assert!(idle.is_empty(), "{}", idle.join("\n"));
}

#[test]
fn the_library_leaves_the_process_alone() {
    let mut wrong = Vec::new();
    let bound = |(module, path, _): &(String, PathBuf, String)| module != "cli" && path != Path::new(MAIN_OF_TESTS);
    for (module, path, code) in sources().into_iter().filter(bound) {
        for touched in OUTSIDE_WORLD.iter().filter(|touched| code.contains(**touched)) {
            wrong.push(format!("{}: {module} uses {touched}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// In each folder, what stands beside each other (files, and folders as a whole) depends on each other one way.
///
/// A file depends on what its paths lead to: `super::x`, `self::x` and `crate::module::x`, in `use` and elsewhere, also
/// through what a `mod.rs` re-exports. A `mod.rs` and the files below it may name each other, for they are one module.
#[test]
fn nothing_goes_in_a_circle() {
    let files: Files = sources().into_iter().map(|(_, path, code)| (module_path(&path), code)).collect();
    let imports: Imports = files.iter().map(|(file, code)| (file, imports(file, code))).collect();
    let mut beside: BTreeMap<&[String], Graph<'_>> = BTreeMap::new();
    for (file, code) in &files {
        for named in named_paths(code).iter().filter_map(|named| resolved(absolute(file, named)?, &imports)) {
            let shared = file.iter().zip(&named).take_while(|(a, b)| a == b).count();
            if let (Some(from), Some(to)) = (file.get(shared), named.get(shared)) {
                beside.entry(&file[..shared]).or_default().entry(from).or_default().insert(to.clone());
            }
        }
    }
    let mut circles = Vec::new();
    for (folder, graph) in beside {
        let edges = graph.iter().flat_map(|(from, to)| to.iter().map(move |to| (*from, to.as_str())));
        let back = edges.filter(|(from, to)| reachable(&graph, to).contains(from));
        circles.extend(back.map(|(from, to)| format!("{}: {from} names {to}", folder.join("/"))));
    }
    assert!(circles.is_empty(), "files in circles:\n{}", circles.join("\n"));
}

#[test]
fn files_stay_readable() {
    let long: Vec<String> = sources()
        .into_iter()
        .filter(|(_, _, code)| code.lines().count() > 400)
        .map(|(_, path, code)| format!("{}: {} lines", path.display(), code.lines().count()))
        .collect();
    assert!(long.is_empty(), "longer than 400 lines without tests and comments:\n{}", long.join("\n"));
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn table() -> BTreeMap<String, Module> {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("the file is part of the project");
    let mut table = BTreeMap::new();
    for line in text.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [module, _, may_name, alone_uses] = cells[..] else { panic!("a row of four cells: {line}") };
        let set = |cell: &str| cell.split(", ").filter(|name| !name.is_empty()).map(str::to_owned).collect();
        let row = Module { may_name: set(may_name), alone_uses: set(alone_uses) };
        table.insert(module.trim_matches('`').to_owned(), row);
    }
    assert!(table.len() > 5, "the table was not found");
    table
}

/// Module, path and code (without comments and unit tests) of every source file below a module.
fn sources() -> Vec<(String, PathBuf, String)> {
    let mut found = Vec::new();
    visit(&root().join("src"), &mut found);
    assert!(found.len() > 20, "the sources were not found");
    found
}

fn visit(folder: &Path, found: &mut Vec<(String, PathBuf, String)>) {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).expect("a readable folder").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            visit(&path, found);
            continue;
        }
        // Unit tests may name what they like.
        let is_test = path.file_name().is_some_and(|name| name == "tests.rs");
        if is_test || path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let below = path.strip_prefix(root().join("src")).expect("below src").to_owned();
        let first = below.iter().next().expect("a path").to_string_lossy().trim_end_matches(".rs").to_owned();
        if matches!(first.as_str(), "lib" | "main") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a readable file");
        let code = text.split("\nmod tests {").next().unwrap_or_default();
        let code: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        found.push((first, below, code.join("\n")));
    }
}

/// Modules that the code names, as `crate::module` or within `crate::{…}`.
fn named_modules(code: &str) -> BTreeSet<String> {
    let single = Regex::new(r"\bcrate::([a-z_]+)\b(!?)").expect("a pattern of ours");
    let several = Regex::new(r"\bcrate::\{([^}]*)\}").expect("a pattern of ours");
    // The crate's root has macros beside modules.
    let is_module = |found: &regex::Captures<'_>| found[2].is_empty();
    let mut named: BTreeSet<String> =
        single.captures_iter(code).filter(is_module).map(|found| found[1].to_owned()).collect();
    for group in several.captures_iter(code) {
        named.extend(group[1].split(',').filter_map(|item| item.trim().split("::").next()).map(str::to_owned));
    }
    named
}

/// Code by the path of its module, such as `[ingest, smithy, xml]`; a `mod.rs` is its folder.
type Files = BTreeMap<Vec<String>, String>;
/// By file, what it calls by a name of its own: the full path behind the name.
type Imports<'f> = BTreeMap<&'f Vec<String>, BTreeMap<String, Vec<String>>>;

/// By the name of a file or folder, those beside it that it names.
type Graph<'f> = BTreeMap<&'f str, BTreeSet<String>>;

fn reachable<'g>(graph: &'g Graph<'_>, from: &'g str) -> BTreeSet<&'g str> {
    let mut found = BTreeSet::new();
    let mut open = vec![from];
    while let Some(one) = open.pop() {
        if found.insert(one) {
            open.extend(graph.get(one).into_iter().flatten().map(String::as_str));
        }
    }
    found
}

fn module_path(file: &Path) -> Vec<String> {
    let parts = file.iter().map(|part| part.to_string_lossy().trim_end_matches(".rs").to_owned());
    parts.filter(|part| part != "mod").collect()
}

/// Every path that the code names, groups of `use` taken apart.
fn named_paths(code: &str) -> Vec<String> {
    let imported = Regex::new(r"\buse ([^;]+);").expect("a pattern of ours");
    let inline = Regex::new(r"\b(?:crate|self|super)(?:::\w+)+").expect("a pattern of ours");
    let used = imported.captures_iter(code).flat_map(|found| ungrouped(&found[1]));
    used.chain(inline.find_iter(code).map(|found| found.as_str().to_owned())).collect()
}

/// `a::{b, c::{self, d}}` as `a::b`, `a::c` and `a::c::d`.
fn ungrouped(tree: &str) -> Vec<String> {
    let Some((start, group)) = tree.trim().split_once('{') else {
        let path = tree.trim().split(" as ").next().unwrap_or_default();
        return vec![path.trim_end_matches("::self").to_owned()];
    };
    let mut depth = 0;
    let inner = group.trim_end().trim_end_matches('}').to_owned() + &"}".repeat(group.matches('{').count());
    let items = inner.split(|c| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    });
    items
        .filter(|item| !item.trim().is_empty())
        .flat_map(|item| ungrouped(&format!("{start}{}", item.trim())))
        .collect()
}

/// A path from the crate's root; `None` for other crates.
fn absolute(file: &[String], path: &str) -> Option<Vec<String>> {
    let mut parts = path.split("::").peekable();
    let mut whole = match parts.peek()? {
        &"crate" => Vec::new(),
        &"self" | &"super" => file.to_vec(),
        _ => return None,
    };
    for part in parts {
        match part {
            "crate" | "self" => {}
            "super" => drop(whole.pop()?),
            part => whole.push(part.to_owned()),
        }
    }
    Some(whole)
}

fn imports(file: &[String], code: &str) -> BTreeMap<String, Vec<String>> {
    let paths = named_paths(code).into_iter().filter_map(|path| absolute(file, &path));
    paths.filter_map(|path| Some((path.last()?.clone(), path))).collect()
}

/// The file that a path leads to, through names that files on the way import.
fn resolved(mut path: Vec<String>, imports: &Imports<'_>) -> Option<Vec<String>> {
    for _ in 0..8 {
        let file = (0..=path.len()).rev().map(|end| path[..end].to_vec()).find(|file| imports.contains_key(file))?;
        let behind = path.get(file.len()).and_then(|name| imports[&file].get(name));
        match behind.filter(|behind| !path.starts_with(behind)) {
            Some(behind) => path = behind.iter().chain(&path[file.len() + 1..]).cloned().collect(),
            None => return Some(file),
        }
    }
    None
}
