import { describe, expect, it } from 'vitest';
import { Capability } from '../../src/protocol/constants/capabilities.js';
import { packetNumbering } from '../../src/protocol/packet-numbering.js';
import type { ResponseKind } from '../../src/protocol/response-tracker.js';
import { type ExpectOptions, ResponseStream } from '../../src/protocol/result-stream.js';
import type { ResultsetMetadata } from '../../src/protocol/resultset-metadata.js';
import { type Bytes, column, eof, err, ok, packets, row, splits } from '../support/wire.js';

const OLD = { flags: 0, mariadb: 0 };
const NEW = { flags: Capability.CLIENT_DEPRECATE_EOF, mariadb: 0 };
const end = ok({ header: 0xfe });

/** Definitions get a byte more. Their number is that of the calls. */
function run(
  capabilities: typeof OLD,
  chunks: readonly Buffer[],
  options: Partial<ExpectOptions<string>> & { kind?: ResponseKind; responses?: number } = {},
) {
  const relayed: Buffer[] = [];
  const learned: ResultsetMetadata[] = [];
  const events: string[] = [];
  let completed = 0;
  const stream = new ResponseStream<string>(capabilities, {
    relay: (bytes) => relayed.push(bytes),
    packet: (event, payload) => {
      events.push(event.kind);
      return event.kind === 'definition' ? Buffer.from([...payload, 0xaa]) : null;
    },
    learned: (metadata) => learned.push(metadata),
    complete: () => {
      completed++;
    },
  });
  const { kind = 'result', responses = 1, ...rest } = options;
  for (let i = 0; i < responses; i++) {
    stream.expect(kind, { token: 't', wantColumnDefinitions: true, metadata: null, ...rest });
  }
  for (const chunk of chunks) stream.push(chunk);
  return { relayed: Buffer.concat(relayed), learned, events, completed };
}

const bodies: { name: string; capabilities: typeof OLD; head: Bytes[]; rest: Bytes[] }[] = [
  {
    name: 'with EOF',
    capabilities: OLD,
    head: [[2], column('a'), column('b'), eof()],
    rest: [row('1', 'x'), eof()],
  },
  {
    name: 'without EOF',
    capabilities: NEW,
    head: [[2], column('a'), column('b')],
    rest: [row('1', 'x'), end],
  },
  { name: 'without rows', capabilities: NEW, head: [[1], column('a')], rest: [end] },
];

describe.each(bodies)('metadata $name', ({ capabilities, head, rest }) => {
  const bytes = packets([...head, ...rest]);
  const first = run(capabilities, [bytes]);
  const metadata = first.learned[0];

  it('are learned from what passes', () => {
    expect(first.learned).toHaveLength(1);
    expect(metadata?.raw).toEqual(packets(head));
    expect(metadata?.relayed).toEqual(first.relayed.subarray(0, metadata?.relayed.length));
    expect(first.relayed.length).toBe(bytes.length + head.length - (capabilities === OLD ? 2 : 1));
  });

  it('pass in one piece when they are known', () => {
    const again = run(capabilities, [bytes], { metadata: metadata ?? null });
    expect(again.relayed).toEqual(first.relayed);
    expect(again.events).toEqual(['endOfRows']);
    expect(again.learned).toEqual([]);
    expect(again.completed).toBe(1);
  });

  it('give the same result wherever the bytes are split, known or not', () => {
    for (const chunks of splits(bytes)) {
      for (const known of [null, metadata ?? null]) {
        const { relayed, learned, completed } = run(capabilities, chunks, { metadata: known });
        expect(relayed).toEqual(first.relayed);
        expect(completed).toBe(1);
        for (const one of learned) expect(one).toEqual(metadata);
      }
    }
  });

  it('are learned anew when they have changed, and each response has its own', () => {
    const other = packets([
      [1],
      column('other'),
      ...(capabilities === OLD ? [eof()] : []),
      ...rest.slice(-1),
    ]);
    const seen = run(capabilities, [Buffer.concat([other, bytes])], {
      metadata: metadata ?? null,
      responses: 2,
    });
    expect(seen.completed).toBe(2);
    expect(seen.learned).toHaveLength(1);
    expect(seen.learned[0]?.raw).toEqual(other.subarray(0, seen.learned[0]?.raw.length));
    expect(seen.relayed.subarray(-first.relayed.length)).toEqual(first.relayed);
  });
});

describe('what is no metadata', () => {
  const known = { raw: packets([[1], column('a')]), relayed: Buffer.from('never to be seen') };

  it.each<[string, Bytes[]]>([
    ['OK', [ok()]],
    ['ERR', [err()]],
    ['an ERR among definitions', [[2], column('a'), err()]],
  ])('%s', (_, payloads) => {
    const { relayed, learned, completed } = run(NEW, [packets(payloads)], { metadata: known });
    expect(learned).toEqual([]);
    expect(completed).toBe(1);
    expect(relayed.includes(known.relayed)).toBe(false);
  });

  it('the second result of a response', () => {
    const more = ok({ header: 0xfe, status: 0x000a });
    const bytes = packets([[1], column('a'), more, [1], column('b'), end]);
    const { learned, events } = run(NEW, [bytes]);
    expect(learned).toHaveLength(1);
    expect(learned[0]?.raw).toEqual(packets([[1], column('a')]));
    expect(events.filter((kind) => kind === 'definition')).toHaveLength(2);
  });

  it('a response with other sequence ids, and one whose definitions are wanted for more', () => {
    const bytes = (): Buffer => packets([[1], column('a'), row('1'), end]);
    const numbering = packetNumbering(7, 1);
    const shifted = run(NEW, [bytes()], { numbering, metadata: known });
    expect(shifted.learned).toEqual([]);
    expect(shifted.events).toEqual(['columnCount', 'definition', 'endOfRows']);
    const stream: string[] = [];
    const wanting = new ResponseStream<string>(NEW, {
      relay: () => undefined,
      packet: (event) => {
        stream.push(event.kind);
        return null;
      },
      learned: () => stream.push('learned'),
      complete: () => undefined,
    });
    wanting.expect('result', { token: 't', wantColumnDefinitions: true });
    wanting.push(bytes());
    expect(stream).toEqual(['columnCount', 'definition', 'endOfRows']);
  });

  it('what is long', () => {
    const bytes = packets([
      [200],
      ...Array.from({ length: 200 }, (_, i) => column(`c${i}`.padEnd(80, 'x'))),
      end,
    ]);
    const { learned, completed } = run(NEW, [bytes]);
    expect(learned).toEqual([]);
    expect(completed).toBe(1);
  });
});
