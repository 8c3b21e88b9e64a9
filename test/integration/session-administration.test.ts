import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUser } from '../servers/accounts.js';
import { eventually } from '../support/eventually.js';
import { countProcesses } from '../support/processlist.js';
import { Flag, type RawPacket, type RawSession } from '../support/raw-session.js';
import { forEachServer } from '../support/servers.js';
import { sessionStage, type Where } from '../support/session-stage.js';
import { int, nul, text } from '../support/wire.js';

/*
 * Commands beside statements, byte by byte: the proxy is given the same as the server itself, and has to say the same.
 */

const Com = {
  INIT_DB: 2,
  QUERY: 3,
  FIELD_LIST: 4,
  CREATE_DB: 5,
  DROP_DB: 6,
  REFRESH: 7,
  SHUTDOWN: 8,
  STATISTICS: 9,
  PROCESS_INFO: 10,
  PROCESS_KILL: 12,
  DEBUG: 13,
  PING: 14,
  STMT_PREPARE: 22,
  STMT_EXECUTE: 23,
  STMT_RESET: 26,
  SET_OPTION: 27,
  RESET_CONNECTION: 31,
} as const;

/** All that the proxy takes up as something else than an unknown command, on either server. */
const KNOWN = new Set([
  1, 2, 3, 4, 7, 8, 9, 10, 12, 13, 14, 17, 18, 19, 21, 22, 23, 24, 25, 26, 27, 28, 30, 31, 32, 33, 250,
]);

type Command = readonly number[];
type Shape = 'packet' | 'response' | 'fields' | 'prepare';

const query = (sql: string): Command => [Com.QUERY, ...text(sql)];

