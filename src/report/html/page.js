"use strict";
// The report is data; this shows what the address asks for. Every text goes through text nodes, never through markup.
(() => {
const D = JSON.parse(document.getElementById("data").textContent);
const R = D.report, S = R.summary, findings = R.findings;
const $ = id => document.getElementById(id);

/** An element with attributes (functions listen, `false` and `null` leave out) and children. */
function el(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === false || value == null) continue;
    if (typeof value === "function") made.addEventListener(name, value);
    else if (name === "width") made.style.width = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(9).filter(child => child != null && child !== false));
  return made;
}
const count = new Intl.NumberFormat("en");
const plural = (n, word, many) => `${count.format(n)} ${n === 1 ? word : many || word + "s"}`;
const percent = (a, b) => b ? `${Math.floor(a * 1000 / b) / 10} %` : "–";
const pill = (word, kind) => el("span", { class: `pill ${kind || word}` }, word);
const bar = (a, b, kind) => el("span", { class: `bar ${kind || ""}`, "aria-hidden": "true" }, el("i", { width: `${b ? a * 100 / b : 0}%` }));
// What a terminal or a reader would obey is shown.
const plain = text => String(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
  c => `\\u{${c.codePointAt(0).toString(16)}}`);
// Names between backticks are set as code; a backtick without a second one is a character.
const rich = text => {
  const parts = plain(text).split("`");
  return parts.map((part, at) => at % 2 === 0 ? part : at === parts.length - 1 ? "`" + part : el("code", {}, part));
};
const json = value => typeof value === "string" ? plain(value) : plain(JSON.stringify(value));
// `told` says that a heading has the caption's words already.
const table = (caption, head, rows, told) => el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": caption },
  el("table", {}, el("caption", { class: told && "sr" }, caption),
    el("thead", {}, el("tr", {}, head.map(([name, kind]) => el("th", { scope: "col", class: kind }, name)))),
    el("tbody", {}, rows)));
const row = cells => el("tr", {}, cells.map((cell, at) => {
  const [content, kind] = Array.isArray(cell) && cell[1] === "num" ? cell : [cell];
  return at === 0 ? el("th", { scope: "row" }, content) : el("td", { class: kind }, content);
}));

// ---- addresses: #view?key=value&…
const view = () => {
  const [name, query] = location.hash.slice(1).split("?");
  return { name: decodeURIComponent(name || "overview"), query: new URLSearchParams(query || "") };
};
const link = (name, query) => {
  const kept = new URLSearchParams(Object.entries(query || {}).filter(([, value]) => value));
  return `#${name}${kept.size ? "?" + kept : ""}`;
};

// ---- findings, those alike together
const isUpgrade = R.job === "gate";
const words = { error: "breaking", warning: "risky", note: "compatible" };
const isChange = finding => isUpgrade && (D.rules[finding.rule] || {}).area === "upgrade";
const word = finding => isChange(finding) ? words[finding.severity] : finding.severity;
const called = finding => finding.operation || ((finding.values.operations || []).length
  ? finding.values.operations[0] + (finding.values.operations.length > 1 ? ` and ${finding.values.operations.length - 1} more` : "") : "");
const place = finding => {
  const { file, line, column } = finding.location;
  return file ? line ? `${file}:${line}:${column}` : file : "";
};
const order = { error: 0, warning: 1, note: 2 };
function grouped() {
  const all = new Map();
  findings.forEach((finding, at) => {
    const key = finding.severity + finding.fingerprint;
    const known = all.get(key);
    if (known) known.all.push(at);
    else all.set(key, { first: finding, all: [at], text: null });
  });
  return [...all.values()].sort((a, b) =>
    (a.first.service || "").localeCompare(b.first.service || "") || called(a.first).localeCompare(called(b.first))
    || order[a.first.severity] - order[b.first.severity]);
}
const groups = grouped();
const searched = group => group.text ??= [group.first.rule, group.first.message, group.first.service, called(group.first),
  group.first.member, group.first.shape, group.first.pointer, group.first.fingerprint, place(group.first)].join("\n").toLowerCase();
const distinct = of => [...new Set(groups.map(of).filter(Boolean))].sort();

