// All controls of a whole form, also of what is not asked now and lies in templates: out, and back in.
import { addChoice } from "../../controls.js";
import { setRounds } from "../../rounds.js";

const OURS = /^form\//; // buttons and notes of our own
const TICKED = new Set(["radio", "checkbox"]);

/** Every element of the form as it may be filled in: not the empty rounds. */
export function* living(node) {
  for (const element of node.querySelectorAll("*")) {
    yield element;
    if (element.localName === "template" && !element.hasAttribute("data-round")) yield* living(element.content);
  }
}

const isControl = (element) => ["input", "select", "textarea"].includes(element.localName)
  && element.name && element.type !== "file" && !OURS.test(element.name);

/** [[name, value], ...] of what is ticked and of every other control, also when it is blank. */
export function readControls(form) {
  const found = [];
  for (const element of living(form)) {
    if (!isControl(element) || (TICKED.has(element.type) && !element.checked)) continue;
    found.push([element.name, element.value]);
  }
  return found;
}

/** Put controls back as they were, rounds first. What the form no longer has is left out. */
export function writeControls(form, controls) {
  const values = new Map();
  for (const [name, value] of controls) values.set(name, [...(values.get(name) ?? []), value]);
  const rounds = [...values].filter(([name]) => name.endsWith("/.rounds"));
  rounds.sort(([a], [b]) => a.split("/").length - b.split("/").length);
  for (const [name, [count]] of rounds) {
    const path = name.slice(0, -"/.rounds".length);
    const section = find(form, (element) => "repeat" in element.dataset && element.dataset.path === path);
    if (section) setRounds(section, Number(count));
  }
  const left = new Map([...values].map(([name, list]) => [name, [...list]]));
  for (const element of [...living(form)]) {
    if (!isControl(element) || element.name.endsWith("/.rounds")) continue;
    const given = left.get(element.name) ?? [];
    if (TICKED.has(element.type)) {
      element.checked = given.includes(element.value);
      if (element.checked) given.splice(given.indexOf(element.value), 1);
    } else writeOne(element, given.shift() ?? "");
  }
  for (const [name, given] of left) if (given.some(Boolean)) missing(form, name, given.filter(Boolean));
}

function writeOne(element, value) {
  if (element.localName === "select" && ![...element.options].some((option) => option.value === value)) {
    element.append(new Option(value, value)); // drawn anew, with its words, when the choices are worked out
  }
  element.value = value;
}

/** Choices that were made and are not drawn. */
function missing(form, name, values) {
  const box = find(form, (element) => element.dataset.path === name && element.dataset.type?.startsWith("select"));
  for (const value of box ? values : []) {
    const input = addChoice(box, value, value)?.querySelector?.("input");
    if (input) input.checked = true;
  }
}

/** The first element of the form, wherever it lies, for which `fits` is true. */
export function find(form, fits) {
  for (const element of living(form)) if (element.localName !== "template" && element.dataset && fits(element)) return element;
  return null;
}

/** The box of a question (or a repeat) by its path. */
export const boxAt = (form, path) => find(form, (element) => element.dataset.path === path && "type" in element.dataset);

/** Write a raw answer into the controls of a box. */
export function put(box, raw) {
  const { path } = box.dataset;
  const part = (name) => box.querySelector(`[name="${CSS.escape(`${path}/${name}`)}"]`);
  const list = (Array.isArray(raw) ? raw : [raw ?? ""]).map(String);
  if (part("lat")) return ["lat", "lon", "", "accuracy"].forEach((name, at) => name && (part(name).value = list[0].split(" ")[at] ?? ""));
  if (part("year")) {
    const [year = "", month = ""] = list[0].split("-");
    part("year").value = year;
    if (part("month")) part("month").value = String(Number(month) || "");
    return undefined;
  }
  const controls = [...box.querySelectorAll(`[name="${CSS.escape(path)}"]`)].filter((one) => one.type !== "file");
  controls.forEach((control, at) => {
    if (TICKED.has(control.type)) control.checked = list.includes(control.value);
    else if (control.type === "time") control.value = (list[0] ?? "").slice(0, 5);
    else if (control.type === "datetime-local") control.value = (list[0] ?? "").slice(0, 16);
    else writeOne(control, list[at] ?? "");
  });
  return undefined;
}
