// On to the next page, to what is missing, or to the end.
import { complete } from "./ending.js";
import { pageOf, problemsOf, tell } from "./judging.js";

/** "Volgende"; with "done" from any page to the end. */
export async function step(sheet, value) {
  const { form, live, pages } = sheet;
  await sheet.settled();
  live.refresh();
  const all = problemsOf(sheet);
  const on = (page) => all.filter((problem) => pageOf(sheet, problem) === page);
  const here = on(pages.page);
  tell(sheet, here);
  if (here.length) return;
  const following = pages.around(1);
  if (value !== "done" && following) return pages.go(following);
  if (all.length) {
    const page = pageOf(sheet, all[0]);
    pages.go(page);
    return tell(sheet, on(page));
  }
  const go = form.dispatchEvent(new CustomEvent("fa:finish", { bubbles: true, cancelable: true }));
  return go ? complete(sheet) : undefined;
}
