//! One exchange of each kind, in each protocol: what is sent decodes to the values that were meant, and what deviates is
//! found at its place. Models: `fixtures/contracts/<protocol>`.

use serde_json::{Value, json};

use crate::exchanges::{Case, map, message};

const XML: (&str, &str) = ("content-type", "application/xml");
const QUERY_XML: (&str, &str) = ("content-type", "text/xml");

/// Members that every shape of the model has, as XML, and what they mean.
fn thing_in_xml() -> (&'static str, Value) {
    let xml = r"<Name>n &amp; m</Name><Count>-9007199254740993</Count><Ratio>0.5</Ratio><On>true</On><Data>AAEC</Data>
        <Born>2020-01-02T03:04:05Z</Born><Died>Thu, 02 Jan 2020 03:04:05 GMT</Died><Epoch>1577934245.5</Epoch>
        <Colour>red</Colour><Secret><![CDATA[<hush>]]></Secret><Texts><member>a</member><member/></Texts>
        <Items><Item>i</Item></Items><Flat>1</Flat><FlatNamed>x</FlatNamed><Flat>2</Flat><Whens/>
        <partSet><Part><Name>p</Name><Sizes><member>1</member></Sizes></Part></partSet>
        <Map><entry><key>k</key><value>1</value></entry></Map>
        <Words><entry><Meaning><Name>v</Name></Meaning><Word>w</Word></entry></Words>
        <Attribute><Name>a/b</Name><Value>1</Value></Attribute><Attribute><Name>c</Name><Value/></Attribute>
        <Choice><Number>7</Number></Choice><Within><Within/></Within>";
    let value = json!({
        "Name": "n & m", "Count": -9_007_199_254_740_993_i64, "Ratio": 0.5, "On": true, "Data": "AAEC",
        "Born": "2020-01-02T03:04:05Z", "Died": "Thu, 02 Jan 2020 03:04:05 GMT", "Epoch": 1_577_934_245.5,
        "Colour": "red", "Secret": "<hush>", "Texts": ["a", ""], "Items": ["i"], "Flat": ["1", "2"],
        "FlatNamed": ["x"], "Whens": [], "partSet": [{"Name": "p", "Sizes": [1]}], "Map": {"k": 1},
        "Words": {"w": {"Name": "v"}}, "Attribute": {"a/b": "1", "c": ""}, "Choice": {"Number": 7},
        "Within": {"Within": {}},
    });
    (xml, value)
}

fn and(mut value: Value, more: &Value) -> Value {
    let more = more.as_object().expect("members").clone();
    value.as_object_mut().expect("members").extend(more);
    value
}

#[test]
fn rest_xml_puts_members_wherever_the_model_says() {
    let (xml, members) = thing_in_xml();
    let owner = "<Owner xmlns:q='http://www.w3.org/2001/XMLSchema-instance' q:type='Group'><Grant>all</Grant></Owner>";
    let body = format!("<?xml version='1.0'?>\n<t:PutThingRequest xmlns:t='u'>{xml}{owner}</t:PutThingRequest>");
    let path = "/things/a%20b/paths/c/d%2Fe?limit=3&since=2020-01-02T03%3A04%3A05Z&tag=x&tag=y";
    let answer = format!("<PutThingResult>{xml}</PutThingResult>");
    let case = Case::new("rest-xml", "PUT", path)
        .with("X-Level", "4")
        .with("X-At", "Thu, 02 Jan 2020 03:04:05 GMT")
        .with("x-meta-One", "1")
        .sending(&body)
        .answered(200, &[XML, ("x-level", "5"), ("x-meta-two", "2")], &answer);
    let decoded = case.decoded();
    assert_eq!(decoded.operation, "PutThing");
    let bound = json!({
        "Id": "a b", "Path": "c/d/e", "limit": 3, "since": "2020-01-02T03:04:05Z", "tag": ["x", "y"], "x-level": 4,
        "x-at": "Thu, 02 Jan 2020 03:04:05 GMT", "x-meta-": {"One": "1"},
        "Owner": {"xsi:type": "Group", "Grant": "all"},
    });
    assert_eq!(decoded.request, and(members.clone(), &bound));
    assert_eq!(decoded.response, and(members, &json!({"Code": 200, "x-level": 5, "x-meta-": {"two": "2"}})));
    case.finds(&[]);
}

