import type { Connection, RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dialect } from '../../src/rewrite/dialect.js';
import { lex } from '../../src/rewrite/lexer.js';
import { TokenBuffer, TokenKind } from '../../src/rewrite/tokens.js';
import { mariadb, mysql } from '../rewrite/lexing.js';
import { adminConnection, createDatabase, type TestDatabase } from '../servers/accounts.js';
import { forEachServer } from '../support/servers.js';

/**
 * The statement as our lexer reads it, written plainly: no comments, no signs of executable comments, one space
 * between tokens, names behind dots quoted. A server must answer it like the original. Null: not understood.
 */
function plainly(sql: string, dialect: Dialect, encoding: BufferEncoding = 'utf8'): string | null {
  const statement = Buffer.from(sql, encoding);
  const tokens = new TokenBuffer();
  lex(statement, 0, statement.length, dialect, tokens);
  let plain = '';
  for (let i = 0; i < tokens.length; i++) {
    const kind = tokens.kind[i];
    const start = tokens.start[i] ?? 0;
    const text = statement.toString(encoding, start, tokens.end[i]);
    if (kind === TokenKind.Invalid) return null;
    if (kind !== undefined && kind >= TokenKind.Comment) continue;
    const glued = i > 0 && tokens.end[i - 1] === start;
    const behindDot = glued && tokens.kind[i - 1] === TokenKind.Punctuation && statement[start - 1] === 0x2e;
    const behindWord = glued && tokens.kind[i - 1] === TokenKind.Word;
    const behindSigns = glued && tokens.kind[i - 1] === TokenKind.SystemVariableSigns;
    if (kind === TokenKind.Word && behindDot) plain += `\`${text}\``;
    else if (behindDot || behindSigns || (behindWord && (text === '.' || text === '('))) plain += text;
    else plain += ` ${text}`;
  }
  return plain;
}

/** Rows as JSON, or `error`. */
async function answer(connection: Connection, sql: string): Promise<string> {
  try {
    const [rows] = await connection.query<RowDataPacket[][]>({ sql, rowsAsArray: true });
    return JSON.stringify(rows);
  } catch (error) {
    // An error without a number is one of the connection, not the server's answer.
    if (!(error instanceof Error) || !('errno' in error)) throw error;
    return 'error';
  }
}

