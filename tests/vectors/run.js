// Works out cases with the phone's interpreter; the twin of `outcome` in cases.py.
// A page (or Node) hands in the module, so that a broken copy can be tried as well.

const canonical = (engine, value) => {
  if (typeof value === "number") return `number ${Object.is(value, -0) ? "-0" : engine.toText(value)}`;
  return `${typeof value} ${value}`;
};

function contextOf(engine, world, path) {
  const { shape, answers, irrelevant = [], labels, ...ctx } = world;
  if (labels) ctx.choiceLabel = (question, name) => labels[question]?.[name] ?? name;
  if (!shape) return { ...ctx, answers };
  const data = engine.build(shape, answers);
  const at = {};
  for (const node of Object.values(data.named).flat()) at[node.path] = node;
  for (const away of irrelevant) at[away].relevant = false;
  return { ...ctx, data, node: at[path] ?? null };
}

/** cases: [[world index, path of the node, tree], ...] -> canonical texts in the same order. */
export async function run(engine, worlds, cases) {
  await engine.prepare(cases.map(([, , tree]) => tree));
  const contexts = new Map();
  return cases.map(([world, path, tree]) => {
    const key = `${world} ${path}`;
    if (!contexts.has(key)) contexts.set(key, contextOf(engine, worlds[world], path));
    return canonical(engine, engine.evaluate(tree, contexts.get(key)));
  });
}
