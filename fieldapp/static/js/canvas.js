// Drawing, drawing on a photo, and signing. What is drawn goes into the file input as a picture, so the
// plain form sends it. Strokes are kept as fractions of the sheet: turning the phone loses nothing.

const RATIO = { draw: 0.75, annotate: 0.75, signature: 0.4 }; // height / width of an empty sheet
const LONGEST = 1600; // px of the picture that is sent

export default class Canvas {
  static supported() {
    try {
      new DataTransfer().items.add(new File(["x"], "x"));
      return "PointerEvent" in window && typeof createImageBitmap === "function";
    } catch {
      return false;
    }
  }

  constructor(element) {
    const part = (name) => element.querySelector(`[data-${name}]`);
    this.element = element;
    this.texts = element.dataset;
    this.kind = element.dataset.kind;
    this.input = element.querySelector("input[type=file]");
    [this.sheet, this.canvas, this.tools, this.status, this.undo, this.clear] =
      ["sheet", "canvas", "tools", "status", "undo", "clear"].map(part);
    this.strokes = [];
    this.pen = "#12202b";
    this.ratio = RATIO[this.kind];
    element.classList.add("fa-draw--ready");
    element.querySelector(`label[for="${CSS.escape(this.input.id)}"]`).className = "fa-draw__or";
    this.onPhone = Boolean(element.closest("[data-phone]"));
    for (const name of ["input", "change"]) {
      this.input.addEventListener(name, (event) => {
        if (this.onPhone) event.stopPropagation(); // what was not drawn anew stays here
        if (name === "change") this.chosen();
      });
    }
    this.input.form?.addEventListener("fa:settle", ({ detail }) => detail.waits.push(this.saving));
    this.undo.addEventListener("click", () => this.change(() => this.strokes.pop()));
    this.clear.addEventListener("click", () => this.change(() => { this.strokes = []; }));
    for (const button of element.querySelectorAll("[data-pen]")) {
      button.addEventListener("click", () => this.take(button));
    }
    this.listen();
    if (this.kind !== "annotate") this.open();
    else if (this.input.files.length) this.chosen();
    new ResizeObserver(() => this.paint()).observe(this.sheet);
  }

  open() {
    this.sheet.hidden = this.tools.hidden = false;
    this.paint();
  }

  take(button) {
    this.pen = button.dataset.pen;
    for (const other of this.element.querySelectorAll("[data-pen]")) {
      other.setAttribute("aria-pressed", String(other === button));
    }
  }

  /** A file of one's own: what is drawn upon (annotate), or what is sent instead of a drawing. */
  async chosen() {
    const file = this.input.files[0];
    this.strokes = [];
    if (this.kind !== "annotate") {
      this.status.textContent = "";
      this.show();
      if (file && this.onPhone) this.saving = this.instead(file);
      return undefined;
    }
    this.photo?.close();
    this.photo = undefined;
    if (!file) {
      this.sheet.hidden = this.tools.hidden = true;
      return;
    }
    try {
      this.photo = await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch {
      // A kind that the browser cannot draw (HEIC) is sent as it is.
      const heif = /\.(heic|heif)$/i.test(file.name);
      this.status.textContent = heif ? "" : this.texts.textFailed;
      this.sheet.hidden = this.tools.hidden = true;
      if (heif && this.onPhone) this.hand(file);
      return;
    }
    this.original = file;
    this.ratio = this.photo.height / this.photo.width;
    this.open();
    this.show();
    if (this.onPhone) this.save();
  }

  /** A photo of something drawn on paper. */
  async instead(file) {
    try {
      const { shrink } = await import("./phone/photo/shrink.js");
      this.hand((await shrink(file, LONGEST)).file);
    } catch {
      this.status.textContent = this.texts.textFailed;
    }
  }

  /** What is drawn goes into the input, or on the phone to the form, in the place of what was there. */
  hand(file) {
    const files = file ? [{ file, taken_at: null, replaces: null }] : [];
    const transfer = new DataTransfer();
    if (file && !this.onPhone) transfer.items.add(file);
    this.input.files = transfer.files;
    this.element.dispatchEvent(new CustomEvent("fa:files", { bubbles: true, detail: { files, only: true } }));
  }

  listen() {
    const place = ({ clientX, clientY }) => {
      const box = this.canvas.getBoundingClientRect();
      return [(clientX - box.left) / box.width, (clientY - box.top) / box.height];
    };
    this.canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || this.stroke) return;
      event.preventDefault();
      this.canvas.setPointerCapture(event.pointerId);
      this.stroke = { pen: this.pen, points: [place(event)] };
      this.strokes.push(this.stroke);
      this.paint();
    });
    this.canvas.addEventListener("pointermove", (event) => {
      if (!this.stroke) return;
      for (const one of event.getCoalescedEvents?.() ?? [event]) this.stroke.points.push(place(one));
      this.paint();
    });
    for (const end of ["pointerup", "pointercancel"]) {
      this.canvas.addEventListener(end, () => {
        if (!this.stroke) return;
        this.stroke = undefined;
        this.save();
      });
    }
  }

  change(act) {
    act();
    this.paint();
    this.save();
  }

  paint(canvas = this.canvas, width = this.sheet.clientWidth * Math.min(2, devicePixelRatio)) {
    if (!width) return;
    canvas.width = Math.round(width);
    canvas.height = Math.round(width * this.ratio);
    const pencil = canvas.getContext("2d");
    pencil.fillStyle = "#fff";
    pencil.fillRect(0, 0, canvas.width, canvas.height);
    if (this.photo) pencil.drawImage(this.photo, 0, 0, canvas.width, canvas.height);
    pencil.lineWidth = Math.max(2, canvas.width / 130);
    pencil.lineCap = pencil.lineJoin = "round";
    for (const { pen, points } of this.strokes) {
      pencil.strokeStyle = pen;
      pencil.beginPath();
      pencil.moveTo(points[0][0] * canvas.width, points[0][1] * canvas.height);
      for (const [x, y] of points.length > 1 ? points.slice(1) : points) {
        pencil.lineTo(x * canvas.width, y * canvas.height);
      }
      pencil.stroke();
    }
  }

  save() {
    this.saving = this.saveNow();
    return this.saving;
  }

  /** PNG for lines; a photo with lines would be megabytes as PNG, so that is JPEG. */
  async saveNow() {
    const turn = (this.turn = (this.turn ?? 0) + 1);
    let file = this.original ?? null;
    if (this.strokes.length || (this.onPhone && this.photo)) {
      const canvas = document.createElement("canvas");
      this.paint(canvas, this.photo ? Math.min(this.photo.width, LONGEST / Math.max(1, this.ratio)) : 1200);
      const [type, end] = this.photo ? ["image/jpeg", "jpg"] : ["image/png", "png"];
      const blob = await new Promise((resolve) => canvas.toBlob(resolve, type, 0.85));
      if (turn !== this.turn || !blob) return; // drawn on since
      file = new File([blob], `${this.texts.name}.${end}`, { type });
    }
    this.show();
    this.status.textContent = this.strokes.length ? this.texts.textReady : this.texts.textEmpty;
    this.hand(file);
  }

  show() {
    this.undo.disabled = this.clear.disabled = !this.strokes.length;
  }
}