#[test]
fn rest_xml_has_payloads_of_every_kind() {
    let get = || Case::new("rest-xml", "GET", "/things/1");
    let case = get().answered(200, &[XML, ("x-version", "v")], "<Thing><Flat>a</Flat><Owner/></Thing>");
    assert_eq!(case.decoded().response, json!({"x-version": "v", "Thing": {"Flat": ["a"], "Owner": {}}}));
    case.finds(&[]);
    assert_eq!(get().decoded().response, json!({}), "an empty body is no member");
    let note = Case::new("rest-xml", "PUT", "/things/1/note").sending("<a>").answered(200, &[], "told <b>");
    assert_eq!(note.decoded().request, json!({"Id": "1", "Note": "PGE+"}));
    assert_eq!(note.decoded().response, json!({"Note": "told <b>"}));
    note.finds(&[]);
    let stored = "<Error><Code>Stored</Code></Error>";
    let read = Case::new("rest-xml", "GET", "/things/1/content").answered(200, &[("content-type", "x/y")], stored);
    assert_eq!((read.decoded().code, read.decoded().streams), (None, (1, 0)), "what is stored may look like an error");
    read.finds(&[]);
}

#[test]
fn rest_xml_has_the_ways_of_s3() {
    let find = |body: &str| Case::new("rest-xml", "GET", "/things/1/place").answered(200, &[XML], body);
    let place = find("<?xml version='1.0'?>\n<Place xmlns='u'>red</Place>");
    assert_eq!(place.decoded().response, json!({"Place": "red"}));
    place.finds(&[]);
    assert_eq!(find("<Place xmlns='u'/>").decoded().response, json!({}));
    assert_eq!(
        find("<FindThingResult><Place>red</Place></FindThingResult>").decoded().response,
        json!({"Place": "red"})
    );
    find("<Place>blue</Place>").finds(&[("unknown-enum-value", "/Place", "body `Place` 1:1")]);

    let error =
        "<Error><Code>GoneFault</Code><Message>m</Message><BucketName>b</BucketName><RequestId>r</RequestId></Error>";
    let late = Case::new("rest-xml", "POST", "/things/1/copy").answered(200, &[XML], error);
    let decoded = late.decoded();
    assert_eq!((decoded.code.as_deref(), decoded.response), (Some("GoneFault"), json!({"message": "m"})));
    late.finds(&[("error-in-success", "", "body `Error` 1:1")]);
    let wrapped = format!(
        "<ErrorResponse>{}<RequestId>r</RequestId></ErrorResponse>",
        error.replace("<BucketName>b</BucketName>", "<Type>Sender</Type><Odd/>")
    );
    let refused = Case::new("rest-xml", "GET", "/things/1").answered(410, &[XML], &wrapped);
    refused.finds(&[("unknown-member", "/Odd", "body `Odd` 1:84")]);
}

#[test]
fn answers_of_rest_xml_that_are_called_otherwise_are_read_all_the_same() {
    let get = |body: &str| Case::new("rest-xml", "GET", "/things/1").answered(200, &[XML], body);
    let (root, odd) = (("undecodable-body", "", "body 1:1"), ("unknown-member", "/Thing/Odd", "body `Odd` 1:8"));
    get("<Other><Odd/></Other>").finds(&[root, odd]);
    get("<Thing><Odd/></Thing>").finds(&[odd]);
    let put = |body: &str| {
        let put = Case::new("rest-xml", "PUT", "/things/1/paths/p").sending("<PutThingRequest/>");
        put.answered(200, &[XML, ("x-level", "1")], body)
    };
    put("<PutThingResponse><Name>n</Name></PutThingResponse>").finds(&[root]);
    assert_eq!(put("<PutThing><Name>n</Name></PutThing>").decoded().response["Name"], "n");
    put("<PutThingResult><Name>n</Name></PutThingResult>").finds(&[]);
}

