import { MalformedPacketError } from './malformed-packet-error.js';

/**
 * Reads the manual's basic types from one payload. Every read checks the bounds and throws
 * {@link MalformedPacketError}; buffers returned are views, valid as long as the payload is.
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_data_types.html
 */
export class BufferReader {
  readonly #buffer: Buffer;
  #offset: number;

  constructor(buffer: Buffer, offset = 0) {
    this.#buffer = buffer;
    this.#offset = offset;
    if (offset < 0 || offset > buffer.length) this.fail('start beyond the end');
  }

  /** Position of the next byte to read, from the payload's start. */
  get offset(): number {
    return this.#offset;
  }

  get remaining(): number {
    return this.#buffer.length - this.#offset;
  }

  /** Ends reading with an error that names what is wrong here. */
  fail(what: string): never {
    throw new MalformedPacketError(what, this.#offset);
  }

  /** Claims `length` bytes and gives the position of the first. */
  #take(length: number): number {
    const start = this.#offset;
    if (length > this.#buffer.length - start) this.fail(`${length} bytes expected, ${this.remaining} left`);
    this.#offset = start + length;
    return start;
  }

  /** `int<1>` without consuming it; `undefined` at the end. */
  peekInt1(): number | undefined {
    return this.#buffer[this.#offset];
  }

  /** `int<1>` */
  readInt1(): number {
    return this.#buffer.readUInt8(this.#take(1));
  }

  /** `int<2>` */
  readInt2(): number {
    return this.#buffer.readUInt16LE(this.#take(2));
  }

  /** `int<3>` */
  readInt3(): number {
    return this.#buffer.readUIntLE(this.#take(3), 3);
  }

  /** `int<4>`, unsigned */
  readInt4(): number {
    return this.#buffer.readUInt32LE(this.#take(4));
  }

  /** `int<8>`, unsigned */
  readInt8(): bigint {
    return this.#buffer.readBigUInt64LE(this.#take(8));
  }

  /** One byte that can only have this value. */
  expectInt1(value: number, what: string): void {
    if (this.peekInt1() !== value) this.fail(`${what} expected`);
    this.#offset += 1;
  }

  /** `int<lenenc>`; the bytes 0xFB (NULL) and 0xFF (ERR) are no integer and throw. */
  readLengthEncodedInteger(): bigint {
    const first = this.readInt1();
    if (first < 0xfb) return BigInt(first);
    if (first === 0xfc) return BigInt(this.readInt2());
    if (first === 0xfd) return BigInt(this.readInt3());
    if (first === 0xfe) return this.readInt8();
    this.#offset -= 1;
    return this.fail('length-encoded integer expected');
  }

  /** `int<lenenc>` of a count or length; throws when a double can't hold it exactly. */
  readLengthEncodedNumber(): number {
    const first = this.readInt1();
    if (first < 0xfb) return first;
    if (first === 0xfc) return this.readInt2();
    if (first === 0xfd) return this.readInt3();
    if (first === 0xfe) {
      const value = this.readInt8();
      if (value > BigInt(Number.MAX_SAFE_INTEGER)) this.fail('length out of range');
      return Number(value);
    }
    this.#offset -= 1;
    return this.fail('length-encoded integer expected');
  }

  /** `string<n>` / `binary<n>` */
  readBuffer(length: number): Buffer {
    const start = this.#take(length);
    return this.#buffer.subarray(start, start + length);
  }

  /** `string<lenenc>` */
  readLengthEncodedBuffer(): Buffer {
    return this.readBuffer(this.readLengthEncodedNumber());
  }

  /** `string<lenenc>` or the NULL byte 0xFB of a text row. */
  readLengthEncodedBufferOrNull(): Buffer | null {
    if (this.peekInt1() === 0xfb) {
      this.#offset += 1;
      return null;
    }
    return this.readLengthEncodedBuffer();
  }

  /** `string<NUL>`, without its NUL; throws when there is none. */
  readStringNul(): Buffer {
    const end = this.#buffer.indexOf(0, this.#offset);
    if (end < 0) this.fail('NUL-terminated string expected');
    const value = this.#buffer.subarray(this.#offset, end);
    this.#offset = end + 1;
    return value;
  }

  /** `string<NUL>` that by its nature is ASCII (a plugin's name, a version). */
  readStringNulLatin1(): string {
    return this.readStringNul().toString('latin1');
  }

  skip(length: number): void {
    this.#take(length);
  }

  /** `string<EOF>`: all that is left; empty at the end. */
  rest(): Buffer {
    const value = this.#buffer.subarray(this.#offset);
    this.#offset = this.#buffer.length;
    return value;
  }

  /** Throws when bytes are left: they would be something that we do not understand and must not drop. */
  expectEnd(): void {
    if (this.#offset !== this.#buffer.length) this.fail(`${this.remaining} trailing bytes`);
  }
}