forEachServer((name, getServer) => {
  const stage = sessionStage(getServer, { label: 'adm', calls: ['several'] });
  const powerful = `admp_${name.replace(/\W/g, '')}`;

  beforeAll(async () => {
    await createUser(getServer(), { user: powerful, password: '', grants: ['ALL PRIVILEGES ON *.*'] });
    await stage.admin.query(
      `CREATE PROCEDURE several(IN a INT, OUT b INT, INOUT c VARCHAR(20))
         BEGIN SELECT a AS first; SELECT 'x' AS second, NULL AS nothing; SET b = a + 1, c = CONCAT(c, '!'); END`,
    );
  });
  afterAll(async () => {
    await stage.admin.query(`DROP USER IF EXISTS '${powerful}'@'%'`);
  });

  const raw = async (where: Where, flags = 0, user?: string): Promise<RawSession> =>
    await stage.raw(where, { flags, ...(user === undefined ? {} : { user }) });

  async function answer(session: RawSession, shape: Shape): Promise<RawPacket[]> {
    if (shape === 'response') return await session.response();
    const packets: RawPacket[] = [];
    const next = async (): Promise<Buffer> => {
      const one = await session.packet();
      packets.push(one);
      return one.payload;
    };
    const first = await next();
    if (shape === 'fields') {
      for (let last = first; last[0] !== 0xff && last[0] !== 0xfe; ) last = await next();
    } else if (shape === 'prepare' && first[0] === 0) {
      for (const count of [first.readUInt16LE(5), first.readUInt16LE(7)]) {
        if (count > 0) for (let i = 0; i <= count; i += 1) await next();
      }
    }
    return packets;
  }

  /**
   * Everything of a response but whether an index served (SERVER_QUERY_NO_INDEX_USED), which a tenant's predicate
   * changes.
   */
  const shown = (packets: readonly RawPacket[]): string[] =>
    packets.map(({ sequenceId, payload }) => {
      if (payload[0] === 0xfe && payload.length === 5) payload[3] = (payload[3] ?? 0) & ~0x20;
      return `${sequenceId} ${JSON.stringify(payload.toString('latin1'))}`;
    });

  /** For OKs that report variables: MariaDB names them in an order of its own, another one each time. */
  const sorted = (packets: readonly string[] = []): string[] =>
    packets.map((packet) => [...packet].sort().join(''));

  /** What both say to the same commands, each sent when the one before has been answered. */
  async function both(
    commands: readonly (readonly [Shape, Command])[],
    options: { readonly flags?: number; readonly user?: string } = {},
  ): Promise<{ readonly proxied: string[][]; readonly straight: string[][] }> {
    const said = { proxied: [] as string[][], straight: [] as string[][] };
    for (const where of ['proxied', 'straight'] as const) {
      const session = await raw(where === 'proxied' ? 'proxy' : 'straight', options.flags, options.user);
      for (const [shape, command] of commands) {
        session.send(0, command);
        said[where].push(shown(await answer(session, shape)));
      }
    }
    return said;
  }

  async function ask(session: RawSession, sql: string): Promise<string> {
    const packets = await session.query(sql);
    return packets.at(-2)?.payload.subarray(1).toString() ?? '';
  }

  it('commands that no server knows are answered alike, and the session goes on', async () => {
    const unknown = Array.from({ length: 256 }, (_, code) => code).filter((code) => !KNOWN.has(code));
    const commands: [Shape, Command][] = [
      ...unknown.map((code): [Shape, Command] => ['packet', [code, 1, 0, 0, 0]]),
      ['packet', [Com.CREATE_DB, ...text('tc_never')]],
      ['packet', [Com.DROP_DB, ...text('tc_never')]],
      ['packet', []],
      ['response', query('SELECT 1')],
    ];
    const { proxied, straight } = await both(commands);
    const differences = commands.flatMap(([, command], i) =>
      `${proxied[i]}` === `${straight[i]}` ? [] : [{ command, proxied: proxied[i], straight: straight[i] }],
    );
    expect(differences).toEqual([]);
    expect(proxied.at(-2)?.[0]).toContain('08S01Unknown command');
    expect(proxied.at(-1)?.[3]).toContain('1');
  });

  it.each([
    ['COM_PING', [['packet', [Com.PING]]]],
    ['COM_PING with a body', [['packet', [Com.PING, 1, 2]]]],
    [
      'COM_SET_OPTION',
      [
        ['packet', [Com.SET_OPTION, 0, 0]],
        ['response', query('SELECT 1; SELECT 2')],
        ['packet', [Com.SET_OPTION, 1, 0]],
        ['response', query('SELECT 1; SELECT 2')],
        ['packet', [Com.SET_OPTION, 7, 0]],
      ],
    ],
    [
      'COM_INIT_DB',
      [
        ['packet', [Com.INIT_DB, ...text('nowhere_at_all')]],
        ['packet', [Com.INIT_DB]],
        ['packet', [Com.INIT_DB, ...text('information_schema')]],
        ['response', query('SELECT DATABASE()')],
      ],
    ],
    ['COM_REFRESH without the privilege', [['packet', [Com.REFRESH, 1]]]],
    ['COM_DEBUG without the privilege', [['packet', [Com.DEBUG]]]],
    ['COM_SHUTDOWN without the privilege', [['packet', [Com.SHUTDOWN, 0]]]],
    ['COM_PROCESS_KILL of nobody', [['packet', [Com.PROCESS_KILL, ...int(4, 0x7fff_ffff)]]]],
    ['COM_PROCESS_KILL cut', [['packet', [Com.PROCESS_KILL, 1]]]],
    [
      'COM_FIELD_LIST',
      [
        ['fields', [Com.FIELD_LIST, ...nul('plain_users')]],
        ['fields', [Com.FIELD_LIST, ...nul('plain_users'), ...text('e%')]],
        ['fields', [Com.FIELD_LIST, ...nul('nothing')]],
      ],
    ],
    [
      'COM_RESET_CONNECTION',
      [
        ['response', query("SET @a = 1, sql_mode = 'ANSI_QUOTES', NAMES latin1")],
        ['response', query('CREATE TEMPORARY TABLE passing (a INT)')],
        ['packet', [Com.RESET_CONNECTION]],
        ['response', query('SELECT @a, @@sql_mode, @@character_set_client, DATABASE(), "x"')],
        ['response', query('SELECT * FROM passing')],
      ],
    ],
    [
      'statements that no one has prepared',
      [
        ['packet', [Com.STMT_EXECUTE, ...int(4, 0x77_7777), 0, ...int(4, 1)]],
        ['packet', [Com.STMT_RESET, ...int(4, 0x77_7777)]],
      ],
    ],
    [
      'a procedure of several results',
      [
        ['response', query("SET @c = 'in'")],
        ['response', query('CALL several(5, @b, @c)')],
        ['response', query('SELECT @b, @c')],
        ['response', query('CALL several(NULL, @b, @c)')],
        ['response', query('CALL several(5, 6, @c)')],
        ['response', query('SELECT 1')],
      ],
    ],
  ] satisfies readonly [string, readonly (readonly [Shape, Command])[]][])('%s', async (_what, commands) => {
    for (const flags of [Flag.multiStatements, Flag.deprecateEof | Flag.sessionTrack]) {
      const { proxied, straight } = await both(commands, { flags });
      const isTracked = (flags & Flag.sessionTrack) !== 0;
      expect(isTracked ? proxied.map(sorted) : proxied).toEqual(isTracked ? straight.map(sorted) : straight);
    }
  });

  it('what a privileged account may do besides', async () => {
    const { proxied, straight } = await both(
      [
        ['packet', [Com.DEBUG]],
        ['packet', [Com.REFRESH, 1]],
        ['response', query('SELECT 1')],
      ],
      { user: powerful },
    );
    expect(proxied).toEqual(straight);
  });

  it('COM_STATISTICS and COM_PROCESS_INFO', async () => {
    const withoutNumbers = (said: string[][]): string[][] =>
      said.map((packets) => packets.map((packet) => packet.replace(/\d+(\.\d+)?/g, 'n')));
    const { proxied, straight } = await both([['packet', [Com.STATISTICS]]]);
    expect(withoutNumbers(proxied)).toEqual(withoutNumbers(straight));
    expect(proxied[0]?.[0]).toContain('Uptime: ');
    // The rows tell of other sessions too.
    const info = await both([['response', [Com.PROCESS_INFO]]]);
    const definitions = (said: string[][]): string[] =>
      (said[0] ?? []).filter((packet) => /^\d+ "\\u0003def/.test(packet) || packet.includes('#'));
    expect(definitions(info.proxied)).toEqual(definitions(info.straight));
    expect(definitions(info.proxied)).not.toEqual([]);
  });

  it('COM_FIELD_LIST of a protected table tells of its logical columns, and of another case none', async () => {
    const session = await raw('proxy');
    const said = async (table: string): Promise<string> => {
      session.send(0, [Com.FIELD_LIST, ...nul(table)]);
      return (await answer(session, 'fields')).map(({ payload }) => payload.toString('latin1')).join('');
    };
    const fields = await said('users');
    expect(fields).toContain('email');
    expect(fields).not.toContain('encrypted');
    expect(await said('USERS')).toContain('42S02');
    expect(await ask(session, 'SELECT COUNT(*) FROM users')).toBe('0');
  });

  describe('KILL', () => {
    it('ends whom the greeting names, as COM_PROCESS_KILL does', async () => {
      for (const kill of ['KILL', 'KILL CONNECTION', 'COM_PROCESS_KILL']) {
        const [killer, victim] = [await raw('proxy'), await raw('proxy')];
        expect(await ask(victim, 'SELECT CONNECTION_ID()')).toBe(String(victim.connectionId));
        const id = victim.connectionId;
        const [said] =
          kill === 'COM_PROCESS_KILL'
            ? [await killer.command([Com.PROCESS_KILL, ...int(4, id)])]
            : (await killer.query(`${kill} ${id}`)).map(({ payload }) => payload);
        // MySQL 9 has no COM_PROCESS_KILL any more.
        if (kill === 'COM_PROCESS_KILL' && said?.[0] === 0xff) {
          expect(said.readUInt16LE(1)).toBe(1047);
          expect(await ask(victim, 'SELECT 1')).toBe('1');
          continue;
        }
        expect(said?.[0], kill).toBe(0);
        await eventually(() => victim.isClosed);
        expect(await ask(killer, 'SELECT COUNT(*) FROM users')).toBe('0');
      }
    });

    it('KILL QUERY ends the statement alone', async () => {
      const [killer, victim] = [await raw('proxy'), await raw('proxy')];
      victim.sendQuery('SELECT 1 FROM (SELECT 1) AS one WHERE SLEEP(20)');
      const isAsleep = async (): Promise<boolean> =>
        (await countProcesses(stage.admin, `id = ${victim.connectionId} AND info LIKE '%SLEEP(20)%'`)) > 0;
      await eventually(isAsleep);
      expect((await killer.query(`KILL QUERY ${victim.connectionId}`))[0]?.payload[0]).toBe(0);
      const last = (await victim.response()).at(-1)?.payload;
      expect([last?.[0], last?.readUInt16LE(1)]).toEqual([0xff, 1317]);
      expect(await ask(victim, 'SELECT COUNT(*) FROM users')).toBe('0');
    });

    it.each(['KILL CONNECTION_ID()', 'KILL QUERY CONNECTION_ID()', 'COM_PROCESS_KILL'])(
      'of oneself: %s',
      async (kill) => {
        const said: unknown[] = [];
        for (const where of ['proxy', 'straight'] as const) {
          const session = await raw(where);
          if (kill === 'COM_PROCESS_KILL')
            session.send(0, [Com.PROCESS_KILL, ...int(4, session.connectionId)]);
          else session.sendQuery(kill);
          const packets = shown(await session.response());
          // Whether the session goes on.
          const next = await session
            .command([Com.PING])
            .then((payload) => payload[0])
            .catch(() => 'closed');
          said.push([packets, next]);
        }
        expect(said[0]).toEqual(said[1]);
      },
    );

    it("another account's session is none of ours", async () => {
      const victim = await raw('proxy', 0, powerful);
      const { proxied, straight } = await both([['response', query(`KILL ${victim.connectionId}`)]]);
      expect(proxied).toEqual(straight);
      expect(proxied[0]?.[0]).toContain(`${victim.connectionId}`);
      expect(victim.isClosed).toBe(false);
    });
  });

  it('session tracking is what the client asked for', async () => {
    const statements = [
      'SELECT 1',
      `USE ${stage.database}`,
      'USE information_schema',
      `USE ${stage.database}`,
      "SET sql_mode = 'ANSI_QUOTES'",
      "SET NAMES latin1, time_zone = '+01:00', autocommit = 0",
      'SET autocommit = 1',
      'SET NAMES utf8mb4',
      'SET @a = 1',
      'SET session_track_state_change = ON',
      'SET @a = 2',
      "SET session_track_transaction_info = 'CHARACTERISTICS'",
      'START TRANSACTION READ ONLY',
      'SELECT COUNT(*) FROM plain_users',
      'COMMIT',
      'SET sql_mode = DEFAULT, time_zone = DEFAULT',
    ];
    const { proxied, straight } = await both(
      statements.map((sql): [Shape, Command] => ['response', query(sql)]),
      { flags: Flag.sessionTrack | Flag.deprecateEof },
    );
    for (const [i, sql] of statements.entries()) {
      expect([sql, sorted(proxied[i])]).toEqual([sql, sorted(straight[i])]);
    }
  });

  it('commands of every kind in one piece are answered in order', async () => {
    const commands = (where: Where): readonly (readonly [Shape, Command])[] => {
      const table = where === 'proxy' ? 'users' : 'plain_users';
      return [
        ['packet', [Com.PING]],
        ['response', query(`SELECT COUNT(*) FROM ${table}`)],
        ['packet', [Com.INIT_DB, ...text(stage.database)]],
        ['packet', [Com.SET_OPTION, 0, 0]],
        ['response', query(`SELECT 1; SELECT COUNT(*) FROM ${table}; SELECT 2`)],
        ['packet', [0x77]],
        ['fields', [Com.FIELD_LIST, ...nul('plain_users')]],
        ['prepare', [Com.STMT_PREPARE, ...text(`SELECT COUNT(*) FROM ${table} WHERE email = ?`)]],
        ['packet', [Com.STMT_RESET, ...int(4, 0x77_7777)]],
        ['packet', []],
        ['response', query('CALL several(1, @b, @c)')],
        ['packet', [Com.RESET_CONNECTION]],
        ['response', query('SELECT @b')],
        ['response', query(`SELECT COUNT(*) FROM ${table}`)],
        ['packet', [Com.DEBUG]],
        ['response', query('SELEC')],
        ['packet', [Com.PING]],
      ];
    };
    const said: string[][][] = [];
    for (const where of ['proxy', 'straight'] as const) {
      const session = await raw(where, Flag.multiStatements);
      for (const [, command] of commands(where)) session.send(0, command);
      const answers: string[][] = [];
      for (const [shape] of commands(where)) {
        const packets = shown(await answer(session, shape));
        // The server numbers statements, definitions name the table, and an index may serve one query and not the other.
        const keepsBytes = shape !== 'prepare' && packets.length !== 5;
        answers.push(keepsBytes ? packets : packets.map((packet) => packet.replace(/ .*/s, '')));
      }
      said.push(answers);
    }
    expect(said[0]?.length).toBe(17);
    expect(said[0]).toEqual(said[1]);
  });
});
