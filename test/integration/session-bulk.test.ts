import type { RowDataPacket } from 'mysql2/promise';
import { describe, expect, inject, it } from 'vitest';
import { MariadbFlag, preparedByHand, printedBy, pymysqlConnection } from '../support/python.js';
import { sessionStage } from '../support/session-stage.js';

/* MariaDB's COM_STMT_BULK_EXECUTE, as its connectors send it for batches; PyMySQL is made to announce it. */

const HEAD = `${preparedByHand(MariadbFlag.bulkOperations)}
def s(text): return b'\\x01' if text is None else text if isinstance(text, bytes) else b'\\x00' + bytes([len(text)]) + text.encode()
def bulk(id, rows, types=True):
  body = b'\\xfa' + struct.pack('<IH', id, 128 if types else 0) + (b'\\xfd\\x00' * len(rows[0]) if types else b'')
  send(body + b''.join(s(v) for row in rows for v in row))
  try:
    return packet()[1]
  except pymysql.MySQLError as error:
    return error.args[1]
`;

const server = inject('mariadb');

describe('bulk execution', () => {
  const also = 'CREATE TABLE plain (a VARCHAR(10), b VARCHAR(10))';
  const stage = sessionStage(() => server, { label: 'bulk', asRoot: true, also });
  const printed = async (script: string): Promise<string[]> =>
    await printedBy(HEAD + pymysqlConnection(stage.target(), 'autocommit=True') + script);

  it('passes for other tables', async () => {
    expect(
      await printed(`
id, *_ = prepare('INSERT INTO plain VALUES (?, ?)')
print(bulk(id, [['a', 'b'], ['c', None], ['d', b'\\x02']]))
`),
    ).toEqual(['3']);
    const [rows] = await stage.admin.query<RowDataPacket[]>('SELECT a, b FROM plain ORDER BY a');
    expect(rows).toEqual([
      { a: 'a', b: 'b' },
      { a: 'c', b: null },
      { a: 'd', b: null },
    ]);
  });

  it('encrypts every row of a protected table, with types and without', async () => {
    expect(
      await printed(`
id, *_ = prepare('INSERT INTO users (username, email, phone) VALUES (?, ?, ?)')
print(bulk(id, [['ann', 'ann@x', '1'], ['ben', 'ben@x', None]]))
print(bulk(id, [['cat', 'cat@x', '3']], types=False))
id, *_ = prepare('UPDATE users SET phone = ? WHERE email = ?')
print(bulk(id, [['11', 'ann@x'], ['33', 'cat@x']]))
`),
    ).toEqual(['2', '1', '2']);
    const [rows] = await stage.admin.query<RowDataPacket[]>(
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
id, *_ = prepare('INSERT INTO users (username, email) VALUES (?, ?)')
print(bulk(id, [['dan', 'dan@x'], ['eve', b'\\x02']]))
id, *_ = prepare('INSERT INTO users (username, tenant_id) VALUES (?, ?)')
print(bulk(id, [['dan', 't1'], ['eve', 't2']]))
`);
    expect(default_).toContain('TC_UNSUPPORTED_SQL');
    expect(tenant).toContain('TC_TENANT_MISMATCH');
    const [rows] = await stage.admin.query<RowDataPacket[]>(
      "SELECT * FROM users WHERE username IN ('dan', 'eve')",
    );
    expect(rows).toEqual([]);
  });
});
