// Faces and number plates made unrecognisable by finger, mouse or keys. What is painted is replaced by coarse
// squares with some noise, so that the picture that is kept holds nothing to work back from.
import { asBlob } from "./shrink.js";

const BLOCKS = 44; // squares along the longest side
const FINGER = 22; // px on the screen from the middle of a stroke
const NOISE = 20; // of 255
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const LARGEST = 8; // half the side of the square of the keys, in blocks

/** Let somebody paint in this window; a JPEG, or null when nothing was changed. */
export async function blur(dialog, url) {
  const image = new Image();
  image.src = url;
  await image.decode();
  return new Promise((resolve, reject) => {
    const sheet = new Sheet(dialog.querySelector("canvas"), image);
    const painting = new Painting(dialog, sheet);
    dialog.addEventListener("close", () => {
      const done = dialog.returnValue === "done" && sheet.strokes.length;
      (done ? asBlob(sheet.canvas) : Promise.resolve(null)).then(resolve, reject).finally(() => sheet.close());
    });
    dialog.showModal();
    painting.canvas.focus();
  });
}

/** The photo with its strokes: sets of squares. */
class Sheet {
  constructor(canvas, image) {
    this.canvas = canvas;
    this.image = image;
    Object.assign(canvas, { width: image.naturalWidth, height: image.naturalHeight });
    this.side = Math.max(canvas.width, canvas.height) / BLOCKS;
    this.columns = Math.ceil(canvas.width / this.side);
    this.rows = Math.ceil(canvas.height / this.side);
    this.paper = canvas.getContext("2d");
    this.colours = this.average();
    this.strokes = [];
    this.draw();
  }

  /** The mean colour of each square, each a little off. */
  average() {
    const small = document.createElement("canvas");
    Object.assign(small, { width: this.columns, height: this.rows });
    const paper = small.getContext("2d");
    paper.imageSmoothingQuality = "high";
    paper.drawImage(this.image, 0, 0, this.canvas.width / this.side, this.canvas.height / this.side);
    const { data } = paper.getImageData(0, 0, this.columns, this.rows);
    const noise = crypto.getRandomValues(new Uint8Array(data.length));
    return Array.from({ length: this.columns * this.rows }, (_, i) => {
      const [r, g, b] = [0, 1, 2].map((c) => data[i * 4 + c] + ((noise[i * 4 + c] % (2 * NOISE)) - NOISE));
      return `rgb(${r} ${g} ${b})`;
    });
  }

  /** The squares within `radius` (in px of the photo) of a point. */
  around(x, y, radius, into) {
    const [left, right] = [x - radius, x + radius].map((value) => Math.floor(value / this.side));
    const [top, bottom] = [y - radius, y + radius].map((value) => Math.floor(value / this.side));
    for (let row = Math.max(0, top); row <= Math.min(this.rows - 1, bottom); row += 1) {
      for (let column = Math.max(0, left); column <= Math.min(this.columns - 1, right); column += 1) {
        const index = row * this.columns + column;
        if (!into.has(index)) this.square(index);
        into.add(index);
      }
    }
  }

  square(index) {
    const [x, y] = [(index % this.columns) * this.side, Math.floor(index / this.columns) * this.side];
    this.paper.fillStyle = this.colours[index];
    this.paper.fillRect(Math.floor(x), Math.floor(y), Math.ceil(this.side) + 1, Math.ceil(this.side) + 1);
  }

  draw() {
    this.paper.drawImage(this.image, 0, 0);
    for (const index of this.strokes.flatMap((stroke) => [...stroke])) this.square(index);
  }

  undo() {
    this.strokes.pop();
    this.draw();
  }

  close() {
    this.canvas.width = this.canvas.height = 0;
    this.image.src = "";
  }
}

/** Finger, mouse and keys above a sheet. */
class Painting {
  constructor(dialog, sheet) {
    this.sheet = sheet;
    this.canvas = sheet.canvas;
    this.frame = dialog.querySelector("[data-blur-frame]");
    this.undoButton = dialog.querySelector("[data-blur-undo]");
    this.undoButton.addEventListener("click", () => this.undo());
    this.at = { x: Math.floor(sheet.columns / 2), y: Math.floor(sheet.rows / 2), half: 2 };
    const on = (name, act) => this.canvas.addEventListener(name, act);
    on("pointerdown", (event) => this.down(event));
    on("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel"]) on(name, () => (this.stroke = null));
    on("keydown", (event) => this.key(event));
    on("focus", () => this.mark(true));
    on("blur", () => this.mark(false));
    this.tell();
  }

  down(event) {
    this.mark(false);
    this.canvas.setPointerCapture(event.pointerId);
    this.begin();
    this.move(event);
  }

  begin() {
    this.stroke = new Set();
    this.sheet.strokes.push(this.stroke);
    this.tell();
  }

  move(event) {
    if (!this.stroke) return;
    const box = this.canvas.getBoundingClientRect();
    const scale = this.canvas.width / box.width;
    const passed = event.getCoalescedEvents?.() ?? [];
    for (const { clientX, clientY } of passed.length ? passed : [event]) {
      this.sheet.around((clientX - box.left) * scale, (clientY - box.top) * scale, FINGER * scale, this.stroke);
    }
  }

  key(event) {
    const { at, sheet } = this;
    const step = KEYS[event.key];
    if (step) {
      at.x = Math.min(sheet.columns - 1, Math.max(0, at.x + step[0]));
      at.y = Math.min(sheet.rows - 1, Math.max(0, at.y + step[1]));
    } else if (event.key === "+" || event.key === "-") {
      at.half = Math.min(LARGEST, Math.max(1, at.half + (event.key === "+" ? 1 : -1)));
    } else if (event.key === "Enter" || event.key === " ") {
      this.begin();
      sheet.around((at.x + 0.5) * sheet.side, (at.y + 0.5) * sheet.side, at.half * sheet.side, this.stroke);
      this.stroke = null;
    } else if (event.key === "Backspace" || event.key === "Delete") this.undo();
    else return;
    event.preventDefault();
    this.mark(true);
  }

  undo() {
    this.sheet.undo();
    this.tell();
    if (this.undoButton.disabled) this.canvas.focus();
  }

  tell() {
    this.undoButton.disabled = !this.sheet.strokes.length;
  }

  /** The square that keys move, drawn above the photo as shares of it; only for who uses keys. */
  mark(on) {
    this.frame.hidden = !on || !this.canvas.matches(":focus-visible");
    const { at, sheet: { columns, rows } } = this;
    const share = (value, whole) => `${(value / whole) * 100}%`;
    this.frame.style.left = share(at.x - at.half, columns);
    this.frame.style.top = share(at.y - at.half, rows);
    this.frame.style.width = share(2 * at.half + 1, columns);
    this.frame.style.height = share(2 * at.half + 1, rows);
  }
}
