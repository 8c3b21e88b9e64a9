import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Connection, ConnectionOptions, RowDataPacket } from 'mysql2/promise';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ensureMysql } from '../../scripts/lib/ensure-mysql.mjs';
import { ensurePython } from '../../scripts/lib/ensure-python.mjs';
import { createUser } from '../servers/accounts.js';
import { readCompressed, storedPacket, zlibPacket } from '../support/compressed-wire.js';
import { eventually } from '../support/eventually.js';
import { KEYS, rowsOf, startTestProxy, type TestProxy } from '../support/proxy.js';
import { RawCompressed } from '../support/raw-compressed.js';
import { runClient } from '../support/run-client.js';
import { forEachServer, sharedServers } from '../support/servers.js';
import { packet, text } from '../support/wire.js';
import { startWireRecorder, type WireRecorder } from '../support/wire-recorder.js';

const mariadbClient = sharedServers().find(({ kind }) => kind === 'mariadb')?.client ?? ['mariadb'];
const mysqlClient = sharedServers().find(({ kind }) => kind === 'mysql')?.client;

/** Where MySQL's client finds mysql_native_password for MariaDB. */
const pluginFolder = (): string => `--plugin-dir=${ensureMysql()?.baseDir}/lib/mysql/plugin`;

/** What the server's side sent after the OK that ended the login, of a connection without TLS. */
function afterLogin(fromServer: Buffer): Buffer {
  let position = 0;
  while (position < fromServer.length) {
    const length = fromServer.readUIntLE(position, 3);
    const isOk = fromServer[position + 3] !== 0 && fromServer[position + 4] === 0;
    position += 4 + length;
    if (isOk) return fromServer.subarray(position);
  }
  throw new Error('no login');
}

