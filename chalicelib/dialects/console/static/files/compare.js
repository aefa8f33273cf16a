// Two cells of a row of a matrix, compared in place: Shift and a click pick the first.
const AFTER_MS = 250;
let picked = null, waiting;

const idOf = (cell) => ({ row: cell.closest("tr").id, at: cell.dataset.at });
const same = (one, other) => one?.row === other.row && one.at === other.at;

function addressOf(cell) {
  const [project, ...deployment] = picked.row.slice(2).split("/");
  const asked = new URLSearchParams({ old: picked.at, new: cell.dataset.at, deployment: decodeURIComponent(deployment.join("/")) });
  return `${cell.closest(".board").dataset.diff}${project}/diff?${asked}`;
}

const aside = Object.assign(document.createElement("div"), { id: "compared", className: "panel", role: "status" });

function pick(cell) {
  picked = cell ? idOf(cell) : null;
  if (!picked) aside.remove();
  else document.getElementById("main").append(aside);
  aside.textContent = picked && `${decodeURIComponent(picked.row.slice(2))} in ${picked.at} is compared with what you point at next.`;
  mark();
}

function mark() {
  for (const hint of document.querySelectorAll("[data-hint]")) hint.hidden = false;
  for (const cell of document.querySelectorAll(".board td[data-at]")) cell.classList.toggle("picked", same(picked, idOf(cell)));
}

async function show(cell) {
  const now = picked, answer = await fetch(addressOf(cell));
  if (!answer.ok || picked !== now) return;
  const found = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("diff");
  if (found && picked) aside.replaceChildren(...found.childNodes);
}

function pointed(event) {
  const cell = event.target.closest?.(".board td[data-at]");
  clearTimeout(waiting);
  if (picked && cell && idOf(cell).row === picked.row && !same(picked, idOf(cell))) waiting = setTimeout(() => show(cell), AFTER_MS);
}

function clicked(event) {
  const cell = event.target.closest(".board td[data-at]");
  if (!event.shiftKey || !cell) return;
  event.preventDefault();
  if (!picked || idOf(cell).row !== picked.row) pick(cell);
  else if (same(picked, idOf(cell))) pick(null);
  else location.assign(addressOf(cell));
}

export function compareCells() {
  mark();
  document.addEventListener("click", clicked);
  document.addEventListener("mouseover", pointed);
  document.addEventListener("focusin", pointed);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && picked) pick(null); });
  document.addEventListener("htmx:afterSettle", mark);
}
