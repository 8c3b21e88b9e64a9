import { afterAll, beforeAll, expect, it } from 'vitest';
import { KEYS, rowsOf, startTestProxy, type TestProxy } from '../support/proxy.js';
import { type ClientRun, runClient } from '../support/run-client.js';
import { forEachServer, sharedServers } from '../support/servers.js';

/** MariaDB's client is tried against both servers; MySQL's own against its server as well. */
const mariadbClient = sharedServers().find(({ kind }) => kind === 'mariadb')?.client ?? ['mariadb'];

forEachServer((_name, getServer) => {
  let proxy: TestProxy;

  beforeAll(async () => {
    proxy = await startTestProxy(getServer(), { label: 'cli' });
  });
  afterAll(async () => await proxy?.stop());

  const clients = () =>
    getServer().kind === 'mysql' ? [mariadbClient, getServer().client] : [mariadbClient];

  /** Feeds the client a script on standard input. */
  async function run(
    client: readonly [string, ...string[]],
    tenant: string,
    script: string,
    args: string[] = [],
  ): Promise<ClientRun> {
    const result = await runClient(
      client,
      [
        '-h127.0.0.1',
        `-P${proxy.port}`,
        '--protocol=tcp',
        `-u${proxy.user}%${tenant}`,
        '--default-character-set=utf8mb4',
        '--batch',
        '--skip-column-names',
        ...args,
        proxy.database,
      ],
      { MYSQL_PWD: proxy.password },
      script,
    );
    return { ...result, stderr: result.stderr.replace(/^(WARNING|mysql: \[Warning\]).*\n/gm, '') };
  }

  const withoutTls = (client: readonly string[]): string =>
    client === mariadbClient ? '--skip-ssl' : '--ssl-mode=DISABLED';
  const withTls = (client: readonly string[]): string =>
    client === mariadbClient ? '--ssl' : '--ssl-mode=REQUIRED';

  it.each(['TLS', 'no TLS'])('writes and reads for two tenants over %s', async (transport) => {
    for (const client of clients()) {
      await proxy.admin.query('TRUNCATE users');
      const args = [transport === 'TLS' ? withTls(client) : withoutTls(client)];
      const written = await run(
        client,
        'tenant-001',
        `INSERT INTO users (username, email, phone) VALUES ('alice', 'alice@example.com', '1'), ('émile', '😀@example.com', NULL);
         UPDATE users SET phone = '2' WHERE email = 'alice@example.com';
         INSERT INTO users (username, email) VALUES ('émile', 'émile@example.com') ON DUPLICATE KEY UPDATE email = VALUES(email);
         BEGIN; DELETE FROM users; SELECT COUNT(*) FROM users; ROLLBACK;
         SELECT username, email, phone FROM users ORDER BY id`,
        args,
      );
      expect(written.stderr).toBe('');
      expect(written.stdout).toBe('0\nalice\talice@example.com\t2\némile\témile@example.com\tNULL\n');
      const other = await run(client, 'tenant-002', 'SELECT username FROM users; SELECT 1', args);
      expect(other.stdout).toBe('1\n');
      const stored = await rowsOf(
        proxy.admin,
        'SELECT tenant_id, CAST(AES_DECRYPT(encrypted_email, ?) AS CHAR CHARACTER SET utf8mb4) AS email FROM users ORDER BY id',
        [KEYS['tenant-001']],
      );
      expect(stored).toEqual([
        { tenant_id: 'tenant-001', email: 'alice@example.com' },
        { tenant_id: 'tenant-001', email: 'émile@example.com' },
      ]);
    }
  });

  it('shows a refusal with number, state and code, and goes on with --force', async () => {
    for (const client of clients()) {
      const refused = await run(client, 'tenant-001', 'SELECT @__tc_key;\nSELECT 7', [
        withoutTls(client),
        '--force',
      ]);
      expect(refused.stderr).toMatch(/^ERROR 1227 \(42000\) at line 1: tenantcrypt\[TC_RESERVED_NAME\]: /m);
      expect(refused.stdout).toBe('7\n');
    }
  });

  it('takes the tenant from a SET in the script', async () => {
    for (const client of clients()) {
      await proxy.admin.query('TRUNCATE users');
      const args = [withTls(client), `-u${proxy.user}`];
      const written = await run(
        client,
        '',
        `SET @tenant_id = 'tenant-001'; INSERT INTO users (username, email) VALUES ('a', 'one@example.com');
         SET @tenant_id = 'tenant-002'; INSERT INTO users (username, email) VALUES ('a', 'two@example.com');
         SELECT email FROM users; SET @tenant_id = 'tenant-001'; SELECT email FROM users`,
        args,
      );
      expect(written.stderr).toBe('');
      expect(written.stdout).toBe('two@example.com\none@example.com\n');
    }
  });

  it('takes the statements of a dump', async () => {
    await proxy.admin.query('TRUNCATE users');
    const loaded = await run(
      mariadbClient,
      'tenant-002',
      `/*!40101 SET NAMES utf8mb4 */;
INSERT INTO \`users\` (\`username\`, \`email\`) VALUES ('x','x@example.com'),('y','it''s \\'quoted\\'@example.com');
SELECT email FROM users ORDER BY id`,
    );
    expect(loaded.stderr).toBe('');
    expect(loaded.stdout).toBe("x@example.com\nit's 'quoted'@example.com\n");
  });
});
