// Brings one file of a form over: asks how far the server is, and sends the rest in parts.

import { ask } from "./ask.js";
import { readFile } from "../drafts.js";
import { judge } from "./judge.js";
import { PartSize } from "./part_size.js";
import { STOPPED, refusedHere } from "./under_way.js";

const FILES = "/api/v1/files/";
const STARTS_OVER = 2; // times that a file may begin anew within one try

const later = (reason) => ({ verdict: "later", reason });

export class FileSender {
  #errand;
  #file;
  #ways;
  #at = 0; // where the next part begins
  #starts = 0;
  #bytes;
  #part;

  /** `errand`: the UnderWay of the form; `file`: as its document names it. */
  constructor(errand, file, ways) {
    this.#errand = errand;
    this.#file = file;
    this.#ways = ways;
  }

  /** {verdict: "arrived"}, or what stands in the way. */
  async send() {
    const first = await this.#ask();
    if (first.verdict === "smaller" || first.verdict === "again") return later("strange"); // we sent nothing yet
    if (first.verdict !== "arrived" || first.complete) return first;
    this.#at = first.received;
    const wrong = await this.#read();
    if (wrong) return refusedHere(wrong, this.#errand.problems(this.#file.sha256, wrong));
    this.#part = await PartSize.of(this.#errand.store);
    for (;;) {
      const end = await this.#sendPart();
      if (end) return end;
      if (!await this.#errand.progress(this.#file.sha256, this.#at)) return STOPPED;
    }
  }

  async #ask(options) {
    const facts = await ask(FILES + this.#file.sha256, { ...this.#ways, ...options });
    return { failed: facts.failed, ...judge("file", facts, this.#file) };
  }

  /** Read the bytes; what is wrong with them, if anything. */
  async #read() {
    const { store, draft } = this.#errand;
    try {
      this.#bytes = await (await readFile(store, draft.id, this.#file.sha256))?.arrayBuffer();
    } catch (error) {
      await store.get("drafts", draft.id); // the whole database is away: that is no word about this file
      console.warn("fieldapp: a file cannot be read", error);
    }
    if (!this.#bytes) return "file_gone";
    return this.#bytes.byteLength === this.#file.size ? "" : "file_damaged";
  }

  /** Send the next part. What came of the file, or nothing when there is more to send. */
  async #sendPart() {
    const { size } = this.#file;
    const answer = await this.#ask({
      method: "PUT", body: new Uint8Array(this.#bytes, this.#at, Math.min(this.#part.size, size - this.#at)),
      headers: { "Upload-Offset": String(this.#at), "Upload-Length": String(size), "Content-Type": "application/octet-stream" },
    });
    const meaning = {
      arrived: () => this.#forward(answer),
      smaller: () => this.#smaller(answer),
      again: () => this.#again(answer),
      refused: () => this.#refused(answer),
      later: () => this.#later(answer),
    };
    return (meaning[answer.verdict] ?? (() => answer))();
  }

  async #forward(answer) {
    if (answer.complete) {
      if (this.#file.size > this.#part.size) await this.#part.grow();
      return answer;
    }
    if (answer.received <= this.#at) return later("strange");
    this.#at = answer.received;
    return undefined;
  }

  async #smaller(answer) {
    if (this.#part.smallest) return this.#refused(answer);
    await this.#part.halve(true);
    return undefined;
  }

  #again({ received, reason }) {
    if ((this.#starts += 1) > STARTS_OVER) return later(reason);
    this.#at = received;
    return undefined;
  }

  /** The server's words about a file belong to the questions that it answers. */
  #refused({ reason, refusal }) {
    const { code, message, problems } = refusal;
    const here = problems.length ? problems : this.#errand.problems(this.#file.sha256, code, message);
    return { verdict: "refused", reason, refusal: { ...refusal, problems: here } };
  }

  async #later(answer) {
    if (answer.failed === "timeout" && !this.#part.smallest) await this.#part.halve(false);
    return answer;
  }
}
