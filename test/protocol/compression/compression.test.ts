import { deflateSync, gzipSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ZLIB } from '../../../src/protocol/compression/compression.js';
import { zstdContentSize } from '../../../src/protocol/compression/zstd-frame.js';
import { MalformedPacketError } from '../../../src/protocol/malformed-packet-error.js';

/** What `decompress` does with a body, be it at once or later. */
async function decompressed(body: Buffer, length: number): Promise<Buffer> {
  return await ZLIB.decompress(body, length);
}

const LENGTHS = [1, 49, 50, 2048, 2049, 16_384, 16_385, 65_536, 65_537, 1_000_000];

describe('ZLIB', () => {
  it.each(LENGTHS)('carries %i bytes there and back, as node:zlib does', async (length) => {
    const body = Buffer.from(Array.from({ length }, (_, i) => (i * i) % 251));
    const compressed = await ZLIB.compress(body);
    expect(inflateSync(compressed).equals(body)).toBe(true);
    expect((await decompressed(deflateSync(body), length)).equals(body)).toBe(true);
  });

  it('carries any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 5000 }), async (bytes) => {
        const body = Buffer.from(bytes);
        expect((await decompressed(await ZLIB.compress(body), body.length)).equals(body)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('does short bodies at once', () => {
    expect(ZLIB.compress(Buffer.alloc(16_384))).toBeInstanceOf(Buffer);
    expect(ZLIB.decompress(deflateSync(Buffer.alloc(65_536)), 65_536)).toBeInstanceOf(Buffer);
    expect(ZLIB.compress(Buffer.alloc(16_385))).toBeInstanceOf(Promise);
    expect(ZLIB.decompress(deflateSync(Buffer.alloc(65_537)), 65_537)).toBeInstanceOf(Promise);
  });

  it.each([100, 200_000])('refuses a body of another length than %i', async (length) => {
    for (const real of [length - 1, length + 1, length * 50]) {
      await expect(decompressed(deflateSync(Buffer.alloc(real)), length)).rejects.toThrow(
        MalformedPacketError,
      );
    }
  });

  it.each([100, 200_000])(
    'refuses a damaged body of %i bytes without telling what it holds',
    async (length) => {
      const whole = deflateSync(Buffer.from('secret'.repeat(length / 5)).subarray(0, length));
      const flipped = Buffer.from(whole);
      flipped[flipped.length >> 1] = (flipped[flipped.length >> 1] ?? 0) ^ 0x55;
      const bodies = [
        whole.subarray(0, -1),
        whole.subarray(0, 2),
        flipped,
        gzipSync(whole),
        Buffer.from('no zlib'),
      ];
      for (const body of bodies) {
        const error: unknown = await decompressed(body, length).catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(MalformedPacketError);
        expect(String(error)).not.toContain('secret');
      }
    },
  );
});

describe('zstdContentSize', () => {
  // Written by the zstd command line 1.5.4.
  it.each([
    ['a single segment', '28b52ffd203b6500003068656c6c6f200100ca598a', 59n],
    ['with a checksum', '28b52ffd243b6500003068656c6c6f200100ca598a140b0f88', 59n],
    ['not said', '28b52ffd00586500003068656c6c6f200100ca598a', null],
    ['two bytes', '28b52ffd602c004d00001000000100272ac002', 300n],
    ['four bytes', '28b52ffda07011010055000010000001006b1139c002', 70_000n],
    ['eight bytes', '28b52ffde00000000001000000', 0x1_0000_0000n],
    ['behind a window', '28b52ffd80580001000000', 256n],
  ])('%s', (_, hex, size) => {
    expect(zstdContentSize(Buffer.from(hex, 'hex'))).toBe(size);
  });

  it.each([
    ['nothing', ''],
    ['another magic number', '28b52ffe203b6500003068656c6c6f200100ca598a'],
    ['the end inside the size', '28b52ffda0701101'],
    ['a dictionary', '28b52ffd21073b6500003068656c6c6f200100ca598a'],
    ['the reserved bit', '28b52ffd283b6500003068656c6c6f200100ca598a'],
  ])('refuses %s', (_, hex) => {
    expect(() => zstdContentSize(Buffer.from(hex, 'hex'))).toThrow(MalformedPacketError);
  });
});
