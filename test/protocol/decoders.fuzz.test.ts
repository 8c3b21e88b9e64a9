import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeComChangeUser } from '../../src/protocol/command-phase/com-change-user.js';
import { decodeComFieldList } from '../../src/protocol/command-phase/com-field-list.js';
import { decodeComInitDb } from '../../src/protocol/command-phase/com-init-db.js';
import { decodeComQuery } from '../../src/protocol/command-phase/com-query.js';
import { decodeComSetOption } from '../../src/protocol/command-phase/com-set-option.js';
import { decodeComStmtExecute } from '../../src/protocol/command-phase/com-stmt-execute.js';
import { decodeComStmtPrepareOk } from '../../src/protocol/command-phase/com-stmt-prepare-ok.js';
import { decodeComStmtSendLongData } from '../../src/protocol/command-phase/com-stmt-send-long-data.js';
import { decodeComStmtFetch } from '../../src/protocol/command-phase/com-stmt-simple.js';
import { decodeAuthMoreData } from '../../src/protocol/connection-phase/auth-more-data.js';
import { decodeAuthSwitchRequest } from '../../src/protocol/connection-phase/auth-switch-request.js';
import { decodeHandshakeResponse41 } from '../../src/protocol/connection-phase/handshake-response-41.js';
import { decodeHandshakeV10 } from '../../src/protocol/connection-phase/handshake-v10.js';
import { decodeSslRequest } from '../../src/protocol/connection-phase/ssl-request.js';
import type { Capabilities } from '../../src/protocol/constants/capabilities.js';
import { MalformedPacketError } from '../../src/protocol/malformed-packet-error.js';
import { PacketFramer } from '../../src/protocol/packet-framer.js';
import { PayloadTooLargeError } from '../../src/protocol/payload-too-large-error.js';
import type { ResponseKind } from '../../src/protocol/response-tracker.js';
import { ResponseStream } from '../../src/protocol/result-stream.js';
import { decodeBinaryResultsetRow } from '../../src/protocol/resultset/binary-resultset-row.js';
import { decodeColumnCount } from '../../src/protocol/resultset/column-count.js';
import { decodeColumnDefinition41 } from '../../src/protocol/resultset/column-definition-41.js';
import { decodeEofPacket } from '../../src/protocol/resultset/eof-packet.js';
import { decodeErrPacket } from '../../src/protocol/resultset/err-packet.js';
import { decodeLocalInfileRequest } from '../../src/protocol/resultset/local-infile-request.js';
import { decodeOkPacket, withoutSessionState } from '../../src/protocol/resultset/ok-packet.js';
import { decodeTextResultsetRow } from '../../src/protocol/resultset/text-resultset-row.js';
import { column, eof, err, int, lenenc, nul, ok, packets, row } from '../support/wire.js';

const RUNS = 2000;

const capabilities: fc.Arbitrary<Capabilities> = fc.record({
  flags: fc.integer({ min: 0, max: 0xffff_ffff }),
  mariadb: fc.integer({ min: 0, max: 0x3f }),
});

/** Each decoder with a payload to start from, so that mutations get past the first field. */
const decoders: [string, (payload: Buffer, capabilities: Capabilities) => unknown, number[]][] = [
  [
    'HandshakeV10',
    decodeHandshakeV10,
    [
      10,
      ...nul('9'),
      ...int(4, 1),
      ...int(8, 1),
      0,
      0xff,
      0xff,
      45,
      2,
      0,
      0xff,
      0xdf,
      21,
      ...int(8, 0),
      0,
      0,
      ...int(8, 1),
      ...int(5, 1),
      ...nul('p'),
    ],
  ],
  ['SSLRequest', decodeSslRequest, [0, 0x8a, 0, 0, ...int(28, 0)]],
  [
    'HandshakeResponse41',
    decodeHandshakeResponse41,
    [
      8,
      0x82,
      0x38,
      0x04,
      ...int(4, 0),
      45,
      ...int(23, 0),
      ...nul('u'),
      ...lenenc('pw'),
      ...nul('db'),
      ...nul('p'),
      ...lenenc([...lenenc('k'), ...lenenc('v')]),
      3,
    ],
  ],
  ['AuthSwitchRequest', decodeAuthSwitchRequest, [0xfe, ...nul('p'), 1, 2, 3]],
  ['AuthMoreData', decodeAuthMoreData, [1, 4]],
  ['ComQuery', decodeComQuery, [3, 1, 1, 0, 1, 0xfd, 0, ...lenenc('n'), ...lenenc('v'), 0x53]],
  ['ComInitDb', decodeComInitDb, [2, 1]],
  ['ComFieldList', decodeComFieldList, [4, ...nul('t'), 1]],
  ['ComChangeUser', decodeComChangeUser, [0x11, ...nul('u'), 1, 2, ...nul('d'), 45, 0, ...nul('p'), 0]],
  ['ComSetOption', decodeComSetOption, [0x1b, 0, 0]],
  ['ComStmtFetch', decodeComStmtFetch, [0x1c, ...int(8, 1)]],
  ['ComStmtSendLongData', decodeComStmtSendLongData, [0x18, ...int(6, 1), 1]],
  [
    'ComStmtExecute',
    (payload, negotiated) => decodeComStmtExecute(payload, negotiated, { numParams: 2 }),
    [0x17, ...int(4, 5), 0, ...int(4, 1), 0, 1, 0xfd, 0, 12, 0, ...lenenc('x'), 4, 1, 2, 3, 4],
  ],
  ['ComStmtPrepareOk', decodeComStmtPrepareOk, [0, ...int(11, 1)]],
  ['OkPacket', decodeOkPacket, ok({ status: 0x4002, tail: [0, ...lenenc([1, ...lenenc(lenenc('d'))])] })],
  [
    'withoutSessionState',
    withoutSessionState,
    ok({ status: 0x4002, tail: [0, ...lenenc([1, ...lenenc(lenenc('d'))])] }),
  ],
  ['ErrPacket', decodeErrPacket, err()],
  ['EofPacket', decodeEofPacket, eof()],
  ['ColumnCount', decodeColumnCount, [0xfc, 1, 1]],
  ['ColumnDefinition41', decodeColumnDefinition41, column('a', 3, lenenc('x'))],
  ['LocalInfileRequest', decodeLocalInfileRequest, [0xfb, 1]],
  ['TextResultsetRow', (payload) => decodeTextResultsetRow(payload, 3), row('a', null, 'b')],
  [
    'BinaryResultsetRow',
    (payload) => decodeBinaryResultsetRow(payload, [3, 0xfd, 12]),
    [0, 0, ...int(4, 1), ...lenenc('x'), 4, 1, 2, 3, 4],
  ],
];

