import type { Capabilities } from './constants/capabilities.js';
import { MalformedPacketError } from './malformed-packet-error.js';
import { HEADER_LENGTH, MAX_PACKET_PAYLOAD } from './packet-framer.js';
import type { PacketNumbering } from './packet-numbering.js';
import { writePacket } from './packet-writer.js';
import type { ResponsePacketKind } from './response-classifier.js';
import {
  classify,
  IDLE,
  initialState,
  needsPayload,
  type ResponseEvent,
  type ResponseKind,
  type ResponseState,
  ROWS,
  readEvent,
  transition,
} from './response-tracker.js';
import { MetadataRecorder, type ResultsetMetadata } from './resultset-metadata.js';

export interface ExpectOptions<Token> {
  /** Comes back with each packet and at the end. */
  readonly token: Token;
  /** Hands every definition to the handler whole; otherwise they pass unread. */
  readonly wantColumnDefinitions?: boolean;
  /**
   * For a response of kind 'result' whose definitions are wanted for nothing but their replacement: what its first
   * result began with the last time. When it begins so again, its packets pass without a call of `packet`; otherwise
   * `learned` is called with what it begins with now. Null: nothing is known yet.
   */
  readonly metadata?: ResultsetMetadata | null;
  /** Hands every row to the handler whole: for the proxy's own queries. Rows of 16 MiB and more then fail. */
  readonly wantRows?: boolean;
  /** `false`: the response is the proxy's own, and none of it is relayed. */
  readonly relay?: boolean;
  /** Other sequence ids than the backend's; null: the backend's. */
  readonly numbering?: PacketNumbering | null;
}

/** Called while `push` runs, in the order of the bytes. */
export interface ResponseHandler<Token> {
  /** Bytes for the client: mostly a chunk just as it came. The buffer is not written to again. */
  relay(bytes: Buffer): void;
  /**
   * A whole packet: every OK, EOF, ERR, LOCAL INFILE request, column count and COM_STMT_PREPARE_OK, definitions and rows
   * when wanted.
   * @param payload not to be written to
   * @param token `null` for an ERR that the server sends unasked
   * @returns the payload to relay in its place under the same sequence id, `null` to relay it unchanged
   */
  packet(event: ResponseEvent, payload: Buffer, token: Token | null): Buffer | null;
  /** What a response that was expected with `metadata` begins with; depends on nothing but its definitions. */
  learned?(metadata: ResultsetMetadata, token: Token): void;
  /** The response is over and all its bytes were relayed; the next one expected begins. */
  complete(token: Token): void;
}

interface Expected<Token> extends ExpectOptions<Token> {
  readonly kind: ResponseKind;
}

/** Room for a header and most OK and ERR packets. */
const HELD_INITIAL = 256;

/**
 * Follows the responses in what arrives from the backend and relays it in as few pieces as can be.
 *
 * Rows and unwanted definitions are neither copied nor kept: headers are hopped over. Only packets of interest that are
 * split over chunks are held back until they are whole. The number of packets never changes, and their sequence ids only
 * where a response has a numbering of its own: they are written into the chunks.
 *
 * After a throw the stream's place in the conversation is lost: the session has to end.
 */
export class ResponseStream<Token> {
  readonly #handler: ResponseHandler<Token>;
  readonly #capabilities: Capabilities;
  readonly #queue: Expected<Token>[] = [];
  #current: Expected<Token> | null = null;
  #numbering: PacketNumbering | null = null;
  /** Of the response under way, until its first packet has come. */
  #metadata: ResultsetMetadata | null = null;
  readonly #recorder = new MetadataRecorder();
  #isRecording = false;
  #state: ResponseState = IDLE;
  /** Whether callbacks of finished responses are running: what they expect waits its turn. */
  #finishing = false;

  /** Payload bytes of the packet under way that pass unread. */
  #skip = 0;
  /** Whether the next packet continues the payload under way. */
  #continues = false;

  /** Bytes held back: a header that is not whole, or a packet of interest. */
  #held: Buffer | null = null;
  #heldLength = 0;
  /** How many are needed for the next step. */
  #heldWanted = 0;
  /** What the held packet is, once its first byte is known. */
  #heldKind: ResponsePacketKind | null = null;

