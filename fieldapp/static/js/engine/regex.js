// Regular expressions that always end; the twin of fieldapp/core/expression/regex*.py, which say
// what is understood. A pattern becomes a short program that is run at all places at once.
import { single, toText } from "./expression.js";

const LAST = 0x10ffff;
const CONTROL = { t: 9, n: 10, v: 11, f: 12, r: 13 };
const DIGITS = [[48, 57]];
const WORD = [[48, 57], [65, 90], [95, 95], [97, 122]];
const BLANK = [[9, 13], [32, 32]];
const CLASSES = { d: DIGITS, w: WORD, s: BLANK, D: others(DIGITS), W: others(WORD), S: others(BLANK) };
const ANY = others([[10, 10], [13, 13], [0x85, 0x85], [0x2028, 0x2029]]);
const programs = new Map();

/** All characters that are not in the ranges. */
function others(ranges) {
  const found = [];
  let start = 0;
  for (const [low, high] of [...ranges].sort((one, other) => one[0] - other[0])) {
    if (low > start) found.push([start, low - 1]);
    start = Math.max(start, high + 1);
  }
  return start <= LAST ? [...found, [start, LAST]] : found;
}

const within = (ranges, code) => ranges.some(([low, high]) => low <= code && code <= high);

function refuse() {
  throw new SyntaxError("regex");
}

const short = (program) => (program.length > 800 ? refuse() : program);

function repeat(piece, least, most) {
  if (piece.length * Math.max(least, most ?? 0) > 800) refuse();
  const program = Array(least).fill(piece).flat();
  if (most === null) return short([...program, ["split", 1, piece.length + 2], ...piece, ["jump", -piece.length - 1]]);
  let rest = [];
  for (let at = least; at < most; at += 1) {
    rest = short([["split", 1, piece.length + rest.length + 1], ...piece, ...rest]);
  }
  return short([...program, ...rest]);
}

function compile(pattern) {
  const letters = [...pattern];
  let at = 0;
  const peek = (size = 1) => letters.slice(at, at + size).join("");
  const accept = (text) => peek(text.length) === text && Boolean((at += text.length));

  function choice(level) {
    if (level > 40) refuse();
    const left = sequence(level);
    if (!accept("|")) return left;
    const right = choice(level + 1);
    return short([["split", 1, left.length + 2], ...left, ["jump", right.length + 1], ...right]);
  }

  function sequence(level) {
    let program = [];
    while (at < letters.length && !"|)".includes(letters[at])) {
      program = short([...program, ...repeated(level)]);
    }
    return program;
  }

  function repeated(level) {
    const piece = takePiece(level);
    const [least, most] = counts();
    if (least === 1 && most === 1) return piece;
    accept("?");
    if (at < letters.length && "*+?{".includes(letters[at])) refuse();
    return repeat(piece, least, most);
  }

  function counts() {
    if (accept("*")) return [0, null];
    if (accept("+")) return [1, null];
    if (accept("?")) return [0, 1];
    if (peek() !== "{") return [1, 1];
    const found = /^\{([0-9]+)(,([0-9]*))?\}/.exec(letters.slice(at).join("")) ?? refuse();
    const [low, high] = [found[1], found[3] || found[1]].map((digits) => Number(digits.slice(0, 9)));
    if (Math.max(low, high) > 400 || high < low) refuse();
    at += found[0].length;
    return [low, found[2] === "," ? null : high];
  }

  function takePiece(level) {
    const letter = peek();
    if (letter === "(") return group(level);
    if ("*+?{".includes(letter)) refuse();
    if (letter === "[") return [["set", klass()]];
    if (/^(\^|\$|\\[bB])/.test(peek(2))) {
      at += letter === "\\" ? 2 : 1;
      return [["at", letters[at - 1]]];
    }
    return [["set", accept(".") ? ANY : characters()]];
  }

  function group(level) {
    if (!accept("(?:") && (peek(2) === "(?" || !accept("("))) refuse();
    const found = choice(level + 1);
    return accept(")") ? found : refuse();
  }

  function characters() {
    if (peek() !== "\\") return [[code(at), code(at++)]];
    const escape = letters[at + 1] ?? refuse();
    const hex = /^\\u([0-9a-fA-F]{4})/.exec(peek(6));
    at += hex ? 6 : 2;
    if (hex) return [[parseInt(hex[1], 16), parseInt(hex[1], 16)]];
    if (/[a-zA-Z0-9]/.test(escape) && !"dwsDWStnvfr".includes(escape)) refuse();
    const found = CONTROL[escape] ?? code(at - 1);
    return CLASSES[escape] ?? [[found, found]];
  }

  const code = (index) => letters[index].codePointAt(0);
  const wide = (ranges) => ranges.length !== 1 || ranges[0][0] !== ranges[0][1];

  function klass() {
    at += 1;
    const negated = accept("^");
    const ranges = [];
    while (peek() !== "]") {
      if (["", "["].includes(peek()) || peek(2) === "&&") refuse();
      let low = characters();
      if (peek() === "-" && peek(2) !== "-]") {
        at += 1;
        const high = ["", "["].includes(peek()) ? refuse() : characters();
        if (wide(low) || wide(high) || low[0][0] > high[0][0]) refuse();
        low = [[low[0][0], high[0][0]]];
      }
      ranges.push(...low);
    }
    at += 1;
    if (!ranges.length) refuse();
    return negated ? others(ranges) : ranges;
  }

  const program = choice(0);
  return at < letters.length ? refuse() : program;
}

function programOf(pattern) {
  if (!programs.has(pattern)) {
    let program = null;
    try {
      program = compile(pattern);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
    programs.set(pattern, program);
  }
  return programs.get(pattern);
}

function holds(kind, codes, index) {
  if (kind === "^") return index === 0;
  if (kind === "$") return index === codes.length;
  const isWord = (place) => place in codes && within(WORD, codes[place]);
  return (isWord(index - 1) !== isWord(index)) === (kind === "b");
}

/** All places that can be had from these without reading a character. */
function reach(program, places, codes, index) {
  const seen = new Set();
  const ahead = [...places];
  while (ahead.length) {
    const place = ahead.pop();
    if (seen.has(place)) continue;
    seen.add(place);
    const [name, ...rest] = program[place] ?? [];
    if (name === "split" || name === "jump") ahead.push(...rest.map((offset) => place + offset));
    else if (name === "at" && holds(rest[0], codes, index)) ahead.push(place + 1);
  }
  return seen;
}

/** Whether the whole text matches; false for a pattern or a text that is not allowed. */
function matches(pattern, text) {
  const program = programOf(pattern);
  const codes = Array.from(text, (letter) => letter.codePointAt(0));
  if (!program || codes.length > 2000) return false;
  let places = reach(program, [0], codes, 0);
  for (let index = 0; index < codes.length; index += 1) {
    const reads = (place) => program[place]?.[0] === "set" && within(program[place][1], codes[index]);
    places = reach(program, [...places].filter(reads).map((place) => place + 1), codes, index + 1);
  }
  return places.has(program.length);
}

export default {
  regex: (scope, value, pattern) => matches(toText(single(pattern)), toText(single(value))),
};
