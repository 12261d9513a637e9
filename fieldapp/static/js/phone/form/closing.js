// The last screen of a form, in place: what was finished, and when it arrived.
import { fill } from "../../point.js";

/** Watch for the receipt of a form and say so in `line`; gives the function that stops it. */
export function watchArrival(store, id, line, texts) {
  const look = async () => {
    const [receipt, draft] = await Promise.all([store.get("receipts", id), store.get("drafts", id)]);
    const refused = !receipt && draft?.state === "refused";
    const words = receipt ? arrivedWords(receipt, texts) : refused ? refusedWords(draft, texts) : texts.textQueued;
    for (const thanks of line.closest("[data-notice]")?.querySelectorAll("[data-thanks]") ?? []) thanks.hidden = refused;
    if (line.textContent !== words) line.textContent = words;
  };
  look();
  return store.watch(look);
}

export const refusedWords = ({ refusal }, texts) => [texts.textRefused, refusal?.message].filter(Boolean).join(" ");

/** "Aangekomen om 14:03, met 2 foto's": at the moment the server says. */
export function arrivedWords(receipt, texts) {
  const said = typeof receipt.document === "string" ? JSON.parse(receipt.document) : receipt;
  const photos = said.files?.length ?? 0;
  const moment = new Date(said.received_at ?? receipt.received_at);
  const time = new Intl.DateTimeFormat("nl-NL", { timeZone: "Europe/Amsterdam", hour: "2-digit", minute: "2-digit" }).format(moment);
  const words = [texts.textArrived, texts.textArrivedOne][photos] ?? texts.textArrivedMany;
  return fill(words, { time, photos });
}
