import { describe, expect, it } from 'vitest';
import { Capability } from '../../src/protocol/constants/capabilities.js';
import { MalformedPacketError } from '../../src/protocol/malformed-packet-error.js';
import { packetNumbering } from '../../src/protocol/packet-numbering.js';
import type { ResponseEvent, ResponseKind } from '../../src/protocol/response-tracker.js';
import { type ExpectOptions, ResponseStream } from '../../src/protocol/result-stream.js';
import {
  type Bytes,
  column,
  eof,
  err,
  int,
  lenenc,
  ok,
  packet,
  packets,
  row,
  splits,
  text,
} from '../support/wire.js';

const MORE = 0x000a;
const CURSOR = 0x0042;
const OLD = { flags: 0, mariadb: 0 };
const NEW = { flags: Capability.CLIENT_DEPRECATE_EOF, mariadb: 0 };
const OPTIONAL = { flags: Capability.CLIENT_OPTIONAL_RESULTSET_METADATA, mariadb: 0 };
const NEW_OPTIONAL = { flags: OPTIONAL.flags | NEW.flags, mariadb: 0 };

/** An OK in EOF's place, long enough to be mistaken for a row. */
const okEnd = (status = 2): number[] => ok({ header: 0xfe, status, tail: lenenc('information') });

interface Case {
  name: string;
  kind: ResponseKind;
  capabilities: typeof OLD;
  payloads: Bytes[];
  events: string[];
}

