import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cachedFolder } from '../../scripts/lib/cache.mjs';
import { ensureMariadb } from '../../scripts/lib/ensure-mariadb.mjs';
import { captureOrThrow } from '../../scripts/lib/run.mjs';
import { type RunningSqlServer, type SqlServerOptions, startSqlServer, TEMPLATE_SQL } from './sql-server.js';

/** Raise when the template's content changes. */
const TEMPLATE_FORMAT = 1;
const INNODB_FILES = ['--innodb-log-file-size=32M'];

/**
 * Starts a MariaDB server of its own. The first start on a machine may install packages and makes a template of the
 * data folder (1 s); later ones copy it.
 * @throws Error when MariaDB can't be had or does not start
 */
export async function startMariadb(options: SqlServerOptions = {}): Promise<RunningSqlServer> {
  if (options.tls === 'server-made') throw new Error('MariaDB makes no certificates of its own');
  const programs = ensureMariadb();
  const template = cachedFolder(`mariadb-${programs.version}-data-${TEMPLATE_FORMAT}`, (folder) => {
    const dataDir = join(folder, 'data');
    captureOrThrow(programs.installDb, [
      '--no-defaults',
      ...(process.getuid?.() === 0 ? ['--user=root'] : []),
      `--datadir=${dataDir}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
      '--skip-name-resolve',
      ...INNODB_FILES,
    ]);
    const sql = `FLUSH PRIVILEGES;\n${TEMPLATE_SQL}`.replace('CREATE USER', 'CREATE OR REPLACE USER');
    writeFileSync(join(folder, 'accounts.sql'), sql);
    captureOrThrow(
      programs.mariadbd,
      [
        '--no-defaults',
        '--bootstrap',
        ...(process.getuid?.() === 0 ? ['--user=root'] : []),
        `--datadir=${dataDir}`,
        '--skip-log-bin',
        ...INNODB_FILES,
      ],
      { input: sql, timeoutMs: 120_000 },
    );
  });
  return await startSqlServer(
    {
      kind: 'mariadb',
      version: programs.version,
      command: [programs.mariadbd, '--no-defaults'],
      client: [programs.client, '--no-defaults'],
      template: join(template, 'data'),
      args: [...INNODB_FILES, '--plugin-maturity=gamma'],
      withoutTls: ['--skip-ssl'],
    },
    options,
  );
}
