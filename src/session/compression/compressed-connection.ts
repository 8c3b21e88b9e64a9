import { Duplex } from 'node:stream';
import {
  CompressedPacketFramer,
  compressedHeader,
  MIN_COMPRESS_LENGTH,
} from '../../protocol/compression/compressed-packet.js';
import { CompressedSequence } from '../../protocol/compression/compressed-sequence.js';
import type { Compression } from '../../protocol/compression/compression.js';
import { type Cut, WholePackets } from '../../protocol/compression/whole-packets.js';
import { MalformedPacketError } from '../../protocol/malformed-packet-error.js';
import { HEADER_LENGTH } from '../../protocol/packet-framer.js';

/**
 * zstd may have no other thread to work in, and its clients (MySQL's own) read a packet that lies in any number of
 * compressed ones.
 */
const ZSTD_MAX_PIECE = 64 * 1024;
/** As a socket's: so many bytes may wait before the writer is asked to. */
const HIGH_WATER_MARK = 64 * 1024;

type Done = (error?: Error | null) => void;

interface Chunk {
  readonly chunk: Buffer;
}

/**
 * The connection of a client that compresses, from the login's last word on: takes and gives the ordinary packets
 * inside, and is otherwise used as a socket is. Compressed packets are decompressed one by one as the reader asks for
 * more, so that small packets that turn into large ones are held back like everything else.
 *
 * Emits besides what a socket does: 'malformed' with a MalformedPacketError, once, when what came can't be read; the
 * connection can still be written to.
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_compression.html
 */
export class CompressedConnection extends Duplex {
  readonly #raw: Duplex;
  readonly #compression: Compression;
  readonly #framer = new CompressedPacketFramer();
  readonly #sequence = new CompressedSequence();
  /** Bytes whose write has called back. */
  #written = 0;
  readonly #packets = new WholePackets();
  readonly #maxPiece: number;
  /** Bytes that have been given to the socket, compressed or not. */
  #sent = 0;
  /** Nothing is written yet: the login's last word, OK or ERR, comes first and as it is. */
  #isPlain = true;
  /** The reader wants more. */
  #isWanted = false;
  #isDecompressing = false;
  /** What came could not be read, and nothing after it can be. */
  #isBroken = false;
  #hasRawEnded = false;