forEachServer((_name, getServer) => {
  let proxy: TestProxy;
  let recorder: WireRecorder;
  /** An account without a password. */
  let anybody: string;
  const warnings = vi.spyOn(console, 'error');

  beforeAll(async () => {
    proxy = await startTestProxy(getServer(), {
      label: 'zip',
      config: { policy: { localInfile: 'on', calls: ['*'] } },
    });
    anybody = `any_${proxy.user}`;
    await createUser(getServer(), { user: anybody, password: '' });
    recorder = await startWireRecorder(proxy.port);
    await proxy.admin.query('SET GLOBAL max_allowed_packet = 67108864');
    await proxy.admin.query('CREATE TABLE plain (id INT PRIMARY KEY, body LONGBLOB)');
    await proxy.admin.query('CREATE TABLE lines_read (line VARCHAR(200))');
    await proxy.admin.query('CREATE PROCEDURE two() BEGIN SELECT 1 AS a; SELECT 2 AS b; END');
  });
  afterAll(async () => {
    recorder?.stop();
    await proxy?.admin.query(`DROP USER IF EXISTS '${anybody}'@'%'`);
    await proxy?.stop();
  });
  // mysql2 writes there when packets come out of order.
  afterEach(() => {
    const calls = [...warnings.mock.calls];
    warnings.mockClear();
    expect(calls).toEqual([]);
  });

  /** mysql2 with compression, through the recorder unless TLS hides everything. */
  const compressed = async (options: ConnectionOptions = {}): Promise<Connection> =>
    await proxy.connect('tenant-001', { compress: true, port: recorder.port, ...options });

  const lastRecording = () => {
    const recording = recorder.recordings.at(-1);
    if (recording === undefined) throw new Error('nothing was recorded');
    return recording;
  };

  it.each(['TLS', 'no TLS'])('protected tables, text and binary protocol, over %s', async (transport) => {
    await proxy.admin.query('TRUNCATE users');
    const client = await compressed(transport === 'TLS' ? { ssl: { rejectUnauthorized: false } } : {});
    const bio = 'a long life '.repeat(5_000);
    const insert = 'INSERT INTO users (username, email, bio) VALUES (?, ?, ?)';
    await client.query(insert, ['alice', 'alice@example.com', bio]);
    await client.execute(insert, ['émile', '😀@example.com', null]);
    const select = 'SELECT username, email, bio FROM users WHERE email LIKE ? ORDER BY id';
    const expected = [
      { username: 'alice', email: 'alice@example.com', bio },
      { username: 'émile', email: '😀@example.com', bio: null },
    ];
    expect(await rowsOf(client, select, ['%@example.com'])).toEqual(expected);
    expect((await client.execute<RowDataPacket[]>(select, ['%@example.com']))[0]).toEqual(expected);
    expect(await rowsOf(client, 'SELECT email FROM users WHERE email = ?', ['nobody'])).toEqual([]);
    await expect(client.query('CREATE TABLE stolen AS SELECT email FROM users')).rejects.toThrow(
      'tenantcrypt[TC_',
    );
    const [stored] = await rowsOf(
      proxy.admin,
      'SELECT CAST(AES_DECRYPT(encrypted_bio, ?) AS CHAR) AS bio FROM users WHERE username = ?',
      [KEYS['tenant-001'], 'alice'],
    );
    expect(stored).toEqual({ bio });
    await client.end();
    const { fromClient, fromServer } = lastRecording();
    // Twice there and once back, 60,000 bytes each time.
    expect(Buffer.concat(fromServer).length).toBeLessThan(20_000);
    expect(Buffer.concat(fromClient).length).toBeLessThan(20_000);
  });

  it('numbers the packets of each answer from 1', async () => {
    const client = await compressed();
    for (const sql of ['SELECT 1', "SELECT REPEAT('x', 300000) AS x", 'DO 0', 'SELECT 2'])
      await client.query(sql);
    await client.end();
    const packets = readCompressed(afterLogin(Buffer.concat(lastRecording().fromServer)));
    const ids = packets.map(({ id }) => id);
    expect(ids.filter((id) => id === 1).length).toBeGreaterThanOrEqual(4);
    ids.forEach((id, i) => {
      if (id !== 1) expect(id).toBe((ids[i - 1] ?? 0) + 1);
    });
  });

  it('values of more than 16 MiB both ways', async () => {
    const client = await compressed();
    // Half of it can't be compressed; the ends of packets of 16 MiB lie in both kinds.
    const body = Buffer.concat([
      randomBytes(5_000_000),
      Buffer.alloc(10_000_000, 'abc'),
      randomBytes(5_000_000),
    ]);
    await client.query('REPLACE INTO plain VALUES (1, ?)', [body]);
    const [row] = await rowsOf(client, 'SELECT body, SHA2(body, 256) AS hash FROM plain WHERE id = 1');
    const [straight] = await rowsOf(proxy.admin, 'SELECT SHA2(body, 256) AS hash FROM plain WHERE id = 1');
    expect(row?.['hash']).toBe(straight?.['hash']);
    expect(Buffer.from(row?.['body']).equals(body)).toBe(true);
    await client.execute('REPLACE INTO plain VALUES (2, ?)', [body]);
    const [[prepared]] = await client.execute<RowDataPacket[]>('SELECT body FROM plain WHERE id = 2');
    expect(Buffer.from(prepared?.['body']).equals(body)).toBe(true);
    await client.end();
  });

  it('many rows, no rows, several results, a procedure', async () => {
    const client = await compressed({ multipleStatements: true });
    const sql =
      'WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 900) SELECT i FROM n';
    const rows = await rowsOf(client, `${sql}; SELECT 1 AS one WHERE FALSE; SELECT 2 AS two`);
    expect(rows[0]).toHaveLength(900);
    expect(rows.slice(1)).toEqual([[], [{ two: 2 }]]);
    const called = await rowsOf(client, 'CALL two()');
    expect(called.slice(0, 2)).toEqual([[{ a: 1 }], [{ b: 2 }]]);
    await client.end();
  });

  it('COM_CHANGE_USER and COM_RESET_CONNECTION', async () => {
    const client = await compressed();
    expect(await rowsOf(client, "SELECT REPEAT('y', 2000) AS y")).toEqual([{ y: 'y'.repeat(2000) }]);
    await client.changeUser({
      user: proxy.user,
      password: proxy.password,
      database: proxy.database,
    });
    expect(await rowsOf(client, "SELECT REPEAT('y', 2000) AS y")).toEqual([{ y: 'y'.repeat(2000) }]);
    await client.reset();
    expect(await rowsOf(client, "SELECT REPEAT('y', 2000) AS y")).toEqual([{ y: 'y'.repeat(2000) }]);
    await client.end();
  });

  it.each([0, 3, 200_000])('a local file of %i lines', async (count) => {
    await proxy.admin.query('TRUNCATE lines_read');
    const client = await compressed({ flags: ['LOCAL_FILES'] });
    const lines = Array.from({ length: count }, (_, i) => `line ${i}\n`);
    await client.query({
      sql: "LOAD DATA LOCAL INFILE 'any' INTO TABLE lines_read",
      infileStreamFactory: () => Readable.from(count === 0 ? [] : [Buffer.from(lines.join(''))]),
    });
    expect(await rowsOf(client, 'SELECT COUNT(*) AS n FROM lines_read')).toEqual([{ n: count }]);
    await client.end();
  });

  it('commands sent ahead', async () => {
    const client = await RawCompressed.open(recorder.port, getServer().kind, anybody);
    const queries = Array.from({ length: 40 }, (_, i) =>
      packet(0, [3, ...text(`SELECT REPEAT('z', ${i * 1000}) AS z`)]),
    );
    // Each in a packet of its own, and some in one.
    client.send(Buffer.concat(queries.slice(0, 30).map((query) => zlibPacket(0, query))));
    client.send(zlibPacket(0, queries.slice(30).flat()));
    const expected = queries.reduce((sum, _, i) => sum + i * 1000, 0);
    const count = (bytes: Buffer): number => bytes.filter((byte) => byte === 'z'.charCodeAt(0)).length;
    const bytes = await client.read(expected + 40 * 40);
    expect(count(bytes)).toBeGreaterThanOrEqual(expected);
    const ids = client.packets().map(({ id }) => id);
    expect(ids.filter((id) => id === 1)).toHaveLength(40);
    ids.forEach((id, i) => {
      if (id !== 1) expect(id).toBe((ids[i - 1] ?? 0) + 1);
    });
    client.destroy();
  });

  describe('malformed packets end the session with an error', () => {
    const query = packet(0, [3, ...text(`SELECT '${'q'.repeat(100)}'`)]);
    const damaged = zlibPacket(0, query);
    damaged.fill(0xee, 12);
    it.each<[string, Buffer]>([
      ['a damaged body', damaged],
      ['a length that is too small', zlibPacket(0, query, query.length - 1)],
      ['a length that is too large', zlibPacket(0, query, query.length + 1)],
      ['a bomb', zlibPacket(0, Buffer.alloc(30_000_000), 100)],
      ['a sequence id out of order', storedPacket(5, query)],
      ['no body', Buffer.from([0, 0, 0, 0, 9, 0, 0])],
      ['an inner sequence id', storedPacket(0, packet(3, [14]))],
    ])('%s', async (what, bytes) => {
      const client = await RawCompressed.open(proxy.port, getServer().kind, anybody);
      client.send(bytes);
      await eventually(() => client.isClosed);
      const [parting] = client.packets();
      expect(parting?.bytes[4]).toBe(0xff);
      expect(parting?.bytes.toString('latin1')).toContain(
        /sequence id/.test(what) ? 'out of order' : 'Malformed',
      );
      // The process serves on.
      const other = await compressed();
      expect(await rowsOf(other, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      await other.end();
    });
  });

  it.each(['TLS', 'no TLS'])('the mariadb command line over %s', async (transport) => {
    await proxy.admin.query('TRUNCATE users');
    const run = await runClient(
      mariadbClient,
      [
        ...['-h127.0.0.1', `-P${recorder.port}`, '--protocol=tcp', `-u${proxy.user}%tenant-001`],
        ...['--default-character-set=utf8mb4', '--skip-column-names', '--compress', '--local-infile'],
        transport === 'TLS' ? '--ssl' : '--skip-ssl',
        proxy.database,
      ],
      { MYSQL_PWD: proxy.password },
      `INSERT INTO users (username, email, bio) VALUES ('a', 'a@b.c', REPEAT('m', 60000));
       SELECT email, LENGTH(bio) FROM users; SELECT REPEAT('x', 1000000) AS x;
status`,
    );
    expect(run.stderr.replace(/^WARNING.*\n/gm, '')).toBe('');
    expect(run.stdout).toMatch(/^a@b.c\t60000\nx{1000000}\n/);
    expect(run.stdout).toMatch(/Protocol:\s+Compressed/);
    expect(Buffer.concat(lastRecording().fromServer).length).toBeLessThan(30_000);
  });

  const algorithms = ['zstd', 'zlib', 'zstd,zlib', 'zlib,uncompressed'];
  it.runIf(mysqlClient).each(algorithms)('the mysql command line with %s', async (list) => {
    if (mysqlClient === undefined) return;
    await proxy.admin.query('TRUNCATE users');
    const run = await runClient(
      mysqlClient,
      [
        ...['-h127.0.0.1', `-P${recorder.port}`, '--protocol=tcp', `-u${proxy.user}`, '--ssl-mode=DISABLED'],
        ...['--default-character-set=utf8mb4', '--skip-column-names', '--get-server-public-key'],
        ...[`--compression-algorithms=${list}`, '--zstd-compression-level=19'],
        pluginFolder(),
        proxy.database,
      ],
      { MYSQL_PWD: proxy.password },
      `SET @tenant_id = 'tenant-001';
       INSERT INTO users (username, email, bio) VALUES ('a', 'a@b.c', REPEAT('m', 60000));
       SELECT email, LENGTH(bio) FROM users; SELECT REPEAT('x', 1000000) AS x; ${'-- a comment\n'.repeat(500)}
       SELECT 'last'`,
    );
    expect(run.stderr.replace(/^mysql: \[Warning\].*\n/gm, '')).toBe('');
    expect(run.stdout).toBe(`a@b.c\t60000\n${'x'.repeat(1_000_000)}\nlast\n`);
    expect(Buffer.concat(lastRecording().fromServer).length).toBeLessThan(30_000);
  });

  it('mysql-connector-python', async (context) => {
    const python = ensurePython('test/clients/requirements.txt');
    if (python === null) return context.skip('no Python; the line before says why');
    const script = join(getServer().filesDir, 'compressed.py');
    writeFileSync(script, PYTHON);
    await proxy.admin.query('TRUNCATE users');
    const { port } = recorder;
    const { user, password, database } = proxy;
    const options = JSON.stringify({ host: '127.0.0.1', port, user, password, database, compress: true });
    const run = await runClient([python], [script, options]);
    expect(run.stderr).toBe('');
    expect(JSON.parse(run.stdout)).toEqual([
      ['pure', 'a@b.c', 3_000_000, 0],
      ['C', 'a@b.c', 3_000_000, 0],
    ]);
  });
});

const PYTHON = `
import json, sys, mysql.connector
o = json.loads(sys.argv[1])
out = []
for pure in (True, False):
    c = mysql.connector.connect(**o, use_pure=pure, conn_attrs={'tenant_id': 'tenant-001'})
    k = c.cursor()
    k.execute("INSERT INTO users (username, email) VALUES ('a', 'a@b.c')")
    k.execute("SELECT email FROM users")
    email = k.fetchall()[0][0]
    k.execute("SELECT REPEAT('x', 3000000)")
    length = len(k.fetchall()[0][0])
    p = c.cursor(prepared=True)
    p.execute("SELECT email FROM users WHERE email = %s", ('nobody',))
    rows = len(p.fetchall())
    out.append(['pure' if pure else 'C', email, length, rows])
    c.rollback()
    c.close()
print(json.dumps(out))
`;