/** The bytes with some overwritten, and then cut or lengthened. */
function mutations(bytes: number[]): fc.Arbitrary<Buffer> {
  return fc
    .record({
      edits: fc.array(
        fc.tuple(fc.nat(bytes.length - 1), fc.oneof(fc.nat(255), fc.constantFrom(0, 0xfb, 0xfc, 0xfe, 0xff))),
      ),
      length: fc.nat(bytes.length),
      tail: fc.uint8Array({ maxLength: 12 }),
    })
    .map(({ edits, length, tail }) => {
      const copy = [...bytes];
      for (const [at, value] of edits) copy[at] = value;
      return Buffer.from([...copy.slice(0, length), ...tail]);
    });
}

function onlyMalformed(act: () => unknown): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof MalformedPacketError)) throw error;
    expect(error.offset).toBeGreaterThanOrEqual(0);
  }
}

describe('decoders of bytes from the network', () => {
  it.each(decoders)('%s decodes or throws MalformedPacketError', (_, decode, sample) => {
    fc.assert(
      fc.property(
        fc.oneof(mutations(sample), fc.uint8Array({ maxLength: 80 })),
        capabilities,
        (bytes, negotiated) => {
          const payload = Buffer.from(bytes);
          const before = Buffer.from(payload);
          onlyMalformed(() => decode(payload, negotiated));
          expect(payload.equals(before)).toBe(true);
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('PacketFramer gives payloads or refuses', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 10 }), (chunks) => {
        const framer = new PacketFramer(1 << 20);
        try {
          for (const chunk of chunks) {
            framer.push(Buffer.from(chunk));
            while (framer.next() !== null);
          }
        } catch (error) {
          if (!(error instanceof MalformedPacketError) && !(error instanceof PayloadTooLargeError))
            throw error;
        }
      }),
      { numRuns: RUNS },
    );
  });
});

describe('ResponseStream', () => {
  const responses: [ResponseKind, number[][]][] = [
    ['result', [[2], column('a'), column('b'), eof(), row('1', null), eof(0x0a), ok()]],
    ['result', [[1], column('a'), row('1'), ok({ header: 0xfe, status: 0x0a }), err()]],
    ['prepare', [[0, ...int(4, 1), 1, 0, 1, 0, 0, 0, 0], column('?'), eof(), column('a'), eof()]],
    ['fields', [column('a', 3, [0xfb]), eof()]],
    ['rows', [[0, 0, 1], eof()]],
    ['eof-or-ok', [eof()]],
  ];

  it('relays exactly what it got until it refuses, however mutated and split', () => {
    const mutated = fc.constantFrom(...responses).chain(([kind, payloads]) =>
      fc.record({
        kind: fc.constant(kind),
        bytes: mutations([...packets(payloads)]),
        cuts: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
        flags: fc.constantFrom(0, 0x0100_0000),
        wantColumnDefinitions: fc.boolean(),
      }),
    );
    fc.assert(
      fc.property(mutated, ({ kind, bytes, cuts, flags, wantColumnDefinitions }) => {
        const relayed: Buffer[] = [];
        const stream = new ResponseStream<number>(
          { flags, mariadb: 0 },
          { relay: (part) => relayed.push(part), packet: () => null, complete: () => undefined },
        );
        stream.expect(kind, { token: 1, wantColumnDefinitions });
        let pushed = 0;
        onlyMalformed(() => {
          for (let i = 0; pushed < bytes.length; i += 1) {
            const chunk = bytes.subarray(pushed, pushed + (cuts[i % cuts.length] ?? 1));
            pushed += chunk.length;
            stream.push(chunk);
          }
        });
        const out = Buffer.concat(relayed);
        expect(out.equals(bytes.subarray(0, out.length))).toBe(true);
      }),
      { numRuns: 10_000 },
    );
  });
});
