// A round with answers that is taken away can be put back: the whole form as it was.
import { fill } from "../../point.js";
import { removeRound } from "../../rounds.js";
import { saveDraft } from "../drafts.js";
import { readControls } from "./controls.js";

/** Paths of files after the round at `path`/`index` went: theirs go along, later ones move up. */
export function movedUp(files, path, index) {
  return files.flatMap((file) => {
    const rest = file.path.startsWith(`${path}/`) ? file.path.slice(path.length + 1).split("/") : null;
    if (!rest) return [file];
    const place = Number(rest[0]);
    if (place === index) return [];
    return [place < index ? file : { ...file, path: [path, place - 1, ...rest.slice(1)].join("/") }];
  });
}

/** Take a round out of `phoneForm` and offer to put it back. */
export async function takeOut(phoneForm, round) {
  const { form, root, texts, store } = phoneForm;
  const section = round.closest("[data-repeat]");
  const steps = round.dataset.path.split("/");
  const index = Number(steps.pop());
  const name = round.querySelector("[data-round-heading]")?.textContent ?? "";
  const controls = [...readControls(form), ...phoneForm.unseenNow()];
  const { files } = phoneForm.draft;
  const page = phoneForm.pages.page;
  removeRound(round);
  phoneForm.draft = await saveDraft(store, phoneForm.draft, { files: movedUp(files, steps.join("/"), index) });
  await phoneForm.files.show(form);
  const bar = root.querySelector("template[data-removed-bar]").content.firstElementChild.cloneNode(true);
  bar.querySelector("[data-words]").textContent = fill(texts.textRemoved, { name });
  bar.querySelector("[data-put-back]").addEventListener("click", async () => {
    phoneForm.draft = await saveDraft(store, phoneForm.draft, { files });
    await phoneForm.build(controls);
    phoneForm.form.hidden = false;
    phoneForm.pages.show(page);
    phoneForm.saver.soon();
  });
  section.after(bar);
  phoneForm.clearRemoved = () => bar.remove();
  bar.focus();
}
