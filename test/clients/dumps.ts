import type { RowDataPacket } from 'mysql2/promise';
import { ensureMariadb } from '../../scripts/lib/ensure-mariadb.mjs';
import { findExecutable, SBIN_FOLDERS } from '../../scripts/lib/run.mjs';
import { type ClientRun, runClient } from '../support/run-client.js';
import { type Cell, expectEqual, problemOf } from './cells.js';
import { connectOptions, mysqlPrograms, type Program } from './command-lines.js';
import { MissingLanguage } from './install.js';
import {
  DATABASE,
  dumpedTable,
  type Front,
  KEYS,
  OTHER_TENANT,
  PLAIN_DATABASE,
  STRAIGHT_DATABASE,
  type Stage,
  TENANT,
} from './stage.js';

/** What is tried of a dump program; the words are the explanation too. */
export const DUMP_FEATURES = [
  'dump of unprotected tables, same as straight',
  'its import, same rows',
  'dump of a protected table as the application knows it',
  'its import through the proxy',
  'dump without the protected tables',
  'import of rows into a protected table',
] as const;

export const DUMPS: readonly Program[] = [
  {
    id: 'mariadb-dump',
    title: '`mariadb-dump`',
    tenant: 'suffix',
    prepare: () => {
      const dump = findExecutable('mariadb-dump', SBIN_FOLDERS);
      if (dump === null) throw new MissingLanguage('there is no mariadb-dump on this machine');
      return [dump];
    },
    run: async (command, stage, front) => await tryDump('mariadb', command, stage, front),
  },
  {
    id: 'mysqldump',
    title: '`mysqldump`',
    tenant: 'suffix',
    prepare: () => {
      const [program, ...args] = mysqlPrograms().client;
      const client = args.at(-1) ?? program;
      return [program, ...args.slice(0, -1), `${client}dump`];
    },
    run: async (command, stage, front) => await tryDump('mysql', command, stage, front),
  },
];

interface Address {
  readonly host: string;
  readonly port: number;
  readonly ca: string | null;
}

