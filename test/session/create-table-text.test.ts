import { describe, expect, it } from 'vitest';
import { parseColumnType } from '../../src/config/column-type.js';
import type { ServerVersion } from '../../src/rewrite/dialect.js';
import type { ProtectedTable } from '../../src/rewrite/protected-table.js';
import { logicalCreateTable } from '../../src/session/create-table-text.js';

const MYSQL: ServerVersion = { kind: 'mysql', version: 90704 };
const MARIADB: ServerVersion = { kind: 'mariadb', version: 101119 };

/** `logical:physical` → type, with a collation behind a blank. */
function table(columns: Readonly<Record<string, string>>): ProtectedTable {
  return {
    schema: 'app',
    table: 'users',
    tenantColumn: undefined,
    columns: new Map(
      Object.entries(columns).map(([names, declared]) => {
        const [logical = '', physical = logical] = names.split(':');
        const [type = '', collation] = declared.split(' COLLATE ');
        const parsed = parseColumnType(type, { collation });
        if (!parsed.ok) throw new Error(parsed.problem.message);
        return [logical, { logical, physical, type: parsed.type, equality: 'exact' }];
      }),
    ),
  };
}

const LINES = [
  'CREATE TABLE `users` (',
  ') ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci',
];
const MARIADB_END = ') ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci';

/** One line of the definition, as it becomes. */
function line(text: string, columns: Readonly<Record<string, string>>, server = MYSQL, end?: string): string {
  const last = end ?? (server === MYSQL ? LINES[1] : MARIADB_END);
  const whole = logicalCreateTable([LINES[0], text, last].join('\n'), table(columns), server);
  const lines = whole.split('\n');
  expect(lines[0]).toBe(LINES[0]);
  expect(lines[2]).toBe(last);
  return lines[1] ?? '';
}

const EMAIL = { 'email:encrypted_email': 'varchar(80)' };

