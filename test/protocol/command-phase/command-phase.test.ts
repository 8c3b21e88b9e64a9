import { describe, expect, it } from 'vitest';
import { BufferWriter } from '../../../src/protocol/buffer-writer.js';
import {
  decodeComChangeUser,
  encodeComChangeUser,
} from '../../../src/protocol/command-phase/com-change-user.js';
import {
  decodeComFieldList,
  encodeComFieldList,
} from '../../../src/protocol/command-phase/com-field-list.js';
import { decodeComInitDb, encodeComInitDb } from '../../../src/protocol/command-phase/com-init-db.js';
import { decodeComQuery, encodeComQuery } from '../../../src/protocol/command-phase/com-query.js';
import {
  decodeComSetOption,
  encodeComSetOption,
} from '../../../src/protocol/command-phase/com-set-option.js';
import {
  type DecodeExecuteOptions,
  decodeComStmtExecute,
  encodeComStmtExecute,
  LAST_PREPARED_STATEMENT,
  readStatementId,
} from '../../../src/protocol/command-phase/com-stmt-execute.js';
import {
  decodeComStmtPrepare,
  encodeComStmtPrepare,
} from '../../../src/protocol/command-phase/com-stmt-prepare.js';
import {
  decodeComStmtPrepareOk,
  encodeComStmtPrepareOk,
} from '../../../src/protocol/command-phase/com-stmt-prepare-ok.js';
import {
  decodeComStmtSendLongData,
  encodeComStmtSendLongData,
} from '../../../src/protocol/command-phase/com-stmt-send-long-data.js';
import {
  decodeComStmtClose,
  decodeComStmtFetch,
  decodeComStmtReset,
  encodeComStmtClose,
  encodeComStmtFetch,
  encodeComStmtReset,
} from '../../../src/protocol/command-phase/com-stmt-simple.js';
import {
  blobParameter,
  integerParameter,
  nullParameter,
  stringParameter,
} from '../../../src/protocol/command-phase/parameters.js';
import { Capability, combine } from '../../../src/protocol/constants/capabilities.js';
import { Command, commandName } from '../../../src/protocol/constants/commands.js';
import { MalformedPacketError } from '../../../src/protocol/malformed-packet-error.js';
import { int, lenenc, nul, text } from '../../support/wire.js';

const PLAIN = { flags: 0, mariadb: 0 };
const ATTRIBUTES = { flags: Capability.CLIENT_QUERY_ATTRIBUTES, mariadb: 0 };

function encoded(encode: (writer: BufferWriter) => void): number[] {
  const writer = new BufferWriter(1);
  encode(writer);
  return [...writer.view()];
}

describe('COM_QUERY', () => {
  it('without query attributes is all statement', () => {
    const bytes = [3, ...text('SELECT 1')];
    expect(decodeComQuery(Buffer.from(bytes), PLAIN)).toEqual({ statementOffset: 1, attributes: [] });
    expect(encoded((writer) => encodeComQuery(writer, Buffer.from('SELECT 1'), PLAIN))).toEqual(bytes);
  });

  it('with none of the attributes negotiated', () => {
    const bytes = [3, 0, 1, ...text('SELECT 1')];
    expect(decodeComQuery(Buffer.from(bytes), ATTRIBUTES)).toEqual({ statementOffset: 3, attributes: [] });
    expect(encoded((writer) => encodeComQuery(writer, Buffer.from('SELECT 1'), ATTRIBUTES))).toEqual(bytes);
  });

  it('with attributes', () => {
    const head = [
      3,
      3,
      1,
      0b010,
      1,
      0xfd,
      0,
      ...lenenc('tenant_id'),
      6,
      0,
      ...lenenc('n'),
      3,
      0x80,
      ...lenenc('i'),
    ];
    const bytes = [...head, ...lenenc('tenant-001'), ...int(4, 7), ...text('SELECT 1')];
    const message = decodeComQuery(Buffer.from(bytes), ATTRIBUTES);
    expect(Buffer.from(bytes).subarray(message.statementOffset).toString()).toBe('SELECT 1');
    expect(message.attributes).toEqual([
      { type: 0xfd, unsigned: false, name: Buffer.from('tenant_id'), value: Buffer.from('tenant-001') },
      { type: 6, unsigned: false, name: Buffer.from('n'), value: null },
      { type: 3, unsigned: true, name: Buffer.from('i'), value: Buffer.from(int(4, 7)) },
    ]);
    const statement = Buffer.from('SELECT 1');
    expect(encoded((writer) => encodeComQuery(writer, statement, ATTRIBUTES, message.attributes))).toEqual(
      bytes,
    );
    expect(() => encodeComQuery(new BufferWriter(), statement, PLAIN, message.attributes)).toThrow(
      RangeError,
    );
  });

  it.each([
    ['two parameter sets', [3, 0, 2]],
    ['attributes without types', [3, 1, 1, 0, 0]],
    ['a count that the packet does not hold', [3, 0xfc, 0xff, 0xff, 1, 0]],
    ['more parameters than a server takes', [3, 0xfd, 0, 0, 1, 1, ...new Array<number>(9000).fill(0)]],
    ['another command', [4, 0, 1]],
  ])('refuses %s', (_, bytes) => {
    expect(() => decodeComQuery(Buffer.from(bytes), ATTRIBUTES)).toThrow(MalformedPacketError);
  });
});

