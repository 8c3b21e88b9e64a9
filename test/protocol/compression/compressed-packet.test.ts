import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CompressedPacket,
  CompressedPacketFramer,
  compressedHeader,
} from '../../../src/protocol/compression/compressed-packet.js';
import { MalformedPacketError } from '../../../src/protocol/malformed-packet-error.js';
import { storedPacket, zlibPacket } from '../../support/compressed-wire.js';
import { int, splits } from '../../support/wire.js';

function packetsOf(framer: CompressedPacketFramer): CompressedPacket[] {
  const all: CompressedPacket[] = [];
  for (let packet = framer.next(); packet !== null; packet = framer.next()) all.push(packet);
  return all;
}

describe('CompressedPacketFramer', () => {
  const long = Buffer.from(Array.from({ length: 500 }, (_, i) => i % 7));
  const stream = Buffer.concat([
    storedPacket(0, [1, 2, 3]),
    storedPacket(1, []),
    zlibPacket(2, long),
    storedPacket(255, long),
  ]);

  it('finds the same packets however the bytes are split', () => {
    const deflated = zlibPacket(2, long).subarray(7);
    for (const chunks of splits(stream)) {
      const framer = new CompressedPacketFramer();
      const seen = chunks.flatMap((chunk) => {
        framer.push(chunk);
        return packetsOf(framer);
      });
      expect(seen).toEqual([
        { sequenceId: 0, uncompressedLength: null, body: Buffer.of(1, 2, 3) },
        { sequenceId: 1, uncompressedLength: null, body: Buffer.alloc(0) },
        { sequenceId: 2, uncompressedLength: 500, body: deflated },
        { sequenceId: 255, uncompressedLength: null, body: long },
      ]);
      expect(framer.isAtBoundary).toBe(true);
    }
  });

  it('gives a view where the body lies in one chunk', () => {
    const framer = new CompressedPacketFramer();
    framer.push(stream);
    const [first] = packetsOf(framer);
    expect(first?.body.buffer).toBe(stream.buffer);
    expect(first?.body.byteOffset).toBe(stream.byteOffset + 7);
  });

  it('is not at a boundary inside a header or a body', () => {
    for (const cut of [1, 6, 7, 9]) {
      const framer = new CompressedPacketFramer();
      framer.push(stream.subarray(0, cut));
      expect(framer.next()).toBeNull();
      expect(framer.isAtBoundary).toBe(false);
    }
  });

  it('refuses a length to decompress to without a body', () => {
    const framer = new CompressedPacketFramer();
    framer.push(Buffer.from([...int(3, 0), 0, ...int(3, 10)]));
    expect(() => framer.next()).toThrow(MalformedPacketError);
  });

  it('throws nothing else for bytes of any kind', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 }), (chunks) => {
        const framer = new CompressedPacketFramer();
        try {
          for (const chunk of chunks) {
            framer.push(Buffer.from(chunk));
            packetsOf(framer);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedPacketError);
        }
      }),
    );
  });

  it('finds every body that was put together, in any chunks', () => {
    const bodies = fc.array(fc.uint8Array({ maxLength: 60_000 }), { maxLength: 5 });
    fc.assert(
      fc.property(bodies, fc.integer({ min: 1, max: 70_000 }), (all, size) => {
        const bytes = Buffer.concat(all.map((body, i) => storedPacket(i, Buffer.from(body))));
        const framer = new CompressedPacketFramer();
        const seen: Buffer[] = [];
        for (let at = 0; at < bytes.length; at += size) {
          framer.push(bytes.subarray(at, at + size));
          seen.push(...packetsOf(framer).map(({ body }) => body));
        }
        expect(seen.map((body) => body.toString('hex'))).toEqual(
          all.map((body) => Buffer.from(body).toString('hex')),
        );
      }),
      { numRuns: 50 },
    );
  });
});

describe('compressedHeader', () => {
  it('is seven bytes, with 0 for a stored body', () => {
    expect([...compressedHeader(0x010203, 4, 0x050607)]).toEqual([3, 2, 1, 4, 7, 6, 5]);
    expect([...compressedHeader(3, 0x1ff, null)]).toEqual([3, 0, 0, 0xff, 0, 0, 0]);
  });

  it('carries less than 16 MiB', () => {
    expect(() => compressedHeader(0x100_0000, 0, null)).toThrow(RangeError);
    expect(() => compressedHeader(10, 0, 0x100_0000)).toThrow(RangeError);
  });
});
