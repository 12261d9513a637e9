// What the head of a photo says that we need before it is decoded: its size, its orientation, when it was
// taken. The place and the phone that it also tells are never read, and are gone after shrinking.

const SIZE = new Set([0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf]);
const HEIF = /^(heic|heix|hevc|heim|heis|mif1|msf1)$/;
const ORIENTATION = 0x0112, DETAILS = 0x8769, TAKEN = 0x9003, OFFSET = 0x9011;

export const HEAD = 262_144; // bytes from the beginning that hold all of it

const text = (view, at, length) => Array.from({ length }, (_, i) => String.fromCharCode(view.getUint8(at + i))).join("");

/** Of a JPEG: {width, height, orientation, taken_at}, as far as said; of the iPhone's own kind: {heif: true}. */
export function readHead(buffer) {
  const view = new DataView(buffer);
  const said = {};
  try {
    if (text(view, 4, 4) === "ftyp") said.heif = HEIF.test(text(view, 8, 4));
    else if (view.getUint16(0) === 0xffd8) readSegments(view, said);
  } catch {
    // Cut off or broken: the picture itself may be good all the same.
  }
  return said;
}

function readSegments(view, said) {
  for (let at = 2; at + 9 < view.byteLength;) {
    const marker = view.getUint8(at + 1);
    if (view.getUint8(at) !== 0xff || marker === 0xda) return;
    if (marker === 0xe1 && text(view, at + 4, 4) === "Exif") readExif(view, at + 10, said);
    if (SIZE.has(marker)) {
      said.height = view.getUint16(at + 5);
      said.width = view.getUint16(at + 7);
      return;
    }
    at += 2 + view.getUint16(at + 2);
  }
}

function readExif(view, start, said) {
  try {
    const little = view.getUint16(start) === 0x4949;
    const first = tags(view, start, view.getUint32(start + 4, little), little);
    said.orientation = first.get(ORIENTATION);
    const details = tags(view, start, first.get(DETAILS), little);
    said.taken_at = moment(details.get(TAKEN), details.get(OFFSET));
  } catch {
    // As above.
  }
}

/** Tag -> number or text, of one directory. */
function tags(view, start, offset, little) {
  const found = new Map();
  if (!offset) return found;
  const count = view.getUint16(start + offset, little);
  for (let i = 0; i < count; i += 1) {
    const at = start + offset + 2 + i * 12;
    const [tag, type, length] = [view.getUint16(at, little), view.getUint16(at + 2, little), view.getUint32(at + 4, little)];
    if (type === 3) found.set(tag, view.getUint16(at + 8, little));
    else if (type === 4) found.set(tag, view.getUint32(at + 8, little));
    else if (type === 2 && length < 40) {
      found.set(tag, text(view, length > 4 ? start + view.getUint32(at + 8, little) : at + 8, length));
    }
  }
  return found;
}

/** "2026:11:21 14:03:00" as ISO; without an offset it is this phone's own clock. */
function moment(written, offset) {
  const parts = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)/.exec(written ?? "");
  if (!parts) return undefined;
  const zone = /^[+-]\d\d:\d\d/.exec(offset ?? "")?.[0] ?? "";
  const date = new Date(`${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}${zone}`);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
