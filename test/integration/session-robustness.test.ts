import type { Connection, RowDataPacket } from 'mysql2/promise';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { countProcesses } from '../support/processlist.js';
import { pymysqlConnection, runPython } from '../support/python.js';
import type { ClientRun } from '../support/run-client.js';
import { forEachServer } from '../support/servers.js';
import type { SessionProxy, SessionProxyOptions } from '../support/session-proxy.js';
import { sessionStage } from '../support/session-stage.js';

const MIB = 1024 * 1024;

forEachServer((_name, getServer) => {
  const stage = sessionStage(getServer, { label: 'robust', asRoot: true, proxy: { protection: null } });
  const start = async (options: SessionProxyOptions = {}): Promise<SessionProxy> =>
    await stage.anotherProxy(options);
  const connect = async ({ port }: SessionProxy): Promise<Connection> =>
    await stage.client('proxy', { port });

  async function connectionId(connection: Connection): Promise<number> {
    const [rows] = await connection.query<RowDataPacket[]>('SELECT CONNECTION_ID() AS id');
    return Number(rows[0]?.['id']);
  }

  async function python({ port }: SessionProxy, script: string): Promise<ClientRun> {
    const head = `
import time
def pkt(body, seq=0): return len(body).to_bytes(3, 'little') + bytes([seq]) + body
`;
    return await runPython(pymysqlConnection(stage.target('proxy', port)) + head + script);
  }

  it('keeps its memory bounded when a client does not read its result', async () => {
    const proxy = await start();
    const before = process.memoryUsage();
    let peak = 0;
    const watch = setInterval(() => {
      const now = process.memoryUsage();
      peak = Math.max(peak, now.arrayBuffers - before.arrayBuffers);
    }, 5);
    const run = await python(
      proxy,
      `
sql = "SELECT REPEAT('x', 1000000) FROM information_schema.columns LIMIT 200"
c._sock.sendall(pkt(b'\\x03' + sql.encode()))
time.sleep(1.5)
c._next_seq_id = 1
c._read_query_result()
print(len(c._result.rows), sum(len(r[0]) for r in c._result.rows))
`,
    );
    clearInterval(watch);
    expect(run.stderr).toBe('');
    expect(run.stdout).toBe('200 200000000\n');
    expect(peak).toBeLessThan(48 * MIB);
  });

  it('ends the session of the client when the backend connection is killed, in the middle of a result too', async () => {
    const proxy = await start();
    const idle = await connect(proxy);
    await stage.admin.query(`KILL ${await connectionId(idle)}`);
    await expect(idle.query('SELECT 1')).rejects.toThrow();
    const busy = await connect(proxy);
    const id = await connectionId(busy);
    const result = busy.query(
      "SELECT REPEAT('x', 100000), SLEEP(0.02) FROM information_schema.columns LIMIT 500",
    );
    setTimeout(() => void stage.admin.query(`KILL ${id}`), 200);
    await expect(result).rejects.toThrow();
    await eventually(() => proxy.sessions.size === 0);
  });

  it('frees the backend connection when the client is gone', async () => {
    const proxy = await start();
    const c = await connect(proxy);
    const id = await connectionId(c);
    c.destroy();
    await eventually(() => proxy.sessions.size === 0);
    await eventually(async () => (await countProcesses(stage.admin, `id = ${id}`)) === 0);
  });

  it('executes what a client sent before it left', async () => {
    const proxy = await start();
    await stage.admin.query('DROP TABLE IF EXISTS last_words');
    await stage.admin.query('CREATE TABLE last_words (n INT)');
    await python(
      proxy,
      `
c.autocommit(True)
c._sock.sendall(pkt(b'\\x03SELECT SLEEP(0.3)') + pkt(b'\\x03INSERT INTO last_words VALUES (1)') + pkt(b'\\x01'))
import socket
c._sock.shutdown(socket.SHUT_WR)
time.sleep(0.6)
`,
    );
    const [rows] = await stage.admin.query<RowDataPacket[]>('SELECT COUNT(*) AS n FROM last_words');
    expect(rows).toEqual([{ n: 1 }]);
  });

  it.each([
    ['a command out of sequence', "pkt(b'\\x03SELECT 1', 5)", 1156],
    ['an execute that is cut', "pkt(b'\\x17\\x01')", 1835],
  ])('ends the session, and only it, on %s', async (_what, packet, errno) => {
    const proxy = await start({ protection: stage.protection });
    const other = await connect(proxy);
    const run = await python(
      proxy,
      `
c._sock.sendall(${packet})
c._next_seq_id = ${errno === 1156 ? 0 : 1}
try:
  c._read_query_result()
except Exception as e:
  print(e.args[0])
try:
  print(c._sock.recv(1))
except Exception as e:
  print(b'')
`,
    );
    expect(run.stdout).toBe(`${errno}\nb''\n`);
    expect((await other.query<RowDataPacket[]>('SELECT 1 AS one'))[0]).toEqual([{ one: 1 }]);
  });

  it('refuses commands that no application sends, and goes on', async () => {
    const proxy = await start();
    const run = await python(
      proxy,
      `
for code in (0x12, 0x13, 0x15, 0x1e, 0x20, 0x77, 0x05):
  c._sock.sendall(pkt(bytes([code]) + b'\\x00' * 20))
  c._next_seq_id = 1
  try:
    c._read_query_result()
  except Exception as e:
    print(e.args[0])
c.ping(reconnect=False)
c._execute_command(0x09, b'')
print(c._read_packet().get_all_data()[:6])
c._execute_command(0x1b, b'\\x00\\x00')
c._read_packet()
c._execute_command(0x04, b'last_words\\x00')
while not c._read_packet().is_eof_packet(): pass
c.query('SELECT 7')
print(c._result.rows)
`,
    );
    expect(run.stderr).toBe('');
    expect(run.stdout).toBe("1235\n1235\n1235\n1235\n1235\n1047\n1047\nb'Uptime'\n((7,),)\n");
  });

  it('refuses a statement that is too long as a server does', async () => {
    const proxy = await start({ limits: { statementBytes: 1000 } });
    const c = await connect(proxy);
    await expect(c.query(`SELECT '${'x'.repeat(2000)}'`)).rejects.toMatchObject({
      errno: 1153,
      sqlState: '08S01',
    });
    await eventually(() => proxy.sessions.size === 0);
  });

  it('ends idle sessions', async () => {
    const proxy = await start({ idleSeconds: 0.3 });
    const c = await connect(proxy);
    await c.query('SELECT SLEEP(0.6)');
    await eventually(() => proxy.sessions.size === 0, 3_000);
    await expect(c.query('SELECT 1')).rejects.toThrow();
  });

  describe('drain', () => {
    it('ends sessions outside of transactions, after their response, and the others when theirs is over', async () => {
      const proxy = await start();
      const idle = await connect(proxy);
      const busy = await connect(proxy);
      const inTransaction = await connect(proxy);
      await idle.query('SELECT 1');
      await inTransaction.query('BEGIN');
      const slow = busy.query<RowDataPacket[]>('SELECT SLEEP(0.3) AS s');
      await new Promise((resolve) => setTimeout(resolve, 50));
      for (const session of proxy.sessions) session.drain();
      expect((await slow)[0]).toEqual([{ s: 0 }]);
      await eventually(() => proxy.sessions.size === 1);
      expect((await inTransaction.query<RowDataPacket[]>('SELECT 2 AS two'))[0]).toEqual([{ two: 2 }]);
      await inTransaction.query('COMMIT');
      await eventually(() => proxy.sessions.size === 0);
    });
  });
});
