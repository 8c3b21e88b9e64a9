import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BufferWriter } from '../../src/protocol/buffer-writer.js';
import { Capability, has } from '../../src/protocol/constants/capabilities.js';
import { PacketFramer } from '../../src/protocol/packet-framer.js';
import type { ResponseEvent, ResponseKind } from '../../src/protocol/response-tracker.js';
import { ResponseStream } from '../../src/protocol/result-stream.js';
import {
  decodeColumnDefinition41,
  encodeColumnDefinition41,
} from '../../src/protocol/resultset/column-definition-41.js';
import {
  decodeOkPacket,
  encodeOkPacket,
  type OkPacket,
  withoutSessionState,
} from '../../src/protocol/resultset/ok-packet.js';
import { type Capture, captureResponses } from '../support/capture-responses.js';
import { splits } from '../support/wire.js';

const FIXTURES = join(import.meta.dirname, 'fixtures');
const socket = process.env['TC_CAPTURE_SOCKET'];
const server = process.env['TC_CAPTURE_NAME'];

if (socket !== undefined && server !== undefined) {
  mkdirSync(FIXTURES, { recursive: true });
  for (const [suffix, flags] of [
    ['eof', 0],
    ['eof-track', Capability.CLIENT_SESSION_TRACK],
    ['deprecate-eof', Capability.CLIENT_DEPRECATE_EOF],
    ['deprecate-eof-track', Capability.CLIENT_DEPRECATE_EOF + Capability.CLIENT_SESSION_TRACK],
  ] as const) {
    const capture = await captureResponses(socket, server, flags);
    writeFileSync(join(FIXTURES, `${server}-${suffix}.json`), `${JSON.stringify(capture, null, 1)}\n`);
  }
}

const captures = readdirSync(FIXTURES)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(join(FIXTURES, name), 'utf8')) as Capture);

interface Seen {
  event: ResponseEvent;
  payload: Buffer;
}

function follow(flags: number, kind: ResponseKind, chunks: readonly Buffer[], everything: boolean) {
  const relayed: Buffer[] = [];
  const seen: Seen[] = [];
  let completed = 0;
  const stream = new ResponseStream<null>(
    { flags, mariadb: 0 },
    {
      relay: (bytes) => relayed.push(bytes),
      packet: (event, payload) => {
        seen.push({ event, payload });
        return null;
      },
      complete: () => {
        completed += 1;
      },
    },
  );
  stream.expect(kind, { token: null, wantColumnDefinitions: everything, wantRows: everything });
  for (const chunk of chunks) stream.push(chunk);
  return { relayed: Buffer.concat(relayed), seen, completed, isIdle: stream.isIdle };
}