const sdkCell = (text) => {
  return pill(text, /raises|invents/.test(text) ? "error" : /unknown/.test(text) ? "warning" : "none");
};
/** What SDKs make of a finding: of its own protocol and kind of shape where these are known, else of all that were measured. */
function effects(rule, own) {
  const all = (D.rules[rule] || {}).effects || [];
  const known = own ? all.filter(one => one.protocol === own.protocol && one.kind === own.kind) : all;
  if (own && !known.length) return el("p", { class: "soft small" }, `What SDKs make of it was not measured of a ${own.kind} in ${own.protocol}.`);
  if (!known.length) return el("p", { class: "soft small" }, "What SDKs make of it was not measured.");
  return table("What each SDK was measured to make of such a response",
    [["protocol"], ["of a"], ...D.sdks.map(([name, version]) => [`${name} ${version}`])],
    known.map(one => row([one.protocol, one.kind, ...one.sdks.map(sdkCell)])));
}
function excerpt(at, level) {
  const shown = D.excerpts[at];
  return shown && el("pre", {}, plain(shown[0]), el("mark", { class: level }, plain(shown[1]) || "⁠"), plain(shown[2]));
}
/** Where each finding of a kind stands, twenty at a time. */
function places(group) {
  const list = el("ul", { class: group.all.length > 3 ? "leaves" : "leaves one" });
  const box = el("div", {}, el("h3", {}, group.all.length === 1 ? "Where" : `Where, ${plural(group.all.length, "time")}`), list);
  let shown = 0;
  const show = () => {
    for (const at of group.all.slice(shown, shown + 20)) {
      const finding = findings[at];
      list.append(el("li", {}, el("code", {}, plain(place(finding) || "no file")),
        finding.pointer ? [" ", el("code", { class: "soft" }, plain(finding.pointer))] : null));
    }
    shown += 20;
    more.hidden = shown >= group.all.length;
  };
  const more = el("button", { type: "button", class: "quiet", click: show }, "Show 20 more places");
  box.append(more);
  show();
  return box;
}
function sides(finding) {
  let { old, new: now } = finding.values;
  if (old === undefined && now === undefined) {
    // What came or went stands on one side alone.
    const subject = [finding.shape, finding.member].filter(Boolean).join(".") || called(finding);
    const it = finding.values.value === undefined ? subject : `${subject}: ${json(finding.values.value)}`;
    if (!isChange(finding) || !subject) return null;
    if (/-removed$/.test(finding.rule)) old = it;
    else if (/-added$/.test(finding.rule)) now = it;
    else return null;
  }
  const side = (title, value, kind) => el("div", { class: kind }, el("h3", {}, title), el("code", {}, value == null ? "not there" : json(value)));
  return el("div", { class: "sides" }, side("older", old, "old"), side("newer", now, "new"));
}
function weights(rule, finding) {
  const known = (D.rules[rule] || {}).weights || [];
  if (!known.length) return null;
  const mine = R.upgrade && R.upgrade.profile;
  const half = finding.direction === "response" ? 2 : 1;
  return table("Weight by kind of user", [["profile"], ["in requests"], ["in responses"]], known.map(one =>
    row([one[0] + (one[0] === mine ? " (this run)" : ""), ...[1, 2].map(at =>
      [pill(one[at]), one[0] === mine && at === half ? el("span", { class: "soft small" }, " this one") : null])])));
}
function witness(finding) {
  const { witness: shown, recorded } = finding.values;
  return [
    recorded && el("div", {}, el("h3", {}, "In recorded traffic"),
      rich(recorded.what), ` in ${recorded.exchanges} of ${plural(recorded.of, recorded.part)} of ${recorded.whose}`),
    shown && el("div", {}, el("h3", {}, shown.recorded ? "Now rejected, recorded" : "Now rejected, generated"),
      el("p", {}, rich(shown.message), shown.pointer ? [" at ", el("code", {}, plain(shown.pointer))] : null),
      shown.recorded ? el("p", { class: "soft" }, el("code", {}, plain(`${shown.recorded.file}:${shown.recorded.line}:${shown.recorded.column}`)))
        : shown.generated == null ? null : el("pre", {}, plain(JSON.stringify(shown.generated, null, 2))))];
}
const own = new Set(["old", "new", "operations", "witness", "recorded", "fallout"]);
function inside(group) {
  const finding = group.first, about = D.rules[finding.rule] || {};
  const facts = Object.entries(finding.values).filter(([name, value]) => !own.has(name) && value !== null);
  const fact = (name, value) => value && [el("dt", {}, name), el("dd", {}, value)];
  const fallout = Object.entries(finding.values.fallout || {});
  const operations = finding.values.operations || [];
  return el("div", { class: "inside" },
    excerpt(group.all[0], finding.severity), sides(finding), ...witness(finding),
    el("dl", { class: "facts" },
      fact("rule", [el("code", {}, finding.rule), about.summary ? ` – ${about.summary}` : ""]),
      fact("subject", finding.shape && el("code", {}, plain(finding.member ? `${finding.shape}.${finding.member}` : finding.shape))),
      fact("operations", operations.length > 0 && operations.join(", ")),
      fact("part", finding.origin && plain([finding.origin.part, finding.origin.name].filter(Boolean).join(" "))),
      facts.map(([name, value]) => fact(name, el("code", {}, json(value)))),
      fact("comes with", fallout.length > 0 && fallout.map(([rule, n]) => `${n} ${rule}`).join(", ")),
      fact("fingerprint", el("code", {}, plain(finding.fingerprint)))),
    isChange(finding) ? weights(finding.rule, finding) : null,
    place(finding) || finding.pointer ? places(group) : null,
    about.area === "traffic" && finding.direction !== "request" ? el("div", {}, el("h3", {}, "What SDKs make of it"), effects(finding.rule, finding.sdkEffects)) : null,
    about.explain ? el("details", { class: "branch" }, el("summary", {}, `What ${finding.rule} means and what to do`), el("pre", {}, about.explain)) : null,
    el("p", { class: "small" }, el("a", { href: link("findings", { at: finding.fingerprint }) }, "Link to this finding")));
}
/** An element that is filled when it is opened. */
function lazy(attributes, summary, fill, open) {
  const made = el("details", attributes, el("summary", {}, summary));
  const filled = () => { if (made.open && made.childElementCount === 1) made.append(fill()); };
  made.addEventListener("toggle", filled);
  if (open) { made.open = true; filled(); }
  return made;
}
const groupRow = (group, open) => lazy({ class: "group" }, [
  pill(word(group.first), group.first.severity),
  el("span", { class: "said" }, rich(group.first.message),
    el("span", { class: "rule" }, el("code", {}, group.first.rule), group.first.direction ? ` in the ${group.first.direction}` : "")),
  el("span", { class: "times" }, group.all.length > 1 ? `${count.format(group.all.length)} ×` : "")], () => inside(group), open);

