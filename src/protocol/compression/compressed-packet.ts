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
  #chunks: Buffer[] = [];
  /** Position of the next unread byte in `#chunks[0]`. */
  #offset = 0;
  /** Unread bytes in all chunks. */
  #buffered = 0;
  #header: Omit<CompressedPacket, 'body'> | null = null;
  #bodyLength = 0;
  /** The body so far, when it does not lie in one chunk. */
  #joined: Buffer | null = null;
  #joinedLength = 0;

  /** Whether all that was pushed has been taken as whole packets. */
  get isAtBoundary(): boolean {
    return this.#buffered === 0 && this.#header === null;
  }

  /** Hands in what arrived. The chunk is kept, not copied. */
  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
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
    if (this.#buffered < COMPRESSED_HEADER_LENGTH) return null;
    const bytes = this.#takeShort(COMPRESSED_HEADER_LENGTH);
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

  /** So many bytes, which have arrived. */
  #takeShort(length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    let taken = 0;
    while (taken < length) {
      const chunk = this.#first();
      const part = chunk.subarray(this.#offset, this.#offset + length - taken);
      part.copy(bytes, taken);
      taken += part.length;
      this.#advance(chunk, part.length);
    }
    return bytes;
  }

  #readBody(): Buffer | null {
    const length = this.#bodyLength;
    if (this.#joined === null) {
      if (length === 0) return Buffer.alloc(0);
      const chunk = this.#chunks[0];
      if (chunk !== undefined && chunk.length - this.#offset >= length) {
        const body = chunk.subarray(this.#offset, this.#offset + length);
        this.#advance(chunk, length);
        return body;
      }
    }
    // Copied as it comes: chunks of a byte each would pin many times their length.
    while (this.#joinedLength < length && this.#buffered > 0) this.#collect(this.#first(), length);
    if (this.#joinedLength < length) return null;
    const body = this.#joined?.subarray(0, length) ?? Buffer.alloc(0);
    this.#joined = null;
    this.#joinedLength = 0;
    return body;
  }

  #collect(chunk: Buffer, length: number): void {
    const part = chunk.subarray(this.#offset, this.#offset + length - this.#joinedLength);
    const end = this.#joinedLength + part.length;
    if (this.#joined === null || this.#joined.length < end) {
      const size = Math.max(end, Math.min(length, Math.max(FIRST_ALLOCATION, end * 2)));
      const larger = Buffer.allocUnsafeSlow(size);
      this.#joined?.copy(larger, 0, 0, this.#joinedLength);
      this.#joined = larger;
    }
    part.copy(this.#joined, this.#joinedLength);
    this.#joinedLength = end;
    this.#advance(chunk, part.length);
  }

  #first(): Buffer {
    const chunk = this.#chunks[0];
    if (chunk === undefined) throw new Error('read beyond what is buffered');
    return chunk;
  }

  #advance(chunk: Buffer, length: number): void {
    this.#offset += length;
    this.#buffered -= length;
    if (this.#offset === chunk.length) {
      this.#chunks.shift();
      this.#offset = 0;
    }
  }
}
