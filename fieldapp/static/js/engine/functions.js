// The functions and operators of the expression language; the twins of the tables in
// core/expression. The scope of the interpreter comes first, then the arguments.
import {
  DAY, halfUp, isNodes, isoText, orBlank, own, single, spread, toMoment, toNumber, toText, valueOf, whole, words,
} from "./values.js";

/** The units from start up to end, without half characters. */
const slice = (text, start, end) => text.slice(start, end).replace(/\p{Cs}/gu, "");

function substr(scope, value, start, end) {
  const text = toText(value);
  const place = (at) => {
    const number = whole(at) ?? 0;
    return Math.max(0, Math.min(text.length, number < 0 ? number + text.length : number));
  };
  return slice(text, place(start), end === undefined ? text.length : place(end));
}

function substring(scope, value, start, count) {
  const text = toText(value);
  const first = halfUp(toNumber(start));
  const last = count === undefined ? Infinity : first + halfUp(toNumber(count));
  if (Number.isNaN(first) || Number.isNaN(last)) return "";
  const place = (at) => Math.max(1, Math.min(at, text.length + 1)) - 1;
  return slice(text, place(first), place(last));
}

function around(scope, value, part, after) {
  const [text, wanted] = [toText(value), toText(part)];
  const at = text.indexOf(wanted);
  if (at < 0) return "";
  return after ? text.slice(at + wanted.length) : text.slice(0, at);
}

function rounded(scope, value, places = 0) {
  const [number, decimals] = [toNumber(value), toNumber(places)];
  if (!Number.isFinite(number) || !Number.isFinite(decimals)) {
    return Math.abs(number) === Infinity ? number : NaN;
  }
  const shift = (digits, by) => {
    const [front, power = 0] = String(digits).split("e");
    return Number(`${Object.is(digits, -0) ? "-0" : front}e${Number(power) + by}`);
  };
  const by = Math.max(-15, Math.min(15, Math.trunc(decimals)));
  const scaled = shift(number, by);
  return Number.isFinite(scaled) ? shift(halfUp(scaled), -by) : number;
}

const numbers = (results) => spread(results).map(toNumber).filter((number) => !Number.isNaN(number));
const best = (better) => (scope, ...all) =>
  numbers(all).reduce((one, other) => (Number.isNaN(one) || better(other, one) ? other : one), NaN);

function pulldata({ ctx }, table, column, keyColumn, key) {
  const [wanted, where] = [toText(key), toText(keyColumn)];
  const row = own(ctx.lists, toText(table))?.find((item) => own(item, where) === wanted);
  return own(row, toText(column)) ?? "";
}

function choiceName({ ctx }, value, question) {
  const name = toText(value);
  return name && ctx.choiceLabel ? ctx.choiceLabel(toText(question), name) : name;
}

const position = (scope, nodes) =>
  nodes === undefined ? scope.position || scope.node.position : ((isNodes(nodes) && nodes[0]?.position) || NaN);
const last = ({ size, node: { parent, name } }) =>
  size ?? (parent ? parent.children.filter((child) => child.name === name).length : 1);
const nodeName = (scope, nodes) =>
  nodes === undefined ? scope.node.name : ((isNodes(nodes) && nodes[0]?.name) || "");
const isEmpty = (value) => value === "" || Number.isNaN(value);

const texts = (compute) => (scope, one, other) => compute(toText(one), toText(other));
const exactly = (compute) => (scope, one, other) => compute(toNumber(one), toNumber(other));

