import { describe, expect, it } from 'vitest';
import { namesSocketPlugin } from '../../../src/session/connection-phase/socket-account.js';

describe('namesSocketPlugin', () => {
  it.each([
    'CREATE USER `root`@`localhost` IDENTIFIED VIA unix_socket',
    "CREATE USER `root`@`localhost` IDENTIFIED VIA mysql_native_password USING 'invalid' OR unix_socket",
    "CREATE USER `a`@`%` IDENTIFIED VIA unix_socket USING 'daemon' OR ed25519 USING 'x'",
    "CREATE USER `a`@`localhost` IDENTIFIED WITH 'auth_socket' REQUIRE NONE",
    "CREATE USER `a`@`%` IDENTIFIED WITH 'caching_sha2_password' AS 'x' AND IDENTIFIED WITH 'auth_socket'",
  ])('finds it in %s', (createUser) => {
    expect(namesSocketPlugin(createUser)).toBe(true);
  });

  it.each([
    "CREATE USER `a`@`%` IDENTIFIED WITH 'caching_sha2_password' AS '$A$005$x' REQUIRE NONE",
    "CREATE USER `unix_socket`@`%` IDENTIFIED BY PASSWORD '*0123'",
    "CREATE USER `a`@`%` IDENTIFIED WITH 'mysql_native_password' AS 'it''s \\' auth_socket'",
  ])('does not in %s', (createUser) => {
    expect(namesSocketPlugin(createUser)).toBe(false);
  });
});
