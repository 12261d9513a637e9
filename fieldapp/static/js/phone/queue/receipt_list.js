// "Aangekomen": the receipts that this phone keeps. All words come from the template.

import { download } from "./export.js";
import { arrival, listReceipts, moment, verify } from "./receipts.js";
import { Rows, filled, say } from "../rows.js";
import { storeOf } from "../store.js";

const AT_FIRST = 5;

export default class ReceiptList {
  static supported() {
    return "indexedDB" in window && Boolean(storeOf());
  }

  constructor(element) {
    this.element = element;
    this.texts = JSON.parse(element.querySelector("[data-words]").textContent);
    this.language = document.documentElement.lang;
    this.store = storeOf();
    this.shown = AT_FIRST;
    this.checked = new Map(); // id -> words
    this.rows = new Rows(element.querySelector("[data-list]"), (row, receipt) => this.fill(row, receipt));
    element.addEventListener("click", (event) => this.click(event));
    this.store.watch((what) => what === "receipts" && this.draw());
    this.draw();
  }

  async draw() {
    try {
      this.receipts = await listReceipts(this.store);
    } catch (error) {
      console.warn("fieldapp: receipts cannot be read", error);
      return;
    }
    this.element.hidden = false;
    this.element.querySelector("[data-none]").hidden = this.receipts.length > 0;
    this.rows.show(this.receipts.slice(0, this.shown));
    this.element.querySelector("[data-more]").hidden = this.receipts.length <= this.shown;
  }

  fill(row, receipt) {
    say(row, "title", receipt.title || receipt.survey);
    say(row, "when", arrival(receipt, this.texts, this.language));
    say(row, "day", moment(receipt.received_at, this.language).day);
    say(row, "number", receipt.number);
    say(row, "said", this.checked.get(receipt.id) ?? "");
    for (const button of row.querySelectorAll("button")) {
      button.setAttribute("aria-describedby", row.querySelector("[data-title]").id ||= `r-${receipt.id}`);
    }
  }

  async click(event) {
    if (event.target.closest("[data-more]")) return this.more();
    const control = event.target.closest("[data-check], [data-keep]");
    const receipt = control && this.receipts.find(({ id }) => id === control.closest("[data-id]").dataset.id);
    if (!receipt) return undefined;
    return control.dataset.check === undefined ? this.keep(receipt) : this.check(receipt);
  }

  async more() {
    const next = this.receipts[this.shown];
    this.shown += 10 * AT_FIRST;
    await this.draw();
    this.rows.get(next?.id)?.querySelector("summary")?.focus();
  }

  async check(receipt) {
    const words = await verify(this.store, receipt).then(
      (valid) => (valid === null ? this.texts.unknown : valid ? this.texts.right : this.texts.wrong),
      () => this.texts.noKey);
    this.checked.set(receipt.id, words);
    this.fill(this.rows.get(receipt.id), receipt);
  }

  keep({ document, signature, key, number }) {
    const text = JSON.stringify({ document, signature, key }, null, 1);
    download(new Blob([`${text}\n`], { type: "application/json" }), filled(this.texts.fileName, { number }));
  }
}