describe('COM_STMT_EXECUTE', () => {
  const head = (flags = 0): number[] => [0x17, ...int(4, 5), flags, ...int(4, 1)];
  const decode = (bytes: number[], capabilities: typeof PLAIN, options: DecodeExecuteOptions) =>
    decodeComStmtExecute(Buffer.from(bytes), capabilities, options);

  it('without parameters', () => {
    expect(decode(head(1), PLAIN, { numParams: 0 })).toEqual({
      statementId: 5,
      flags: 1,
      iterationCount: 1,
      newParamsBindFlag: false,
      parameters: [],
      attributes: [],
    });
    expect(
      encoded((writer) => encodeComStmtExecute(writer, PLAIN, { statementId: 5, flags: 1, parameters: [] })),
    ).toEqual(head(1));
  });

  it('with a bind flag that belongs to no parameter, as MariaDB Connector/Node.js sends it', () => {
    const decoded = decode([...head(), 1], PLAIN, { numParams: 0 });
    expect(decoded).toMatchObject({ statementId: 5, newParamsBindFlag: false, parameters: [] });
  });

  it('with values of every form', () => {
    const types = [1, 2, 3, 8, 4, 5, 0xfd, 0xfc, 10, 12, 11, 6, 0xf6];
    const values: (number[] | null)[] = [
      [0xff],
      int(2, 2),
      int(4, 3),
      int(8, 4),
      int(4, 5),
      int(8, 6),
      text('text'),
      text('x'.repeat(300)),
      [0xea, 7, 2, 3],
      [0xea, 7, 2, 3, 4, 5, 6, 1, 0, 0, 0],
      [],
      null,
      text('1.50'),
    ];
    const written = [
      [0xff],
      int(2, 2),
      int(4, 3),
      int(8, 4),
      int(4, 5),
      int(8, 6),
      lenenc('text'),
      lenenc('x'.repeat(300)),
      [4, 0xea, 7, 2, 3],
      [11, 0xea, 7, 2, 3, 4, 5, 6, 1, 0, 0, 0],
      [0],
      [],
      lenenc('1.50'),
    ];
    const bytes = [...head(), 0, 0b1000, 1, ...types.flatMap((type) => [type, 0]), ...written.flat()];
    const message = decode(bytes, PLAIN, { numParams: types.length });
    expect(message.newParamsBindFlag).toBe(true);
    expect(message.parameters.map(({ value }) => value && [...value])).toEqual(values);
    const { parameters } = message;
    expect(encoded((writer) => encodeComStmtExecute(writer, PLAIN, { statementId: 5, parameters }))).toEqual(
      bytes,
    );
    // The next execution sends values only.
    const again = [...head(), 0, 0b1000, 0, ...written.flat()];
    const next = decode(again, PLAIN, { numParams: types.length, previousTypes: parameters });
    expect(next.newParamsBindFlag).toBe(false);
    expect(next.parameters).toEqual(parameters);
    expect(() => decode(again, PLAIN, { numParams: types.length })).toThrow(MalformedPacketError);
  });

  it('leaves out what was sent as long data', () => {
    const bytes = [...head(), 0, 1, 0xfc, 0, 3, 0, ...int(4, 9)];
    const message = decode(bytes, PLAIN, { numParams: 2, longData: new Set([0]) });
    expect(message.parameters.map(({ value }) => value && [...value])).toEqual([[], int(4, 9)]);
    const { parameters } = message;
    const longData = new Set([0]);
    expect(
      encoded((writer) => encodeComStmtExecute(writer, PLAIN, { statementId: 5, parameters, longData })),
    ).toEqual(bytes);
  });

  it('tells query attributes from placeholders', () => {
    const bytes = [
      ...head(8),
      2,
      0,
      1,
      3,
      0,
      0,
      0xfd,
      0,
      ...lenenc('tenant_id'),
      ...int(4, 9),
      ...lenenc('t1'),
    ];
    const message = decode(bytes, ATTRIBUTES, { numParams: 1 });
    expect(message.parameters.map(({ value }) => value && [...value])).toEqual([int(4, 9)]);
    expect(message.attributes.map(({ name, value }) => [`${name}`, `${value}`])).toEqual([
      ['tenant_id', 't1'],
    ]);
    const { parameters, attributes } = message;
    expect(
      encoded((writer) =>
        encodeComStmtExecute(writer, ATTRIBUTES, { statementId: 5, parameters, attributes }),
      ),
    ).toEqual(bytes);
  });

  it('reads no count when there are no placeholders and the flag is missing', () => {
    expect(decode(head(), ATTRIBUTES, { numParams: 0 }).parameters).toEqual([]);
    expect(decode([...head(8), 0], ATTRIBUTES, { numParams: 0 }).attributes).toEqual([]);
  });

  it('binds a key as BLOB and a string, an integer, a NULL', () => {
    const parameters = [
      blobParameter(Buffer.from([1, 2])),
      stringParameter('é'),
      integerParameter(-1n),
      nullParameter(),
    ];
    const bytes = encoded((writer) => encodeComStmtExecute(writer, PLAIN, { statementId: 5, parameters }));
    expect(bytes).toEqual([
      ...head(),
      0b1000,
      1,
      ...[0xfc, 0, 0xfd, 0, 8, 0, 6, 0],
      ...[2, 1, 2],
      ...lenenc('é'),
      ...new Array<number>(8).fill(0xff),
    ]);
  });

  it('knows the statement prepared last', () => {
    expect(readStatementId(Buffer.from([0x17, 0xff, 0xff, 0xff, 0xff, 0]))).toBe(LAST_PREPARED_STATEMENT);
  });

  it.each<[string, number[]]>([
    ['a trailing byte', [0, 1, 3, 0, ...int(4, 1), 9]],
    ['a value cut short', [0, 1, 3, 0, 1, 2]],
    ['a bind flag of 2', [0, 2, 3, 0, ...int(4, 1)]],
    ['a type that servers read differently', [0, 1, 9, 0, ...int(4, 1)]],
    ['an unknown type', [0, 1, 0x20, 0, 1]],
    ['type NULL with a value', [0, 1, 6, 0]],
    ['a temporal value of 14 bytes', [0, 1, 12, 0, 14, ...new Array<number>(14).fill(1)]],
    ['nothing at all', []],
  ])('refuses %s', (_, tail) => {
    expect(() => decode([...head(), ...tail], PLAIN, { numParams: 1 })).toThrow(MalformedPacketError);
  });

  it('refuses a parameter_count below the number of placeholders', () => {
    expect(() => decode([...head(), 1, 0, 1, 3, 0, 0, ...int(4, 1)], ATTRIBUTES, { numParams: 2 })).toThrow(
      MalformedPacketError,
    );
  });
});