const PAGE = 50;
function findingsView(query) {
  const at = query.get("at");
  const state = Object.fromEntries(["q", "level", "service", "rule", "operation"].map(key => [key, query.get(key) || ""]));
  const box = el("div", { class: "groups" }), status = el("p", { role: "status", class: "soft" });
  const more = el("button", { type: "button", class: "quiet" }, `Show ${PAGE} more`);
  const matching = () => groups.filter(group => {
    const one = group.first;
    return at ? one.fingerprint === at
      : (!state.level || one.severity === state.level) && (!state.service || one.service === state.service)
      && (!state.rule || one.rule === state.rule) && (!state.operation || called(one) === state.operation)
      && (!state.q || state.q.toLowerCase().split(/\s+/).every(part => searched(group).includes(part)));
  });
  let all = [], shown = 0, head = "";
  const show = () => {
    for (const group of all.slice(shown, shown + PAGE)) {
      const next = [group.first.service || "no service", called(group.first)].join(" ");
      if (next !== head) box.append(el("div", { class: "place-head" }, el("h2", {}, plain(called(group.first) || "the whole message")),
        el("span", { class: "soft small" }, plain(group.first.service || "no service"))));
      head = next;
      box.append(groupRow(group, Boolean(at)));
    }
    shown = Math.min(shown + PAGE, all.length);
    more.hidden = shown >= all.length;
    const times = all.reduce((sum, group) => sum + group.all.length, 0);
    status.textContent = all.length ? `${plural(times, "finding")} of ${plural(all.length, "kind")}; ${shown < all.length ? `the first ${shown} kinds are shown` : "all are shown"}` : "";
  };
  more.addEventListener("click", () => { const next = box.children.length; show(); const first = box.children[next]; (first && first.querySelector("summary") || first && first.nextElementSibling && first.nextElementSibling.querySelector("summary") || more).focus(); });
  const begin = () => {
    all = matching(); shown = 0; head = ""; box.replaceChildren();
    if (!all.length) box.append(el("p", { class: "empty card" }, groups.length ? "No finding is like that." : "Nothing was found."));
    show();
  };
  const choose = (key, name, values, label) => el("label", {}, name, el("select", { name: key, change: event => set(key, event.target.value) },
    el("option", { value: "" }, "all"), values.map(value => el("option", { value, selected: value === state[key] }, label ? label(value) : plain(value)))));
  const set = (key, value) => { state[key] = value; history.replaceState(null, "", link("findings", state)); begin(); };
  const search = el("input", { type: "search", id: "search", placeholder: "member, message, file …", value: state.q, autocomplete: "off", input: event => set("q", event.target.value) });
  begin();
  return [el("h1", {}, isUpgrade ? "Differences" : "Findings"),
    at ? el("p", {}, el("a", { href: "#findings" }, "Show all findings"))
      : el("form", { class: "filters", role: "search", submit: event => event.preventDefault() },
        el("label", { class: "wide" }, "Search (press / to go there)", search),
        choose("level", isUpgrade ? "Weight" : "Level", ["error", "warning", "note"].filter(level => groups.some(group => group.first.severity === level)), level => isUpgrade ? words[level] : level),
        choose("service", "Service", distinct(group => group.first.service)),
        choose("operation", "Operation", distinct(group => (!state.service || group.first.service === state.service) && called(group.first))),
        choose("rule", "Rule", distinct(group => group.first.rule))),
    status, box, el("div", { class: "more" }, more)];
}

