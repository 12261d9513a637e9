// Buttons with data-form lead to the phone's form when the phone can keep it, else to the plain form.
import { storeOf } from "./store.js";

export default class Begin {
  static supported() {
    return "indexedDB" in window && Boolean(storeOf());
  }

  constructor(element) {
    this.works = storeOf().open().then(() => true, () => false);
    element.addEventListener("submit", (event) => this.begin(event));
  }

  begin(event) {
    const { submitter, target } = event;
    const address = submitter?.dataset.form;
    if (!address || submitter.dataset.plain) return;
    event.preventDefault();
    event.stopPropagation();
    this.works.then((works) => {
      if (works) return location.assign(address);
      submitter.dataset.plain = "yes";
      return target.requestSubmit(submitter);
    });
  }
}
