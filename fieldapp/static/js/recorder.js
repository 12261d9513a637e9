// Recording sound or film here: start, stop, hear or see it back, throw it away. It stops by itself at the
// longest time and when the page goes out of sight. The result goes into the file input, so the plain form
// sends it; on the phone (inside [data-phone]) it is handed to the form, sound also while it is being made, so
// that a phone that dies loses seconds at most.
import { fill } from "./point.js";

const KINDS = {
  audio: ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"],
  video: ["video/mp4", "video/webm;codecs=vp8,opus", "video/webm"],
};
const ENDS = { "audio/webm": "webm", "audio/mp4": "m4a", "audio/ogg": "ogg", "video/mp4": "mp4", "video/webm": "webm" };
const PART = 15_000; // ms between what is handed over during a recording
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

export default class Recorder {
  static supported() {
    return "MediaRecorder" in window && Boolean(navigator.mediaDevices?.getUserMedia) && "DataTransfer" in window;
  }

  constructor(element) {
    const part = (name) => element.querySelector(`[data-${name}]`);
    this.element = element;
    this.texts = element.dataset;
    this.kind = element.dataset.kind;
    this.longest = Number(element.dataset.longest);
    this.input = element.querySelector("input[type=file]");
    [this.button, this.words, this.time, this.view, this.result, this.player, this.status] =
      ["record", "words", "time", "view", "result", "play", "status"].map(part);
    this.type = KINDS[this.kind].find((type) => MediaRecorder.isTypeSupported(type));
    if (!this.type) return;
    part("tools").hidden = false;
    this.button.addEventListener("click", () => (this.recorder ? this.stop() : this.start()));
    part("drop").addEventListener("click", () => this.drop());
    this.listen();
  }

  listen() {
    window.addEventListener("pagehide", () => this.stop());
    document.addEventListener("visibilitychange", () => document.hidden && this.stop());
    const box = this.element.closest("[data-phone] [data-path]");
    this.onPhone = Boolean(box);
    for (const name of ["input", "change"]) {
      this.input.addEventListener(name, (event) => {
        if (this.onPhone) event.stopPropagation();
        if (name === "change") this.chosen(this.input.files[0] ?? null);
      });
    }
    if (!box) return;
    this.input.form?.addEventListener("fa:settle", ({ detail }) => {
      if (this.recorder?.state !== "recording") return;
      detail.waits.push(new Promise((resolve) => (this.settled = resolve)));
      this.stop();
    });
    this.element.dataset.keeps = ""; // shows what is kept itself
    box.addEventListener("fa:kept", ({ target, detail }) => {
      if (target !== box) return;
      this.kept = detail.files[0];
      if (!this.recorder) this.show(this.kept);
    });
  }

  /** A file made elsewhere. */
  chosen(file) {
    if (this.onPhone) this.give(file);
    else this.show(file && { url: URL.createObjectURL(file) });
  }

  async start() {
    if (this.asking) return;
    this.asking = true;
    try {
      const film = this.kind === "video" && { facingMode: "environment", width: { ideal: 1280 } };
      this.stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: film });
      this.recorder = new MediaRecorder(this.stream, { mimeType: this.type, videoBitsPerSecond: 1_500_000 });
    } catch {
      this.release();
      this.status.textContent = this.texts.textDenied;
      return;
    } finally {
      this.asking = false;
    }
    const pieces = [];
    this.handed = Date.now();
    this.recorder.addEventListener("dataavailable", ({ data }) => {
      if (data.size) pieces.push(data);
      if (this.onPhone && this.kind === "audio" && Date.now() - this.handed > PART) this.give(this.file(pieces));
    });
    this.recorder.addEventListener("stop", () => this.done(pieces));
    this.recorder.start(1000);
    this.began = Date.now();
    this.timer = setInterval(() => this.tick(), 250);
    if (this.view) {
      this.view.srcObject = this.stream;
      this.view.hidden = false;
      this.view.play();
    }
    this.busy(true);
    this.status.textContent = fill(this.texts.textBusy, { minutes: clock(this.longest) });
  }

  tick() {
    const seconds = (Date.now() - this.began) / 1000;
    this.time.textContent = clock(seconds);
    if (seconds >= this.longest) this.stop();
  }

  stop() {
    if (this.recorder?.state === "recording") this.recorder.stop();
  }

  done(pieces) {
    this.release();
    this.busy(false);
    const file = this.file(pieces);
    if (file.size) this.give(file);
    this.status.textContent = file.size ? this.texts.textDone : this.texts.textNothing;
    this.settled?.();
  }

  file(pieces) {
    const type = this.type.split(";")[0];
    return new File(pieces, `${this.kind === "audio" ? "opname" : "film"}.${ENDS[type]}`, { type });
  }

  busy(on) {
    this.button.setAttribute("aria-pressed", String(on));
    this.words.textContent = on ? this.texts.textStop : this.texts.textStart;
    this.time.hidden = !on;
    this.time.textContent = clock(0);
  }

  release() {
    clearInterval(this.timer);
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    if (this.view) this.view.hidden = true;
    this.recorder = this.stream = undefined;
  }

  /** In the place of what was recorded before. */
  give(file) {
    this.handed = Date.now();
    const transfer = new DataTransfer();
    if (file && !this.onPhone) transfer.items.add(file);
    this.input.files = transfer.files;
    if (!this.onPhone) this.show(file && { url: URL.createObjectURL(file) });
    const files = file ? [{ file, taken_at: new Date(this.began ?? Date.now()).toISOString(), replaces: null }] : [];
    this.element.dispatchEvent(new CustomEvent("fa:files", { bubbles: true, detail: { files, only: true } }));
  }

  show(kept) {
    if (!this.onPhone && this.player.src) URL.revokeObjectURL(this.player.src);
    this.result.hidden = !kept;
    if (kept) this.player.src = kept.url;
    else this.player.removeAttribute("src");
  }

  drop() {
    this.give(null);
    this.status.textContent = this.texts.textGone;
    this.button.focus();
  }
}
