import type { RowDataPacket } from 'mysql2/promise';
import { describe, expect, it } from 'vitest';
import { multiStatementsStage, shown } from '../support/multi-statements-stage.js';
import { Flag, type RawPacket } from '../support/raw-session.js';
import { forEachServer } from '../support/servers.js';

/*
 * Several statements in one COM_QUERY. Those that concern a protected table go to the server one by one; to the client
 * that must look like one response. What a server sends is compared byte by byte: the same statements on `plain_users`,
 * straight to the server, are what those on `users` have to look like.
 */
forEachServer((_name, getServer) => {
  const { stage, raw, client } = multiStatementsStage(getServer);

  async function plaintexts(): Promise<unknown[]> {
    const [rows] = await stage.admin.query<RowDataPacket[]>(
      `SELECT tenant_id, username, CAST(AES_DECRYPT(encrypted_email, CONCAT('key of ', tenant_id)) AS CHAR) AS email
         FROM users ORDER BY id`,
    );
    return rows.map((row) => [row['tenant_id'], row['username'], row['email']]);
  }

  describe('are one response to the client', () => {
    const INSERT =
      "INSERT INTO users (tenant_id, username, email) VALUES ('t1', 'ann', 'ann@x'), ('t1', 'ben', 'ben@x')";
    const TEXTS: readonly string[] = [
      `${INSERT}; SELECT username, email FROM users ORDER BY id; UPDATE users SET phone = '1' WHERE tenant_id = 't1'; DO 1`,
      `${INSERT}; SELECT email FROM users WHERE id < 0; SELECT 1`,
      `${INSERT};;`,
      `${INSERT}; ; \n`,
      `${INSERT}; -- that's all`,
      `${INSERT}; /* c */`,
      `${INSERT}; /*!99999 x */`,
      `${INSERT} -- x;\n; # y;\n SELECT email FROM users ORDER BY id # z;\n;`,
      `/* ; */ ${INSERT}; /*!40000 SELECT email FROM users ORDER BY id */`,
      `${INSERT};; SELECT email FROM users`,
      `${INSERT}; SELECT email FROM users; SELEC 2`,
      `${INSERT}; SELECT email FROM users WHERE nothing = 1; DELETE FROM users`,
      `${INSERT}; SELECT email FROM users; SELECT 'open`,
      `${INSERT}; SELECT email FROM users; SELECT * FROM nowhere; DELETE FROM users`,
      `BEGIN; ${INSERT}; SELECT email FROM users ORDER BY id; ROLLBACK; SELECT COUNT(*) FROM users`,
      `${INSERT}; CALL two(); SELECT email FROM users ORDER BY id`,
      `${INSERT}; SELECT email FROM users ORDER BY id; CALL two()`,
      `CREATE PROCEDURE made() BEGIN SELECT 1; SELECT 2; END; ${INSERT}; DROP PROCEDURE made; SELECT 1`,
      `CREATE FUNCTION made(a INT) RETURNS INT DETERMINISTIC RETURN IF(a, 1, 2); ${INSERT}; DROP FUNCTION made`,
      `SELECT 1; ${INSERT}; SELECT ROW_COUNT(), LAST_INSERT_ID(); SELECT CAST('x' AS SIGNED); SHOW WARNINGS; SELECT COUNT(*) FROM users`,
      '; SELECT email FROM users',
      '/* a\n */\n; SELECT email FROM users',
      `${INSERT};\n\n \n/* a\n*/ SELEC 2`,
    ];
    const FLAGS = {
      'with EOF': Flag.multiStatements,
      'without EOF': Flag.multiStatements | Flag.deprecateEof,
      'with session tracking': Flag.multiStatements | Flag.deprecateEof | Flag.sessionTrack,
    };

    for (const [label, flags] of Object.entries(FLAGS)) {
      it.each(TEXTS)(`${label}: %s`, async (sql) => {
        const [straight, through] = [await raw(flags, true), await raw(flags)];
        await through.query("SET @tenant_id = 't1'");
        const plain = sql.replaceAll('users', 'plain_users');
        const expected = shown(await straight.query(plain));
        expect(shown(await through.query(sql))).toEqual(expected);
        // And the session goes on.
        expect(shown(await through.query('SELECT COUNT(*) FROM users'))).toEqual(
          shown(await straight.query('SELECT COUNT(*) FROM plain_users')),
        );
      });
    }

    it('a row of 16 MiB and more, whose packets count as well', async () => {
      await stage.admin.query('SET GLOBAL max_allowed_packet = 67108864');
      const through = await raw(Flag.multiStatements);
      await through.query("SET @tenant_id = 't1'");
      const packets = await through.query(
        "SELECT COUNT(*) FROM users; SELECT REPEAT('x', 16777300); SELECT COUNT(*) FROM users",
      );
      expect(packets.map(({ sequenceId }) => sequenceId)).toEqual(packets.map((_, i) => i + 1));
    });

    it('of a statement that takes one more packet to the server than to us', async () => {
      await stage.admin.query('SET GLOBAL max_allowed_packet = 67108864');
      const through = await raw(Flag.multiStatements);
      await through.query("SET @tenant_id = 't1'");
      const insert = (bytes: number): string => {
        const head = "INSERT INTO users (email, username) VALUES ('a@x', '";
        return `${head}${'x'.repeat(bytes - head.length - 2)}')`;
      };
      const ids = (packets: readonly RawPacket[]): unknown =>
        packets.map(({ sequenceId, payload }) => [sequenceId, payload[0]]);
      // Too long for the column: what counts is the number of the error's packet.
      expect(ids(await through.query(insert(0xff_ffff - 20)))).toEqual([[1, 0xff]]);
      expect(ids(await through.query(`DO 1; DO 2; ${insert(0xff_ffff - 40)}`))).toEqual([
        [1, 0],
        [2, 0],
        [3, 0xff],
      ]);
      expect(ids(await through.query('SELECT COUNT(*) FROM users'))).toHaveLength(5);
    });

    it('more than 256 packets', async () => {
      const count = 300;
      const c = await raw(Flag.multiStatements);
      await c.query("SET @tenant_id = 't1'");
      const packets = await c.query(
        Array.from(
          { length: count },
          (_, i) => `INSERT INTO users (username, email) VALUES ('${i}', '${i}@x')`,
        ).join(';'),
      );
      expect(packets.map(({ sequenceId }) => sequenceId)).toEqual(
        Array.from({ length: count }, (_, i) => (i + 1) % 256),
      );
      expect((await plaintexts()).slice(-1)).toEqual([['t1', '299', '299@x']]);
    });
  });

  describe('each is planned when the one before has been answered', () => {
    it('tenant and key change in the middle', async () => {
      const c = await client();
      await c.query(
        `SET @tenant_id = 't1'; INSERT INTO users (username, email) VALUES ('a', 'a@1');
         SET @tenant_id = 't2'; INSERT INTO users (username, email) VALUES ('b', 'b@2'); INSERT INTO notes VALUES (1, 'x')`,
      );
      expect(await plaintexts()).toEqual([
        ['t1', 'a', 'a@1'],
        ['t2', 'b', 'b@2'],
      ]);
      const [results] = await c.query<RowDataPacket[][]>(
        "SELECT email FROM users; SET @tenant_id = 't1'; SELECT email FROM users; SET @tenant_id = NULL",
      );
      expect([results[0], results[2]]).toEqual([[{ email: 'b@2' }], [{ email: 'a@1' }]]);
      await expect(c.query('SELECT email FROM users')).rejects.toMatchObject({
        message: expect.stringContaining('TC_NO_TENANT'),
      });
    });

    it('the schema', async () => {
      const c = await client({ database: 'information_schema' });
      const [results] = await c.query<RowDataPacket[][]>(
        `SET @tenant_id = 't1'; USE ${stage.database}; INSERT INTO users (username, email) VALUES ('a', 'a@1'); SELECT email FROM users`,
      );
      expect(results[3]).toEqual([{ email: 'a@1' }]);
      expect(await plaintexts()).toEqual([['t1', 'a', 'a@1']]);
    });

    it.each([
      [
        `SET sql_mode = 'ANSI_QUOTES'; SELECT "email" FROM "users"; SET sql_mode = ''; SELECT "email" FROM users`,
      ],
      [
        `SET sql_mode = 'NO_BACKSLASH_ESCAPES'; SELECT '\\', email FROM users; SET sql_mode = ''; SELECT '\\'', email FROM users`,
      ],
      [`SET NAMES latin1; SELECT 'é', email FROM users; SET NAMES utf8mb4; SELECT 'é', email FROM users`],
    ])('sql_mode and character set, as the server reads: %s', async (sql) => {
      const fill = "INSERT INTO users (tenant_id, username, email) VALUES ('t1', 'a', 'a@1')";
      const [straight, through] = [await raw(Flag.multiStatements, true), await raw(Flag.multiStatements)];
      await through.query(`SET @tenant_id = 't1'; ${fill}`);
      await straight.query(fill.replaceAll('users', 'plain_users'));
      const rows = (packets: readonly RawPacket[]): string[] =>
        shown(packets).filter((packet) => !packet.includes('def'));
      expect(rows(await through.query(sql))).toEqual(
        rows(await straight.query(sql.replaceAll('users', 'plain_users'))),
      );
    });

    it.each([
      `SET sql_mode = 'ANSI_QUOTES'; DELETE FROM "users"`,
      `SET sql_mode = 'NO_BACKSLASH_ESCAPES'; SELECT '\\'; DELETE FROM users; -- '`,
      `SET sql_mode = 'NO_BACKSLASH_ESCAPES'; SELECT '\\' ; DELETE FROM users WHERE username <> '`,
      `SELECT 1 FROM users; SELECT 1 /*!; DELETE FROM users */`,
      `SELECT 1 FROM users; SELECT 1 /* ; DELETE FROM users`,
      `SELECT 1 FROM users; SELECT 1\0; DELETE FROM users`,
      `SELECT 1 FROM users; \0DELETE FROM users`,
      `SELECT 1 FROM users; SET NAMES gbk; DELETE FROM users`,
      `SELECT 1 FROM users; SET NAMES gbk; SELECT '\xbf\\'; DELETE FROM users; -- '`,
      `SELECT 1 FROM users; PREPARE s FROM 'DELETE FROM users'; EXECUTE s`,
      `SELECT 1 FROM users; SET @s = 'DELETE FROM users'; PREPARE s FROM @s; EXECUTE s`,
      `SELECT 1 FROM users; EXECUTE IMMEDIATE 'DELETE FROM users'`,
      `SELECT 1 FROM users; TRUNCATE users`,
      `CREATE PROCEDURE sneaky() BEGIN SELECT 1; END; TRUNCATE users`,
      `CREATE PROCEDURE sneaky() BEGIN SELECT 1; DELETE FROM users; END; CALL sneaky()`,
      `SELECT 1 FROM users; BEGIN NOT ATOMIC DELETE FROM users; END`,
      `SELECT 1 FROM users; IF 1 THEN SELECT 1; DELETE FROM users; END IF`,
      `SELECT 1 FROM users; SELECT @__tc_key`,
      `/*! SELECT 1 FROM users; */ DELETE FROM users`,
      `/*!99999 SELECT 1 */ DELETE FROM users; SELECT 1`,
    ])('nothing gets around the tenant: %s', async (sql) => {
      await stage.admin.query("INSERT INTO users (tenant_id, username) VALUES ('t2', 'theirs')");
      const c = await client({ charset: 'utf8mb4' });
      await c.query("SET @tenant_id = 't1'");
      await c.query(Buffer.from(sql, 'latin1').toString('latin1')).catch(() => undefined);
      expect(await plaintexts()).toEqual([['t2', 'theirs', null]]);
      await stage.admin.query('DROP PROCEDURE IF EXISTS sneaky');
    });
  });

  describe('one that is refused ends the response', () => {
    it('those before it have been executed, those behind it are not; its position counts from the beginning', async () => {
      const c = await raw(Flag.multiStatements);
      const head =
        "SET @tenant_id = 't1'; INSERT INTO users (username, email) VALUES ('a', 'a@1');\n /* é */ ";
      const packets = await c.query(`${head}TRUNCATE users; DELETE FROM users`);
      expect(packets.map(({ sequenceId, payload }) => [sequenceId, payload[0]])).toEqual([
        [1, 0],
        [2, 0],
        [3, 0xff],
      ]);
      const message = packets[2]?.payload.toString() ?? '';
      expect(message).toMatch(/TC_UNSUPPORTED_SQL/);
      expect(message).toContain(`(at byte ${Buffer.byteLength(head) + 'TRUNCATE '.length})`);
      expect(await plaintexts()).toEqual([['t1', 'a', 'a@1']]);
      expect(shown(await c.query('SELECT 1'))).toHaveLength(5);
    });

    it('a value that is refused when it is filled in', async () => {
      const c = await client();
      const failed = c.query(
        "SET @tenant_id = 't1'; INSERT INTO users (tenant_id, username) VALUES ('t2', 'x'); INSERT INTO notes VALUES (1, 'x')",
      );
      await expect(failed).rejects.toMatchObject({ message: expect.stringContaining('TC_TENANT_MISMATCH') });
      const [rows] = await stage.admin.query<RowDataPacket[]>('SELECT COUNT(*) AS n FROM notes');
      expect(rows[0]?.['n']).toBe(0);
    });

    it('a key that is not to be had', async () => {
      const c = await client();
      const failed = c.query(
        "SET @tenant_id = 'nobody'; SELECT email FROM users; INSERT INTO notes VALUES (1, 'x')",
      );
      await expect(failed).rejects.toMatchObject({ message: expect.stringContaining('TC_KEY_UNAVAILABLE') });
      const [rows] = await stage.admin.query<RowDataPacket[]>('SELECT COUNT(*) AS n FROM notes');
      expect(rows[0]?.['n']).toBe(0);
    });
  });
});
