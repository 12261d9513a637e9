// Keeps the page of a running import up to date; when it is finished the page loads its report.

const EVERY = 1500;
const SLOWEST = 15000;

export default class ImportProgress {
  static supported() {
    return "fetch" in window;
  }

  constructor(element) {
    this.url = element.dataset.url;
    this.words = element.querySelector("[data-progress-words]");
    this.bar = element.querySelector("[data-progress-bar]");
    this.warning = element.querySelector("[data-progress-warning]");
    this.wait = EVERY;
    this.plan();
  }

  plan() {
    setTimeout(() => this.look(), this.wait);
  }

  async look() {
    try {
      const answer = await fetch(this.url, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(`${answer.status}`);
      this.show(await answer.json());
      this.wait = EVERY;
    } catch {
      // Away for a moment, or logged out: ask less often; the Ververs link stays.
      this.wait = Math.min(this.wait * 2, SLOWEST);
    }
    this.plan();
  }

  show(found) {
    if (found.finished) {
      location.reload();
      return;
    }
    if (this.words.textContent !== found.words) this.words.textContent = found.words;
    if (found.percent === null) this.bar.removeAttribute("value");
    else this.bar.value = found.percent;
    this.warning.hidden = !found.warning;
    const text = this.warning.querySelector(".fa-alert__text");
    if (text) text.textContent = found.warning;
  }
}
