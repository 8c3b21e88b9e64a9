import { describe, inject } from 'vitest';
import type { SqlServerAddress } from '../servers/sql-server.js';

/** The run's shared servers; a file's own schema comes from createDatabase, so that files can run side by side. */
export function sharedServers(): SqlServerAddress[] {
  const mysql = inject('mysql');
  return mysql === null ? [inject('mariadb')] : [inject('mariadb'), mysql];
}

/** `mariadb-10.11` or `mysql-9.7`, as in `explain --server`. */
export function serverName(server: SqlServerAddress): string {
  return `${server.kind}-${server.version.split('.').slice(0, 2).join('.')}`;
}

/**
 * Describes the same behaviour on every server. Where MySQL 9.7 can't be had, only MariaDB is described; the run's
 * setup has said so in one line.
 */
export function forEachServer(body: (name: string, getServer: () => SqlServerAddress) => void): void {
  for (const server of sharedServers()) {
    const name = serverName(server);
    describe(name, () => body(name, () => server));
  }
}
