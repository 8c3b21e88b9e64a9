import type { Connection } from 'mysql2/promise';
import { CLIENT_SHAPES } from './client-shapes.js';
import { CHARACTER_SETS, ESCAPES, MODES } from './surroundings.js';

/** What a shape works with. */
export interface Tools {
  readonly kind: 'mariadb' | 'mysql';
  /** A tenant's connection through the proxy, in the schema of the tables, several statements allowed. */
  readonly client: Connection;
  /** Port of the proxy, for clients of other kinds. */
  readonly port: number;
  readonly database: string;
  /** A row that no other shape touches. @returns its id */
  row(): Promise<number>;
  /** A marked value that no other call returns. */
  canary(): string;
}

/**
 * Who evaluates the marked values. `constants`: literals and parameters on their way into protected columns, or
 * compared with those of `equality: exact`, which `constants: proxy` encrypts before the server sees the statement.
 * `server`: expressions, other comparisons and user variables, whose text the server needs.
 */
export type Evaluated = 'constants' | 'server';

/** One way to bring a value into, or beside, a protected column. */
export interface Shape {
  readonly name: string;
  readonly evaluated: Evaluated;
  readonly only?: 'mariadb' | 'mysql';
  /** MariaDB takes it under no other binlog_format than MIXED and ROW. */
  readonly notInStatements?: true;
  /** Absent: the values have to be in the table afterwards. `nothing`: not by what the statement means. */
  readonly leaves?: 'nothing';
  /** tenantcrypt may refuse it: then nothing of it has reached the server. */
  readonly mayBeRefused?: true;
  /** What the server says, where it says no. */
  readonly errno?: number;
  readonly run: (tools: Tools) => Promise<unknown>;
}

const text =
  (sql: (canary: () => string, id: number) => string) =>
  async ({ client, canary, row }: Tools): Promise<unknown> =>
    await client.query(sql(canary, await row()));

const prepared =
  (sql: string, values: (canary: () => string, id: number) => unknown[]) =>
  async ({ client, canary, row }: Tools): Promise<unknown> =>
    await client.execute(sql, values(canary, await row()) as string[]);

/** Free names for the unique key. */
let count = 0;
const name = (): string => `user${++count}`;

