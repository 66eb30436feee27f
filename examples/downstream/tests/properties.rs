//! Whatever the contract allows is answered, and whatever breaks it in one way is refused.

use std::sync::LazyLock;

use proptest::{prop_assert, proptest};
use shapegate::assert_conforms;
use shapegate::contract::Contract;
use shapegate::generate;
use shapegate::model::{Direction, Encoding};

static CONTRACT: LazyLock<Contract> =
    LazyLock::new(|| Contract::embedded("cleanrooms@2023-08-30").expect("a contract within shapegate"));

proptest! {
    #[test]
    fn what_the_contract_allows_is_answered(
        request in generate::input(&CONTRACT, "GetMembership", Encoding::Wire).expect("an operation of the contract"),
    ) {
        let answer = downstream::answer(&request);
        prop_assert!(answer.is_ok(), "{answer:?}");
        assert_conforms!(CONTRACT, "GetMembership", response, &answer.unwrap_or_default());
    }

    #[test]
    fn what_breaks_the_contract_is_refused(
        fault in generate::one_fault(&CONTRACT, "GetMembership", Direction::Request, Encoding::Wire)
            .expect("an operation of the contract"),
    ) {
        prop_assert!(downstream::answer(&fault.payload).is_err(), "{} at {} was not seen", fault.rule, fault.pointer);
    }
}
