import * as nodeZlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MalformedPacketError } from '../../../src/protocol/malformed-packet-error.js';
import {
  isNativeZstd,
  loadZstd,
  type NativeZstd,
  nativeZstd,
  zstdCompression,
} from '../../../src/session/compression/zstd.js';

const library = await loadZstd();

describe('zstd', () => {
  it.each([0, 1, 49, 300, 16_384, 16_385, 65_536, 65_537, 1_000_000])(
    'carries %i bytes there and back',
    async (length) => {
      const body = Buffer.from(Array.from({ length }, (_, i) => (i * i) % 251));
      const zstd = zstdCompression(library, 3);
      const compressed = await zstd.compress(body);
      expect((await zstd.decompress(compressed, length)).equals(body)).toBe(true);
    },
  );

  // Written by the zstd command line 1.5.4; the second does not say its length.
  it.each(['28b52ffd203b6500003068656c6c6f200100ca598a', '28b52ffd00586500003068656c6c6f200100ca598a'])(
    'reads a frame from elsewhere',
    async (hex) => {
      const bytes = await zstdCompression(library, 3).decompress(Buffer.from(hex, 'hex'), 59);
      expect(bytes.toString()).toBe(Array(10).fill('hello').join(' '));
    },
  );

  it.each([-1, 0, 1, 22, 255])('takes any level that a client can send: %i', async (level) => {
    const zstd = zstdCompression(library, level);
    const body = Buffer.from('text '.repeat(100));
    expect((await zstd.decompress(await zstd.compress(body), body.length)).equals(body)).toBe(true);
  });

  it('stays as it is when another proxy of the process loads it', async () => {
    const body = Buffer.alloc(1000, 'abc');
    const loading = loadZstd();
    const zstd = zstdCompression(library, 3);
    expect((await zstd.decompress(await zstd.compress(body), 1000)).equals(body)).toBe(true);
    const again = zstdCompression(await loading, 3);
    expect((await again.decompress(await zstd.compress(body), 1000)).equals(body)).toBe(true);
  });

  it('refuses another length and damage', async () => {
    const zstd = zstdCompression(library, 3);
    const whole = await zstd.compress(Buffer.from('text '.repeat(100)));
    const unsaid = Buffer.from('28b52ffd00586500003068656c6c6f200100ca598a', 'hex');
    const flipped = Buffer.from(whole);
    flipped.fill(0xff, 8);
    const cases: [Buffer, number][] = [
      [whole, 499],
      [whole, 501],
      [unsaid, 58],
      [unsaid, 60],
      [whole.subarray(0, -3), 500],
      [flipped, 500],
      [Buffer.concat([whole, whole]), 500],
      [Buffer.from('no frame at all'), 500],
      [Buffer.alloc(0), 500],
    ];
    for (const [body, length] of cases) {
      await expect((async () => await zstd.decompress(body, length))()).rejects.toThrow(MalformedPacketError);
    }
  });
});

/** Stands for the node:zlib of a later Node. */
function fakeZlib(): NativeZstd & { readonly calls: [string, object][] } {
  const calls: [string, object][] = [];
  const give = (name: string, body: Buffer, options: object): Buffer => {
    calls.push([name, options]);
    return Buffer.from(body).reverse();
  };
  return {
    calls,
    constants: { ZSTD_c_compressionLevel: 100, ZSTD_d_windowLogMax: 101 },
    zstdCompressSync: (body, options) => give('compressSync', body, options),
    zstdCompress: (body, options, done) => done(null, give('compress', body, options)),
    zstdDecompressSync: (body, options) => give('decompressSync', body, options),
    zstdDecompress: (body, options, done) => done(null, give('decompress', body, options)),
  };
}

describe("Node's own zstd", () => {
  it('is used where there is one', () => {
    expect(isNativeZstd(fakeZlib())).toBe(true);
    expect(isNativeZstd({ deflateSync: () => undefined })).toBe(false);
    expect(isNativeZstd(nodeZlib)).toBe('zstdCompressSync' in nodeZlib);
  });

  it('gets the level, the length and the bound', async () => {
    const zlib = fakeZlib();
    const zstd = nativeZstd(zlib);
    for (const length of [10, 100_000]) {
      await zstd.compress(Buffer.alloc(length), 7);
      await zstd.decompress(Buffer.alloc(5), length);
    }
    expect(zlib.calls).toEqual([
      ['compressSync', { params: { 100: 7 }, pledgedSrcSize: 10 }],
      ['decompressSync', { params: { 101: 24 }, maxOutputLength: 10 }],
      ['compress', { params: { 100: 7 }, pledgedSrcSize: 100_000 }],
      ['decompress', { params: { 101: 24 }, maxOutputLength: 100_000 }],
    ]);
  });
});
