const INITIAL_SIZE = 256;

/**
 * Writes the manual's basic types into a buffer that grows and is used again: `reset()` starts the next message
 * without an allocation. Secrets written here stay in the buffer until overwritten: call {@link wipe} after one.
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_data_types.html
 */
export class BufferWriter {
  #buffer: Buffer;
  #length = 0;

  constructor(size = INITIAL_SIZE) {
    // Never from the shared pool: wipe() must reach every copy, and a view must not pin 8 KiB of strangers' bytes.
    this.#buffer = Buffer.allocUnsafeSlow(Math.max(size, 16));
  }

  get length(): number {
    return this.#length;
  }

  /** Starts over; views given out before are overwritten by what comes next. */
  reset(): this {
    this.#length = 0;
    return this;
  }

  /** Zeroes all that was ever written and starts over. */
  wipe(): this {
    this.#buffer.fill(0);
    this.#length = 0;
    return this;
  }

  #reserve(length: number): number {
    const start = this.#length;
    const end = start + length;
    if (end > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(end, this.#buffer.length * 2));
      this.#buffer.copy(larger, 0, 0, start);
      this.#buffer.fill(0);
      this.#buffer = larger;
    }
    this.#length = end;
    return start;
  }

  writeInt1(value: number): this {
    const at = this.#reserve(1);
    this.#buffer.writeUInt8(value, at);
    return this;
  }

  writeInt2(value: number): this {
    const at = this.#reserve(2);
    this.#buffer.writeUInt16LE(value, at);
    return this;
  }

  writeInt3(value: number): this {
    const at = this.#reserve(3);
    this.#buffer.writeUIntLE(value, at, 3);
    return this;
  }

  writeInt4(value: number): this {
    const at = this.#reserve(4);
    this.#buffer.writeUInt32LE(value, at);
    return this;
  }

  writeInt8(value: bigint): this {
    const at = this.#reserve(8);
    this.#buffer.writeBigUInt64LE(value, at);
    return this;
  }

  /** `int<lenenc>` in its shortest form. */
  writeLengthEncodedInteger(value: number | bigint): this {
    if (value < 0xfb) return this.writeInt1(Number(value));
    if (value <= 0xffff) return this.writeInt1(0xfc).writeInt2(Number(value));
    if (value <= 0xffffff) return this.writeInt1(0xfd).writeInt3(Number(value));
    return this.writeInt1(0xfe).writeInt8(BigInt(value));
  }

  /** `string<n>` / `binary<n>` / `string<EOF>` */
  writeBuffer(value: Uint8Array): this {
    const at = this.#reserve(value.length);
    this.#buffer.set(value, at);
    return this;
  }

  /** `string<lenenc>` */
  writeLengthEncodedBuffer(value: Uint8Array): this {
    return this.writeLengthEncodedInteger(value.length).writeBuffer(value);
  }

  /** `string<lenenc>` of UTF-8. */
  writeLengthEncodedString(value: string): this {
    const length = Buffer.byteLength(value);
    this.writeLengthEncodedInteger(length);
    const at = this.#reserve(length);
    this.#buffer.write(value, at, 'utf8');
    return this;
  }

  /** `string<NUL>`; throws RangeError on a NUL inside, which would cut the value and shift what follows. */
  writeStringNul(value: Uint8Array | string): this {
    const bytes = typeof value === 'string' ? Buffer.from(value, 'latin1') : value;
    if (bytes.includes(0)) throw new RangeError('a NUL-terminated string holds a NUL');
    return this.writeBuffer(bytes).writeInt1(0);
  }

  /** `length` bytes of 0x00. */
  writeZeros(length: number): this {
    const at = this.#reserve(length);
    this.#buffer.fill(0, at, at + length);
    return this;
  }

  /** Overwrites `int<3>` at a position written before (a packet header, once its length is known). */
  patchInt3(at: number, value: number): this {
    if (at + 3 > this.#length) throw new RangeError('patch beyond the end');
    this.#buffer.writeUIntLE(value, at, 3);
    return this;
  }

  /** What was written since `reset()`: a view that the next message overwrites. */
  view(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** What was written since `reset()`, as a buffer of its own. */
  toBuffer(): Buffer {
    const copy = Buffer.allocUnsafeSlow(this.#length);
    this.#buffer.copy(copy, 0, 0, this.#length);
    return copy;
  }
}
