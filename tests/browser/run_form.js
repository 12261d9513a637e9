// Fills in forms with the phone's engine and tells what it makes of them; for test_engine_js.py.

/** Every path of the form as it is: groups, repeats, rounds and questions. */
function* paths(rows, store, prefix = "") {
  for (const row of rows) {
    yield [prefix + row.name, row];
    if (row.kind === "group") yield* paths(row.rows, store, prefix);
    if (row.kind !== "repeat") continue;
    for (const [at, round] of (store[row.name] ?? []).entries()) {
      yield [`${prefix}${row.name}/${at}`, {}];
      yield* paths(row.rows, round, `${prefix}${row.name}/${at}/`);
    }
  }
}

function told(engine, form) {
  const store = form.store();
  const all = [...paths(engine.rows, store)];
  const some = (key, ask) => Object.fromEntries(all.filter(([, row]) => row[key] !== undefined).map(([path]) => [path, ask(path)]));
  return {
    store,
    relevant: all.map(([path]) => path).filter(form.relevant),
    answers: form.answers(),
    problems: form.problems().map(({ where, code, message }) => [where, code, message]),
    choices: some("filter", form.choices),
    texts: some("label", form.text),
  };
}

/** cases: [[answers, [[verb, path, value], ...]], ...] -> [[before, after, what was done], ...] */
export async function run({ prepare, createForm }, engine, cases, context) {
  await prepare(engine);
  return cases.map(([answers, actions]) => {
    const form = createForm(engine, answers, context);
    const before = told(engine, form);
    const done = actions.filter(([verb, path, value]) => {
      const there = [...paths(engine.rows, form.store())].some(([known]) => known === path);
      if (there) form[verb](path, value);
      return there; // else the round went meanwhile
    });
    return [before, told(engine, form), done];
  });
}
