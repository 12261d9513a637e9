// The answers as a tree of nodes; the twin of core/expression/nodes.py.
import { own } from "./values.js";

export const node = (name, value = null, position = 1, path = "") => ({
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

const tables = new WeakMap();

/** The rows of a list or table as nodes: root/item/column; made once. */
export function asTable(rows) {
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