// ---- overview
function tally() {
  const tiles = [["error", S.findings.error, isUpgrade ? "breaking" : "errors"], ["warning", S.findings.warning, isUpgrade ? "risky" : "warnings"], ["note", S.findings.note, isUpgrade ? "compatible" : "notes"]]
    .filter(() => R.job !== "coverage");
  if (S.approved) tiles.push(["", S.approved, "approved"]);
  if (S.exchanges) tiles.push(["", S.exchanges, "exchanges"]);
  if (S.payloads) tiles.push(["", S.payloads, "payloads"]);
  if (S.recordings) tiles.push(["", S.recordings, "recordings"]);
  return el("ul", { class: "tiles" }, tiles.map(([kind, n, name]) => el("li", { class: n ? kind : "" }, el("b", {}, count.format(n)), el("span", {}, n === 1 ? name.replace(/s$/, "") : name))));
}
function byKey(title, key, of) {
  const counts = new Map();
  for (const group of groups) {
    const name = of(group) || "none";
    const own = counts.get(name) || { error: 0, warning: 0, note: 0, all: 0 };
    own[group.first.severity] += group.all.length; own.all += group.all.length;
    counts.set(name, own);
  }
  if (!counts.size) return null;
  const sorted = [...counts].sort(([, a], [, b]) => b.error - a.error || b.warning - a.warning || b.note - a.note);
  const most = Math.max(...sorted.map(([, own]) => own.all));
  const rest = sorted.length - 15;
  return el("section", {}, el("h2", {}, title), el("div", { class: "card" },
    table(`${title}${rest > 0 ? `, the first 15 of ${sorted.length}` : ""}`, [[key], [isUpgrade ? "breaking" : "errors", "num"], [isUpgrade ? "risky" : "warnings", "num"], [isUpgrade ? "compatible" : "notes", "num"], ["share"]],
      sorted.slice(0, 15).map(([name, own]) => row([el("a", { href: link("findings", { [key]: name === "none" ? "" : name }) }, plain(name)),
        [count.format(own.error), "num"], [count.format(own.warning), "num"], [count.format(own.note), "num"], bar(own.all, most, own.error ? "bad" : own.warning ? "risk" : "mild")])), rest <= 0)));
}
function overview() {
  const remarks = D.remarks.slice(0, 12);
  const covered = R.coverage && coverageTable(10);
  const notes = remarks.length > 0 && el("section", {}, el("h2", {}, "Also to know"), el("div", { class: "card" },
    el("ul", { class: "leaves" }, remarks.map(one => el("li", {}, plain(one.text))),
      D.remarks.length > 12 ? el("li", { class: "soft" }, `and ${D.remarks.length - 12} more`) : null)));
  const contracts = R.contracts || [];
  return [el("h1", {}, `shapegate ${R.job}`),
    D.compared ? el("p", { class: "soft" }, plain(D.compared)) : null,
    el("div", { class: S.passed ? "card verdict" : "card verdict fails" },
      el("span", { class: "stamp" }, !S.passed ? "failed" : ["coverage", "scorecard", "history", "list", "diff"].includes(R.job) ? "reported" : "passed"), el("div", {}, el("p", {}, plain(D.headline)))),
    tally(),
    el("div", { class: "two" }, byKey("By service", "service", group => group.first.service), byKey("By rule", "rule", group => group.first.rule)),
    R.scorecard ? el("section", {}, el("h2", {}, "Scorecard"), scorecardTable(12)) : null,
    covered ? el("section", {}, el("h2", {}, "Coverage"), covered) : null,
    el("div", { class: "two" }, notes || null,
      contracts.length ? el("section", {}, el("h2", {}, "Held against"), el("div", { class: "card" }, table(`Contracts${contracts.length > 12 ? `, the first 12 of ${contracts.length}` : ""}`, [["service"], ["version"], ["from"]],
        contracts.slice(0, 12).map(one => row([one.service, plain([one.version, one.release && !one.version.includes(one.release) ? `(${one.release})` : ""].filter(Boolean).join(" ")), plain(one.origin)]))))) : null)];
}

