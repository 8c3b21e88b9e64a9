import { ChunkQueue, JoinedBytes } from '../chunk-queue.js';
import { MalformedPacketError } from '../malformed-packet-error.js';

/*
 * The compressed protocol's own packets, around a stream of ordinary ones: an ordinary packet may lie in several of
 * them, and several may share one.
 *
 *   int<3>  length of the body
 *   int<1>  sequence id, counted apart from that of the packets inside
 *   int<3>  length of the body once decompressed; 0: the body is stored as it is
 *   body
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_compression_packet.html
 */

/** Bytes of a compressed packet's header. */
export const COMPRESSED_HEADER_LENGTH = 7;

/** Bodies shorter than this are stored, as the servers do (MIN_COMPRESS_LENGTH): compressed they are not smaller. */
export const MIN_COMPRESS_LENGTH = 50;

/** Longest body, before and after decompression: what `int<3>` can say. */
export const MAX_COMPRESSED_BODY = 0xff_ffff;

/** What is kept at first of a body that has not arrived whole: a header alone must not cost us 16 MiB. */
const FIRST_ALLOCATION = 16 * 1024;

export interface CompressedPacket {
  readonly sequenceId: number;
  /** Length of the body once decompressed; null: it is stored as it is. */
  readonly uncompressedLength: number | null;
  /** A view into a pushed chunk where it lies inside one. */
  readonly body: Buffer;
}

/** The header in front of `bodyLength` bytes. @param uncompressedLength null when the body is stored as it is */
export function compressedHeader(
  bodyLength: number,
  sequenceId: number,
  uncompressedLength: number | null,
): Buffer {
  if (bodyLength > MAX_COMPRESSED_BODY || (uncompressedLength ?? 0) > MAX_COMPRESSED_BODY) {
    throw new RangeError('a compressed packet holds less than 16 MiB');
  }
  const header = Buffer.allocUnsafe(COMPRESSED_HEADER_LENGTH);
  header.writeUIntLE(bodyLength, 0, 3);
  header[3] = sequenceId & 0xff;
  header.writeUIntLE(uncompressedLength ?? 0, 4, 3);
  return header;
}

/** Finds whole compressed packets in chunks as they arrive from a socket; nothing is decompressed here. */
export class CompressedPacketFramer {
  readonly #unread = new ChunkQueue();
  #header: Omit<CompressedPacket, 'body'> | null = null;
  #bodyLength = 0;
  /** The body so far, when it does not lie in one chunk. */
  readonly #joined = new JoinedBytes(FIRST_ALLOCATION);

  /** Whether all that was pushed has been taken as whole packets. */
  get isAtBoundary(): boolean {
    return this.#unread.length === 0 && this.#header === null;
  }

  /** Hands in what arrived. The chunk is kept, not copied. */
  push(chunk: Buffer): void {
    this.#unread.push(chunk);
  }

  /**
   * Takes the next packet, `null` when more bytes are needed.
   * @throws MalformedPacketError for a header that no client writes
   */
  next(): CompressedPacket | null {
    this.#header ??= this.#readHeader();
    const header = this.#header;
    if (header === null) return null;
    const body = this.#readBody();
    if (body === null) return null;
    this.#header = null;
    return { ...header, body };
  }

  #readHeader(): Omit<CompressedPacket, 'body'> | null {
    if (this.#unread.length < COMPRESSED_HEADER_LENGTH) return null;
    const bytes = Buffer.allocUnsafe(COMPRESSED_HEADER_LENGTH);
    this.#unread.readInto(bytes, 0, COMPRESSED_HEADER_LENGTH);
    this.#bodyLength = bytes.readUIntLE(0, 3);
    const uncompressedLength = bytes.readUIntLE(4, 3);
    if (uncompressedLength !== 0 && this.#bodyLength === 0) {
      throw new MalformedPacketError('compressed packet without a body', 0);
    }
    return {
      sequenceId: bytes.readUInt8(3),
      uncompressedLength: uncompressedLength === 0 ? null : uncompressedLength,
    };
  }

  #readBody(): Buffer | null {
    const length = this.#bodyLength;
    if (this.#joined.length === 0) {
      if (length === 0) return Buffer.alloc(0);
      const body = this.#unread.readView(length);
      if (body !== null) return body;
    }
    if (this.#unread.length > 0) this.#joined.collect(this.#unread, length - this.#joined.length);
    return this.#joined.length < length ? null : this.#joined.take();
  }
}
