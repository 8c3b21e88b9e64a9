import type { Connection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { adminConnection, createDatabase, type TestDatabase } from '../servers/accounts.js';
import { protect, type TestProtection, USERS_SQL, usersTable } from '../support/protection.js';
import { runClient } from '../support/run-client.js';
import { type SessionProxy, startSessionProxy } from '../support/session-proxy.js';

/* MariaDB sends a prepared statement's definitions once; PyMySQL is made to announce that it keeps them. */

const HEAD = `
import pymysql, struct as plain, sys
class Struct:
  def __getattr__(self, name): return getattr(plain, name)
  def pack(self, form, *values):
    if form != '<iIB23s': return plain.pack(form, *values)
    flags, size, charset, _ = values
    return plain.pack(form, flags & ~1, size, charset, bytes(19) + (0x10).to_bytes(4, 'little'))
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
def execute(id):
  send(b'\\x17' + plain.pack('<IBI', id, 0, 1))
  try: first = packet()
  except pymysql.MySQLError as error: return error.args[1]
  while packet()[0] != 0xfe: pass
  row = packet()
  while packet()[0] != 0xfe: pass
  return 'definitions' if first[1] else 'none', row[2:].split(b'@')[0][-3:].decode()
`;

const server = inject('mariadb');

describe('cached metadata', () => {
  let proxy: SessionProxy;
  let database: TestDatabase;
  let admin: Connection;
  let protection: TestProtection;

  beforeAll(async () => {
    database = await createDatabase(server, 'meta');
    admin = await adminConnection(server, { database: database.name });
    await admin.query(USERS_SQL);
    protection = protect([usersTable(database.name)], { maxAgeSeconds: 0 });
    protection.provider.keys.set('t1', { key: 'a key', version: '1' });
    proxy = await startSessionProxy(server, { protection, sources: [{ kind: 'fixed', tenant: 't1' }] });
  });
  afterAll(async () => {
    await proxy.stop();
    protection.cache.close();
    await admin.end();
    await database.drop();
  });

  it('serves a protected table, and refuses a statement whose columns have changed since', async () => {
    const script = `
def connect(port):
  return pymysql.connect(host='127.0.0.1', port=port, user='${server.rootUser}', password='${server.rootPassword}', database='${database.name}', autocommit=True)
c = connect(${proxy.port})
c.query("INSERT INTO users (username, email) VALUES ('u', 'ann@x')")
some, all = prepare('SELECT email FROM users'), prepare('SELECT email, users.* FROM users')
print(execute(some)); print(execute(some))
connect(${server.port}).query('ALTER TABLE users ADD COLUMN extra INT')
connect(${proxy.port}).close()
print(execute(some)); print(execute(all))
`;
    const { stdout, stderr } = await runClient([inject('python') ?? ''], ['-c', HEAD + script]);
    expect(stderr).toBe('');
    expect(stdout.trimEnd().split('\n')).toEqual([
      "('none', 'ann')",
      "('none', 'ann')",
      "('none', 'ann')",
      expect.stringContaining('TC_SCHEMA'),
    ]);
  });
});
