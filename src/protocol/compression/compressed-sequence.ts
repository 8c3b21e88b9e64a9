import { OutOfOrderError } from '../malformed-packet-error.js';

/**
 * The sequence ids of compressed packets, on the server's side of a connection.
 *
 * A command starts at 0; its answer goes on where its last packet ended, and what the client sends within an exchange
 * (a file, a password) where the answer ended. A client may send its next commands ahead, though, each from 0, and
 * which one is being answered only the reader of the stream knows: it tells with {@link consumed} how far it has taken
 * the stream up. Both directions are placed by counting the bytes inside.
 */
export class CompressedSequence {
  /** Packets that came and are not taken up whole. */
  readonly #pending: { readonly start: number; readonly end: number; readonly id: number }[] = [];
  /** Answers that are not written yet: the position where each starts, and the id of its first packet. */
  readonly #answers: { readonly from: number; readonly id: number }[] = [];
  #received = 0;
  #lastReceivedId = 0xff;
  #lastConsumedId = 0xff;
  #nextId = 0;
  /** What the client's next packet has when it goes on with the exchange after our answer; null: it has gone on. */
  #idAfterAnswer: number | null = null;

  /**
   * A packet of the client goes to the reader.
   * @param length bytes that it holds, decompressed
   * @throws OutOfOrderError when its id neither starts a command nor goes on from the last packet or our answer
   */
  received(id: number, length: number): void {
    if (id !== 0 && id !== ((this.#lastReceivedId + 1) & 0xff) && id !== this.#idAfterAnswer) {
      throw new OutOfOrderError('sequence id of a compressed packet');
    }
    this.#idAfterAnswer = null;
    this.#lastReceivedId = id;
    const start = this.#received;
    this.#received += length;
    this.#pending.push({ start, end: this.#received, id });
  }

  /**
   * The reader takes up a command, or more of what it has asked for, and answers from here on.
   * @param unread bytes received behind that
   * @param written bytes written before the answer
   */
  consumed(unread: number, written: number): void {
    const position = this.#received - unread;
    for (let first = this.#pending[0]; first !== undefined; first = this.#pending[0]) {
      if (first.start >= position && first.end > position) break;
      this.#lastConsumedId = first.id;
      if (first.end > position) break;
      this.#pending.shift();
    }
    if (this.#answers.at(-1)?.from === written) this.#answers.pop();
    this.#answers.push({ from: written, id: (this.#lastConsumedId + 1) & 0xff });
  }

  /** How many bytes from `position` of what is written may share a packet: up to where the next answer starts. */
  shareable(position: number): number {
    for (const { from } of this.#answers) if (from > position) return from - position;
    return Number.POSITIVE_INFINITY;
  }

  /** The id of the packet that starts at `position` of what is written. */
  take(position: number): number {
    for (
      let first = this.#answers[0];
      first !== undefined && first.from <= position;
      first = this.#answers[0]
    ) {
      this.#nextId = first.id;
      this.#answers.shift();
    }
    const id = this.#nextId;
    this.#nextId = (id + 1) & 0xff;
    this.#idAfterAnswer = this.#nextId;
    return id;
  }
}