#[test]
fn xml_that_deviates_is_found_at_its_place() {
    let get = |body: &str| Case::new("rest-xml", "GET", "/things/1").answered(200, &[XML], body);
    let thing = |members: &str| get(&format!("<Thing>\n{members}</Thing>"));
    let cases = [
        ("<Odd>1</Odd>", "unknown-member", "/Thing/Odd", "body `Odd` 2:1"),
        ("<Name>n</Name><Name>m</Name>", "duplicate-key", "/Thing/Name", "body `Name` 2:15"),
        ("<Count>many</Count>", "wrong-type", "/Thing/Count", "body `Count` 2:1"),
        ("<On>True</On>", "wrong-type", "/Thing/On", "body `On` 2:1"),
        ("<Born>1577934245</Born>", "timestamp-form", "/Thing/Born", "body `Born` 2:1"),
        ("<Colour>blue</Colour>", "unknown-enum-value", "/Thing/Colour", "body `Colour` 2:1"),
        ("<Items><member>i</member></Items>", "wrong-type", "/Thing/Items", "body `Items` 2:1"),
        ("<Items>i</Items>", "wrong-type", "/Thing/Items", "body `Items` 2:1"),
        ("<Name><b/></Name>", "wrong-type", "/Thing/Name", "body `Name` 2:1"),
        ("<Choice/>", "union-arity", "/Thing/Choice", "body `Choice` 2:1"),
        ("<partSet><Part/></partSet>", "missing-member", "/Thing/partSet/0/Name", "body `Part` 2:10"),
        ("<Map><e/></Map>", "wrong-type", "/Thing/Map", "body `Map` 2:1"),
        ("<Map><e><key>k</key><value>1</value></e></Map>", "wrong-type", "/Thing/Map", "body `Map` 2:1"),
        ("<Map><entry><key>k</key></entry></Map>", "null-member", "/Thing/Map/k", "body `entry` 2:6"),
        ("<Attribute><Value>v</Value></Attribute>", "wrong-type", "/Thing/Attribute", "body `Attribute` 2:1"),
    ];
    for (members, rule, pointer, origin) in cases {
        thing(members).finds(&[(rule, pointer, origin)]);
    }
    get("<Thing><Name>n</Na").finds(&[("undecodable-body", "", "body 1:15")]);
    get("<html><body>503</body></html>").finds(&[("undecodable-body", "", "body 1:1")]);
    let half = |headers: &[(&str, &str)]| {
        let put = Case::new("rest-xml", "PUT", "/things/1/paths/p");
        put.sending("<PutThingRequest><Level>1</Level></PutThingRequest>").answered(200, headers, "<PutThingResult>")
    };
    // What stands in headers is judged, what may be in the body is not missed.
    let in_body = [("unknown-member", "/Level", "body `Level` 1:18"), ("undecodable-body", "", "body 1:17")];
    let missed = ("missing-member", "/x-level", "header `x-level`");
    half(&[XML, ("date", "Wed, 30 Aug 2023 12:34:56 GMT")]).finds(&[missed, in_body[0], in_body[1]]);
    // Where not even the date is there, the recorder left headers out.
    half(&[XML]).finds(&in_body);
}

#[test]
fn members_are_missed_where_they_should_be() {
    Case::new("rest-xml", "GET", "/things").finds(&[("missing-member", "/most", "query parameter `most`")]);
    let body = r#"{"id": "i-1", "x-at": "Thu, 02 Jan 2020 03:04:05 GMT"}"#;
    let unanswered = Case::new("thing", "POST", "/things").sending(body).answered(0, &[], "");
    unanswered.finds(&[("misplaced-member", "/x-at", "body 1:23")]);
}

#[test]
fn aws_query_writes_forms_and_reads_results() {
    let (xml, members) = thing_in_xml();
    let form = "Action=PutThing&Version=2020-01-01&Name=n+%26+m&Count=-9007199254740993&Ratio=0.5&On=true&Data=AAEC\
        &Born=2020-01-02T03%3A04%3A05Z&Died=Thu%2C%2002%20Jan%202020%2003%3A04%3A05%20GMT&Epoch=1577934245.5&Colour=red\
        &Secret=%3Chush%3E&Texts.member.2=&Texts.member.1=a&Items.Item.1=i&Flat.1=1&Flat.2=2&FlatItem.1=x&Whens=\
        &partSet.Part.1.Name=p&partSet.Part.1.Sizes.member.1=1&Map.entry.1.key=k&Map.entry.1.value=1\
        &Words.entry.1.Word=w&Words.entry.1.Meaning.Name=v&Attribute.1.Name=a%2Fb&Attribute.1.Value=1\
        &Attribute.2.Name=c&Attribute.2.Value=&Choice.Number=7&Within.Within=&Timestamp=t";
    let xml = xml.replace("<FlatNamed>x</FlatNamed>", "<FlatItem>x</FlatItem>");
    let metadata = "<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>";
    let answer =
        format!("<PutThingResponse xmlns='u'><PutThingResult>{xml}</PutThingResult>{metadata}</PutThingResponse>");
    let case = Case::form("aws-query", form).answered(200, &[QUERY_XML], &answer);
    let decoded = case.decoded();
    assert_eq!(
        decoded.request,
        and(members.clone(), &json!({"Timestamp": "t"})),
        "signing has a parameter of that name"
    );
    assert_eq!(decoded.response, members);
    case.finds(&[]);
    let in_url = "/?Action=PutThing&Version=2020-01-01&Flat.1=1&X-Amz-Date=d&AWSAccessKeyId=k";
    assert_eq!(Case::new("aws-query", "GET", in_url).decoded().request, json!({"Flat": ["1"]}));
    let ping = format!("<PingResponse><PingResult/>{metadata}</PingResponse>");
    Case::form("aws-query", "Action=Ping&Version=2020-01-01").answered(200, &[QUERY_XML], &ping).finds(&[]);
}

