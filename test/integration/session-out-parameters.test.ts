import type { Connection } from 'mysql2/promise';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { adminConnection, createDatabase, createUser, type TestDatabase } from '../servers/accounts.js';
import { protect, type TestProtection, USERS_SQL, usersTable } from '../support/protection.js';
import { Flag, type RawPacket, RawSession } from '../support/raw-session.js';
import { forEachServer } from '../support/servers.js';
import { type SessionProxy, startSessionProxy } from '../support/session-proxy.js';
import { int, lenenc, text } from '../support/wire.js';

/*
 * CALL through COM_STMT_EXECUTE: results of the procedure, then one with its OUT and INOUT parameters, then an OK. Where
 * the client has no CLIENT_DEPRECATE_EOF, MySQL does not say in the usual place that the OK follows: all bytes until the
 * connection ends are compared with the server's own.
 */

const Com = { QUIT: 1, PING: 14, STMT_PREPARE: 22, STMT_EXECUTE: 23 } as const;

forEachServer((name, getServer) => {
  let proxy: SessionProxy;
  let database: TestDatabase;
  let admin: Connection;
  let protection: TestProtection;
  const user = `outp_${name.replace(/\W/g, '')}`;

  beforeAll(async () => {
    const server = getServer();
    database = await createDatabase(server, 'outp');
    await createUser(server, { user, password: '' });
    admin = await adminConnection(server, { database: database.name });
    await admin.query(USERS_SQL);
    await admin.query(
      `CREATE PROCEDURE several(IN a INT, OUT b INT, INOUT c VARCHAR(20))
         BEGIN SELECT a AS first; SELECT 'x' AS second, NULL AS nothing; SET b = a + 1, c = CONCAT(c, '!'); END`,
    );
    await admin.query('CREATE PROCEDURE quiet(OUT b INT) BEGIN SET b = 7; END');
    await admin.query("CREATE PROCEDURE failing(OUT b INT) BEGIN SET b = 7; SIGNAL SQLSTATE '45000'; END");
    protection = protect([usersTable(database.name)], {
      calls: ['several', 'quiet', 'failing'].map(qualified),
    });
    protection.provider.keys.set('t1', { key: 'a key', version: '1' });
    proxy = await startSessionProxy(server, { protection, sources: [{ kind: 'fixed', tenant: 't1' }] });
  });
  afterAll(async () => {
    await proxy.stop();
    protection.cache.close();
    await admin.query(`DROP USER IF EXISTS '${user}'@'%'`);
    await admin.end();
    await database.drop();
  });

  const qualified = (routine: string): string => `${database.name}.${routine}`;

  async function prepare(session: RawSession, sql: string): Promise<number> {
    const first = await session.command([Com.STMT_PREPARE, ...text(sql)]);
    expect(first[0], first.toString('latin1')).toBe(0);
    for (const count of [first.readUInt16LE(7), first.readUInt16LE(5)]) {
      for (let i = 0; i < count; i += 1) await session.packet();
      if (count > 0 && !session.isWithoutEof) await session.packet();
    }
    return first.readUInt32LE(1);
  }

  /** What is said to executions, each followed by a COM_PING, until the connection ends. */
  async function said(
    where: 'proxy' | 'straight',
    flags: number,
    sql: string,
    values: readonly string[],
  ): Promise<string[]> {
    const port = where === 'proxy' ? proxy.port : getServer().port;
    const session = await RawSession.open(getServer(), { port, user, database: database.name, flags });
    const id = await prepare(session, sql);
    for (let execution = 0; execution < 2; execution += 1) {
      const types = values.flatMap(() => [0xfd, 0]);
      const bound = values.flatMap((value) => [...lenenc(value)]);
      session.send(0, [Com.STMT_EXECUTE, ...int(4, id), 0, ...int(4, 1), 0, 1, ...types, ...bound]);
      session.send(0, [Com.PING]);
    }
    session.send(0, [Com.QUIT]);
    const packets: RawPacket[] = [];
    for (;;) {
      const packet = await session.packet().catch(() => null);
      if (packet === null) break;
      packets.push(packet);
    }
    session.destroy();
    return packets.map(({ sequenceId, payload }) => `${sequenceId} ${payload.toString('latin1')}`);
  }

  it.each([
    ['results and parameters', 'CALL several(?, ?, ?)', ['5', '6', 'so']],
    ['parameters alone', 'CALL quiet(?)', ['1']],
    ['an error behind the parameters', 'CALL failing(?)', ['1']],
  ] as const)('%s', async (_what, sql, values) => {
    for (const more of [0, Flag.deprecateEof, Flag.deprecateEof | Flag.sessionTrack]) {
      const flags = more | Flag.psMultiResults;
      const straight = await said('straight', flags, sql, values);
      expect(await said('proxy', flags, sql, values)).toEqual(straight);
      expect(straight.length).toBeGreaterThan(3);
      if (sql.includes('several')) expect(straight.join('\n')).toContain('so!');
    }
  });
});
