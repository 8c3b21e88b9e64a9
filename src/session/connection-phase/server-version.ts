import { type Capabilities, Capability, has } from '../../protocol/constants/capabilities.js';
import type { ServerVersion } from '../../rewrite/dialect.js';

/** What MariaDB puts in front, so that replicas of old versions accept it. */
const REPLICATION_PREFIX = '5.5.5-';

/**
 * Reads the version of a HandshakeV10: `9.7.4`, `5.5.5-10.11.14-MariaDB-0+deb12u2`, `8.0.mysql_aurora.3.08.0`. A part
 * that is no number counts as 0.
 */
export function parseServerVersion(serverVersion: string, capabilities: Capabilities): ServerVersion {
  // CLIENT_MYSQL is clear in the greetings of MariaDB only: a version can be set to hide the name.
  const isMariadb =
    /mariadb/i.test(serverVersion) || !has(capabilities.flags, Capability.CLIENT_LONG_PASSWORD);
  const own =
    isMariadb && serverVersion.startsWith(REPLICATION_PREFIX)
      ? serverVersion.slice(REPLICATION_PREFIX.length)
      : serverVersion;
  const [major, minor, patch] = /^(\d{1,3})(?:\.(\d{1,2}))?(?:\.(\d{1,2})(?!\d))?/.exec(own)?.slice(1) ?? [];
  return {
    kind: isMariadb ? 'mariadb' : 'mysql',
    version: Number(major ?? 0) * 10_000 + Number(minor ?? 0) * 100 + Number(patch ?? 0),
  };
}