/** Functions of values: of a node-set the first. */
export const VALUES = {
  or: (scope, one, other) => Boolean(one) || Boolean(other),
  and: (scope, one, other) => Boolean(one) && Boolean(other),
  "+": exactly((one, other) => one + other),
  "-": exactly((one, other) => one - other),
  "*": exactly((one, other) => one * other),
  div: exactly((one, other) => one / other),
  mod: exactly((one, other) => one % other),
  neg: exactly((one) => -one),
  abs: exactly(Math.abs),
  boolean: (scope, value) => Boolean(value),
  "boolean-from-string": (scope, value) => ["true", "1"].includes(toText(value)),
  ceiling: exactly(Math.ceil),
  coalesce: (scope, ...all) => all.find((value) => !isEmpty(value)) ?? "",
  contains: texts((text, part) => text.includes(part)),
  "count-selected": (scope, value) => words(toText(value)).length,
  date: (scope, value) => {
    const day = toMoment(value)?.[0] ?? null;
    return day === null ? "" : isoText(day * DAY).slice(0, 10);
  },
  "date-time": (scope, value) => {
    const [day, clock] = toMoment(value) ?? [null];
    return day === null ? "" : isoText(day * DAY + clock).replace(/(\.000)?Z$/, "");
  },
  "decimal-date-time": (scope, value) => toNumber(value),
  "ends-with": texts((text, part) => text.endsWith(part)),
  false: () => false,
  floor: exactly(Math.floor),
  if: (scope, test, then, other) => (test ? then : other),
  int: exactly(Math.trunc),
  "jr:choice-name": choiceName,
  last,
  "normalize-space": (scope, value = valueOf(scope.node)) => words(toText(value)).join(" "),
  not: (scope, value) => !value,
  now: ({ ctx }) => ctx.now ?? "",
  number: (scope, value) => toNumber(value),
  once: ({ start }, value) => (valueOf(start) === "" ? value : valueOf(start)),
  pi: () => Math.PI,
  property: ({ ctx }, name) => own(ctx.properties, toText(name)) ?? "",
  pulldata,
  random: ({ next }) => next(),
  round: rounded,
  selected: (scope, value, name) =>
    words(toText(value)).includes(toText(name).replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "")),
  "selected-at": (scope, value, index) => words(toText(value))[whole(index) ?? -1] ?? "",
  sqrt: exactly(Math.sqrt),
  "starts-with": texts((text, part) => text.startsWith(part)),
  string: (scope, value) => toText(value),
  "string-length": (scope, value) => toText(value).length,
  substr,
  substring,
  "substring-after": (scope, value, part) => around(scope, value, part, true),
  "substring-before": (scope, value, part) => around(scope, value, part),
  today: ({ ctx }) => ctx.today ?? "",
  true: () => true,
  version: ({ ctx }) => ctx.version ?? "",
};
function equal(one, other) {
  const types = [typeof one, typeof other];
  if (types.includes("boolean")) return Boolean(one) === Boolean(other);
  return types.includes("number") ? toNumber(one) === toNumber(other) : one === other;
}

const compared = (holds) => (scope, left, right) =>
  orBlank(spread([left])).some((one) => orBlank(spread([right])).some((other) => holds(one, other)));
const ordered = (holds) => compared((one, other) => holds(toNumber(one), toNumber(other)));

/** Functions that see node-sets whole. */
export const RESULTS = {
  "=": compared(equal),
  "!=": compared((one, other) => !equal(one, other)),
  "<": ordered((one, other) => one < other),
  "<=": ordered((one, other) => one <= other),
  ">": ordered((one, other) => one > other),
  ">=": ordered((one, other) => one >= other),
  concat: (scope, ...all) => spread(all).map(toText).join(""),
  count: (scope, nodes) => (isNodes(nodes) ? nodes.length : 1),
  "count-non-empty": (scope, nodes) =>
    isNodes(nodes)
      ? nodes.filter((item) => item.children.length || valueOf(item) !== "").length
      : Number(nodes !== ""),
  join: (scope, separator, ...all) => spread(all).map(toText).join(toText(single(separator))),
  "local-name": nodeName,
  max: best((one, other) => one > other),
  min: best((one, other) => one < other),
  name: nodeName,
  position,
  sum: (scope, nodes) => numbers([nodes]).reduce((one, other) => one + other, 0),
};