#[test]
fn aws_query_that_deviates_is_found_at_its_parameter() {
    let put = |form: &str| Case::form("aws-query", &format!("Action=PutThing&Version=2020-01-01&{form}"));
    let cases = [
        ("Odd.1=x", "unknown-member", "/Odd", "body `Odd` 1:36"),
        ("Name=n&Name=m", "duplicate-key", "/Name", "body `Name` 1:36"),
        ("Name=123456789", "length-out-of-range", "/Name", "body `Name` 1:36"),
        ("On=1", "wrong-type", "/On", "body `On` 1:36"),
        ("Texts.1=a", "wrong-type", "/Texts", "body `Texts` 1:36"),
        ("Texts.member.x=a", "wrong-type", "/Texts", "body `Texts` 1:36"),
        ("Texts=a", "wrong-type", "/Texts", "body `Texts` 1:36"),
        ("Map.1.key=k", "wrong-type", "/Map", "body `Map` 1:36"),
        ("Map.entry.1.key=k", "null-member", "/Map/k", "body `Map.entry.1` 1:36"),
        ("Name=n&partSet.Part.1.Sizes=", "missing-member", "/partSet/0/Name", "body `partSet.Part.1` 1:43"),
        (
            "partSet.Part.1.Name=p&partSet.Part.1.Sizes.member.1=x",
            "wrong-type",
            "/partSet/0/Sizes/0",
            "body `partSet.Part.1.Sizes.member.1` 1:58",
        ),
    ];
    for (form, rule, pointer, origin) in cases {
        put(form).finds(&[(rule, pointer, origin)]);
    }
    let in_url = Case::new("aws-query", "GET", "/?Action=PutThing&Version=2020-01-01&On=1").answered(0, &[], "");
    in_url.finds(&[("wrong-type", "/On", "query parameter `On`")]);
    let put = |status, body: &str| put("Name=n").answered(status, &[QUERY_XML], body);
    put(200, "<PutThingResponse><PutThingResult/><Odd/></PutThingResponse>").finds(&[(
        "unknown-member",
        "/Odd",
        "body `Odd` 1:36",
    )]);
    put(200, "<PutThingResponse><Result/></PutThingResponse>").finds(&[("undecodable-body", "", "body 1:1")]);
    put(200, "<?xml version='1.0'?><PutThing/>").finds(&[("undecodable-body", "", "body 1:22")]);
    put(200, "").finds(&[("undecodable-body", "", "")]);
    Case::form("aws-query", "Action=Ping&Version=2020-01-01").answered(200, &[QUERY_XML], "").finds(&[]);
    let error = |code: &str, more: &str| {
        format!(
            "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>m</Message><Detail/>{more}</Error><RequestId>r</RequestId></ErrorResponse>"
        )
    };
    let gone = put(410, &error("GoneFault", "<Since>2020-01-02T03:04:05Z</Since>"));
    let decoded = gone.decoded();
    assert_eq!((decoded.code.as_deref(), &decoded.response["message"]), (Some("GoneFault"), &json!("m")));
    gone.finds(&[]);
    put(410, &error("GoneFault", "<Since>then</Since>")).finds(&[("timestamp-form", "/Since", "body `Since` 1:93")]);
    // Two errors have the code; the operation declares one of them.
    let lost =
        Case::form("aws-query", "Action=Ping&Version=2020-01-01").answered(404, &[QUERY_XML], &error("Lost", ""));
    assert_eq!(lost.decoded().response, json!({"message": "m"}));
    // The one that is called so has another code, so it is one of these, whichever.
    assert_eq!(put(404, &error("Lost", "")).decoded().code.as_deref(), Some("Lost"));
    let blank = "<ErrorResponse><Error><Code/></Error></ErrorResponse>";
    put(200, blank).finds(&[("undecodable-body", "", "body 1:1")]);
    let in_errors = |root: &str| format!("<{root}><Errors><Error><Code>GoneFault</Code></Error></Errors></{root}>");
    for root in ["ErrorResponse", "Response"] {
        put(410, &in_errors(root)).finds(&[("missing-error-code", "", "status")]);
    }
    put(400, &error("Odd", "")).finds(&[("undeclared-error", "", "body `Error` 1:16")]);
}

