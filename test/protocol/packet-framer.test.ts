import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BufferWriter } from '../../src/protocol/buffer-writer.js';
import { OutOfOrderError } from '../../src/protocol/malformed-packet-error.js';
import { PacketFramer } from '../../src/protocol/packet-framer.js';
import {
  appendPacket,
  beginPacket,
  endPacket,
  packetCount,
  packetParts,
  writePacket,
} from '../../src/protocol/packet-writer.js';
import { PayloadTooLargeError } from '../../src/protocol/payload-too-large-error.js';
import { int, packet, splits } from '../support/wire.js';

const MAX = 0xff_ffff;

function frames(framer: PacketFramer): { sequenceId: number; lastSequenceId: number; payload: Buffer }[] {
  const all = [];
  for (let frame = framer.next(); frame !== null; frame = framer.next()) all.push(frame);
  return all;
}

describe('PacketFramer', () => {
  it('finds the same payloads however the bytes are split', () => {
    const payloads = [[3, 1, 2], [], [9], Array.from({ length: 300 }, (_, i) => i & 0xff)];
    const bytes = Buffer.from(payloads.flatMap((payload, i) => packet(i * 7, payload)));
    for (const chunks of splits(bytes)) {
      const framer = new PacketFramer(1000);
      const seen = chunks.flatMap((chunk) => {
        framer.push(chunk);
        return frames(framer);
      });
      expect(seen.map(({ sequenceId, payload }) => [sequenceId, [...payload]])).toEqual(
        payloads.map((payload, i) => [i * 7, payload]),
      );
      expect(framer.isAtBoundary).toBe(true);
      expect(framer.bufferedBytes).toBe(0);
    }
  });

  it('takes chunks pushed ahead of next()', () => {
    const framer = new PacketFramer(100);
    for (const byte of packet(0, [1, 2, 3])) framer.push(Buffer.from([byte]));
    for (const byte of packet(1, [4])) framer.push(Buffer.from([byte]));
    expect(frames(framer).map(({ payload }) => [...payload])).toEqual([[1, 2, 3], [4]]);
  });

  it('gives a view where the payload lies in one chunk', () => {
    const chunk = Buffer.from([...packet(0, [1, 2, 3]), ...packet(1, [4])]);
    const framer = new PacketFramer(100);
    framer.push(chunk);
    for (const { payload } of frames(framer)) expect(payload.buffer).toBe(chunk.buffer);
  });

  it.each([
    ['one byte short of a second packet', MAX - 1, 1],
    ['exactly one full packet and an empty one', MAX, 2],
    ['two packets', MAX + 5, 2],
    ['two full packets and an empty one', 2 * MAX, 3],
  ])('joins %s', (_, length, count) => {
    const payload = Buffer.alloc(length, 0x61);
    payload.writeUInt32BE(0xdeadbeef, length - 4);
    const bytes = writePacket(payload, 254);
    expect(bytes.length).toBe(length + count * 4);
    expect(packetCount(length)).toBe(count);
    const framer = new PacketFramer(length);
    for (let i = 0; i < bytes.length; i += 65_536) {
      framer.push(bytes.subarray(i, i + 65_536));
      if (i + 65_536 < bytes.length) expect(framer.next()).toBeNull();
    }
    const frame = framer.next();
    expect(frame?.payload.equals(payload)).toBe(true);
    expect([frame?.sequenceId, frame?.lastSequenceId]).toEqual([254, (254 + count - 1) & 0xff]);
    expect(framer.isAtBoundary).toBe(true);
  });

  it('refuses a payload beyond the limit when its header arrives', () => {
    const framer = new PacketFramer(10);
    framer.push(Buffer.from([...int(3, 11), 0]));
    expect(() => framer.next()).toThrow(PayloadTooLargeError);
  });

  it('adds up the packets of one payload for the limit', () => {
    const framer = new PacketFramer(MAX + 1);
    framer.push(Buffer.concat([Buffer.from([...int(3, MAX), 0]), Buffer.alloc(MAX)]));
    expect(framer.next()).toBeNull();
    framer.push(Buffer.from([...int(3, 2), 1]));
    expect(() => framer.next()).toThrow(new PayloadTooLargeError(MAX + 2, MAX + 1));
  });

  it('does not reserve what a header only announces', () => {
    const framer = new PacketFramer(MAX);
    framer.push(Buffer.from([...int(3, MAX - 1), 0, 1, 2, 3]));
    expect(framer.next()).toBeNull();
    expect(framer.bufferedBytes).toBe(3);
  });

  it('refuses a sequence id that jumps inside a payload', () => {
    const framer = new PacketFramer(2 * MAX);
    framer.push(
      Buffer.concat([Buffer.from([...int(3, MAX), 0]), Buffer.alloc(MAX), Buffer.from([1, 0, 0, 2, 0])]),
    );
    expect(() => framer.next()).toThrow(OutOfOrderError);
  });

  it('refuses a payload by the header that is not numbered as it has to be', () => {
    const framer = new PacketFramer(MAX);
    framer.firstSequenceId = 0;
    framer.push(Buffer.from(packet(0, [1])));
    expect(framer.next()?.payload).toEqual(Buffer.of(1));
    framer.push(Buffer.from('GET / HTTP/1.1'));
    expect(() => framer.next()).toThrow(OutOfOrderError);
  });

  it('hands over what follows a payload', () => {
    const framer = new PacketFramer(100);
    framer.push(Buffer.from([...packet(1, [1]), 0x16, 3]));
    framer.push(Buffer.from([1]));
    expect(framer.next()?.payload).toEqual(Buffer.from([1]));
    expect(framer.takeBuffered()).toEqual(Buffer.from([0x16, 3, 1]));
    expect(framer.takeBuffered()).toEqual(Buffer.alloc(0));
  });

  it('never loses or invents a byte', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }),
        (payloads, steps) => {
          const bytes = Buffer.from(payloads.flatMap((payload, i) => packet(i, [...payload])));
          const framer = new PacketFramer(200);
          const seen: number[][] = [];
          for (let at = 0, i = 0; at < bytes.length; i += 1) {
            const step = steps[i % steps.length] ?? 1;
            framer.push(bytes.subarray(at, at + step));
            at += step;
            seen.push(...frames(framer).map(({ payload }) => [...payload]));
          }
          expect(seen).toEqual(payloads.map((payload) => [...payload]));
        },
      ),
    );
  });
});

describe('packet writer', () => {
  it('writes the same bytes in every way', () => {
    const payload = Buffer.from([5, 6, 7]);
    const expected = Buffer.from(packet(9, [5, 6, 7]));
    const writer = new BufferWriter(1);
    appendPacket(writer, payload, 9);
    expect(writer.toBuffer()).toEqual(expected);
    expect(writePacket(payload, 9)).toEqual(expected);
    expect(Buffer.concat(packetParts(payload, 9))).toEqual(expected);
    const start = beginPacket(writer.reset(), 9);
    writer.writeBuffer(payload);
    endPacket(writer, start);
    expect(writer.view()).toEqual(expected);
  });

  it('splits into a reused writer as into parts', () => {
    const payload = Buffer.alloc(MAX + 1, 7);
    const writer = new BufferWriter();
    appendPacket(writer, payload, 255);
    expect(writer.view().equals(writePacket(payload, 255))).toBe(true);
    expect(writer.view()[MAX + 4 + 3]).toBe(0);
  });

  it('refuses to end a packet that is too long for one', () => {
    const writer = new BufferWriter(MAX + 10);
    const start = beginPacket(writer, 0);
    writer.writeZeros(MAX);
    expect(() => endPacket(writer, start)).toThrow(RangeError);
  });
});
