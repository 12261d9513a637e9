// Works out expression trees on the phone; the twin of fieldapp/core/expression, which parses them
// and says what everything means. Values are numbers, texts and booleans; a date is its ISO text.
// A node-set is an array of nodes. Nothing here throws for a tree that the server made and that went
// through prepare().

const DAY = 864e5; // milliseconds
const MODULUS = 2147483647;
const MONTHS = "jan feb mrt apr mei jun jul aug sep okt nov dec".split(" ");
const WEEKDAYS = "ma di wo do vr za zo".split(" ");
const NUMBER = /^[ \t\r\n]*-?(\d+(\.\d*)?|\.\d+)[ \t\r\n]*$/;
const DATE = /^(\d{4}-\d\d-\d\d)(?:[T ](.+))?$/;
const CLOCK = /^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(?:Z|[+-]\d\d(?::?\d\d)?)?$/;

const own = (object, key) => (object && Object.hasOwn(object, key) ? object[key] : undefined);
const isNodes = Array.isArray;

// the data tree

const node = (name, value = null, position = 1, path = "") => ({
  name, value, position, path, parent: null, children: [], relevant: true,
});

const hang = (parent, child) => (parent.children.push(child), (child.parent = parent), child);

/** The tree of the answers. Shape: a list of {name, kind: question|group|repeat, children}. */
export function build(shape, answers) {
  const data = { root: node("data"), named: Object.create(null), repeatsOf: Object.create(null) };
  const index = (items, around) => items.forEach((item) => {
    data.named[item.name] = [];
    data.repeatsOf[item.name] = around;
    index(item.children ?? [], item.kind === "repeat" ? [...around, item.name] : around);
  });
  const put = (parent, child) => (data.named[child.name].push(child), hang(parent, child));
  const grow = (parent, items, given, prefix) => items.forEach(({ name, kind, children = [] }) => {
    const path = prefix + name;
    if (kind === "repeat") {
      (own(given, name) ?? []).forEach((round, at) => {
        grow(put(parent, node(name, null, at + 1, `${path}/${at}`)), children, round, `${path}/${at}/`);
      });
    } else if (kind === "group") grow(put(parent, node(name, null, 1, path)), children, given, prefix);
    else put(parent, node(name, own(given, name) ?? null, 1, path));
  });
  index(shape, []);
  grow(data.root, shape, answers, "");
  return data;
}

/** Whether a node and all that is around it are relevant. */
export function isShown(found) {
  for (let at = found; at; at = at.parent) if (!at.relevant) return false;
  return true;
}

/** What `${name}` means at a node: all below the innermost round that is around both. */
export function find(data, name, here) {
  const found = data.named[name] ?? [];
  const around = data.repeatsOf[name];
  if (!around?.length) return found;
  let base = here;
  while (base && !around.includes(base.name)) base = base.parent;
  const below = (at) => at && (at === base || below(at.parent));
  return base ? found.filter(below) : found;
}

// values

/** An answer as a value: a list becomes names with spaces between. */
export const fromAnswer = (answer) => (isNodes(answer) ? answer.join(" ") : (answer ?? ""));
const valueOf = (at) => fromAnswer(at.value);
export const single = (result) => (isNodes(result) ? (result.length ? valueOf(result[0]) : "") : result);
export const spread = (results) => results.flatMap((item) => (isNodes(item) ? item.map(valueOf) : [item]));
const orBlank = (values) => (values.length ? values : [""]);

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
const whole = (value) => {
  const number = Math.trunc(toNumber(value));
  return Number.isFinite(number) ? number : null;
};

