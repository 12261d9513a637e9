// Chance: the generator of Park and Miller, so that a seed gives what it gives in ODK.
import { isNodes, single, toNumber, whole } from "./values.js";

const MODULUS = 2147483647;

export function chance(seed) {
  if (seed === undefined || seed === null) {
    return () => crypto.getRandomValues(new Uint32Array(1))[0] / 2 ** 32;
  }
  let state = (Number.isFinite(seed) ? Math.trunc(seed) : 0) % MODULUS;
  if (state <= 0) state += MODULUS - 1;
  return () => ((state = (state * 16807) % MODULUS) - 1) / (MODULUS - 1);
}

export function randomized(scope, nodes, seed) {
  if (!isNodes(nodes)) return nodes;
  const next = seed === undefined ? scope.next : chance(toNumber(single(seed)));
  const mixed = [];
  nodes.forEach((item, index) => {
    const place = Math.floor(next() * (index + 1));
    mixed[index] = mixed[place];
    mixed[place] = item;
  });
  return mixed;
}

export function uuid({ next }, size) {
  if (size !== undefined) {
    const length = Math.max(0, Math.min(1000, whole(size) ?? 0));
    return Array.from({ length }, () => Math.floor(next() * 36).toString(36)).join("").toUpperCase();
  }
  const bytes = Array.from({ length: 16 }, () => Math.floor(next() * 256));
  bytes[6] = (bytes[6] % 16) + 64;
  bytes[8] = (bytes[8] % 64) + 128;
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
