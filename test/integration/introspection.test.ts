import type { Connection, FieldPacket } from 'mysql2/promise';
import { describe, expect, it } from 'vitest';
import { MariadbCapability } from '../../src/protocol/constants/capabilities.js';
import { Flag, type RawPacket, type RawSession } from '../support/raw-session.js';
import { forEachServer } from '../support/servers.js';
import { sessionStage, type Where } from '../support/session-stage.js';
import { int, nul, text } from '../support/wire.js';

/*
 * What servers say of a protected table, through the proxy, beside what they say of the plain table that the
 * application believes it to be.
 */

/** Of `users`; their twins are of `plain_users`. */
const STATEMENTS: readonly string[] = [
  'SHOW COLUMNS FROM users',
  'SHOW FULL COLUMNS FROM users',
  'SHOW FULL FIELDS IN users IN {db}',
  "SHOW COLUMNS FROM users LIKE 'e%'",
  "SHOW COLUMNS FROM users LIKE 'encrypted%'",
  "SHOW FULL COLUMNS FROM users WHERE Type LIKE 'int%' OR Collation IS NOT NULL",
  'DESCRIBE users',
  'DESC {db}.users',
  'EXPLAIN users phone',
  "DESCRIBE users '%e%'",
  'SHOW CREATE TABLE users',
  'SHOW CREATE TABLE `{db}`.`users`',
  'SHOW INDEX FROM users',
  "SHOW KEYS FROM users WHERE Column_name IN ('email', 'id')",
  "SELECT * FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '{db}' AND TABLE_NAME = 'users' ORDER BY ORDINAL_POSITION",
  "SELECT column_name AS c, data_type, numeric_precision FROM information_schema.columns WHERE table_schema = '{db}' AND table_name = 'users' ORDER BY 1",
  "SELECT IFNULL(datetime_precision, character_maximum_length) AS length FROM information_schema.columns WHERE table_schema = '{db}' AND table_name = 'users' ORDER BY ordinal_position",
  "SELECT INDEX_NAME, COLUMN_NAME, SUB_PART FROM information_schema.STATISTICS s WHERE s.TABLE_SCHEMA = '{db}' AND s.TABLE_NAME = 'users' ORDER BY s.INDEX_NAME, SEQ_IN_INDEX",
  "SELECT k.COLUMN_NAME FROM information_schema.KEY_COLUMN_USAGE k JOIN information_schema.COLUMNS c USING (TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME) WHERE TABLE_SCHEMA = '{db}' AND TABLE_NAME = 'users' ORDER BY 1",
];

const Com = { QUERY: 3, FIELD_LIST: 4, STMT_PREPARE: 22, STMT_EXECUTE: 23 } as const;