describe.each(captures)('responses of $server with capabilities $flags', ({ flags, responses }) => {
  const capabilities = { flags, mariadb: 0 };

  it.each(responses.map(({ name, kind, hex }) => [name, kind, hex] as const))('%s', (_, kind, hex) => {
    const bytes = Buffer.from(hex, 'hex');
    for (const chunks of splits(bytes)) {
      const { relayed, completed, isIdle } = follow(flags, kind as ResponseKind, chunks, false);
      expect(relayed.equals(bytes)).toBe(true);
      expect(completed).toBe(1);
      expect(isIdle).toBe(true);
    }
  });

  it('encode to the same bytes, packet by packet', () => {
    const writer = new BufferWriter();
    let definitions = 0;
    let oks = 0;
    for (const { kind, hex } of responses) {
      if (kind === 'string') continue;
      for (const { event, payload } of follow(flags, kind as ResponseKind, [Buffer.from(hex, 'hex')], true)
        .seen) {
        if (event.kind === 'definition') {
          encodeColumnDefinition41(
            writer.reset(),
            decodeColumnDefinition41(payload, capabilities),
            capabilities,
          );
          expect(writer.view().toString('hex')).toBe(payload.toString('hex'));
          definitions += 1;
        }
        if ((event.kind === 'ok' || event.kind === 'endOfRows') && event.isOk) {
          encodeOkPacket(writer.reset(), decodeOkPacket(payload, capabilities), capabilities);
          expect(writer.view().toString('hex')).toBe(payload.toString('hex'));
          oks += 1;
          const stripped = withoutSessionState(payload, capabilities);
          if (stripped !== null)
            expect(decodeOkPacket(stripped, { flags: 0, mariadb: 0 }).sessionStateChanges).toEqual([]);
        }
      }
    }
    expect(definitions).toBeGreaterThan(20);
    expect(oks).toBeGreaterThan(10);
  });

  function oksOf(name: string): OkPacket[] {
    const response = responses.find((one) => one.name === name);
    const { seen } = follow(flags, 'result', [Buffer.from(response?.hex ?? '', 'hex')], false);
    return seen
      .filter(({ event }) => event.kind === 'ok')
      .map(({ payload }) => decodeOkPacket(payload, capabilities));
  }

  it('tell the affected rows and the info of an UPDATE', () => {
    const [packet] = oksOf('update');
    expect(packet?.affectedRows).toBe(2n);
    expect(`${packet?.info}`).toBe('Rows matched: 2  Changed: 2  Warnings: 0');
  });

  it('tell the schema and NO_BACKSLASH_ESCAPES', () => {
    const [use] = oksOf('use');
    const [set] = oksOf('set');
    const tracked = has(flags, Capability.CLIENT_SESSION_TRACK);
    expect(use?.sessionStateChanges.filter(({ kind }) => kind === 'schema')).toEqual(
      tracked ? [{ kind: 'schema', name: Buffer.from('captured') }] : [],
    );
    expect(has(set?.statusFlags ?? 0, 0x0200)).toBe(true);
    const variables = set?.sessionStateChanges.flatMap((change) =>
      change.kind === 'systemVariables' ? change.variables : [],
    );
    const sqlMode = variables?.filter(({ name }) => name === 'sql_mode').map(({ value }) => `${value}`);
    expect(sqlMode).toEqual(tracked ? ['ANSI_QUOTES,NO_BACKSLASH_ESCAPES'] : []);
  });

  it('hold rows, cursors and errors where they should', () => {
    const ends = Object.fromEntries(
      responses.map(({ name, kind, hex }) => {
        const { seen } = follow(flags, kind as ResponseKind, [Buffer.from(hex, 'hex')], kind !== 'string');
        return [name, [seen.filter(({ event }) => event.kind === 'row').length, seen.at(-1)?.event.kind]];
      }),
    );
    const closed = has(flags, Capability.CLIENT_DEPRECATE_EOF) ? 'endOfRows' : 'endOfDefinitions';
    expect(ends).toMatchObject({
      select: [3, 'endOfRows'],
      'error after rows': [2, 'err'],
      'several statements': [4, 'ok'],
      'several statements, the last wrong': [1, 'err'],
      call: [2, 'ok'],
      'local infile': [0, 'ok'],
      execute: [5, 'endOfRows'],
      'execute with a cursor': [0, closed],
      fetch: [2, 'endOfRows'],
      'fetch the rest': [3, 'endOfRows'],
      'field list': [0, 'endOfDefinitions'],
      'set option': [0, 'ok'],
      'prepare wrong': [0, 'err'],
    });
  });

  it('are numbered in sequence', () => {
    for (const { name, hex } of responses) {
      if (name === 'local infile') continue;
      const framer = new PacketFramer(1 << 20);
      framer.push(Buffer.from(hex, 'hex'));
      for (let frame = framer.next(), id = 1; frame !== null; frame = framer.next(), id += 1) {
        expect(frame.sequenceId).toBe(id);
      }
      expect(framer.isAtBoundary).toBe(true);
    }
  });
});

describe('fixtures', () => {
  it('are there for both servers, with and without EOF and session tracking', () => {
    expect(captures).toHaveLength(8);
  });
});
