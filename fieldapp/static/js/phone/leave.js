// Log-out on a phone: the person's pages go, forms that were not sent stay and are told about.
import { allDrafts } from "./drafts.js";
import { storeOf } from "./store.js";
import { forgetPages } from "./worker_talk.js";

export default class Leave {
  constructor(form) {
    this.form = form;
    form.addEventListener("submit", (event) => this.leave(event));
    form.closest("details")?.addEventListener("toggle", () => this.tell().catch(() => {}));
  }

  async tell() {
    const number = (await allDrafts(storeOf())).length;
    const line = this.form.querySelector("[data-waiting]");
    line.textContent = number === 1 ? line.dataset.textOne : line.dataset.textMany.replace("{n}", number);
    line.hidden = !number;
  }

  async leave(event) {
    if (this.done) return;
    event.preventDefault();
    try {
      if (this.form.dataset.token) await this.refresh();
    } catch {
      const line = this.form.querySelector("[data-waiting]");
      line.textContent = line.dataset.textOffline;
      line.hidden = false;
      return;
    }
    await forgetPages().catch(() => {});
    await storeOf().remove("settings", "pack").catch(() => {}); // doors and promises of this person
    this.done = true;
    this.form.requestSubmit();
  }

  /** The token of a page that the phone kept may be of an older log-in. */
  async refresh() {
    const answer = await fetch(this.form.dataset.token, { redirect: "manual", cache: "no-store" });
    if (!answer.ok) return; // logged out already: the server will say so
    this.form.elements.csrf_token.value = (await answer.json()).csrf_token;
  }
}
