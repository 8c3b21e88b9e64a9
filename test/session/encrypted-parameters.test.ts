import { describe, expect, it } from 'vitest';
import type { Parameter } from '../../src/protocol/binary-value.js';
import {
  blobParameter,
  integerParameter,
  nullParameter,
  stringParameter,
} from '../../src/protocol/command-phase/parameters.js';
import { ColumnType } from '../../src/protocol/constants/column-types.js';
import { parseSqlMode } from '../../src/rewrite/dialect.js';
import type { BackendParameter, ParameterRole } from '../../src/rewrite/plan.js';
import type { ProtectedColumn } from '../../src/rewrite/protected-table.js';
import { type ConversionContext, convertParameter } from '../../src/session/parameter-conversion.js';
import { usersTable } from '../support/protection.js';

/* Parameters of statements that have the place for ciphertext: constants: proxy. */

const { columns } = usersTable('shop');
const email = columns.get('email') as ProtectedColumn;
const age = columns.get('age') as ProtectedColumn;
const origin = { schema: 'shop', table: 'users', server: 'mysql', sqlMode: parseSqlMode('') } as const;

/** In the place of encryption: the plaintext in brackets. */
function context(connection = 'utf8mb4'): ConversionContext {
  return {
    tenant: 't1',
    utf8: true,
    utf8mb3: false,
    encryption: {
      sets: { client: 'utf8mb4', connection },
      encrypt: (plaintext) => Buffer.from(`<${plaintext}>`),
    },
  };
}

function convert(
  role: ParameterRole,
  parameters: readonly Parameter[],
  options = context(),
): { type: number; value: string | null } {
  const target: BackendParameter = { source: 'client', ordinal: 0, role };
  const { type, value } = convertParameter(target, parameters, options);
  return { type, value: value?.toString() ?? null };
}

const stored = (column: ProtectedColumn): ParameterRole => ({
  kind: 'value',
  column,
  origin,
  lenient: false,
  encrypted: true,
});

describe('a value', () => {
  it.each([
    ['text', email, stringParameter('zoë'), '<zoë>'],
    ['bytes', email, blobParameter(Buffer.from('zoë')), '<zoë>'],
    ['an integer for text', email, integerParameter(7n), '<7>'],
    ['text for an integer', age, stringParameter(' 042 '), '<42>'],
    ['an empty string', email, stringParameter(''), '<>'],
  ])('%s', (_what, column, parameter, expected) => {
    expect(convert(stored(column), [parameter])).toEqual({
      type: ColumnType.MYSQL_TYPE_BLOB,
      value: expected,
    });
  });

  it('NULL stays NULL', () => {
    expect(convert(stored(email), [nullParameter()]).value).toBeNull();
  });

  it('is refused where the connection may change it, and never sent as it is', () => {
    expect(() => convert(stored(email), [stringParameter('zoë')], context('latin2'))).toThrow('SET NAMES');
    expect(convert(stored(email), [stringParameter('zoe')], context('latin2')).value).toBe('<zoe>');
    const none = { tenant: 't1', utf8: true, utf8mb3: false };
    expect(() => convert(stored(email), [stringParameter('zoe')], none)).toThrow('no key');
  });

  it('fails as without encryption', () => {
    expect(() => convert(stored(age), [stringParameter('abc')])).toThrow('Incorrect integer value');
  });

  it('of the text is encrypted anew each time', () => {
    const literal = { source: 'constant', plaintext: Buffer.from('a') } as const;
    expect(convertParameter(literal, [], context()).value?.toString()).toBe('<a>');
  });
});

describe('a comparison by ciphertext, and the one that follows it', () => {
  const compared = [{ column: email, ordinal: 0 }];
  const constant = { kind: 'constant', column: email, optional: true, encrypted: true } as const;
  const roles = [
    constant,
    { kind: 'passes', column: email },
    { kind: 'recheck', compared },
    { kind: 'matched', compared },
  ] as const satisfies readonly ParameterRole[];
  const values = (parameter: Parameter): (string | null)[] =>
    roles.map((role) => {
      const { type, value } = convertParameter(
        { source: 'client', ordinal: 0, role },
        [parameter],
        context(),
      );
      if (value === null) return null;
      return type === ColumnType.MYSQL_TYPE_LONGLONG ? value.readInt32LE().toString() : value.toString();
    });

  it('leave nothing to follow for text', () => {
    expect(values(stringParameter('a'))).toEqual(['<a>', null, null, '1']);
  });

  it('compare the value where it has no canonical form', () => {
    expect(values(integerParameter(7n))).toEqual(['', '1', '7', null]);
  });

  it('find nothing for NULL', () => {
    expect(values(nullParameter())).toEqual([null, null, null, '1']);
  });
});
