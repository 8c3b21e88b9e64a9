import { describe, expect, it } from 'vitest';
import { parseColumnType } from '../../src/config/column-type.js';
import {
  type CharacterSets,
  isFoundByCiphertext,
  storedConstant,
  takesCiphertext,
} from '../../src/rewrite/constant-form.js';
import type { ConstantValue } from '../../src/rewrite/declared-value.js';
import type { ProtectedColumn } from '../../src/rewrite/protected-table.js';

function column(type: string, charset = 'utf8mb4'): ProtectedColumn {
  const parsed = parseColumnType(type);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  const declared = parsed.type.kind === 'string' ? { ...parsed.type, charset } : parsed.type;
  return { logical: 'c', physical: 'c', type: declared, equality: 'exact' };
}

const sets = (client: string, connection = client): CharacterSets => ({ client, connection });
const text = (bytes: string | Buffer): ConstantValue => ({ kind: 'text', bytes: Buffer.from(bytes) });
const number = (digits: string): ConstantValue => ({ kind: 'number', text: digits });
const bytes = (hex: string): ConstantValue => ({ kind: 'bytes', bytes: Buffer.from(hex, 'hex') });
const AS_WRITTEN = { kind: 'asWritten' } as const;

describe('the stored form of a constant, in hexadecimal digits; null: only the server can say', () => {
  it.each([
    ['varchar(9)', 'utf8mb4', text('a'), sets('utf8mb4'), '61'],
    ['varchar(9)', 'utf8mb4', text(''), sets('utf8mb4'), ''],
    ['varchar(9)', 'utf8mb4', text('é😀'), sets('utf8mb4'), 'c3a9f09f9880'],
    ['varchar(9)', 'utf8mb4', text('😀'), sets('utf8mb3'), null],
    ['varchar(9)', 'utf8mb4', text('é'), sets('utf8mb3'), 'c3a9'],
    ['varchar(9)', 'utf8mb4', text('é'), sets('utf8mb4', 'latin1'), null],
    ['varchar(9)', 'utf8mb4', text('a'), sets('utf8mb4', 'latin1'), '61'],
    ['varchar(9)', 'utf8mb4', text('a'), sets('utf8mb4', 'utf16'), '61'],
    ['varchar(9)', 'utf8mb4', text('a'), sets('utf8mb4', 'swe7'), null],
    ['varchar(9)', 'utf8mb4', text('😀'), sets('utf8mb4', 'utf8mb3'), null],
    ['varchar(9)', 'utf8mb4', text(Buffer.of(0xe9, 0x80, 0x81)), sets('latin1'), 'c3a9e282acc281'],
    ['varchar(9)', 'utf8mb4', text(Buffer.of(0xe9)), sets('cp1250'), null],
    ['varchar(9)', 'utf8mb4', text(Buffer.of(0xff)), sets('utf8mb4'), null],
    ['varchar(9)', 'utf8mb3', text('é'), sets('utf8mb4'), 'c3a9'],
    ['varchar(9)', 'utf8mb3', text('😀'), sets('utf8mb4'), null],
    ['varchar(9)', 'latin1', text('é€'), sets('utf8mb4'), 'e980'],
    ['varchar(9)', 'latin1', text('ő'), sets('utf8mb4'), null],
    ['varchar(9)', 'utf16', text('a'), sets('utf8mb4'), null],
    ['varchar(9)', 'utf8mb4', number('007'), sets('utf8mb4'), '37'],
    ['varchar(9)', 'utf8mb4', number('-0'), sets('utf8mb4'), '30'],
    ['varchar(9)', 'utf8mb4', number('1.50'), sets('utf8mb4'), null],
    ['varchar(40)', 'utf8mb4', number('1234567890123456789'), sets('utf8mb4'), null],
    ['varchar(9)', 'utf8mb4', bytes('c3a9'), sets('latin1'), 'c3a9'],
    ['varchar(9)', 'utf8mb4', bytes('ff'), sets('latin1'), null],
    ['char(5)', 'utf8mb4', text('a b  '), sets('utf8mb4'), '612062'],
    ['text', 'utf8mb4', text('a '), sets('utf8mb4'), '6120'],
    ['varbinary(9)', '', text('é'), sets('utf8mb4'), 'c3a9'],
    ['varbinary(9)', '', text(Buffer.of(0xe9)), sets('latin1', 'utf8mb4'), 'c3a9'],
    ['varbinary(9)', '', text('é'), sets('utf8mb4', 'latin1'), null],
    ['varbinary(9)', '', bytes('ff00'), sets('utf8mb4'), 'ff00'],
    ['binary(4)', '', text('ab'), sets('utf8mb4'), '61620000'],
    ['int', '', number('7'), sets('utf8mb4'), null],
  ] as const)('%s %s of %j under %j: %s', (type, charset, value, character, expected) => {
    const stored = storedConstant(column(type, charset || 'utf8mb4'), value, AS_WRITTEN, character);
    expect(stored?.toString('hex') ?? null).toBe(expected);
  });

  it('of a checked value', () => {
    const checked = { kind: 'text', bytes: Buffer.from('7') } as const;
    expect(storedConstant(column('int'), number('7.0'), checked, sets('gbk'))?.toString()).toBe('7');
    expect(storedConstant(column('varchar(1)'), text('7 '), checked, sets('latin1'))?.toString()).toBe('7');
  });
});

it.each([
  ['varchar(9)', 'utf8mb4', sets('utf8mb4'), true],
  ['varchar(9)', 'utf8mb4', sets('latin1'), true],
  ['varchar(9)', 'utf8mb4', sets('latin1', 'utf8mb4'), true],
  ['varchar(9)', 'utf8mb4', sets('utf8mb4', 'latin1'), false],
  ['varchar(9)', 'utf8mb4', sets('cp1250'), false],
  ['varchar(9)', 'latin1', sets('utf8mb4'), false],
  ['int', 'utf8mb4', sets('cp1250'), true],
  ['varbinary(9)', 'utf8mb4', sets('utf8mb4'), true],
  ['varbinary(9)', 'utf8mb4', sets('utf8mb4', 'latin1'), false],
] as const)('%s %s takes ciphertext for any parameter under %j: %s', (type, charset, character, expected) => {
  expect(takesCiphertext(column(type, charset), character)).toBe(expected);
});

it.each([
  ['varchar(9)', text('a '), true],
  ['varchar(9)', number('7'), false],
  ['char(9)', text('a'), true],
  ['char(9)', text('a '), false],
  ['varbinary(9)', text('a'), true],
  ['binary(4)', text('abcd'), true],
  ['binary(4)', text('ab'), false],
  ['int', number('030'), true],
  ['int', text('030'), true],
  ['int', text('30 '), false],
] as const)('a row of %s with the ciphertext of %j is equal to it: %s', (type, value, expected) => {
  expect(isFoundByCiphertext(column(type), value)).toBe(expected);
});
