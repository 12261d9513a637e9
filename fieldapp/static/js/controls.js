// What a person has filled in on this page, read from the plain controls: path of a question -> raw answer,
// as the form would send it (text, or a list of texts).

/** The box of the question that a control belongs to, or null. */
export const boxOf = (control) => control.closest?.("[data-path]:not([data-group], [data-round], [data-repeat])");

const MANY = new Set(["select_multiple", "rank"]);
const LINES = new Set(["geotrace", "geoshape"]);
const FILES = new Set(["image", "audio", "video", "file"]);

function part(box, path, name) {
  return box.querySelector(`[name="${CSS.escape(`${path}/${name}`)}"]`)?.value.trim() ?? "";
}

function place(box, path) {
  const [lat, lon] = ["lat", "lon"].map((name) => part(box, path, name).replace(",", "."));
  if (lat && lon) return `${lat} ${lon} 0 ${part(box, path, "accuracy") || 0}`;
  return part(box, path, "area") && "0 0"; // a buurt from the list is an answer too (services/place_question.py)
}

function day(box, path) {
  const year = part(box, path, "year");
  if (!box.querySelector(`[name="${CSS.escape(`${path}/month`)}"]`)) return year && `${year}-01-01`;
  const month = part(box, path, "month");
  return year && month ? `${year}-${month.padStart(2, "0")}-01` : year || month; // half a date is told
}

/** Points, one a line or with ; between; each latitude and longitude, comma or point (services/typed.py). */
function line(text) {
  const numbers = (point) => {
    let parts = point.trim().split(/\s+/);
    const pieces = parts[0].split(",");
    if (parts.length === 1 && pieces.length === 2) parts = pieces; // 52.09,5.12
    if (parts.length === 1 && pieces.length === 4) parts = [pieces.slice(0, 2).join("."), pieces.slice(2).join(".")];
    return parts.map((part) => part.replace(/^,+|,+$/g, "").replaceAll(",", ".")).join(" ");
  };
  return text.split(/[;\n]/).filter((point) => point.trim()).map(numbers).join("; ");
}

/** The raw answer in a box; undefined when it holds none that can be read here (files kept by the server). */
export function rawOf(box) {
  const { path, type } = box.dataset;
  if (box.querySelector(`[name="${CSS.escape(`${path}/lat`)}"]`)) return place(box, path);
  if (box.querySelector(`[name="${CSS.escape(`${path}/year`)}"]`)) return day(box, path);
  const controls = [...box.querySelectorAll(`[name="${CSS.escape(path)}"]`)];
  if (!controls.length) return undefined;
  if (FILES.has(type) || controls[0].type === "file") {
    const names = controls.flatMap((control) => [...(control.files ?? [])].map((file) => file.name));
    return names.length ? names : undefined;
  }
  const given = controls
    .filter((control) => !["radio", "checkbox"].includes(control.type) || control.checked)
    .map((control) => control.value);
  if (LINES.has(type)) return line(given[0] ?? "");
  const many = MANY.has(type) || controls[0].type === "checkbox" && type !== "acknowledge";
  return many ? given.filter(Boolean) : given[0] ?? "";
}

/** Offer these choices ([{name, label}]) in a box: drop-down lists, radio buttons, tick boxes. What was chosen
    and is still offered stays chosen. True when a choice that was made is no longer offered. */
export function offer(box, choices) {
  box.querySelector(".fa-empty-choices")?.toggleAttribute("hidden", choices.length > 0);
  const select = box.querySelector(`select[name="${CSS.escape(box.dataset.path)}"]`);
  return select ? offerOptions(box, choices) : offerLabels(box, choices);
}

function offerOptions(box, choices) {
  let lost = false;
  for (const select of box.querySelectorAll(`select[name="${CSS.escape(box.dataset.path)}"]`)) {
    const before = [...select.options].slice(1).map((option) => option.value);
    if (before.join(" ") === choices.map(({ name }) => name).join(" ")) continue;
    const chosen = select.value;
    select.replaceChildren(select.options[0], ...choices.map(({ name, label }) => new Option(label, name)));
    select.value = choices.some(({ name }) => name === chosen) ? chosen : "";
    lost ||= select.value !== chosen;
  }
  return lost;
}

function offerLabels(box, choices) {
  const list = box.querySelector(".fa-choices, .fa-norm, .fa-cards, .fa-likert");
  if (!list) return false;
  box.kept ??= new Map(); // choices that were drawn once, with their pictures
  for (const input of box.querySelectorAll("input[type=radio], input[type=checkbox]")) {
    box.kept.set(input.value, input.closest(".fa-card-choice") ?? input.closest("label"));
  }
  let lost = false;
  const offered = new Set(choices.map(({ name }) => name));
  for (const [name, row] of box.kept) {
    if (offered.has(name) || !row.isConnected) continue;
    const input = row.querySelector("input");
    lost ||= input.checked;
    input.checked = false;
    row.remove();
  }
  for (const { name, label } of choices) {
    if (!box.kept.has(name)) box.kept.set(name, row(box, name, label, box.kept.size));
    const drawn = box.kept.get(name);
    if (!drawn.isConnected) list.append(drawn);
  }
  return lost;
}

/** A choice that was not drawn; the new row, or option. */
export function addChoice(box, name, label) {
  const select = box.querySelector(`select[name="${CSS.escape(box.dataset.path)}"]`);
  const list = box.querySelector(".fa-choices, .fa-norm, .fa-cards, .fa-likert");
  if (!select && !list) return null;
  const made = select ? new Option(label, name) : row(box, name, label, box.querySelectorAll("input").length);
  (select ?? list).append(made);
  return made;
}

function row(box, name, label, number) {
  const { path, type } = box.dataset;
  const input = document.createElement("input");
  Object.assign(input, { className: "fa-choice__input", name: path, value: name, id: `q-${path}-new${number}`,
    type: type === "select_multiple" ? "checkbox" : "radio" });
  const words = document.createElement("span");
  words.className = "fa-choice__text";
  words.textContent = label;
  const body = document.createElement("span");
  body.className = "fa-choice__body";
  body.append(words);
  const made = document.createElement("label");
  made.className = "fa-choice fa-choice--list";
  made.htmlFor = input.id;
  made.append(input, body);
  return made;
}
