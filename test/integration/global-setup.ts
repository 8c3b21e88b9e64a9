import type { TestProject } from 'vitest/node';
import { ensurePython } from '../../scripts/lib/ensure-python.mjs';
import { startMariadb } from '../servers/mariadb-server.js';
import { startMysql } from '../servers/mysql-server.js';
import type { RunningSqlServer, SqlServerAddress } from '../servers/sql-server.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** the run's shared MariaDB */
    mariadb: SqlServerAddress;
    /** the run's shared MySQL 9.7; null where it can't be had */
    mysql: SqlServerAddress | null;
    /** interpreter with PyMySQL and moto; null where it can't be had */
    python: string | null;
  }
}

/** Starts one server of each kind for the whole run, with performance_schema, which the leak tests read. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const python = ensurePython();
  const mariadb = await startMariadb({ performanceSchema: true });
  let mysql: RunningSqlServer | null;
  try {
    mysql = await startMysql({ performanceSchema: true });
  } catch (error) {
    await mariadb.stop();
    throw error;
  }
  project.provide('python', python);
  project.provide('mariadb', addressOf(mariadb));
  project.provide('mysql', mysql === null ? null : addressOf(mysql));
  return async () => {
    await Promise.all([mariadb.stop(), mysql?.stop()]);
  };
}

/** Without the functions: what is provided is copied to other processes. */
function addressOf(server: RunningSqlServer): SqlServerAddress {
  const { stop: _stop, kill: _kill, ...address } = server;
  return address;
}
