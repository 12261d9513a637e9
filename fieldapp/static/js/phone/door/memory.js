// What the phone remembers of doors, from the pack (web/doors/pack.py) and from what it has not sent yet.
//
// A door {k, n, a, v, c, r, p}, a promise {id, t, on, by, me, due, done, may}, a walk {slug, doors, count, ...}:
// see web/doors/pack.py. A mark {done, at, note, sent, refused} says what somebody did with a promise here.

const LONGEST = 120, VISITS_ENOUGH = 3; // as core/portiek.py and core/walking.py
const RANK = { new: 0, begun: 1, done: 2 };

/** The same for every way to capitalise a name (core/portiek.py). */
export const keyOf = (typed) => Array.from(typed.trim().toLowerCase().replaceAll("ß", "ss")).slice(0, LONGEST).join("");

/** The doors that bear this name: more than one when streets in two places are called the same. */
export function doorsAt(data, typed) {
  const key = keyOf(typed);
  return key ? (data?.doors ?? []).filter((door) => door.k === key) : [];
}

/** Names to choose from: first the walking list of this round, then the doors visited last. */
export function namesOf(data, round) {
  const walk = (data?.walks ?? []).find((one) => one.slug === round);
  const names = new Map();
  for (const door of [...(walk?.doors ?? []), ...(data?.doors ?? [])]) {
    if (door.k && !names.has(door.k)) names.set(door.k, door.n);
  }
  return [...names.values()];
}

/** A promise with what was done to it on this phone. */
export function withMark(promise, marks) {
  const mark = marks?.[promise.id];
  if (!mark || mark.refused) return { ...promise, refused: mark?.refused };
  return { ...promise, done: mark.done ? mark.at.slice(0, 10) : undefined, waiting: !mark.sent };
}

/** Promises that are open here and now. */
export function openPromises(data, marks) {
  return (data?.doors ?? []).flatMap((door) => door.p ?? []).map((one) => withMark(one, marks)).filter((one) => !one.done);
}

/** What one finished form on this phone adds to its stairwell, or null when it says nothing of doors. */
function visitOf({ document, survey, round, started_at: started }, walk) {
  const { portiek, repeat, door, each } = walk.count;
  if (!portiek || !document || survey !== walk.survey || round !== walk.slug) return null;
  const { answers } = JSON.parse(document);
  const counts = [0, 0, 0];
  for (const one of answers[repeat] ?? []) (each[one[door]] ?? []).forEach((adds, index) => (counts[index] += adds));
  return typeof answers[portiek] === "string" ? { key: keyOf(answers[portiek]), name: answers[portiek].trim(), counts, on: started.slice(0, 10) } : null;
}

/** The name in a form that was begun here and not finished. */
function begunAt({ controls, survey, round }, walk) {
  if (survey !== walk.survey || round !== walk.slug) return null;
  const typed = controls.find(([name]) => name === walk.count.portiek)?.[1];
  return typeof typed === "string" ? keyOf(typed) : null;
}

function stateOf({ d: doors, c: [, opened, , visits] }) {
  if (!visits) return "new";
  return (doors && opened >= doors) || visits >= VISITS_ENOUGH ? "done" : "begun";
}

function added(door, { counts: [tried, opened, spoken], on }) {
  const [t, o, s, visits] = door.c;
  const most = Math.max(t, tried), doors = door.listed ? door.d : Math.max(door.d ?? 0, most);
  const open = Math.min(o + opened, Math.max(doors ?? 0, most));
  return { ...door, d: doors || most || undefined, c: [most, open, Math.min(s + spoken, open), visits + 1], on: door.on > on ? door.on : on, queued: true };
}

/** The stairwells of a walk, with what waits on this phone, the next to visit first (core/walking.py). */
export function walkNow(walk, drafts) {
  const doors = walk.doors.map((door, place) => ({ ...door, c: door.c ?? [0, 0, 0, 0], listed: door.d !== undefined, place }));
  for (const draft of drafts) {
    const visit = draft.state === "open" ? null : visitOf(draft, walk);
    if (visit) {
      let index = doors.findIndex((door) => door.k === visit.key);
      if (index < 0) index = doors.push({ k: visit.key, n: visit.name, c: [0, 0, 0, 0], place: doors.length }) - 1;
      doors[index] = added(doors[index], visit);
    }
    const begun = draft.state === "open" ? begunAt(draft, walk) : null;
    for (const door of doors) if (begun && door.k === begun) door.draft = draft.id;
  }
  for (const door of doors) door.s = door.queued ? stateOf(door) : (door.s ?? stateOf(door));
  const age = (door) => (door.s === "begun" ? door.on ?? "" : "");
  return doors.sort((a, b) => RANK[a.s] - RANK[b.s] || age(a).localeCompare(age(b)) || a.place - b.place);
}

/** "za 21 november" in the language of the page. */
export function dayWords(iso, language = document.documentElement.lang) {
  const options = { weekday: "short", day: "numeric", month: "long" };
  if (iso.slice(0, 4) !== String(new Date().getFullYear())) options.year = "numeric";
  return new Intl.DateTimeFormat(language, options).format(new Date(`${iso}T12:00`));
}

/** Put values in the {places} of a text. */
export const fillIn = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
