// The log-in page: says that forms wait on this phone, and takes the pages of who was here before out of sight.
import { waitingHere } from "./waiting.js";
import { forgetPages, noteLogIn } from "./worker_talk.js";

export default class LogIn {
  constructor(form) {
    this.form = form;
    // Asked before the form is sent, done long before the page of who logs in is asked for.
    form.addEventListener("submit", () => {
      forgetPages({ all: false }).catch(() => {});
      noteLogIn();
    });
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
}