#[test]
fn ec2_query_has_names_of_its_own() {
    let form = "Action=FindThings&Version=2020-01-01&Filter.1.Name=f&Filter.1.Value.1=a&Filter.1.Value.2=b&ThingId.1=t\
        &DryRun=true&MaxResults=5&Owner.Name=o&Plain=p&Since=2020-01-02T03%3A04%3A05Z&Data=AAEC";
    let answer = "<FindThingsResponse xmlns='u'><requestId>r</requestId><thingSet><item><name>o</name></item><item/></thingSet>\
        <nextToken/><since>2020-01-02T03:04:05.000Z</since></FindThingsResponse>";
    let case = Case::form("ec2-query", form).answered(200, &[QUERY_XML], answer);
    let request = json!({
        "Filter": [{"Name": "f", "Value": ["a", "b"]}], "ThingId": ["t"], "dryRun": true, "most": 5,
        "Owner": {"name": "o"}, "plain": "p", "Since": "2020-01-02T03:04:05Z", "Data": "AAEC",
    });
    let decoded = case.decoded();
    assert_eq!(decoded.request, request);
    let things = json!({"thingSet": [{"name": "o"}, {}], "nextToken": "", "since": "2020-01-02T03:04:05.000Z"});
    assert_eq!(decoded.response, things);
    case.finds(&[]);
    let drop = Case::form("ec2-query", "Action=DropThing&Version=2020-01-01&Name=o");
    drop.answered(
        200,
        &[QUERY_XML],
        "<DropThingResponse><requestId>r</requestId><return>true</return></DropThingResponse>",
    )
    .finds(&[]);
    let wrong = "Action=FindThings&Version=2020-01-01&Filter.1.Value.Item.1=a&DryRun=maybe";
    let error = "<Response><Errors><Error><Code>GoneFault</Code><Message>m</Message></Error></Errors><RequestID>r</RequestID></Response>";
    Case::form("ec2-query", wrong).answered(410, &[QUERY_XML], error).finds(&[
        ("wrong-type", "/Filter/0/Value", "body `Filter.1.Value` 1:38"),
        ("wrong-type", "/dryRun", "body `DryRun` 1:62"),
    ]);
    Case::form("ec2-query", "Action=DropThing&Version=2020-01-01&name=o").finds(&[(
        "unknown-member",
        "/name",
        "body `name` 1:37",
    )]);
    let bare = "<ErrorResponse><Error><Code>GoneFault</Code></Error></ErrorResponse>";
    Case::form("ec2-query", form).answered(410, &[QUERY_XML], bare).finds(&[("missing-error-code", "", "status")]);
    Case::form("ec2-query", form).answered(200, &[QUERY_XML], "<FindThings/>").finds(&[(
        "undecodable-body",
        "",
        "body 1:1",
    )]);
    Case::form("ec2-query", form).answered(200, &[QUERY_XML], "<FindThingsResponse/>").finds(&[(
        "missing-member",
        "/thingSet",
        "body `FindThingsResponse` 1:1",
    )]);
}

