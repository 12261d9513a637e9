// A form while it is filled in: what is asked, what is worked out, what is wrong. The twin of
// core/walk.py, core/filling.py and core/validate.py; `engine` is what core/survey/engine_json.py
// makes. After a change only the rows are worked out again that depend on what changed.
import {
  choiceRows, evaluate, find, fromAnswer, isShown, isTrue, prepare as load, toText,
} from "./expression.js";
import { prepareReading, read } from "./read.js";

const MODULUS = 2147483647;
const PLAIN = /^(text|calculate|hidden|barcode|note)$/;
const OWN_CLOCK = /^(start|end)$/;
const UNKNOWN = /^(username|phonenumber|email)$/;
const own = (object, key) => (object && Object.hasOwn(object, key) ? object[key] : undefined);
const isList = Array.isArray;

/** Load the modules that this form needs; to be awaited before createForm. */
export const prepare = (engine) => Promise.all([load(engine.modules), engine.rare && prepareReading()]);

/** A form with these typed answers (JSON, of the whole form). `now` and `today` are ISO texts on the
 * clock of the form, `seed` makes chance repeatable; `fresh`: a new form, which begins with its first
 * values and rounds. Paths are as in core: `kamers/0/soort`. */
export function createForm(engine, answers, { now, today = now.slice(0, 10), seed, fresh } = {}) {
  const rows = Object.create(null);
  const users = Object.create(null); // name -> names of the rows that depend on it
  const data = { root: element({ name: "data" }, null), named: Object.create(null), repeatsOf: Object.create(null) };
  const places = new Map(); // path -> node, or list of rounds
  const offers = new Map();
  const ctx = {
    data, today, lists: engine.lists, version: engine.version, choiceLabel,
    now: evaluate(["date-time", now], {}),
  };

  // the tree: a node has `parts`, in the order of the rows: nodes, and lists of rounds. `given` is
  // the answer that is kept, whether it is asked or not; `value` what counts now.

  function element(row, parent) {
    return { row, name: row.name, parent, parts: [], children: [], value: null, relevant: true, position: 1, path: "" };
  }

  function grow(parent, items, given) {
    for (const row of items) {
      if (row.kind === "repeat") {
        const part = (own(given, row.name) ?? []).map((round) => grow(element(row, parent), row.rows, round));
        parent.parts.push(Object.assign(part, { row, parent }));
      } else {
        const node = element(row, parent);
        parent.parts.push(node);
        if (row.kind) grow(node, row.rows, given);
        else if (own(given, row.name) !== undefined) take(node, own(given, row.name));
      }
    }
    return parent;
  }

  /** Note every node by path and by name, in document order, after rounds came or went. */
  function index() {
    places.clear();
    for (const name in rows) data.named[name] = [];
    const note = (node, path) => {
      node.path = path;
      places.set(path, node);
      node.parent.children.push(node);
      data.named[node.name].push(node);
    };
    const visit = (parent, prefix) => {
      parent.children = [];
      for (const part of parent.parts) {
        const path = prefix + part.row.name;
        if (!isList(part)) {
          note(part, path);
          visit(part, prefix);
          continue;
        }
        places.set(path, part);
        part.path = path;
        visible(part).forEach((round, at) => {
          round.position = at + 1;
          note(round, `${path}/${at}`);
          visit(round, `${path}/${at}/`);
        });
      }
    };
    visit(data.root, "");
  }

  const visible = (part) => part.slice(0, part.most); // the rest is kept for when the count grows again

  // answers and expressions

  function take(node, raw) {
    node.there = true;
    node.wrong = undefined;
    try {
      node.given = read(node.row, raw, (name) => isOffered(node.row, name));
    } catch (code) {
      node.there = false;
      node.given = undefined;
      node.wrong = code;
    }
  }

  const nameIn = (row, choice) => choice[row.value ?? "name"];

  function offer(row) {
    if (!offers.has(row)) offers.set(row, engine.lists[row.list]?.filter((choice) => nameIn(row, choice)));
    return offers.get(row);
  }

  const isOffered = (row, name) => offer(row)?.some((choice) => nameIn(row, choice) === name) ?? true;

  function choiceLabel(question, name) {
    const row = rows[question];
    const choice = row && offer(row)?.find((item) => nameIn(row, item) === name);
    return choice?.[row.labels ?? "label"] || name;
  }

  function at(node) {
    ctx.node = node;
    if (seed !== undefined && seed !== null) {
      ctx.seed = seed % MODULUS;
      for (const letter of node.path) ctx.seed = (ctx.seed * 31 + letter.codePointAt(0)) % MODULUS;
    }
    return ctx;
  }

  /** What an expression gives, as an answer to the question. */
  function outcome({ row }, value) {
    if (!PLAIN.test(row.type)) {
      try {
        return read(row, toText(value), (name) => isOffered(row, name));
      } catch {
        return null;
      }
    }
    if (typeof value === "number") return Number.isFinite(value) ? value : null;
    return value === "" ? null : String(value);
  }

  const offeredOf = (node, choices) => {
    const kept = choiceRows(node.row.filter, at(node), choices);
    return kept.map((place) => nameIn(node.row, choices[place]));
  };

  // the walk

  const asked = (row, node) =>
    node.parent.relevant && (row.relevant === undefined || isTrue(row.relevant, at(node)));

  /** Work out one row in all rounds; the nodes that changed, or true when rounds came or went. */
  function work(row) {
    let grown = false;
    const parts = row.kind === "repeat" ? partsOf(row) : [];
    for (const part of parts) {
      if (row.count !== undefined && part.parent.relevant && count(part)) grown = true;
    }
    if (grown) index();
    const changed = data.named[row.name].filter((node) => {
      node.relevant = asked(row, node);
      if (!row.kind) node.value = node.relevant ? valueOf(node) : null;
      const state = node.relevant && `${typeof node.value} ${fromAnswer(node.value)}`;
      const before = node.state;
      node.state = state;
      return before !== undefined && before !== state;
    });
    for (const part of parts) {
      const next = { ...element(row, part.parent), position: visible(part).length + 1, path: part.path };
      part.relevant = visible(part).some((round) => round.relevant) || asked(row, next);
    }
    return grown || changed;
  }

  const partsOf = (row) =>
    (row.parent ? data.named[row.parent] : [data.root]).map((node) => node.parts.find((part) => part.row === row));

  function count(part) {
    const { row, parent } = part;
    const before = visible(part).length;
    const asking = { ...element({ name: `${row.name}_count` }, parent), path: part.path };
    const number = Number(evaluate(["number", row.count], at(asking)));
    part.most = Number.isFinite(number) ? Math.min(Math.max(Math.trunc(number), 0), engine.most) : 0;
    const fresh = [];
    while (part.length < part.most) {
      fresh.push(grow(element(row, parent), row.rows, {}));
      part.push(fresh.at(-1));
    }
    if (fresh.length) index();
    fresh.forEach(fillIn);
    return part.most !== before;
  }

  function valueOf(node) {
    const { row, given = null } = node;
    node.value = given;
    node.withdrawn = false;
    if (row.type === "today") return today;
    if (OWN_CLOCK.test(row.type)) return given ?? ctx.now.slice(0, 19);
    if (UNKNOWN.test(row.type)) return null;
    if (row.calculation !== undefined && isDue(node)) {
      node.value = outcome(node, evaluate(row.calculation, at(node)));
      if (row.memory && node.value !== null) node.given = node.value;
    }
    return row.filter === undefined || node.value === null ? node.value : offeredValue(node);
  }

  /** A calculation with a trigger waits for it, and stays once there is something. */
  const isDue = ({ row, ...node }) =>
    !row.trigger || (node.value === null && triggersOf(row, places.get(node.path)).some((other) => other.value !== null && isShown(other)));
  const triggersOf = (row, node) => row.trigger.flatMap((name) => find(data, name, node));

  /** The answer without the choices that are not offered given the other answers. */
  function offeredValue(node) {
    const { row, value } = node;
    const chosen = [value].flat();
    const choices = chosen.flatMap((name) => offer(row).filter((choice) => nameIn(row, choice) === name));
    const still = offeredOf(node, choices);
    const kept = chosen.filter((name) => still.includes(name));
    node.withdrawn = kept.length < chosen.length;
    if (!node.withdrawn) return value;
    return isList(value) && kept.length ? kept : null;
  }

  /** Work out these rows and what depends on them, or everything. */
  function walk(names) {
    let due = engine.again ? undefined : names;
    if (engine.again) restart();
    for (const name of engine.order) {
      if (due && !due.has(name)) continue;
      const changed = work(rows[name]);
      if (changed === true) due = undefined;
      else if (changed.length) {
        for (const node of changed) fire(node);
        for (const user of users[name]) due?.add(user);
      }
    }
  }

  /** As before the first walk, for forms in which rows look ahead. */
  function restart() {
    for (const node of places.values()) {
      if (!isList(node)) Object.assign(node, { relevant: true, value: node.given ?? null });
    }
  }

  /** A trigger changed: what hangs on it is forgotten, to be worked out anew. */
  function fire(changed) {
    for (const name of users[changed.name]) {
      if (!rows[name].trigger?.includes(changed.name)) continue;
      for (const node of data.named[name]) {
        if (triggersOf(rows[name], node).includes(changed)) Object.assign(node, { given: undefined, there: false });
      }
    }
  }

  // first values

  function fillIn(node) {
    for (const child of node.children) {
      const { row } = child;
      if (row.kind) fillIn(child);
      else {
        child.given = row.default === undefined ? row.first : outcome(child, evaluate(row.default, at(child)));
        child.value = child.given ?? null;
        child.there = child.value !== null;
      }
    }
  }

  const firstRounds = (items) =>
    Object.assign({}, ...items.map((row) => {
      if (row.kind === "group") return firstRounds(row.rows);
      return row.kind && row.count === undefined ? { [row.name]: [firstRounds(row.rows)] } : {};
    }));

  // what comes out

  function* relevantQuestions(node) {
    for (const child of node.children) {
      if (child.relevant && child.row.kind) yield* relevantQuestions(child);
      else if (child.relevant) yield child;
    }
  }

  /** The code of what is wrong with an answer, at most one. */
  function judge(node) {
    const { row } = node;
    if (node.wrong) return node.wrong;
    if (node.withdrawn) return "choice_not_offered";
    if (node.value === null) return row.required !== undefined && isTrue(row.required, at(node)) && "required";
    return row.constraint !== undefined && !isTrue(row.constraint, at(node)) && "constraint";
  }

  /** The answers below a node; `all`: also those that are not asked now. */
  function harvest(node, all, found = {}) {
    for (const part of node.parts) {
      const { row } = part;
      if (!all && !part.relevant) continue;
      if (isList(part)) {
        const rounds = (found[row.name] = []);
        for (const round of visible(part)) {
          if (all || round.relevant) rounds[round.position - 1] = harvest(round, all);
        }
        for (let place = 0; place < rounds.length; place += 1) rounds[place] ??= {};
      } else if (row.kind) harvest(part, all, found);
      else if (all) {
        if (part.there || (part.given ?? null) !== null) found[row.name] = part.given ?? null;
      } else if (part.value !== null || (row.kept ?? part.there)) found[row.name] = part.value;
    }
    return found;
  }

  const shown = (node) =>
    [node.value].flat().map((one) => (node.row.list ? choiceLabel(node.name, one) : toText(one))).join(", ");

  /** Text with the answers in it, as seen from a path; … where there is none. */
  function fill(text, path) {
    return text.replace(/\$\{\s*([^{}\s]+)\s*\}/g, (all, name) => {
      const node = find(data, name, places.get(path) ?? data.root).find(isShown);
      return node && node.value !== null ? shown(node) : "…";
    });
  }

  const filled = (path, key) => {
    const text = places.get(path)?.row[key];
    return text === undefined ? null : fill(text, path);
  };

  const note = (items, around, parent) => items.forEach((row) => {
    rows[row.name] = row;
    row.parent = parent;
    users[row.name] = new Set();
    data.repeatsOf[row.name] = around;
    if (row.kind) note(row.rows, row.kind === "repeat" ? [...around, row.name] : around, row.name);
  });
  const names = (tree) => (isList(tree) ? tree.flatMap(names) : tree in rows ? [tree] : []);

  note(engine.rows, []);
  for (const { name, parent, relevant, calculation, filter, count: rounds, trigger } of Object.values(rows)) {
    for (const other of names([relevant, calculation, filter, rounds, trigger, parent])) users[other].add(name);
  }
  grow(data.root, engine.rows, fresh ? firstRounds(engine.rows) : answers);
  index();
  if (fresh) fillIn(data.root);
  walk();

  return {
    /** An answer as the page sends it: text, or a list of texts. */
    set(path, raw) {
      const node = places.get(path);
      if (!node || isList(node) || node.row.kind || node.row.kept === false) return;
      take(node, raw);
      walk(new Set([node.name]));
    },
    /** One round more, with its first values; its path, or null when there is no room for it. */
    add(path) {
      const part = places.get(path);
      if (!isList(part) || part.length >= engine.most) return null;
      const { row, parent } = part;
      part.push(grow(element(row, parent), row.rows, firstRounds(row.rows)));
      index();
      fillIn(part.at(-1));
      walk();
      return part.at(-1).path;
    },
    /** A round less; those after it move up. */
    remove(path) {
      const round = places.get(path);
      const part = places.get(path.replace(/\/\d+$/, ""));
      if (!isList(part) || !round) return;
      part.splice(round.position - 1, 1);
      index();
      walk();
    },
    /** Whether a question, group, repeat or round is asked. */
    relevant: (path) => Boolean(places.get(path)?.relevant),
    value: (path) => places.get(path)?.value ?? null,
    /** How many rounds a repeat has now. */
    rounds: (path) => (isList(places.get(path)) ? visible(places.get(path)).length : 0),
    /** The names of the choices on offer; null without a choice_filter. */
    choices(path) {
      const node = places.get(path);
      return node?.row.filter === undefined ? null : offeredOf(node, offer(node.row));
    },
    /** [{where, code, message}]; message is the author's own text, or null. */
    problems: () =>
      [...relevantQuestions(data.root)].flatMap((node) => {
        const code = judge(node);
        const text = code && node.row[`${code}Message`];
        return code ? [{ where: node.path, code, message: text ? fill(text, node.path) : null }] : [];
      }),
    /** What counts: without answers to what is not asked. */
    answers: () => harvest(data.root),
    /** All that was answered, asked now or not. */
    store: () => harvest(data.root, true),
    fill,
    /** The label of a row with answers in it; null when it holds none. */
    text: (path) => filled(path, "label"),
    hint: (path) => filled(path, "hint"),
  };
}
