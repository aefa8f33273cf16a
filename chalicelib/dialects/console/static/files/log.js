// The log of a job as virtual rows: however long it is, only the rows in sight are elements. A line is one row, or as
// many as it is wrapped into, or none while its group is folded.
import { Lines } from "./log_lines.js";
import { GROUP, GROUP_ENDS, coloured, cut, marked, patternOf, plain, shownText } from "./log_text.js";

const ROW = 18, AROUND = 20, EVERY = 1000, NARROWEST = 20;
const TIMES = ["off", "elapsed", "clock"];

export function openLog(root, zoned) {
  root.dataset.open = "yes";
  const log = new Log(root, zoned);
  log.read();
}

class Log {
  constructor(root, zoned) {
    Object.assign(this, { root, zoned, hits: [], hit: -1, times: 0, follows: true, wraps: false, groups: [], opened: new Set(), closed: new Set(), rows: null });
    this.from = this.to = 0;
    this.source = new Lines(root.dataset.log);
    root.querySelector("pre").remove();
    this.bar = root.querySelector(".bar");
    this.search = this.add(this.bar, "input", { type: "search", placeholder: "Search, or /pattern/", ariaLabel: "Search the log" });
    this.count = this.add(this.bar, "span", { className: "dim" });
    this.button("Previous", () => this.step(-1));
    this.button("Next", () => this.step(1));
    this.button("Next error", () => this.nextError());
    this.button("Times: off", (button) => this.turnTimes(button));
    this.button("Wrap", (button) => this.turnWrap(button)).setAttribute("aria-pressed", "false");
    this.folds = this.button("Unfold all", () => this.turnFolds());
    this.folds.hidden = true;
    this.between = this.button("", () => this.readBetween());
    this.between.hidden = true;
    this.end = this.button("↓ End", () => this.toEnd());
    this.box = this.add(root, "div", { className: "lines", tabIndex: 0, ariaLabel: "Log", ariaLive: "off" });
    this.box.setAttribute("role", "log");
    this.sheet = this.add(this.box, "div", { className: "sheet" });
    this.box.addEventListener("scroll", () => this.scrolled());
    this.box.addEventListener("click", (event) => this.point(event));
    new ResizeObserver(() => { if (this.wraps) this.layOut(); }).observe(this.box);
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
      let found;
      do {
        found = await this.source.more();
        if (found.came && !this.seen && this.isBetween(this.from)) await this.readBetween();
        if (found.came) this.grown();
      } while (found.goesOn);
    } catch { /* not connected: the next look tries again */ }
  }

  get lines() { return this.source.all; }

  isBetween(number) { return this.source.gap >= 0 && number > 0 && this.source.lineOf(number) === this.source.gap; }

  // Read some of the lines between; what is in sight stays there.
  async readSome() {
    const top = this.source.numberOf(this.lineAt(Math.floor(this.box.scrollTop / ROW)));
    await this.source.readOn();
    if (!this.seen) return;
    this.arrange();
    this.lastSeen = this.length;
    this.box.scrollTop = this.follows ? this.length * ROW : this.rowOf(this.source.lineOf(top)) * ROW;
    if (this.search.value) this.find(false); else this.draw();
  }

  async readBetween() { while (this.source.gap >= 0) await this.readSome(); }

  grown() {
    const first = !this.seen;
    this.seen = true;
    this.arrange();
    if (this.search.value) this.find(false);
    if (first && this.from) this.show(this.source.lineOf(this.from));
    else if (first && this.root.dataset.failed) this.nextError();
    else if (this.follows) this.toEnd();
    this.draw();
    this.end.textContent = this.follows ? "↓ End" : `↓ ${this.length - this.lastSeen} new`;
  }

  // Rows: of each its line, and from which column to which; and of each line its first row. Null while each line is one.
  arrange() {
    this.findGroups();
    this.folds.hidden = !this.groups.length;
    this.between.hidden = this.source.gap < 0;
    this.between.textContent = `Read ${this.source.missing.toLocaleString("en")} lines between`;
    this.rows = null;
    this.length = this.lines.length;
    if (this.wraps || this.groups.length) this.arrangeLines();
    this.sheet.style.height = `${this.length * ROW}px`;
  }

  // A group ends with its mark, or where the next one begins.
  findGroups() {
    this.groups = [];
    this.ends = new Map();
    let open = -1;
    for (const [line, { text, isGap }] of this.lines.entries()) {
      if (isGap && open >= 0) { this.ends.set(open, line); open = -1; }
      if (!text.startsWith("##[")) continue;
      const begins = GROUP.test(text);
      if (open >= 0 && (begins || GROUP_ENDS.test(text))) { this.ends.set(open, line); open = -1; }
      if (begins) { this.groups.push(line); open = line; }
    }
  }

  arrangeLines() {
    const columns = this.wraps ? this.columns() : Infinity;
    this.rows = [];
    this.firsts = [];
    let group = -1;
    for (const [line, { text }] of this.lines.entries()) {
      if (this.ends.get(group) === line) group = -1;
      const isTitle = GROUP.test(text), isHidden = GROUP_ENDS.test(text) || (group >= 0 && this.isFolded(group));
      this.firsts.push(isHidden ? Math.max(0, this.rows.length - 1) : this.rows.length);
      if (isTitle) group = line;
      if (isHidden && !isTitle) continue;
      const parts = this.wraps && !isTitle ? Math.max(1, Math.ceil(shownText(text).length / columns)) : 1;
      for (let part = 0; part < parts; part += 1) this.rows.push([line, part && part * columns, parts > 1 ? (part + 1) * columns : Infinity]);
    }
    this.length = this.rows.length;
  }

  // What has ended is folded until it is opened; what goes on is open.
  isFolded(group) { return this.closed.has(group) || (!this.opened.has(group) && this.ends.has(group)); }

  groupOf(line) {
    const group = this.groups.findLast((one) => one < line) ?? -1;
    return group >= 0 && line < (this.ends.get(group) ?? Infinity) ? group : -1;
  }

  columns() {
    const probe = this.add(this.sheet, "span", { className: "row", textContent: "0".repeat(100) });
    const width = probe.getBoundingClientRect().width - 16;
    probe.remove();
    const taken = 72 + (this.times ? 180 : 0) + 24;
    return Math.max(NARROWEST, Math.floor((this.box.clientWidth - taken) / (width / 100)));
  }

  // Arrange anew, with the line at the top of the sight where it was.
  layOut() {
    const top = this.lineAt(Math.floor(this.box.scrollTop / ROW));
    this.arrange();
    this.box.scrollTop = this.follows ? this.length * ROW : this.rowOf(top) * ROW;
    this.draw();
  }

  lineAt(row) { return this.rows ? this.rows[Math.min(row, this.rows.length - 1)]?.[0] ?? 0 : row; }

  rowOf(line) { return this.rows ? this.firsts[line] ?? 0 : line; }

  turnWrap(button) { this.wraps = !this.wraps; button.setAttribute("aria-pressed", String(this.wraps)); this.layOut(); }

  turnFolds() {
    const opens = this.groups.some((group) => this.isFolded(group));
    [this.opened, this.closed] = opens ? [new Set(this.groups), new Set()] : [new Set(), new Set(this.groups)];
    this.folds.textContent = opens ? "Fold all" : "Unfold all";
    this.layOut();
  }

  turnFold(group) {
    const [to, from] = this.isFolded(group) ? [this.opened, this.closed] : [this.closed, this.opened];
    to.add(group);
    from.delete(group);
    this.layOut();
  }

  scrolled() {
    const box = this.box;
    this.follows = box.scrollTop + box.clientHeight >= box.scrollHeight - ROW;
    this.lastSeen = Math.max(this.lastSeen || 0, Math.ceil((box.scrollTop + box.clientHeight) / ROW));
    if (this.follows) this.end.textContent = "↓ End";
    if (!this.isDrawing) { this.isDrawing = true; requestAnimationFrame(() => { this.isDrawing = false; this.draw(); }); }
  }

  toEnd() { this.follows = true; this.lastSeen = this.length; this.box.scrollTop = this.length * ROW; this.draw(); }

  show(line) {
    const group = this.groupOf(line);
    if (group >= 0 && this.isFolded(group)) this.turnFold(group);
    this.follows = false;
    this.box.scrollTop = Math.max(0, this.rowOf(line) * ROW - this.box.clientHeight / 2);
    this.lastSeen = this.length;
    this.draw();
  }

  draw() {
    const first = Math.max(0, Math.floor(this.box.scrollTop / ROW) - AROUND);
    const last = Math.min(this.length, Math.ceil((this.box.scrollTop + this.box.clientHeight) / ROW) + AROUND);
    const rows = [];
    for (let place = first; place < last; place += 1) rows.push(this.row(place, ...(this.rows ? this.rows[place] : [place, 0, Infinity])));
    this.sheet.replaceChildren(...rows);
  }

  row(place, line, from, to) {
    const { at, stream, text, isGap } = this.lines[line], shown = this.source.numberOf(line);
    const row = Object.assign(document.createElement("div"), { className: "row" });
    if (stream !== "out") row.classList.add(stream === "err" ? "err" : "note");
    if ((shown >= this.from && shown <= this.to) || this.hits[this.hit] === line) row.classList.add("at");
    row.style.top = `${place * ROW}px`;
    if (isGap) return this.gapRow(row);
    const number = this.add(row, "a", { className: "no", textContent: from ? "" : shown, href: `#L${shown}`, tabIndex: -1 });
    number.dataset.line = shown;
    if (this.times) this.add(row, "span", { className: "at-time", textContent: from ? "" : this.time(at) });
    if (GROUP.test(text)) return this.title(row, line);
    const content = this.add(row, "span", {});
    for (const piece of cut(coloured(text), from, to)) content.append(this.pattern ? marked(piece, this.pattern) : piece);
    return row;
  }

  gapRow(row) {
    row.classList.add("gap");
    this.add(row, "span", { textContent: `… ${this.source.missing.toLocaleString("en")} lines are not read ` });
    this.add(row, "button", { type: "button", className: "fold", tabIndex: -1, textContent: "Read on" }).addEventListener("click", () => this.readSome());
    return row;
  }

  title(row, group) {
    const name = shownText(this.lines[group].text);
    const made = this.add(row, "button", { type: "button", className: "fold", tabIndex: -1, textContent: `${this.isFolded(group) ? "▸" : "▾"} ${name}` });
    made.setAttribute("aria-expanded", String(!this.isFolded(group)));
    made.addEventListener("click", () => this.turnFold(group));
    return row;
  }

  time(at) {
    if (TIMES[this.times] === "clock") return this.zoned.format(new Date(at));
    return `${((Date.parse(at) - Date.parse(this.lines[0].at)) / 1000).toFixed(1).padStart(8)} s`;
  }

  turnTimes(button) { this.times = (this.times + 1) % TIMES.length; button.textContent = `Times: ${TIMES[this.times]}`; this.layOut(); }

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
    if (found >= 0) { this.from = this.to = this.source.numberOf(found); this.show(found); } else this.toEnd();
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
