import type { Duplex } from 'node:stream';
import type { SessionMetrics } from '../metrics/metrics.js';
import { type Frame, HEADER_LENGTH, MAX_PACKET_PAYLOAD } from '../protocol/packet-framer.js';
import { packetParts } from '../protocol/packet-writer.js';

/** Why the client is not read: one bit each. */
const BACKEND_FULL = 1;
const QUEUE_FULL = 2;

/** Small pieces are copied together: a copy of so many bytes costs less than one more piece in a write. */
const JOINED = 16 * 1024;

/** Bytes of an answer that is held back until its effects are settled: an OK has a few hundred. */
const MAX_HELD = 64 * 1024;

/**
 * Moves bytes between the two sockets. Each direction is paused at its source while its sink is full, so that what a
 * slow peer leaves in memory is bounded whatever the size of a result.
 */
export class Relay {
  readonly #client: Duplex;
  readonly #backend: Duplex;
  readonly #metrics: SessionMetrics;
  /** What goes to the client with the next flush: mostly one piece. */
  readonly #batch: Buffer[] = [];
  #batchBytes = 0;
  #held: Buffer[] | null = null;
  #heldBytes = 0;
  #clientPause = 0;
  #isBackendPaused = false;

  constructor(client: Duplex, backend: Duplex, metrics: SessionMetrics) {
    this.#client = client;
    this.#backend = backend;
    this.#metrics = metrics;
    client.on('drain', () => this.#resumeBackend());
    backend.on('drain', () => this.#resumeClient(BACKEND_FULL));
  }

  /** Bytes for the client; they go out with {@link flush}. */
  toClient(bytes: Buffer): void {
    if (this.#held !== null && this.#hold(bytes)) return;
    this.#batch.push(bytes);
    this.#batchBytes += bytes.length;
  }

  /** Ends a batch: one write, whatever the number of pieces. */
  flush(): void {
    const batch = this.#batch;
    if (batch.length === 0) return;
    if (batch.length === 1) this.#writeClient(batch[0]!);
    else if (this.#batchBytes <= JOINED) this.#writeClient(Buffer.concat(batch, this.#batchBytes));
    else {
      this.#client.cork();
      for (const piece of batch) this.#writeClient(piece);
      this.#client.uncork();
    }
    batch.length = 0;
    this.#batchBytes = 0;
  }

  get isHolding(): boolean {
    return this.#held !== null;
  }

  /** From now on bytes for the client wait for {@link release}. */
  hold(): void {
    this.#held ??= [];
  }

  release(): void {
    const held = this.#held;
    if (held === null) return;
    this.#held = null;
    this.#heldBytes = 0;
    for (const bytes of held) this.toClient(bytes);
    this.flush();
  }

  /** Drops what is held: another answer takes its place. */
  discardHeld(): void {
    this.#held = null;
    this.#heldBytes = 0;
  }

  toBackend(bytes: Buffer, onWritten?: () => void): void {
    this.#metrics.bytes('client_to_backend', bytes.length);
    if (this.#backend.destroyed || this.#backend.writableEnded) {
      onWritten?.();
      return;
    }
    if (!this.#backend.write(bytes, onWritten)) this.#pauseClient(BACKEND_FULL);
  }

  /** Sends a client's packet on as it came: without a copy where it lies in one piece. */
  forward(frame: Frame): void {
    const { payload } = frame;
    const whole = withHeader(frame);
    if (whole !== null) {
      this.toBackend(whole);
      return;
    }
    this.#backend.cork();
    for (const part of packetParts(payload, frame.sequenceId)) this.toBackend(part);
    this.#backend.uncork();
  }

  /** The client has sent ahead more than we keep. */
  pauseForQueue(): void {
    this.#pauseClient(QUEUE_FULL);
  }

  resumeFromQueue(): void {
    this.#resumeClient(QUEUE_FULL);
  }

  /** Nobody reads any more: what is still relayed is dropped and holds nothing up. */
  clientGone(): void {
    this.#resumeBackend();
  }

  #hold(bytes: Buffer): boolean {
    this.#heldBytes += bytes.length;
    if (this.#heldBytes > MAX_HELD) {
      this.release();
      return false;
    }
    this.#held?.push(bytes);
    return true;
  }

  #writeClient(bytes: Buffer): void {
    this.#metrics.bytes('backend_to_client', bytes.length);
    if (this.#client.destroyed || this.#client.writableEnded) return;
    if (this.#client.write(bytes) || this.#isBackendPaused) return;
    this.#isBackendPaused = true;
    this.#backend.pause();
  }

  #resumeBackend(): void {
    if (!this.#isBackendPaused) return;
    this.#isBackendPaused = false;
    this.#backend.resume();
  }

  #pauseClient(why: number): void {
    if (this.#clientPause === 0) this.#client.pause();
    this.#clientPause |= why;
  }

  #resumeClient(why: number): void {
    if ((this.#clientPause & why) === 0) return;
    this.#clientPause &= ~why;
    if (this.#clientPause === 0) this.#client.resume();
  }
}

/**
 * The packet of a payload with its header, as a view of the memory where it arrived; null when the header is not
 * right in front of it. The four bytes in front are taken only when they are the payload's header, so that it does
 * not matter what else could lie there.
 */
export function withHeader({ payload, sequenceId }: Frame): Buffer | null {
  const { length, byteOffset } = payload;
  if (byteOffset < HEADER_LENGTH || length >= MAX_PACKET_PAYLOAD) return null;
  const packet = Buffer.from(payload.buffer, byteOffset - HEADER_LENGTH, length + HEADER_LENGTH);
  return packet.readUIntLE(0, 3) === length && packet[3] === sequenceId ? packet : null;
}
