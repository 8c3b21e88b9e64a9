import { describe, expect, it } from 'vitest';
import { ColumnType } from '../../src/protocol/constants/column-types.js';
import type { ColumnDefinition41 } from '../../src/protocol/resultset/column-definition-41.js';
import type { ResultInteger, ResultType } from '../../src/rewrite/plan.js';
import { restoreResultType } from '../../src/session/result-type-definition.js';

const { MYSQL_TYPE_TINY, MYSQL_TYPE_LONG, MYSQL_TYPE_LONGLONG, MYSQL_TYPE_NEWDECIMAL } = ColumnType;
const { MYSQL_TYPE_VAR_STRING, MYSQL_TYPE_STRING } = ColumnType;
const [BINARY, UNSIGNED] = [128, 32];

function restored(
  said: readonly [type: number, length: number, flags: number, decimals?: number],
  type: ResultType,
): number[] | null {
  const empty = Buffer.alloc(0);
  const definition: ColumnDefinition41 = {
    schema: empty,
    table: empty,
    orgTable: empty,
    name: empty,
    orgName: empty,
    extendedMetadata: empty,
    characterSet: 63,
    columnLength: said[1],
    type: said[0],
    flags: said[2],
    decimals: said[3] ?? 0,
  };
  const result = restoreResultType(definition, type);
  return result === null ? null : [result.type, result.columnLength, result.flags];
}

function integer(more: Partial<ResultInteger>): ResultInteger {
  const digits = { signedDigits: 3, unsignedDigits: 0 };
  const known = { isComputed: false, isOfProtected: true };
  return { kind: 'integer', base: 'tinyint', unsigned: false, length: 4, ...digits, ...known, ...more };
}

describe('the definition of an expression over protected columns', () => {
  it('of an integer has its type, length and sign', () => {
    expect(restored([MYSQL_TYPE_LONGLONG, 20, BINARY], integer({}))).toEqual([MYSQL_TYPE_TINY, 4, BINARY]);
    const unsigned = integer({ base: 'int', unsigned: true, length: 10 });
    expect(restored([MYSQL_TYPE_LONGLONG, 20, 0], unsigned)).toEqual([MYSQL_TYPE_LONG, 10, UNSIGNED]);
    expect(restored([MYSQL_TYPE_NEWDECIMAL, 4, BINARY | UNSIGNED], integer({}))).toEqual([
      MYSQL_TYPE_TINY,
      4,
      BINARY,
    ]);
  });

  it('of what turns out to be none stays', () => {
    expect(restored([MYSQL_TYPE_NEWDECIMAL, 4, 0, 2], integer({}))).toBeNull();
    expect(restored([MYSQL_TYPE_VAR_STRING, 4, 0], integer({}))).toBeNull();
    expect(restored([MYSQL_TYPE_LONGLONG, 4, 0], { kind: 'char', isOfProtected: true })).toBeNull();
  });

  describe('beside a literal', () => {
    const mysql = (more: Partial<ResultInteger>): ResultInteger =>
      integer({
        base: 'bigint',
        length: null,
        isComputed: true,
        signedDigits: 0,
        unsignedDigits: 3,
        ...more,
      });

    it('of MySQL is a BIGINT as long as its longest part', () => {
      expect(restored([MYSQL_TYPE_LONGLONG, 4, BINARY], mysql({}))).toBeNull();
      expect(restored([MYSQL_TYPE_NEWDECIMAL, 4, BINARY], mysql({}))).toEqual([
        MYSQL_TYPE_LONGLONG,
        3,
        BINARY,
      ]);
      // A literal, or a part with a sign, is the longest.
      expect(restored([MYSQL_TYPE_NEWDECIMAL, 5, BINARY], mysql({}))?.[1]).toBe(5);
      expect(restored([MYSQL_TYPE_NEWDECIMAL, 4, BINARY], mysql({ signedDigits: 3 }))?.[1]).toBe(4);
    });

    it('of MySQL is an INT in a copy where it is short', () => {
      expect(restored([MYSQL_TYPE_NEWDECIMAL, 4, 0], mysql({}))).toEqual([MYSQL_TYPE_LONG, 3, 0]);
      const long = mysql({ unsignedDigits: 10 });
      expect(restored([MYSQL_TYPE_NEWDECIMAL, 11, 0], long)).toEqual([MYSQL_TYPE_LONGLONG, 10, 0]);
    });

    it('of MariaDB is an INT where nine digits are enough', () => {
      const mariadb = integer({ base: 'int', length: null, isComputed: true });
      expect(restored([MYSQL_TYPE_LONGLONG, 10, 0], mariadb)).toEqual([MYSQL_TYPE_LONG, 10, 0]);
      expect(restored([MYSQL_TYPE_LONGLONG, 11, 0], mariadb)).toBeNull();
    });
  });

  it('of a CHAR, and of a DECIMAL UNSIGNED', () => {
    const char = { kind: 'char', isOfProtected: true } as const;
    expect(restored([MYSQL_TYPE_VAR_STRING, 20, 0], char)).toEqual([MYSQL_TYPE_STRING, 20, 0]);
    const type = { kind: 'decimal', precision: 10, scale: 2, unsigned: true } as const;
    const decimal = { kind: 'decimal', type, isOfProtected: true } as const;
    expect(restored([MYSQL_TYPE_NEWDECIMAL, 12, BINARY, 2], decimal)).toEqual([
      MYSQL_TYPE_NEWDECIMAL,
      11,
      BINARY | UNSIGNED,
    ]);
  });
});
