// The log of a job as virtual rows: however long it is, only the rows in sight are elements.
const ROW = 18, AROUND = 20, EVERY = 1000;
const ANSI = /\x1b\[([0-9;]*)m|\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07/g;
const TIMES = ["off", "elapsed", "clock"];

export function openLog(root, zoned) {
  root.dataset.open = "yes";
  const log = new Log(root, zoned);
  log.read();
}

class Log {
  constructor(root, zoned) {
    Object.assign(this, { root, zoned, lines: [], after: 0, partial: null, hits: [], hit: -1, times: 0, follows: true });
    this.from = this.to = 0;
    this.address = root.dataset.log;
    root.querySelector("pre").remove();
    this.bar = root.querySelector(".bar");
    this.search = this.add(this.bar, "input", { type: "search", placeholder: "Search, or /pattern/", ariaLabel: "Search the log" });
    this.count = this.add(this.bar, "span", { className: "dim" });
    this.button("Previous", () => this.step(-1));
    this.button("Next", () => this.step(1));
    this.button("Next error", () => this.nextError());
    this.button("Times: off", (button) => this.turnTimes(button));
    this.end = this.button("↓ End", () => this.toEnd());
    this.box = this.add(root, "div", { className: "lines", tabIndex: 0, ariaLabel: "Log", ariaLive: "off" });
    this.box.setAttribute("role", "log");
    this.sheet = this.add(this.box, "div", { className: "sheet" });
    this.box.addEventListener("scroll", () => this.scrolled());
    this.box.addEventListener("click", (event) => this.point(event));
    this.search.addEventListener("input", () => this.find());
    this.search.addEventListener("keydown", (event) => { if (event.key === "Enter") this.step(event.shiftKey ? -1 : 1); });
    this.readAddress();
  }

  add(parent, name, properties) {
    return parent.appendChild(Object.assign(document.createElement(name), properties));
  }

  button(text, act) {
    const made = this.add(this.bar, "button", { type: "button", textContent: text });
    made.addEventListener("click", () => act(made));
    return made;
  }

  async read() {
    if (!this.root.isConnected) return;
    if (!document.hidden) await this.readMore();
    setTimeout(() => this.read(), document.hidden ? 5 * EVERY : EVERY);
  }

  async readMore() {
    try {
      let chunks;
      do {
        const answer = await fetch(`${this.address}/chunks?after=${this.after}`);
        if (!answer.ok) return;
        chunks = await answer.json();
        for (const [seq, at, stream, text] of chunks) { this.take(at, stream, text); this.after = seq; }
        if (chunks.length) this.grown();
      } while (chunks.length >= 1000);
    } catch { /* not connected: the next look tries again */ }
  }

  take(at, stream, text) {
    const parts = text.split("\n");
    for (const [place, part] of parts.entries()) {
      if (this.partial && this.partial.stream === stream) this.partial.text += part;
      else if (part || place < parts.length - 1) { this.partial = { at, stream, text: part }; this.lines.push(this.partial); }
      if (place < parts.length - 1) this.partial = null;
    }
  }

  grown() {
    const first = !this.seen;
    this.seen = true;
    this.sheet.style.height = `${this.lines.length * ROW}px`;
    if (this.search.value) this.find(false);
    if (first && this.from) this.show(this.from - 1);
    else if (first && this.root.dataset.failed) this.nextError();
    else if (this.follows) this.toEnd();
    this.draw();
    this.end.textContent = this.follows ? "↓ End" : `↓ ${this.lines.length - this.lastSeen} new`;
  }

  scrolled() {
    const box = this.box;
    this.follows = box.scrollTop + box.clientHeight >= box.scrollHeight - ROW;
    this.lastSeen = Math.max(this.lastSeen || 0, Math.ceil((box.scrollTop + box.clientHeight) / ROW));
    if (this.follows) this.end.textContent = "↓ End";
    if (!this.isDrawing) { this.isDrawing = true; requestAnimationFrame(() => { this.isDrawing = false; this.draw(); }); }
  }

  toEnd() { this.follows = true; this.lastSeen = this.lines.length; this.box.scrollTop = this.lines.length * ROW; this.draw(); }

  show(line) { this.follows = false; this.box.scrollTop = Math.max(0, line * ROW - this.box.clientHeight / 2); this.lastSeen = this.lines.length; this.draw(); }

  draw() {
    const first = Math.max(0, Math.floor(this.box.scrollTop / ROW) - AROUND);
    const last = Math.min(this.lines.length, Math.ceil((this.box.scrollTop + this.box.clientHeight) / ROW) + AROUND);
    const rows = [];
    for (let line = first; line < last; line += 1) rows.push(this.row(line));
    this.sheet.replaceChildren(...rows);
  }

  row(line) {
    const { at, stream, text } = this.lines[line];
    const row = Object.assign(document.createElement("div"), { className: "row" });
    if (stream !== "out") row.classList.add(stream === "err" ? "err" : "note");
    if ((line + 1 >= this.from && line + 1 <= this.to) || this.hits[this.hit] === line) row.classList.add("at");
    row.style.top = `${line * ROW}px`;
    const number = this.add(row, "a", { className: "no", textContent: line + 1, href: `#L${line + 1}`, tabIndex: -1 });
    number.dataset.line = line + 1;
    if (this.times) this.add(row, "span", { className: "at-time", textContent: this.time(at) });
    const content = this.add(row, "span", {});
    for (const piece of coloured(text)) content.append(this.pattern ? marked(piece, this.pattern) : piece);
    return row;
  }

  time(at) {
    if (TIMES[this.times] === "clock") return this.zoned.format(new Date(at));
    return `${((Date.parse(at) - Date.parse(this.lines[0].at)) / 1000).toFixed(1).padStart(8)} s`;
  }

  turnTimes(button) { this.times = (this.times + 1) % TIMES.length; button.textContent = `Times: ${TIMES[this.times]}`; this.draw(); }

  find(moves = true) {
    this.pattern = patternOf(this.search.value);
    this.hits = [];
    if (this.pattern) for (let line = 0; line < this.lines.length; line += 1) if (this.pattern.test(plain(this.lines[line].text))) this.hits.push(line);
    if (moves) { this.hit = -1; if (this.hits.length) this.step(1); }
    this.tell();
    this.draw();
  }

  step(by) {
    if (!this.hits.length) return;
    this.hit = (this.hit + by + this.hits.length) % this.hits.length;
    this.show(this.hits[this.hit]);
    this.tell();
  }

  tell() { this.count.textContent = this.search.value ? `${this.hits.length ? this.hit + 1 : 0} of ${this.hits.length}` : ""; }

  nextError() {
    const from = (this.lastError ?? -1) + 1;
    const isError = (line) => line.stream === "err" || /\b(error|failed|fatal|exception)\b/i.test(line.text);
    const found = this.lines.findIndex((line, place) => place >= from && isError(line));
    this.lastError = found < 0 ? undefined : found;
    if (found >= 0) { this.from = this.to = found + 1; this.show(found); } else this.toEnd();
  }

  point(event) {
    const line = Number(event.target.dataset.line);
    if (!line) return;
    event.preventDefault();
    [this.from, this.to] = event.shiftKey && this.from ? [Math.min(this.from, line), Math.max(this.to, line)] : [line, line];
    history.replaceState(null, "", this.from === this.to ? `#L${this.from}` : `#L${this.from}-L${this.to}`);
    this.draw();
  }

  readAddress() {
    const found = /^#L(\d+)(?:-L(\d+))?$/.exec(location.hash);
    if (found) { this.from = Number(found[1]); this.to = Number(found[2] || found[1]); this.follows = false; }
  }
}

function plain(text) { return text.replace(ANSI, ""); }

function patternOf(text) {
  const given = /^\/(.+)\/$/.exec(text);
  try { return text ? new RegExp(given ? given[1] : text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "i") : null; } catch { return null; }
}

// Colours are read from the text and become classes: nothing of a log is ever taken for markup.
function* coloured(text) {
  let from = 0, style = {};
  for (const found of text.matchAll(ANSI)) {
    if (found.index > from) yield piece(text.slice(from, found.index), style);
    from = found.index + found[0].length;
    if (found[1] !== undefined) style = turned(style, found[1].split(";").map(Number));
  }
  if (from < text.length) yield piece(text.slice(from), style);
}

function turned(style, codes) {
  let next = { ...style };
  for (let place = 0; place < codes.length; place += 1) {
    const code = codes[place];
    if (code === 0) next = {};
    else if (code === 1) next.bold = true;
    else if (code === 22) next.bold = false;
    else if (code >= 30 && code <= 37) next.colour = code - 30;
    else if (code >= 90 && code <= 97) next.colour = code - 82;
    else if (code === 39) delete next.colour;
    else if (code === 38 && codes[place + 1] === 5) { next.colour = codes[place + 2]; place += 2; }
  }
  return next;
}

function piece(text, { colour, bold }) {
  const made = document.createElement("span");
  made.textContent = text;
  if (bold) made.classList.add("bold");
  if (colour < 16) made.classList.add(`c${colour}`);
  else if (colour < 232) made.style.color = `rgb(${cube(colour, 36)} ${cube(colour, 6)} ${cube(colour, 1)})`;
  else if (colour <= 255) made.style.color = `rgb(${Array(3).fill(8 + (colour - 232) * 10).join(" ")})`;
  return made;
}

function cube(colour, size) { const level = Math.floor((colour - 16) / size) % 6; return level ? 55 + level * 40 : 0; }

function marked(span, pattern) {
  const text = span.textContent, found = pattern.exec(text);
  if (!found || !found[0]) return span;
  const mark = Object.assign(document.createElement("mark"), { textContent: found[0] });
  span.replaceChildren(text.slice(0, found.index), mark, text.slice(found.index + found[0].length));
  return span;
}
