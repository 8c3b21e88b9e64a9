import type { Connection, RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { adminConnection, createDatabase, type TestDatabase } from '../servers/accounts.js';
import { protect, type TestProtection, USERS_SQL, usersTable } from '../support/protection.js';
import { runClient } from '../support/run-client.js';
import { type SessionProxy, startSessionProxy } from '../support/session-proxy.js';

/* MariaDB's COM_STMT_BULK_EXECUTE, as its connectors send it for batches; PyMySQL is made to announce it. */

const HEAD = `
import pymysql, struct as plain, sys
class Struct:
  def __getattr__(self, name): return getattr(plain, name)
  def pack(self, form, *values):
    if form != '<iIB23s': return plain.pack(form, *values)
    flags, size, charset, _ = values
    return plain.pack(form, flags & ~1, size, charset, bytes(19) + (4).to_bytes(4, 'little'))
pymysql.connections.struct = Struct()
def send(body): c._sock.sendall(len(body).to_bytes(3, 'little') + b'\\x00' + body); c._next_seq_id = 1
def packet(): return c._read_packet().get_all_data()
def prepare(sql):
  send(b'\\x16' + sql.encode())
  ok = packet()
  id, columns, params = plain.unpack('<IHH', ok[1:9])
  for n in (params, columns):
    if n:
      while packet()[0] != 0xfe: pass
  return id
def s(text): return b'\\x01' if text is None else text if isinstance(text, bytes) else b'\\x00' + bytes([len(text)]) + text.encode()
def bulk(id, rows, types=True):
  body = b'\\xfa' + plain.pack('<IH', id, 128 if types else 0) + (b'\\xfd\\x00' * len(rows[0]) if types else b'')
  send(body + b''.join(s(v) for row in rows for v in row))
  try:
    return packet()[1]
  except pymysql.MySQLError as error:
    return error.args[1]
`;

const server = inject('mariadb');

describe('bulk execution', () => {
  let proxy: SessionProxy;
  let database: TestDatabase;
  let admin: Connection;
  let protection: TestProtection;

  beforeAll(async () => {
    database = await createDatabase(server, 'bulk');
    admin = await adminConnection(server, { database: database.name });
    await admin.query(USERS_SQL);
    await admin.query('CREATE TABLE plain (a VARCHAR(10), b VARCHAR(10))');
    protection = protect([usersTable(database.name)]);
    protection.provider.keys.set('t1', { key: 'a key', version: '1' });
    proxy = await startSessionProxy(server, { protection, sources: [{ kind: 'fixed', tenant: 't1' }] });
  });
  afterAll(async () => {
    await proxy.stop();
    protection.cache.close();
    await admin.end();
    await database.drop();
  });

  async function printed(script: string): Promise<string[]> {
    const connect = `
c = pymysql.connect(host='127.0.0.1', port=${proxy.port}, user='${server.rootUser}', password='${server.rootPassword}', database='${database.name}', autocommit=True)
`;
    const run = await runClient([inject('python') ?? ''], ['-c', HEAD + connect + script]);
    expect(run.stderr).toBe('');
    return run.stdout.trimEnd().split('\n');
  }

  it('passes for other tables', async () => {
    expect(
      await printed(`
id = prepare('INSERT INTO plain VALUES (?, ?)')
print(bulk(id, [['a', 'b'], ['c', None], ['d', b'\\x02']]))
`),
    ).toEqual(['3']);
    const [rows] = await admin.query<RowDataPacket[]>('SELECT a, b FROM plain ORDER BY a');
    expect(rows).toEqual([
      { a: 'a', b: 'b' },
      { a: 'c', b: null },
      { a: 'd', b: null },
    ]);
  });

  it('encrypts every row of a protected table, with types and without', async () => {
    expect(
      await printed(`
id = prepare('INSERT INTO users (username, email, phone) VALUES (?, ?, ?)')
print(bulk(id, [['ann', 'ann@x', '1'], ['ben', 'ben@x', None]]))
print(bulk(id, [['cat', 'cat@x', '3']], types=False))
id = prepare('UPDATE users SET phone = ? WHERE email = ?')
print(bulk(id, [['11', 'ann@x'], ['33', 'cat@x']]))
`),
    ).toEqual(['2', '1', '2']);
    const [rows] = await admin.query<RowDataPacket[]>(
      `SELECT username, tenant_id, CONVERT(AES_DECRYPT(encrypted_email, 'a key') USING utf8mb4) AS email,
       CONVERT(AES_DECRYPT(encrypted_phone, 'a key') USING utf8mb4) AS phone FROM users ORDER BY id`,
    );
    expect(rows).toEqual([
      { username: 'ann', tenant_id: 't1', email: 'ann@x', phone: '11' },
      { username: 'ben', tenant_id: 't1', email: 'ben@x', phone: null },
      { username: 'cat', tenant_id: 't1', email: 'cat@x', phone: '33' },
    ]);
  });

  it('refuses DEFAULT for a protected column, and another tenant in any row', async () => {
    const [default_ = '', tenant = ''] = await printed(`
id = prepare('INSERT INTO users (username, email) VALUES (?, ?)')
print(bulk(id, [['dan', 'dan@x'], ['eve', b'\\x02']]))
id = prepare('INSERT INTO users (username, tenant_id) VALUES (?, ?)')
print(bulk(id, [['dan', 't1'], ['eve', 't2']]))
`);
    expect(default_).toContain('TC_UNSUPPORTED_SQL');
    expect(tenant).toContain('TC_TENANT_MISMATCH');
    const [rows] = await admin.query<RowDataPacket[]>("SELECT * FROM users WHERE username IN ('dan', 'eve')");
    expect(rows).toEqual([]);
  });
});
