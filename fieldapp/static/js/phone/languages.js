// Other languages of the forms, taken along for where there is no signal.
import { allDrafts } from "./drafts.js";
import { pack, pagesOf } from "./pack.js";
import { storeOf } from "./store.js";
import { ask } from "./worker_talk.js";

export default class Languages {
  static supported() {
    return Boolean(navigator.serviceWorker && storeOf());
  }

  constructor(element) {
    this.element = element;
    this.store = storeOf();
    this.list = element.querySelector("[data-list]");
    this.said = element.querySelector("[data-said]");
    this.draw().catch((error) => console.warn("fieldapp: languages", error));
    this.list.addEventListener("change", () => this.choose());
  }

  async draw() {
    const data = await pack(this.store);
    const chosen = await this.store.setting("languages", []);
    const own = new Set((data?.surveys ?? []).map((survey) => survey.language));
    const known = new Map((data?.surveys ?? []).flatMap((survey) => survey.languages.map(({ tag, name }) => [tag, name])));
    const pattern = this.list.querySelector("template");
    const rows = [...known].filter(([tag]) => !own.has(tag)).map(([tag, name]) => {
      const row = pattern.content.firstElementChild.cloneNode(true);
      const box = row.querySelector("input");
      [box.value, box.checked] = [tag, chosen.includes(tag)];
      const words = row.querySelector("[data-name]");
      [words.textContent, words.lang] = [name, tag];
      return row;
    });
    this.list.replaceChildren(pattern, ...rows);
    this.element.hidden = !rows.length;
  }

  async choose() {
    const chosen = Array.from(this.list.querySelectorAll("input:checked"), (box) => box.value);
    await this.store.set("languages", chosen);
    this.said.textContent = this.element.dataset.textBusy;
    const pages = pagesOf(await pack(this.store), await allDrafts(this.store), chosen);
    const done = await ask({ type: "keep", pages });
    this.said.textContent = done ? this.element.dataset.textDone : this.element.dataset.textFailed;
  }
}