describe('COM_CHANGE_USER', () => {
  const ALL = {
    flags: combine(
      Capability.CLIENT_SECURE_CONNECTION,
      Capability.CLIENT_PLUGIN_AUTH,
      Capability.CLIENT_CONNECT_ATTRS,
    ),
    mariadb: 0,
  };
  const start = [0x11, ...nul('app'), 2, 8, 9, ...nul('shop')];

  it.each([
    ['nothing more', start, null, null, null],
    ['a character set', [...start, 45, 0], 45, null, null],
    ['a plugin', [...start, 45, 0, ...nul('p')], 45, 'p', null],
    [
      'attributes',
      [...start, 45, 0, ...nul('p'), ...lenenc([...lenenc('k'), ...lenenc('v')])],
      45,
      'p',
      new Map([['k', 'v']]),
    ],
  ])('with %s', (_, bytes, characterSet, clientPluginName, connectAttributes) => {
    const message = decodeComChangeUser(Buffer.from(bytes), ALL);
    expect(message).toEqual({
      username: Buffer.from('app'),
      authResponse: Buffer.from([8, 9]),
      database: Buffer.from('shop'),
      characterSet,
      clientPluginName,
      connectAttributes,
    });
    expect(encoded((writer) => encodeComChangeUser(writer, message, ALL))).toEqual(bytes);
  });

  it('refuses trailing bytes', () => {
    expect(() => decodeComChangeUser(Buffer.from([...start, 45, 0, 1]), PLAIN)).toThrow(MalformedPacketError);
  });
});

