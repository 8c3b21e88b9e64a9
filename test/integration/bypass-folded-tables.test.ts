import type { Connection, RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Dialect, parseSqlMode } from '../../src/rewrite/dialect.js';
import { SqlRewriter } from '../../src/rewrite/sql-rewriter.js';
import { adminConnection } from '../servers/accounts.js';
import { startMariadb } from '../servers/mariadb-server.js';
import { startMysql } from '../servers/mysql-server.js';
import type { RunningSqlServer } from '../servers/sql-server.js';
import { column, context, outcomeOf, protectedColumn } from '../support/rewrite.js';

/* lower_case_table_names = 1: the server folds names of schemas and tables, beyond ASCII too (bypasses.md 14, 15). */

const CANARY = 'row of all tenants';

function suite(kind: 'mariadb' | 'mysql', start: () => Promise<RunningSqlServer | null>): void {
  let server: RunningSqlServer | null;
  let connection: Connection;
  let rewriter: SqlRewriter;
  const dialect: Dialect = {
    server: kind === 'mysql' ? { kind, version: 90_704 } : { kind, version: 101_119 },
    sqlMode: parseSqlMode('STRICT_TRANS_TABLES'),
    characterSetClient: 'utf8mb4',
    lowerCaseTableNames: 1,
  };
  const live = {
    schema: 'stick',
    name: 'items',
    columns: [
      column('id', 'int'),
      column('tenant_id', 'varchar(64)'),
      column('note', 'varchar(100)'),
      column('secret', 'varbinary(200)'),
    ],
    keys: [{ name: 'PRIMARY', unique: true, columns: ['tenant_id', 'id'] }],
  };
  const known = context(dialect, {
    database: 'stick',
    catalog: { generation: 1, tables: new Map([['stick.items', live]]), dependents: [] },
  });

  beforeAll(async () => {
    server = await start();
    connection = await adminConnection(server!);
    await connection.query('CREATE DATABASE stick');
    await connection.query('USE stick');
    await connection.query(
      'CREATE TABLE items (id INT, tenant_id VARCHAR(64), note VARCHAR(100), secret VARBINARY(200), PRIMARY KEY (tenant_id, id))',
    );
    await connection.query('INSERT INTO items VALUES (1, ?, ?, NULL)', ['t2', CANARY]);
    await connection.execute('SET @__tc_key = ?', [Buffer.alloc(16, 7)]);
    rewriter = new SqlRewriter({
      tables: [
        {
          schema: 'stick',
          table: 'items',
          tenantColumn: 'tenant_id',
          columns: new Map([protectedColumn('secret', 'secret')]),
        },
      ],
      tenantVariable: null,
      parseDepth: 100,
      planCacheBytes: 1 << 20,
      calls: [],
    });
  });
  afterAll(async () => {
    await connection?.end();
    await server?.stop();
  });

  it.each([
    'SELECT note FROM items',
    'SELECT note FROM ITEMS',
    'SELECT note FROM İtems',
    'SELECT note FROM `ITEMS`',
    'SELECT note FROM ıtems',
    'SELECT note FROM iteMs AS İtems',
    'SELECT note FROM STICK.items',
    'SELECT note FROM `sti\u0063\u212A`.items',
    'SELECT note FROM stic\u212A.İtems',
    'SELECT note FROM itemſ',
    'SELECT note FROM `ítems`',
    'SELECT note FROM .İtems',
    'SELECT note FROM ｉｔｅｍｓ',
    'SELECT note FROM `items `',
    'WITH ITEMS AS (SELECT 1 AS note) SELECT note FROM items',
    'WITH items AS (SELECT 1 AS note) SELECT note FROM İtems',
    'WITH İtems AS (SELECT 1 AS note) SELECT note FROM items',
    'TABLE İtems',
    'CREATE TABLE copy1 AS SELECT * FROM İtems',
    'CREATE TABLE copy2 LIKE İtems',
    'HANDLER İtems OPEN',
    'UPDATE İtems SET note = 1',
    'DELETE FROM İtems',
    "INSERT INTO İtems (id, secret) VALUES (5, 'plain')",
    "REPLACE İtems SET id = 1, tenant_id = 't2', secret = 'plain'",
    'SHOW COLUMNS FROM İtems',
    'CREATE TEMPORARY TABLE İtems (id INT)',
    'RENAME TABLE İtems TO moved',
    "EXECUTE IMMEDIATE 'SELECT note FROM İtems'",
    "PREPARE s FROM 'SELECT note FROM İtems'",
    'SELECT 1; SELECT note FROM İtems',
  ])('%s', async (sql) => {
    const outcome = outcomeOf(rewriter, sql, known);
    if (outcome.outcome === 'refused') return;
    await connection.query('START TRANSACTION');
    try {
      const [rows] = await connection.query(outcome.outcome === 'rewritten' ? outcome.sql : sql);
      expect(JSON.stringify(rows)).not.toContain(CANARY);
    } catch (error) {
      expect(error).toHaveProperty('errno');
    }
    const [after] = await connection.query<RowDataPacket[]>("SELECT * FROM items WHERE tenant_id = 't2'");
    expect(after).toEqual([{ id: 1, tenant_id: 't2', note: CANARY, secret: null }]);
    const [plain] = await connection.query<RowDataPacket[]>("SELECT 1 FROM items WHERE secret = 'plain'");
    expect(plain).toEqual([]);
    await connection.query('ROLLBACK');
  });

  it('every character that the server folds into a table’s name is seen', async () => {
    const accepted: string[] = [];
    for (let code = 0x80; code < 0x3000; code++) {
      const letter = String.fromCharCode(code);
      if (!/\p{L}|\p{M}|\p{N}/u.test(letter)) continue;
      // Only what folds at all can fold into the name.
      if (
        letter.normalize('NFKD') === letter &&
        letter.toLowerCase() === letter &&
        letter.toUpperCase() === letter
      )
        continue;
      for (const index of [0, 1, 2, 3, 4]) {
        const name = `items`.slice(0, index) + letter + `items`.slice(index + 1);
        if (!/[ıiItTeEmMsSKkſ]/u.test(letter.normalize('NFKD').toLowerCase().normalize('NFKD')[0] ?? ''))
          continue;
        try {
          await connection.query(`SELECT 1 FROM \`${name}\` LIMIT 0`);
          accepted.push(name);
        } catch (error) {
          expect(error).toHaveProperty('errno');
        }
      }
    }
    for (const name of accepted) {
      expect(outcomeOf(rewriter, `SELECT note FROM \`${name}\``, known), name).not.toMatchObject({
        outcome: 'forwarded',
      });
    }
  });
}

describe('MariaDB', () => suite('mariadb', async () => await startMariadb({ lowerCaseTableNames: 1 })));
// The run's setup has said in one line why there is no MySQL.
if (inject('mysql') === null) describe.todo('MySQL');
else describe('MySQL', () => suite('mysql', async () => await startMysql({ lowerCaseTableNames: 1 })));