  /** @param capabilities as negotiated on the backend's leg */
  constructor(capabilities: Capabilities, handler: ResponseHandler<Token>) {
    this.#capabilities = capabilities;
    this.#handler = handler;
  }

  /** Responses not complete yet, the one under way included. */
  get pending(): number {
    return this.#queue.length + (this.#current === null ? 0 : 1);
  }

  /** Whether nothing is expected and no packet has begun. */
  get isIdle(): boolean {
    return this.pending === 0 && this.#held === null && this.#skip === 0 && !this.#continues;
  }

  /** State of the response under way, for the log. */
  get state(): ResponseState['kind'] {
    return this.#state.kind;
  }

  /**
   * Announces the response to a command, in the order in which commands go to the backend. Kind 'none' is complete as
   * soon as those before it are, maybe before this call returns: it also keeps the place of an answer of the proxy's own.
   */
  expect(kind: ResponseKind, options: ExpectOptions<Token>): void {
    this.#queue.push({ kind, ...options });
    if (this.#current === null && !this.#finishing) this.#begin();
  }

  /**
   * Hands in what arrived from the backend. The chunk is the stream's from now on: headers may be written to.
   * @throws MalformedPacketError when it is no response to what was expected
   */
  push(chunk: Buffer): void {
    let at = this.#held === null ? 0 : this.#fillHeld(chunk, 0);
    let from = at;
    while (at < chunk.length) {
      if (this.#skip > 0) {
        const step = Math.min(this.#skip, chunk.length - at);
        at += step;
        this.#skip -= step;
        if (this.#isPacketEnd()) from = this.#endPacket(chunk, from, at);
        continue;
      }
      const left = chunk.length - at;
      const length = left < HEADER_LENGTH ? -1 : lengthAt(chunk, at);
      if (length < 0 || (left === HEADER_LENGTH && length > 0 && !this.#continues)) {
        this.#relay(chunk, from, at);
        from = at = this.#hold(chunk, at);
        continue;
      }
      if (this.#metadata !== null) {
        const end = this.#passKnown(chunk, from, at, this.#metadata);
        this.#metadata = null;
        if (end > at) {
          from = at = end;
          continue;
        }
      }
      if (this.#continues) {
        if (this.#numbering !== null) renumber(chunk, at, this.#numbering);
        at += HEADER_LENGTH;
        this.#hop(length, 0);
        if (this.#isPacketEnd()) from = this.#endPacket(chunk, from, at);
        continue;
      }
      const kind = this.#classify(length === 0 ? -1 : (chunk[at + HEADER_LENGTH] ?? -1), length);
      if (!this.#isWanted(kind)) {
        if (this.#numbering !== null) renumber(chunk, at, this.#numbering);
        at += HEADER_LENGTH;
        this.#passUnread(kind, length, 0);
        if (this.#isPacketEnd()) from = this.#endPacket(chunk, from, at);
        continue;
      }
      const end = at + HEADER_LENGTH + length;
      if (end > chunk.length) {
        this.#relay(chunk, from, at);
        from = at = this.#hold(chunk, at);
        continue;
      }
      if (this.#numbering !== null) renumber(chunk, at, this.#numbering);
      const replacement = this.#readWhole(kind, chunk.subarray(at + HEADER_LENGTH, end));
      if (this.#isRecording) this.#record(kind, chunk, at, end, replacement);
      if (replacement !== null) {
        this.#relay(chunk, from, at);
        this.#relayReplacement(replacement, chunk[at + 3] ?? 0);
        from = end;
      }
      at = end;
      from = this.#endPacket(chunk, from, at);
    }
    this.#relay(chunk, from, at);
  }

  /** @returns the end of the metadata that are known, which were relayed; `at` when something else begins there */
  #passKnown(chunk: Buffer, from: number, at: number, { raw, relayed }: ResultsetMetadata): number {
    const end = at + raw.length;
    if (end > chunk.length || chunk.compare(raw, 0, raw.length, at, end) !== 0) return at;
    this.#isRecording = false;
    this.#relay(chunk, from, at);
    this.#handler.relay(relayed);
    this.#state = ROWS;
    return end;
  }

  #record(
    kind: ResponsePacketKind,
    chunk: Buffer,
    at: number,
    end: number,
    replacement: Buffer | null,
  ): void {
    if (kind === 'columnCount') this.#recorder.begin(chunk, at);
    this.#recorder.add(chunk, at, end, replacement);
    if (this.#state.kind === 'columnDefinitions' || this.#state.kind === 'endOfColumnDefinitions') return;
    this.#isRecording = false;
    const metadata = this.#state.kind === 'rows' ? this.#recorder.finish(chunk, end) : null;
    if (metadata !== null && this.#current !== null) this.#handler.learned?.(metadata, this.#current.token);
  }

  #begin(): void {
    this.#finishing = true;
    while (this.#current === null) {
      const next = this.#queue.shift();
      if (next === undefined) break;
      if (next.kind === 'none') {
        this.#handler.complete(next.token);
      } else {
        this.#current = next;
        this.#numbering = next.numbering ?? null;
        // Other sequence ids would be others in the block, too.
        const { metadata = null } = this.#numbering === null ? next : {};
        this.#metadata = metadata;
        this.#isRecording = this.#numbering === null && next.metadata !== undefined;
        this.#state = initialState(next.kind);
      }
    }
    this.#finishing = false;
  }

  #relay(chunk: Buffer, from: number, to: number): void {
    if (from === to || this.#current?.relay === false) return;
    this.#handler.relay(from === 0 && to === chunk.length ? chunk : chunk.subarray(from, to));
  }

  #relayReplacement(payload: Buffer, sequenceId: number): void {
    if (payload.length >= MAX_PACKET_PAYLOAD) throw new RangeError('a replacement must fit one packet');
    if (this.#current?.relay === false) return;
    this.#handler.relay(writePacket(payload, sequenceId));
  }

  #classify(firstByte: number, length: number): ResponsePacketKind {
    return classify(this.#state, firstByte, length, this.#capabilities);
  }

  #isWanted(kind: ResponsePacketKind): boolean {
    if (kind === 'row') return this.#current?.wantRows === true;
    if (kind === 'definition') return this.#current?.wantColumnDefinitions === true;
    return needsPayload(kind);
  }

  /** Begins to hop over a packet of which `seen` payload bytes were passed. */
  #hop(length: number, seen: number): void {
    this.#skip = length - seen;
    this.#continues = length === MAX_PACKET_PAYLOAD;
  }

  #passUnread(kind: ResponsePacketKind, length: number, seen: number): void {
    const event = readEvent(this.#state, kind, undefined, this.#capabilities);
    this.#state = transition(this.#state, event, this.#capabilities);
    this.#hop(length, seen);
  }

  #isPacketEnd(): boolean {
    return this.#skip === 0 && !this.#continues;
  }

  #readWhole(kind: ResponsePacketKind, payload: Buffer): Buffer | null {
    // Held back whole, these must fit one packet; no server sends an OK, ERR or definition of 16 MiB.
    if (payload.length === MAX_PACKET_PAYLOAD)
      throw new MalformedPacketError(`${kind} of 16 MiB and more`, 0);
    const event = readEvent(this.#state, kind, payload, this.#capabilities);
    if (this.#state.kind !== 'idle') this.#state = transition(this.#state, event, this.#capabilities);
    return this.#handler.packet(event, payload, this.#current?.token ?? null);
  }

  /**
   * After a packet: when it ended the response, relays what is left of it up to `at` and begins the next.
   * @returns where the bytes not relayed yet begin
   */
  #endPacket(chunk: Buffer, from: number, at: number): number {
    const done = this.#current;
    if (this.#state.kind !== 'complete' || done === null) return from;
    this.#relay(chunk, from, at);
    this.#current = null;
    this.#numbering = null;
    this.#metadata = null;
    this.#isRecording = false;
    this.#state = IDLE;
    this.#finishing = true;
    this.#handler.complete(done.token);
    this.#finishing = false;
    this.#begin();
    return at;
  }

  /** Holds back the packet that begins at `at`. @returns where reading goes on: the chunk's end */
  #hold(chunk: Buffer, at: number): number {
    this.#held = Buffer.allocUnsafeSlow(HELD_INITIAL);
    this.#heldLength = 0;
    this.#heldWanted = HEADER_LENGTH;
    this.#heldKind = null;
    return this.#fillHeld(chunk, at);
  }

  /** Adds to what is held and goes on as soon as that suffices. @returns where reading goes on */
  #fillHeld(chunk: Buffer, start: number): number {
    let at = start;
    while (this.#held !== null) {
      at += this.#takeHeld(chunk, at);
      if (this.#heldLength < this.#heldWanted) return at;
      this.#stepHeld(this.#held);
    }
    return at;
  }

  /** Copies up to `#heldWanted` bytes; the buffer grows with what arrives, not with what a header announces. */
  #takeHeld(chunk: Buffer, at: number): number {
    const step = Math.min(this.#heldWanted - this.#heldLength, chunk.length - at);
    const end = this.#heldLength + step;
    let held = this.#held ?? Buffer.allocUnsafeSlow(HELD_INITIAL);
    if (end > held.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(end, Math.min(this.#heldWanted, end * 2)));
      held.copy(larger, 0, 0, this.#heldLength);
      held = larger;
    }
    chunk.copy(held, this.#heldLength, at, at + step);
    this.#held = held;
    this.#heldLength = end;
    return step;
  }

  /** One step of a held packet: header whole, then first byte known, then payload whole. */
  #stepHeld(held: Buffer): void {
    const length = lengthAt(held, 0);
    if (this.#heldKind !== null) {
      this.#releaseWhole(held, this.#heldKind);
    } else if (this.#continues) {
      this.#releaseUnread(held, null, length);
    } else if (this.#heldLength === HEADER_LENGTH && length > 0) {
      this.#heldWanted = HEADER_LENGTH + 1;
    } else {
      const kind = this.#classify(length === 0 ? -1 : (held[HEADER_LENGTH] ?? -1), length);
      if (this.#isWanted(kind)) {
        this.#heldKind = kind;
        this.#heldWanted = HEADER_LENGTH + length;
      } else {
        this.#releaseUnread(held, kind, length);
      }
    }
  }

  /** Lets go of a packet that passes unread. `kind` is `null` for one that continues a payload. */
  #releaseUnread(held: Buffer, kind: ResponsePacketKind | null, length: number): void {
    if (this.#numbering !== null) renumber(held, 0, this.#numbering);
    const seen = this.#heldLength - HEADER_LENGTH;
    const bytes = held.subarray(0, this.#heldLength);
    this.#dropHeld();
    if (kind === null) this.#hop(length, seen);
    else this.#passUnread(kind, length, seen);
    this.#relay(bytes, 0, bytes.length);
    if (this.#isPacketEnd()) this.#endPacket(bytes, 0, 0);
  }

  #releaseWhole(held: Buffer, kind: ResponsePacketKind): void {
    if (this.#numbering !== null) renumber(held, 0, this.#numbering);
    const bytes = held.subarray(0, this.#heldLength);
    this.#dropHeld();
    const replacement = this.#readWhole(kind, bytes.subarray(HEADER_LENGTH));
    if (replacement === null) this.#relay(bytes, 0, bytes.length);
    else this.#relayReplacement(replacement, bytes[3] ?? 0);
    this.#endPacket(bytes, 0, 0);
  }

  #dropHeld(): void {
    this.#held = null;
    this.#heldLength = 0;
    this.#heldKind = null;
  }
}

/** Gives the packet whose header is at `at` the client's sequence id. */
function renumber(buffer: Buffer, at: number, numbering: PacketNumbering): void {
  numbering.last = ((buffer[at + 3] ?? 0) + numbering.shift) & 0xff;
  buffer[at + 3] = numbering.last;
}

/** `int<3>` of a header that is whole. */
function lengthAt(buffer: Buffer, at: number): number {
  return (buffer[at] ?? 0) | ((buffer[at + 1] ?? 0) << 8) | ((buffer[at + 2] ?? 0) << 16);
}
