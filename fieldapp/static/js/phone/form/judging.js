// All that is wrong in a form, on which page, and in which words.
import { rawOf } from "../../controls.js";
import { refusedWords } from "./closing.js";
import { boxAt } from "./controls.js";
import { showProblems, wordsOf } from "./problems.js";

/** [{where, code, message}] of the whole form, in its order. */
export function problemsOf({ settings, live, place, form }) {
  const unkept = new Set(settings.unkept);
  const found = live.engine.problems().filter(({ where }) => !unkept.has(where.split("/").at(-1)));
  return [...found, ...place.problems(form)];
}

export function pageOf({ form, pages }, { where }) {
  return boxAt(form, where)?.closest("section[data-page]")?.dataset.page ?? pages.page;
}

export function sentence({ settings, form }, problem) {
  const name = problem.where.split("/").at(-1);
  const seek = (rows) => rows.map((row) => (row.name === name ? row : row.rows && seek(row.rows))).find(Boolean);
  const box = boxAt(form, problem.where);
  const typed = box ? [rawOf(box) ?? ""].flat().join(" ") : "";
  return wordsOf({ ...problem, row: seek(settings.engine.rows) }, settings.problems, typed);
}

/** Tell these problems on the page that is shown; none takes the list away. */
export function tell(sheet, problems) {
  const told = problems.map((problem) => ({ box: boxAt(sheet.form, problem.where), words: sentence(sheet, problem) }));
  showProblems(sheet.frame.root, sheet.form, told, sheet.live);
}

/** What the server said of a form that it did not take, at its questions. */
export function tellRefusal({ frame: { root, texts, settings }, keeping: { draft }, form, pages, live }) {
  const found = (draft.refusal.problems ?? []).map(({ path = "", message }) => {
    const where = path.replace(/^answers\./, "").replace(/^location\b.*$/, settings.point || settings.area.name);
    return { box: boxAt(form, where), words: message };
  });
  const page = found.find(({ box }) => box)?.box.closest("section[data-page]")?.dataset.page;
  if (page) pages.go(page);
  const said = found.length ? found : [{ box: null, words: refusedWords(draft, texts) }];
  showProblems(root, form, said, live);
}

/** Say "verplicht" where an answer is needed that was not needed from the start. */
export function sayMust({ frame: { texts }, form, live }, problems) {
  const paths = new Set(problems.filter(({ code }) => code === "required").map(({ where }) => where));
  for (const box of form.querySelectorAll("[data-type][data-path]")) {
    const said = box.querySelector(".fa-must");
    const wanted = paths.has(box.dataset.path);
    if (wanted && !said) {
      const must = document.createElement("span");
      Object.assign(must, { className: "fa-must fa-must--now", textContent: texts.textMust });
      (box.querySelector("legend h1, legend, label") ?? box).append(" ", must);
    } else if (!wanted && said?.classList.contains("fa-must--now") && !live.engine.value(box.dataset.path)) said.remove();
  }
}
