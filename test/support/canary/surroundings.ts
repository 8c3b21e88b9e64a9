import type { Shape, Tools } from './shapes.js';

/* Shapes that differ by what stands around the value: another table, a sql_mode, a character set. */

let count = 0;
const name = (): string => `around${++count}`;

const text =
  (sql: (canary: () => string) => string) =>
  async ({ client, canary }: Tools): Promise<unknown> =>
    await client.query(sql(canary));

/** What would take plaintext out of the table that protects it. */
export const ESCAPES: readonly Shape[] = [
  `INSERT INTO plain (a) SELECT email FROM users`,
  `CREATE TABLE copied AS SELECT id, email FROM users`,
  `UPDATE plain p JOIN users u ON u.id = p.id SET p.a = u.email`,
  `REPLACE INTO plain (id, a) SELECT id, UPPER(email) FROM users`,
  `UPDATE users SET username = email`,
  `CREATE TEMPORARY TABLE t AS SELECT email FROM users`,
  `INSERT INTO users (username, email) VALUES (email, 'x')`,
].map(
  (sql): Shape => ({
    name: `escape: ${sql}`,
    evaluated: 'server',
    leaves: 'nothing',
    mayBeRefused: true,
    run: async ({ client, canary }) => {
      await client.query(`INSERT INTO users (username, email) VALUES ('${name()}', UPPER('${canary()}'))`);
      await client.query(sql);
    },
  }),
);

export const MODES: readonly Shape[] = [
  ['ANSI_QUOTES', (c: string) => `'${c}'`],
  ['NO_BACKSLASH_ESCAPES', (c: string) => `'${c}\\'`],
  ['', (c: string) => `'${c}'`],
  ['PIPES_AS_CONCAT', (c: string) => `'${c}'`],
].map(([mode, literal]): Shape => {
  const written = literal as (canary: string) => string;
  return {
    name: `sql_mode '${mode as string}'`,
    evaluated: 'constants',
    run: text(
      (c) =>
        `SET sql_mode = '${mode as string}'; INSERT INTO users (username, email) VALUES ('${name()}', ${written(c())}); SET sql_mode = DEFAULT`,
    ),
  };
});

export const CHARACTER_SETS: readonly Shape[] = ['latin1', 'utf8mb3', 'cp1250', 'ascii', 'gbk', 'sjis'].map(
  (charset): Shape => ({
    name: `SET NAMES ${charset}`,
    evaluated: /^(latin1|utf8mb3|ascii)$/.test(charset) ? 'constants' : 'server',
    mayBeRefused: true,
    run: async ({ client, canary }) => {
      await client.query(`SET NAMES ${charset}`);
      try {
        await client.query(
          `INSERT INTO users (username, email, token) VALUES ('${name()}', '${canary()}', '${canary()}')`,
        );
      } finally {
        await client.query('SET NAMES utf8mb4');
      }
    },
  }),
);
