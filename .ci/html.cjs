// Clicks through the pages that .ci/html made. Prints the time that each takes to open, and every fault; any is exit code 1.
const { chromium } = require("playwright-core");
const fs = require("fs");
const path = require("path");

const [folder, write] = process.argv.slice(2);
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const faults = [];
// Told at once, for a run that breaks off tells nothing at its end.
const fault = what => { if (!faults.includes(what)) { faults.push(what); console.log(what); } };
const must = (holds, what) => { if (!holds) fault(what); };
const MOST = 2000;

/** Opens a page; whatever it asks of the network, complains of or says is a fault. */
async function open(browser, name, options = {}) {
  const { hash = "", width = 1200, height = 800, dark = false } = options;
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: dark ? "dark" : "light", reducedMotion: "reduce" });
  const file = "file://" + path.resolve(folder, `${name}.html`);
  page.on("request", request => must(request.url().split("#")[0] === file, `${name}: it asks for ${request.url()}`));
  page.on("pageerror", error => fault(`${name}${hash}: ${error.message}`));
  page.on("console", message => fault(`${name}${hash}: ${message.text()}`));
  page.on("dialog", dialog => { fault(`${name}: a dialog: ${dialog.message()}`); dialog.dismiss(); });
  const from = performance.now();
  await page.goto(file + hash);
  await page.locator("main h1").waitFor();
  page.time = Math.round(performance.now() - from);
  page.called = `${name}${hash}`;
  return page;
}

async function audit(page) {
  // The policy of the page forbids nothing that evaluation by the debugger needs.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  for (const { id, help, nodes } of violations) {
    fault(`${page.called}: axe ${id}: ${help}: ${nodes.slice(0, 3).map(node => node.html.slice(0, 150)).join(" | ")}`);
  }
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  must(wide <= 0, `${page.called}: ${wide} pixels too wide`);
}

const nodes = page => page.evaluate(() => document.querySelectorAll("*").length);

async function everyView(browser, name) {
  for (const options of [{}, { dark: true }, { width: 390, height: 800 }]) {
    const page = await open(browser, name, options);
    const views = await page.locator("nav a").evaluateAll(links => links.map(link => link.getAttribute("href")));
    for (const view of views) {
      await page.locator(`nav a[href="${view}"]`).click();
      await page.locator(`nav a[href="${view}"][aria-current="page"]`).waitFor();
      page.called = `${name}${view}${options.dark ? " dark" : options.width ? " phone" : ""}`;
      // What is shown on demand is looked at, too.
      await page.evaluate(() => [...document.querySelectorAll("main details:not([open]) > summary")].slice(0, 3).forEach(one => one.click()));
      await audit(page);
    }
    if (!options.dark && !options.width) {
      const count = await open(browser, name).then(async again => { const own = await nodes(again); console.log(`${name}: opens in ${again.time} ms with ${own} elements`); await again.close(); return own; });
      must(count <= MOST, `${name}: opens with ${count} elements`);
    }
    await page.close();
  }
}

async function findings(browser) {
  const page = await open(browser, "check", { hash: "#findings" });
  const groups = page.locator("details.group"), status = page.locator("[role=status]");
  must(await groups.count() === 50, `50 kinds are shown, not ${await groups.count()}`);
  await page.getByRole("button", { name: "Show 50 more" }).click();
  must(await groups.count() > 50, "more are shown on demand");
  must(await page.evaluate(() => document.activeElement.tagName) === "SUMMARY", "the focus goes to the first of them");
  await page.keyboard.press("/");
  must(await page.evaluate(() => document.activeElement.id) === "search", "/ leads to the search");
  await page.keyboard.type("queryLogStatus");
  const narrowed = await groups.count();
  must(narrowed > 0 && narrowed < 50, `the search narrows to ${narrowed}`);
  must((await page.evaluate(() => location.hash)).includes("q=queryLogStatus"), "the address has the search");
  await page.locator("#search").fill("there is no such text");
  must(await page.getByText("No finding is like that.").isVisible(), "nothing is like that");
  await page.locator("#search").fill("");
  await page.locator("select[name=rule]").selectOption("missing-member");
  must((await groups.locator("code", { hasText: "missing-member" }).count()) >= await groups.count(), "the filter keeps one rule");
  const answered = groups.filter({ hasText: "in the response" }).first();
  await answered.locator("summary").first().focus();
  await page.keyboard.press("Enter");
  await answered.locator("dl.facts").waitFor().catch(() => fault("a finding does not open by the keyboard"));
  must(await answered.getByText("boto3 1.28.38").isVisible(), "what SDKs make of it is there");
  const href = await answered.getByText("Link to this finding").getAttribute("href");
  await page.close();
  const linked = await open(browser, "check", { hash: href });
  must(await linked.locator("details.group").count() === 1 && await linked.locator("details.group[open]").count() === 1, "a link leads to one finding, opened");
  must(await linked.locator("pre mark").count() === 1, "with its excerpt");
  await linked.keyboard.press("Tab");
  must(await linked.evaluate(() => document.activeElement.className) === "skip", "the first stop of the keyboard is the skip link");
  await linked.keyboard.press("Enter");
  must(await linked.evaluate(() => document.activeElement.id) === "main", "which leads to the report");
  await linked.close();
}

