import { describe, expect, it } from 'vitest';
import type { Parameter } from '../../src/protocol/binary-value.js';
import {
  integerParameter,
  nullParameter,
  stringParameter,
} from '../../src/protocol/command-phase/parameters.js';
import { ColumnType } from '../../src/protocol/constants/column-types.js';
import { parseSqlMode } from '../../src/rewrite/dialect.js';
import type { ParameterRole } from '../../src/rewrite/plan.js';
import type { ProtectedColumn } from '../../src/rewrite/protected-table.js';
import { convertParameter } from '../../src/session/parameter-conversion.js';
import { usersTable } from '../support/protection.js';

const { columns } = usersTable('shop');
const [email, age] = ['email', 'age'].map((name) => columns.get(name) as ProtectedColumn) as [
  ProtectedColumn,
  ProtectedColumn,
];
const CONTEXT = { tenant: 't1', utf8: true, utf8mb3: false };

function double(value: number): Parameter {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return { type: ColumnType.MYSQL_TYPE_DOUBLE, unsigned: false, name: Buffer.alloc(0), value: bytes };
}

/** As mysql2 sends an object to MySQL. */
const json: Parameter = { ...stringParameter('{"a":1}'), type: ColumnType.MYSQL_TYPE_JSON };

function convert(parameter: Parameter, role: ParameterRole): string | null {
  const converted = convertParameter({ source: 'client', ordinal: 0, role }, [parameter], CONTEXT);
  return converted.value?.toString() ?? null;
}

const origin = { schema: 'shop', table: 'users', server: 'mysql', sqlMode: parseSqlMode('') } as const;
const value = (column: ProtectedColumn, raises?: 'server' | 'sign'): ParameterRole => {
  const role = { kind: 'value', column, origin, lenient: false } as const;
  return raises === undefined ? role : { ...role, raises };
};
const constant = (column: ProtectedColumn): ParameterRole => ({ kind: 'constant', column });

describe('convertParameter', () => {
  it.each([
    ['text into text', stringParameter('a@x'), value(email), 'a@x'],
    ['a big DOUBLE into text, digit for digit', double(1234567890123456), value(email), '1234567890123456'],
    ['an integer into text', integerParameter(-7n), value(email), '-7'],
    ['text into an integer', stringParameter(' 042 '), value(age), '42'],
    ['a DOUBLE into an integer, rounded', double(3.5), value(age), '4'],
    ['a DOUBLE into an integer, rounded to even', double(2.5), value(age), '2'],
    ['a negative DOUBLE into an integer', double(-0.4), value(age), '0'],
    ['JSON into text, as it is', json, value(email), '{"a":1}'],
    ['NULL', nullParameter(), value(age), null],
    ['text compared with an integer', stringParameter('030'), constant(age), '30'],
    ['text compared with text', stringParameter('a@x'), constant(email), 'a@x'],
  ])('%s', (_what, parameter, role, expected) => {
    expect(convert(parameter, role)).toBe(expected);
  });

  it.each([
    ['a number out of range', integerParameter(2n ** 40n), value(age), '1264'],
    ['a DOUBLE out of range', double(1e300), value(age), '1264'],
    ['no number', stringParameter('abc'), value(age), '1366'],
    ['a number with more behind it', stringParameter('12abc'), value(age), '1265'],
    ['a text too long', stringParameter('x'.repeat(256)), value(email), '1406'],
    ['a number compared with text', integerParameter(5n), constant(email), 'TC_UNSUPPORTED_SQL'],
    ['JSON compared with text', json, constant(email), 'TC_UNSUPPORTED_SQL'],
    ['a DOUBLE that servers write in other ways', double(1e300), value(email), 'TC_UNSUPPORTED_SQL'],
    [
      'another tenant',
      stringParameter('t2'),
      { kind: 'tenantCheck', type: 'string' } as const,
      'TC_TENANT_MISMATCH',
    ],
    ['no tenant', nullParameter(), { kind: 'tenantCheck', type: 'string' } as const, 'TC_TENANT_MISMATCH'],
  ])('refuses %s', (_what, parameter, role, expected) => {
    let thrown: unknown;
    try {
      convert(parameter, role);
    } catch (error) {
      thrown = error;
    }
    const { code, errno } = thrown as { code?: string; errno?: number };
    expect([code, String(errno)]).toContain(expected);
  });

  it.each([
    [integerParameter(5n), null, '5'],
    [nullParameter(), null, null],
    [integerParameter(2n ** 40n), 1, ''],
    [stringParameter('abc'), 2, ''],
    [stringParameter('12abc'), 3, ''],
  ])('tells the server to raise what a value brings that may never be stored', (parameter, sign, sent) => {
    const target = { source: 'client', ordinal: 0, role: value(age, 'sign') } as const;
    const converted = convertParameter(target, [parameter], CONTEXT);
    expect(converted.value === null ? null : Number(converted.value.readBigInt64LE())).toBe(sign);
    expect(convert(parameter, value(age, 'server'))).toBe(sent);
  });

  it.each([
    [age, integerParameter(30n), null, '30'],
    [age, stringParameter('030'), null, '30'],
    [age, double(30.5), 1, ''],
    [age, stringParameter('x'), 1, ''],
    [age, double(1e300), 1, ''],
    [age, nullParameter(), null, null],
    [email, stringParameter('a@x'), null, 'a@x'],
    [email, integerParameter(5n), 1, ''],
    [email, json, 1, ''],
  ])(
    'lets the decrypted comparison decide where a value has no ciphertext',
    (column, parameter, sign, sent) => {
      const target = { source: 'client', ordinal: 0, role: { kind: 'passes', column } } as const;
      const converted = convertParameter(target, [parameter], CONTEXT);
      expect(converted.value === null ? null : Number(converted.value.readBigInt64LE())).toBe(sign);
      expect(convert(parameter, { kind: 'constant', column, optional: true })).toBe(sent);
    },
  );

  it('goes on with the decrypted comparison once it has been taken', () => {
    const passed = new Set<number>();
    const convertWith = (kind: 'constant' | 'passes', parameter: Parameter): Buffer | null => {
      const role =
        kind === 'constant' ? { kind, column: age, optional: true as const } : { kind, column: age };
      return convertParameter({ source: 'client', ordinal: 0, role }, [parameter], { ...CONTEXT, passed })
        .value;
    };
    const sign = (parameter: Parameter): boolean => {
      convertWith('constant', parameter);
      return convertWith('passes', parameter) !== null;
    };
    expect([integerParameter(1n), double(0.5), integerParameter(1n), nullParameter()].map(sign)).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('names the row', () => {
    const target = { source: 'client', ordinal: 0, role: value(age), row: 3 } as const;
    expect(() => convertParameter(target, [stringParameter('abc')], CONTEXT)).toThrow('at row 3');
  });

  it('sends JSON as a string, which the server does not write anew', () => {
    const target = { source: 'client', ordinal: 0, role: value(email) } as const;
    expect(convertParameter(target, [json], CONTEXT).type).toBe(ColumnType.MYSQL_TYPE_VAR_STRING);
  });

  it('takes only a canonical integer as the tenant of an integer column', () => {
    const tenant = (id: string) => () =>
      convertParameter({ source: 'tenant', type: 'integer' }, [], {
        tenant: id,
        utf8: true,
        utf8mb3: false,
      }).value?.readBigInt64LE();
    expect(tenant('17')()).toBe(17n);
    for (const id of ['017', '1e0', '1abc', '', '99999999999999999999']) expect(tenant(id)).toThrow('tenant');
  });
});
