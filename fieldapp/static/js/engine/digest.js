// digest() and base64-decode(), for the few forms that have them. Hashes must come at once, which
// the browser's own (crypto.subtle) do not; the constants are worked out, not written out.
import { single, toText } from "./expression.js";

const primes = [];
for (let n = 2; primes.length < 80; n += 1) if (primes.every((prime) => n % prime)) primes.push(n);

/** The first 64 bits behind the point of the root (2: square, 3: cube) of a prime. */
function rootBits(prime, degree) {
  const wanted = BigInt(prime) << BigInt(64 * degree);
  let [low, high] = [0n, 1n << 80n];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (middle ** BigInt(degree) <= wanted) low = middle;
    else high = middle;
  }
  return BigInt.asUintN(64, low);
}

/** The bytes with 1 bit, zeros and their length behind them, in blocks; as numbers of `size` bytes. */
function padded(bytes, block, size, little) {
  const lengthSize = block / 8;
  const total = Math.ceil((bytes.length + 1 + lengthSize) / block) * block;
  const all = new Uint8Array(total);
  all.set(bytes);
  all[bytes.length] = 128;
  for (let at = 0, left = bytes.length * 8; left; at += 1, left = Math.floor(left / 256)) {
    all[little ? total - 8 + at : total - 1 - at] = left % 256;
  }
  const numbers = [];
  for (let at = 0; at < total; at += size) {
    let number = 0n;
    for (let i = 0; i < size; i += 1) number = number * 256n + BigInt(all[at + (little ? size - 1 - i : i)]);
    numbers.push(size === 4 ? Number(number) : number);
  }
  return numbers;
}

/** SHA-2 (FIPS 180-4) with words of 32 or 64 bits. */
function sha2(bytes, bits, start, length) {
  const big = bits === 64;
  const [a1, a2, a3, e1, e2, e3, s1, s2, s3, t1, t2, t3] = big
    ? [28, 34, 39, 14, 18, 41, 1, 8, 7, 19, 61, 6]
    : [2, 13, 22, 6, 11, 25, 7, 18, 3, 17, 19, 10];
  const fit = (number) => BigInt.asUintN(bits, number);
  const turn = (x, by) => (x >> BigInt(by)) | fit(x << BigInt(bits - by));
  const first = (number) => number >> BigInt(64 - bits);
  const rounds = big ? 80 : 64;
  const keys = primes.slice(0, rounds).map((prime) => first(rootBits(prime, 3)));
  let state = primes.slice(start, start + 8).map((prime) => first(rootBits(prime, 2)));
  const numbers = padded(bytes, bits * 2, bits / 8).map(BigInt);
  for (let block = 0; block < numbers.length; block += 16) {
    const w = numbers.slice(block, block + 16);
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < rounds; i += 1) {
      if (i > 15) {
        const [x, y] = [w[i - 15], w[i - 2]];
        const low = turn(x, s1) ^ turn(x, s2) ^ (x >> BigInt(s3));
        const high = turn(y, t1) ^ turn(y, t2) ^ (y >> BigInt(t3));
        w[i] = fit(w[i - 16] + low + w[i - 7] + high);
      }
      const one = h + (turn(e, e1) ^ turn(e, e2) ^ turn(e, e3)) + ((e & f) ^ (~e & g)) + keys[i] + w[i];
      const two = (turn(a, a1) ^ turn(a, a2) ^ turn(a, a3)) + ((a & b) ^ (a & c) ^ (b & c));
      [h, g, f, e, d, c, b, a] = [g, f, e, fit(d + one), c, b, a, fit(one + two)];
    }
    state = [a, b, c, d, e, f, g, h].map((number, at) => fit(number + state[at]));
  }
  return state.map((number) => number.toString(16).padStart(bits / 4, "0")).join("").slice(0, length * 2);
}

const turn32 = (x, by) => (x << by) | (x >>> (32 - by));
const hex32 = (number) => (number >>> 0).toString(16).padStart(8, "0");

/** SHA-1 (FIPS 180-4). */
function sha1(bytes) {
  let state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  const numbers = padded(bytes, 64, 4);
  for (let block = 0; block < numbers.length; block += 16) {
    const w = numbers.slice(block, block + 16);
    let [a, b, c, d, e] = state;
    for (let i = 0; i < 80; i += 1) {
      if (i > 15) w[i] = turn32(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
      const [mix, key] = [
        [(b & c) | (~b & d), 0x5a827999], [b ^ c ^ d, 0x6ed9eba1],
        [(b & c) | (b & d) | (c & d), 0x8f1bbcdc], [b ^ c ^ d, 0xca62c1d6],
      ][Math.floor(i / 20)];
      [e, d, c, b, a] = [d, c, turn32(b, 30), a, (turn32(a, 5) + mix + e + key + w[i]) | 0];
    }
    state = [a, b, c, d, e].map((number, at) => (number + state[at]) | 0);
  }
  return state.map(hex32).join("");
}

/** MD5 (RFC 1321). */
function md5(bytes) {
  const turns = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
  let state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  const numbers = padded(bytes, 64, 4, true);
  for (let block = 0; block < numbers.length; block += 16) {
    let [a, b, c, d] = state;
    for (let i = 0; i < 64; i += 1) {
      const [mix, at] = [
        [(b & c) | (~b & d), i], [(d & b) | (~d & c), 5 * i + 1],
        [b ^ c ^ d, 3 * i + 5], [c ^ (b | ~d), 7 * i],
      ][i >> 4];
      const key = Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32);
      const sum = (a + mix + key + numbers[block + (at % 16)]) | 0;
      [a, d, c, b] = [d, c, b, (b + turn32(sum, turns[i >> 4][i % 4])) | 0];
    }
    state = [a, b, c, d].map((number, at) => (number + state[at]) | 0);
  }
  return state.map((number) => hex32(number).match(/../g).reverse().join("")).join("");
}

const ALGORITHMS = {
  MD5: md5,
  "SHA-1": sha1,
  "SHA-256": (bytes) => sha2(bytes, 32, 0, 32),
  "SHA-384": (bytes) => sha2(bytes, 64, 8, 48),
  "SHA-512": (bytes) => sha2(bytes, 64, 0, 64),
};

const first = (value) => toText(single(value));

function digest(scope, value, algorithm, encoding = "base64") {
  const [name, how] = [first(algorithm), first(encoding)];
  if (!Object.hasOwn(ALGORITHMS, name) || !["base64", "hex"].includes(how)) return "";
  const hex = ALGORITHMS[name](new TextEncoder().encode(first(value)));
  return how === "hex" ? hex : btoa(hex.replace(/../g, (pair) => String.fromCharCode(parseInt(pair, 16))));
}

function base64Decode(scope, value) {
  const text = first(value).replace(/[ \t\r\n]+/g, "");
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return "";
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

export default { digest, "base64-decode": base64Decode };
