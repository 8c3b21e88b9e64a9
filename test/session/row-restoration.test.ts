import { describe, expect, it } from 'vitest';
import { BufferWriter } from '../../src/protocol/buffer-writer.js';
import { ColumnType } from '../../src/protocol/constants/column-types.js';
import {
  decodeBinaryResultsetRow,
  encodeBinaryResultsetRow,
} from '../../src/protocol/resultset/binary-resultset-row.js';
import {
  decodeTextResultsetRow,
  encodeTextResultsetRow,
} from '../../src/protocol/resultset/text-resultset-row.js';
import type { RowRestoration } from '../../src/rewrite/plan.js';
import { type ColumnForm, restoreRow } from '../../src/session/row-restoration.js';
import { USERS } from '../support/rewrite.js';

const UTF8MB4 = 255;
const LATIN1 = 8;

function definitions(types: readonly number[], characterSet = UTF8MB4): ColumnForm[] {
  return types.map((type) => ({ characterSet, type }));
}

function rows(subject: RowRestoration['subject'], full = false): RowRestoration {
  return { subject, full, table: USERS, server: { kind: 'mysql', version: 90704 } };
}

const STRING = ColumnType.MYSQL_TYPE_VAR_STRING;

function restored(values: readonly (string | null)[], restoration: RowRestoration): (string | null)[] {
  const writer = new BufferWriter();
  encodeTextResultsetRow(
    writer,
    values.map((value) => (value === null ? null : Buffer.from(value))),
  );
  const columns = definitions(values.map(() => STRING));
  const payload = restoreRow(writer.view(), restoration, columns, false);
  return decodeTextResultsetRow(payload, values.length).map((value) => value?.toString() ?? null);
}

describe('rows of SHOW of a protected table', () => {
  it('SHOW COLUMNS', () => {
    expect(restored(['encrypted_email', 'varbinary(1040)', 'YES', 'MUL', null, ''], rows('columns'))).toEqual(
      ['email', 'varchar(255)', 'YES', 'MUL', null, ''],
    );
    const other = ['username', 'varchar(100)', 'NO', '', null, ''];
    expect(restored(other, rows('columns'))).toEqual(other);
  });

  it('SHOW FULL COLUMNS has a collation', () => {
    expect(
      restored(
        ['ENCRYPTED_PHONE', 'varbinary(144)', null, 'YES', '', null, '', 'select', 'c'],
        rows('columns', true),
      ),
    ).toEqual(['phone', 'varchar(32)', 'utf8mb4_0900_ai_ci', 'YES', '', null, '', 'select', 'c']);
  });

  it('SHOW INDEX', () => {
    const row: (string | null)[] = [
      'users',
      '1',
      'k',
      '1',
      'encrypted_email',
      'A',
      '5',
      '100',
      null,
      'YES',
      'BTREE',
      '',
      '',
    ];
    const expected = [...row];
    expected.splice(4, 1, 'email');
    expected.splice(7, 1, null);
    expect(restored(row, rows('index'))).toEqual(expected);
  });

  it('SHOW CREATE TABLE', () => {
    const text = (column: string): string =>
      `CREATE TABLE \`users\` (\n  ${column} DEFAULT NULL\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci`;
    expect(restored(['users', text('`encrypted_email` varbinary(1040)')], rows('createTable'))).toEqual([
      'users',
      text('`email` varchar(255)'),
    ]);
  });

  it('in the binary protocol numbers stay', () => {
    const types = [
      STRING,
      ColumnType.MYSQL_TYPE_LONGLONG,
      STRING,
      ColumnType.MYSQL_TYPE_LONG,
      STRING,
      STRING,
    ];
    const cells = [Buffer.from('users'), Buffer.alloc(8, 1), Buffer.from('k'), Buffer.alloc(4, 2)];
    const row = [...cells, Buffer.from('encrypted_phone'), null];
    const writer = new BufferWriter();
    encodeBinaryResultsetRow(writer, types, row);
    const payload = restoreRow(writer.view(), rows('columns'), definitions(types), true);
    // The first column is no protected one.
    expect(decodeBinaryResultsetRow(payload, types)).toEqual(row);
    const writtenIndex = new BufferWriter();
    const indexTypes = [...types, STRING, STRING];
    encodeBinaryResultsetRow(writtenIndex, indexTypes, [...row, null, Buffer.from('9')]);
    const index = restoreRow(writtenIndex.view(), rows('index'), definitions(indexTypes), true);
    expect(decodeBinaryResultsetRow(index, indexTypes)).toEqual([
      ...cells,
      Buffer.from('phone'),
      null,
      null,
      null,
    ]);
  });

  it('names in a character set that is not UTF-8 are bytes', () => {
    const writer = new BufferWriter();
    const bytes = Buffer.from([0xc4, 0xe9]);
    encodeTextResultsetRow(writer, [Buffer.from('encrypted_email'), Buffer.from('varbinary(9)'), bytes]);
    const payload = restoreRow(
      writer.view(),
      rows('columns'),
      definitions([STRING, STRING, STRING], LATIN1),
      false,
    );
    expect(decodeTextResultsetRow(payload, 3)).toEqual([
      Buffer.from('email'),
      Buffer.from('varchar(255)'),
      bytes,
    ]);
  });

  it.each([
    ['utf16', 54, (text: string) => Buffer.from(text, 'utf16le').swap16()],
    ['utf16le', 56, (text: string) => Buffer.from(text, 'utf16le')],
    ['utf32', 60, (text: string) => Buffer.from([...text].flatMap((sign) => [0, 0, 0, sign.charCodeAt(0)]))],
  ])('in %s', (_, collation, encode) => {
    const writer = new BufferWriter();
    encodeTextResultsetRow(writer, [encode('encrypted_email'), encode('varbinary(1040)'), null]);
    const columns = definitions([STRING, STRING, STRING], collation);
    const payload = restoreRow(writer.view(), rows('columns'), columns, false);
    expect(decodeTextResultsetRow(payload, 3)).toEqual([encode('email'), encode('varchar(255)'), null]);
  });
});
