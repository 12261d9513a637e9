// The answers of a whole form: from its controls to the engine, and from the engine to what is sent.
import { rawOf } from "../../controls.js";
import { living } from "./controls.js";

const SILENT = new Set(["note", "calculate", "start", "end", "today", "deviceid", "username", "phonenumber", "email"]);
const FILES = new Set(["image", "audio", "video", "file"]);

function place(tree, path) {
  const steps = path.split("/");
  const last = steps.pop();
  let here = tree;
  for (let i = 0; i < steps.length; i += 2) here = ((here[steps[i]] ??= [])[Number(steps[i + 1])] ??= {});
  return [here, last];
}

/** Nested raw answers of all boxes, asked now or not, with all rounds. */
export function rawTree(form, raw = rawOf) {
  const tree = {};
  for (const element of living(form)) {
    const { path, type, round, repeat } = element.dataset ?? {};
    if (!path || element.localName === "template") continue;
    if (round !== undefined) place(tree, `${path}/`);
    if (repeat !== undefined) {
      const [here, name] = place(tree, path);
      here[name] ??= [];
    }
    if (!type) continue;
    const found = raw(element);
    if (found === undefined) continue;
    const [here, name] = place(tree, path);
    here[name] = found;
  }
  return tree;
}

/** What the engine knows and no control holds: hidden answers and what was worked out once. */
export function unseen(rows, answers) {
  const found = {};
  for (const row of rows) {
    if (row.kind === "repeat") {
      const rounds = (answers[row.name] ?? []).map((round) => unseen(row.rows, round));
      if (rounds.some((round) => Object.keys(round).length)) found[row.name] = rounds;
    } else if (row.kind) Object.assign(found, unseen(row.rows, answers));
    else if ((row.type === "hidden" || row.memory) && (answers[row.name] ?? null) !== null) found[row.name] = answers[row.name];
  }
  return found;
}

/** Answers with these others in it, round by round. */
export function merged(answers, others) {
  const found = { ...others, ...answers };
  for (const [name, rounds] of Object.entries(others)) {
    if (!Array.isArray(rounds) || typeof rounds[0] !== "object" || !Array.isArray(answers[name])) continue;
    found[name] = answers[name].map((round, at) => merged(round, rounds[at] ?? {}));
  }
  return found;
}

function text(value) {
  if (typeof value === "string") return value.toWellFormed?.() ?? value; // half a character cannot be stored
  if (typeof value !== "number") return String(value ?? "");
  const plain = String(value);
  return plain.includes("e") ? value.toFixed(17).replace(/\.?0+$/, "") : plain;
}

/** The `answers` of the document: what is asked, as raw texts and lists of texts. */
export function sentAnswers(rows, answers, leftOut, inside = false) {
  const sent = {};
  for (const row of rows) {
    if (row.kind === "group") Object.assign(sent, sentAnswers(row.rows, answers, leftOut, inside));
    else if (!(row.name in answers) || SILENT.has(row.type) || leftOut.has(row.name)) continue;
    else if (row.kind) sent[row.name] = answers[row.name].map((round) => sentAnswers(row.rows, round, leftOut, true));
    else if (FILES.has(row.type) && !inside) continue;
    else {
      const value = answers[row.name];
      sent[row.name] = Array.isArray(value) ? value.map(text) : text(value);
    }
  }
  return sent;
}
