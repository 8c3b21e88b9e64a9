import { describe, expect, it } from 'vitest';
import { BufferWriter } from '../../src/protocol/buffer-writer.js';
import type { Capabilities } from '../../src/protocol/constants/capabilities.js';
import { ColumnType } from '../../src/protocol/constants/column-types.js';
import { PacketFramer } from '../../src/protocol/packet-framer.js';
import {
  decodeColumnDefinition41,
  encodeColumnDefinition41,
} from '../../src/protocol/resultset/column-definition-41.js';
import { FieldList, namedTable } from '../../src/session/field-list.js';
import { CATALOG, context, MYSQL, USERS, VAULT } from '../support/rewrite.js';

const CAPABILITIES: Capabilities = { flags: 0, mariadb: 0 };
const EOF = Buffer.from([0xfe, 0, 0, 2, 0]);

function definition(name: string, characterSet: number): Buffer {
  const writer = new BufferWriter();
  const own = Buffer.from(name);
  const table = Buffer.from('users');
  encodeColumnDefinition41(
    writer,
    {
      schema: Buffer.from('tenant_app'),
      table,
      orgTable: table,
      name: own,
      orgName: own,
      extendedMetadata: Buffer.alloc(0),
      characterSet,
      columnLength: 400,
      type: ColumnType.MYSQL_TYPE_VAR_STRING,
      flags: 128,
      decimals: 0,
      defaultValue: null,
    },
    CAPABILITIES,
  );
  return writer.view();
}

/** The answer for `users`, whose first packet has number 1. */
function answered(wildcard: string, end = EOF): { sequenceId: number; payload: Buffer }[] {
  const list = new FieldList({
    table: USERS,
    catalog: CATALOG,
    server: 'mysql',
    wildcard,
    capabilities: CAPABILITIES,
    sequenceId: 1,
  });
  for (const name of ['id', 'username', 'encrypted_email', 'encrypted_phone']) {
    const payload = definition(name, name === 'username' ? 33 : 63);
    list.packet({ kind: 'definition', of: 'fields' }, payload);
    payload.fill(0);
  }
  list.packet({ kind: 'endOfDefinitions', of: 'fields', statusFlags: 2, isOk: false }, end);
  const framer = new PacketFramer(1 << 20);
  framer.firstSequenceId = 1;
  framer.push(list.packets());
  const packets: { sequenceId: number; payload: Buffer }[] = [];
  for (let frame = framer.next(); frame !== null; frame = framer.next()) {
    packets.push({ sequenceId: frame.sequenceId, payload: Buffer.from(frame.payload) });
    framer.firstSequenceId = frame.sequenceId + 1;
  }
  return packets;
}

function names(wildcard: string): string[] {
  return answered(wildcard)
    .slice(0, -1)
    .map(({ payload }) => decodeColumnDefinition41(payload, CAPABILITIES).name.toString());
}

describe('COM_FIELD_LIST of a protected table', () => {
  it('has the application’s columns, and what ended the server’s answer', () => {
    const packets = answered('');
    expect(packets.map(({ sequenceId }) => sequenceId)).toEqual([1, 2, 3, 4, 5]);
    expect(packets.at(-1)?.payload).toEqual(EOF);
    expect(names('')).toEqual(['id', 'username', 'email', 'phone']);
    const email = decodeColumnDefinition41(packets[2]!.payload, CAPABILITIES);
    // Strings are in the character set of results, which the table's own string shows.
    expect(email).toMatchObject({ characterSet: 33, columnLength: 255 * 3, flags: 0, defaultValue: null });
    expect(email.orgName.toString()).toBe('email');
  });

  it.each([
    ['%mail', ['email']],
    ['E_A%', ['email']],
    ['encrypted%', []],
    ['%\\_%', []],
    ['.*', []],
    ['id', ['id']],
  ])('a wildcard is one for them: %s', (wildcard, expected) => {
    expect(names(wildcard)).toEqual(expected);
  });

  it('an error of the server is the answer', () => {
    const list = new FieldList({
      table: USERS,
      catalog: CATALOG,
      server: 'mysql',
      wildcard: '',
      capabilities: CAPABILITIES,
      sequenceId: 1,
    });
    const error = Buffer.from('\xff\x7a\x04#42S02no such table', 'latin1');
    list.packet({ kind: 'err' }, error);
    expect(list.packets().subarray(4)).toEqual(error);
  });
});

describe('the table that a name in COM_FIELD_LIST means', () => {
  const tables = [USERS, VAULT];

  it('is one of the current schema', () => {
    expect(namedTable('users', tables, context())).toBe(USERS);
    expect(namedTable('users', tables, context(MYSQL, { database: 'other' }))).toBeNull();
    expect(namedTable('users', tables, context(MYSQL, { database: null }))).toBeNull();
    expect(namedTable('orders', tables, context())).toBeNull();
  });

  it('follows lower_case_table_names', () => {
    expect(namedTable('USERS', tables, context())).toBeNull();
    const folding = { ...MYSQL, lowerCaseTableNames: 1 } as const;
    expect(namedTable('USERS', tables, context(folding))).toBe(USERS);
    expect(namedTable('uſers', tables, context(folding))).toBe('doubtful');
  });

  it('is doubtful where it is a view over one', () => {
    expect(namedTable('user_view', tables, context())).toBe('doubtful');
  });
});