// ---- coverage
const MEASURES = [["operations", "operations"], ["input", "input members"], ["output", "output members"], ["values", "enum values"], ["variants", "union variants"], ["errors", "declared errors"]];
function coverageTable(most) {
  const services = R.coverage.services, rest = services.length - most;
  return el("div", { class: "card" }, table(`Seen, out of what the model has${rest > 0 ? `; the first ${most} of ${services.length} services` : ""}`, [["service"], ...MEASURES.map(([, name]) => [name])],
    services.slice(0, most).map(service => row([el("a", { href: link("coverage", { service: service.service }) }, service.service),
      ...MEASURES.map(([key]) => { const { seen, of } = service[key]; return of ? [bar(seen, of), " ", el("span", { class: "small" }, `${count.format(seen)}/${count.format(of)}`)] : el("span", { class: "soft" }, "–"); })]))));
}
const share = operation => { const { seen, of } = operation.members; return of ? seen / of : 1; };
const step = part => part <= 0 ? 0 : part < .34 ? 1 : part < .67 ? 2 : part < 1 ? 3 : 4;
function heat(service) {
  const called = new Map(service.called.map(one => [one.operation, one]));
  const names = [...called.keys(), ...service.neverCalled].sort();
  return [el("ul", { class: "heat" }, names.map(name => {
    const own = called.get(name);
    const told = own ? `${name}: ${own.members.seen} of ${own.members.of} members seen` : `${name}: never called`;
    return el("li", {}, own ? el("a", { class: `h${Math.max(1, step(share(own)))}`, title: told, "aria-label": told, href: link("coverage", { service: service.service, operation: name }) })
      : el("span", { class: "h0", role: "img", title: told, "aria-label": told }));
  })), el("ul", { class: "legend" }, [["h0", "never called"], ["h1", "called, under a third of its members seen"], ["h2", "under two thirds"], ["h3", "more"], ["h4", "all"]]
    .map(([kind, name]) => el("li", {}, el("i", { class: kind }), name)))];
}
function shapes(half) {
  const by = new Map();
  for (const one of half.members) by.set(one.shape, [...by.get(one.shape) || [], one]);
  const dot = one => el("span", { class: one.times === 0 ? "dot" : one.times === one.of ? "dot all" : "dot some", "aria-hidden": "true" });
  const told = one => one.of === 0 ? "its structure never seen" : one.times === 0 ? "never" : one.times === one.of ? "always" : `${one.times} of ${one.of}`;
  return [[...by].map(([shape, members]) => lazy({ class: "branch" }, [el("code", {}, plain(shape)), el("span", { class: "soft small" }, `${members.filter(one => one.times).length} of ${members.length}`)],
    () => el("ul", { class: "leaves" }, members.map(one => el("li", {}, dot(one), el("code", {}, plain(one.member)), " ",
      el("span", { class: "soft small" }, [one.required ? "required, " : one.variant ? "variant, " : "", told(one)].join("")))) ), by.size <= 3)),
    Object.entries(half.values).map(([shape, values]) => lazy({ class: "branch" }, [el("code", {}, plain(shape)), el("span", { class: "soft small" }, `values: ${Object.values(values).filter(Boolean).length} of ${Object.keys(values).length}`)],
      () => el("ul", { class: "leaves" }, Object.entries(values).map(([value, times]) => el("li", {}, el("span", { class: times ? "dot all" : "dot", "aria-hidden": "true" }), el("code", {}, plain(value)), " ", el("span", { class: "soft small" }, times ? `${times} ×` : "never seen"))))))];
}
function operationBranch(one, open) {
  const statuses = Object.entries(one.statuses).map(([status, n]) => n > 1 ? `${status} (${n})` : status).join(", ");
  const errors = Object.entries({ ...one.errors, ...one.undeclared });
  const half = (title, key, direction) => { const { seen, of } = one[key]; return el("div", {}, el("h3", {}, `${title}: ${seen} of ${plural(of, "member")}`), shapes(one[direction])); };
  return lazy({ class: "branch" }, [el("code", { class: "name" }, one.operation), bar(one.members.seen, one.members.of), el("span", { class: "soft small" }, `${percent(one.members.seen, one.members.of)} of members, ${plural(one.exchanges, "exchange")}${statuses ? `, ${statuses}` : ""}`)],
    () => el("div", { class: "halves" }, half("Request", "input", "request"), half("Response", "output", "response"),
      errors.length ? el("p", { class: "small" }, "Errors: ", errors.map(([name, n]) => `${plain(name)} ${n ? `(${n})` : "never"}`).join(", ")) : null), open);
}
function coverageView(query) {
  const services = R.coverage.services;
  const service = services.find(one => one.service === query.get("service")) || services[0];
  const chosen = query.get("operation");
  const pick = services.length > 1 && el("form", { class: "filters", submit: event => event.preventDefault() }, el("label", {}, "Service",
    el("select", { change: event => { location.hash = link("coverage", { service: event.target.value }); } }, services.map(one => el("option", { value: one.service, selected: one === service }, one.service)))));
  if (!service) return [el("h1", {}, "Coverage"), el("p", { class: "empty card" }, "No service was called.")];
  const called = chosen ? service.called.filter(one => one.operation === chosen) : service.called;
  const list = el("div", {}), more = el("button", { type: "button", class: "quiet" }, "Show 50 more");
  let shown = 0;
  const show = () => { list.append(...called.slice(shown, shown + PAGE).map(one => operationBranch(one, Boolean(chosen)))); shown += PAGE; more.hidden = shown >= called.length; };
  more.addEventListener("click", show); show();
  return [el("h1", {}, "Coverage"), pick || null,
    R.coverage.shortfalls.length ? el("div", { class: "card verdict fails" }, el("span", { class: "stamp" }, "too little"), el("div", {}, R.coverage.shortfalls.map(one => el("p", {}, one.absent ? `${one.service} does not occur in this traffic (${one.measure}: at least ${one.least})` : `${one.service}: ${one.measure} ${one.seen} of ${one.of}, less than ${one.least}`)))) : null,
    el("h2", {}, service.service),
    el("ul", { class: "tiles" }, MEASURES.filter(([key]) => service[key].of).map(([key, name]) => el("li", {}, el("b", {}, percent(service[key].seen, service[key].of)), el("span", {}, `${name}: ${count.format(service[key].seen)} of ${count.format(service[key].of)}`)))),
    el("h2", {}, "Operations at a glance"), el("div", { class: "card" }, heat(service)),
    el("h2", {}, "By operation"), chosen ? el("p", {}, el("a", { href: link("coverage", { service: service.service }) }, "Show all operations")) : null,
    el("div", { class: "card" }, list, el("div", { class: "more" }, more)),
    service.neverCalled.length ? lazy({ class: "branch" }, [`Never called: ${plural(service.neverCalled.length, "operation")}`], () => el("ul", { class: "leaves" }, service.neverCalled.map(name => el("li", {}, el("code", {}, name))))) : null];
}

