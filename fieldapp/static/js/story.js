// Telling: a quiet clock from the first word, and dictation when somebody asks for it. Never on by itself:
// the maker of the browser turns the voice into text and may hear it.

const Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition;

export default class Story {
  constructor(element) {
    this.texts = element.dataset;
    this.field = element.querySelector("textarea");
    this.status = element.querySelector("[data-status]");
    this.clock = element.querySelector("[data-clock]");
    this.time = element.querySelector("[data-time]");
    this.field.addEventListener("input", () => this.start(), { once: true });
    if (!Recognition || this.field.readOnly) return;
    this.language = this.texts.lang || element.closest("[lang]")?.lang || "nl";
    this.button = element.querySelector("[data-speak]");
    element.querySelector("[data-speech]").hidden = false;
    this.button.addEventListener("click", () => (this.recognition ? this.stop() : this.listen()));
    document.addEventListener("visibilitychange", () => document.hidden && this.stop());
  }

  start() {
    if (this.began) return;
    this.began = Date.now();
    this.clock.hidden = false;
    setInterval(() => {
      const seconds = Math.floor((Date.now() - this.began) / 1000);
      this.time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    }, 1000);
  }

  listen() {
    this.recognition = new Recognition();
    Object.assign(this.recognition, { lang: this.language, continuous: true, interimResults: false });
    this.recognition.addEventListener("result", ({ results, resultIndex }) => {
      for (let i = resultIndex; i < results.length; i++) {
        if (results[i].isFinal) this.write(results[i][0].transcript.trim());
      }
    });
    this.recognition.addEventListener("error", ({ error }) => {
      if (error !== "no-speech" && error !== "aborted") this.failed = true;
    });
    this.recognition.addEventListener("end", () => this.ended());
    this.failed = false;
    try {
      this.recognition.start();
    } catch {
      this.failed = true;
      return this.ended();
    }
    this.start();
    this.show(true, this.texts.textListening);
  }

  stop() {
    this.recognition?.stop();
  }

  ended() {
    this.recognition = undefined;
    this.show(false, this.failed ? this.texts.textDenied : this.texts.textStopped);
  }

  show(on, words) {
    this.button.setAttribute("aria-pressed", String(on));
    this.button.querySelector("[data-words]").textContent = on ? this.texts.textStop : this.texts.textStart;
    this.status.textContent = words;
  }

  /** Behind what is there already: what was typed is never replaced. */
  write(words) {
    if (!words) return;
    const before = this.field.value;
    this.field.value = before + (before && !/\s$/.test(before) ? " " : "") + words;
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
