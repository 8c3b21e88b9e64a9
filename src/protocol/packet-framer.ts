import { ChunkQueue, JoinedBytes } from './chunk-queue.js';
import { OutOfOrderError } from './malformed-packet-error.js';
import { PayloadTooLargeError } from './payload-too-large-error.js';

/** Bytes of a packet's header: `int<3>` payload length, `int<1>` sequence id. */
export const HEADER_LENGTH = 4;

/** A packet of this payload length is followed by another one of the same payload. */
export const MAX_PACKET_PAYLOAD = 0xff_ffff;

/** What is kept at first of a payload that has not arrived whole: a header alone must not cost us 16 MiB. */
const FIRST_ALLOCATION = 64 * 1024;

export interface Frame {
  /** Sequence id of the payload's first packet. */
  readonly sequenceId: number;
  /** Sequence id of its last packet; the answer's first is one more (modulo 256). */
  readonly lastSequenceId: number;
  /** A view into a pushed chunk where it lies inside one: the chunk must not be written to while it is in use. */
  readonly payload: Buffer;
}

/**
 * Finds whole payloads in chunks as they arrive from a socket.
 *
 * A payload inside one chunk is a view (no copy). One that spans chunks or packets is copied once into a buffer of
 * its own that grows with what has arrived, so a peer that announces much and sends little pins little memory.
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_packets.html
 */
export class PacketFramer {
  /** Longest payload accepted, in bytes. May be raised once the peer has authenticated. */
  maxPayload: number;
  /**
   * What a payload's first packet has to be numbered, where that is known ahead; null: anything. Judged by its header:
   * what does not speak the protocol is told from a long payload that has not arrived yet.
   */
  firstSequenceId: number | null = null;

  readonly #unread = new ChunkQueue();
  /** The payload so far, when it does not lie in one chunk. */
  readonly #joined = new JoinedBytes(FIRST_ALLOCATION);
  /** Body bytes of the current packet still to come; -1 between packets. */
  #bodyRemaining = -1;
  /** Whether the current packet is followed by another of the same payload. */
  #continues = false;
  #firstSequenceId = 0;
  #lastSequenceId = 0;
  /** Packets of the current payload seen before the current one. */
  #packets = 0;

  constructor(maxPayload: number) {
    this.maxPayload = maxPayload;
  }

  /** Bytes held: unread ones and those of an unfinished payload. */
  get bufferedBytes(): number {
    return this.#unread.length + this.#joined.length;
  }

  /** Whether the last byte pushed ended a payload and all payloads were taken. */
  get isAtBoundary(): boolean {
    return this.#unread.length === 0 && this.#bodyRemaining < 0 && this.#packets === 0;
  }

  /** Hands in what arrived. The chunk is kept, not copied. */
  push(chunk: Buffer): void {
    this.#unread.push(chunk);
  }

  /**
   * Takes the next whole payload, `null` when more bytes are needed.
   * @throws PayloadTooLargeError as soon as a header shows a payload longer than `maxPayload`
   * @throws OutOfOrderError when packets are not numbered in sequence
   */
  next(): Frame | null {
    for (;;) {
      if (this.#bodyRemaining < 0 && !this.#readHeader()) return null;
      const frame = this.#readBody();
      if (frame !== null) return frame;
      if (this.#bodyRemaining >= 0) return null;
    }
  }

  /** Takes all unread bytes: what follows an SSLRequest belongs to the TLS layer. */
  takeBuffered(): Buffer {
    if (this.#bodyRemaining >= 0 || this.#packets > 0) throw new Error('inside a payload');
    return this.#unread.readAll();
  }

  #readHeader(): boolean {
    if (this.#unread.length < HEADER_LENGTH) return false;
    const unread = this.#unread;
    const length = unread.readByte() | (unread.readByte() << 8) | (unread.readByte() << 16);
    const sequenceId = unread.readByte();
    const total = this.#joined.length + length;
    if (this.#packets === 0) {
      const expected = this.firstSequenceId ?? sequenceId;
      if (sequenceId !== expected)
        throw new OutOfOrderError(`sequence id ${expected} expected, ${sequenceId} came`);
      this.#firstSequenceId = sequenceId;
    } else if (sequenceId !== ((this.#lastSequenceId + 1) & 0xff)) {
      throw new OutOfOrderError('sequence id out of order inside a payload');
    }
    if (total > this.maxPayload) throw new PayloadTooLargeError(total, this.maxPayload);
    this.#lastSequenceId = sequenceId;
    this.#bodyRemaining = length;
    this.#continues = length === MAX_PACKET_PAYLOAD;
    return true;
  }

  /** The payload when this packet ends it; otherwise `null`, with `#bodyRemaining` at -1 when the packet is over. */
  #readBody(): Frame | null {
    const wanted = this.#bodyRemaining;
    if (!this.#continues && this.#packets === 0 && this.#joined.length === 0) {
      if (wanted === 0) return this.#finish(Buffer.alloc(0));
      const payload = this.#unread.readView(wanted);
      if (payload !== null) return this.#finish(payload);
    }
    if (wanted > 0 && this.#unread.length > 0) {
      this.#bodyRemaining -= this.#joined.collect(this.#unread, wanted);
    }
    if (this.#bodyRemaining > 0) return null;
    if (this.#continues) {
      this.#bodyRemaining = -1;
      this.#packets += 1;
      return null;
    }
    return this.#finish(this.#joined.take());
  }

  #finish(payload: Buffer): Frame {
    this.#bodyRemaining = -1;
    this.#packets = 0;
    return { sequenceId: this.#firstSequenceId, lastSequenceId: this.#lastSequenceId, payload };
  }
}
