import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BufferReader } from '../../src/protocol/buffer-reader.js';
import { BufferWriter } from '../../src/protocol/buffer-writer.js';
import { MalformedPacketError } from '../../src/protocol/malformed-packet-error.js';
import { int, lenencInt } from '../support/wire.js';

const reader = (...bytes: number[]): BufferReader => new BufferReader(Buffer.from(bytes));

describe('BufferReader', () => {
  it('reads fixed integers in little-endian order', () => {
    const r = reader(1, 1, 2, 1, 2, 3, 1, 2, 3, 0xf4, 1, 2, 3, 4, 5, 6, 7, 0xf8);
    expect([r.readInt1(), r.readInt2(), r.readInt3(), r.readInt4(), r.readInt8()]).toEqual([
      1,
      0x0201,
      0x030201,
      0xf4030201,
      0xf807060504030201n,
    ]);
    expect(r.remaining).toBe(0);
    r.expectEnd();
  });

  it.each([0, 250, 251, 65_535, 65_536, 16_777_215, 16_777_216, Number.MAX_SAFE_INTEGER])(
    'reads the length-encoded integer %d',
    (value) => {
      expect(reader(...lenencInt(value)).readLengthEncodedInteger()).toBe(BigInt(value));
      expect(reader(...lenencInt(value)).readLengthEncodedNumber()).toBe(value);
      expect([...new BufferWriter().writeLengthEncodedInteger(value).view()]).toEqual(lenencInt(value));
      expect([...new BufferWriter().writeLengthEncodedInteger(BigInt(value)).view()]).toEqual(
        lenencInt(value),
      );
    },
  );

  it('reads 64-bit counts that no double holds, but not as a length', () => {
    const bytes = [0xfe, ...int(8, 0xffff_ffff_ffff_ffffn)];
    expect(reader(...bytes).readLengthEncodedInteger()).toBe(0xffff_ffff_ffff_ffffn);
    expect(() => reader(...bytes).readLengthEncodedNumber()).toThrow(MalformedPacketError);
  });

  it('reads strings as views', () => {
    const bytes = Buffer.from([2, 0x61, 0x62, 0x63, 0, 0xfb, 0x64]);
    const r = new BufferReader(bytes);
    const lengthEncoded = r.readLengthEncodedBuffer();
    expect(lengthEncoded.toString()).toBe('ab');
    expect(lengthEncoded.buffer).toBe(bytes.buffer);
    expect(r.readStringNulLatin1()).toBe('c');
    expect(r.readLengthEncodedBufferOrNull()).toBeNull();
    expect(r.rest().toString()).toBe('d');
    expect(r.rest()).toHaveLength(0);
  });

  it.each<[string, (r: BufferReader) => unknown, number[]]>([
    ['int<1> at the end', (r) => r.readInt1(), []],
    ['int<2> of one byte', (r) => r.readInt2(), [1]],
    ['int<3> of two bytes', (r) => r.readInt3(), [1, 2]],
    ['int<4> of three bytes', (r) => r.readInt4(), [1, 2, 3]],
    ['int<8> of seven bytes', (r) => r.readInt8(), [1, 2, 3, 4, 5, 6, 7]],
    ['NULL as a length', (r) => r.readLengthEncodedNumber(), [0xfb]],
    ['ERR as a length', (r) => r.readLengthEncodedInteger(), [0xff]],
    ['string longer than the payload', (r) => r.readLengthEncodedBuffer(), [3, 1, 2]],
    ['string of 2^53 - 1 bytes', (r) => r.readLengthEncodedBuffer(), lenencInt(Number.MAX_SAFE_INTEGER)],
    ['string without NUL', (r) => r.readStringNul(), [1, 2]],
    ['another constant', (r) => r.expectInt1(1, 'one'), [2]],
    ['constant at the end', (r) => r.expectInt1(1, 'one'), []],
    ['skip beyond the end', (r) => r.skip(2), [1]],
    ['trailing bytes', (r) => r.expectEnd(), [1]],
  ])('refuses %s', (_, read, bytes) => {
    expect(() => read(reader(...bytes))).toThrow(MalformedPacketError);
  });

  it('says where it failed and not what it read', () => {
    const r = reader(1, 0x70, 0x77);
    r.skip(1);
    expect(() => r.readInt4()).toThrow('malformed packet: 4 bytes expected, 2 left at byte 1');
  });
});

describe('BufferWriter', () => {
  it('writes what the reader reads', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
        fc.uint8Array({ maxLength: 400 }),
        (value, bytes) => {
          const writer = new BufferWriter(1);
          writer
            .writeInt8(value)
            .writeLengthEncodedInteger(value)
            .writeLengthEncodedBuffer(bytes)
            .writeInt3(0x123456);
          const r = new BufferReader(writer.toBuffer());
          expect(r.readInt8()).toBe(value);
          expect(r.readLengthEncodedInteger()).toBe(value);
          expect([...r.readLengthEncodedBuffer()]).toEqual([...bytes]);
          expect(r.readInt3()).toBe(0x123456);
          r.expectEnd();
        },
      ),
    );
  });

  it('counts UTF-8 bytes in a length', () => {
    expect([...new BufferWriter().writeLengthEncodedString('é').view()]).toEqual([2, 0xc3, 0xa9]);
  });

  it('refuses a NUL that would cut a string', () => {
    expect(() => new BufferWriter().writeStringNul('a\0b')).toThrow(RangeError);
  });

  it('reuses its buffer and wipes it', () => {
    const writer = new BufferWriter(16);
    writer.writeBuffer(Buffer.from('secret'));
    const first = writer.view();
    expect(writer.reset().writeInt1(1).view().buffer).toBe(first.buffer);
    writer.wipe();
    expect([...first]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('leaves no secret behind in a buffer that it outgrew', () => {
    const writer = new BufferWriter(16);
    writer.writeBuffer(Buffer.from('secret'));
    const small = writer.view();
    writer.writeZeros(100);
    expect([...small]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(writer.view().subarray(0, 6).toString()).toBe('secret');
  });
});
