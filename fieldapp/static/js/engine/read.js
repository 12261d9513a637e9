// What a page sends, as a typed answer; the twin of core/answers. A date is its ISO text, blank is
// null. Throws the code of the problem as text. Sizes that no page can send are left to the server.
import { toText, words } from "./expression.js";

const LARGEST = Number.MAX_SAFE_INTEGER;

export const fail = (code) => {
  throw code;
};
export const list = (raw) => (Array.isArray(raw) ? raw : [raw ?? ""]);

/** Clean text of the only value. */
export function textOf(raw) {
  const parts = list(raw);
  if (parts.length > 1) fail("too_many_values");
  return toText(parts[0] ?? "").replace(/\r\n?/g, "\n").trim();
}

/** Digits of any script as 0-9: every script has its ten in one row. */
const latin = (text) => text.replace(/\p{Nd}/gu, (digit) => {
  let count = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(digit.codePointAt(0) - count - 1))) count += 1;
  return count % 10;
});

function number(text, pattern, code) {
  const plain = latin(text);
  if (!pattern.test(plain)) fail(code);
  const found = Number(plain.replace(/[,\u066b]/, "."));
  return Math.abs(found) > LARGEST ? fail("number_too_large") : found;
}

const integer = (text) =>
  /^[+-]*\p{Nd}{18,}$/u.test(text) ? fail("number_too_large") : number(text, /^[+-]?\d+$/, "not_an_integer");
export const decimal = (text) =>
  number(text, /^[+-]?(\d{1,17}([.,\u066b]\d{0,17})?|[.,\u066b]\d{1,17})$/, "not_a_number");

function chosen(raw, row, offered, twice) {
  const names = list(raw).flatMap((part) => words(textOf(part)));
  names.forEach((name) => offered(name) || fail("unknown_choice"));
  const each = [...new Set(names)];
  if (twice && each.length < names.length) fail(twice);
  return each.length ? each : null;
}

const tick = (text) => (/^(ok|on|yes|ja|true|1)$/i.test(text) ? "OK" : fail("unknown_choice"));

// of one text that is not blank
const ONE = {
  integer, decimal, acknowledge: tick,
  select_one: (text, row, offered) => (offered(text) ? text : fail("unknown_choice")),
};
const MORE = { select_multiple: chosen, rank: (raw, row, offered) => chosen(raw, row, offered, "ranked_twice") };

/** Load the readers of the types that few forms have. */
export const prepareReading = async () => {
  const rare = (await import("./rare.js")).default;
  Object.assign(ONE, rare.ONE);
  Object.assign(MORE, rare.MORE);
};

/** The typed answer to the question of this row. `offered(name)`: whether there is such a choice. */
export function read(row, raw, offered) {
  if (MORE[row.type]) return MORE[row.type](raw, row, offered);
  if (row.type === "calculate" && typeof raw === "number") return raw;
  const text = textOf(raw);
  return text === "" ? null : (ONE[row.type]?.(text, row, offered) ?? text);
}