forEachServer((name, getServer) => {
  const stage = sessionStage(getServer, { label: 'intro' });

  const statement = (sql: string, where: Where): string => {
    const own = sql.replaceAll('{db}', stage.database);
    return where === 'proxy' ? own : own.replaceAll('users', 'plain_users');
  };

  /** Both tables under one name; the estimates of their keys differ. */
  const alike = (rows: unknown, fields: readonly FieldPacket[]): unknown => {
    const estimates = new Set(['Cardinality', 'CARDINALITY']);
    const cells = (rows as unknown[][]).map((row) =>
      row.map((cell, index) => {
        if (estimates.has(fields[index]?.name ?? '')) return 'estimate';
        return typeof cell === 'string' ? cell.replaceAll('plain_users', 'users') : cell;
      }),
    );
    const columns = fields.map(
      ({ name: label, table, orgTable, orgName, columnLength, columnType, characterSet, flags }) => ({
        label,
        table,
        orgTable,
        orgName,
        columnLength,
        columnType,
        characterSet,
        flags,
      }),
    );
    return { cells, columns };
  };

  async function described(where: Where, sql: string, run: 'query' | 'execute'): Promise<unknown> {
    const client: Connection = await stage.client(where, { rowsAsArray: true });
    const options = { sql: statement(sql, where), rowsAsArray: true };
    const [rows, fields] = run === 'query' ? await client.query(options) : await client.execute(options);
    return alike(rows, fields);
  }

  describe(name, () => {
    it.each(STATEMENTS)('in text: %s', async (sql) => {
      expect(await described('proxy', sql, 'query')).toEqual(await described('straight', sql, 'query'));
    });

    it.each(STATEMENTS)('prepared: %s', async (sql) => {
      const both = [await described('proxy', sql, 'execute'), await described('straight', sql, 'execute')];
      const withoutNumbers = both.map((one) =>
        JSON.parse(JSON.stringify(one), (key, value: unknown) =>
          // MySQL's INT columns that are numbers of a type come as BIGINT in the binary protocol (semantics.md 16).
          key === 'columnType' && (value === 3 || value === 8) ? 'number' : value,
        ),
      );
      expect(withoutNumbers[0]).toEqual(withoutNumbers[1]);
    });

    it.each([
      ['SHOW FULL COLUMNS FROM users WHERE Field = ? OR Type = ?', ['email', 'int']],
      ['SHOW INDEX FROM users WHERE Column_name = ?', ['email']],
      [
        'SELECT COLUMN_NAME, DATA_TYPE FROM information_schema.COLUMNS c WHERE TABLE_NAME = ? AND c.TABLE_SCHEMA = ? AND COLUMN_NAME LIKE ? ORDER BY 1',
        ['users', '{db}', '%e%'],
      ],
    ])('with parameters: %s', async (sql, values) => {
      const said = async (where: Where): Promise<unknown> => {
        const client = await stage.client(where, { rowsAsArray: true });
        const own = values.map((value) => statement(value, where));
        const [rows] = await client.execute(statement(sql, where), own);
        return (rows as unknown[][]).map((row) =>
          row.map((cell) => (cell === 'plain_users' ? 'users' : cell)),
        );
      };
      const rows = await said('proxy');
      expect(rows).toEqual(await said('straight'));
      expect(JSON.stringify(rows)).toContain('email');
    });

    it('needs no tenant and no key', async () => {
      const proxy = await stage.anotherProxy({ sources: [{ kind: 'userVariable', name: 'tenant_id' }] });
      const client = await stage.client('proxy', { port: proxy.port, rowsAsArray: true });
      const [rows] = await client.query("SHOW COLUMNS FROM users LIKE 'email'");
      expect(rows).toEqual([['email', 'varchar(255)', 'YES', '', null, '']]);
      await expect(client.query('SELECT email FROM users')).rejects.toThrow('TC_NO_TENANT');
    });

    it('looks up in information_schema by schema and table what it would without the proxy', async () => {
      const sql =
        "EXPLAIN SELECT c.COLUMN_NAME, c.COLUMN_TYPE, c.COLLATION_NAME FROM information_schema.COLUMNS c WHERE c.TABLE_SCHEMA = '{db}' AND c.TABLE_NAME = 'users'";
      expect(await described('proxy', sql, 'query')).toEqual(await described('straight', sql, 'query'));
    });

    it('with information_schema as the current schema', async () => {
      const client = await stage.client('proxy', { rowsAsArray: true });
      await client.query('USE information_schema');
      const [rows] = await client.query(
        `SELECT COLUMN_NAME FROM COLUMNS WHERE TABLE_SCHEMA = '${stage.database}' AND TABLE_NAME = 'users' AND COLUMN_NAME LIKE '%e%' ORDER BY 1`,
      );
      expect((rows as string[][]).flat()).toEqual(['age', 'email', 'phone', 'tenant_id', 'username']);
    });

    it('an EXECUTE of a statement that was prepared by SQL', async () => {
      const client = await stage.client('proxy', { rowsAsArray: true });
      await client.query("PREPARE s FROM 'SHOW COLUMNS FROM users'");
      const [rows] = await client.query('EXECUTE s');
      expect((rows as string[][]).map(([field]) => field)).toContain('email');
    });
  });

  describe(`${name}, byte by byte`, () => {
    const bytes = (packets: readonly RawPacket[]): string[] =>
      packets.map(({ sequenceId, payload }) =>
        `${sequenceId} ${payload.toString('latin1')}`.replaceAll('\x0bplain_users', '\x05users'),
      );

    /** Without lengths of names, which a character set multiplies, and what makes the plain table's another one. */
    const withoutTable = (packet: string): string =>
      packet.replaceAll(/p(\0*)l\1a\1i\1n\1_\1(?=u)/g, '').replaceAll(/[^a-z_]/g, '');

    const session = async (where: Where, flags = 0): Promise<RawSession> => await stage.raw(where, { flags });

    async function fieldList(
      where: Where,
      flags: number,
      wildcard: string,
      charset = 'utf8mb4',
    ): Promise<string[]> {
      const raw = await session(where, flags);
      await raw.query(`SET character_set_results = ${charset}`);
      raw.send(0, [Com.FIELD_LIST, ...nul(where === 'proxy' ? 'users' : 'plain_users'), ...text(wildcard)]);
      const packets: RawPacket[] = [];
      for (let last = 0; last !== 0xfe && last !== 0xff; ) {
        const packet = await raw.packet();
        packets.push(packet);
        last = packet.payload[0] ?? 0;
      }
      return bytes(packets);
    }

    it.each(['', 'e%', 'E_ail', 'nothing', '%_ag%', 'encrypted%', 'tenant\\_id'])(
      'COM_FIELD_LIST %s',
      async (wildcard) => {
        for (const flags of [0, Flag.deprecateEof]) {
          expect(await fieldList('proxy', flags, wildcard)).toEqual(
            await fieldList('straight', flags, wildcard),
          );
        }
      },
    );

    it.each(['latin1', 'utf16', 'ucs2', 'utf16le', 'utf32'])(
      'COM_FIELD_LIST with character_set_results = %s',
      async (charset) => {
        const definitions = await fieldList('proxy', 0, 'e%', charset);
        expect(definitions).toHaveLength(2);
        // Names are compared as they are there: each letter of plain_ takes as many bytes as one of users.
        const straight = await fieldList('straight', 0, 'e%', charset);
        expect(definitions.map(withoutTable)).toEqual(straight.map(withoutTable));
        expect(await fieldList('proxy', 0, 'encrypted%', charset)).toHaveLength(1);
      },
    );

    it.each(['utf8mb4', 'latin1', 'gbk', 'binary', 'utf16', 'ucs2', 'utf16le', 'utf32'])(
      'rows with character_set_results = %s',
      async (charset) => {
        const said = async (where: Where): Promise<string[]> => {
          const raw = await session(where);
          await raw.query(`SET character_set_results = ${charset}`);
          expect(await raw.query('SELECT 1 FROM users')).toHaveLength(4);
          return bytes(await raw.query(statement('SHOW FULL COLUMNS FROM users', where)));
        };
        expect(await said('proxy')).toEqual(await said('straight'));
      },
    );

    it('between other statements of one text', async () => {
      const said = async (where: Where): Promise<string[]> => {
        const raw = await session(where, Flag.multiStatements);
        const packets: RawPacket[] = [];
        raw.send(0, [
          Com.QUERY,
          ...text(statement('SELECT 1; SHOW COLUMNS FROM users; DESCRIBE users phone; SELECT 2', where)),
        ]);
        packets.push(...(await raw.response()));
        return bytes(packets);
      };
      expect(await said('proxy')).toEqual(await said('straight'));
    });

    it('information_schema between other statements of one text', async () => {
      const raw = await session('proxy', Flag.multiStatements);
      const sql = `SELECT 1; SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '${stage.database}' AND TABLE_NAME = 'users'; SELECT 2`;
      const said = bytes(await raw.query(sql)).join('');
      expect(said).toContain('email');
      expect(said).not.toContain('encrypted_email');
    });

    it('to a client that keeps definitions with the statement (MariaDB)', async ({ skip }) => {
      if (getServer().kind !== 'mariadb') skip('MySQL has no MARIADB_CLIENT_CACHE_METADATA');
      const raw = await stage.raw('proxy', {
        flags: Flag.deprecateEof,
        mariadbFlags: MariadbCapability.MARIADB_CLIENT_CACHE_METADATA,
      });
      raw.send(0, [Com.STMT_PREPARE, ...text('SHOW INDEX FROM users')]);
      const prepared = (await raw.packet()).payload;
      const columns = prepared.readUInt16LE(5);
      for (let index = 0; index < columns; index += 1) await raw.packet();
      for (let execution = 0; execution < 2; execution += 1) {
        raw.send(0, [Com.STMT_EXECUTE, ...int(4, prepared.readUInt32LE(1)), 0, ...int(4, 1)]);
        const [, hasDefinitions] = (await raw.packet()).payload;
        expect(hasDefinitions).toBe(0);
        const rows: string[] = [];
        for (let last = await raw.packet(); last.payload[0] !== 0xfe; last = await raw.packet()) {
          rows.push(last.payload.toString('latin1'));
        }
        expect(rows).toHaveLength(3);
        expect(rows[2]).toContain('\x05email');
      }
    });

    it('with a cursor: all rows come at once', async () => {
      const raw = await session('proxy');
      raw.send(0, [Com.STMT_PREPARE, ...text('SHOW COLUMNS FROM users')]);
      const id = (await raw.packet()).payload.readUInt32LE(1);
      for (let index = 0; index < 7; index += 1) await raw.packet();
      raw.send(0, [Com.STMT_EXECUTE, ...int(4, id), 1, ...int(4, 1)]);
      const packets = await raw.response();
      expect(bytes(packets).join('')).toContain('email');
      expect(bytes(packets).join('')).not.toContain('encrypted_email');
    });
  });
});
