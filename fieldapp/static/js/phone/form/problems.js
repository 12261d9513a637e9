// What is wrong, told where it is wrong, as the server would on a plain page: a list on top that gets the
// focus, with a link to each question, and the words beside the question itself.
import { fill } from "../../point.js";

/** The words of a problem; `typed` is what stands in the control. */
export function wordsOf({ code, message, row }, texts, typed = "") {
  if (message) return message;
  const [start, end, step] = row?.scale ?? [];
  const holes = { found: typed, start, end, step, least: row?.type === "geoshape" ? 3 : 2, file: typed };
  return fill(texts[code] ?? texts[""], holes);
}

/** The question in words, with the rounds it lies in: "Kamer 2, Hoe breed?". */
function nameOf(box) {
  const label = box.querySelector("legend, label, h1");
  const copy = label?.cloneNode(true);
  copy?.querySelector(".fa-must")?.remove();
  const around = [];
  for (let round = box.closest("[data-round]"); round; round = round.parentElement.closest("[data-round]")) {
    around.unshift(round.querySelector("[data-round-heading]")?.textContent.trim() ?? "");
  }
  return [...around.filter(Boolean), copy?.textContent.trim() ?? ""].join(", ");
}

export const targetOf = (box) => [...box.querySelectorAll("input:not([type=hidden]), select, textarea, button, [tabindex]")]
  .find((one) => one.checkVisibility?.() ?? one.offsetParent !== null) ?? box;

/** Put the list on top and the words at the questions. `problems`: [{box, words}]; an empty one clears. */
export function showProblems(root, form, problems, live) {
  const place = form.querySelector("[data-problems]");
  place.replaceChildren();
  for (const { box, words } of problems) if (box) live.tell(box, words);
  if (!problems.length) return;
  const summary = root.querySelector("template[data-summary]").content.firstElementChild.cloneNode(true);
  const list = summary.querySelector("ul");
  for (const { box, words } of problems) {
    const item = document.createElement("li");
    const name = box && nameOf(box);
    const line = document.createElement(box ? "a" : "span");
    line.textContent = name ? `${name}${/[?؟.:]$/.test(name) ? "" : ":"} ${words}` : words;
    if (box) {
      line.className = "fa-errors__link";
      line.href = `#${box.id || ""}`;
      line.addEventListener("click", (event) => {
        event.preventDefault();
        const target = targetOf(box);
        target.focus();
        box.scrollIntoView({ block: "center" });
      });
    }
    item.append(line);
    list.append(item);
  }
  place.append(summary);
  summary.focus();
  summary.scrollIntoView({ block: "nearest" });
}