async function coverage(browser) {
  const page = await open(browser, "check", { hash: "#coverage" });
  must(await page.locator(".heat a").count() === 6, "six operations were called");
  await page.locator('.heat a[aria-label^="GetMembership:"]').click();
  must((await page.evaluate(() => location.hash)).includes("operation=GetMembership"), "a cell leads to its operation");
  must(await page.locator("details.branch[open] code.name").textContent() === "GetMembership", "which is opened");
  await page.goBack();
  must(await page.locator(".heat a").count() === 6, "back is back");
  await page.close();
}

async function gate(browser) {
  const page = await open(browser, "gate", { hash: "#findings" });
  await page.evaluate(() => document.querySelectorAll("details.group > summary").forEach(one => one.click()));
  must(await page.locator(".sides").count() > 3, "older and newer stand side by side");
  must(await page.getByText("Now rejected, recorded").count() > 0, "with witnesses");
  must(await page.getByText("dynamic (this run)").count() > 0, "and weights");
  await page.locator('nav a[href="#traffic"]').click();
  must(await page.locator("details.group").count() === 4, "four recorded exchanges break");
  await page.close();
}

async function hostile(browser) {
  const page = await open(browser, "hostile", { hash: "#findings" });
  await page.evaluate(() => document.querySelectorAll("details.group > summary").forEach(one => one.click()));
  await page.evaluate(() => document.querySelectorAll("details.branch:not([open]) > summary").forEach(one => one.click()));
  await page.waitForTimeout(200);
  must(await page.evaluate(() => window.pwned) === undefined, "a name was obeyed");
  must(await page.locator("main img, main svg, main script, main a[href^=javascript]").count() === 0, "a name became an element");
  must(await page.getByText("<img src=x onerror=window.pwned=2>").count() > 0, "a name is shown as it is");
  must(await page.getByText("\\u{202e}evil").count() > 0, "what would be obeyed is shown");
  await audit(page);
  await page.close();
}

async function theme(browser) {
  const page = await open(browser, "check");
  const colour = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await colour();
  await page.locator("#theme").click();
  await page.locator("#theme").click();
  must(await colour() !== light && await page.locator("#theme").textContent() === "Dark", "the button makes it dark");
  await page.close();
}

async function shots(browser) {
  const images = path.resolve(__dirname, "../docs/src/images");
  fs.mkdirSync(images, { recursive: true });
  const shot = async (file, name, options, prepare) => {
    const page = await open(browser, name, { width: 1100, height: 720, ...options });
    if (prepare) await prepare(page);
    await page.evaluate(() => scrollTo(0, 0));
    await page.screenshot({ path: path.join(images, file) });
    await page.close();
  };
  await shot("overview.png", "check");
  await shot("findings.png", "check", { hash: "#findings?rule=missing-member", height: 860 }, page => page.locator("details.group", { hasText: "in the response" }).first().locator("summary").first().click());
  await shot("coverage.png", "check", { hash: "#coverage", height: 860 }, page => page.locator("details.branch", { hasText: "StartProtectedQuery" }).locator("summary").first().click());
  await shot("gate.png", "gate", { hash: "#findings?level=error" }, page => page.locator("details.group summary").nth(1).click());
}

(async () => {
  const args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args });
  const names = fs.readdirSync(folder).filter(file => file.endsWith(".html")).map(file => file.slice(0, -5));
  for (const name of names) await everyView(browser, name);
  for (const part of [findings, coverage, gate, hostile, theme]) await part(browser);
  if (write === "--write") await shots(browser);
  await browser.close();
  if (!faults.length) console.log(`${names.length} pages: every view by mouse and keyboard, light, dark and narrow; axe finds nothing`);
  process.exit(faults.length ? 1 : 0);
})();
