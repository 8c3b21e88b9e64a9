import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cachedFolder } from '../../scripts/lib/cache.mjs';
import { ensureMysql } from '../../scripts/lib/ensure-mysql.mjs';
import { captureOrThrow } from '../../scripts/lib/run.mjs';
import { type RunningSqlServer, type SqlServerOptions, startSqlServer, TEMPLATE_SQL } from './sql-server.js';

/** Raise when the template's content changes. */
const TEMPLATE_FORMAT = 1;
const INNODB_FILES = ['--innodb-redo-log-capacity=64M', '--innodb-data-file-path=ibdata1:12M:autoextend'];

/**
 * Starts a MySQL 9.7 server of its own. The first start on a machine downloads it and makes a template of the data
 * folder (3 s); later ones copy it.
 * @returns null where MySQL 9.7 can't be had (one line on standard error says why)
 * @throws Error when it does not start
 */
export async function startMysql(options: SqlServerOptions = {}): Promise<RunningSqlServer | null> {
  const programs = ensureMysql();
  if (programs === null) return null;
  const [command, ...leading] = programs.mysqld;
  const fixed = [...leading, '--no-defaults', `--basedir=${programs.baseDir}`, ...INNODB_FILES];
  const folding = options.lowerCaseTableNames ?? 0;
  // lower_case_table_names is part of the data folder since MySQL 8.0.
  const template = cachedFolder(
    `mysql-${programs.version}-data-${TEMPLATE_FORMAT}-lctn${folding}`,
    (folder) => {
      const accounts = join(folder, 'accounts.sql');
      writeFileSync(accounts, TEMPLATE_SQL);
      captureOrThrow(
        command,
        [
          ...fixed,
          ...(process.getuid?.() === 0 ? ['--user=root'] : []),
          '--initialize-insecure',
          `--lower-case-table-names=${folding}`,
          `--datadir=${join(folder, 'data')}`,
          `--init-file=${accounts}`,
          '--secure-file-priv=NULL',
          `--log-error=${join(folder, 'initialize.log')}`,
        ],
        { timeoutMs: 120_000 },
      );
    },
  );
  return await startSqlServer(
    {
      kind: 'mysql',
      version: programs.version,
      command: [command, ...fixed],
      client: [...programs.client, '--no-defaults'],
      template: join(template, 'data'),
      args: ['--loose-mysqlx=OFF'],
      // An empty list of versions (8.4's --skip-ssl is gone).
      withoutTls: ['--tls-version='],
    },
    options,
  );
}