#[test]
fn rpc_v2_cbor_carries_values_of_every_kind() {
    let members = map(&[
        ("name", b"\x63\xc3\xbcx"),
        ("count", b"\x3b\x7f\xff\xff\xff\xff\xff\xff\xff"),
        ("ratio", b"\xf9\x38\x00"),
        ("on", b"\xf5"),
        ("data", b"\x5f\x41\x00\x42\x01\x02\xff"),
        ("born", b"\xc1\xfb\x41\xd7\x83\x57\x12\x60\x00\x00"),
        ("texts", b"\x9f\x61a\xff"),
        ("whens", b"\x81\xc1\x00"),
        ("map", b"\xbf\x61k\x01\xff"),
        ("choice", b"\xa1\x66Number\x07"),
        ("within", b"\xa1\x65ratio\xf9\x7e\x00"),
        ("colour", b"\x7f\x62re\x61d\xff"),
    ]);
    let case = Case::cbor("PutThing", &members).answered_in_cbor(200, &members);
    let value = json!({
        "name": "üx", "count": i64::MIN, "ratio": 0.5, "on": true, "data": "AAEC", "born": 1_577_933_897.5,
        "texts": ["a"], "whens": [0], "map": {"k": 1}, "choice": {"Number": 7}, "within": {"ratio": "NaN"}, "colour": "red",
    });
    assert_eq!((&case.decoded().request, &case.decoded().response), (&value, &value));
    case.finds(&[]);
    Case::cbor("Ping", b"").answered(200, &[("smithy-protocol", "rpc-v2-cbor")], "").finds(&[]);
    let gone = map(&[("__type", b"\x69ns.x#Gone"), ("message", b"\x61m"), ("since", b"\xc1\x00")]);
    let error = Case::cbor("Ping", b"").answered_in_cbor(410, &gone);
    assert_eq!(error.decoded().code.as_deref(), Some("Gone"));
    error.finds(&[]);
    // A service that once spoke awsQuery, with nothing of its own to say.
    let compatible = Case::cbor("Ping", b"").answered(410, &[("x-amzn-query-error", "Gone;Sender")], "\u{0}");
    assert_eq!(compatible.decoded().code.as_deref(), Some("Gone"));
}

#[test]
fn numbers_beside_the_ends_of_their_types_are_found_in_every_place() {
    let rules = |case: &Case| case.findings().into_iter().map(|(rule, ..)| rule).collect::<Vec<_>>();
    let whole =
        ["-9223372036854775809", "-9223372036854776832", "9223372036854775808", "-9.223372036854775809e18", "1e400"];
    let xml = |count: &str| {
        Case::new("rest-xml", "GET", "/things/1").answered(
            200,
            &[XML],
            &format!("<Thing><Count>{count}</Count></Thing>"),
        )
    };
    let form = |count: &str| Case::form("aws-query", &format!("Action=PutThing&Version=2020-01-01&Count={count}"));
    for number in whole {
        assert_eq!(rules(&xml(number)), ["number-out-of-range"], "{number}");
        assert_eq!(rules(&form(number)), ["number-out-of-range"], "{number}");
    }
    for fits in ["-9223372036854775808", "9223372036854775807", "9223372036854775807.0", "-09"] {
        assert_eq!((rules(&xml(fits)), rules(&form(fits))), (vec![], vec![]), "{fits}");
    }
    let query = |most: &str| Case::new("rest-xml", "GET", &format!("/things?most={most}")).answered(0, &[], "");
    let header = |level: &str| {
        let put = Case::new("rest-xml", "PUT", "/things/1/paths/p").with("x-level", level);
        put.sending("<PutThingRequest/>").answered(0, &[], "")
    };
    for number in ["2147483648", "-2147483649", "2.147483648e9", "-9223372036854775809"] {
        assert_eq!(rules(&query(number)), ["number-out-of-range"], "{number}");
        assert_eq!(rules(&header(number)), ["number-out-of-range"], "{number}");
    }
    // Rounding makes a whole number of it, nothing else does.
    let fraction = "1.00000000000000000001";
    for case in [xml(fraction), form(fraction), query(fraction), header(fraction)] {
        assert_eq!(rules(&case), ["wrong-type"]);
    }
    let cbor = |count: &[u8]| Case::cbor("PutThing", &map(&[("count", count)])).answered(0, &[], "");
    for (number, fits) in [
        (b"\x3b\x7f\xff\xff\xff\xff\xff\xff\xff", true),
        (b"\x3b\x80\x00\x00\x00\x00\x00\x00\x00", false),
        (b"\x3b\x80\x00\x00\x00\x00\x00\x03\xff", false),
        (b"\x1b\x80\x00\x00\x00\x00\x00\x00\x00", false),
    ] {
        let expected: &[&str] = if fits { &[] } else { &["number-out-of-range"] };
        assert_eq!(rules(&cbor(number)), expected, "{number:x?}");
    }
}