/** The nearest whole number, halves upwards; minus zero stays. */
function halfUp(number) {
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

function readMoment(text) {
  const found = DATE.exec(text);
  const clock = found && !found[2] ? null : readClock(found ? found[2] : text);
  if (!found) return clock === null ? null : [null, clock];
  const time = Date.parse(`${found[1]}T00:00Z`);
  if (Number.isNaN(time) || isoText(time).slice(0, 10) !== found[1] || found[1] < "0001") return null;
  return found[2] && clock === null ? null : [time / DAY, clock];
}

function toMoment(value) {
  const moment = typeof value === "string" ? readMoment(value) : null;
  const number = moment ? NaN : toNumber(value);
  if (!Number.isFinite(number)) return moment;
  const day = Math.floor(number);
  const time = day * DAY + Math.floor((number - day) * DAY + 0.5);
  const last = Math.floor(time / DAY);
  return last >= -719162 && last <= 2932896 ? [last, time - last * DAY] : null;
}

const isoText = (time) => new Date(time).toISOString();

function formatted(scope, value, format) {
  const moment = toMoment(value);
  if (!moment) return "";
  const [day, clock] = moment;
  const iso = isoText(day * DAY + clock);
  const { months = MONTHS, weekdays = WEEKDAYS } = scope.ctx;
  const cut = (from, to) => iso.slice(from, to);
  const parts = {
    Y: cut(0, 4), y: cut(2, 4), m: cut(5, 7), n: +cut(5, 7), b: months[cut(5, 7) - 1],
    d: cut(8, 10), e: +cut(8, 10), a: weekdays[(((day + 3) % 7) + 7) % 7],
    H: cut(11, 13), h: +cut(11, 13), M: cut(14, 16), S: cut(17, 19), 3: cut(20, 23), "%": "%",
  };
  return toText(format).replace(/%(.)/gs, (all, part) => own(parts, part) ?? all);
}

// chance: Park and Miller, so that a seed gives what it gives in ODK

function chance(seed) {
  if (seed === undefined || seed === null) {
    return () => crypto.getRandomValues(new Uint32Array(1))[0] / 2 ** 32;
  }
  let state = (Number.isFinite(seed) ? Math.trunc(seed) : 0) % MODULUS;
  if (state <= 0) state += MODULUS - 1;
  return () => ((state = (state * 16807) % MODULUS) - 1) / (MODULUS - 1);
}

function randomized(scope, nodes, seed) {
  if (!isNodes(nodes)) return nodes;
  const next = seed === undefined ? scope.next : chance(toNumber(single(seed)));
  const mixed = [];
  nodes.forEach((item, index) => {
    const place = Math.floor(next() * (index + 1));
    mixed[index] = mixed[place];
    mixed[place] = item;
  });
  return mixed;
}

function uuid({ next }, size) {
  if (size !== undefined) {
    const length = Math.max(0, Math.min(1000, whole(size) ?? 0));
    return Array.from({ length }, () => Math.floor(next() * 36).toString(36)).join("").toUpperCase();
  }
  const bytes = Array.from({ length: 16 }, () => Math.floor(next() * 256));
  bytes[6] = (bytes[6] % 16) + 64;
  bytes[8] = (bytes[8] % 64) + 128;
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

// functions; the scope comes first

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

function translate(scope, value, from, to) {
  const [old, there] = [[...toText(from)], [...toText(to)]];
  const swap = (at, letter) => (at < 0 ? letter : (there[at] ?? ""));
  return [...toText(value)].map((letter) => swap(old.indexOf(letter), letter)).join("");
}

function power(scope, value, exponent) {
  let base = toNumber(value);
  const times = toNumber(exponent);
  if (!Number.isInteger(times)) return portable(base ** times);
  let result = 1;
  for (let left = Math.abs(times); left; left = Math.floor(left / 2)) {
    if (left % 2) result *= base;
    base *= base;
  }
  return times < 0 ? 1 / result : result;
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

function within(count, least, most) {
  const [low, high] = [least, most].map((limit) => toNumber(orBlank(spread([limit]))[0]));
  return (low === -1 || count >= low) && (high === -1 || count <= high);
}

function weighted(scope, least, most, ...pairs) {
  let score = 0;
  for (let at = 0; at + 1 < pairs.length; at += 2) {
    const weights = spread([pairs[at + 1]]);
    spread([pairs[at]]).slice(0, weights.length).forEach((answer, index) => {
      if (toNumber(answer) > 0) score += toNumber(weights[index]);
    });
  }
  return within(score, least, most);
}

function pulldata({ ctx }, table, column, keyColumn, key) {
  const [wanted, where] = [toText(key), toText(keyColumn)];
  const row = own(ctx.lists, toText(table))?.find((item) => own(item, where) === wanted);
  return own(row, toText(column)) ?? "";
}

function choiceName({ ctx }, value, question) {
  const name = toText(value);
  return name && ctx.choiceLabel ? ctx.choiceLabel(toText(question), name) : name;
}

function indexedRepeat(scope, target, ...pairs) {
  const { data } = scope.ctx;
  const named = (tree) => (tree[0] === "$" ? tree[1] : lastName(tree));
  let { base } = scope;
  if (!data) return "";
  for (let at = 0; at + 1 < pairs.length; at += 2) {
    const index = whole(single(workOut(pairs[at + 1], scope)));
    base = find(data, named(pairs[at]), base).find((item) => item.position === index && isShown(item));
    if (!base) return "";
  }
  return find(data, named(target), base).filter(isShown);
}

function lastName(tree) {
  if (tree[0] !== "path") return "";
  const names = tree.slice(2).map((step) => step[0]).filter((name) => !/^(\.\.?|\*)$/.test(name));
  return names.pop() ?? (tree[1][0] === "$" ? tree[1][1] : "");
}

const position = (scope, nodes) =>
  nodes === undefined ? scope.position || scope.node.position : ((isNodes(nodes) && nodes[0]?.position) || NaN);
const last = ({ size, node: { parent, name } }) =>
  size ?? (parent ? parent.children.filter((child) => child.name === name).length : 1);
const nodeName = (scope, nodes) =>
  nodes === undefined ? scope.node.name : ((isNodes(nodes) && nodes[0]?.name) || "");
const isEmpty = (value) => value === "" || Number.isNaN(value);

const math = (name) => (scope, ...all) => portable(Math[name](...all.map(toNumber)));
const texts = (compute) => (scope, one, other) => compute(toText(one), toText(other));
const exactly = (compute) => (scope, one, other) => compute(toNumber(one), toNumber(other));

/** Functions of values: of a node-set the first. */
const VALUES = {
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
  "decimal-time": (scope, value) => {
    const moment = typeof value === "string" && readMoment(value);
    const number = toNumber(value);
    if (moment) return moment[1] / DAY;
    return Number.isFinite(number) ? number - Math.floor(number) : NaN;
  },
  "ends-with": texts((text, part) => text.endsWith(part)),
  exp10: (scope, value) => power(scope, 10, value),
  false: () => false,
  floor: exactly(Math.floor),
  "format-date": formatted,
  "format-date-time": formatted,
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
  pow: power,
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
  translate,
  true: () => true,
  uuid,
  version: ({ ctx }) => ctx.version ?? "",
};
for (const name of "sin cos tan asin acos atan atan2 exp log log10".split(" ")) VALUES[name] = math(name);

function equal(one, other) {
  const types = [typeof one, typeof other];
  if (types.includes("boolean")) return Boolean(one) === Boolean(other);
  return types.includes("number") ? toNumber(one) === toNumber(other) : one === other;
}

const compared = (holds) => (scope, left, right) =>
  orBlank(spread([left])).some((one) => orBlank(spread([right])).some((other) => holds(one, other)));
const ordered = (holds) => compared((one, other) => holds(toNumber(one), toNumber(other)));

/** Functions that see node-sets whole. */
const RESULTS = {
  "=": compared(equal),
  "!=": compared((one, other) => !equal(one, other)),
  "<": ordered((one, other) => one < other),
  "<=": ordered((one, other) => one <= other),
  ">": ordered((one, other) => one > other),
  ">=": ordered((one, other) => one >= other),
  checklist: (scope, least, most, ...all) =>
    within(spread(all).filter((value) => toNumber(value) > 0).length, least, most),
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
  randomize: randomized,
  sum: (scope, nodes) => numbers([nodes]).reduce((one, other) => one + other, 0),
  "weighted-checklist": weighted,
};

// functions that few forms use, with the module that holds them: name -> function of results
const RARE = {
  "./regex.js": ["regex"],
  "./geo.js": ["area", "distance", "geofence", "intersects"],
  "./digest.js": ["digest", "base64-decode"],
};

/** Load what these trees (or a whole engine as JSON) need beyond this module. To be awaited before
 * the first evaluate; offline the modules come from the cache, like this one. */
export async function prepare(trees) {
  const text = JSON.stringify(trees);
  for (const [file, names] of Object.entries(RARE)) {
    if (names.some((name) => text.includes(`["${name}"`))) {
      Object.assign(RESULTS, (await import(file)).default);
    }
  }
}

// the interpreter

function workOut(tree, scope) {
  if (!isNodes(tree)) return tree;
  const [name, ...rest] = tree;
  if (name === "$") return lookUp(rest[0], scope);
  if (name === "." && !rest.length) return [scope.node];
  if (name === "path") return walk(rest, scope);
  if (name === "indexed-repeat") return indexedRepeat(scope, ...rest);
  const results = rest.map((argument) => workOut(argument, scope));
  if (Object.hasOwn(RESULTS, name)) return RESULTS[name](scope, ...results);
  if (Object.hasOwn(VALUES, name)) return VALUES[name](scope, ...results.map(single));
  throw new Error(`${name}(): await prepare() first`);
}

function lookUp(name, { ctx, base }) {
  if (ctx.data) return find(ctx.data, name, base).filter(isShown);
  const answer = own(ctx.answers, name);
  return answer === undefined ? [] : [node(name, answer)];
}

function walk([[kind, name], ...steps], scope) {
  let nodes = [scope.node];
  let rows = scope.inRows;
  if (kind === "$" || kind === "/" || kind === "current") rows = false;
  if (kind === "$") nodes = lookUp(name, scope);
  else if (kind === "..") nodes = parents(nodes);
  else if (kind === "current") nodes = [scope.start];
  else if (kind === "/") {
    nodes = scope.ctx.data ? [scope.ctx.data.root] : [];
    if (steps.length) steps[0] = [".", ...steps[0].slice(1)];
  } else if (kind === "instance") {
    nodes = [asTable(own(scope.ctx.lists, name) ?? [])];
    rows = true;
  }
  return steps.reduce((found, step) => takeStep(found, step, scope, rows), nodes);
}

const parents = (nodes) => [...new Set(nodes.map((item) => item.parent).filter(Boolean))];

function takeStep(nodes, [name, ...tests], scope, rows) {
  let sets;
  if (name === "..") sets = [parents(nodes)];
  else if (name === ".") {
    const byParent = new Map();
    for (const item of nodes) byParent.set(item.parent, [...(byParent.get(item.parent) ?? []), item]);
    sets = tests.length ? [...byParent.values()] : [nodes];
  } else {
    const fits = (child) => child.relevant && (name === "*" || child.name === name);
    sets = nodes.map((item) => item.children.filter(fits));
  }
  const filter = (set, test) => set.filter((item, index) => {
    const result = workOut(test, inside(scope, item, index + 1, set.length, rows));
    return typeof result === "number" ? result === index + 1 : Boolean(single(result));
  });
  return sets.flatMap((set) => tests.reduce(filter, set));
}

const inside = (scope, item, place, size, inRows) => ({
  ...scope, node: item, base: inRows ? scope.base : item, position: place, size, inRows,
});

const tables = new WeakMap();

function asTable(rows) {
  if (!tables.has(rows)) {
    const table = node("");
    const root = hang(table, node("root"));
    rows.forEach((row, index) => {
      const item = hang(root, node("item", null, index + 1));
      for (const [name, value] of Object.entries(row)) hang(item, node(name, value));
    });
    tables.set(rows, table);
  }
  return tables.get(rows);
}

function scopeOf(ctx) {
  const start = ctx.node ?? ctx.data?.root ?? node("", ctx.own);
  return { ctx, start, node: start, base: start, next: chance(ctx.seed) };
}

/** The value of a tree: number, text or boolean; of a node-set the first.
 * ctx: {answers, own} or {data, node}, and now, today (ISO texts on the clock of the form), lists,
 * choiceLabel(question, choice), seed, version, properties, months, weekdays. */
export const evaluate = (tree, ctx) => single(workOut(tree, scopeOf(ctx)));

/** The nodes of a tree; none when its value is no node-set. */
export function evaluateNodes(tree, ctx) {
  const result = workOut(tree, scopeOf(ctx));
  return isNodes(result) ? result : [];
}

/** How relevant, required and constraint are read. */
export const isTrue = (tree, ctx) => Boolean(evaluate(tree, ctx));

/** The places of the rows for which a choice_filter is true. */
export function choiceRows(tree, ctx, rows) {
  const scope = scopeOf(ctx);
  const { children } = asTable(rows).children[0];
  const passes = (item, at) => single(workOut(tree, inside(scope, item, at + 1, children.length, true)));
  return children.flatMap((item, at) => (passes(item, at) ? [at] : []));
}
