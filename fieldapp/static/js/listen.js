// Hear the question and its answers: recordings where there are any, else a voice of the phone itself
// that speaks the language. Without either there is no button.
import { fill } from "./point.js";

const speech = window.speechSynthesis;
let playing; // one sound at a time on a page: {stop}

export default class Listen {
  static supported() {
    return "Audio" in window || Boolean(speech);
  }

  constructor(element) {
    this.element = element;
    this.texts = element.dataset;
    this.language = element.closest("[lang]")?.lang || "nl";
    this.buttons = [...element.querySelectorAll("[data-hear]")];
    for (const button of this.buttons) {
      const label = element.querySelector(`label[for="${CSS.escape(button.dataset.hear)}"]`);
      const words = label.querySelector(".fa-choice__text").textContent.trim();
      button.setAttribute("aria-label", fill(this.texts.textChoice, { words }));
      if (button.dataset.audio) {
        button.hidden = false;
        button.addEventListener("click", () => this.play(button.dataset.audio));
      } else button.words = words;
    }
    this.offerVoice();
    speech?.addEventListener?.("voiceschanged", () => this.offerVoice());
  }

  /** The voice may come later than the page: browsers load their list when asked. */
  offerVoice() {
    const short = this.language.split("-")[0].toLowerCase();
    const fits = (voice) => voice.lang.toLowerCase().split(/[-_]/)[0] === short;
    const voices = (speech?.getVoices() ?? []).filter(fits);
    const voice = voices.find((one) => one.localService) ?? voices[0];
    if (!voice || this.voice) return;
    this.voice = voice;
    for (const button of this.buttons.filter((one) => one.words)) {
      button.hidden = false;
      button.addEventListener("click", () => this.say(button.words));
    }
    if ("hasAudio" in this.element.dataset) return;
    const whole = document.createElement("button");
    whole.type = "button";
    whole.className = "nl-button nl-button--secondary fa-hear-all";
    whole.textContent = this.texts.textQuestion;
    whole.addEventListener("click", () => this.say(this.question(), whole));
    this.element.prepend(whole);
  }

  question() {
    const box = this.element.closest("fieldset") ?? this.element.closest(".fa-field-box") ?? this.element;
    const parts = box.querySelectorAll("legend, .utrecht-form-field-description, .fa-choice__text");
    return [...parts].map((part) => part.textContent.trim()).join(". ");
  }

  say(words, button) {
    const same = playing?.button && playing.button === button;
    playing?.stop();
    if (same) return;
    const utterance = new SpeechSynthesisUtterance(words);
    utterance.voice = this.voice;
    utterance.lang = this.voice.lang;
    utterance.rate = 0.9;
    this.started({ button, stop: () => speech.cancel() });
    utterance.addEventListener("end", () => this.ended(button));
    utterance.addEventListener("error", () => this.ended(button));
    speech.speak(utterance);
  }

  play(url) {
    playing?.stop();
    const sound = new Audio(url);
    this.started({ stop: () => sound.pause() });
    sound.play().catch(() => {}); // no sound: the words are there
  }

  started(sound) {
    playing = { ...sound, stop: () => {
      playing = undefined;
      sound.stop();
      this.ended(sound.button);
    } };
    if (sound.button) sound.button.textContent = this.texts.textStop;
  }

  ended(button) {
    if (button) button.textContent = this.texts.textQuestion;
    if (button && playing?.button === button) playing = undefined;
  }
}
