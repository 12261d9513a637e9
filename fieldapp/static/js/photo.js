// Shrinks chosen photos before they travel, shows them, and lets several be chosen one after another.
// What it makes goes back into the same file input, so the plain form sends it.

export default class Photo {
  static supported() {
    try {
      new DataTransfer().items.add(new File(["x"], "x"));
      return typeof createImageBitmap === "function" && "toBlob" in HTMLCanvasElement.prototype;
    } catch {
      return false;
    }
  }

  constructor(element) {
    this.texts = element.dataset;
    this.input = element.querySelector("input[type=file]");
    this.list = element.querySelector("[data-photo-list]");
    this.status = element.querySelector("[data-photo-status]");
    this.longest = Number(element.dataset.maxPixels) || 1600;
    this.chosen = []; // {file, url}
    element.classList.add("fa-photo--ready");
    this.input.addEventListener("change", () => this.add([...this.input.files]));
    // The browser restores chosen files after "back"; show them again.
    if (this.input.files.length) this.add([...this.input.files]);
  }

  async add(files) {
    if (!this.input.multiple) this.clear();
    let failed = 0;
    for (const file of files) {
      try {
        const small = await this.shrink(file);
        this.chosen.push({ file: small, url: URL.createObjectURL(small) });
      } catch {
        // A kind the browser cannot draw (HEIC) still goes to the server; a text file does not.
        if (/\.(heic|heif)$/i.test(file.name)) this.chosen.push({ file, url: null });
        else failed += 1;
      }
    }
    this.show();
    if (failed) this.status.textContent = this.texts.textFailed;
  }

  async shrink(file) {
    const image = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, this.longest / Math.max(image.width, image.height));
    // A JPEG that is small already keeps its own data: time and place inside may be wanted.
    if (scale === 1 && file.type === "image/jpeg" && file.size < 600_000) return file;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    image.close();
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.82));
    if (!blob) throw new Error("no picture came out");
    const name = file.name.replace(/\.\w+$/, "") + ".jpg";
    return new File([blob], name, { type: "image/jpeg", lastModified: file.lastModified });
  }

  clear() {
    for (const { url } of this.chosen) if (url) URL.revokeObjectURL(url);
    this.chosen = [];
  }

  remove(photo) {
    if (photo.url) URL.revokeObjectURL(photo.url);
    this.chosen = this.chosen.filter((other) => other !== photo);
    this.show();
    this.input.focus();
  }

  show() {
    const transfer = new DataTransfer();
    for (const { file } of this.chosen) transfer.items.add(file);
    this.input.files = transfer.files;
    const count = this.chosen.length;
    const text = count === 1 ? this.texts.textChosen : this.texts.textChosenMany;
    this.status.textContent = count ? text.replace("{number}", count) : "";
    this.list.replaceChildren(...this.chosen.map((photo, index) => this.item(photo, index + 1)));
  }

  item(photo, number) {
    const item = document.createElement("li");
    item.className = "fa-photo__item";
    if (photo.url) {
      const image = document.createElement("img");
      image.className = "fa-photo__image";
      image.alt = this.texts.textPreview.replace("{number}", number);
      image.src = photo.url;
      item.append(image);
    } else {
      item.append(photo.file.name);
    }
    const button = document.createElement("button");
    button.type = "button";
    button.className = "fa-photo__remove";
    button.textContent = "×";
    button.setAttribute("aria-label", this.texts.textRemove.replace("{number}", number));
    button.addEventListener("click", () => this.remove(photo));
    item.append(button);
    return item;
  }
}