// ---- scorecard
function scorecardTable(most) {
  const { services, all } = R.scorecard, known = Object.keys(services);
  // What has most to mend comes first.
  const names = known.sort((a, b) => services[b].failing - services[a].failing || a.localeCompare(b)).slice(0, most);
  const line = (name, own) => row([names.includes(name) ? el("a", { href: link("findings", { service: name }) }, name) : name, [own.called, "num"], [own.answered, "num"], [own.conforming, "num"], [own.failing, "num"],
    [own.called - own.conforming - own.failing, "num"], [own.operations - own.called, "num"], [own.operations, "num"], [bar(own.conforming, own.called), " ", el("span", { class: "small" }, percent(own.conforming, own.called))]]);
  return el("div", { class: "card" }, table(`Operations by service${known.length > most ? `, the first ${most} of ${known.length}` : ""}`, [["service"], ["called", "num"], ["answered", "num"], ["conforming", "num"], ["failing", "num"], ["refused", "num"], ["never called", "num"], ["in the model", "num"], ["conforming, of those called"]],
    [...names.map(name => line(name, services[name])), ...(known.length > 1 ? [line("all", all)] : [])]), el("p", { class: "soft small" }, D.legend));
}
function scorecardView() {
  const { fixes, trend } = R.scorecard;
  return [el("h1", {}, "Scorecard"), scorecardTable(500),
    trend ? [el("h2", {}, `Since ${plain(trend.before)}`), el("ul", { class: "tiles" }, [["", trend.fixed.length, "fixed"], ["error", trend.new.length, "new"], ["", trend.unchanged, "unchanged"], ...(trend.notCalledBefore.length ? [["", trend.notCalledBefore.length, "of operations not called before"]] : []), ...(trend.notCalled.length ? [["", trend.notCalled.length, "unknown (operations not called this time)"]] : [])].map(([kind, n, name]) => el("li", { class: n ? kind : "" }, el("b", {}, count.format(n)), el("span", {}, name)))),
      [["Fixed", trend.fixed], ["New", trend.new], ["Of operations not called before", trend.notCalledBefore]].map(([name, prints]) => prints.length ? lazy({ class: "branch" }, [`${name}: ${plural(prints.length, "finding")}`], () => el("ul", { class: "leaves" }, prints.map(print => el("li", {}, el("code", {}, plain(print)))))) : null)] : null,
    el("h2", {}, "To mend first"), el("div", { class: "card" }, fixes.length ? table(`What makes most operations conform${fixes.length > 60 ? `, the first 60 of ${fixes.length}` : ""}`, [["what"], ["service"], ["then conform", "num"], ["operations", "num"], ["findings", "num"]],
      fixes.slice(0, 60).map(fix => row([[el("a", { href: link("findings", { at: fix.example }) }, fix.rule), " ", el("code", {}, plain(fix.subject))], fix.service, [fix.mends, "num"], [fix.operations.length, "num"], [fix.findings, "num"]])))
      : el("p", { class: "empty" }, "No operation fails."))];
}

