import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findExecutable } from '../../scripts/lib/run.mjs';
import { startMariadb } from '../servers/mariadb-server.js';
import { startMysql } from '../servers/mysql-server.js';
import type { RunningSqlServer } from '../servers/sql-server.js';
import { tempFolder } from '../servers/temp-folder.js';
import { errorOf, metric, startTestProxy, type TestProxy } from '../support/proxy.js';
import type { RawSession } from '../support/raw-session.js';
import { runClient } from '../support/run-client.js';
import { sharedServers } from '../support/servers.js';
import { int, text } from '../support/wire.js';

/* COM_BINLOG_DUMP and what belongs to it: refused, or streamed (policy.binlogDump). */

const COM_BINLOG_DUMP = 0x12;
const COM_REGISTER_SLAVE = 0x15;
const COM_BINLOG_DUMP_GTID = 0x1e;
const NON_BLOCKING = 1;
const ER_BINLOG_FATAL = 1236;

const kinds = sharedServers().map(({ kind }) => kind);

describe.each(kinds)('%s', (kind) => {
  let server: RunningSqlServer;
  let refusing: TestProxy;
  let allowing: TestProxy;
  let binlog: string;

  beforeAll(async () => {
    const started =
      kind === 'mariadb' ? await startMariadb({ binaryLog: true }) : await startMysql({ binaryLog: true });
    if (started === null) throw new Error('MySQL was there before');
    server = started;
    refusing = await startTestProxy(server, { label: 'bln' });
    allowing = await startTestProxy(server, { label: 'bly', config: { policy: { binlogDump: 'allow' } } });
    for (const { admin } of [refusing, allowing]) {
      await admin.query("CREATE USER IF NOT EXISTS replica@'%'");
      await admin.query("GRANT ALL ON *.* TO replica@'%'");
    }
    const [rows] = await allowing.admin.query('SHOW BINARY LOGS');
    binlog = String((rows as Record<string, unknown>[])[0]?.['Log_name']);
    const big = 'x'.repeat(100_000);
    await allowing.admin.query('CREATE TABLE logged (a LONGTEXT)');
    for (let i = 0; i < 30; i += 1) await allowing.admin.query('INSERT INTO logged VALUES (?)', [big]);
    const client = await allowing.connect('tenant-001');
    await client.query(
      "INSERT INTO users (username, email) VALUES ('u', 'canary-in-the-binlog@example.com')",
    );
  });
  afterAll(async () => {
    await refusing?.stop();
    await allowing?.stop();
    await server?.stop();
  });

  const open = async (proxy: TestProxy): Promise<RawSession> => await proxy.raw({ user: 'replica' });

  function dump(flags: number, file = binlog): number[] {
    return [COM_BINLOG_DUMP, ...int(4, 4), ...int(2, flags), ...int(4, 99), ...text(file)];
  }

  it('is refused unless it is allowed, and the session serves on', async () => {
    const session = await open(refusing);
    const gtid = [COM_BINLOG_DUMP_GTID, ...int(2, 0), ...int(4, 9), ...int(4, 0), ...int(8, 4), ...int(4, 0)];
    const register = [COM_REGISTER_SLAVE, ...int(4, 99), 0, 0, 0, ...int(2, 0), ...int(4, 0), ...int(4, 0)];
    for (const [name, payload] of [
      ['COM_BINLOG_DUMP', dump(NON_BLOCKING)],
      ['COM_BINLOG_DUMP_GTID', gtid],
      ['COM_REGISTER_SLAVE', register],
    ] as const) {
      const answer = await session.command(payload);
      expect([answer[0], answer.readUInt16LE(1)]).toEqual([0xff, 1235]);
      expect(answer.toString('utf8', 9)).toBe(
        `tenantcrypt[TC_UNSUPPORTED_SQL]: ${name} does not pass; set policy.binlogDump: allow, or use a direct connection`,
      );
    }
    expect(await session.query('SELECT 1')).toHaveLength(5);
  });

  it('streams events up to the end', async () => {
    const session = await open(allowing);
    session.sendQuery(
      kind === 'mysql' ? "SET @source_binlog_checksum='NONE'" : "SET @master_binlog_checksum='NONE'",
    );
    await session.response();
    session.send(0, dump(NON_BLOCKING));
    let bytes = 0;
    const events: number[] = [];
    for (;;) {
      const { payload, sequenceId } = await session.packet();
      expect(sequenceId).toBe((events.length + 1) % 256);
      if (payload[0] === 0xfe && payload.length < 9) break;
      expect(payload[0]).toBe(0);
      // Behind 0x00 and the timestamp.
      events.push(payload[5] ?? -1);
      bytes += payload.length;
    }
    expect(bytes).toBeGreaterThan(3_000_000);
    expect(events.length).toBeGreaterThan(60);
  });

  it('ends with the error of the server, which closes the connection then', async () => {
    for (const port of [server.port, allowing.port]) {
      const session = await open({ ...allowing, port });
      session.send(0, dump(NON_BLOCKING, 'no-such-binlog.000001'));
      let packet = await session.packet();
      // A format description may come first.
      while (packet.payload[0] === 0) packet = await session.packet();
      expect(packet.payload.readUInt16LE(1)).toBe(ER_BINLOG_FATAL);
      await expect(session.packet()).rejects.toThrow('the connection is closed');
    }
  });

  const program = (): readonly [string, ...string[]] | null => {
    if (kind === 'mariadb') {
      const found = findExecutable('mariadb-binlog');
      return found === null ? null : [found];
    }
    const [command, ...rest] = server.client.map((part) => part.replace(/\/mysql$/, '/mysqlbinlog'));
    return command === undefined ? null : [command, ...rest.filter((part) => part !== '--no-defaults')];
  };

  function args(port: number, more: readonly string[]): string[] {
    return ['--no-defaults', '-R', '-h127.0.0.1', `-P${port}`, '-ureplica', ...more, binlog];
  }

  it('is read alike by the command line, straight and through the proxy', async () => {
    const found = program();
    // Part of the same packages as the servers.
    if (found === null) throw new Error('no mariadb-binlog');
    const folder = tempFolder('bin');
    const texts = [server.port, allowing.port].map(async (port, index) => {
      const file = join(folder, String(index));
      const run = await runClient(found, args(port, [`--result-file=${file}`]));
      expect(run).toMatchObject({ status: 0, stdout: '' });
      return readFileSync(file, 'latin1');
    });
    const [straight, proxied] = await Promise.all(texts);
    expect(straight?.length).toBeGreaterThan(3_000_000);
    expect(proxied === straight).toBe(true);
    const refused = await runClient(found, args(refusing.port, []));
    expect(refused.status).not.toBe(0);
    expect(refused.stderr).toContain('tenantcrypt[TC_UNSUPPORTED_SQL]');
  });

  it('goes on for as long as its reader stays, and ends with it', async () => {
    const [command = '', ...leading] = program() ?? [];
    const sessions = async (): Promise<number> => metric(await allowing.metrics(), 'tenantcrypt_sessions');
    const before = await sessions();
    const reader = spawn(command, [...leading, ...args(allowing.port, ['--stop-never'])], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    reader.stdout.setEncoding('latin1').on('data', (chunk: string) => {
      output = (output + chunk).slice(-200_000);
    });
    const seen = async (needle: string): Promise<void> => {
      for (let i = 0; i < 200 && !output.includes(needle); i += 1) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      expect(output.includes(needle), needle).toBe(true);
    };
    try {
      await allowing.admin.query('CREATE TABLE first_while_streaming (a INT)');
      await seen('first_while_streaming');
      await allowing.admin.query('CREATE TABLE second_while_streaming (a INT)');
      await seen('second_while_streaming');
      expect(await sessions()).toBe(before + 1);
    } finally {
      reader.kill('SIGKILL');
      await once(reader, 'exit');
    }
    for (let i = 0; i < 100 && (await sessions()) > before; i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(await sessions()).toBe(before);
  });

  it('does not hold up the end of the proxy', async () => {
    const draining = await startTestProxy(server, {
      label: 'bld',
      config: { policy: { binlogDump: 'allow' }, limits: { drainSeconds: 60 } },
    });
    const session = await open(draining);
    session.send(0, dump(0));
    expect((await session.packet()).payload[0]).toBe(0);
    const before = performance.now();
    await draining.stop();
    expect(performance.now() - before).toBeLessThan(20_000);
    expect((await errorOf(allowing.admin.query('SELECT nothing'))).errno).toBe(1054);
  });
});