const cases: Case[] = [
  { name: 'OK', kind: 'result', capabilities: OLD, payloads: [ok()], events: ['ok'] },
  { name: 'ERR', kind: 'result', capabilities: OLD, payloads: [err()], events: ['err'] },
  {
    name: 'result set with EOF',
    kind: 'result',
    capabilities: OLD,
    payloads: [[2], column('a'), column('b'), eof(), row('1', null), row(null, 'x'), row('', ''), eof()],
    events: ['columnCount', 'endOfDefinitions', 'endOfRows'],
  },
  {
    name: 'result set without EOF',
    kind: 'result',
    capabilities: NEW,
    payloads: [[2], column('a'), column('b'), row('1', null), row(null, 'x'), row('', ''), okEnd()],
    events: ['columnCount', 'endOfRows'],
  },
  {
    name: 'empty result set with EOF',
    kind: 'result',
    capabilities: OLD,
    payloads: [[1], column('a'), eof(), eof()],
    events: ['columnCount', 'endOfDefinitions', 'endOfRows'],
  },
  {
    name: 'empty result set without EOF',
    kind: 'result',
    capabilities: NEW,
    payloads: [[1], column('a'), ok({ header: 0xfe })],
    events: ['columnCount', 'endOfRows'],
  },
  {
    name: 'binary rows',
    kind: 'result',
    capabilities: NEW,
    payloads: [[1], column('a', 3), [0, 0, 7, 0, 0, 0], [0, 4], okEnd()],
    events: ['columnCount', 'endOfRows'],
  },
  {
    name: 'a count of 251',
    kind: 'result',
    capabilities: NEW,
    payloads: [[0xfc, 251, 0], ...Array.from({ length: 251 }, () => column('c')), okEnd()],
    events: ['columnCount', 'endOfRows'],
  },
  {
    name: 'ERR in the middle of rows',
    kind: 'result',
    capabilities: OLD,
    payloads: [[1], column('a'), eof(), row('1'), err(1317)],
    events: ['columnCount', 'endOfDefinitions', 'err'],
  },
  {
    name: 'ERR in place of a definition',
    kind: 'result',
    capabilities: NEW,
    payloads: [[2], column('a'), err()],
    events: ['columnCount', 'err'],
  },
  {
    name: 'multiple results with EOF',
    kind: 'result',
    capabilities: OLD,
    payloads: [
      [1],
      column('a'),
      eof(MORE),
      row('1'),
      eof(MORE),
      ok({ status: MORE }),
      [1],
      column('b'),
      eof(),
      eof(),
    ],
    events: [
      'columnCount',
      'endOfDefinitions',
      'endOfRows',
      'ok',
      'columnCount',
      'endOfDefinitions',
      'endOfRows',
    ],
  },
  {
    name: 'multiple results without EOF, the last an ERR',
    kind: 'result',
    capabilities: NEW,
    payloads: [[1], column('a'), row('1'), okEnd(MORE), ok({ status: MORE }), err()],
    events: ['columnCount', 'endOfRows', 'ok', 'err'],
  },
  {
    name: 'LOCAL INFILE',
    kind: 'result',
    capabilities: OLD,
    payloads: [[0xfb, ...text('/tmp/x')], ok({ affectedRows: 3 })],
    events: ['localInfile', 'ok'],
  },
  {
    name: 'open cursor with EOF',
    kind: 'cursor',
    capabilities: OLD,
    payloads: [[1], column('a'), eof(CURSOR)],
    events: ['columnCount', 'endOfDefinitions'],
  },
  {
    name: "a stored procedure's own cursor, with EOF",
    kind: 'result',
    capabilities: OLD,
    payloads: [[1], column('a'), eof(CURSOR), row('x'), eof(CURSOR)],
    events: ['columnCount', 'endOfDefinitions', 'endOfRows'],
  },
  {
    name: 'open cursor without EOF',
    kind: 'cursor',
    capabilities: NEW,
    payloads: [[1], column('a'), ok({ header: 0xfe, status: CURSOR })],
    events: ['columnCount', 'endOfRows'],
  },
  {
    name: 'prepared statement with EOF',
    kind: 'prepare',
    capabilities: OLD,
    payloads: [
      [0, ...int(4, 7), ...int(2, 1), ...int(2, 2), 0, 0, 0],
      column('?'),
      column('?'),
      eof(),
      column('a'),
      eof(),
    ],
    events: ['prepareOk', 'endOfDefinitions', 'endOfDefinitions'],
  },
  {
    name: 'prepared statement without EOF',
    kind: 'prepare',
    capabilities: NEW,
    payloads: [[0, ...int(4, 7), ...int(2, 1), ...int(2, 2), 0, 0, 0], column('?'), column('?'), column('a')],
    events: ['prepareOk'],
  },
  {
    name: 'prepared statement with parameters only',
    kind: 'prepare',
    capabilities: NEW,
    payloads: [[0, ...int(4, 7), ...int(2, 0), ...int(2, 1), 0, 0, 0], column('?')],
    events: ['prepareOk'],
  },
  {
    name: 'prepared statement with columns only',
    kind: 'prepare',
    capabilities: OLD,
    payloads: [[0, ...int(4, 7), ...int(2, 1), ...int(2, 0), 0, 0, 0], column('a'), eof()],
    events: ['prepareOk', 'endOfDefinitions'],
  },
  {
    name: 'prepared statement with nothing',
    kind: 'prepare',
    capabilities: OLD,
    payloads: [[0, ...int(4, 7), ...int(2, 0), ...int(2, 0), 0, 0, 0]],
    events: ['prepareOk'],
  },
  {
    name: 'definitions that are optional and come',
    kind: 'result',
    capabilities: OPTIONAL,
    payloads: [[2, 1], column('a'), column('b'), eof(), row('1', null), eof()],
    events: ['columnCount', 'endOfDefinitions', 'endOfRows'],
  },
  {
    name: 'results without definitions, with EOF',
    kind: 'result',
    capabilities: OPTIONAL,
    payloads: [[1, 0], eof(MORE), row('def'), eof(MORE), [2, 0], eof(), row('', 'a'), eof()],
    events: ['columnCount', 'endOfDefinitions', 'endOfRows', 'columnCount', 'endOfDefinitions', 'endOfRows'],
  },
  {
    name: 'a result without definitions, without EOF',
    kind: 'result',
    capabilities: NEW_OPTIONAL,
    payloads: [[2, 0], row('def', null), okEnd()],
    events: ['columnCount', 'endOfRows'],
  },
  {
    name: 'open cursor without definitions, with EOF',
    kind: 'cursor',
    capabilities: OPTIONAL,
    payloads: [[1, 0], eof(CURSOR)],
    events: ['columnCount', 'endOfDefinitions'],
  },
  {
    name: 'prepared statement without definitions, with EOF',
    kind: 'prepare',
    capabilities: OPTIONAL,
    payloads: [[0, ...int(4, 7), ...int(2, 3), ...int(2, 2), 0, 0, 0, 0], eof(), eof()],
    events: ['prepareOk', 'endOfDefinitions', 'endOfDefinitions'],
  },
  {
    name: 'prepared statement with parameters only, without definitions, with EOF',
    kind: 'prepare',
    capabilities: OPTIONAL,
    payloads: [[0, ...int(4, 7), ...int(2, 0), ...int(2, 2), 0, 0, 0, 0], eof()],
    events: ['prepareOk', 'endOfDefinitions'],
  },
  {
    name: 'prepared statement with columns only, without definitions, with EOF',
    kind: 'prepare',
    capabilities: OPTIONAL,
    payloads: [[0, ...int(4, 7), ...int(2, 2), ...int(2, 0), 0, 0, 0, 0], eof()],
    events: ['prepareOk', 'endOfDefinitions'],
  },
  {
    name: 'prepared statement without definitions, without EOF',
    kind: 'prepare',
    capabilities: NEW_OPTIONAL,
    payloads: [[0, ...int(4, 7), ...int(2, 3), ...int(2, 2), 0, 0, 0, 0]],
    events: ['prepareOk'],
  },
  {
    name: 'prepared statement whose definitions are optional and come',
    kind: 'prepare',
    capabilities: NEW_OPTIONAL,
    payloads: [[0, ...int(4, 7), ...int(2, 1), ...int(2, 1), 0, 0, 0, 1], column('?'), column('a')],
    events: ['prepareOk'],
  },
  {
    name: 'binary log up to its end',
    kind: 'events',
    capabilities: OLD,
    payloads: [[0, ...int(8, 1), 4], [0, 0xfe, 0, 0, 2, 0], [0], eof()],
    events: ['endOfRows'],
  },
  {
    name: 'binary log up to its end, an OK in place of EOF',
    kind: 'events',
    capabilities: NEW,
    payloads: [[0, ...int(8, 1), 4], okEnd()],
    events: ['endOfRows'],
  },
  {
    name: 'binary log that fails',
    kind: 'events',
    capabilities: NEW,
    payloads: [[0, ...int(8, 1), 4], err(1236, 'HY000')],
    events: ['err'],
  },
  { name: 'failed prepare', kind: 'prepare', capabilities: OLD, payloads: [err()], events: ['err'] },
  { name: 'COM_PING', kind: 'ok', capabilities: OLD, payloads: [ok()], events: ['ok'] },
  { name: 'failed COM_INIT_DB', kind: 'ok', capabilities: OLD, payloads: [err()], events: ['err'] },
  { name: 'COM_SET_OPTION, EOF', kind: 'eof-or-ok', capabilities: OLD, payloads: [eof()], events: ['ok'] },
  {
    name: 'COM_SET_OPTION, OK in its place',
    kind: 'eof-or-ok',
    capabilities: NEW,
    payloads: [ok({ header: 0xfe })],
    events: ['ok'],
  },
  {
    name: 'COM_FIELD_LIST with EOF',
    kind: 'fields',
    capabilities: OLD,
    payloads: [column('a', 3, [0xfb]), column('b', 3, lenenc('x')), eof()],
    events: ['endOfDefinitions'],
  },
  {
    name: 'COM_FIELD_LIST without EOF',
    kind: 'fields',
    capabilities: NEW,
    payloads: [column('a', 3, [0xfb]), okEnd()],
    events: ['endOfDefinitions'],
  },
  { name: 'COM_STATISTICS', kind: 'string', capabilities: OLD, payloads: [text('Uptime: 7')], events: [] },
  { name: 'empty COM_STATISTICS', kind: 'string', capabilities: OLD, payloads: [[]], events: [] },
  {
    name: 'COM_STMT_FETCH',
    kind: 'rows',
    capabilities: OLD,
    payloads: [[0, 0, 1], [0, 4], eof(0x00c2)],
    events: ['endOfRows'],
  },
  { name: 'failed COM_STMT_FETCH', kind: 'rows', capabilities: NEW, payloads: [err()], events: ['err'] },
];

