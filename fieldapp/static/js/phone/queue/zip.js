// A zip file without a library: entries stored as they are. Bytes go into a Blob one entry at a time, so that
// 100 MB of photos need not stand in memory together.

const TABLE = Uint32Array.from({ length: 256 }, (_none, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? 0xedb88320 ^ (rest >>> 1) : rest >>> 1;
  return rest;
});

/** CRC-32 of bytes, as zip wants it. */
export function crc32(bytes) {
  let crc = 0xffffffff;
  for (let at = 0; at < bytes.length; at += 1) crc = TABLE[(crc ^ bytes[at]) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

const UTF8 = 0x0800, STORED = 0, VERSION = 20, LOCAL = 0x04034b50, CENTRAL = 0x02014b50, END = 0x06054b50;

function bytesOf(...pairs) {
  const view = new DataView(new ArrayBuffer(pairs.reduce((sum, [size]) => sum + size, 0)));
  let at = 0;
  for (const [size, value] of pairs) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  }
  return new Uint8Array(view.buffer);
}

/** Date and time as DOS wrote them; a clock before 1980 counts as 1980. */
function stamp(date) {
  const year = Math.min(127, Math.max(0, date.getFullYear() - 1980));
  const day = (year << 9) | ((date.getMonth() + 1) << 5) | date.getDate();
  return [(date.getHours() << 11) | (date.getMinutes() << 5) | (date.getSeconds() >> 1), day];
}

/** Puts entries one behind the other; `finish()` gives the Blob. */
export class Zip {
  #parts = [];
  #directory = [];
  #at = 0;

  constructor(now = new Date()) {
    this.when = stamp(now);
  }

  /** An entry; `data` is text or bytes. */
  add(name, data) {
    const title = new TextEncoder().encode(name);
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : new Uint8Array(data);
    const [time, day] = this.when;
    const about = [[2, VERSION], [2, UTF8], [2, STORED], [2, time], [2, day], [4, crc32(bytes)], [4, bytes.length],
      [4, bytes.length], [2, title.length], [2, 0]];
    this.#directory.push(
      bytesOf([4, CENTRAL], [2, VERSION], ...about, [2, 0], [2, 0], [2, 0], [4, 0], [4, this.#at]), title);
    this.#put(bytesOf([4, LOCAL], ...about), title, new Blob([bytes]));
  }

  #put(...pieces) {
    for (const piece of pieces) {
      this.#parts.push(piece);
      this.#at += piece.size ?? piece.length;
    }
  }

  /** The whole file. */
  finish() {
    const count = this.#directory.length / 2, start = this.#at;
    this.#put(...this.#directory);
    this.#put(bytesOf([4, END], [2, 0], [2, 0], [2, count], [2, count], [4, this.#at - start], [4, start], [2, 0]));
    return new Blob(this.#parts, { type: "application/zip" });
  }
}
