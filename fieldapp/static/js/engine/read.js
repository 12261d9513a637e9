// What a page sends, as a typed answer; the twin of core/answers. A date is its ISO text, blank is
// null. Throws the code of the problem as text. Sizes that no page can send are left to the server.
import { toText, words } from "./expression.js";

const DAYS = [/^(?<y>\d{4})-(?<m>\d\d)-(?<d>\d\d)$/, /^(?<d>\d\d?)[-/.](?<m>\d\d?)[-/.](?<y>\d{4})$/];
const MONTHS = [/^(?<y>\d{4})-(?<m>\d\d)$/, /^(?<m>\d\d?)[-/.](?<y>\d{4})$/];
const CLOCK = /^(\d\d?)[:.](\d\d)(?:[:.](\d\d))?(?:[.,](\d{1,6})\d*)?(?: ?uur)?$/;
const ZONE = /(Z|[+-]\d\d:?\d\d)$/;
const LARGEST = Number.MAX_SAFE_INTEGER;

const fail = (code) => {
  throw code;
};
const two = (number) => String(number).padStart(2, "0");
const list = (raw) => (Array.isArray(raw) ? raw : [raw ?? ""]);

/** Clean text of the only value. */
function textOf(raw) {
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
const decimal = (text) =>
  number(text, /^[+-]?(\d{1,17}([.,\u066b]\d{0,17})?|[.,\u066b]\d{1,17})$/, "not_a_number");

function range(text, { scale: [start, end, step] }) {
  const found = decimal(text);
  if (found < start || found > end) fail("outside_range");
  const steps = (found - start) / step;
  return Math.abs(steps - Math.round(steps)) > 1e-9 * Math.max(1, steps) ? fail("not_on_the_scale") : found;
}

function day(text, { part } = {}) {
  const patterns = part ? [...DAYS, ...MONTHS, ...(part === "year" ? [/^(?<y>\d{4})$/] : [])] : DAYS;
  const found = patterns.map((pattern) => pattern.exec(text)).find(Boolean) ?? fail("not_a_date");
  const { y, m = 1, d = 1 } = found.groups;
  const iso = `${y}-${two(m)}-${two(d)}`;
  const time = Date.parse(`${iso}T00:00Z`);
  if (!(time >= -62135596800000) || new Date(time).toISOString().slice(0, 10) !== iso) fail("not_a_date");
  return part ? `${iso.slice(0, part === "year" ? 4 : 7)}-01-01`.slice(0, 10) : iso;
}

function clock(text, code = "not_a_time") {
  const [, hour, minute, second = 0, fraction = ""] = CLOCK.exec(text.replace(ZONE, "")) ?? fail(code);
  if (hour > 23 || minute > 59 || second > 59) fail(code);
  const rest = `${fraction}000`.slice(0, 3);
  return `${two(hour)}:${minute}:${two(second)}${rest > 0 ? `.${rest}` : ""}`;
}

function moment(text) {
  const [, date, time] = /^([^ ]*) ?(.*)$/s.exec(text.replace("T", " "));
  try {
    return `${day(date)}T${time ? clock(time.trim()) : "00:00:00"}`;
  } catch {
    return fail("not_a_moment");
  }
}

function point(text) {
  const numbers = words(text).map((part) =>
    /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(part) ? Number(part) : fail("not_a_point"));
  const [lat, lon, height = 0, accuracy = 0] = numbers;
  if (numbers.length < 2 || numbers.length > 4 || !numbers.every(Number.isFinite)) fail("not_a_point");
  if (Math.abs(lat) > 90 || Math.abs(lon) > 180 || accuracy < 0) fail("point_off_earth");
  return [lat, lon, height, accuracy]
    .map((one) => (Object.is(one, -0) ? "-0.0" : toText(one).replace(/^[^.]+$/, "$&.0")))
    .join(" ");
}

function points(raw, least) {
  const found = list(raw).flatMap((text) => text.split(";")).filter((text) => text.trim()).map(point);
  if (!found.length) return null;
  const place = (one) => words(one).slice(0, 2).join();
  if (least > 2 && place(found[0]) !== place(found.at(-1))) found.push(found[0]);
  const count = least > 2 ? new Set(found.map(place)).size : found.length;
  return count < least ? fail("too_few_points") : found.join("; ");
}

function chosen(raw, row, offered, twice) {
  const names = list(raw).flatMap((part) => words(textOf(part)));
  names.forEach((name) => offered(name) || fail("unknown_choice"));
  const each = [...new Set(names)];
  if (twice && each.length < names.length) fail(twice);
  return each.length ? each : null;
}

function files(raw) {
  const names = list(raw).map(textOf).filter(Boolean);
  if (names.some((name) => /^\.\.?$|[/\\\n]|.{256}/su.test(name))) fail("not_a_file_name");
  return names.length ? [...new Set(names)] : null;
}

const tick = (text) => (/^(ok|on|yes|ja|true|1)$/i.test(text) ? "OK" : fail("unknown_choice"));

// of one text that is not blank
const ONE = {
  integer, decimal, range, date: day, time: (text) => clock(text), dateTime: moment, start: moment,
  end: moment, acknowledge: tick, geopoint: point,
  select_one: (text, row, offered) => (offered(text) ? text : fail("unknown_choice")),
};
const MORE = {
  select_multiple: chosen,
  rank: (raw, row, offered) => chosen(raw, row, offered, "ranked_twice"),
  image: files, audio: files, video: files, file: files,
  geotrace: (raw) => points(raw, 2),
  geoshape: (raw) => points(raw, 3),
};

/** The typed answer to the question of this row. `offered(name)`: whether there is such a choice. */
export function read(row, raw, offered) {
  if (MORE[row.type]) return MORE[row.type](raw, row, offered);
  if (row.type === "calculate" && typeof raw === "number") return raw;
  const text = textOf(raw);
  return text === "" ? null : (ONE[row.type]?.(text, row, offered) ?? text);
}