/** Texts that we must understand, and the server accept; `fails`: understood by us as what the server rejects. */
const ODD: readonly string[] = [
  'SELECT 1.FROM t',
  'SELECT a FROM .t',
  'SELECT t.a FROM t',
  'SELECT 1e5x',
  'SELECT 1e',
  'SELECT 1e+',
  'SELECT 1E+5, 1.e5, .5e1, 1., .5',
  'SELECT .5.5',
  'SELECT 1a FROM (SELECT 2 AS `1a`) s',
  'SELECT s.1a, s.1e5 FROM (SELECT 2 AS `1a`, 3 AS `1e5`) s',
  'SELECT `s`.1a FROM (SELECT 2 AS `1a`) s',
  "SELECT s.x'41' FROM (SELECT 2 AS x) s",
  'SELECT 0x41, 0xABC, 0b101, 0X41, 0x41G',
  'SELECT 0xZ FROM (SELECT 7 AS `0xZ`) s',
  "SELECT x'4', 1",
  "SELECT X'', b'', x'4142', b'1000001', B'2'",
  "SELECT N'a', n'b', N 'c'",
  "SELECT 'a' 'b' \"c\", 'a''b', 'a\\'b', 'a\\\\'",
  "SELECT _utf8mb4'a', _latin1 'b', _UTF8MB4 0x41, _nonsense'c'",
  'SELECT 3--1',
  'SELECT 3 --1\n+1',
  'SELECT 3 -- 1\n+1',
  'SELECT 3 --\x01 1\n+1',
  'SELECT 3 --\x7f 1\n+1',
  'SELECT 3 --',
  'SELECT 3 -- 1\r+1',
  'SELECT 3 # 1\r+1\n+2',
  'SELECT 3 /* /* */ + 1',
  'SELECT 3 /* /* */ + 1 */',
  'SELECT 3 /*/ + 1',
  'SELECT 1 /*!+ 1*/',
  'SELECT 1 /*!50000+ 1*/',
  'SELECT 1 /*!50000 + 1*/',
  'SELECT 1 /*!50699 + 1*/',
  'SELECT 1 /*!50700 + 1*/',
  'SELECT 1 /*!80000 + 1*/',
  'SELECT 1 /*!90704 + 1*/',
  'SELECT 1 /*!99998 + 1*/',
  'SELECT 1 /*!050000 + 1*/',
  'SELECT 1 /*!050000+ 1*/',
  'SELECT 1 + /*!0900001*/',
  'SELECT 1 /*!100000 + 1*/',
  'SELECT 1 + /*!100000 1*/',
  'SELECT 1 + /*!1000001*/',
  'SELECT 1 + /*!999999 1*/ 2',
  'SELECT 1 + /*!1234 */ 2',
  'SELECT 1 + /*!1234 */',
  'SELECT 1 /*M!+ 1*/',
  'SELECT 1 /*M!50700 + 1*/',
  'SELECT 1 /*M!100100 + 1*/',
  'SELECT 1 /*M!101200 + 1*/',
  'SELECT 1 /*m!+ 1*/',
  'SELECT 1 /* !+ 1*/',
  'SELECT 1 /*!99999 /* */ + 1*/ + 2',
  'SELECT 1 /*!99999 /*!50000 */ + 1*/ + 2',
  'SELECT 1 /*! + 1 /* x */ + 1 */',
  'SELECT 1 /*! + 1 /*! + 1 */ + 1 */',
  'SELECT 1 /*! + 1 /*! + 1 */ + 1',
  'SELECT 1 /*! + 1 /*!99999 + 1 */ + 1 */',
  'SELECT 1 /*! + 1 -- */\n + 1 */',
  'SELECT 1 /*! + 1 # */\n + 1 */',
  "SELECT /*! '*/' */",
  'SELECT 1 /*! + 1',
  'SELECT 2 */ 1',
  'SELECT /*+ NO_ICP(t) */ a FROM t',
  'SELECT /* x */ /*+ NO_ICP(t) */ a FROM t',
  'SELECT a /*+ NO_ICP(t) */ FROM t',
  'SELECT /*+ QB_NAME(`a`) */ 1',
  'SELECT 2>=1, 1<=>1, 1<>2, 1!=2, 1<<2, 8>>1, !0',
  'SELECT 1<-1, 1>-1, 1=-1',
  'SELECT 1=!0',
  'SELECT !!1',
  'SELECT 1 && 0 || 1',
  'SELECT \\N',
  'SELECT @v, @v:=7, @`v`, @"v", @\'v\', @ v',
  "SELECT @'a\\'b' := 4, @`a'b`",
  'SELECT @a.b$c := 3, @a.b$c',
  'SELECT @',
  'SELECT @@version, @@global.version, @@`version`',
  'SELECT @@ version',
  'SELECT {d "2020-01-01"}',
  'SELECT 1 AS $a, 2 AS a$b$',
  'SELECT 1 AS é',
  'SELECT "é", `é` FROM (SELECT 1 AS é) s',
  'SELECT\t1\v+\f2\r+\n3',
  'SELECT 1 AS `a\0b`',
  "SELECT 'a\0b'",
  'SELECT 1 /* \0 */ + 1',
  'SELECT 1 -- \0\n+ 1',
  'SELECT 1\x01',
  'SELECT 1\xa0+ 1',
  "SELECT 'a",
  'SELECT `a',
  'SELECT 1 /* a',
  "SELECT X'",
];

/** Texts that a server accepts and we refuse to read: MySQL drops signs from them, both ignore a NUL at the end. */
const REFUSED_ON_MYSQL: readonly string[] = ['SELECT 1.e(2)', 'SELECT !!1', 'SELECT !<1'];

const PIECES = [
  'a', 't', '`a`', '1', '2', '0', "'b'", "'c''d'", '"e"', "'\\''", '0x41', '0b11', "x'42'", "b'1'", "N'f'", "n'",
  '_utf8mb4', '_latin1', 'x', 'e', 'E5', '1e', '1e5', '1e+1', '1.', '.5', '.', '..', '1.5', '-', '+', '--', '-- ', '#',
  '\n', ' ', ' ', ' ', '/*', '*/', '*/', '/**/', '/*!', '/*!50000', '/*!50000 ', '/*!50700', '/*!99999', '/*!100000 ',
  '/*!090704 ', '/*!090705 ', '/*!101119', '/*M!', '/*M!101119 ', '/*M!99999 ', '/*+', 'SELECT', '(', ')', ',', ',',
  '*', '/', '<', '=', '>', '!', '<=>', '&', '|', '&&', '||', ':=', '@', '@v', '@@', '@@version', "@'v'", '@`v`', '\\N',
  '$', '$a', '$$', 'é', '\x01', '--\x01', '{', '}', 'AS', 'NULL', 'IS', 'NOT', 'DIV', '?',
]; // biome-ignore format: a list

