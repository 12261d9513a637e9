// Functions that few forms use; see functions.js. Fetched by prepare() where a form has them.
import { randomized, uuid } from "./chance.js";
import { formatted } from "./format.js";
import { DAY, orBlank, portable, readMoment, single, spread, toNumber, toText } from "./values.js";

function translate(scope, value, from, to) {
  const [old, there] = [[...toText(from)], [...toText(to)]];
  const swap = (at, letter) => (at < 0 ? letter : (there[at] ?? ""));
  return [...toText(value)].map((letter) => swap(old.indexOf(letter), letter)).join("");
}

function power(scope, value, exponent) {
  let base = toNumber(value);
  const times = toNumber(exponent);
  if (!Number.isInteger(times)) return portable(base ** times);
  let result = 1;
  for (let left = Math.abs(times); left; left = Math.floor(left / 2)) {
    if (left % 2) result *= base;
    base *= base;
  }
  return times < 0 ? 1 / result : result;
}

function within(count, least, most) {
  const [low, high] = [least, most].map((limit) => toNumber(orBlank(spread([limit]))[0]));
  return (low === -1 || count >= low) && (high === -1 || count <= high);
}

function weighted(scope, least, most, ...pairs) {
  let score = 0;
  for (let at = 0; at + 1 < pairs.length; at += 2) {
    const weights = spread([pairs[at + 1]]);
    spread([pairs[at]]).slice(0, weights.length).forEach((answer, index) => {
      if (toNumber(answer) > 0) score += toNumber(weights[index]);
    });
  }
  return within(score, least, most);
}


const numeric = (name) => (scope, ...all) => portable(Math[name](...all.map(toNumber)));

// of a node-set the first value
const values = {
  "decimal-time": (scope, value) => {
    const moment = typeof value === "string" && readMoment(value);
    const number = toNumber(value);
    if (moment) return moment[1] / DAY;
    return Number.isFinite(number) ? number - Math.floor(number) : NaN;
  },
  exp10: (scope, value) => power(scope, 10, value),
  "format-date": formatted,
  "format-date-time": formatted,
  pow: power,
  translate,
  uuid,
};
for (const name of "sin cos tan asin acos atan atan2 exp log log10".split(" ")) values[name] = numeric(name);
for (const [name, compute] of Object.entries(values)) {
  values[name] = (scope, ...all) => compute(scope, ...all.map(single));
}

export default {
  ...values,
  checklist: (scope, least, most, ...all) =>
    within(spread(all).filter((value) => toNumber(value) > 0).length, least, most),
  randomize: randomized,
  "weighted-checklist": weighted,
};
