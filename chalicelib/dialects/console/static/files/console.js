// What pages do besides showing: clocks that tick, times in the reader's zone, and copying; live.js keeps pages up to date.
// Without it every page reads and every form posts.
import { listen } from "./keys.js";
import { compareCells } from "./compare.js";
import { keepLive } from "./live.js";
import { openLog } from "./log.js";

const UNITS = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];
const isUtc = document.documentElement.dataset.times === "utc";
const zoned = new Intl.DateTimeFormat("sv-SE", {
  year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
  timeZoneName: "short", ...(isUtc ? { timeZone: "UTC" } : {}),
});

function lengthOf(seconds) {
  let rest = Math.max(0, Math.floor(seconds));
  const parts = [];
  for (const [place, [unit, size]] of UNITS.entries()) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count || (place === UNITS.length - 1 && !parts.length)) parts.push(`${count} ${unit}`);
    if (parts.length && (parts.length === 2 || !count)) break;
  }
  return parts.join(" ");
}

function agoOf(instant) {
  const seconds = (Date.now() - Date.parse(instant)) / 1000;
  return seconds >= 0 ? `${lengthOf(seconds)} ago` : `in ${lengthOf(-seconds)}`;
}

function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function tick() {
  for (const one of document.querySelectorAll("[data-since]")) say(one, lengthOf((Date.now() - Date.parse(one.dataset.since)) / 1000));
  for (const one of document.querySelectorAll("[data-ago]")) say(one, agoOf(one.dataset.ago));
  for (const one of document.querySelectorAll("[data-exact]")) say(one, zoned.format(new Date(one.dataset.exact)));
}

// The cells of a matrix are many, and old: their times are shorter, and move by the minute.
function tickBoards() {
  for (const one of document.querySelectorAll(".board time")) {
    say(one, lengthOf((Date.now() - Date.parse(one.dateTime)) / 1000).split(" ").slice(0, 2).join(" "));
  }
}

// What an address names inside a page is opened, and can be filled in at once.
function openNamed() {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (named?.tagName !== "DETAILS") return;
  named.open = true;
  named.querySelector("input:not([type=hidden]), select, button")?.focus();
}

function openLogs() {
  for (const one of document.querySelectorAll(".viewer[data-log]:not([data-open])")) openLog(one, zoned);
}

// What a reader types, opens or scrolls stays as it is when the rest of the page is brought up to date.
Idiomorph.defaults.callbacks.beforeNodeMorphed = (old, fresh) =>
  !(old.dataset?.keep && old.dataset.keep === fresh.dataset?.keep);
Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, node) => !(name === "open" && node.tagName === "DETAILS");

document.addEventListener("htmx:afterSettle", () => { tick(); openLogs(); });
document.addEventListener("waiting", (event) => {
  const count = document.getElementById("inbox-count");
  if (count) say(count, event.detail.value);
});
document.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-copy]");
  if (chip) navigator.clipboard?.writeText(chip.dataset.copy);
});
// Who comes back finds the matrix where it was. The page itself the browser scrolls.
document.addEventListener("scrollend", ({ target }) => {
  if (target.classList?.contains("board")) history.replaceState({ ...history.state, board: [target.scrollLeft, target.scrollTop] }, "");
}, true);
if (history.state?.board) document.querySelector(".board")?.scrollTo(...history.state.board);
for (const form of document.querySelectorAll(".looks")) {
  form.querySelector("button").hidden = true;
  form.addEventListener("change", () => form.requestSubmit());
}
tick();
setInterval(tick, 1000);
setInterval(tickBoards, 60000);
openLogs();
keepLive();
openNamed();
window.addEventListener("hashchange", openNamed);
if (document.documentElement.dataset.keys !== "off") listen();
compareCells();