/** Numbers from 0 to 1, the same in every run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
}

function* randomStatements(count: number): Generator<string> {
  const random = randomNumbers(20_260_101);
  for (let i = 0; i < count; i++) {
    let sql = random() < 0.5 ? 'SELECT ' : 'SELECT 1 ';
    const pieces = 1 + Math.floor(random() * 6);
    for (let j = 0; j < pieces; j++) sql += PIECES[Math.floor(random() * PIECES.length)] ?? '';
    yield random() < 0.3 ? `${sql} FROM t` : sql;
  }
}

forEachServer((_name, getServer) => {
  describe('a statement, and what the lexer reads, get the same answer', () => {
    let database: TestDatabase;
    let connection: Connection;
    const server = getServer();
    const [major = 0, minor = 0, patch = 0] = server.version.split('.').map(Number);
    const version = major * 10_000 + minor * 100 + patch;
    const dialect = (options: { sqlMode?: string; charset?: string } = {}): Dialect =>
      (server.kind === 'mysql' ? mysql : mariadb)({ version, ...options });

    beforeAll(async () => {
      database = await createDatabase(server, 'lexer');
      connection = await adminConnection(server, { database: database.name, charset: 'utf8mb4' });
      await connection.query("SET sql_mode = ''");
      await connection.query('CREATE TABLE t (a INT, e INT, x INT)');
      await connection.query('INSERT INTO t VALUES (1, 2, 3)');
    });
    afterAll(async () => {
      await connection?.end();
      await database?.drop();
    });

    async function expectSameAnswer(on: Connection, sql: string, reading: string | null): Promise<void> {
      // Once before, so that variables assigned in the statement have their types.
      await answer(on, sql);
      await on.query('SET @v = 5');
      const original = await answer(on, sql);
      if (reading === null) {
        expect(original, `not understood by us, but by the server: ${sql}`).toBe('error');
        return;
      }
      await on.query('SET @v = 5');
      expect(await answer(on, reading), `${sql} read as ${reading}`).toBe(original);
    }

    it('odd texts', async () => {
      let accepted = 0;
      for (const sql of ODD) {
        if (server.kind === 'mysql' && REFUSED_ON_MYSQL.includes(sql)) continue;
        await expectSameAnswer(connection, sql, plainly(sql, dialect()));
        if ((await answer(connection, sql)) !== 'error') accepted++;
      }
      expect(accepted).toBeGreaterThan(ODD.length / 2);
    });

    it.runIf(server.kind === 'mysql')('odd texts that are refused though MySQL accepts them', async () => {
      for (const sql of REFUSED_ON_MYSQL) {
        expect(plainly(sql, dialect()), sql).toBeNull();
        expect(await answer(connection, sql), sql).not.toBe('error');
      }
    });

    it('random texts', async () => {
      let accepted = 0;
      for (const sql of randomStatements(1_500)) {
        await expectSameAnswer(connection, sql, plainly(sql, dialect()));
        if ((await answer(connection, sql)) !== 'error') accepted++;
      }
      expect(accepted).toBeGreaterThan(50);
    });

    it.each(['ANSI_QUOTES', 'NO_BACKSLASH_ESCAPES'])('quotes under %s', async (sqlMode) => {
      await connection.query(`SET sql_mode = '${sqlMode}'`);
      for (const sql of [
        'SELECT "a" FROM t',
        'SELECT "a""b" FROM (SELECT 1 AS `a"b`) s',
        `SELECT 'a\\', 'b'`,
        `SELECT 'a\\'b'`,
        'SELECT "a\\" FROM (SELECT 1 AS `a\\`) s',
        'SELECT @"v", @\'v\'',
        'SELECT @"a\\" := 3, @`a\\`',
        `SELECT N'a\\', 1`,
      ]) {
        await expectSameAnswer(connection, sql, plainly(sql, dialect({ sqlMode })));
      }
      await connection.query("SET sql_mode = ''");
    });

    it.each(['latin1', 'greek', 'hebrew', 'latin7', 'cp1250', 'cp850', 'cp852', 'cp1251', 'koi8r'])(
      'every byte above 0x7f between tokens in %s',
      async (charset) => {
        const other = await adminConnection(server, {
          database: database.name,
          charset: 'LATIN1_SWEDISH_CI',
        });
        // Without tracking, mysql2 goes on to send latin1, in which strings carry any byte.
        await other.query("SET session_track_system_variables = ''");
        await other.query(`SET character_set_client = ${charset}, sql_mode = ''`);
        let read = 0;
        for (let byte = 0x80; byte <= 0xff; byte++) {
          const sign = String.fromCharCode(byte);
          for (const sql of [
            `SELECT 1 AS ${sign}a`,
            `SELECT${sign}1`,
            `SELECT 1${sign}`,
            `SELECT 3 --${sign}1\n+1`,
          ]) {
            const original = await answer(other, sql);
            const reading = plainly(sql, dialect({ charset }), 'latin1');
            // Harmless: we refuse what the server may accept, or read what it does not accept.
            if (reading === null || original === 'error') continue;
            const where = `${charset} ${byte.toString(16)} ${JSON.stringify(sql)}`;
            expect(await answer(other, reading), where).toBe(original);
            read++;
          }
        }
        expect(read).toBeGreaterThan(0);
        await other.end();
      },
    );
  });
});
