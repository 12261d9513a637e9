// A round with answers that is taken away can be put back: the whole form as it was.
import { fill } from "../../point.js";
import { removeRound } from "../../rounds.js";

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

/** Take a round out of the form and offer to put it back. */
export async function takeOut(sheet, round) {
  const { frame: { root, texts }, keeping, pages: { page } } = sheet;
  const section = round.closest("[data-repeat]");
  const steps = round.dataset.path.split("/");
  const index = Number(steps.pop());
  const name = round.querySelector("[data-round-heading]")?.textContent ?? "";
  const controls = sheet.controls();
  const { files } = keeping.draft;
  removeRound(round);
  await keeping.save({ files: movedUp(files, steps.join("/"), index) });
  await sheet.files.show(sheet.form);
  const bar = root.querySelector("template[data-removed-bar]").content.firstElementChild.cloneNode(true);
  bar.querySelector("[data-words]").textContent = fill(texts.textRemoved, { name });
  bar.querySelector("[data-put-back]").addEventListener("click", async () => {
    await keeping.save({ files });
    await sheet.draw(controls);
    sheet.form.hidden = false;
    sheet.pages.show(page);
    keeping.soon();
  });
  section.after(bar);
  sheet.clearRemoved = () => bar.remove();
  bar.focus();
}
