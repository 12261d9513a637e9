// A whole form on the phone: every answer is in the phone's own store before anybody asks, with or without
// signal. The page is the same for every draft; which one it is stands behind the # of the address:
// #nieuw, #nieuw&ronde=<slug>&portiek=<name>, or #<id of a draft>.
//
// Who has what: `frame` the page around the form and the store; Keeping the draft and every write of it;
// Sheet the form as it is drawn. This module leads what a person does to them.
import { throwAway } from "./form/discarding.js";
import { complete } from "./form/ending.js";
import { step } from "./form/going_on.js";
import { tellRefusal } from "./form/judging.js";
import { Keeping } from "./form/keeping.js";
import { broken, followInPage } from "./form/notices.js";
import { openDraft } from "./form/opening.js";
import { Sheet } from "./form/sheet.js";
import { storeOf } from "./store.js";

const POINT = 1000; // ms between writes while a position improves

export default class PhoneForm {
  constructor(root) {
    const settings = JSON.parse(root.querySelector("[data-form-settings]").textContent);
    this.frame = { root, texts: root.dataset, settings, store: storeOf() };
    window.addEventListener("hashchange", () => this.hashChanged());
    document.addEventListener("click", (event) => followInPage(event, this.keeping?.draft));
    this.open().catch((error) => broken(this.frame, error));
  }

  async open() {
    const found = await openDraft(this.frame);
    if (!found) return;
    const { draft, isNew, portiek } = found;
    this.keeping = new Keeping(this.frame, found, () => this.sheet.answered());
    this.sheet = new Sheet(this.frame, this.keeping, () => this.listen());
    await this.sheet.draw(draft.controls, { first: isNew || !draft.controls.length, portiek });
    this.sheet.pages.open(draft.page || undefined);
    this.frame.root.querySelector("[data-waiting]").hidden = true;
    this.sheet.form.hidden = false;
    if (!isNew) this.keeping.told.say("saved");
    if (draft.refusal) tellRefusal(this.sheet);
  }

  /** To a form that was just drawn. */
  listen() {
    const { sheet, keeping } = this;
    const on = (name, act, early = false) => sheet.form.addEventListener(name, act, early);
    for (const name of ["input", "change"]) on(name, (event) => this.answered(event));
    on("fa:point", (event) => this.pointed(event), true); // it does not bubble
    on("fa:round-added", (event) => {
      sheet.roundAdded(event);
      keeping.soon();
    });
    on("fa:round-removed", () => keeping.soon());
    on("submit", (event) => {
      event.preventDefault();
      step(sheet, event.submitter?.value ?? "next");
    });
    on("click", (event) => this.clicked(event));
    on("fa:go", ({ target }) => sheet.pages.go(target.closest("section[data-page]")?.dataset.page));
    on("fa:finish-go", () => complete(sheet));
  }

  answered(event) {
    if (event.target.type === "file") return;
    this.sheet.place.heard(event);
    this.keeping.soon();
  }

  pointed(event) {
    this.sheet.place.heard(event);
    this.sheet.live.changed(event.target);
    // A position that is measured while nobody said anything is no answer yet.
    if (!this.keeping.isNew || event.detail?.source !== "gps") this.keeping.soon(POINT);
  }

  clicked(event) {
    const pressed = (what) => event.target.closest(what);
    // The second click of a double one would pass over the page that the first one led to.
    if (event.detail > 1 && pressed('button[name="form/step"]')) event.preventDefault();
    else if (pressed('button[value="back"]')) this.sheet.pages.goBack();
    if (pressed("[data-discard]")) throwAway(this.sheet);
    const language = pressed("a[data-language]");
    if (language) this.speak(event, language);
  }

  /** The same draft in another language: first everything is kept. */
  async speak(event, { href }) {
    const { keeping } = this;
    event.preventDefault();
    if (keeping.isNew) return location.assign(href + location.hash);
    if (await keeping.finish()) location.assign(href + keeping.address);
    return undefined;
  }

  /** Another draft is asked for, by hand or by a link. */
  hashChanged() {
    const asked = location.hash.slice(1);
    if (asked !== this.keeping?.draft.id && /^(nieuw|[0-9a-f-]{36}$)/.test(asked)) location.reload();
  }
}
