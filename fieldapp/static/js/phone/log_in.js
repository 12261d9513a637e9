// The log-in page: says that forms wait on this phone, and takes the pages of who was here before out of sight.
import { waitingHere } from "./waiting.js";
import { forgetPages } from "./worker_talk.js";

export default class LogIn {
  constructor(form) {
    this.form = form;
    form.addEventListener("submit", (event) => this.send(event));
    this.tell().catch(() => {});
  }

  async tell() {
    const number = await waitingHere();
    if (!number) return;
    const line = this.form.querySelector("[data-waiting]");
    line.querySelector("[data-words]").textContent = number === 1 ? line.dataset.textOne
      : line.dataset.textMany.replace("{n}", number);
    line.hidden = false;
  }

  async send(event) {
    if (this.done) return;
    event.preventDefault();
    await Promise.race([forgetPages({ all: false }), new Promise((go) => setTimeout(go, 1000))]).catch(() => {});
    this.done = true;
    this.form.requestSubmit(event.submitter);
  }
}
