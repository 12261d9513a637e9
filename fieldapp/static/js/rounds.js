// Rounds of a repeat, added and taken away without asking the server; web/forms draws an empty one in
// <template data-round="path">, with __0 (inside another repeat __1, ...) where its number belongs.
// Others hear of it through fa:round-added and fa:round-removed ({path, index}) on the section.
import { start } from "./main.js";

const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** The rounds of this repeat itself, not of one inside it. */
export function roundsOf(section) {
  const rounds = section.querySelectorAll("[data-round]:not(template)");
  return [...rounds].filter((round) => round.closest("[data-repeat]") === section);
}

const blankOf = (section) => [...section.querySelectorAll("template[data-round]")]
  .find((template) => template.closest("[data-repeat]") === section);

/** Everything below a node, also what lies in templates. */
export function* everything(node) {
  for (const element of node.querySelectorAll("*")) {
    yield element;
    if (element.localName === "template") yield* everything(element.content);
  }
}

/** Write another path wherever one stands in an attribute: names, ids, labels, paths, buttons. */
function rename(node, from, to) {
  const place = new RegExp(`(^|[\\s:/#]|[qrh]-)${escape(from)}(?![\\w.-])`, "g");
  const all = [...everything(node)];
  if (node.nodeType === Node.ELEMENT_NODE) all.push(node);
  for (const element of all) {
    for (const attribute of element.attributes) {
      if (attribute.name === "value" && element.localName !== "button") continue; // what was answered
      if (attribute.value.includes(from)) attribute.value = attribute.value.replace(place, `$1${to}`);
    }
  }
}

/** "Kamer 3", in the heading and in the words of the button that takes it away; an empty one says {number}. */
function renumber(round, number) {
  const mine = (name) => [...round.querySelectorAll(name)].find((one) => one.closest("[data-round]") === round);
  const heading = mine("[data-round-heading]");
  if (!heading) return;
  const before = heading.textContent;
  heading.textContent = before.replace(/\{number\}|\d+(?=\D*$)/, String(number));
  const words = mine("[data-remove-round]")?.querySelector(".nl-button__label");
  if (words) words.textContent = words.textContent.replace(before, heading.textContent);
}

function tell(section, name, index) {
  counted(section);
  const detail = { path: section.dataset.path, index };
  section.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
}

/** Whether there is an empty round to add. */
export function mayGrow(section) {
  return Boolean(blankOf(section));
}

function counted(section) {
  const count = section.querySelector(`input[name="${CSS.escape(section.dataset.path)}/.rounds"]`);
  if (count) count.value = String(roundsOf(section).length);
}

/** As many rounds as this, told to nobody: what is put back, or counted by another answer. */
export function setRounds(section, count) {
  while (roundsOf(section).length > count) roundsOf(section).at(-1).remove();
  while (roundsOf(section).length < count && drawRound(section));
  counted(section);
}

/** One more round at the end; its element, or null when the repeat may not grow. */
export function addRound(section) {
  const round = drawRound(section);
  if (!round) return null;
  tell(section, "fa:round-added", roundsOf(section).length - 1);
  start(round);
  return round;
}

function drawRound(section) {
  const blank = blankOf(section);
  if (!blank) return null;
  const index = roundsOf(section).length;
  const round = blank.content.firstElementChild.cloneNode(true);
  const [empty] = round.dataset.path.split("/").slice(-1);
  rename(round, `${section.dataset.path}/${empty}`, `${section.dataset.path}/${index}`);
  renumber(round, index + 1);
  blank.before(round);
  return round;
}

/** Take a round away; those after it move up. */
export function removeRound(round) {
  const section = round.closest("[data-repeat]");
  const rounds = roundsOf(section);
  const index = rounds.indexOf(round);
  round.remove();
  for (const [later, other] of rounds.entries()) {
    if (later <= index) continue;
    rename(other, `${section.dataset.path}/${later}`, `${section.dataset.path}/${later - 1}`);
    renumber(other, later);
  }
  tell(section, "fa:round-removed", index);
}

/** Whether anything was answered in a round: then it is the server that takes it away, and can put it back. */
export function isBlank(round) {
  return [...round.querySelectorAll("input, select, textarea")].every((control) => {
    if (control.type === "hidden") return !/\/(lat|lon|accuracy|source)$/.test(control.name) || !control.value;
    if (control.type === "checkbox" || control.type === "radio") return !control.checked;
    return control.value.trim() === "";
  });
}
