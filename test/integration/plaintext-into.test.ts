import type { Connection } from 'mysql2/promise';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  errorOf,
  protectUsers,
  rowsOf,
  startTestProxy,
  type TestProxy,
  USERS_SQL,
} from '../support/proxy.js';
import { forEachServer } from '../support/servers.js';

/* policy.plaintextInto: the tables that it lists, and no others, may be filled with what is decrypted. */

forEachServer((_name, getServer) => {
  let proxy: TestProxy;
  let one: Connection;

  beforeAll(async () => {
    let schema = '';
    proxy = await startTestProxy(getServer(), {
      label: 'into',
      tables: [
        USERS_SQL,
        'CREATE TABLE mailing (id INT PRIMARY KEY, address VARCHAR(255)) DEFAULT CHARSET utf8mb4',
        'CREATE TABLE notes (id INT PRIMARY KEY, address VARCHAR(255))',
      ],
      protect: (name) => {
        schema = name;
        return protectUsers(name);
      },
      config: {
        get policy() {
          return { plaintextInto: [`${schema}.mailing`, `${schema}.made`] };
        },
      },
    });
    one = await proxy.connect('tenant-001');
    const two = await proxy.connect('tenant-002');
    await one.query(
      "INSERT INTO users (id, username, email) VALUES (1, 'ann', 'ann@x'), (2, 'bob', '😀 bob@x')",
    );
    await two.query("INSERT INTO users (id, username, email) VALUES (3, 'cam', 'other@x')");
  });
  afterAll(async () => await proxy?.stop());

  it('INSERT … SELECT, and upserts', async () => {
    await one.query('INSERT INTO mailing SELECT id, email FROM users');
    await one.query(
      'INSERT INTO mailing SELECT id, email FROM users ON DUPLICATE KEY UPDATE address = CONCAT(users.email, 2)',
    );
    await one.execute('INSERT INTO mailing VALUES (9, (SELECT email FROM users WHERE id = ?))', [1]);
    expect(await rowsOf(proxy.admin, 'SELECT * FROM mailing ORDER BY id')).toEqual([
      { id: 1, address: 'ann@x2' },
      { id: 2, address: '😀 bob@x2' },
      { id: 9, address: 'ann@x' },
    ]);
  });

  it('CREATE TABLE … AS SELECT', async () => {
    await one.query('CREATE TABLE made AS SELECT id, email FROM users');
    expect(await rowsOf(proxy.admin, 'SELECT * FROM made ORDER BY id')).toEqual([
      { id: 1, email: 'ann@x' },
      { id: 2, email: '😀 bob@x' },
    ]);
  });

  it('nothing else', async () => {
    for (const sql of [
      'INSERT INTO notes SELECT id, email FROM users',
      'CREATE TABLE made2 AS SELECT email FROM users',
      'UPDATE mailing SET address = (SELECT MAX(email) FROM users)',
    ]) {
      expect((await errorOf(one.query(sql))).message, sql).toContain('TC_PLAINTEXT_ESCAPE');
    }
    expect(await rowsOf(proxy.admin, 'SELECT * FROM notes')).toEqual([]);
  });
});
