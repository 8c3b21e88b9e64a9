import { beforeAll, expect, it } from 'vitest';
import { Flag, type RawPacket, type RawSession } from '../support/raw-session.js';
import { forEachServer } from '../support/servers.js';
import { sessionStage, type Where } from '../support/session-stage.js';
import { int, lenenc, text } from '../support/wire.js';

/*
 * CALL through COM_STMT_EXECUTE: results of the procedure, then one with its OUT and INOUT parameters, then an OK. Where
 * the client has no CLIENT_DEPRECATE_EOF, MySQL does not say in the usual place that the OK follows: all bytes until the
 * connection ends are compared with the server's own.
 */

const Com = { QUIT: 1, PING: 14, STMT_PREPARE: 22, STMT_EXECUTE: 23 } as const;

forEachServer((_name, getServer) => {
  const stage = sessionStage(getServer, { label: 'outp', calls: ['several', 'quiet', 'failing'] });
  beforeAll(async () => {
    await stage.admin.query(
      `CREATE PROCEDURE several(IN a INT, OUT b INT, INOUT c VARCHAR(20))
         BEGIN SELECT a AS first; SELECT 'x' AS second, NULL AS nothing; SET b = a + 1, c = CONCAT(c, '!'); END`,
    );
    await stage.admin.query('CREATE PROCEDURE quiet(OUT b INT) BEGIN SET b = 7; END');
    await stage.admin.query(
      "CREATE PROCEDURE failing(OUT b INT) BEGIN SET b = 7; SIGNAL SQLSTATE '45000'; END",
    );
  });

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
    where: Where,
    flags: number,
    sql: string,
    values: readonly string[],
  ): Promise<string[]> {
    const session = await stage.raw(where, { flags });
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