describe('COM_STMT_PREPARE_OK', () => {
  it('with and without metadata_follows', () => {
    const bytes = [0, ...int(4, 7), ...int(2, 3), ...int(2, 2), 0, ...int(2, 1)];
    const message = { statementId: 7, numColumns: 3, numParams: 2, warningCount: 1, metadataFollows: true };
    expect(decodeComStmtPrepareOk(Buffer.from(bytes), PLAIN)).toEqual(message);
    expect(encoded((writer) => encodeComStmtPrepareOk(writer, message, PLAIN))).toEqual(bytes);
    const optional = { flags: Capability.CLIENT_OPTIONAL_RESULTSET_METADATA, mariadb: 0 };
    const bare = { ...message, metadataFollows: false };
    expect(decodeComStmtPrepareOk(Buffer.from([...bytes, 0]), optional)).toEqual(bare);
    expect(encoded((writer) => encodeComStmtPrepareOk(writer, bare, optional))).toEqual([...bytes, 0]);
  });
});

describe('short commands', () => {
  it.each<[string, number[], (payload: Buffer) => unknown, unknown, (writer: BufferWriter) => void]>([
    [
      'COM_INIT_DB',
      [2, ...text('shop')],
      decodeComInitDb,
      Buffer.from('shop'),
      (w) => encodeComInitDb(w, Buffer.from('shop')),
    ],
    [
      'COM_FIELD_LIST',
      [4, ...nul('users'), ...text('e%')],
      decodeComFieldList,
      { table: Buffer.from('users'), wildcard: Buffer.from('e%') },
      (w) => encodeComFieldList(w, { table: Buffer.from('users'), wildcard: Buffer.from('e%') }),
    ],
    [
      'COM_STMT_PREPARE',
      [0x16, ...text('DO ?')],
      decodeComStmtPrepare,
      Buffer.from('DO ?'),
      (w) => encodeComStmtPrepare(w, Buffer.from('DO ?')),
    ],
    [
      'COM_STMT_SEND_LONG_DATA',
      [0x18, ...int(4, 7), ...int(2, 1), 5, 6],
      decodeComStmtSendLongData,
      { statementId: 7, paramId: 1, data: Buffer.from([5, 6]) },
      (w) => encodeComStmtSendLongData(w, { statementId: 7, paramId: 1, data: Buffer.from([5, 6]) }),
    ],
    ['COM_STMT_CLOSE', [0x19, ...int(4, 7)], decodeComStmtClose, 7, (w) => encodeComStmtClose(w, 7)],
    ['COM_STMT_RESET', [0x1a, ...int(4, 7)], decodeComStmtReset, 7, (w) => encodeComStmtReset(w, 7)],
    ['COM_SET_OPTION', [0x1b, ...int(2, 1)], decodeComSetOption, 1, (w) => encodeComSetOption(w, 1)],
    [
      'COM_STMT_FETCH',
      [0x1c, ...int(4, 7), ...int(4, 100)],
      decodeComStmtFetch,
      { statementId: 7, numRows: 100 },
      (w) => encodeComStmtFetch(w, { statementId: 7, numRows: 100 }),
    ],
  ])('%s', (name, bytes, decode, message, encode) => {
    expect(commandName(bytes[0] ?? -1)).toBe(name);
    expect(decode(Buffer.from(bytes))).toEqual(message);
    expect(encoded(encode)).toEqual(bytes);
    expect(() => decode(Buffer.from([Command.COM_PING, ...bytes.slice(1)]))).toThrow(MalformedPacketError);
  });
});
