import { describe, expect, it } from 'vitest';
import { parseColumnType } from '../../src/config/column-type.js';
import { type DeclaredType, declaredType, defaultCollation } from '../../src/rewrite/declared-type.js';
import type { ServerVersion } from '../../src/rewrite/dialect.js';

const MYSQL: ServerVersion = { kind: 'mysql', version: 90704 };
const MARIADB: ServerVersion = { kind: 'mariadb', version: 101119 };

function declared(text: string, server: ServerVersion, collation?: string): DeclaredType {
  const result = parseColumnType(text, { collation });
  if (!result.ok) throw new Error(result.problem.message);
  return declaredType(result.type, server);
}

describe('how a server prints a declared type', () => {
  it.each([
    ['varchar(80)', 'varchar(80)', 'varchar(80)', 'varchar', '80', '320'],
    ['char(5)', 'char(5)', 'char(5)', 'char', '5', '20'],
    ['text', 'text', 'text', 'text', '65535', '65535'],
    ['longtext', 'longtext', 'longtext', 'longtext', '4294967295', '4294967295'],
    ['varbinary(16)', 'varbinary(16)', 'varbinary(16)', 'varbinary', '16', '16'],
    ['blob', 'blob', 'blob', 'blob', '65535', '65535'],
  ])('%s', (text, mysql, mariadb, dataType, length, octets) => {
    for (const [server, columnType] of [
      [MYSQL, mysql],
      [MARIADB, mariadb],
    ] as const) {
      expect(declared(text, server)).toMatchObject({
        columnType,
        dataType,
        characterMaximumLength: length,
        characterOctetLength: octets,
        numericPrecision: null,
      });
    }
  });

  it.each([
    ['int', 'int', 'int(11)', '10', '10'],
    ['tinyint', 'tinyint', 'tinyint(4)', '3', '3'],
    ['smallint unsigned', 'smallint unsigned', 'smallint(5) unsigned', '5', '5'],
    ['mediumint unsigned', 'mediumint unsigned', 'mediumint(8) unsigned', '7', '8'],
    ['bigint', 'bigint', 'bigint(20)', '19', '19'],
    ['bigint unsigned', 'bigint unsigned', 'bigint(20) unsigned', '20', '20'],
  ])('%s', (text, mysql, mariadb, mysqlDigits, mariadbDigits) => {
    expect(declared(text, MYSQL)).toMatchObject({
      columnType: mysql,
      numericPrecision: mysqlDigits,
      numericScale: '0',
    });
    expect(declared(text, MARIADB)).toMatchObject({ columnType: mariadb, numericPrecision: mariadbDigits });
  });

  it('a string has the declared collation, or the server’s default one', () => {
    expect(declared('varchar(5)', MYSQL)).toMatchObject({
      characterSet: 'utf8mb4',
      collation: 'utf8mb4_0900_ai_ci',
    });
    expect(declared('varchar(5)', MARIADB).collation).toBe('utf8mb4_general_ci');
    expect(declared('varchar(5)', MYSQL, 'latin1_bin')).toMatchObject({
      characterSet: 'latin1',
      collation: 'latin1_bin',
      characterOctetLength: '5',
    });
    expect(defaultCollation('latin1', MYSQL)).toBe('latin1_swedish_ci');
    expect(defaultCollation('utf8mb4', { kind: 'mariadb', version: 110800 })).toBe('utf8mb4_uca1400_ai_ci');
  });
});
