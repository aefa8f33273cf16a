// Keys for what the pages offer, and the palette. None of them works while one types, and all can be switched off.
const GO = { h: "home", i: "inbox", r: "runs", e: "environments", c: "calendar" };
const HELP = [
  ["Ctrl+K", "search everything"], ["/", "find on this page"],
  ["g h, g i, g r, g e, g c", `go to ${Object.values(GO).join(", ")}`],
  ["j, k, Enter", "next row, row before, open it"], ["u", "one level up"],
  ["a, x", "approve, reject: asks first"], ["R", "retry: asks first"],
  ["[, ]", "step before, next step"], ["l", "to the log"], ["n, N", "next hit in the log, hit before"], ["G", "to the end"],
  ["f", "fit the graph to the page"], ["?", "this list"], ["Esc", "close, or leave what is focused"],
];
const PREFIX_MS = 1500;
const WRITES = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
let isGoing = 0;

const every = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility());
const make = (name, properties) => Object.assign(document.createElement(name), properties);

function dialogOf(className, label) {
  const made = make("dialog", { className, ariaLabel: label });
  document.body.append(made);
  return made;
}

// A question before an act, which its own button then does: as by a click on it.
function ask(button) {
  const about = button.closest("li, .head")?.querySelector("h1, h2, .what")?.innerText ?? document.title;
  const dialog = dialogOf("asks", `${button.innerText}?`);
  const yes = make("button", { className: button.className, textContent: button.innerText });
  const no = make("button", { textContent: "Cancel" });
  yes.onclick = () => { dialog.close(); if (button.isConnected) button.form.requestSubmit(button); };
  no.onclick = () => dialog.close();
  dialog.onclose = () => dialog.remove();
  dialog.append(make("p", { textContent: `${button.innerText}: ${about}?` }), yes, " ", no);
  dialog.showModal();
}

// What stands in the row that is focused, else what the page offers first; never what is about many.
function act(name, value) {
  const wanted = `button[name=${name}][value=${value}]`;
  const row = document.activeElement.closest("main tr, main li")?.querySelector(wanted);
  const button = row ?? every(`main ${wanted}`).find((one) => one.form.id !== "many");
  if (button) ask(button);
}

function move(by) {
  const links = every("main tbody tr, main li").map((row) => [row, row.querySelector("a[href]")]).filter(([, link]) => link);
  const at = links.findIndex(([row]) => row.contains(document.activeElement));
  const next = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + by, 0), links.length - 1)];
  next?.[1].focus();
}

const addressOf = (link) => link.href.baseVal ?? link.href;

function step(by) {
  const links = every("#steps svg a[href], #steps tbody a[href*='step=']");
  const named = new URLSearchParams(location.search).get("step");
  const at = links.findIndex((one) => one.getAttribute("aria-current") || new URL(addressOf(one), location).searchParams.get("step") === named);
  const next = links[at < 0 ? 0 : at + by];
  if (next) location.assign(addressOf(next));
}

function hit(back) {
  const search = document.querySelector(".viewer input[type=search]");
  search?.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", shiftKey: back }));
}

function toLog() {
  const log = document.querySelector(".viewer .lines, .viewer pre");
  log?.scrollIntoView({ block: "nearest" });
  log?.focus();
}

function toEnd() {
  const end = every(".viewer .bar button").find((one) => one.textContent.startsWith("↓"));
  if (end) end.click();
  else window.scrollTo(0, document.documentElement.scrollHeight);
}

function find() {
  const field = every("main [role=search] input, .viewer input[type=search]")[0];
  if (field) field.focus();
  else openPalette();
}

function go(key) {
  const link = document.querySelector(`[data-go="${key === "e" ? "h" : key}"]`);
  if (link) location.assign(key === "e" ? `${link.href}#board` : link.href);
}

function help() {
  const dialog = dialogOf("keys", "Keys");
  const list = make("dl");
  for (const [keys, words] of HELP) list.append(make("dt", { textContent: keys }), make("dd", { textContent: words }));
  dialog.append(make("h2", { textContent: "Keys" }), list, make("p", { className: "dim", textContent: "None works while you type. Beside every page, Keys switches all of them off." }));
  const close = make("button", { textContent: "Close" });
  close.onclick = () => dialog.close();
  dialog.onclose = () => dialog.remove();
  dialog.append(close);
  dialog.showModal();
}

const KEYS = {
  "/": find, "?": help, j: () => move(1), k: () => move(-1), a: () => act("decision", "approve"), x: () => act("decision", "reject"),
  R: () => act("act", "retry"), l: toLog, "[": () => step(-1), "]": () => step(1), n: () => hit(false), N: () => hit(true), G: toEnd,
  f: () => document.body.classList.toggle("fit"), u: () => every(".crumbs a").at(-1)?.click(),
  Escape: () => document.activeElement.blur(),
};

// The palette asks the page of the search, and shows the best of what it finds; that page does the same without it.
let palette;

function openPalette() {
  const search = document.querySelector("[data-search]");
  if (!search) return;
  palette ??= paletteAt(search.href);
  palette.showModal();
  palette.querySelector("input").select();
}

function paletteAt(address) {
  const dialog = dialogOf("palette", "Search everything");
  const form = make("form", { method: "get", action: address });
  const input = make("input", { name: "q", autocomplete: "off", ariaLabel: "Search everything", placeholder: "shop/delivery#7, a project, a page …" });
  const answer = make("div", { className: "answer", ariaLive: "polite" });
  const asks = { "hx-get": `${address}?most=8`, "hx-trigger": "load, input changed delay:25ms", "hx-target": ".palette .answer", "hx-select": "#found > *", "hx-sync": "this:replace" };
  for (const [name, value] of Object.entries(asks)) input.setAttribute(name, value);
  let shown = null;
  // What is pasted by mistake is sent nowhere: addresses are written into logs.
  dialog.addEventListener("htmx:beforeRequest", (event) => { if (input.value.includes("slp_")) event.preventDefault(); });
  dialog.addEventListener("htmx:afterOnLoad", (event) => { shown = new URL(event.detail.xhr.responseURL).searchParams.get("q"); });
  dialog.addEventListener("keydown", (event) => {
    const stops = [input, ...dialog.querySelectorAll("a")], at = stops.indexOf(document.activeElement);
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) { event.preventDefault(); stops[(at + by + stops.length) % stops.length].focus(); }
    else if (event.key === "Enter" && at === 0 && stops[1] && shown === input.value) { event.preventDefault(); stops[1].click(); }
    else if (event.key.length === 1 && at > 0 && !event.ctrlKey && !event.metaKey) input.focus();
  });
  dialog.addEventListener("click", (event) => { if (event.target.closest("a")) dialog.close(); });
  form.append(input);
  dialog.append(form, answer);
  htmx.process(dialog);
  return dialog;
}

export function listen() {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const { key, target } = event, isTyped = target.closest?.(WRITES);
    if (isTyped && key !== "Escape") return;
    // A field of a search would be emptied by it.
    if (isTyped) event.preventDefault();
    if ((event.ctrlKey || event.metaKey) && !event.altKey && key.toLowerCase() === "k") { event.preventDefault(); openPalette(); return; }
    // What some keyboards write by AltGr, such as [, is a key of its own.
    if ((event.ctrlKey || event.metaKey || event.altKey) && !event.getModifierState("AltGraph")) return;
    const follows = Date.now() - isGoing < PREFIX_MS;
    isGoing = !follows && key === "g" ? Date.now() : 0;
    if (follows && GO[key]) go(key);
    else if (!follows && KEYS[key]) { if (key !== "Escape") event.preventDefault(); KEYS[key](); }
  });
}
