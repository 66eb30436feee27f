//! Folders that the command runs in, with data that the tests make.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use shapegate::gate::APPROVALS;
use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{DateTime, ZipWriter};

/// The model of `Thing`, as botocore keeps it.
pub(crate) const DATA: &str = "botocore/data/thing/2024-01-01/service-2.json";

/// Runs the command in a folder, with that environment alone.
pub(crate) fn run_in(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Ran {
    let output: Output = Command::new(env!("CARGO_BIN_EXE_shapegate"))
        .args(arguments)
        .current_dir(folder)
        // Nothing that is set here changes what is said.
        .env_clear()
        .envs(environment.iter().copied())
        .output()
        .expect("the binary starts");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// A folder to run the command in.
pub(crate) struct Folder(TempDir);

/// What a run of the command left.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// The path of a folder that stays until somebody removes it.
    pub(crate) fn keep(self) -> std::path::PathBuf {
        self.0.keep()
    }

    /// Writes a file; returns the folder, so that it can be made in one expression.
    pub(crate) fn with(self, name: &str, text: &str) -> Self {
        self.write(name, text);
        self
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("below the folder")).expect("writable");
        fs::write(path, text).expect("writable");
    }

    /// Writes a wheel of botocore below `wheels`, packed on a day, in which `Thing` has these members.
    pub(crate) fn wheel(&self, version: &str, [year, month, day]: [u16; 3], members: &[&str]) {
        let members: Vec<String> = members.iter().map(|member| (*member).to_owned()).collect();
        write_wheel(&self.path().join("wheels"), version, [year, month, day], DATA, &model(&members));
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Approvals, a line for each.
    pub(crate) fn approvals(&self, lines: &str) {
        self.write(APPROVALS, &format!("[approvals]\n{lines}\n"));
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.run_in("", arguments)
    }

    /// Runs the command in a folder below.
    pub(crate) fn run_in(&self, below: &str, arguments: &[&str]) -> Ran {
        run_in(&self.path().join(below), arguments, &[])
    }

    /// Exit code and JSON report.
    pub(crate) fn report(&self, arguments: &[&str]) -> (Option<i32>, Value) {
        let Ran { code, stdout, stderr } = self.run(&[arguments, &["--report", "json"]].concat());
        let report = serde_json::from_str(&stdout).unwrap_or_else(|error| panic!("{error}: {stdout}{stderr}"));
        (code, report)
    }

    /// Runs `approve`, which is to change something, and returns its line.
    pub(crate) fn approve(&self, arguments: &[&str]) -> String {
        let Ran { code, stdout, stderr } = self.run(&[&["approve"], arguments].concat());
        assert_eq!((code, stderr.as_str()), (Some(0), ""), "{stdout}{stderr}");
        stdout
    }
}

/// Writes a wheel of botocore, packed on a day, that has one model.
pub(crate) fn write_wheel(folder: &Path, version: &str, [year, month, day]: [u16; 3], place: &str, model: &str) {
    fs::create_dir_all(folder).expect("writable");
    let path = folder.join(format!("botocore-{version}-py3-none-any.whl"));
    let mut zip = ZipWriter::new(File::create(path).expect("writable"));
    let small = |number: u16| u8::try_from(number).expect("a small number");
    let packed = DateTime::from_date_and_time(year, small(month), small(day), 12, 0, 0).expect("a day");
    let options = SimpleFileOptions::default().last_modified_time(packed);
    let notes = format!("botocore-{version}.dist-info/METADATA");
    for (name, text) in [(place, model), (&notes, &format!("Name: botocore\nVersion: {version}\n"))] {
        zip.start_file(name, options).expect("a legal name");
        zip.write_all(text.as_bytes()).expect("writable");
    }
    zip.finish().expect("a sound archive");
}

/// Fingerprints of the findings of a report.
pub(crate) fn fingerprints(report: &Value) -> Vec<&str> {
    let findings = report["findings"].as_array().expect("a list");
    findings.iter().map(|finding| finding["fingerprint"].as_str().expect("text")).collect()
}

/// Texts of a list in a report.
pub(crate) fn texts<'r>(report: &'r Value, pointer: &str) -> Vec<&'r str> {
    let list = report.pointer(pointer).and_then(Value::as_array).unwrap_or_else(|| panic!("{pointer} in {report:#}"));
    list.iter().map(|text| text.as_str().expect("text")).collect()
}

/// A request of Clean Rooms with members that its operation does not have, as a line.
pub(crate) fn request(operation: &str, members: &[&str]) -> String {
    let mut payload = json!({"membershipIdentifier": "3e3be000-5c1d-4e2a-9b3f-000000000001"});
    for member in members {
        payload[member] = 1.into();
    }
    format!(
        "{}\n",
        json!({"service": "cleanrooms", "operation": operation, "direction": "request", "payload": payload})
    )
}

/// Fingerprint of a member that `GetMembership` does not have.
pub(crate) fn unknown(member: &str) -> String {
    format!("unknown-member:cleanrooms:GetMembership:request:GetMembershipInput.{member}")
}

/// A model of `Thing`, whose one operation takes a structure with these optional texts.
pub(crate) fn model(members: &[String]) -> String {
    let members: serde_json::Map<_, _> =
        members.iter().map(|member| (member.clone(), json!({"shape": "Text"}))).collect();
    let model = json!({
        "version": "2.0",
        "metadata": {
            "apiVersion": "2024-01-01", "endpointPrefix": "thing", "protocol": "rest-json",
            "serviceFullName": "Thing", "serviceId": "Thing", "signatureVersion": "v4",
        },
        "operations": {"MakeThing": {
            "name": "MakeThing", "http": {"method": "POST", "requestUri": "/things"}, "input": {"shape": "MakeInput"},
        }},
        "shapes": {"MakeInput": {"type": "structure", "members": members}, "Text": {"type": "string"}},
    });
    model.to_string()
}

/// An exchange of `Thing` with these members.
pub(crate) fn thing(members: &[String]) -> String {
    let request: serde_json::Map<_, _> = members.iter().map(|member| (member.clone(), json!("a"))).collect();
    format!("{}\n", json!({"service": "thing", "operation": "MakeThing", "request": request, "response": {}}))
}
