// What the server said a moment ago holds for some minutes (ADR 34). How many says the server, in the page.

const term = () => Number(document.querySelector("[data-module=app]")?.dataset.fresh ?? 0) * 1000;

export const isToday = (at, now = Date.now()) => new Date(at).toDateString() === new Date(now).toDateString();

/** Ms for which what the server said at this moment still holds; 0: ask. */
export function freshFor(at, now = Date.now()) {
  const age = now - at;
  return age >= 0 && isToday(at, now) ? Math.max(0, term() - age) : 0;
}

/** Whether the person asked for this page anew: then the server is asked, however short ago that was. */
export const askedAnew = () => performance.getEntriesByType("navigation")[0]?.type === "reload";
