import type { OnReadOpts } from 'node:net';

/** Takes what arrives. The chunk is the taker's own: nobody writes to it again. */
export type ByteSink = (chunk: Buffer) => void;

/**
 * Where the kernel puts what is read, of all connections: a read and its callback run to the end before the next
 * read begins, so that one buffer does for any number of idle sessions.
 */
const ARRIVED = Buffer.allocUnsafeSlow(64 * 1024);

/**
 * Reads of a socket that pass by the stream's own buffering: a 'data' event costs a slab of 64 KiB, cut down to what
 * has arrived, and a turn through the stream's states, which is more than all that a session does with a small packet.
 * The socket's `pause`, `resume`, 'end' and 'close' work as ever; 'data' never comes.
 *
 * https://nodejs.org/docs/latest-v20.x/api/net.html#socketconnectoptions-connectlistener
 */
export class DirectReads {
  readonly #early: Buffer[] = [];
  #sink: ByteSink | null = null;

  /** The option of `net.connect`. */
  get option(): { onread: OnReadOpts } {
    return { onread: { buffer: ARRIVED, callback: (length) => this.#take(length) } };
  }

  /** Hands over all that has arrived and will arrive. */
  deliverTo(sink: ByteSink): void {
    this.#sink = sink;
    for (const chunk of this.#early.splice(0)) sink(chunk);
  }

  #take(length: number): boolean {
    // A copy: the next read of any connection overwrites the buffer.
    const chunk = Buffer.allocUnsafe(length);
    ARRIVED.copy(chunk, 0, 0, length);
    if (this.#sink === null) this.#early.push(chunk);
    else this.#sink(chunk);
    return true;
  }
}

/**
 * For one connection; undefined where the system itself completes reads (Windows): several would write to the buffer at
 * the same time there.
 */
export function directReads(): DirectReads | undefined {
  return process.platform === 'win32' ? undefined : new DirectReads();
}
