import { HEADER_LENGTH } from './packet-framer.js';
import { writePacket } from './packet-writer.js';

/**
 * What comes before the rows of a result, as packets: column count, definitions and, without CLIENT_DEPRECATE_EOF, the
 * EOF after them. The same statement gets the same each time, and comparing the block costs a hundredth of decoding its
 * definitions.
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_query_response_text_resultset.html
 */
export interface ResultsetMetadata {
  /** As the backend sends it. */
  readonly raw: Buffer;
  /** As it is relayed. */
  readonly relayed: Buffer;
}

/** Longer ones are not remembered: a result may have 4,096 columns. */
const MAX_LENGTH = 16 * 1024;

/** Makes a {@link ResultsetMetadata} of the packets of one response as they pass, while they lie in one chunk. */
export class MetadataRecorder {
  #chunk: Buffer | null = null;
  #start = 0;
  readonly #relayed: Buffer[] = [];

  /** Begins with the packet whose header is at `at`. */
  begin(chunk: Buffer, at: number): void {
    this.#chunk = chunk;
    this.#start = at;
    this.#relayed.length = 0;
  }

  /** What is recorded is no metadata, or goes on in another chunk. */
  drop(): void {
    this.#chunk = null;
    this.#relayed.length = 0;
  }

  /** A packet from `at` to `end`. @param replacement its payload for the client, null: its own */
  add(chunk: Buffer, at: number, end: number, replacement: Buffer | null): void {
    if (this.#chunk !== chunk || end - this.#start > MAX_LENGTH) {
      this.drop();
      return;
    }
    const packet =
      replacement === null ? chunk.subarray(at, end) : writePacket(replacement, chunk[at + 3] ?? 0);
    this.#relayed.push(packet);
  }

  /** All of it has passed. @returns null when it could not be recorded */
  finish(chunk: Buffer, end: number): ResultsetMetadata | null {
    if (this.#chunk !== chunk || end - this.#start < HEADER_LENGTH) return null;
    const metadata = {
      raw: Buffer.from(chunk.subarray(this.#start, end)),
      relayed: Buffer.concat(this.#relayed),
    };
    this.drop();
    return metadata;
  }
}
