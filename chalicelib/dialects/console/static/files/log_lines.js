// The lines of a log, as far as they are read; of a long one first its beginning and its end.
const LONG = 50_000, LAST = 5_000;

export class Lines {
  constructor(address) {
    Object.assign(this, { address, all: [], after: 0, partial: null, gap: -1, missing: 0, middleAfter: 0, endFirst: 0, middlePartial: null });
  }

  // Read what has come since. Returns whether lines came, and whether more is there.
  async more() {
    const isFirst = !this.after;
    const part = await this.ask(`after=${this.after}${isFirst ? "&count=yes" : ""}`);
    if (!part) return {};
    const made = split(part.chunks, this);
    this.all = this.all.concat(made);
    this.after = part.chunks.at(-1)?.[0] ?? this.after;
    if (isFirst && part.lines > LONG && this.after < part.head) await this.readEnd(part.lines);
    return { came: part.chunks.length > 0, goesOn: part.chunks.length > 0 && this.after < part.head };
  }

  async ask(query) {
    const answer = await fetch(`${this.address}/chunks?${query}`);
    if (!answer.ok) return null;
    const number = (name) => Number(answer.headers.get(name));
    return { chunks: await answer.json(), head: number("X-Head"), lines: number("X-Lines") };
  }

  async readEnd(total) {
    const read = this.after, chunks = [];
    let before = 0, count = 0;
    while (count < LAST) {
      const part = await this.ask(`after=${read}&before=${before}`);
      if (!part?.chunks.length) break;
      chunks.unshift(...part.chunks);
      count = chunks.reduce((sum, [, , , text]) => sum + text.split("\n").length - 1, 0);
      before = chunks[0][0];
      if (before <= read + 1) break;
    }
    if (!chunks.length) return;
    [this.middleAfter, this.middlePartial, this.partial] = [read, this.partial, null];
    this.endFirst = chunks[0][0];
    const end = split(chunks, this);
    this.gap = this.all.length;
    this.missing = Math.max(1, total - this.all.length - end.length);
    this.all = [...this.all, { at: "", stream: "note", text: "", isGap: true }, ...end];
    this.after = chunks.at(-1)[0];
    if (this.endFirst <= read + 1) this.close();
  }

  async readOn() {
    const part = await this.ask(`after=${this.middleAfter}`);
    const chunks = part?.chunks.filter(([seq]) => seq < this.endFirst) ?? [];
    if (!part || this.gap < 0) return;
    const middle = { partial: this.middlePartial }, made = split(chunks, middle);
    this.middlePartial = middle.partial;
    this.middleAfter = chunks.at(-1)?.[0] ?? this.endFirst - 1;
    this.all = [...this.all.slice(0, this.gap), ...made, ...this.all.slice(this.gap)];
    this.gap += made.length;
    this.missing = Math.max(1, this.missing - made.length);
    if (this.middleAfter + 1 >= this.endFirst) this.close();
  }

  // A line that lies across the gap is one.
  close() {
    const before = this.middlePartial, behind = this.all[this.gap + 1];
    this.all.splice(this.gap, 1);
    if (before && behind && before.stream === behind.stream) {
      before.text += behind.text;
      this.all.splice(this.gap, 1);
      if (this.partial === behind) this.partial = before;
    }
    [this.gap, this.missing, this.middlePartial] = [-1, 0, null];
  }

  numberOf(line) { return this.gap < 0 || line < this.gap ? line + 1 : line + this.missing; }

  // The line of a number; the gap, if it is in it.
  lineOf(number) {
    if (this.gap < 0 || number <= this.gap) return number - 1;
    return Math.max(this.gap, number - this.missing);
  }
}

// of.partial: the line that goes on with the next chunk of its stream.
function split(chunks, of) {
  const made = [];
  for (const [, at, stream, text] of chunks) {
    const parts = text.split("\n");
    for (const [place, part] of parts.entries()) {
      if (of.partial && of.partial.stream === stream) of.partial.text += part;
      else if (part || place < parts.length - 1) { of.partial = { at, stream, text: part }; made.push(of.partial); }
      if (place < parts.length - 1) of.partial = null;
    }
  }
  return made;
}
