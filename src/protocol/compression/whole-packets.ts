import { HEADER_LENGTH } from '../packet-framer.js';
import { MAX_COMPRESSED_BODY } from './compressed-packet.js';

/** Ordinary packets that share a compressed one have so many bytes together at most. */
const MAX_SHARED = 64 * 1024;

/** Bytes in order, and where they are cut for compressed packets. */
export interface Cut {
  readonly chunks: readonly Buffer[];
  /** Lengths of the pieces; together those of the chunks. */
  readonly lengths: readonly number[];
}

/**
 * Cuts a stream of packets where packets end. mysql-connector-python (9.7, pure Python) can't read one that lies in more
 * than two compressed packets, which the servers never do: a packet that has not arrived whole waits here, up to 16 MiB.
 */
export class WholePackets {
  #held: Buffer[] = [];
  #heldLength = 0;
  readonly #header = Buffer.alloc(HEADER_LENGTH);
  /** Bytes of the current packet's header that are there. */
  #headerLength = 0;
  /** Bytes of its body still to come. */
  #missing = 0;

  /** @returns the packets that are whole now */
  push(chunks: readonly Buffer[]): Cut {
    const ends: number[] = [];
    for (const chunk of chunks) this.#scan(chunk, ends);
    const whole = ends.at(-1) ?? 0;
    const all = this.#held;
    if (whole === this.#heldLength) {
      this.#held = [];
      this.#heldLength = 0;
      return { chunks: all, lengths: lengthsOf(ends) };
    }
    const taken: Buffer[] = [];
    const kept: Buffer[] = [];
    let position = 0;
    for (const chunk of all) {
      const cut = Math.min(Math.max(whole - position, 0), chunk.length);
      if (cut > 0) taken.push(chunk.subarray(0, cut));
      if (cut < chunk.length) kept.push(chunk.subarray(cut));
      position += chunk.length;
    }
    this.#held = kept;
    this.#heldLength -= whole;
    return { chunks: taken, lengths: lengthsOf(ends) };
  }

  /** What is left when nothing more comes. */
  rest(): Buffer {
    const rest = Buffer.concat(this.#held, this.#heldLength);
    this.#held = [];
    this.#heldLength = 0;
    return rest;
  }

  #scan(chunk: Buffer, ends: number[]): void {
    const start = this.#heldLength;
    let position = 0;
    while (position < chunk.length) {
      if (this.#headerLength < HEADER_LENGTH) {
        this.#header[this.#headerLength] = chunk[position] ?? 0;
        this.#headerLength += 1;
        position += 1;
        if (this.#headerLength < HEADER_LENGTH) continue;
        this.#missing = this.#header.readUIntLE(0, 3);
      } else {
        const length = Math.min(this.#missing, chunk.length - position);
        this.#missing -= length;
        position += length;
      }
      if (this.#missing > 0) continue;
      this.#headerLength = 0;
      ends.push(start + position);
    }
    this.#held.push(chunk);
    this.#heldLength += chunk.length;
  }
}

/** Joins short packets and cuts what no compressed packet can hold. */
function lengthsOf(ends: readonly number[]): number[] {
  const lengths: number[] = [];
  let start = 0;
  let last = 0;
  for (const end of ends) {
    if (end - start > MAX_SHARED && last > start) {
      lengths.push(last - start);
      start = last;
    }
    last = end;
    if (end - start > MAX_COMPRESSED_BODY) {
      lengths.push(MAX_COMPRESSED_BODY);
      start += MAX_COMPRESSED_BODY;
    }
  }
  if (last > start) lengths.push(last - start);
  return lengths;
}
