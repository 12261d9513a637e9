// The recovery code: 100 random bits as 20 signs of Crockford's base 32 and one to check the others, to be written
// on paper: 7KQ4-M2XA-9TPC-03ZV-WEHN-5. Small letters, spaces, O for 0 and I or L for 1 are understood.

const SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
export const LENGTH = 20, GROUP = 4;
const ALIKE = { O: "0", I: "1", L: "1" };

// The check sign makes the code a multiple of (x - 2) over the field of 32 elements (x^5 + x^2 + 1): one wrong sign,
// or two neighbours that changed places, never fit.
const twice = (value) => (value << 1) ^ (value & 16 ? 0b100101 : 0);

/** The sign that checks these 20. */
export function checkSign(signs) {
  return SIGNS[twice([...signs].reduce((sum, sign) => twice(sum) ^ SIGNS.indexOf(sign), 0))];
}

/** A new code, 20 signs. */
export function newCode() {
  const bytes = crypto.getRandomValues(new Uint8Array(LENGTH));
  return Array.from(bytes, (byte) => SIGNS[byte & 31]).join(""); // five random bits each
}

/** As people write it down, with its check sign. */
export function shownCode(signs) {
  return `${signs}${checkSign(signs)}`.match(/.{1,4}/g).join("-");
}

/** What somebody typed: {signs} when it is a code, else {problem: "short" | "long" | "sign" | "check", at}. */
export function readCode(text) {
  const typed = [...text.toUpperCase().replace(/[\s\p{Pd}_.]/gu, "")].map((sign) => ALIKE[sign] ?? sign);
  const strange = typed.find((sign) => !SIGNS.includes(sign));
  if (strange !== undefined) return { problem: "sign", at: strange };
  if (typed.length !== LENGTH + 1) return { problem: typed.length < LENGTH + 1 ? "short" : "long", at: typed.length };
  const signs = typed.slice(0, LENGTH).join("");
  return checkSign(signs) === typed[LENGTH] ? { signs } : { problem: "check" };
}
