import { afterAll, expect, it } from 'vitest';
import { adminConnection, createUser } from '../servers/accounts.js';
import { startMariadb } from '../servers/mariadb-server.js';
import { startMysql } from '../servers/mysql-server.js';
import type { RunningSqlServer } from '../servers/sql-server.js';
import { rowsOf, startTestProxy, USERS_SQL } from '../support/proxy.js';
import { forEachServer } from '../support/servers.js';
import { startTcpForwarder } from '../support/tcp-forwarder.js';

forEachServer((_name, getServer) => {
  const running: RunningSqlServer[] = [];
  afterAll(async () => {
    for (const server of running) await server.stop();
  });

  async function start(): Promise<RunningSqlServer> {
    const server = getServer().kind === 'mysql' ? await startMysql() : await startMariadb();
    if (server === null) throw new Error('the shared server could be started and this one not');
    running.push(server);
    return server;
  }

  it('tells all clients of a backend that was killed, stays up, and works on the next one', async () => {
    const [first, second] = await Promise.all([start(), start()]);
    const forwarder = await startTcpForwarder(first.port);
    const proxy = await startTestProxy(first, { label: 'killed', backendPort: forwarder.port });
    try {
      const [idle, busy, inTransaction] = await Promise.all([
        proxy.connect('tenant-001'),
        proxy.connect('tenant-001'),
        proxy.connect('tenant-001'),
      ]);
      await inTransaction.beginTransaction();
      await inTransaction.query("INSERT INTO users (username, email) VALUES ('lost', 'lost@example.com')");
      const waiting = busy.query('SELECT email, SLEEP(30) FROM users UNION ALL SELECT SLEEP(30), 1').then(
        () => 'answered',
        (error: Error & { fatal?: boolean }) =>
          error.fatal === true ? 'lost' : `not fatal: ${error.message}`,
      );
      await new Promise((resolve) => setTimeout(resolve, 200));
      await first.kill();
      expect(await waiting).toBe('lost');
      await expect(idle.query('SELECT 1')).rejects.toMatchObject({ fatal: true });
      await expect(inTransaction.commit()).rejects.toMatchObject({ fatal: true });
      await expect(proxy.connect('tenant-001')).rejects.toThrow(/tenantcrypt\[TC_BACKEND\]/);
      expect((await proxy.get('/healthz')).status).toBe(200);

      await createUser(second, { user: proxy.user, password: proxy.password });
      const admin = await adminConnection(second);
      await admin.query(`CREATE DATABASE \`${proxy.database}\` CHARACTER SET utf8mb4`);
      await admin.query(`USE \`${proxy.database}\``);
      await admin.query(USERS_SQL);
      await forwarder.open(second.port);
      const again = await proxy.connect('tenant-001');
      await again.query("INSERT INTO users (username, email) VALUES ('a', 'a@example.com')");
      expect(await rowsOf(again, 'SELECT username, email FROM users')).toEqual([
        { username: 'a', email: 'a@example.com' },
      ]);
      const [stored] = await rowsOf(admin, 'SELECT LENGTH(encrypted_email) AS l FROM users');
      expect(stored).toEqual({ l: 16 });
      await admin.end();
    } finally {
      await proxy.stop();
      await forwarder.close();
    }
  });
});
