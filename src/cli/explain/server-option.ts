import type { ServerVersion } from '../../rewrite/dialect.js';
import { UsageError } from '../exit-status.js';

/** Of a version without one: the newest, since executable comments of any patch then run as they do there. */
const NEWEST_PATCH = 99;

/** `mysql-9.7`, `mariadb-10.11.14`. @throws UsageError */
export function parseServerOption(text: string): ServerVersion {
  const match = /^(mysql|mariadb)-(\d{1,2})\.(\d{1,2})(?:\.(\d{1,2}))?$/.exec(text);
  if (match === null) {
    throw new UsageError(`--server ${text} is no server; write for example mysql-9.7 or mariadb-10.11`);
  }
  const [, kind, major, minor, patch = NEWEST_PATCH] = match;
  return {
    kind: kind === 'mariadb' ? 'mariadb' : 'mysql',
    version: Number(major) * 10_000 + Number(minor) * 100 + Number(patch),
  };
}

/** `@@sql_mode` of a server that was not configured otherwise. */
export function defaultSqlMode(server: ServerVersion): string {
  return server.kind === 'mariadb'
    ? 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_CREATE_USER,NO_ENGINE_SUBSTITUTION'
    : 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';
}