// ---- an upgrade: what recorded traffic says of it
function brokenView() {
  const replay = R.upgrade.replay, broken = replay.brokenByIt.length + (replay.brokenUnlisted || 0);
  return [el("h1", {}, "Recorded traffic"), el("ul", { class: "tiles" }, [["error", broken, broken === 1 ? "breaks by the upgrade" : "break by the upgrade"], ["", replay.exchanges, replay.exchanges === 1 ? "exchange compared" : "exchanges compared"], ["", replay.brokenBefore, "broke before"], ["", replay.mended, "mended by it"]]
    .map(([kind, n, name]) => el("li", { class: n ? kind : "" }, el("b", {}, count.format(n)), el("span", {}, name)))),
    el("div", { class: "groups" }, replay.brokenByIt.slice(0, 200).map(one => lazy({ class: "group" }, [pill("now rejected", "error"), el("span", { class: "said" }, rich(one.finding.message), el("span", { class: "rule" }, el("code", {}, plain(place(one.finding))), ` ${plain(called(one.finding))}`)), el("span", { class: "times" }, one.more ? `and ${one.more} more` : "")],
      () => el("div", { class: "inside" }, el("dl", { class: "facts" }, el("dt", {}, "rule"), el("dd", {}, el("code", {}, one.finding.rule)), el("dt", {}, "place"), el("dd", {}, el("code", {}, plain(one.finding.pointer || "the exchange"))),
        el("dt", {}, "comes from"), el("dd", {}, one.by.map(by => by ? el("div", {}, el("a", { href: link("findings", { at: by }) }, plain(by))) : "no known difference")))))))];
}

// ---- a history
function historyView() {
  const { releases, spans, service } = R.history;
  const list = (name, all) => all.length ? lazy({ class: "branch" }, [`${name}: ${plural(all.length, "finding")}`], () => el("ul", { class: "leaves" }, all.slice(0, 200).map(one => el("li", {}, pill(one.severity), " ", rich(one.message), " ", el("code", { class: "soft" }, plain(place(one))))))) : null;
  const most = Math.max(1, ...releases.map(one => one.findings.error + one.findings.warning));
  return [el("h1", {}, `Through the releases of ${service}`),
    el("p", { class: "soft" }, spans.map(span => `${span.fails ? "fails" : "holds"} ${span.first === span.last ? `in ${span.first}` : `from ${span.first} to ${span.last}`}`).join(", ")),
    el("div", { class: "card" }, el("ol", { class: "time" }, releases.slice(0, 150).map(one => el("li", { class: one.failing ? "bad" : "" }, el("time", { datetime: one.release }, one.release), el("span", { class: "spine" }, el("i")),
      el("div", { class: "what" }, el("span", {}, one.failing ? `${plural(one.failing, "exchange")} fail${one.failing === 1 ? "s" : ""}` : "all conforms"), " ",
        bar(one.findings.error + one.findings.warning, most, one.findings.error ? "bad" : "risk"), " ", el("span", { class: "soft small" }, `${plural(one.findings.error, "error")}, ${plural(one.findings.warning, "warning")}${one.botocore ? `, botocore ${one.botocore}` : ""}`),
        list("Comes with it", one.come), list("Goes with it", one.gone))))))];
}