  /**
   * @param raw its socket, paused and without listeners to 'data': from here on it is read by this object alone
   * @param unread what was read from it already
   */
  constructor(raw: Duplex, compression: Compression, unread: Buffer) {
    super({
      allowHalfOpen: false,
      emitClose: false,
      readableHighWaterMark: HIGH_WATER_MARK,
      writableHighWaterMark: HIGH_WATER_MARK,
    });
    this.#raw = raw;
    this.#compression = compression;
    this.#maxPiece = compression.algorithm === 'zstd' ? ZSTD_MAX_PIECE : Number.POSITIVE_INFINITY;
    this.#framer.push(unread);
    raw.on('data', this.#onData);
    raw.on('end', this.#onRawEnd);
    raw.on('error', (error: Error) => this.destroy(error));
    raw.on('close', this.#onRawClose);
    if (raw.destroyed) this.destroy();
  }

  /**
   * The reader takes up a command, or more of what it has asked the client for, and answers that from here on: says
   * which sequence ids the answer has.
   * @param unread bytes behind that which the reader has got already
   */
  consumed(unread: number): void {
    this.#sequence.consumed(this.readableLength + unread, this.#written + this.writableLength);
  }

  // Reading.

  override _read(): void {
    this.#isWanted = true;
    this.#decompress();
  }

  readonly #onData = (chunk: Buffer): void => {
    if (this.#isBroken) return;
    this.#framer.push(chunk);
    if (!this.#isWanted) this.#raw.pause();
    this.#decompress();
  };

  /** Gives what has arrived to the reader, for as long as it wants more. */
  #decompress(): void {
    if (this.#isDecompressing || this.#isBroken) return;
    this.#isDecompressing = true;
    try {
      while (this.#isWanted && !this.destroyed) {
        const packet = this.#framer.next();
        if (packet === null) {
          if (this.#hasRawEnded) this.push(null);
          else if (this.#raw.isPaused()) this.#raw.resume();
          break;
        }
        const { sequenceId, uncompressedLength, body } = packet;
        if (body.length === 0) continue;
        const bytes =
          uncompressedLength === null ? body : this.#compression.decompress(body, uncompressedLength);
        if (!Buffer.isBuffer(bytes)) {
          this.#decompressLater(sequenceId, bytes);
          return;
        }
        this.#deliver(sequenceId, bytes);
      }
      this.#isDecompressing = false;
    } catch (error) {
      this.#break(error);
    }
  }

  #decompressLater(sequenceId: number, work: Promise<Buffer>): void {
    this.#raw.pause();
    work
      .then((bytes) => {
        if (this.destroyed) return;
        this.#deliver(sequenceId, bytes);
        this.#isDecompressing = false;
        this.#decompress();
      })
      .catch((error: unknown) => this.#break(error));
  }

  #deliver(sequenceId: number, bytes: Buffer): void {
    this.#sequence.received(sequenceId, bytes.length);
    this.#isWanted = this.push(bytes);
    if (!this.#isWanted) this.#raw.pause();
  }

  /** What still comes is dropped: unread bytes would make the kernel send RST, and the peer could lose our last word. */
  #break(error: unknown): void {
    if (!(error instanceof MalformedPacketError)) {
      this.destroy(error instanceof Error ? error : new Error('decompression failed', { cause: error }));
      return;
    }
    this.#isBroken = true;
    this.#raw.resume();
    this.emit('malformed', error);
  }

  readonly #onRawEnd = (): void => {
    this.#hasRawEnded = true;
    if (this.#isBroken) this.push(null);
    else this.#decompress();
  };

  /** What came before a client left in good order is still read. */
  readonly #onRawClose = (hadError?: boolean): void => {
    if (hadError === true || !this.#hasRawEnded || this.readableEnded) this.destroy();
    else this.once('end', () => this.destroy());
  };

  // Writing.

  override _write(chunk: Buffer, _encoding: string, done: Done): void {
    this.#send([chunk], chunk.length, done);
  }

  override _writev(chunks: Chunk[], done: Done): void {
    let length = 0;
    for (const { chunk } of chunks) length += chunk.length;
    const bytes = chunks.map(({ chunk }) => chunk);
    this.#send(bytes, length, done);
  }

  #send(chunks: readonly Buffer[], length: number, done: Done): void {
    const pieces = new Pieces(this.#packets.push(this.#isPlain ? this.#sendPlain(chunks, length) : chunks));
    this.#sendPieces(pieces, (error) => {
      // In one step with what `done` does to writableLength: consumed() adds the two.
      this.#written += length;
      done(error);
    });
  }

  /** The packet that ends the login; the client decompresses what comes after it. @returns that */
  #sendPlain(chunks: readonly Buffer[], length: number): readonly Buffer[] {
    this.#isPlain = false;
    const bytes = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, length);
    const end = HEADER_LENGTH + bytes.readUIntLE(0, 3);
    this.#sendRaw([bytes.subarray(0, end)]);
    this.#sent += Math.min(end, length);
    return end < length ? [bytes.subarray(end)] : [];
  }

  #sendPieces(pieces: Pieces, done: Done): void {
    if (pieces.remaining === 0) {
      done();
      return;
    }
    const position = this.#sent;
    const piece = pieces.take(Math.min(this.#maxPiece, this.#sequence.shareable(position)));
    this.#sent += piece.length;
    const compressed = piece.length < MIN_COMPRESS_LENGTH ? piece : this.#compression.compress(piece);
    if (Buffer.isBuffer(compressed)) {
      this.#sendPacket(position, piece, compressed);
      this.#sendRest(pieces, done);
      return;
    }
    compressed.then(
      (bytes) => {
        this.#sendPacket(position, piece, bytes);
        this.#sendRest(pieces, done);
      },
      (error: unknown) => done(error instanceof Error ? error : new Error('compression failed')),
    );
  }

  /** Lets others have this thread between two pieces, and the socket get rid of what it holds. */
  #sendRest(pieces: Pieces, done: Done): void {
    if (this.#raw.writableNeedDrain) this.#raw.once('drain', () => this.#sendPieces(pieces, done));
    else if (pieces.remaining === 0) done();
    else setImmediate(() => this.#sendPieces(pieces, done));
  }

  /** Stored where compression gains nothing, as the servers do. */
  #sendPacket(position: number, piece: Buffer, compressed: Buffer): void {
    const isStored = compressed.length >= piece.length;
    const body = isStored ? piece : compressed;
    const id = this.#sequence.take(position);
    this.#sendRaw([compressedHeader(body.length, id, isStored ? null : piece.length), body]);
  }

  #sendRaw(parts: readonly Buffer[]): void {
    const raw = this.#raw;
    if (raw.destroyed || raw.writableEnded) return;
    raw.cork();
    for (const part of parts) raw.write(part);
    raw.uncork();
  }

  override _final(done: Done): void {
    const raw = this.#raw;
    const rest = this.#packets.rest();
    this.#sendPieces(new Pieces({ chunks: [rest], lengths: [rest.length] }), () => {
      if (raw.destroyed || raw.writableEnded) done();
      else raw.end(() => done());
    });
  }

  override _destroy(error: Error | null, done: Done): void {
    this.#raw.destroy();
    done(error);
    // As a socket does: says whether it was an error.
    process.nextTick(() => this.emit('close', error !== null));
  }
}

/** Takes pieces out of chunks, joined where they lie apart. */
class Pieces {
  remaining: number;
  readonly #chunks: readonly Buffer[];
  /** Lengths of the pieces that are left, the last one first. */
  readonly #lengths: number[];
  #index = 0;
  #offset = 0;

  constructor({ chunks, lengths }: Cut) {
    this.#chunks = chunks;
    this.#lengths = [...lengths].reverse();
    this.remaining = lengths.reduce((sum, length) => sum + length, 0);
  }

  /** The next piece, or its first `limit` bytes: a view where they lie in one chunk. */
  take(limit: number): Buffer {
    const length = this.#lengths.pop() ?? 0;
    const wanted = Math.min(length, limit);
    if (wanted < length) this.#lengths.push(length - wanted);
    const parts: Buffer[] = [];
    for (let missing = wanted; missing > 0; ) {
      const chunk = this.#chunks[this.#index];
      if (chunk === undefined) break;
      const part = chunk.subarray(this.#offset, this.#offset + missing);
      missing -= part.length;
      this.#offset += part.length;
      if (this.#offset === chunk.length) {
        this.#index += 1;
        this.#offset = 0;
      }
      parts.push(part);
    }
    this.remaining -= wanted;
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts, wanted);
  }
}
