// Works out expression trees on the phone; the twin of fieldapp/core/expression, which parses them
// and says what everything means. Nothing here throws for a tree that the server made and that went
// through prepare().
import { chance } from "./chance.js";
import { RESULTS, VALUES } from "./functions.js";
import { asTable, find, isShown, node } from "./nodes.js";
import { isNodes, own, single, whole } from "./values.js";

export { build, find, isShown } from "./nodes.js";
export { fromAnswer, portable, single, spread, toNumber, toText, words } from "./values.js";

// functions that few forms use, with the module that holds them: name -> function of results
const RARE = {
  "./regex.js": ["regex"],
  "./geo.js": ["area", "distance", "geofence", "intersects"],
  "./digest.js": ["digest", "base64-decode"],
  "./seldom.js": [
    "acos", "asin", "atan", "atan2", "checklist", "cos", "decimal-time", "exp", "exp10", "format-date",
    "format-date-time", "log", "log10", "pow", "randomize", "sin", "tan", "translate", "uuid",
    "weighted-checklist",
  ],
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
    for (const item of nodes) {
      if (!byParent.has(item.parent)) byParent.set(item.parent, []);
      byParent.get(item.parent).push(item);
    }
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
