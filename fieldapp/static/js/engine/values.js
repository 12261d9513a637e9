// Values and how they turn into each other; the twin of core/expression/values.py.
// Numbers, texts and booleans; a date is its ISO text; a node-set is an array of nodes.

export const DAY = 864e5; // milliseconds
const NUMBER = /^[ \t\r\n]*-?(\d+(\.\d*)?|\.\d+)[ \t\r\n]*$/;
const DATE = /^(\d{4}-\d\d-\d\d)(?:[T ](.+))?$/;
const CLOCK = /^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(?:Z|[+-]\d\d(?::?\d\d)?)?$/;

export const own = (object, key) => (object && Object.hasOwn(object, key) ? object[key] : undefined);
export const isNodes = Array.isArray;

/** An answer as a value: a list becomes names with spaces between. */
export const fromAnswer = (answer) => (isNodes(answer) ? answer.join(" ") : (answer ?? ""));
export const valueOf = (at) => fromAnswer(at.value);
export const single = (result) => (isNodes(result) ? (result.length ? valueOf(result[0]) : "") : result);
export const spread = (results) => results.flatMap((item) => (isNodes(item) ? item.map(valueOf) : [item]));
export const orBlank = (values) => (values.length ? values : [""]);

export function toNumber(value) {
  if (typeof value !== "string") return Number(value);
  if (NUMBER.test(value)) return Number(value);
  const moment = readMoment(value);
  return moment ? moment[0] + moment[1] / DAY : NaN; // null counts as 0
}

/** A value as text: numbers without an exponent. */
export function toText(value) {
  if (typeof value !== "number" || !Number.isFinite(value)) return String(value);
  if (Number.isInteger(value)) return String(BigInt(value));
  const [digits, places] = String(value).split("e-");
  if (!places) return digits;
  return `${value < 0 ? "-" : ""}0.${"0".repeat(places - 1)}${digits.replace(/[-.]/g, "")}`;
}

export const words = (text) => text.split(/[ \t\r\n]+/).filter(Boolean);
export const whole = (value) => {
  const number = Math.trunc(toNumber(value));
  return Number.isFinite(number) ? number : null;
};

/** The nearest whole number, halves upwards; minus zero stays. */
export function halfUp(number) {
  if (!Number.isFinite(number)) return number;
  const below = Math.floor(number);
  return below + (number - below >= 0.5) || number * 0;
}

/** In 12 digits: further the mathematics of phones and servers differ. */
export const portable = (number) =>
  Number.isFinite(number) ? Number(number.toPrecision(12)) || number : number;

// dates: [days since 1970 or null, milliseconds since midnight or null]

function readClock(text) {
  const found = CLOCK.exec(text);
  if (!found) return null;
  const [hour, minute, second] = [found[1], found[2], found[3] ?? 0].map(Number);
  if (hour > 23 || minute > 59 || second > 59) return null;
  return ((hour * 60 + minute) * 60 + second) * 1000 + Number(`${found[4] ?? ""}000`.slice(0, 3));
}

export function readMoment(text) {
  const found = DATE.exec(text);
  const clock = found && !found[2] ? null : readClock(found ? found[2] : text);
  if (!found) return clock === null ? null : [null, clock];
  const time = Date.parse(`${found[1]}T00:00Z`);
  if (Number.isNaN(time) || isoText(time).slice(0, 10) !== found[1] || found[1] < "0001") return null;
  return found[2] && clock === null ? null : [time / DAY, clock];
}

export function toMoment(value) {
  const moment = typeof value === "string" ? readMoment(value) : null;
  const number = moment ? NaN : toNumber(value);
  if (!Number.isFinite(number)) return moment;
  const day = Math.floor(number);
  const time = day * DAY + Math.floor((number - day) * DAY + 0.5);
  const last = Math.floor(time / DAY);
  return last >= -719162 && last <= 2932896 ? [last, time - last * DAY] : null;
}

export const isoText = (time) => new Date(time).toISOString();
