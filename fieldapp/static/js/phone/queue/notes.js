// What the outbox writes down beside the forms: setting "outbox".

import { STATES } from "../drafts.js";

const NAME = "outbox";
export const NOTHING = {
  login: false, portal: false, // the person must log in; somebody else answers for the server
  not_before: 0, quiet_until: 0, // the line does not work; the server asks for quiet
  sending: null, beat: 0, last_try: 0, last_ok: 0,
};
const SHOWN = ["login", "portal", "sending"]; // what pages tell people

const always = () => true;

export const noted = async (store) => ({ ...NOTHING, ...await store.setting(NAME) });

/** Note something, if `when(what stands there)`; whether it was so. A full phone must not keep anything from being
 *  sent: what cannot be noted is not noted. */
export async function note(store, patch, when = always) {
  let old = NOTHING;
  await store.update("settings", NAME, (kept) => {
    old = { ...NOTHING, ...kept?.value };
    return when(old) ? { name: NAME, value: { ...old, ...patch } } : undefined;
  }).catch((error) => console.warn("fieldapp: the outbox cannot note anything", error));
  if (SHOWN.some((name) => name in patch && patch[name] !== old[name])) store.changed(NAME);
  return when(old);
}

/** The sign of life of who flushes, for one_flusher.js. */
export const beatOf = (store) => ({
  last: async () => (await noted(store)).beat,
  now: () => note(store, { beat: Date.now() }),
  claim: (seen) => note(store, { beat: Date.now() }, ({ beat }) => beat === seen),
});

/** The finished forms that wait. */
export const queueOf = async (store) => (await store.all("drafts")).filter(({ state }) => state === STATES.QUEUED);
