// One pass over the queue: each form that is due has its turn once, and what came of it is written down.
// On a draft: attempts, next_try_at, trouble (why it waits: a reason of judge.js), and refusal.

import { STATES } from "../drafts.js";
import { handOver } from "./handover.js";
import { holdFor } from "./one_flusher.js";
import { note, noted, queueOf } from "./notes.js";
import { tidyReceipts } from "./receipts.js";
import { LONGEST, backOff, isLine, mustBeQuiet, nextOne } from "./schedule.js";
import { send } from "./send.js";
import { StorageFull } from "../store.js";
import { change } from "./under_way.js";

const AGAIN = 2; // times that one form is sent at once again within one pass
const ENOUGH = 4; // tries after which a file that the server keeps missing is called wrong

export class QueuePass {
  #box;
  #store;
  #robbed;

  /** `box`: the outbox {store, ways, shown, line}; `robbed`: AbortSignal of one_flusher.js. */
  constructor(box, robbed) {
    this.#box = box;
    this.#store = box.store;
    this.#robbed = robbed;
  }

  async run(why) {
    if (mustBeQuiet(await noted(this.#store), why, Date.now())) return;
    const tried = new Set();
    for (let inARow = 0; !this.#robbed.aborted;) {
      const draft = nextOne(await queueOf(this.#store), tried, why, Date.now());
      if (!draft) break;
      tried.add(draft.id);
      const answer = await this.#one(draft);
      if (answer.verdict === "login") return;
      if (answer.wait) {
        await this.#note({ quiet_until: Date.now() + Math.min(answer.wait, LONGEST) });
        return;
      }
      inARow = isLine(answer) ? inARow + 1 : 0;
      if (inARow === 0) this.#box.line.works();
      if (inARow === 2) { // two different forms: it is the line; the others keep their turn
        await this.#note({ not_before: this.#box.line.next() });
        return;
      }
    }
    if (tried.size) await tidyReceipts(this.#store).catch(() => {});
  }

  /** Send one form and write down what came of it. */
  async #one(draft) {
    const release = await holdFor(draft.id);
    let answer;
    try {
      await this.#note({ sending: draft.id, last_try: Date.now() });
      this.#box.shown.sending(draft.id);
      answer = await this.#send(draft);
      await this.#act(draft, answer);
    } catch (error) {
      // The phone's own storage failed in the middle: the form is as it was.
      console.warn("fieldapp: sending was broken off", error);
      answer = { verdict: "later", reason: error instanceof StorageFull ? "phone_full" : "broken" };
      await this.#later(draft, answer).catch(() => this.#box.line.rest()); // not even that can be written down
    } finally {
      if (!this.#robbed.aborted) await this.#note({ sending: null });
      release?.();
    }
    this.#store.changed("drafts");
    return answer;
  }

  /** A verdict; after "again" it is sent again at once, some times. */
  async #send(draft) {
    let answer;
    for (let again = 0; again <= AGAIN; again += 1) {
      answer = await send(this.#store, draft, this.#box.ways, this.#robbed);
      if (answer.verdict !== "again") return answer;
    }
    // What is missing every time is not lost on the way: the form itself is wrong.
    return (draft.attempts ?? 0) >= ENOUGH ? { ...answer, verdict: "refused" } : answer;
  }

  #note(patch) {
    return note(this.#store, patch);
  }

  #act(draft, answer) {
    const how = {
      arrived: () => this.#arrived(draft, answer.receipt),
      refused: () => this.#refused(draft, answer.refusal),
      login: () => this.#note({ login: true, portal: false, not_before: this.#box.line.next() }),
      stopped: () => undefined,
    };
    return (how[answer.verdict] ?? (() => this.#later(draft, answer)))();
  }

  async #arrived(draft, receipt) {
    await handOver(this.#store, draft, receipt);
    this.#box.line.works();
    await this.#note({ login: false, portal: false, not_before: 0, quiet_until: 0, last_ok: Date.now() });
  }

  async #refused(draft, refusal) {
    await change(this.#store, draft, { state: STATES.REFUSED, refusal, trouble: null });
    await this.#note({ login: false, portal: false });
  }

  async #later(draft, answer) {
    const attempts = (draft.attempts ?? 0) + 1;
    const next_try_at = Date.now() + Math.min(LONGEST, Math.max(answer.wait ?? 0, backOff(attempts)));
    const trouble = answer.portal ? "portal" : answer.reason;
    await change(this.#store, draft, { attempts, next_try_at, trouble });
    await this.#note({ portal: Boolean(answer.portal), ...(isLine(answer) ? {} : { login: false }) });
  }
}
