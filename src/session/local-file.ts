import type { PacketFramer } from '../protocol/packet-framer.js';
import type { Relay } from './relay.js';

/** An empty packet ends the contents of a local file; the request was packet 1 of the response. */
const EMPTY_FILE = Buffer.of(0, 0, 0, 2);

/**
 * The part of LOAD DATA LOCAL in which the client sends a file: its packets are no commands.
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_query_response_local_infile_request.html
 */
export class LocalFile {
  readonly #relay: Relay;
  readonly #fromClient: PacketFramer;
  readonly #isAllowed: boolean;
  #isServing = false;
  /** The answer is to be held back, of which the request for the file is no part. */
  #holdsAnswer = false;
  #shift = 0;

  /** @param isAllowed otherwise the server gets an empty file in the client's place */
  constructor(relay: Relay, fromClient: PacketFramer, isAllowed: boolean) {
    this.#relay = relay;
    this.#fromClient = fromClient;
    this.#isAllowed = isAllowed;
  }

  /** Whether the client's packets are the contents of a file. */
  get isServing(): boolean {
    return this.#isServing;
  }

  /** The server asks for a file. @param shift what the client's sequence ids are ahead of the backend's */
  serve(shift: number): void {
    this.#shift = shift;
    if (!this.#isAllowed) {
      this.#relay.toBackend(EMPTY_FILE);
      return;
    }
    this.#setServing(true);
    this.#holdsAnswer = this.#relay.isHolding;
    this.#relay.release();
  }

  /** Sends on what has arrived of the contents: packets that count on, up to an empty one. */
  relayArrived(): void {
    for (let frame = this.#fromClient.next(); frame !== null; frame = this.#fromClient.next()) {
      this.#relay.forward(
        this.#shift === 0 ? frame : { ...frame, sequenceId: (frame.sequenceId - this.#shift) & 0xff },
      );
      if (frame.payload.length === 0) {
        this.stop();
        return;
      }
    }
  }

  /** The server has answered. What the client still sends of the file is no command: its sequence ids end the session. */
  stop(): void {
    this.#setServing(false);
    if (this.#holdsAnswer) this.#relay.hold();
    this.#holdsAnswer = false;
  }

  /** Packets of a file are numbered on, and the server checks that; a command starts at 0. */
  #setServing(isServing: boolean): void {
    this.#isServing = isServing;
    this.#fromClient.firstSequenceId = isServing ? null : 0;
  }
}
