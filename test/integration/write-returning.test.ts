import type { Connection, FieldPacket, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { KEYS, rowsOf, startTestProxy, type TestProxy } from '../support/proxy.js';
import { sharedServers } from '../support/servers.js';

/* RETURNING gives what it gives on the plain table, with its definitions; MySQL has none. */

const STATEMENTS: readonly { sql: string; values?: readonly unknown[] }[] = [
  { sql: "INSERT INTO {t} (username, email) VALUES ('ann', 'ann@x'), ('bob', NULL) RETURNING *" },
  {
    sql: 'INSERT INTO {t} (username, email, bio) VALUES (?, ?, ?) RETURNING id, email, bio AS b',
    values: ['ann', 'a@x', 'text'],
  },
  { sql: "INSERT INTO {t} SET username = 'ann', phone = '1' RETURNING {t}.phone, UPPER(username)" },
  {
    sql: "INSERT INTO {t} (username, email) SELECT CONCAT(username, '2'), 'x@y' FROM {t} RETURNING username, email",
  },
  {
    sql: "INSERT INTO {t} (username, email) VALUES ('old', 'x') ON DUPLICATE KEY UPDATE email = 'again' RETURNING id, email",
  },
  {
    sql: "INSERT INTO {t} (id, username, email) VALUES (1, 'old', 'x') ON DUPLICATE KEY UPDATE email = 'again' RETURNING id, email",
  },
  {
    sql: "INSERT IGNORE INTO {t} (id, username, email) VALUES (1, 'old', 'x'), (9, 'new', 'y') RETURNING id, email",
  },
  { sql: "REPLACE INTO {t} (id, username, email) VALUES (1, 'old', 'new@x') RETURNING id, email, phone" },
  { sql: 'DELETE FROM {t} WHERE email = ? RETURNING id, Email, `phone` p', values: ['old@x'] },
  { sql: "DELETE FROM {t} ORDER BY id LIMIT 1 RETURNING *, CONCAT(email, '!') AS loud, LENGTH(email)" },
  { sql: 'DELETE FROM {t} WHERE id > 1000 RETURNING email' },
];

const TABLE = (sealed: (plain: string, name: string) => string): string => `(
  id INT NOT NULL AUTO_INCREMENT, tenant_id VARCHAR(64) NOT NULL DEFAULT 'tenant-001', username VARCHAR(100) NOT NULL,
  ${sealed('VARCHAR(255)', 'email')}, ${sealed('VARCHAR(32)', 'phone')}, ${sealed('TEXT', 'bio')},
  PRIMARY KEY (tenant_id, id), KEY (id), UNIQUE KEY tenant_user (tenant_id, username)) DEFAULT CHARSET utf8mb4`;

const mariadb = sharedServers().find(({ kind }) => kind === 'mariadb');

describe.each(['query', 'execute'] as const)('RETURNING through %s()', (protocol) => {
  let proxy: TestProxy;
  let ours: Connection;
  let plain: Connection;

  beforeAll(async () => {
    if (mariadb === undefined) throw new Error('no MariaDB');
    proxy = await startTestProxy(mariadb, {
      label: 'ret',
      tables: [
        `CREATE TABLE users ${TABLE((type, name) => `encrypted_${name} ${type === 'TEXT' ? 'BLOB' : 'VARBINARY(1040)'}`)}`,
        `CREATE TABLE plain_users ${TABLE((type, name) => `${name} ${type}`)}`,
      ],
    });
    ours = await proxy.connect('tenant-001');
    plain = await proxy.direct();
  });
  afterAll(async () => await proxy?.stop());
  beforeEach(async () => {
    await proxy.admin.query('DELETE FROM users; DELETE FROM plain_users');
    await proxy.admin.query(
      'ALTER TABLE users AUTO_INCREMENT = 100; ALTER TABLE plain_users AUTO_INCREMENT = 100',
    );
    for (const [connection, table] of [
      [ours, 'users'],
      [plain, 'plain_users'],
    ] as const) {
      await connection.query(
        `INSERT INTO ${table} (id, username, email) VALUES (1, 'old', 'old@x'), (2, 'two', 'two@x')`,
      );
    }
    const other =
      'INSERT INTO users (id, tenant_id, username, encrypted_email) VALUES (?, ?, ?, AES_ENCRYPT(?, ?))';
    await proxy.admin.query(other, [1, 'tenant-002', 'other', 'old@x', KEYS['tenant-002']]);
  });

  const definition = ({
    name,
    orgName,
    table,
    orgTable,
    columnType,
    columnLength,
    flags,
    characterSet,
    decimals,
  }: FieldPacket & {
    orgName?: string;
    orgTable?: string;
    columnLength?: number;
    characterSet?: number;
    decimals?: number;
    table?: string;
  }): object => ({
    name,
    orgName,
    table: table?.replace('plain_', ''),
    orgTable: orgTable?.replace('plain_', ''),
    columnType,
    columnLength,
    flags,
    characterSet,
    decimals,
  });

  it.each(STATEMENTS)('$sql', async ({ sql, values = [] }) => {
    const run = async (connection: Connection, table: string) => {
      const text = sql.replaceAll('{t}', table);
      const [rows, fields] =
        protocol === 'query'
          ? await connection.query<RowDataPacket[] & ResultSetHeader>(text, [...values])
          : await connection.execute<RowDataPacket[] & ResultSetHeader>(text, [...values] as string[]);
      const bare = fields.filter((field) => (field as { orgName?: string }).orgName !== '');
      return { rows, names: fields.map(({ name }) => name), fields: bare.map(definition) };
    };
    const expected = await run(plain, 'plain_users');
    expect(await run(ours, 'users')).toEqual(expected);
    const all = 'id, username, email, phone, bio';
    expect(await rowsOf(ours, `SELECT ${all} FROM users ORDER BY id`)).toEqual(
      await rowsOf(plain, `SELECT ${all} FROM plain_users ORDER BY id`),
    );
    expect(await rowsOf(proxy.admin, "SELECT username FROM users WHERE tenant_id = 'tenant-002'")).toEqual([
      { username: 'other' },
    ]);
  });
});
