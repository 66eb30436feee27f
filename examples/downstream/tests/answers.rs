//! What the emulator answers keeps the contract, and stays the same but for what differs each time.

use shapegate::{Contract, assert_conforms, harness};

const IDENTIFIER: &str = "3e3be000-5c1d-4e2a-9b3f-000000000001";

#[test]
fn get_membership_keeps_the_contract() {
    let contract = Contract::embedded("cleanrooms@2023-08-30").expect("a contract within shapegate");
    assert_conforms!(contract, "GetMembership", response, &downstream::get_membership(IDENTIFIER));
}

#[test]
fn get_membership_stays_the_same() {
    let mut settings = insta::Settings::clone_current();
    for (pattern, replacement) in harness::redactions() {
        settings.add_filter(pattern, *replacement);
    }
    settings.bind(|| insta::assert_json_snapshot!(downstream::get_membership(IDENTIFIER)));
}