async function tryDump(
  family: 'mariadb' | 'mysql',
  command: readonly [string, ...string[]],
  stage: Stage,
  front: Front,
): Promise<Cell[]> {
  const { server, admin } = stage;
  const proxy: Address = { host: front.proxy.host, port: front.proxy.port, ca: front.ca };
  const straight: Address = {
    host: server.host,
    port: server.port,
    ca: front.tls ? (server.tls?.ca ?? null) : null,
  };
  const user = (address: Address): string =>
    address === proxy ? `${server.rootUser}%${TENANT}` : server.rootUser;
  const env = { MYSQL_PWD: server.rootPassword };
  // MariaDB keeps no column statistics, and GTIDs are none of a schema's business.
  const own =
    family === 'mysql' ? ['--column-statistics=0', '--set-gtid-purged=OFF', '--no-tablespaces'] : [];
  const dump = async (address: Address, args: readonly string[]): Promise<ClientRun> =>
    await runClient(
      command,
      [...connectOptions(family, address, user(address)), ...own, '--skip-dump-date', '--hex-blob', ...args],
      env,
    );
  const client = family === 'mysql' ? mysqlPrograms().client : ([ensureMariadb().client] as const);
  const load = async (address: Address, database: string, sql: string): Promise<ClientRun> =>
    await runClient(client, [...connectOptions(family, address, user(address)), '-B', database], env, sql);
  const succeeded = ({ stdout, stderr, status }: ClientRun): string => {
    if (status !== 0) throw new Error(`exit status ${status}: ${stderr}`);
    return stdout;
  };
  const key = KEYS[TENANT];
  /** The tenant's rows, decrypted by hand. */
  const stored = async (table: string, like = '%'): Promise<RowDataPacket[]> => {
    const [rows] = await admin.query<RowDataPacket[]>(
      `SELECT tenant_id, CONVERT(AES_DECRYPT(encrypted_email, ?) USING utf8mb4) AS email,
        CONVERT(AES_DECRYPT(encrypted_note, ?) USING utf8mb4) AS note, HEX(AES_DECRYPT(encrypted_photo, ?)) AS photo,
        CONVERT(AES_DECRYPT(encrypted_age, ?) USING utf8mb4) AS age
       FROM ${DATABASE}.${table} WHERE tenant_id = ? AND name LIKE ? ORDER BY name`,
      [key, key, key, key, TENANT, like],
    );
    return rows;
  };
  const dumped = dumpedTable(family, front.tls);
  const imported = `tc_import_${family}_${front.tls ? 'tls' : 'plain'}`;
  const prefix = `${family}-dump-${front.tls ? 'tls' : 'plain'}-`;
  let text = '';
  const cases: Record<(typeof DUMP_FEATURES)[number], () => Promise<void>> = {
    'dump of unprotected tables, same as straight': async () => {
      text = succeeded(await dump(proxy, [PLAIN_DATABASE]));
      // The header names host and port's server; everything else is the database's.
      const body = (dumped: string): string => dumped.replace(/^-- .*$/gm, '');
      const wanted = succeeded(await dump(straight, [PLAIN_DATABASE]));
      if (body(text) !== body(wanted))
        throw new Error('the dump is another one than straight from the server');
      if (!text.includes('INSERT INTO `notes`')) throw new Error('the dump holds no rows');
    },
    'its import, same rows': async () => {
      await admin.query(
        `DROP DATABASE IF EXISTS ${imported}; CREATE DATABASE ${imported} CHARACTER SET utf8mb4`,
      );
      succeeded(await load(proxy, imported, text));
      for (const table of ['notes', 'tags']) {
        const [rows] = await admin.query<RowDataPacket[]>(
          `CHECKSUM TABLE ${PLAIN_DATABASE}.${table}, ${imported}.${table}`,
        );
        if (rows[0]?.['Checksum'] === null) throw new Error(`${table} has no checksum`);
        expectEqual(`rows of ${table}`, rows[1]?.['Checksum'], rows[0]?.['Checksum']);
      }
      const [view] = await admin.query<RowDataPacket[]>(`SELECT COUNT(*) AS n FROM ${imported}.tagged`);
      expectEqual('rows of the view', view[0]?.['n'], 3);
      await admin.query(`DROP DATABASE ${imported}`);
    },
    'dump of a protected table as the application knows it': async () => {
      const rows = `INSERT INTO ${dumped} (name, email, note, photo, age) VALUES
        ('ann', 'ann@example.com', 'it''s a "quoted" \\\\ note', x'00ff5c27', -41), ('bob', NULL, NULL, NULL, NULL);`;
      succeeded(await load(proxy, DATABASE, rows));
      await admin.query(
        `INSERT INTO ${DATABASE}.${dumped} (tenant_id, name, encrypted_email) VALUES (?, 'eve', 'x')`,
        [OTHER_TENANT],
      );
      for (const options of [[], ['--single-transaction', '--skip-lock-tables']]) {
        text = succeeded(await dump(proxy, [...options, DATABASE, dumped]));
        for (const wanted of [
          '`email` varchar(255)',
          'KEY `tenant_email` (`tenant_id`,`email`)',
          'ann@example.com',
        ]) {
          if (!text.includes(wanted)) throw new Error(`the dump lacks ${wanted}`);
        }
        if (/encrypted_|varbinary|eve/.test(text))
          throw new Error('the dump shows the table as it lies there');
      }
    },
    'its import through the proxy': async () => {
      const before = await stored(dumped);
      expectEqual('rows before', before.length, 2);
      succeeded(await load(proxy, DATABASE, text));
      expectEqual('rows after', await stored(dumped), before);
      expectEqual(
        'the dump after',
        succeeded(await dump(proxy, ['--single-transaction', '--skip-lock-tables', DATABASE, dumped])),
        text,
      );
    },
    'dump without the protected tables': async () => {
      const [tables] = await admin.query<RowDataPacket[]>(`SHOW TABLES FROM ${DATABASE}`);
      const names = tables.flatMap((row) => Object.values(row).map(String));
      const options = names.map((name) => `--ignore-table=${DATABASE}.${name}`);
      const without = succeeded(await dump(proxy, [...options, DATABASE]));
      if (/people|dumped/.test(without)) throw new Error('the dump names a table');
    },
    'import of rows into a protected table': async () => {
      // mysqldump 9.7 without the tables' definitions reads from MariaDB as latin1 and says utf8mb4: its file is wrong.
      const email = family === 'mysql' && server.kind === 'mariadb' ? 'd@example.com' : 'd😀@example.com';
      await admin.query(
        `INSERT INTO ${STRAIGHT_DATABASE}.people (id, name, email, note, photo, age) VALUES
          (?, ?, '${email}', 'it''s a "quoted" \\\\ note', x'00ff5c27', 41), (?, ?, NULL, NULL, NULL, NULL)`,
        [
          ...[0, 1].flatMap((i) => [
            (family === 'mysql' ? 900_000 : 950_000) + (front.tls ? 10 : 0) + i,
            `${prefix}${i}`,
          ]),
        ],
      );
      const rows = succeeded(
        await dump(straight, [
          ...['--no-create-info', '--complete-insert', '--skip-add-locks', '--skip-disable-keys'],
          ...[`--where=name LIKE '${prefix}%'`, STRAIGHT_DATABASE, 'people'],
        ]),
      );
      succeeded(await load(proxy, DATABASE, rows));
      expectEqual('the rows, decrypted by hand', await stored('people', `${prefix}%`), [
        {
          tenant_id: TENANT,
          email,
          note: 'it\'s a "quoted" \\ note',
          photo: '00FF5C27',
          age: '41',
        },
        { tenant_id: TENANT, email: null, note: null, photo: null, age: null },
      ]);
    },
  };
  const version = family === 'mariadb' ? ensureMariadb().version : mysqlPrograms().version;
  const cells: Cell[] = [];
  for (const feature of DUMP_FEATURES) {
    const place = { client: family === 'mysql' ? 'mysqldump' : 'mariadb-dump', version, mode: 'text' };
    const problem = await problemOf(cases[feature]);
    cells.push({ ...place, server: stage.serverName, tls: front.tls, feature, problem, straight: null });
  }
  for (const database of [DATABASE, STRAIGHT_DATABASE]) {
    await admin.query(`DELETE FROM ${database}.people WHERE name LIKE ?`, [`${prefix}%`]);
  }
  return cells;
}
