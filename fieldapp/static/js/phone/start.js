// The start page on the phone: big buttons lead to the phone's own forms; what stands on the phone is listed.
import Begin from "./begin.js";
import { allDrafts, STATES } from "./drafts.js";
import { storeOf } from "./store.js";

const HERE = "Europe/Amsterdam";
const SEND_NOW_AFTER = 1; // from so many waiting forms on there is a button

export default class Start {
  static supported() {
    return "indexedDB" in window && Boolean(storeOf());
  }

  constructor(element) {
    this.element = element;
    this.store = storeOf();
    this.language = document.documentElement.lang;
    new Begin(element);
    element.addEventListener("click", (event) => {
      if (event.target.closest("[data-send-now]")) document.dispatchEvent(new CustomEvent("fa:flush"));
    });
    document.addEventListener("fa:renewed", ({ detail }) => this.renewed(detail.state));
    document.addEventListener("fa:version", ({ detail }) => this.show("newer", detail.ready));
    this.store.watch((what) => ["drafts", "receipts", "outbox"].includes(what) && this.draw());
    addEventListener("offline", () => this.signal(false));
    addEventListener("pageshow", () => this.draw());
    const { renewed, newer } = document.querySelector("[data-module=app]")?.dataset ?? {};
    if (renewed) this.renewed(renewed); // told before this module was there
    if (newer) this.show("newer", true);
    this.draw().then(() => this.shortcut()).then(() => (element.dataset.ready = "yes")).catch((error) => console.warn("fieldapp: drafts not read", error));
  }

  find(name) {
    return this.element.querySelector(`[data-${name}]`);
  }

  show(name, shown) {
    const found = this.find(name);
    if (found) found.hidden = !shown;
    return found;
  }

  /** From the icon on the home screen: /veld/#observatie. */
  shortcut() {
    if (location.hash !== "#observatie") return;
    history.replaceState(null, "", location.pathname);
    this.find("start-observation")?.click();
  }

  async draw() {
    const drafts = await allDrafts(this.store);
    const of = (state) => drafts.filter((draft) => draft.state === state);
    const outbox = await this.store.setting("outbox");
    this.count(of(STATES.QUEUED).length + of(STATES.REFUSED).length, of(STATES.OPEN).length, outbox);
    this.list("open", of(STATES.OPEN).reverse());
    this.list("refused", of(STATES.REFUSED).reverse());
    this.list("queued", of(STATES.QUEUED).reverse());
  }

  /** One calm line: what waits comes before what is open. */
  count(waiting, open, outbox) {
    const line = this.find("line");
    const { textDone, textOne, textMany, textOpenOne, textOpenMany, textLogin } = line.dataset;
    const plural = (number, one, many) => (number === 1 ? one : many.replace("{n}", number));
    let words = textDone;
    if (waiting) words = plural(waiting, textOne, textMany);
    else if (open) words = plural(open, textOpenOne, textOpenMany);
    if (waiting && outbox?.login) words = `${words} ${textLogin}`;
    line.querySelector("[data-words]").textContent = words;
    for (const icon of line.querySelectorAll("[data-icon]")) {
      icon.hidden = icon.dataset.icon !== (waiting ? "waiting" : open ? "open" : "done");
    }
    this.show("send-now", waiting >= SEND_NOW_AFTER && !outbox?.login);
  }

  list(name, drafts) {
    const list = this.find(`list-${name}`);
    const pattern = list.querySelector("template");
    const rows = drafts.map((draft) => this.row(pattern, draft));
    list.replaceChildren(pattern, ...rows);
    list.closest("[data-part]").hidden = !rows.length;
  }

  row(pattern, draft) {
    const row = pattern.content.firstElementChild.cloneNode(true);
    const { dataset } = row;
    const when = this.moment(draft.finished_at ?? draft.updated_at);
    row.querySelector("[data-title]").textContent = draft.title || draft.survey;
    row.querySelector("[data-when]").textContent = dataset.text.replace("{moment}", when);
    const reason = draft.refusal?.problems?.[0]?.message ?? draft.refusal?.message;
    if (reason) row.querySelector("[data-reason]")?.replaceChildren(reason);
    const link = row.querySelector("a");
    if (link && dataset.open) link.href = this.address(draft);
    return row;
  }

  address({ survey, version, language, id }) {
    const fill = { survey, version, language };
    return `${this.element.dataset.form.replace(/%7B(\w+)%7D/g, (_all, name) => encodeURIComponent(fill[name]))}#${id}`;
  }

  /** "14:03", of another day with its day, in the language of the page and the time of here. */
  moment(ms) {
    const said = (how) => new Date(ms).toLocaleString(this.language, { timeZone: HERE, ...how });
    const day = (at) => new Date(at).toLocaleDateString("en", { timeZone: HERE });
    const time = said({ hour: "2-digit", minute: "2-digit" });
    return day(ms) === day(Date.now()) ? time : `${said({ day: "numeric", month: "long" })} ${time}`;
  }

  /** The server was asked: take over what is newer, say since when this is when there is no signal. */
  async renewed(state) {
    await this.signal(state !== "offline");
    if (state === "renewed") await this.swap();
  }

  async signal(there) {
    const line = this.show("offline", !there);
    if (there || !line) return;
    const seen = await this.store.setting("seen");
    line.querySelector("[data-words]").textContent = seen
      ? line.dataset.text.replace("{time}", this.moment(seen)) : line.dataset.textNever;
  }

  /** Parts that came from the server, from the page as it is now; a new language takes the whole page. */
  async swap() {
    const answer = await fetch(location.pathname);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const { lang, dataset } = page.documentElement;
    if (!dataset.person) return undefined; // a portal, or the log-in: who looks goes on with what is here
    if (dataset.person !== this.store.person) return location.replace(location.pathname);
    if (lang !== this.language) return location.reload();
    for (const part of this.element.querySelectorAll("[data-renew]")) {
      const newer = page.querySelector(`[data-renew="${part.dataset.renew}"]`);
      if (newer) part.replaceWith(document.adoptNode(newer));
    }
    return document.dispatchEvent(new CustomEvent("fa:swapped"));
  }
}
