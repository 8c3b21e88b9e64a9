import { describe, expect, it } from 'vitest';
import { binaryInteger } from '../../../src/protocol/binary-value.js';
import { BufferWriter } from '../../../src/protocol/buffer-writer.js';
import { Capability, MariadbCapability } from '../../../src/protocol/constants/capabilities.js';
import { MalformedPacketError } from '../../../src/protocol/malformed-packet-error.js';
import {
  decodeBinaryResultsetRow,
  encodeBinaryResultsetRow,
} from '../../../src/protocol/resultset/binary-resultset-row.js';
import {
  decodeColumnDefinition41,
  encodeColumnDefinition41,
} from '../../../src/protocol/resultset/column-definition-41.js';
import { decodeEofPacket, encodeEofPacket } from '../../../src/protocol/resultset/eof-packet.js';
import { decodeErrPacket, encodeErrPacket } from '../../../src/protocol/resultset/err-packet.js';
import {
  decodeLocalInfileRequest,
  encodeLocalInfileRequest,
} from '../../../src/protocol/resultset/local-infile-request.js';
import {
  decodeOkPacket,
  encodeOkPacket,
  readOkStatusFlags,
  withoutSessionState,
} from '../../../src/protocol/resultset/ok-packet.js';
import {
  decodeTextResultsetRow,
  encodeTextResultsetRow,
} from '../../../src/protocol/resultset/text-resultset-row.js';
import { column, eof, err, int, lenenc, ok, row, text } from '../../support/wire.js';

const PLAIN = { flags: 0, mariadb: 0 };
const TRACK = { flags: Capability.CLIENT_SESSION_TRACK, mariadb: 0 };
const CHANGED = 0x4002;

function encoded(encode: (writer: BufferWriter) => void): number[] {
  const writer = new BufferWriter(1);
  encode(writer);
  return [...writer.view()];
}

describe('OkPacket', () => {
  const state = [
    ...[0, ...lenenc([...lenenc('sql_mode'), ...lenenc('ANSI_QUOTES')])],
    ...[1, ...lenenc(lenenc('shop'))],
    ...[2, ...lenenc('1')],
    ...[3, ...lenenc([0, ...lenenc('uuid:1')])],
    ...[4, ...lenenc(lenenc('START TRANSACTION;'))],
    ...[5, ...lenenc(lenenc('T_______'))],
    ...[9, ...lenenc([1, 2, 3])],
  ];
  const tracked = ok({
    affectedRows: 300,
    lastInsertId: 7,
    status: CHANGED,
    warnings: 1,
    tail: [...lenenc('info'), ...lenenc(state)],
  });

  it('with session state of every kind', () => {
    const packet = decodeOkPacket(Buffer.from(tracked), TRACK);
    expect(packet).toEqual({
      header: 0,
      affectedRows: 300n,
      lastInsertId: 7n,
      statusFlags: CHANGED,
      warnings: 1,
      info: Buffer.from('info'),
      sessionStateChanges: [
        { kind: 'systemVariables', variables: [{ name: 'sql_mode', value: Buffer.from('ANSI_QUOTES') }] },
        { kind: 'schema', name: Buffer.from('shop') },
        { kind: 'stateChange', isTracked: Buffer.from('1') },
        { kind: 'gtids', encoding: 0, gtids: Buffer.from('uuid:1') },
        { kind: 'transactionCharacteristics', statements: Buffer.from('START TRANSACTION;') },
        { kind: 'transactionState', state: Buffer.from('T_______') },
        { kind: 'unknown', type: 9, data: Buffer.from([1, 2, 3]) },
      ],
    });
    expect(encoded((writer) => encodeOkPacket(writer, packet, TRACK))).toEqual(tracked);
  });

  it('tells that no schema is selected any more', () => {
    const bytes = ok({ status: CHANGED, tail: [0, ...lenenc([1, ...lenenc([0])])] });
    const { sessionStateChanges } = decodeOkPacket(Buffer.from(bytes), TRACK);
    expect(sessionStateChanges).toEqual([{ kind: 'schema', name: Buffer.alloc(0) }]);
  });

  it('reads what MariaDB 10.11 reports of USE on schemas with wide character sets', () => {
    const ucs2 = Buffer.from('000000024000000000050103026431', 'hex');
    const utf32 = Buffer.from('0000000240000000000000050103026431', 'hex');
    for (const payload of [ucs2, utf32]) {
      expect(decodeOkPacket(payload, TRACK).sessionStateChanges).toEqual([
        { kind: 'schema', name: Buffer.from('d1') },
      ]);
    }
  });

  it.each([
    ['nothing', [], ''],
    ['a length in front, as servers write it', lenenc('Rows matched: 1'), 'Rows matched: 1'],
    ['a long text', lenenc('x'.repeat(300)), 'x'.repeat(300)],
    ["the manual's plain text", text('Rows matched: 1'), 'Rows matched: 1'],
  ])('reads info without session tracking: %s', (_, tail, info) => {
    const packet = decodeOkPacket(Buffer.from(ok({ tail })), PLAIN);
    expect(`${packet.info}`).toBe(info);
    expect(packet.sessionStateChanges).toEqual([]);
  });

  it('is stripped for a client that did not negotiate session tracking', () => {
    const stripped = withoutSessionState(Buffer.from(tracked), TRACK);
    expect([...(stripped ?? [])]).toEqual(
      ok({ affectedRows: 300, lastInsertId: 7, status: 2, warnings: 1, tail: lenenc('info') }),
    );
    const bare = ok({ header: 0xfe, status: CHANGED, tail: [0, ...lenenc(state)] });
    expect([...(withoutSessionState(Buffer.from(bare), TRACK) ?? [])]).toEqual(ok({ header: 0xfe }));
    expect(withoutSessionState(Buffer.from(ok({ tail: lenenc('info') })), TRACK)).toBeNull();
  });

  it('never announces session state that it does not carry', () => {
    const packet = decodeOkPacket(Buffer.from(tracked), TRACK);
    const bytes = encoded((writer) => encodeOkPacket(writer, { ...packet, sessionStateChanges: [] }, TRACK));
    expect(readOkStatusFlags(Buffer.from(bytes))).toBe(2);
  });

  it.each([
    [{ affectedRows: 0 }],
    [{ affectedRows: 251, lastInsertId: 65_536 }],
    [{ affectedRows: 16_777_216, lastInsertId: Number.MAX_SAFE_INTEGER }],
  ])('finds the status flags behind %j', (fields) => {
    expect(readOkStatusFlags(Buffer.from(ok({ ...fields, status: 0x0a22 })))).toBe(0x0a22);
  });

  it.each([
    ['another header', [1, 0, 0, 2, 0, 0, 0], PLAIN],
    ['no status flags', [0, 0, 0], PLAIN],
    ['NULL as a count', [0, 0xfb, 0, 2, 0, 0, 0], PLAIN],
    ['session state announced and missing', ok({ status: CHANGED }), TRACK],
    ['session state longer than the packet', ok({ status: CHANGED, tail: [0, 9, 1] }), TRACK],
    ['trailing bytes in a schema change', ok({ status: CHANGED, tail: [0, 4, 1, 2, 0, 9] }), TRACK],
    ['trailing bytes', ok({ tail: [0, 1] }), TRACK],
  ])('refuses %s', (_, bytes, capabilities) => {
    expect(() => decodeOkPacket(Buffer.from(bytes), capabilities)).toThrow(MalformedPacketError);
  });
});

