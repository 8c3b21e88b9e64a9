/** Numbers in [0, 1) that depend on the seed alone (mulberry32). */
export type Random = () => number;

/** @param parts e.g. a run's seed and the number of an iteration, which then can be repeated on its own */
export function randomOf(...parts: readonly number[]): Random {
  let state = parts.reduce((hash, part) => Math.imul(hash ^ part, 0x9e37_79b1) ^ (hash >>> 15), 0x1234_5678);
  return () => {
    state = (state + 0x6d2b_79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

export function below(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}

export function oneOf<T>(random: Random, values: readonly T[]): T {
  const value = values[below(random, values.length)];
  if (value === undefined) throw new RangeError('nothing to choose from');
  return value;
}

/** Bytes that mean something in the protocol: NULL, lengths, EOF, ERR, NUL, quotes, comments, the semicolon. */
const TELLING = [
  0, 1, 3, 0x0e, 0x16, 0x17, 0xfb, 0xfc, 0xfd, 0xfe, 0xff, 0x22, 0x23, 0x27, 0x2f, 0x3b, 0x5c, 0x60,
];

const EDITS: readonly ((bytes: Buffer, at: number, random: Random) => Buffer)[] = [
  // One bit.
  (bytes, at, random) => {
    const copy = Buffer.from(bytes);
    copy[at] = (copy[at] ?? 0) ^ (1 << below(random, 8));
    return copy;
  },
  // Another byte.
  (bytes, at, random) => {
    const copy = Buffer.from(bytes);
    copy[at] = random() < 0.5 ? oneOf(random, TELLING) : below(random, 256);
    return copy;
  },
  // More bytes.
  (bytes, at, random) => {
    const inserted = Buffer.from(Array.from({ length: 1 + below(random, 6) }, () => oneOf(random, TELLING)));
    return Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at)]);
  },
  // Less.
  (bytes, at, random) => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + below(random, 8))]),
  // An end.
  (bytes, at) => Buffer.from(bytes.subarray(0, at)),
  // The same again.
  (bytes, at, random) => {
    const piece = bytes.subarray(at, at + 1 + below(random, 40));
    return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
  },
];

/** The bytes with one to three edits; about one in four hits a packet's header. */
export function mutated(bytes: Buffer, random: Random): Buffer {
  let result = bytes;
  for (let edits = 1 + below(random, 3); edits > 0; edits -= 1) {
    const at = random() < 0.25 ? below(random, Math.min(5, result.length)) : below(random, result.length);
    result = oneOf(random, EDITS)(result, at, random);
    if (result.length === 0) break;
  }
  return result;
}

/** The bytes in pieces of random size. */
export function pieces(bytes: Buffer, random: Random): Buffer[] {
  const result: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + below(random, random() < 0.5 ? 6 : 200);
    result.push(bytes.subarray(at, at + size));
    at += size;
  }
  return result;
}
