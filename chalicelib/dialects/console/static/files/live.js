// Keeps a page up to date: it asks for itself as often as it says. Without contact it stays, greyed, and tries again.
const LONGEST_PAUSE = 30;
let timer, next = 0, failures = 0, isAsking = false, isOver = false, isLeft = false, seen = new Date(), words = "";

const page = () => document.getElementById("live");
const every = () => Number(page()?.dataset.every ?? 0);

function ask() {
  const asking = page();
  if (!asking || !every() || isAsking || isOver || document.hidden) return;
  isAsking = true;
  htmx.trigger(asking, "look");
}

function plan(seconds) {
  clearTimeout(timer);
  next = Date.now() + seconds * 1000;
  if (seconds) timer = setTimeout(ask, seconds * 1000);
}

// The count of seconds is not read out.
const said = document.createElement("span"), counted = document.createElement("span"), login = document.createElement("a");
counted.ariaHidden = "true";
login.textContent = "Log in, and come back here";

function tell() {
  const bar = document.getElementById("contact"), left = Math.max(0, Math.ceil((next - Date.now()) / 1000));
  document.body.classList.toggle("lost", Boolean(words));
  bar.hidden = !words;
  if (said.textContent !== words) said.textContent = words;
  counted.textContent = words && !isOver ? ` Trying again in ${left} s.` : " ";
  login.hidden = !isOver;
  login.href = location.pathname + location.search;
  if (!bar.firstChild) bar.append(said, counted, login);
}

function lost(why) {
  failures += 1;
  words = `${why} What you see is as of ${seen.toLocaleTimeString("sv-SE")}.`;
  plan(Math.min(LONGEST_PAUSE, Math.max(every(), 2 ** failures)));
}

function answered({ status }, known) {
  isAsking = false;
  if (isLeft) return;
  if (status === 401) { isOver = true; words = "Your session has ended."; }
  else if (!status) lost("Not connected.");
  else if (status >= 300) lost(`The platform answered ${status}.`);
  else {
    if (known) page().dataset.known = known;
    failures = 0;
    words = "";
    seen = new Date();
    plan(every());
  }
  tell();
}

export function keepLive() {
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.elt.id === "live") event.detail.parameters.known = event.detail.elt.dataset.known;
  });
  // A slider shows the page anew, and leaves what it asked before it went on.
  // The page may have become another meanwhile.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.elt.id === "live" && detail.requestConfig.path !== page()?.getAttribute("hx-get")) detail.shouldSwap = false;
  });
  document.addEventListener("htmx:afterRequest", ({ detail: { elt, target, xhr } }) => {
    if (elt.id === "live" || (xhr.status && target.id === "main")) answered(xhr, xhr.getResponseHeader("X-Known"));
  });
  document.addEventListener("visibilitychange", ask);
  window.addEventListener("online", ask);
  // What is under way when one leaves fails.
  window.addEventListener("pagehide", () => { isLeft = true; });
  window.addEventListener("pageshow", (event) => { isLeft = false; if (event.persisted) ask(); });
  setInterval(() => { if (words) tell(); }, 1000);
  plan(every());
}
