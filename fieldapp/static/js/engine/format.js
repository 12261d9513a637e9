// Dates as text: format-date() and format-date-time().
import { DAY, isoText, own, toMoment, toText } from "./values.js";

const MONTHS = "jan feb mrt apr mei jun jul aug sep okt nov dec".split(" ");
const WEEKDAYS = "ma di wo do vr za zo".split(" ");

export function formatted(scope, value, format) {
  const moment = toMoment(value);
  if (!moment) return "";
  const [day, clock] = moment;
  const iso = isoText(day * DAY + clock);
  const { months = MONTHS, weekdays = WEEKDAYS } = scope.ctx;
  const cut = (from, to) => iso.slice(from, to);
  const parts = {
    Y: cut(0, 4), y: cut(2, 4), m: cut(5, 7), n: +cut(5, 7), b: months[cut(5, 7) - 1],
    d: cut(8, 10), e: +cut(8, 10), a: weekdays[(((day + 3) % 7) + 7) % 7],
    H: cut(11, 13), h: +cut(11, 13), M: cut(14, 16), S: cut(17, 19), 3: cut(20, 23), "%": "%",
  };
  return toText(format).replace(/%(.)/gs, (all, part) => own(parts, part) ?? all);
}
