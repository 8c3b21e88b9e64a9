import { ensureMariadb } from '../../scripts/lib/ensure-mariadb.mjs';
import { ensureMysql } from '../../scripts/lib/ensure-mysql.mjs';
import { type ClientRun, runClient } from '../support/run-client.js';
import type { TenantSource } from './catalogue.js';
import { type Cell, expectEqual, problemOf } from './cells.js';
import { checkCiphertext } from './ciphertext.js';
import { MissingLanguage } from './install.js';
import { BIG_TEXT } from './scenario.js';
import { DATABASE, type Front, OTHER_TENANT, PASSWORD, type Stage, TENANT } from './stage.js';

/** A program that is run rather than asked. */
export interface Program {
  readonly id: string;
  readonly title: string;
  readonly tenant: TenantSource;
  readonly prepare: () => readonly [string, ...string[]];
  readonly run: (command: readonly [string, ...string[]], stage: Stage, front: Front) => Promise<Cell[]>;
}

/** The `mysql` 9.7 command line and its version. @throws MissingLanguage */
export function mysqlPrograms(): NonNullable<ReturnType<typeof ensureMysql>> {
  const programs = ensureMysql();
  if (programs === null) throw new MissingLanguage('MySQL 9.7 can not be had here (the reason is above)');
  return programs;
}

/** Where the client finds mysql_native_password, which MySQL 9 no longer has built in. */
export function pluginFolder(): string {
  return `${mysqlPrograms().baseDir}/lib/mysql/plugin`;
}

/** Options that connect one of the programs of either family. */
export function connectOptions(
  family: 'mariadb' | 'mysql',
  address: { readonly host: string; readonly port: number; readonly ca: string | null },
  user: string,
): string[] {
  const tls = {
    mariadb: address.ca === null ? ['--skip-ssl'] : [`--ssl-ca=${address.ca}`, '--ssl-verify-server-cert'],
    mysql:
      address.ca === null
        ? ['--ssl-mode=DISABLED', '--get-server-public-key']
        : [`--ssl-ca=${address.ca}`, '--ssl-mode=VERIFY_IDENTITY'],
  };
  return [
    '--no-defaults',
    ...['--host', address.host, '--port', String(address.port), '--protocol=tcp', `--user=${user}`],
    '--default-character-set=utf8mb4',
    ...tls[family],
    ...(family === 'mysql' ? [`--plugin-dir=${pluginFolder()}`] : []),
  ];
}

export const COMMAND_LINES: readonly Program[] = [
  {
    id: 'mariadb-cli',
    title: '`mariadb` command line',
    tenant: 'suffix',
    prepare: () => [ensureMariadb().client],
    run: async (command, stage, front) => await commandLine('mariadb', command, stage, front),
  },
  {
    id: 'mysql-cli',
    title: '`mysql` command line',
    tenant: 'variable',
    prepare: () => mysqlPrograms().client,
    run: async (command, stage, front) => await commandLine('mysql', command, stage, front),
  },
];

