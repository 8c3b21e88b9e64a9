import { describe, expect, it } from 'vitest';
import { CompressedSequence } from '../../../src/protocol/compression/compressed-sequence.js';
import { MalformedPacketError } from '../../../src/protocol/malformed-packet-error.js';

describe('CompressedSequence', () => {
  it('answers a command from the id after its last packet', () => {
    const sequence = new CompressedSequence();
    sequence.received(0, 100);
    sequence.received(1, 100);
    sequence.received(2, 7);
    sequence.consumed(0, 0);
    expect([sequence.take(0), sequence.take(50), sequence.take(60)]).toEqual([3, 4, 5]);
  });

  it('gives a command that was sent ahead ids of its own', () => {
    const sequence = new CompressedSequence();
    sequence.received(0, 10);
    sequence.received(0, 20);
    sequence.received(1, 20);
    sequence.consumed(40, 0);
    expect(sequence.take(0)).toBe(1);
    expect(sequence.shareable(10)).toBe(Number.POSITIVE_INFINITY);
    sequence.consumed(0, 30);
    expect(sequence.shareable(10)).toBe(20);
    expect(sequence.take(10)).toBe(2);
    expect(sequence.take(30)).toBe(2);
    expect(sequence.take(40)).toBe(3);
  });

  it('knows the packet in which a command ends when it goes on', () => {
    const sequence = new CompressedSequence();
    sequence.received(0, 10);
    sequence.received(1, 10);
    sequence.consumed(5, 0);
    expect(sequence.take(0)).toBe(2);
    sequence.consumed(0, 10);
    expect(sequence.take(10)).toBe(2);
  });

  it('goes on with what the client sends inside an exchange', () => {
    const sequence = new CompressedSequence();
    sequence.received(0, 10);
    sequence.consumed(0, 0);
    expect(sequence.take(0)).toBe(1);
    sequence.received(2, 1000);
    sequence.received(3, 4);
    sequence.consumed(0, 20);
    expect(sequence.take(20)).toBe(4);
  });

  it('wraps around', () => {
    const sequence = new CompressedSequence();
    for (let i = 0; i < 300; i += 1) sequence.received(i % 256, 1);
    sequence.consumed(0, 0);
    expect(sequence.take(0)).toBe(300 % 256);
    for (let i = 0; i < 255; i += 1) sequence.take(i + 1);
    expect(sequence.take(400)).toBe(300 % 256);
  });

  it('refuses ids that neither start a command nor go on', () => {
    const sequence = new CompressedSequence();
    sequence.received(0, 10);
    sequence.consumed(0, 0);
    sequence.take(0);
    expect(() => sequence.received(3, 1)).toThrow(MalformedPacketError);
    sequence.received(2, 1);
    expect(() => sequence.received(2, 1)).toThrow(MalformedPacketError);
  });
});
