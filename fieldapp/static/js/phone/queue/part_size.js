// How large the parts are in which this phone sends files. Setting "part_size": {size, most}.

const USUAL = 256 * 1024, SMALLEST = 32 * 1024;

/** `size`: what the line can bear; `most`: what the server, or what lies between, took before. */
export class PartSize {
  static async of(store) {
    const kept = await store.setting("part_size");
    return Object.assign(new PartSize(), { store, size: USUAL, most: USUAL, ...kept });
  }

  get smallest() {
    return this.size <= SMALLEST;
  }

  halve(forGood) {
    this.size = Math.max(SMALLEST, Math.floor(this.size / 2));
    if (forGood) this.most = this.size;
    return this.#keep();
  }

  grow() {
    if (this.size >= this.most) return undefined;
    this.size = Math.min(this.most, this.size * 2);
    return this.#keep();
  }

  #keep() {
    return this.store.set("part_size", { size: this.size, most: this.most }).catch(() => {});
  }
}
