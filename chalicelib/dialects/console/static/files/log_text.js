// The text of a log: its colours, its groups, and what is looked for in it.
const ANSI = /\x1b\[([0-9;]*)m|\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07/g;
export const GROUP = /^##\[group\]/, GROUP_ENDS = /^##\[endgroup\]/;

export function shownText(text) { return plain(text).replace(GROUP, ""); }

// The pieces of a line between two of its columns.
export function* cut(pieces, from, to) {
  let at = 0;
  for (const one of pieces) {
    const text = one.textContent, part = text.slice(Math.max(0, from - at), Math.max(0, to - at));
    at += text.length;
    if (part) { one.textContent = part; yield one; }
  }
}

export function plain(text) { return text.includes("\x1b") ? text.replace(ANSI, "") : text; }

export function patternOf(text) {
  const given = /^\/(.+)\/$/.exec(text);
  try { return text ? new RegExp(given ? given[1] : text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "i") : null; } catch { return null; }
}

// Colours are read from the text and become classes: nothing of a log is ever taken for markup.
export function* coloured(text) {
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

export function marked(span, pattern) {
  const text = span.textContent, found = pattern.exec(text);
  if (!found || !found[0]) return span;
  const mark = Object.assign(document.createElement("mark"), { textContent: found[0] });
  span.replaceChildren(text.slice(0, found.index), mark, text.slice(found.index + found[0].length));
  return span;
}