const INSERTS: readonly Shape[] = [
  {
    name: 'INSERT VALUES with a column list',
    evaluated: 'constants',
    run: text((c) => `INSERT INTO users (username, email, phone) VALUES ('${name()}', '${c()}', '${c()}')`),
  },
  {
    name: 'INSERT VALUES without a column list',
    evaluated: 'constants',
    run: text(
      (c) =>
        `INSERT INTO users VALUES (NULL, 'tenant-001', '${name()}', '${c()}', '${c()}', '${c()}', '${c()}', '${c()}', 3)`,
    ),
  },
  {
    name: 'INSERT SET',
    evaluated: 'constants',
    run: text((c) => `INSERT INTO users SET username = '${name()}', email = '${c()}', token = '${c()}'`),
  },
  {
    name: 'INSERT of many rows',
    evaluated: 'constants',
    run: text((c) => {
      const rows = Array.from({ length: 40 }, () => `('${name()}', '${c()}', '${c()}')`);
      return `INSERT INTO users (username, email, bio) VALUES ${rows.join(', ')}`;
    }),
  },
  {
    name: 'REPLACE VALUES',
    evaluated: 'constants',
    run: text((c, id) => `REPLACE INTO users (id, username, email) VALUES (${id}, '${name()}', '${c()}')`),
  },
  {
    name: 'REPLACE SET',
    evaluated: 'constants',
    run: text((c, id) => `REPLACE INTO users SET id = ${id}, username = '${name()}', nick = '${c()}'`),
  },
  {
    name: 'INSERT IGNORE',
    evaluated: 'constants',
    run: text((c) => `INSERT IGNORE INTO users (username, email) VALUES ('${name()}', '${c()}')`),
  },
  {
    name: 'adjacent strings, N, other quotes, escapes, hexadecimal digits',
    evaluated: 'constants',
    run: text((c) => {
      const [first, second] = [c(), c()];
      const hex = Buffer.from(c()).toString('hex');
      return `INSERT INTO users (username, email, phone, bio, nick, token) VALUES ('${name()}', '${first.slice(0, 8)}' '${first.slice(8)}', "${c()}", X'${hex}', '\\${second}', 0x${Buffer.from(c()).toString('hex')})`;
    }),
  },
  {
    name: 'a string with its character set in front, N',
    evaluated: 'server',
    run: text(
      (c) =>
        `INSERT INTO users (username, email, phone) VALUES ('${name()}', _utf8mb4'${c()}', _latin1'${c()}')`,
    ),
  },
  {
    name: 'INSERT of expressions',
    evaluated: 'server',
    run: text(
      (c) =>
        `INSERT INTO users (username, email, phone, bio) VALUES ('${name()}', UPPER('${c()}'), CONCAT('${c()}', '!'), REPEAT('${c()}', 50))`,
    ),
  },
  {
    name: 'INSERT SELECT of constants',
    evaluated: 'server',
    run: text((c) => `INSERT INTO users (username, email) SELECT '${name()}', '${c()}'`),
  },
  {
    name: 'INSERT SELECT from the protected table',
    evaluated: 'server',
    run: text(
      (c, id) =>
        `INSERT INTO users (username, email, phone) SELECT '${name()}', CONCAT(username, '${c()}'), email FROM users WHERE id = ${id}`,
    ),
  },
  {
    name: 'INSERT VALUES ROW',
    evaluated: 'server',
    only: 'mysql',
    mayBeRefused: true,
    run: text((c) => `INSERT INTO users (username, email) VALUES ROW('${name()}', '${c()}')`),
  },
  {
    name: 'INSERT TABLE',
    evaluated: 'server',
    only: 'mysql',
    mayBeRefused: true,
    leaves: 'nothing',
    run: async ({ client }) => await client.query('INSERT INTO users TABLE users LIMIT 0'),
  },
  {
    name: 'INSERT RETURNING',
    evaluated: 'constants',
    only: 'mariadb',
    mayBeRefused: true,
    run: text(
      (c) => `INSERT INTO users (username, email) VALUES ('${name()}', '${c()}') RETURNING id, email`,
    ),
  },
  {
    name: 'a value that is too long',
    evaluated: 'constants',
    leaves: 'nothing',
    errno: 1406,
    run: text((c) => `INSERT INTO users (username, phone) VALUES ('${name()}', '${c()}${'x'.repeat(300)}')`),
  },
  {
    name: 'a value of another type',
    evaluated: 'constants',
    leaves: 'nothing',
    errno: 1366,
    run: text((c) => `INSERT INTO users (username, level) VALUES ('${name()}', '${c()}')`),
  },
  {
    name: 'a row that fails for its key',
    evaluated: 'constants',
    leaves: 'nothing',
    errno: 1062,
    run: text((c, id) => `INSERT INTO users (id, username, email) VALUES (${id}, '${name()}', '${c()}')`),
  },
];

const UPSERTS: readonly Shape[] = [
  {
    name: 'upsert by VALUES()',
    evaluated: 'constants',
    run: text(
      (c, id) =>
        `INSERT INTO users (id, username, email) VALUES (${id}, '${name()}', '${c()}') ON DUPLICATE KEY UPDATE email = VALUES(email)`,
    ),
  },
  {
    name: 'upsert by the row alias',
    evaluated: 'constants',
    only: 'mysql',
    run: text(
      (c, id) =>
        `INSERT INTO users (id, username, email) VALUES (${id}, '${name()}', '${c()}') AS new ON DUPLICATE KEY UPDATE email = new.email`,
    ),
  },
  {
    name: 'upsert with a constant',
    evaluated: 'constants',
    run: text(
      (c, id) =>
        `INSERT INTO users (id, username) VALUES (${id}, '${name()}') ON DUPLICATE KEY UPDATE phone = '${c()}'`,
    ),
  },
  {
    name: 'upsert with an expression',
    evaluated: 'server',
    run: text(
      (c, id) =>
        `INSERT INTO users (id, username) VALUES (${id}, '${name()}') ON DUPLICATE KEY UPDATE email = IF(email IS NULL, '${c()}', CONCAT(email, '!')), phone = '${c()}'`,
    ),
  },
];