interface Seen {
  relayed: Buffer[];
  events: { event: ResponseEvent; payload: Buffer; token: string | null }[];
  /** Bytes relayed at each completion. */
  completed: { token: string; at: number }[];
}

type Expectation = [ResponseKind, ExpectOptions<string>];

function run(
  capabilities: typeof OLD,
  expectations: readonly Expectation[],
  chunks: readonly Buffer[],
  replace: (event: ResponseEvent, payload: Buffer) => Buffer | null = () => null,
): Seen & { stream: ResponseStream<string> } {
  const seen: Seen = { relayed: [], events: [], completed: [] };
  const stream = new ResponseStream<string>(capabilities, {
    relay: (bytes) => seen.relayed.push(bytes),
    packet: (event, payload, token) => {
      seen.events.push({ event, payload, token });
      return replace(event, payload);
    },
    complete: (token) => {
      seen.completed.push({ token, at: seen.relayed.reduce((sum, bytes) => sum + bytes.length, 0) });
    },
  });
  for (const [kind, options] of expectations) stream.expect(kind, options);
  for (const chunk of chunks) stream.push(chunk);
  return { ...seen, stream };
}

const kinds = ({ events }: Seen): string[] => events.map(({ event }) => event.kind);

describe('ResponseStream', () => {
  it.each(cases)(
    'relays unchanged and ends at the last byte: $name',
    ({ kind, capabilities, payloads, events }) => {
      const bytes = packets(payloads);
      for (const chunks of splits(bytes)) {
        const seen = run(capabilities, [[kind, { token: 't' }]], chunks);
        expect(Buffer.concat(seen.relayed).equals(bytes)).toBe(true);
        expect(kinds(seen)).toEqual(events);
        expect(seen.completed).toEqual([{ token: 't', at: bytes.length }]);
        expect(seen.stream.isIdle).toBe(true);
      }
    },
  );

  it.each(cases)('is not over before its last byte: $name', ({ kind, capabilities, payloads }) => {
    const bytes = packets(payloads);
    const { stream, completed } = run(capabilities, [[kind, { token: 't' }]], [bytes.subarray(0, -1)]);
    expect(completed).toEqual([]);
    expect(stream.isIdle).toBe(false);
  });

  it.each(cases)('hands over every packet when all are wanted: $name', ({ kind, capabilities, payloads }) => {
    if (kind === 'string') return;
    const bytes = packets(payloads);
    for (const chunks of splits(bytes)) {
      const options = { token: 't', wantColumnDefinitions: true, wantRows: true, relay: false };
      const seen = run(capabilities, [[kind, options]], chunks);
      expect(seen.events.map(({ payload }) => [...payload])).toEqual(payloads);
      expect(seen.relayed).toEqual([]);
      expect(seen.completed).toEqual([{ token: 't', at: 0 }]);
    }
  });

  it.each(cases)('replaces every packet wanted under its own sequence id: $name', (fixture) => {
    const { kind, capabilities, payloads } = fixture;
    const bytes = packets(payloads);
    for (const chunks of splits(bytes)) {
      const options = { token: 't', wantColumnDefinitions: true };
      const wanted = new Set<string>();
      const seen = run(capabilities, [[kind, options]], chunks, (_, payload) => {
        wanted.add(payload.toString('hex'));
        return Buffer.from([...payload, 0xaa]);
      });
      const expected = payloads.flatMap((payload, i) =>
        packet(1 + i, wanted.has(Buffer.from(payload).toString('hex')) ? [...payload, 0xaa] : payload),
      );
      expect([...Buffer.concat(seen.relayed)]).toEqual(expected);
      expect(seen.completed).toEqual([{ token: 't', at: expected.length }]);
    }
  });

  it.each(cases)('gives packets the ids of a numbering: $name', ({ kind, capabilities, payloads }) => {
    const expected = packets(payloads, 251);
    const count = [...splits(expected)].length;
    for (let i = 0; i < count; i++) {
      // Headers are written to: chunks of their own for each run.
      const chunks = [...splits(packets(payloads))][i] ?? [];
      const numbering = packetNumbering(251, 1);
      const seen = run(capabilities, [[kind, { token: 't', numbering }]], chunks, (event, payload) =>
        event.kind === 'err' ? Buffer.from(payload) : null,
      );
      expect(Buffer.concat(seen.relayed).equals(expected)).toBe(true);
      expect(numbering.last).toBe((250 + payloads.length) & 0xff);
    }
  });

  it('numbers the packets of a payload of 16 MiB and more, and of its response only', () => {
    const long = Buffer.alloc(0xff_ffff + 5, 0x61);
    long.set([0xfe, 1, 0, 0, 1, 0, 0, 0, 0]);
    const parts = [
      packets([[1], column('a')]),
      Buffer.concat([Buffer.from([0xff, 0xff, 0xff, 3]), long.subarray(0, 0xff_ffff)]),
      Buffer.concat([Buffer.from([5, 0, 0, 4]), long.subarray(0xff_ffff)]),
      packets([okEnd()], 5),
      packets([ok()]),
    ];
    const numbering = packetNumbering(11, 1);
    const bytes = Buffer.concat(parts);
    const seen = run(
      NEW,
      [
        ['result', { token: 'a', numbering }],
        ['ok', { token: 'b' }],
      ],
      [bytes],
    );
    expect(numbering).toEqual({ shift: 10, last: 15 });
    const relayed = Buffer.concat(seen.relayed);
    let at = 0;
    const ids = [];
    while (at < relayed.length) {
      ids.push(relayed[at + 3]);
      at += 4 + relayed.readUIntLE(at, 3);
    }
    expect(ids).toEqual([11, 12, 13, 14, 15, 1]);
  });

  it('relays a chunk of one response as it is', () => {
    const bytes = packets(cases[2]?.payloads ?? []);
    const { relayed } = run(OLD, [['result', { token: 't' }]], [bytes]);
    expect(relayed).toHaveLength(1);
    expect(relayed[0]).toBe(bytes);
  });

  it('relays chunks in the middle of a long row as they are', () => {
    const bytes = packets([[1], column('a'), row('x'.repeat(70_000)), okEnd()]);
    const chunks = [bytes.subarray(0, 1000), bytes.subarray(1000, 50_000), bytes.subarray(50_000)];
    const { relayed } = run(NEW, [['result', { token: 't' }]], chunks);
    expect(relayed).toEqual(chunks);
    expect(relayed[1]).toBe(chunks[1]);
  });

  it.each(['old', 'new'])('takes a row of 16 MiB that starts with 0xFE for a row (%s)', (form) => {
    const capabilities = form === 'old' ? OLD : NEW;
    const value = Buffer.alloc(0x100_0000, 0x61);
    const first = Buffer.concat([Buffer.from([0xfe, ...int(8, value.length)]), value]);
    const start = packets(form === 'old' ? [[1], column('a'), eof()] : [[1], column('a')]);
    const bytes = Buffer.concat([
      start,
      Buffer.from([...int(3, 0xff_ffff), 9]),
      first.subarray(0, 0xff_ffff),
      Buffer.from([...int(3, first.length - 0xff_ffff), 10]),
      first.subarray(0xff_ffff),
      Buffer.from(packet(11, form === 'old' ? eof() : okEnd())),
    ]);
    const chunks = [];
    for (let i = 0; i < bytes.length; i += 65_537) chunks.push(bytes.subarray(i, i + 65_537));
    const seen = run(capabilities, [['result', { token: 't' }]], chunks);
    expect(Buffer.concat(seen.relayed).equals(bytes)).toBe(true);
    expect(seen.completed).toEqual([{ token: 't', at: bytes.length }]);
    expect(kinds(seen).at(-1)).toBe('endOfRows');
  });

  it('ends a row of exactly one full packet with the empty packet', () => {
    const full = Buffer.alloc(0xff_ffff, 0x61);
    full.set([0xfd, ...int(3, 0xff_ffff - 4)]);
    const tail = Buffer.from([...int(3, 0), 4, ...packet(5, ok({ header: 0xfe }))]);
    const bytes = Buffer.concat([
      packets([[1], column('a')]),
      Buffer.from([...int(3, full.length), 3]),
      full,
      tail,
    ]);
    for (let cut = 1; cut < tail.length; cut += 1) {
      const chunks = [bytes.subarray(0, -cut), bytes.subarray(-cut)];
      const seen = run(NEW, [['result', { token: 't' }]], chunks);
      expect(seen.completed).toEqual([{ token: 't', at: bytes.length }]);
      expect(Buffer.concat(seen.relayed).equals(bytes)).toBe(true);
    }
  });

  it('follows pipelined responses in order, split anywhere', () => {
    const parts = cases.map(({ payloads, capabilities, kind }) => ({
      kind,
      capabilities,
      bytes: packets(payloads),
    }));
    for (const capabilities of [OLD, NEW]) {
      const own = parts.filter((part) => part.capabilities === capabilities && part.bytes.length < 5000);
      const bytes = Buffer.concat(own.map((part) => part.bytes));
      const ends = own.map((_, i) => own.slice(0, i + 1).reduce((sum, part) => sum + part.bytes.length, 0));
      for (const chunks of splits(bytes)) {
        const seen = run(
          capabilities,
          own.map(({ kind }, i): Expectation => [kind, { token: `${i}` }]),
          chunks,
        );
        expect(seen.completed).toEqual(ends.map((at, i) => ({ token: `${i}`, at })));
        expect(Buffer.concat(seen.relayed).equals(bytes)).toBe(true);
      }
    }
  });

  it('relays nothing of a response of its own between two of the client', () => {
    const bytes = packets([ok({ affectedRows: 1 }), ok({ affectedRows: 2 }), ok({ affectedRows: 3 })]);
    const seen = run(
      OLD,
      [
        ['ok', { token: 'a' }],
        ['ok', { token: 'own', relay: false }],
        ['ok', { token: 'b' }],
      ],
      [bytes],
    );
    expect(Buffer.concat(seen.relayed)).toEqual(
      Buffer.concat([bytes.subarray(0, bytes.length / 3), bytes.subarray((2 * bytes.length) / 3)]),
    );
    expect(seen.completed.map(({ token }) => token)).toEqual(['a', 'own', 'b']);
  });

  it("keeps the place of an answer of the proxy's own among responses", () => {
    const bytes = packets([ok(), ok()]);
    const seen = run(
      OLD,
      [
        ['none', { token: 'first' }],
        ['ok', { token: 'a' }],
        ['none', { token: 'between' }],
        ['ok', { token: 'b' }],
        ['none', { token: 'last' }],
      ],
      [bytes],
    );
    const half = bytes.length / 2;
    expect(seen.completed).toEqual([
      { token: 'first', at: 0 },
      { token: 'a', at: half },
      { token: 'between', at: half },
      { token: 'b', at: bytes.length },
      { token: 'last', at: bytes.length },
    ]);
  });

  it('puts what a completion expects behind what was expected before', () => {
    const order: string[] = [];
    const stream: ResponseStream<string> = new ResponseStream<string>(OLD, {
      relay: () => undefined,
      packet: () => null,
      complete: (token) => {
        order.push(token);
        if (token === 'a') stream.expect('ok', { token: 'c' });
      },
    });
    stream.expect('ok', { token: 'a' });
    stream.expect('none', { token: 'b' });
    stream.push(packets([ok(), ok()]));
    expect(order).toEqual(['a', 'b', 'c']);
    expect(stream.isIdle).toBe(true);
  });

  it('passes on an ERR that the server sends unasked', () => {
    const bytes = packets([err(4031, 'HY000', 'idle')], 0);
    for (const chunks of splits(bytes)) {
      const seen = run(OLD, [], chunks);
      expect(Buffer.concat(seen.relayed).equals(bytes)).toBe(true);
      expect(seen.events.map(({ event, token }) => [event.kind, token])).toEqual([['err', null]]);
      expect(seen.completed).toEqual([]);
    }
  });

  it('awaits the OK behind OUT parameters, which MySQL announces in front of their row only', () => {
    const bytes = packets([[1], column('a'), eof(0x100a), row('x'), eof(2), ok()]);
    const seen = run(
      OLD,
      [
        ['result', { token: 'call' }],
        ['ok', { token: 'ping' }],
      ],
      [bytes, packets([ok()])],
    );
    expect(seen.completed).toMatchObject([{ token: 'call', at: bytes.length }, { token: 'ping' }]);
  });

  it('follows a select list of more columns than two bytes count', () => {
    const columns = 70_000;
    const bytes = packets([
      [0xfd, ...int(3, columns)],
      ...Array.from({ length: columns }, () => column('a')),
      eof(),
      Array.from({ length: columns }, () => 0xfb),
      eof(),
    ]);
    expect(run(OLD, [['result', { token: 't' }]], [bytes]).completed).toMatchObject([{ token: 't' }]);
  });

  it.each<[string, ResponseKind, typeof OLD, Bytes[]]>([
    ['empty packet as a result', 'result', OLD, [[]]],
    ['0xFE as a result', 'result', OLD, [eof()]],
    ['count of 16 million and more', 'result', OLD, [[0xfe, 1, 0, 0, 1, 0, 0, 0, 0]]],
    ['trailing byte after the count', 'result', OLD, [[1, 0]]],
    ['row in place of a definition', 'result', OLD, [[1], [1, 65]]],
    ['row in place of EOF', 'result', OLD, [[1], column('a'), row('x')]],
    ['0xFE of 6 bytes among rows', 'result', OLD, [[1], column('a'), eof(), [0xfe, 0, 0, 0, 0, 0]]],
    ['short OK among rows', 'result', NEW, [[1], column('a'), [0xfe, 0, 0, 0, 0, 0]]],
    ['empty row', 'result', OLD, [[1], column('a'), eof(), []]],
    ['result set after COM_PING', 'ok', OLD, [[1]]],
    ['short OK', 'ok', OLD, [[0, 0, 0]]],
    ['short COM_STMT_PREPARE_OK', 'prepare', OLD, [[0, 1, 0, 0, 0]]],
    ['long COM_STMT_PREPARE_OK', 'prepare', OLD, [[0, ...int(4, 7), ...int(2, 0), ...int(2, 0), 0, 0, 0, 1]]],
  ])('refuses %s', (_, kind, capabilities, payloads) => {
    const bytes = packets(payloads);
    expect(() => run(capabilities, [[kind, { token: 't' }]], [bytes])).toThrow(MalformedPacketError);
    const bytewise = Array.from(bytes, (__, i) => bytes.subarray(i, i + 1));
    expect(() => run(capabilities, [[kind, { token: 't' }]], bytewise)).toThrow(MalformedPacketError);
  });

  it('refuses a packet that nothing asked for', () => {
    expect(() => run(OLD, [], [packets([ok()])])).toThrow(MalformedPacketError);
  });

  it('refuses a replacement that would change the number of packets', () => {
    const long = Buffer.alloc(0xff_ffff);
    expect(() => run(OLD, [['ok', { token: 't' }]], [packets([ok()])], () => long)).toThrow(RangeError);
  });
});