describe('SHOW CREATE TABLE of a protected table', () => {
  it.each([
    ['  `encrypted_email` varbinary(336) DEFAULT NULL,', '  `email` varchar(80) DEFAULT NULL,'],
    ['  `encrypted_email` varbinary(336) NOT NULL', '  `email` varchar(80) NOT NULL'],
    ['  `encrypted_email` mediumblob', '  `email` varchar(80) DEFAULT NULL'],
    ['  `encrypted_email` mediumblob NOT NULL', '  `email` varchar(80) NOT NULL'],
    [
      "  `encrypted_email` varbinary(336) DEFAULT NULL COMMENT 'a varbinary(9)\\n`encrypted_email`',",
      "  `email` varchar(80) DEFAULT NULL COMMENT 'a varbinary(9)\\n`encrypted_email`',",
    ],
    [
      '  `encrypted_email` varbinary(336) DEFAULT NULL /*!80023 INVISIBLE */,',
      '  `email` varchar(80) DEFAULT NULL /*!80023 INVISIBLE */,',
    ],
    [
      '  `encrypted_email` varchar(336) CHARACTER SET latin1 COLLATE latin1_bin DEFAULT NULL,',
      '  `email` varchar(80) DEFAULT NULL,',
    ],
    ['  `other` varbinary(336) DEFAULT NULL,', '  `other` varbinary(336) DEFAULT NULL,'],
    [
      '  `copy` varchar(9) GENERATED ALWAYS AS (hex(`encrypted_email`)) VIRTUAL,',
      '  `copy` varchar(9) GENERATED ALWAYS AS (hex(`encrypted_email`)) VIRTUAL,',
    ],
  ])('MySQL, column: %s', (physical, logical) => {
    expect(line(physical, EMAIL)).toBe(logical);
  });

  it('types that have no default on MySQL have one on MariaDB', () => {
    const columns = { 'bio:bio': 'text' };
    expect(line('  `bio` varbinary(900) DEFAULT NULL,', columns)).toBe('  `bio` text,');
    expect(line('  `bio` mediumblob DEFAULT NULL,', columns, MARIADB)).toBe('  `bio` text DEFAULT NULL,');
  });

  it.each([
    ['varchar(9)', ' COLLATE=utf8mb4_0900_ai_ci', 'varchar(9)'],
    ['varchar(9)', ' COLLATE=utf8mb4_bin', 'varchar(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci'],
    [
      'varchar(9) COLLATE utf8mb4_bin',
      ' COLLATE=utf8mb4_0900_ai_ci',
      'varchar(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
    ],
    [
      'varchar(9) COLLATE utf8mb4_bin',
      ' COLLATE=utf8mb4_bin',
      'varchar(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
    ],
    ['int unsigned', ' COLLATE=utf8mb4_bin', 'int unsigned'],
  ])('MySQL, character set: %s in a table of%s', (declared, end, printed) => {
    const last = `) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4${end}`;
    const result = line('  `a` varbinary(99) DEFAULT NULL', { 'a:a': declared }, MYSQL, last);
    expect(result).toBe(`  \`a\` ${printed} DEFAULT NULL`);
  });

  it.each([
    ['varchar(9)', ' COLLATE=utf8mb4_general_ci', 'varchar(9)'],
    ['varchar(9) COLLATE utf8mb4_bin', ' COLLATE=utf8mb4_bin', 'varchar(9)'],
    [
      'varchar(9) COLLATE utf8mb4_bin',
      ' COLLATE=utf8mb4_general_ci',
      'varchar(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
    ],
    ['bigint unsigned', '', 'bigint(20) unsigned'],
  ])('MariaDB, character set: %s in a table of%s', (declared, end, printed) => {
    const last = `) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4${end}`;
    const result = line('  `a` varbinary(99) DEFAULT NULL', { 'a:a': declared }, MARIADB, last);
    expect(result).toBe(`  \`a\` ${printed} DEFAULT NULL`);
  });

  it.each([
    ['  PRIMARY KEY (`encrypted_email`,`id`),', '  PRIMARY KEY (`email`,`id`),'],
    [
      '  UNIQUE KEY `encrypted_email` (`encrypted_email` DESC),',
      '  UNIQUE KEY `encrypted_email` (`email` DESC),',
    ],
    ['  KEY `k` (`id`,`encrypted_email`(20)) USING BTREE,', '  KEY `k` (`id`,`email`) USING BTREE,'],
    [
      '  KEY `f` (`id`,(lower(`encrypted_email`)),`encrypted_email`)',
      '  KEY `f` (`id`,(lower(`encrypted_email`)),`email`)',
    ],
    [
      '  CONSTRAINT `encrypted_email` FOREIGN KEY (`encrypted_email`) REFERENCES `t` (`encrypted_email`)',
      '  CONSTRAINT `encrypted_email` FOREIGN KEY (`email`) REFERENCES `t` (`encrypted_email`)',
    ],
    ['  CONSTRAINT `c` CHECK ((`id` > 0))', '  CONSTRAINT `c` CHECK ((`id` > 0))'],
  ])('key: %s', (physical, logical) => {
    expect(line(physical, EMAIL)).toBe(logical);
  });

  it('a key over a part of a TEXT column keeps the part’s length', () => {
    expect(line('  KEY `k` (`b`(20))', { 'bio:b': 'text' })).toBe('  KEY `k` (`bio`(20))');
  });

  it('names are quoted as the session has them', () => {
    const columns = { 'a"b`c:enc': 'int', 'plain:enc2': 'int' };
    expect(line('  "enc" varbinary(16) NOT NULL', columns)).toBe('  "a""b`c" int NOT NULL');
    expect(line('  `enc` varbinary(16) NOT NULL', columns)).toBe('  `a"b``c` int NOT NULL');
    expect(line('  enc2 varbinary(16) NOT NULL', columns)).toBe('  plain int NOT NULL');
    expect(line('  enc varbinary(16) NOT NULL', columns)).toBe('  `a"b``c` int NOT NULL');
  });

  it('a text in a comment of the table is no column', () => {
    const end =
      ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci COMMENT='x\\n  `encrypted_email` int'";
    expect(line('  `id` int NOT NULL', EMAIL, MYSQL, end)).toBe('  `id` int NOT NULL');
  });
});