#[test]
fn cbor_that_deviates_is_found_at_its_place() {
    let cases: &[(&str, &[u8], &str, &str)] = &[
        ("name", b"\x41n", "wrong-type", "body `name` 1:7"),
        ("data", b"\x61n", "wrong-type", "body `data` 1:7"),
        ("born", b"\x00", "wrong-type", "body `born` 1:7"),
        ("born", b"\x61n", "timestamp-form", "body `born` 1:7"),
        ("count", b"\xc1\x00", "wrong-type", "body `count` 1:8"),
        ("count", b"\xf9\x3c\x00", "wrong-type", "body `count` 1:8"),
        ("count", b"\x1b\x80\x00\x00\x00\x00\x00\x00\x00", "number-out-of-range", "body `count` 1:8"),
        ("on", b"\xf6", "null-member", "body `on` 1:5"),
        ("odd", b"\xa0", "unknown-member", "body `odd` 1:6"),
        ("name", b"\xd8\x20\x61n", "wrong-type", "body `name` 1:7"),
        ("ratio", b"\x63NaN", "wrong-type", "body `ratio` 1:8"),
        ("texts", b"\x81\x00", "wrong-type", "body `texts.0` 1:9"),
    ];
    for (key, value, rule, origin) in cases {
        let pointer = if *key == "texts" { "/texts/0".to_owned() } else { format!("/{key}") };
        Case::cbor("PutThing", &map(&[(key, value)])).finds(&[(rule, &pointer, origin)]);
    }
    let twice = map(&[("on", b"\xf5"), ("on", b"\xf4")]);
    Case::cbor("PutThing", &twice).finds(&[("duplicate-key", "/on", "body `on` 1:9")]);
    let case = |answer: &[u8]| Case::cbor("PutThing", b"\xa0").answered_in_cbor(200, answer);
    case(b"\xa1\x62on").finds(&[("undecodable-body", "", "body 1:5")]);
    let read = Case::cbor("ReadThing", b"").answered_in_cbor(200, b"\xa1");
    read.finds(&[("undecodable-body", "", "body 1:2")]);
    case(b"\xa0\xa0").finds(&[("undecodable-body", "", "body 1:2")]);
    case(b"{\"name\": 1}").finds(&[("undecodable-body", "", "body 1:1")]);
}

#[test]
fn rpc_event_streams_begin_with_the_members_beside_them() {
    let watch = |body: &[u8]| {
        let mut case = Case::cbor("WatchThing", b"\xa0").answered_in_cbor(200, body);
        case.response["headers"] = json!([{"name": "content-type", "value": "application/vnd.amazon.eventstream"}]);
        case
    };
    let initial = message("initial-response", &map(&[("name", b"\x61n")]));
    let event = message("changed", b"\xa0");
    let case = watch(&[&initial[..], &event, &event].concat());
    assert_eq!(case.decoded().response, json!({"name": "n", "events": ""}));
    assert_eq!(case.decoded().streams, (1, 2));
    case.finds(&[]);
    watch(&event).finds(&[("missing-member", "/name", "body 1:1")]);
    watch(&message("initial-response", b"\xa1\x64name\x01")).finds(&[("wrong-type", "/name", "body `name` 1:50")]);
    let cut = watch(&[&initial[..], &event[..9]].concat());
    let mut of_json =
        Case::new("rpc-v2-cbor", "POST", "/").with("X-Amz-Target", "ThingService.WatchThing").sending("{}");
    of_json.response = watch(&message("initial-response", b"{\"name\": 1")).response;
    of_json.finds(&[("undecodable-body", "", "body 1:53")]);
    of_json.response = watch(&[&message("initial-response", b"{\"name\": \"n\"}")[..], &event].concat()).response;
    assert_eq!(of_json.decoded().response, json!({"name": "n", "events": ""}));
    of_json.finds(&[]);
    let mut of_rest = Case::new("rest-xml", "GET", "/things/1/events");
    of_rest.response = watch(&event).response;
    assert_eq!(of_rest.decoded().streams, (1, 1));
    of_rest.finds(&[]);
    assert_eq!(cut.findings().iter().map(|(rule, ..)| *rule).collect::<Vec<_>>(), ["undecodable-body"]);
}
