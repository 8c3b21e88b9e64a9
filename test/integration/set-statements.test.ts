import { afterAll, expect, it, vi } from 'vitest';
import { parseSqlMode } from '../../src/rewrite/dialect.js';
import type { RewriteContext } from '../../src/rewrite/rewriter.js';
import { Flag, type RawPacket, type RawSession } from '../support/raw-session.js';
import { forEachServer } from '../support/servers.js';
import { sessionStage, type Where } from '../support/session-stage.js';

/*
 * SET in its shapes: after each one the proxy reads statements under the state that the server is in, and the client is
 * told what the server says, byte by byte. Statements that the proxy does not have to read pass unread; so each is
 * tried a second time with an assignment to the tenant's variable in front, which makes it read them.
 */

const SETS: readonly string[] = [
  // Whose variable it is, and how it is spelled.
  "SET @@sql_mode = 'TRADITIONAL'",
  "SET SESSION sql_mode = 'TRADITIONAL,ANSI_QUOTES'",
  "set @@session.sql_mode = 'ANSI'",
  "SET @@local.sql_mode = 'ANSI_QUOTES'",
  "SET LOCAL sql_mode = 'ANSI_QUOTES'",
  "SET SQL_MODE   ='NO_BACKSLASH_ESCAPES'",
  "SET `sql_mode` = 'ANSI_QUOTES'",
  'SET sql_mode = `ANSI_QUOTES`',
  "SET @@`sql_mode` = 'ANSI_QUOTES'",
  "SET @@session.`sql_mode` := 'ANSI_QUOTES'",
  "SET @@ session . sql_mode = 'ANSI_QUOTES'",
  "SET @@session. sql_mode = 'ANSI_QUOTES'",
  "SET @@session .sql_mode = 'ANSI_QUOTES'",
  "SET SESSION SESSION sql_mode = ''",
  "SET @@session.session.sql_mode = ''",
  'SET @@sql_mode.x = 1',
  'SET nothing_of_the_kind = 1',
  'SET sql_mode',
  'SET',
  'SET sql_mode =',
  "SET sql_mode == 'ANSI'",
  'SET = 1',
  // Its value.
  'SET SQL_MODE  = TRADITIONAL',
  'SET sql_mode = ansi_quotes',
  'SET SQL_MODE  = "NO_BACKSLASH_ESCAPES"',
  'SET sql_mode = 4',
  'SET sql_mode = 0x4',
  "SET sql_mode = x'04'",
  "SET sql_mode = b'100'",
  'SET sql_mode = 4+1048576',
  'SET sql_mode = 1048576 | 4',
  'SET sql_mode = DEFAULT',
  'SET sql_mode = NULL',
  "SET sql_mode = 'NONSENSE'",
  "SET sql_mode = ''",
  "SET sql_mode = ' ANSI_QUOTES'",
  "SET sql_mode = 'ANSI_QUOTES,,NO_BACKSLASH_ESCAPES'",
  "SET sql_mode = 'ansi,no_backslash_escapes'",
  "SET sql_mode = 'ANSI_''QUOTES'",
  "SET sql_mode = 'ANSI' '_QUOTES'",
  "SET sql_mode = _latin1'ANSI_QUOTES'",
  "SET sql_mode = N'ANSI_QUOTES'",
  "SET sql_mode = _utf8mb4'ANSI_QUOTES' COLLATE utf8mb4_bin",
  String.raw`SET sql_mode = 'ANSI\_QUOTES'`,
  String.raw`SET sql_mode = 'A\NSI_QUOTE\S'`,
  "SET sql_mode = BINARY 'ANSI_QUOTES'",
  // Expressions.
  "SET sql_mode = CONCAT(@@sql_mode, ',STRICT_TRANS_TABLES')",
  "SET @@SESSION.sql_mode = CONCAT(CONCAT(@@sql_mode, ', STRICT_ALL_TABLES'), ', NO_AUTO_VALUE_ON_ZERO')",
  "SET @@SESSION.sql_mode = CONCAT(CONCAT(@@sql_mode, ',ANSI_QUOTES'), ',NO_BACKSLASH_ESCAPES'), @@SESSION.sql_auto_is_null = 0, @@SESSION.wait_timeout = 2147483",
  'SET sql_mode = IFNULL(NULL,"ANSI_QUOTES")',
  "SET SQL_MODE=IFNULL(@OLD_SQL_MODE,'')",
  "SET sql_mode=(SELECT CONCAT(@@sql_mode, ',PIPES_AS_CONCAT,NO_ENGINE_SUBSTITUTION'))",
  "SET sql_mode=(SELECT CONCAT(@@sql_mode, ',PIPES_AS_CONCAT,ANSI_QUOTES')), time_zone = '+00:00', NAMES utf8mb4 COLLATE utf8mb4_unicode_ci",
  "SET sql_mode=(SELECT CONCA(@@sql_mode, ',PIPES_AS_CONCAT'))",
  "SET @@sql_mode = REPLACE(REPLACE(REPLACE(@@sql_mode, 'ONLY_FULL_GROUP_BY,', ''),',ONLY_FULL_GROUP_BY', ''),'ONLY_FULL_GROUP_BY', '')",
  "SET NAMES latin1, @@SESSION.sql_mode = CONCAT(REPLACE(REPLACE(@@sql_mode, 'STRICT_TRANS_TABLES', ''), 'STRICT_ALL_TABLES', ''), ',NO_BACKSLASH_ESCAPES'), @@SESSION.sql_auto_is_null = 0",
  "SET sql_mode=CASE WHEN 1 THEN 'ANSI_QUOTES' ELSE '' END",
  "SET sql_mode=IF(@@autocommit,'ANSI_QUOTES',''), @x = @y := 3",
  "SET @m = 'ANSI_QUOTES', sql_mode = @m",
  "SET @m := (SELECT GROUP_CONCAT(a) FROM (SELECT 'ANSI_QUOTES' AS a UNION SELECT 'IGNORE_SPACE') AS t), @@sql_mode := @m",
  'SET sql_mode = @nothing_at_all',
  'SET sql_mode = ANSI_QUOTES + 0',
  // Comments and white space.
  "set/**/sql_mode/* x */=/**/'ANSI_QUOTES'",
  "SET -- c\n sql_mode # d\n = -- e\n 'NO_BACKSLASH_ESCAPES'",
  "\n\t SET\r\n\tsql_mode\f=\v'ANSI_QUOTES'\n;\n",
  "SET sql_mode='ANSI_QUOTES'; -- c",
  "SET sql_mode='ANSI_QUOTES';;",
  "SET /*!50000 SESSION */ sql_mode='ANSI_QUOTES'",
  "SET /*!99999 GLOBAL */ sql_mode='ANSI_QUOTES'",
  "SET /*M! SESSION */ sql_mode='ANSI_QUOTES'",
  "SET /*+ x */ sql_mode='ANSI_QUOTES'",
  "/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_BACKSLASH_ESCAPES' */",
  '/*!40101 SET NAMES latin1 */;',
  '/*!50503 SET character_set_client = latin1 */',
  // Several assignments.
  "SET @a = 1, @b := 2, sql_mode := 'ANSI_QUOTES', @c = @@sql_mode",
  "SET @a=1,@@session.sql_mode='ANSI_QUOTES',@`b c`='x',LOCAL sql_safe_updates=ON",
  "SET autocommit=1, session_track_schema=1, sql_mode = concat(@@sql_mode,',ANSI_QUOTES'), @@SESSION.net_write_timeout=7200",
  "SET @@session.sql_mode = 'ANSI_QUOTES', sql_mode = 'NO_BACKSLASH_ESCAPES'",
  "SET SESSION sql_mode = 'ANSI_QUOTES', @@GLOBAL.nothing = 1",
  "SET sql_mode = 'ANSI_QUOTES', nothing = 1",
  "SET sql_mode = 'ANSI_QUOTES', wait_timeout = 'x'",
  'SET time_zone = SYSTEM, SESSION sql_mode = ANSI_QUOTES, time_zone = DEFAULT',
  "SET @@sql_mode='ANSI_QUOTES', @@character_set_client=latin1, @@collation_connection=latin1_bin, @@character_set_results=NULL",
  'SET @\'a\' = 1, @"b" = 2, @`c` = 3, @d.e$f = 4',
  "SET @a = NULL, @b = TRUE, @c = -1.5e3, @d = x'41', @e = DATE'2020-01-01'",
  'SET @a = (@b := 5) + 1',
  'SET @a = ROW_COUNT(), @b = FOUND_ROWS()',
  // What the server reports.
  "SET session_track_schema=OFF, session_track_system_variables=''",
  "SET session_track_system_variables='', sql_mode='NO_BACKSLASH_ESCAPES'",
  "SET sql_mode='NO_BACKSLASH_ESCAPES', session_track_system_variables='sql_mode', sql_mode = 'ANSI_QUOTES'",
  "SET @@session.session_track_system_variables='*'",
  'SET SESSION session_track_system_variables=NULL',
  'SET session_track_state_change=ON',
  'SET @@session_track_gtids = OWN_GTID',
  // Character sets.
  'SET NAMES utf8mb4',
  "SET NAMES 'latin1'",
  'SET NAMES "latin1"',
  'SET NAMES `latin1`',
  'SET NAMES latin1 COLLATE latin1_bin',
  "SET NAMES 'latin1' COLLATE 'latin1_bin'",
  'SET NAMES latin1 COLLATE DEFAULT',
  'SET NAMES utf8mb4 COLLATE latin1_bin',
  'SET NAMES DEFAULT',
  'SET NAMES binary',
  'SET NAMES = utf8mb4',
  'SET NAMES nonsense',
  'SET NAMES latin1, @a = 1, sql_mode = ansi_quotes',
  'SET CHARACTER SET latin1',
  "SET CHARACTER SET 'latin1'",
  'SET CHARACTER SET DEFAULT',
  'SET CHARACTER SET = latin1',
  'SET CHARSET latin1',
  'SET CHARSET DEFAULT',
  'SET CHAR SET latin1',
  'SET CHARSET = latin1',
  'SET character_set_client = latin1',
  'SET character_set_client = 8',
  'SET character_set_client = DEFAULT, character_set_connection = @@character_set_client',
  'SET character_set_client = binary',
  "SET character_set_client = 'utf16'",
  'SET character_set_client := `latin1`, collation_connection := utf8mb4_bin',
  'SET collation_connection = latin1_german2_ci',
  "SET @@character_set_client = (SELECT 'latin1')",
  "SET character_set_results=null,names latin7,character_set_client='utf8mb4'",
  'SET character_set_results = utf8mb3',
  // Other forms.
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  'SET TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY',
  'SET LOCAL TRANSACTION READ WRITE',
  "SET @@session.transaction_isolation = 'READ-COMMITTED'",
  'SET transaction_isolation = 2',
  "SET tx_isolation = 'READ-COMMITTED'",
  'SET session transaction_read_only = 1',
  'SET SQL_SAFE_UPDATES = OFF',
  'SET @@sql_safe_updates = ON',
  'SET sql_safe_updates = TRUE',
  'SET sql_safe_updates = 1+0',
  'SET sql_select_limit = DEFAULT',
  'SET @@SESSION.SQL_SELECT_LIMIT= 18446744073709551615',
  'SET autocommit = OFF',
  'SET AUTOCOMMIT := (1)',
  'SET autocommit = true',
  'SET autocommit = "on"',
  'SET unique_checks=0,foreign_key_checks=0',
  'SET LAST_INSERT_ID = 5, @@identity = 3',
  'SET INSERT_ID = 7, TIMESTAMP = 1',
  'SET timestamp = DEFAULT',
  "SET GLOBAL sql_mode = '', SESSION sql_mode = 'ANSI_QUOTES'",
  "SET PERSIST sql_mode = 'ANSI_QUOTES'",
  'SET ROLE NONE',
  'SET ROLE nobody_at_all',
  'SET DEFAULT ROLE NONE TO nobody_at_all',
  "SET PASSWORD FOR nobody_at_all = 'x'",
  'SET STATEMENT sql_mode=\'ANSI_QUOTES\' FOR SELECT "a"',
  "SET STATEMENT sql_mode='ANSI_QUOTES', max_statement_time=5 FOR SELECT @@sql_mode",
  "SET STATEMENT sql_mode='ANSI_QUOTES' FOR SET sql_mode='NO_BACKSLASH_ESCAPES'",
  "SET STATEMENT sql_mode='ANSI_QUOTES' FOR SELECT nothing",
  'SET STATEMENT character_set_client=latin1 FOR SELECT 1',
  "SET optimizer_switch = 'mrr=on', optimizer_switch = default",
  'SET SESSION group_concat_max_len = 2*1024, sql_notes = OFF',
  "SET lc_time_names = 'de_DE', default_storage_engine = InnoDB, div_precision_increment = 5",
];

