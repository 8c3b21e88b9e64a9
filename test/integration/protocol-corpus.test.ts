import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Connection } from 'mysql2/promise';
import mysql from 'mysql2/promise';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { adminConnection, createDatabase, createUser, type TestDatabase } from '../servers/accounts.js';
import { MESSAGES } from '../support/message-codecs.js';
import { type CapturedMessage, corpusFiles, messagesOf, sampled } from '../support/message-corpus.js';
import {
  type PacketForwarder,
  type PassingPacket,
  startPacketForwarder,
} from '../support/packet-forwarder.js';
import { runClient } from '../support/run-client.js';
import { forEachServer, serverName } from '../support/servers.js';

/*
 * What drivers and servers say to each other, read and written again.
 *
 *   TC_CAPTURE_CORPUS=1 npm run test:integration -- protocol-corpus
 *
 * writes test/protocol/corpus anew, from which the decoders are fuzzed.
 */
const CORPUS = join(import.meta.dirname, '../protocol/corpus');
const isCapturing = process.env['TC_CAPTURE_CORPUS'] !== undefined;

forEachServer((_name, getServer) => {
  let admin: Connection;
  let database: TestDatabase;
  let forwarder: PacketForwarder;
  const user = 'corpus';
  const password = 'corpus-password';
  const connections = new Map<number, PassingPacket[]>();

  beforeAll(async () => {
    const server = getServer();
    database = await createDatabase(server, 'corpus');
    admin = await adminConnection(server, { database: database.name });
    await createUser(server, { user, password });
    await admin.query(`CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT, s VARCHAR(40) DEFAULT 'd', b BLOB,
      d DOUBLE, f FLOAT, n DECIMAL(9,2), ti TINYINT UNSIGNED, bi BIGINT, dt DATETIME(3), da DATE, ti3 TIME(2), y YEAR)`);
    await admin.query('SET GLOBAL local_infile = ON');
    forwarder = await startPacketForwarder(server.port);
    forwarder.inspect = (packet) => {
      const seen = connections.get(packet.connection) ?? [];
      connections.set(packet.connection, seen);
      seen.push({ ...packet, bytes: Buffer.from(packet.bytes), payload: Buffer.from(packet.payload) });
      return 'pass';
    };
  });
  afterAll(async () => {
    await forwarder.close();
    await admin.end();
    await database.drop();
  });

  async function talk(): Promise<void> {
    const options = { host: '127.0.0.1', port: forwarder.port, user, password, database: database.name };
    const c = await mysql.createConnection({
      ...options,
      multipleStatements: true,
      connectAttributes: { tenant_id: 'tenant-001' },
    });
    await c.query(
      "INSERT INTO t (s, b, d, dt) VALUES ('a', x'00ff', 1.5, '2026-01-02 03:04:05.678'), (NULL, NULL, NULL, NULL)",
    );
    await c.query(
      "INSERT INTO t (s, f, n, ti, bi, da, ti3, y) VALUES ('ü€😀', 2.5, 12.34, 200, -5, '2026-11-22', '-10:11:12.34', 2026)",
    );
    await c.query('SELECT * FROM t; SELECT 1; UPDATE t SET s = s');
    await c.query('SELECT nothing').catch(() => undefined);
    await c.execute('SELECT * FROM t WHERE id > ? AND (s = ? OR ? IS NULL)', [0, 'a', null]);
    await c.execute('SELECT CAST(? AS DATETIME), ? + 1', [new Date(0), 2.5]);
    await c.query({
      sql: "LOAD DATA LOCAL INFILE 'f' INTO TABLE t (s)",
      infileStreamFactory: () => Readable.from([Buffer.from('x\ny\n')]),
    });
    await c.query("SET session_track_system_variables = '*'");
    await c.query("SET sql_mode = 'ANSI_QUOTES'");
    await c.query(`USE ${database.name}`);
    await c.ping();
    await c.changeUser({ user, password, database: database.name });
    await c.reset();
    await c.end();
    await mysql.createConnection({ ...options, password: 'wrong' }).catch(() => undefined);
    const script = `
import pymysql
c = pymysql.connect(host='127.0.0.1', port=${forwarder.port}, user='${user}', password='${password}', database='${database.name}', ssl_disabled=True)
def cmd(body):
    c._sock.sendall(len(body).to_bytes(3, 'little') + b'\\x00' + body)
    c._next_seq_id = 1
cmd(b'\\x04t\\x00')
while not c._read_packet().is_eof_packet(): pass
cmd(b'\\x02${database.name}'); c._read_packet()
cmd(b'\\x1b\\x00\\x00'); c._read_packet()
cmd(b'\\x16SELECT id, s FROM t WHERE id > ? AND s <> ?')
p = c._read_packet(); sid = p.get_all_data()[1:5]
for _ in range(6): c._read_packet()
cmd(b'\\x18' + sid + b'\\x01\\x00long'); cmd(b'\\x18' + sid + b'\\x01\\x00data')
cmd(b'\\x1a' + sid); c._read_packet()
cmd(b'\\x17' + sid + b'\\x01' + b'\\x01\\x00\\x00\\x00' + b'\\x00\\x01' + b'\\x03\\x00\\xfd\\x00' + b'\\x00\\x00\\x00\\x00' + b'\\x01z')
for _ in range(4): c._read_packet()
cmd(b'\\x1c' + sid + b'\\x02\\x00\\x00\\x00')
while not c._read_packet().is_eof_packet(): pass
cmd(b'\\x19' + sid)
c.query('SELECT 7')
c.close()
`;
    const run = await runClient([inject('python') ?? ''], ['-c', script]);
    expect(run.stderr).toBe('');
  }

  it('every message of two drivers is read, and written as it was', async () => {
    await talk();
    const messages: CapturedMessage[] = [...connections.values()].flatMap(messagesOf);
    const seen = new Set<string>();
    for (const { name, context, payload } of messages) {
      const codec = MESSAGES[name];
      if (codec === undefined) throw new Error(`no codec for ${name}`);
      const again = codec.again(payload, context);
      expect(`${name} ${again.toString('hex')}`).toBe(`${name} ${payload.toString('hex')}`);
      seen.add(name);
    }
    const expected = [
      'HandshakeV10',
      'HandshakeResponse41',
      'ComQuery',
      'ComStmtExecute',
      'ComChangeUser',
      'ComStmtFetch',
      'ComStmtSendLongData',
      'ComFieldList',
      'OkPacket',
      'ErrPacket',
      'EofPacket',
      'ColumnCount',
      'ColumnDefinition41',
      'TextResultsetRow',
      'BinaryResultsetRow',
      'ComStmtPrepareOk',
      'LocalInfileRequest',
    ];
    expect(expected.filter((name) => !seen.has(name))).toEqual([]);
    if (!isCapturing) return;
    mkdirSync(CORPUS, { recursive: true });
    for (const [file, text] of corpusFiles(serverName(getServer()), sampled(messages))) {
      writeFileSync(join(CORPUS, file), text);
    }
  });
});

it('the corpus has both servers', () => {
  const servers = new Set(readdirSync(CORPUS).map((file) => file.replace(/\.[^.]*\.hex$/, '')));
  expect([...servers].sort()).toEqual(['mariadb-10.11', 'mysql-9.7']);
});
