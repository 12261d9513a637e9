// What Dutch clocks say, by the changes that came with the page (core/dates.py). Not by Intl: the first use of it keeps
// a slow phone busy for a tenth of a second, just when somebody wants to begin.

/** `2026-03-29T03:00:00.000` of a moment; `clock`: [[ms, minutes ahead of UTC from then on], ...]. */
export function dutchTime(iso, clock) {
  const moment = Date.parse(iso);
  const [, ahead] = clock.filter(([since]) => since <= moment).at(-1) ?? clock[0];
  return new Date(moment + ahead * 60_000).toISOString().slice(0, -1);
}