const COM_RESET_CONNECTION = 31;

/** One assignment to the tenant's variable in front, where the statement is one of assignments. */
function withTenant(sql: string): string | null {
  const alone =
    /^(\s*(?:\/\*!\d+ )?SET\b)(?!\s*(?:(?:SESSION |LOCAL )?TRANSACTION |ROLE|DEFAULT ROLE|PASSWORD|STATEMENT|$))/i;
  return alone.test(sql) ? sql.replace(alone, "$1 @tenant_id = 't1',") : null;
}

forEachServer((_name, getServer) => {
  const stage = sessionStage(getServer, {
    label: 'sets',
    protect: { tenantVariable: 'tenant_id' },
    proxy: { sources: [{ kind: 'userVariable', name: 'tenant_id' }] },
  });
  const raw = async (where: Where): Promise<RawSession> =>
    await stage.lastingRaw(where, { flags: Flag.sessionTrack | Flag.deprecateEof });

  const shown = (packets: readonly RawPacket[]): string[] =>
    packets.map(({ sequenceId, payload }) => `${sequenceId} ${JSON.stringify(payload.toString('latin1'))}`);

  /** MariaDB names the variables that it reports in an order of its own. */
  const sorted = (packets: readonly string[]): string[] =>
    packets.map((packet) => (packet.startsWith('1 "\\u0000') ? [...packet].sort().join('') : packet));

  const STATE = [
    '@@sql_mode',
    '@@character_set_client',
    '@@character_set_connection',
    'DATABASE()',
    '@@sql_safe_updates + 0',
  ] as const;

  async function stateOf(session: RawSession): Promise<string[]> {
    const [, , row] = await session.query(`SELECT CONCAT_WS('~', ${STATE.join()}) AS state`);
    return row?.payload.subarray(1).toString('latin1').split('~') ?? [];
  }

  /** What the proxy reads the session's next statement on a protected table under. */
  async function readUnder(session: RawSession): Promise<RewriteContext> {
    const analyse = vi.spyOn(stage.protection.rewriter, 'analyse');
    try {
      await session.query('SELECT COUNT(*) FROM users');
      const context = analyse.mock.calls.at(-1)?.[3];
      if (context === undefined) throw new Error('nothing was analysed');
      return context;
    } finally {
      analyse.mockRestore();
    }
  }

  let sessions: Promise<{ readonly proxied: RawSession; readonly straight: RawSession }> | null = null;
  afterAll(async () => {
    const open = await sessions;
    open?.proxied.destroy();
    open?.straight.destroy();
  });

  /** Two sessions in one and the same state. */
  async function fresh(): Promise<{ readonly proxied: RawSession; readonly straight: RawSession }> {
    sessions ??= (async () => ({ proxied: await raw('proxy'), straight: await raw('straight') }))();
    const both = await sessions;
    for (const session of [both.proxied, both.straight]) {
      expect((await session.command([COM_RESET_CONNECTION]))[0]).toBe(0);
    }
    return both;
  }

  async function compare(sql: string): Promise<void> {
    const { proxied, straight } = await fresh();
    const said = await proxied.query(sql);
    const expected = await straight.query(sql);
    // What no server reads is refused where it names the tenant's variable.
    const first = expected[0]?.payload;
    const isSyntaxError = first?.[0] === 0xff && first.readUInt16LE(1) === 1064;
    if (isSyntaxError && sql.includes('@tenant_id')) expect(said[0]?.payload[0]).toBe(0xff);
    else expect(sorted(shown(said))).toEqual(sorted(shown(expected)));
    const context = await readUnder(proxied);
    const state = await stateOf(proxied);
    expect(state).toEqual(await stateOf(straight));
    const [sqlMode, client, , schema, safeUpdates] = state;
    expect(context.unknown).toBeUndefined();
    expect(context.dialect.sqlMode).toEqual(parseSqlMode(sqlMode ?? ''));
    expect(context.dialect.characterSetClient).toBe(client);
    expect(context.database).toBe(schema);
    expect(context.safeUpdates).toBe(safeUpdates === '1');
  }

  it('a SET that the server does not report, and plain ones behind it', async () => {
    const { proxied } = await fresh();
    for (const sql of [
      "SET @@character_set_client = (SELECT 'latin1')",
      'SET character_set_client = utf8mb4',
      'SET @@character_set_client = latin1',
      "SET sql_mode = (SELECT 'ANSI_QUOTES')",
      "SET sql_mode = 'NO_BACKSLASH_ESCAPES'",
      "SET @@session.sql_mode = (SELECT ''), character_set_client = (SELECT 'utf8mb4')",
      'SET sql_safe_updates = (SELECT 1)',
      'SET sql_safe_updates = 0',
    ]) {
      expect((await proxied.query(sql))[0]?.payload[0], sql).toBe(0);
      const context = await readUnder(proxied);
      const [sqlMode, client, , , safeUpdates] = await stateOf(proxied);
      expect({
        sql,
        mode: context.dialect.sqlMode,
        client: context.dialect.characterSetClient,
        safe: context.safeUpdates,
      }).toEqual({ sql, mode: parseSqlMode(sqlMode ?? ''), client, safe: safeUpdates === '1' });
    }
  });

  it.each(SETS)('%j', async (sql) => {
    await compare(sql);
  });

  const read = SETS.map(withTenant).filter((sql) => sql !== null);
  it.each(read)('read by the proxy: %j', async (sql) => {
    await compare(sql);
  });
});
