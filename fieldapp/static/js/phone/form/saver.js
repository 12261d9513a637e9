// Writes that never overtake each other: what changes while one is running goes along in the next.

const AGAIN = 5000; // ms until a write that failed is tried again

export class Saver {
  /** `write` keeps what there is now; `tell(state, error)` hears "saving", "saved" and "failed". */
  constructor(write, tell) {
    Object.assign(this, { write, tell, due: false, stopped: false });
  }

  /** Something changed: keep it now, or within `wait` ms. */
  soon(wait = 0) {
    if (this.stopped) return;
    this.due = true;
    if (!wait) this.run();
    else this.timer ??= setTimeout(() => this.run(), wait);
  }

  /** Resolves when all that changed is kept, or could not be. */
  run() {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.running ??= this.#run().finally(() => { this.running = undefined; });
    return this.running;
  }

  async #run() {
    while (this.due && !this.stopped) {
      this.due = false;
      this.tell("saving");
      try {
        await this.write();
        if (!this.due) this.tell("saved");
      } catch (error) {
        this.due = true;
        this.tell("failed", error);
        this.timer ??= setTimeout(() => this.run(), AGAIN);
        return false;
      }
    }
    return true;
  }

  /** Keep what there is and stop; whether that worked. */
  async finish() {
    while (this.due || this.running) if (!(await this.run())) return false;
    this.stopped = true;
    return true;
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
  }
}