// ---- approvals and the data of other jobs
function approvalsView() {
  const all = R.approvals.approved;
  return [el("h1", {}, "Approved"), el("div", { class: "groups" }, all.slice(0, 300).map(one => el("div", { class: "card" }, el("p", {}, pill(one.finding.severity), " ", rich(one.finding.message)), el("p", { class: "soft small" }, plain(one.reason), " ", el("code", {}, plain(one.finding.fingerprint))))))];
}
const OTHERS = { diff: ["differences", "Differences", one => [plain(one.message), one.service, one.kind]], exchanges: [null, "Exchanges", one => [[one.service, one.operation].filter(Boolean).join(" "), place(one), one.state]], score: ["undetected", "Undetected faults", one => [`${one.rule} ${one.pointer}`, one.operation, place(one)]] };
function otherView(key) {
  const [within, title, cells] = OTHERS[key], all = within ? R[key][within] || [] : R[key];
  const rows = el("tbody", {}), more = el("button", { type: "button", class: "quiet" }, "Show 100 more");
  let shown = 0;
  const show = () => { rows.append(...all.slice(shown, shown + 100).map(one => row(cells(one).map(cell => plain(cell || ""))))); shown += 100; more.hidden = shown >= all.length; };
  more.addEventListener("click", show); show();
  return [el("h1", {}, title), el("div", { class: "card" }, all.length ? el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": title }, el("table", {}, el("caption", {}, plural(all.length, "row")), rows)) : el("p", { class: "empty" }, "None.")), el("div", { class: "more" }, more)];
}

// ---- views
const views = [["overview", "Overview", null, overview]];
if (findings.length || ["check", "gate", "snapshot", "scorecard"].includes(R.job)) views.push(["findings", isUpgrade ? "Differences" : "Findings", findings.length, findingsView]);
if (R.upgrade && R.upgrade.replay) views.push(["traffic", "Recorded traffic", R.upgrade.replay.brokenByIt.length, brokenView]);
if (R.scorecard) views.push(["scorecard", "Scorecard", null, scorecardView]);
if (R.coverage) views.push(["coverage", "Coverage", null, coverageView]);
if (R.history) views.push(["history", "Timeline", R.history.releases.length, historyView]);
for (const key of Object.keys(OTHERS)) if (R[key]) views.push([key, OTHERS[key][1], null, () => otherView(key)]);
if (R.approvals.approved.length) views.push(["approved", "Approved", R.approvals.approved.length, approvalsView]);
if (R.wire) views.push(["wire", "Difference", null, () => [el("h1", {}, "What travels otherwise"), el("pre", {}, plain(R.wire.diff))]]);

function draw(focus) {
  const { name, query } = view();
  // The skip link leads to the page that is there.
  if (name === "main") return $("main").focus();
  const shown = views.find(([key]) => key === name) || views[0];
  $("views").replaceChildren(...views.map(([key, title, n]) => el("a", { href: `#${key}`, "aria-current": key === shown[0] && "page" }, title, n ? el("span", { class: "n" }, count.format(n)) : null)));
  $("main").replaceChildren(...[shown[3](query)].flat(9).filter(child => child != null && child !== false));
  document.title = `${shown[1]} – shapegate ${R.job}`;
  if (focus) { scrollTo(0, 0); $("main").focus({ preventScroll: true }); }
}
const themes = [["", "Auto"], ["light", "Light"], ["dark", "Dark"]];
let theme = 0;
$("theme").addEventListener("click", () => {
  theme = (theme + 1) % themes.length;
  const [key, name] = themes[theme];
  if (key) document.documentElement.dataset.theme = key; else delete document.documentElement.dataset.theme;
  $("theme").textContent = name;
  $("theme").setAttribute("aria-label", `Colours: ${name}`);
});
addEventListener("hashchange", () => draw(true));
addEventListener("keydown", event => {
  if (event.key !== "/" || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
  event.preventDefault();
  if (!$("search")) { location.hash = "#findings"; setTimeout(() => $("search") && $("search").focus(), 0); } else $("search").focus();
});
$("job").textContent = R.job;
$("foot").textContent = `Report of shapegate ${R.shapegate}. This file is all of it: it loads nothing and sends nothing.`;
draw(false);
})();