async function commandLine(
  family: 'mariadb' | 'mysql',
  command: readonly [string, ...string[]],
  stage: Stage,
  front: Front,
): Promise<Cell[]> {
  const user = await stage.newUser();
  const prefix = `${family}-cli-${front.tls ? 'tls' : 'plain'}-`;
  const version = family === 'mariadb' ? ensureMariadb().version : mysqlPrograms().version;
  const script = async (sql: string, more: readonly string[] = [], tenant = TENANT): Promise<ClientRun> => {
    const address = { host: front.proxy.host, port: front.proxy.port, ca: front.ca };
    const name = family === 'mariadb' ? `${user}%${tenant}` : user;
    // MySQL 9 asks for a collation that MariaDB does not know, and is given latin1.
    const own = family === 'mysql' ? [`--init-command=SET NAMES utf8mb4, @tenant_id = '${tenant}'`] : [];
    const args = [
      ...connectOptions(family, address, name),
      ...own,
      '-N',
      '-B',
      '--max-allowed-packet=16M',
      ...more,
      DATABASE,
    ];
    return await runClient(command, args, { MYSQL_PWD: PASSWORD }, sql);
  };
  const expectOutput = async (sql: string, wanted: string, more: readonly string[] = []): Promise<void> => {
    const { stdout, stderr, status } = await script(sql, more);
    expectEqual('output', { stdout, stderr, status }, { stdout: wanted, stderr: '', status: 0 });
  };
  const n = (name: string): string => `'${prefix}${name}'`;
  const allBytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i)).toString('hex');
  const cases: Record<string, () => Promise<void>> = {
    connect: async () => await expectOutput('SELECT CURRENT_USER();', `${user}@%\n`),
    CRUD: async () =>
      await expectOutput(
        `INSERT INTO people (name, email, note, age) VALUES (${n('crud')}, 'crud@example.com', 'it''s "q" \\\\ -- x', 41);
         SELECT email, note, age FROM people WHERE email = 'crud@example.com' AND name = ${n('crud')};
         UPDATE people SET email = 'new@example.com', age = -7 WHERE email = 'crud@example.com' AND name = ${n('crud')};
         SELECT ROW_COUNT(), email, age FROM people WHERE name = ${n('crud')} AND age < 0;
         DELETE FROM people WHERE email = 'new@example.com' AND name = ${n('crud')};
         SELECT COUNT(*) FROM people WHERE name = ${n('crud')};
         INSERT INTO people (name, email, note, photo, age)
           VALUES (${n('kept')}, '${prefix}kept@example.com', 'quoted', x'${allBytes}', 41);
         SELECT HEX(photo) FROM people WHERE name = ${n('kept')};`,
        `crud@example.com\tit's "q" \\\\ -- x\t41\n1\tnew@example.com\t-7\n0\n${allBytes.toUpperCase()}\n`,
      ),
    NULL: async () =>
      await expectOutput(
        `INSERT INTO people (name, email, age) VALUES (${n('null')}, NULL, NULL);
         SELECT email, note, photo, age, email IS NULL FROM people WHERE name = ${n('null')};`,
        'NULL\tNULL\tNULL\tNULL\t1\n',
      ),
    emoji: async () =>
      await expectOutput(
        `INSERT INTO people (name, email) VALUES (${n('🚀')}, '👩‍👩‍👧‍👦@例え.jp');
         SELECT name, email FROM people WHERE email = '👩‍👩‍👧‍👦@例え.jp' AND name = ${n('🚀')};`,
        `${prefix}🚀\t👩‍👩‍👧‍👦@例え.jp\n`,
      ),
    '1 MiB': async () =>
      await expectOutput(
        `INSERT INTO people (name, note) VALUES (${n('big')}, '${BIG_TEXT.replace(/['\\]/g, '\\$&').replace(/\r/g, '\\r')}');
         SELECT note FROM people WHERE name = ${n('big')};`,
        `${BIG_TEXT}\n`,
        ['--raw'],
      ),
    transaction: async () =>
      await expectOutput(
        `BEGIN; INSERT INTO people (name, email) VALUES (${n('tx')}, 'tx@example.com'); ROLLBACK;
         SELECT COUNT(*) FROM people WHERE name = ${n('tx')};
         BEGIN; INSERT INTO people (name, email) VALUES (${n('tx')}, 'tx@example.com'); COMMIT;
         SELECT email FROM people WHERE name = ${n('tx')};`,
        '0\ntx@example.com\n',
      ),
    errors: async () => {
      const insert = `INSERT INTO people (name) VALUES (${n('dup')});`;
      const { stderr, status } = await script(`${insert}\n${insert}`);
      if (status !== 1 || !/ERROR 1062 \(23000\) at line 2/.test(stderr))
        throw new Error(`${status}: ${stderr}`);
    },
    refusal: async () => {
      const { stdout, stderr } = await script(
        'CREATE TABLE stolen AS SELECT email FROM people;\nSELECT 1 + 1;',
        ['--force'],
      );
      if (!/ERROR \d+ \(\w+\) at line 1: tenantcrypt\[TC_/.test(stderr))
        throw new Error(`no error of the proxy: ${stderr}`);
      expectEqual('the connection goes on', stdout, '2\n');
    },
    tenants: async () => {
      const { stdout } = await script(
        `SELECT COUNT(*) FROM people WHERE name LIKE '${prefix}%';`,
        [],
        OTHER_TENANT,
      );
      expectEqual('rows of the other tenant', stdout, '0\n');
    },
    batch: async () =>
      await expectOutput(
        `INSERT INTO people (name, email, age) VALUES ${Array.from({ length: 200 }, (_, i) => `(${n(`batch${i}`)}, 'b${i}@example.com', ${i})`).join(',')};
         SELECT COUNT(DISTINCT email), SUM(age), MAX(age) FROM people WHERE name LIKE '${prefix}batch%';`,
        '200\t19900\t199\n',
      ),
    stream: async () =>
      await expectOutput(
        `SELECT age FROM people WHERE name LIKE '${prefix}batch%' ORDER BY age;`,
        `${Array.from({ length: 200 }, (_, i) => i).join('\n')}\n`,
        ['--quick'],
      ),
    reconnect: async () => {
      const { stdout, stderr } = await script(
        `KILL CONNECTION_ID();\n\\r ${DATABASE}\nSELECT email FROM people WHERE name = ${n('kept')};`,
        ['--force', ...(family === 'mysql' ? ['--commands'] : [])],
      );
      if (!/ERROR \d+/.test(stderr)) throw new Error('the connection was not lost');
      if (!stdout.endsWith(`${prefix}kept@example.com\n`))
        throw new Error(`no row again: ${stdout} ${stderr}`);
    },
    ciphertext: async () => await checkCiphertext(stage, prefix, true),
  };
  const cells: Cell[] = [];
  for (const [feature, run] of Object.entries(cases)) {
    const problem = await problemOf(run);
    const place = {
      client: `${family}-cli`,
      version,
      mode: 'text',
      server: stage.serverName,
      tls: front.tls,
    };
    cells.push({ ...place, feature, problem, straight: null });
    if (feature === 'connect' && problem !== null) break;
  }
  await stage.admin.query(`DELETE FROM ${DATABASE}.people WHERE name LIKE ?`, [`${prefix}%`]);
  return cells;
}
