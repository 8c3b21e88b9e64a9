import { describe, expect, it } from 'vitest';
import { ChunkQueue, JoinedBytes } from '../../src/protocol/chunk-queue.js';

function queueOf(...chunks: string[]): ChunkQueue {
  const queue = new ChunkQueue();
  for (const chunk of chunks) queue.push(Buffer.from(chunk));
  return queue;
}

describe('a queue of chunks', () => {
  it('is read byte by byte and over the ends of chunks', () => {
    const queue = queueOf('ab', '', 'c');
    expect(queue.length).toBe(3);
    expect([queue.readByte(), queue.readByte(), queue.readByte()]).toEqual([0x61, 0x62, 0x63]);
    expect(queue.length).toBe(0);
    expect(() => queue.readByte()).toThrow('beyond what is buffered');
  });

  it('gives a view of what lies in one chunk, and reads nothing where it does not', () => {
    const queue = queueOf('abc', 'de');
    expect(queue.readView(2)?.toString()).toBe('ab');
    expect(queue.readView(2)).toBeNull();
    expect(queue.readView(1)?.toString()).toBe('c');
    expect(queue.readView(2)?.toString()).toBe('de');
    expect(queue.readView(1)).toBeNull();
  });

  it('is copied as far as it goes', () => {
    const queue = queueOf('abc', 'de', 'f');
    const target = Buffer.alloc(6, '.');
    expect(queue.readInto(target, 1, 4)).toBe(4);
    expect(target.toString()).toBe('.abcd.');
    expect(queue.readInto(target, 0, 6)).toBe(2);
    expect(target.toString()).toBe('efbcd.');
  });

  it('is taken whole', () => {
    const queue = queueOf('abc', 'de');
    queue.readByte();
    expect(queue.readAll().toString()).toBe('bcde');
    expect(queue.length).toBe(0);
    expect(queue.readAll()).toHaveLength(0);
  });
});

describe('joined bytes', () => {
  it('come piece by piece, and no more than is wanted', () => {
    const joined = new JoinedBytes(4);
    const queue = queueOf('ab', 'cd');
    expect(joined.collect(queue, 6)).toBe(4);
    queue.push(Buffer.from('efgh'));
    expect(joined.collect(queue, 2)).toBe(2);
    expect(joined.length).toBe(6);
    expect(joined.take().toString()).toBe('abcdef');
    expect(joined.length).toBe(0);
    expect(queue.length).toBe(2);
  });

  it('take no more memory than twice what has arrived, whatever is announced', () => {
    const joined = new JoinedBytes(16);
    joined.collect(queueOf('x'.repeat(100)), 0xff_ffff);
    expect(joined.take().buffer.byteLength).toBe(200);
  });
});