describe('ErrPacket', () => {
  it.each([
    [
      'with SQLSTATE',
      err(1064, '42000', 'no'),
      { errorCode: 1064, sqlState: '42000', errorMessage: Buffer.from('no') },
    ],
    [
      'before the handshake',
      [0xff, ...int(2, 1040), ...text('Too many')],
      { errorCode: 1040, sqlState: null, errorMessage: Buffer.from('Too many') },
    ],
  ])('%s', (_, bytes, packet) => {
    expect(decodeErrPacket(Buffer.from(bytes))).toEqual(packet);
    expect(encoded((writer) => encodeErrPacket(writer, packet))).toEqual(bytes);
  });

  it('refuses a cut SQLSTATE', () => {
    expect(() => decodeErrPacket(Buffer.from([0xff, 1, 0, 0x23, 0x34]))).toThrow(MalformedPacketError);
    const packet = { errorCode: 1, sqlState: 'HY', errorMessage: Buffer.alloc(0) };
    expect(() => encodeErrPacket(new BufferWriter(), packet)).toThrow(RangeError);
  });
});

describe('ColumnDefinition41', () => {
  it.each([
    ['of a result', column('email'), undefined],
    ['of COM_FIELD_LIST', column('email', 3, lenenc('x')), Buffer.from('x')],
    ['of COM_FIELD_LIST with NULL', column('email', 3, [0xfb]), null],
  ])('%s', (_, bytes, defaultValue) => {
    const definition = decodeColumnDefinition41(Buffer.from(bytes), PLAIN);
    expect(definition).toMatchObject({
      schema: Buffer.from('shop'),
      table: Buffer.from('u'),
      orgTable: Buffer.from('users'),
      name: Buffer.from('email'),
      orgName: Buffer.from('org_email'),
      characterSet: 45,
      columnLength: 1020,
      flags: 0x1001,
      decimals: 0,
    });
    expect(definition.defaultValue).toEqual(defaultValue);
    expect(encoded((writer) => encodeColumnDefinition41(writer, definition, PLAIN))).toEqual(bytes);
  });

  it("with MariaDB's extended metadata", () => {
    const capabilities = { flags: 0, mariadb: MariadbCapability.MARIADB_CLIENT_EXTENDED_METADATA };
    const plain = column('j');
    const at = plain.length - 13;
    const bytes = [...plain.slice(0, at), ...lenenc([1, ...lenenc('json')]), ...plain.slice(at)];
    const definition = decodeColumnDefinition41(Buffer.from(bytes), capabilities);
    expect([...definition.extendedMetadata]).toEqual([1, ...lenenc('json')]);
    expect(encoded((writer) => encodeColumnDefinition41(writer, definition, capabilities))).toEqual(bytes);
  });

  it.each([
    ['another catalog', [3, ...text('abc'), ...column('a').slice(4)]],
    [
      'another length of the fixed fields',
      column('a').map((byte, i, all) => (i === all.length - 13 ? 0x0d : byte)),
    ],
    ['a trailing byte', column('a', 3, [0xfb, 1])],
    ['a cut definition', column('a').slice(0, -1)],
  ])('refuses %s', (_, bytes) => {
    expect(() => decodeColumnDefinition41(Buffer.from(bytes), PLAIN)).toThrow(MalformedPacketError);
  });
});

