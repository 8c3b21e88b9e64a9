import { expect, it } from 'vitest';
import { Capability } from '../../../src/protocol/constants/capabilities.js';
import { parseServerVersion } from '../../../src/session/connection-phase/server-version.js';

const MYSQL = Capability.CLIENT_LONG_PASSWORD;

it.each([
  ['9.7.4', MYSQL, 'mysql', 90_704],
  ['8.0.36-0ubuntu0.22.04.1', MYSQL, 'mysql', 80_036],
  ['8.0.mysql_aurora.3.08.0', MYSQL, 'mysql', 80_000],
  ['5.5.5-10.11.14-MariaDB-0+deb12u2', 0, 'mariadb', 101_114],
  ['11.8.9-MariaDB-ubu2404-log', 0, 'mariadb', 110_809],
  // A version that the administrator has set.
  ['10.11.14-corporate', 0, 'mariadb', 101_114],
  ['hello', MYSQL, 'mysql', 0],
] as const)('%s', (serverVersion, flags, kind, version) => {
  expect(parseServerVersion(serverVersion, { flags, mariadb: 0 })).toEqual({ kind, version });
});