const UPDATES: readonly Shape[] = [
  {
    name: 'UPDATE with constants',
    evaluated: 'constants',
    run: text((c, id) => `UPDATE users SET email = '${c()}', bio = '${c()}' WHERE id = ${id}`),
  },
  {
    name: 'UPDATE with ORDER BY and LIMIT',
    evaluated: 'constants',
    run: text((c, id) => `UPDATE users SET email = '${c()}' WHERE id = ${id} ORDER BY id LIMIT 1`),
  },
  {
    name: 'UPDATE with CASE',
    evaluated: 'server',
    run: text(
      (c, id) =>
        `UPDATE users SET email = CASE WHEN id = ${id} THEN '${c()}' ELSE email END WHERE id = ${id}`,
    ),
  },
  {
    name: 'UPDATE with functions of the old value',
    evaluated: 'server',
    run: text(
      (c, id) =>
        `UPDATE users SET email = CONCAT(IFNULL(email, ''), LOWER('${c()}')), phone = REVERSE('${c()}') WHERE id = ${id}`,
    ),
  },
  {
    name: 'UPDATE of several tables',
    evaluated: 'constants',
    run: text(
      (c, id) =>
        `UPDATE users u JOIN plain p ON p.n = u.level SET u.email = '${c()}', p.n = p.n WHERE u.id = ${id}`,
    ),
  },
  {
    name: 'UPDATE of several tables with CASE',
    evaluated: 'server',
    run: text(
      (c, id) =>
        `UPDATE users u JOIN plain p ON p.n = u.level SET u.email = CASE p.n WHEN 1 THEN '${c()}' ELSE '' END WHERE u.id = ${id}`,
    ),
  },
  {
    name: 'UPDATE that matches no row',
    evaluated: 'constants',
    leaves: 'nothing',
    run: text((c) => `UPDATE users SET email = '${c()}' WHERE id = -1`),
  },
  {
    name: 'UPDATE in a transaction that is rolled back',
    evaluated: 'constants',
    leaves: 'nothing',
    run: text((c, id) => `START TRANSACTION; UPDATE users SET bio = '${c()}' WHERE id = ${id}; ROLLBACK`),
  },
];

const SEARCHES: readonly Shape[] = [
  {
    name: 'equality and IN',
    evaluated: 'constants',
    leaves: 'nothing',
    run: text(
      (c) =>
        `SELECT id FROM users WHERE email = '${c()}'; SELECT id FROM users WHERE email IN ('${c()}', '${c()}')`,
    ),
  },
  {
    name: 'equality with a parameter',
    evaluated: 'constants',
    leaves: 'nothing',
    run: prepared('SELECT id FROM users WHERE email = ?', (c) => [c()]),
  },
  {
    name: 'UPDATE and DELETE by equality',
    evaluated: 'constants',
    leaves: 'nothing',
    run: text(
      (c) =>
        `UPDATE users SET phone = '1' WHERE email = '${c()}'; DELETE FROM users WHERE email = '${c()}' LIMIT 1; DELETE u FROM users u JOIN plain p ON p.n = u.level WHERE u.email = '${c()}'`,
    ),
  },
  {
    name: 'comparisons that decrypt',
    evaluated: 'server',
    leaves: 'nothing',
    run: text(
      (c) =>
        `SELECT id FROM users WHERE email LIKE '${c()}%' OR phone = '${c()}'; DELETE FROM users WHERE bio > '${c()}' AND email = 'nobody'; SELECT email, COUNT(*) FROM users WHERE email <> '${c()}' GROUP BY email ORDER BY email`,
    ),
  },
];

const OTHERS: readonly Shape[] = [
  {
    name: 'executable comments',
    evaluated: 'constants',
    mayBeRefused: true,
    run: text(
      (c) => `INSERT INTO users (username, email) VALUES ('${name()}', /*!40101 '${c()}' */) /* ${name()} */`,
    ),
  },
  {
    name: 'several statements',
    evaluated: 'constants',
    run: text(
      (c, id) =>
        `INSERT INTO users (username, email) VALUES ('${name()}', '${c()}'); UPDATE users SET phone = '${c()}' WHERE id = ${id}; SELECT 1`,
    ),
  },
  {
    name: 'LOAD DATA LOCAL',
    evaluated: 'server',
    mayBeRefused: true,
    run: async ({ client, canary }) => {
      const { Readable } = await import('node:stream');
      await client.query({
        sql: "LOAD DATA LOCAL INFILE 'x' INTO TABLE users FIELDS TERMINATED BY ',' (username, email)",
        infileStreamFactory: () => Readable.from([Buffer.from(`${name()},${canary()}\n`)]),
      } as never);
    },
  },
];

export const SHAPES: readonly Shape[] = [
  ...INSERTS,
  ...UPSERTS,
  ...UPDATES,
  ...SEARCHES,
  ...ESCAPES,
  ...MODES,
  ...CHARACTER_SETS,
  ...OTHERS,
  ...CLIENT_SHAPES,
];
