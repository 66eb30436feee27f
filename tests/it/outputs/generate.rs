//! `shapegate generate`

use super::{Run, run};

const CONTRACT: &str = "--contract cleanrooms@2023-08-30 --seed 7";
const ORDERS: &str = "--model fixtures/upgrades/orders/new.json --seed 7";

fn generate(arguments: &str) -> Run {
    run(&format!("generate {arguments}"))
}

outputs! {
    records: generate(&format!("GetMembership --request --response --count 1 {CONTRACT}")),
    records_parsed: generate(&format!("GetMembership --response --count 1 --encoding parsed {CONTRACT}")),
    records_of_all: generate(&format!("--request --count 1 {ORDERS}")),
    exchanges: generate(&format!("GetOrder --response --count 2 --as exchanges {ORDERS}")),
    har: generate(&format!("GetOrder --response --count 1 --as har {ORDERS}")),
    har_of_a_request: generate(&format!("GetOrder --request --count 1 --as har {ORDERS}")),
    vcr: generate(&format!("GetOrder --response --count 1 --as vcr {ORDERS}")),
    dvr: generate(&format!("GetOrder --response --count 1 --as dvr {ORDERS}")),
    placebo: generate(&format!("GetOrder --response --count 2 --as placebo --out {{dir}}/out {ORDERS}"))
        .shows("out")
        .shows("out/orders.GetOrder_1.json"),
    cover: generate(&format!("PlaceOrder --request --cover {ORDERS}")),
    faults: generate(&format!("PlaceOrder --request --faults {ORDERS}")),
    faults_at_random: generate(&format!("GetMembership --request --faults --count 3 {CONTRACT}")),
    faults_as_har: generate(&format!("GetOrder --request --faults --as har {ORDERS}")).lines(100),
    out: generate(&format!("GetOrder --request --response --count 1 --out {{dir}}/out {ORDERS}")).shows("out"),
    har_of_cbor: generate("PutThing --request --count 1 --as har \
        --model fixtures/contracts/rpc-v2-cbor/service-2.json --seed 7")
        .lines(80),
    left_out: generate("DoubtThing --request --cover --model fixtures/contracts/thing/2020-01-01/service-2.json"),
}