describe('rows', () => {
  it('of text', () => {
    const values = ['1', null, '', 'x'.repeat(300)];
    const bytes = row(...values);
    const decoded = decodeTextResultsetRow(Buffer.from(bytes), 4);
    expect(decoded.map((value) => value && `${value}`)).toEqual(
      ['1', null, Buffer.alloc(0), 'x'.repeat(300)].map((v) => (v instanceof Buffer ? '' : v)),
    );
    expect(encoded((writer) => encodeTextResultsetRow(writer, decoded))).toEqual(bytes);
    expect(() => decodeTextResultsetRow(Buffer.from(bytes), 3)).toThrow(MalformedPacketError);
    expect(() => decodeTextResultsetRow(Buffer.from(bytes), 5)).toThrow(MalformedPacketError);
  });

  it('of binary values', () => {
    // Seven columns, so that NULL bits reach into the second byte: offset 2.
    const types = [3, 0xfd, 8, 1, 2, 9, 0xfc];
    const bytes = [
      0,
      0b0000_1000,
      0b1,
      ...int(4, 0xffff_fffe),
      ...int(8, 5),
      0x80,
      ...int(2, 2),
      ...int(4, 6),
    ];
    const decoded = decodeBinaryResultsetRow(Buffer.from(bytes), types);
    expect(decoded.map((value) => value !== null)).toEqual([true, false, true, true, true, true, false]);
    expect(decoded.map((value, i) => value && binaryInteger(types[i] ?? 0, false, value))).toEqual([
      -2n,
      null,
      5n,
      -128n,
      2n,
      6n,
      null,
    ]);
    expect(binaryInteger(3, true, decoded[0] ?? Buffer.alloc(0))).toBe(0xffff_fffen);
    expect(binaryInteger(0xfd, true, Buffer.from('1'))).toBeUndefined();
    expect(encoded((writer) => encodeBinaryResultsetRow(writer, types, decoded))).toEqual(bytes);
    expect(() => decodeBinaryResultsetRow(Buffer.from([...bytes, 0]), types)).toThrow(MalformedPacketError);
    expect(() => encodeBinaryResultsetRow(new BufferWriter(), types, [])).toThrow(RangeError);
    expect(() => encodeBinaryResultsetRow(new BufferWriter(), [3], [Buffer.alloc(3)])).toThrow(RangeError);
  });
});

describe('EOF and LOCAL INFILE', () => {
  it('EofPacket', () => {
    expect(decodeEofPacket(Buffer.from(eof(0x0a, 3)))).toEqual({ statusFlags: 0x0a, warnings: 3 });
    expect(encoded((writer) => encodeEofPacket(writer, { statusFlags: 0x0a, warnings: 3 }))).toEqual(
      eof(0x0a, 3),
    );
    expect(() => decodeEofPacket(Buffer.from([...eof(), 0]))).toThrow(MalformedPacketError);
  });

  it('LOCAL INFILE request', () => {
    const bytes = [0xfb, ...text('/tmp/f')];
    expect(`${decodeLocalInfileRequest(Buffer.from(bytes))}`).toBe('/tmp/f');
    expect(encoded((writer) => encodeLocalInfileRequest(writer, Buffer.from('/tmp/f')))).toEqual(bytes);
  });
});
