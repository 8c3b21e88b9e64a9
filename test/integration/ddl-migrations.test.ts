import type { Connection, RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkTables } from '../../src/cli/check/tables.js';
import { readLiveSchema } from '../../src/cli/wiring/live-schema.js';
import { loadConfig } from '../../src/config/load-config.js';
import { Secret } from '../../src/config/secret.js';
import { errorOf, rowsOf, startTestProxy, type TestProxy } from '../support/proxy.js';
import { forEachServer } from '../support/servers.js';

/*
 * Migrations as ORMs write them, of a protected table that is not in the database when the proxy starts: what lies in
 * the database is the physical table, what `check` accepts, and the application reads back what it has written.
 */

/** What each ORM's migration says, in its own spelling: create, change, and an index. */
const MIGRATIONS: Readonly<Record<string, readonly string[]>> = {
  Sequelize: [
    'CREATE TABLE IF NOT EXISTS `users` (`id` INTEGER NOT NULL auto_increment , `tenant_id` VARCHAR(64) NOT NULL, `username` VARCHAR(255), `email` VARCHAR(255) UNIQUE, `createdAt` DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, PRIMARY KEY (`id`)) ENGINE=InnoDB;',
    'ALTER TABLE `users` ADD `phone` VARCHAR(32);',
    'ALTER TABLE `users` CHANGE `phone` `phone` VARCHAR(32) NULL;',
    'ALTER TABLE `users` ADD INDEX `users_tenant_id_phone` (`tenant_id`, `phone`)',
  ],
  TypeORM: [
    'CREATE TABLE `users` (`id` int NOT NULL AUTO_INCREMENT, `tenant_id` varchar(64) NOT NULL, `username` varchar(255) NULL, `email` varchar(255) NOT NULL, `phone` varchar(32) NULL, `createdAt` datetime(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6), UNIQUE INDEX `IDX_97672ac88f789774dd47f7c8be` (`email`), PRIMARY KEY (`id`)) ENGINE=InnoDB',
    'CREATE INDEX `IDX_a000cca60bcf04454e72769949` ON `users` (`phone`)',
    'DROP INDEX `IDX_a000cca60bcf04454e72769949` ON `users`',
    'ALTER TABLE `users` DROP COLUMN `phone`',
    'ALTER TABLE `users` ADD `phone` varchar(32) NULL',
  ],
  Django: [
    'CREATE TABLE `users` (`id` bigint AUTO_INCREMENT NOT NULL PRIMARY KEY, `tenant_id` varchar(64) NOT NULL, `username` varchar(150) NULL, `email` varchar(255) NULL UNIQUE)',
    'ALTER TABLE `users` ADD COLUMN `phone` varchar(32) NULL',
    'CREATE INDEX `users_phone_e0d5d7_idx` ON `users` (`phone`)',
    'ALTER TABLE `users` MODIFY `email` varchar(255) NOT NULL',
  ],
  Rails: [
    'CREATE TABLE `users` (`id` bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, `tenant_id` varchar(64) NOT NULL, `username` varchar(255), `email` varchar(255) NOT NULL, `phone` varchar(32), UNIQUE INDEX `index_users_on_email` (`email`)) CHARSET=utf8mb4',
    'ALTER TABLE `users` DROP INDEX `index_users_on_email`',
    'CREATE INDEX `index_users_on_tenant_id_and_email` ON `users` (`tenant_id`, `email`)',
    "ALTER TABLE `users` CHANGE `phone` `phone` varchar(32) DEFAULT NULL COMMENT 'with country code'",
  ],
  Laravel: [
    'create table `users` (`id` bigint unsigned not null auto_increment primary key, `tenant_id` varchar(64) not null, `username` varchar(255) null, `email` varchar(255) not null, `phone` varchar(32) null, `created_at` timestamp null) default character set utf8mb4',
    'alter table `users` add unique `users_email_unique`(`email`)',
    'alter table `users` add index `users_phone_index`(`phone`)',
    'alter table `users` modify `phone` varchar(32) null after `email`',
    'alter table `users` drop index `users_phone_index`',
  ],
  Prisma: [
    '-- CreateTable\nCREATE TABLE `users` (\n    `id` INTEGER NOT NULL AUTO_INCREMENT,\n    `tenant_id` VARCHAR(64) NOT NULL,\n    `username` VARCHAR(191) NULL,\n    `email` VARCHAR(255) NOT NULL,\n\n    UNIQUE INDEX `users_email_key`(`email`),\n    PRIMARY KEY (`id`)\n) DEFAULT CHARACTER SET utf8mb4',
    '-- AlterTable\nALTER TABLE `users` ADD COLUMN `phone` VARCHAR(32) NULL,\n    MODIFY `username` VARCHAR(100) NULL',
    '-- CreateIndex\nCREATE INDEX `users_tenant_id_phone_idx` ON `users`(`tenant_id`, `phone`)',
  ],
  Knex: [
    'create table `users` (`id` int unsigned not null auto_increment primary key, `tenant_id` varchar(64) not null, `username` varchar(255), `email` varchar(255) not null, `phone` varchar(32))',
    'alter table `users` add unique `users_email_unique`(`email`)',
    'alter table `users` add column `nick` varchar(10)',
    'alter table `users` drop `nick`',
  ],
};

const protectUsers = (schema: string): Record<string, unknown> => ({
  [`${schema}.users`]: {
    tenantColumn: 'tenant_id',
    columns: {
      email: { column: 'encrypted_email', type: 'varchar(255)', equality: 'exact' },
      phone: { column: 'encrypted_phone', type: 'varchar(32)', equality: 'exact' },
    },
  },
});

forEachServer((_name, getServer) => {
  describe.each(['with a control account', 'without one'])('%s', (accounts) => {
    let proxy: TestProxy;
    let app: Connection;

    beforeAll(async () => {
      const server = getServer();
      const account = { user: server.rootUser, password: server.rootPassword };
      proxy = await startTestProxy(server, {
        label: 'ddl',
        tables: [],
        protect: protectUsers,
        ...(accounts === 'without one' ? {} : { config: { control: account } }),
      });
    });
    afterAll(async () => await proxy.stop());
    beforeEach(async () => {
      await proxy.admin.query('DROP TABLE IF EXISTS children, users');
      app = await proxy.connect('tenant-001');
    });

    /** `check` of the table as it lies in the database. */
    async function problems(): Promise<readonly string[]> {
      const config = loadConfig(proxy.configFile);
      const { port, rootUser, rootPassword } = getServer();
      const password = new Secret(rootPassword);
      const control = { user: rootUser, password, host: '127.0.0.1', port, socket: undefined };
      const live = await readLiveSchema({ ...config, control });
      return checkTables(config, live)
        .filter(({ level }) => level === 'problem')
        .map(({ subject, message }) => `${subject}: ${message}`);
    }

    /** Names and types as they lie in the database. */
    async function physical(): Promise<Record<string, string>> {
      const rows = await rowsOf(proxy.admin, 'SHOW COLUMNS FROM users');
      return Object.fromEntries(rows.map((row) => [row['Field'], String(row['Type'])]));
    }

    it.each(Object.entries(MIGRATIONS))('%s migrates', async (_orm, migration) => {
      for (const sql of migration) await app.query(sql);
      expect(await physical()).toMatchObject({
        encrypted_email: 'varbinary(1024)',
        encrypted_phone: 'varbinary(144)',
      });
      expect(Object.keys(await physical())).not.toContain('email');
      expect(await problems()).toEqual([]);
      await app.query("INSERT INTO users (username, email, phone) VALUES ('ann', 'ann@x.org', '+1')");
      expect(await rowsOf(app, "SELECT username, email, phone FROM users WHERE email = 'ann@x.org'")).toEqual(
        [{ username: 'ann', email: 'ann@x.org', phone: '+1' }],
      );
      const stored = await rowsOf(proxy.admin, 'SELECT tenant_id, encrypted_email FROM users');
      expect(stored[0]?.['tenant_id']).toBe('tenant-001');
      expect(stored[0]?.['encrypted_email']).toHaveLength(16);
      await app.query('DROP TABLE `users`');
      expect(await rowsOf(proxy.admin, "SHOW TABLES LIKE 'users'")).toEqual([]);
    });

    it('as prepared statements', async () => {
      await app.execute(
        'CREATE TABLE users (id INT PRIMARY KEY, tenant_id VARCHAR(64), email VARCHAR(255) NOT NULL)',
      );
      await app.execute('ALTER TABLE users ADD COLUMN phone VARCHAR(32)');
      await app.execute('INSERT INTO users (id, email, phone) VALUES (?, ?, ?)', [1, 'a@x.org', '+2']);
      expect((await app.execute<RowDataPacket[]>('SELECT phone FROM users'))[0]).toEqual([{ phone: '+2' }]);
      await app.query("PREPARE s FROM 'CREATE INDEX by_phone ON users (phone)'");
      await app.query('EXECUTE s');
      await app.query('DEALLOCATE PREPARE s');
      const keys = await rowsOf(proxy.admin, "SHOW INDEX FROM users WHERE Key_name = 'by_phone'");
      expect(keys[0]?.['Column_name']).toBe('encrypted_phone');
    });

    it('reaches the sessions of a pool that logged in before', async () => {
      const pooled = await proxy.connect('tenant-001');
      const other = await proxy.connect('tenant-002');
      for (const sql of MIGRATIONS['Knex'] ?? []) await app.query(sql);
      await pooled.query("INSERT INTO users (username, email) VALUES ('ann', 'ann@x.org')");
      expect(await rowsOf(other, 'SELECT email FROM users')).toEqual([]);
      await app.query('ALTER TABLE users ADD COLUMN city VARCHAR(20)');
      const all = Promise.all(
        [pooled, other].map(async (session) => await rowsOf(session, 'SELECT * FROM users')),
      );
      expect((await all).map((rows) => rows.map((row) => [row['email'], row['city']]))).toEqual([
        [['ann@x.org', null]],
        [],
      ]);
      await pooled.execute('UPDATE users SET city = ? WHERE email = ?', ['Bern', 'ann@x.org']);
      expect(await rowsOf(app, 'SELECT email, city FROM users')).toEqual([
        { email: 'ann@x.org', city: 'Bern' },
      ]);
    });

    it('reaches a transaction that begins right behind it', async () => {
      for (const sql of MIGRATIONS['Knex'] ?? []) await app.query(sql);
      await app.query('ALTER TABLE users ADD COLUMN city VARCHAR(20)');
      await app.query('START TRANSACTION');
      await app.query("INSERT INTO users (username, email, city) VALUES ('ann', 'ann@x.org', 'Bern')");
      expect(await rowsOf(app, 'SELECT email, city FROM users')).toEqual([
        { email: 'ann@x.org', city: 'Bern' },
      ]);
      await app.query('ROLLBACK');
    });

    it('a table that lacks a column yet can be shown', async () => {
      await app.query(
        'CREATE TABLE users (id INT PRIMARY KEY, tenant_id VARCHAR(64), email VARCHAR(255) NOT NULL)',
      );
      const named = async (sql: string) => (await rowsOf(app, sql)).map((row) => [row['Field'], row['Type']]);
      expect(await named('SHOW COLUMNS FROM users')).toEqual([
        ['id', expect.stringMatching(/^int/)],
        ['tenant_id', 'varchar(64)'],
        ['email', 'varchar(255)'],
      ]);
      expect(await named("SHOW COLUMNS FROM users LIKE 'e%'")).toEqual([['email', 'varchar(255)']]);
      expect(await named('DESCRIBE users email')).toEqual([['email', 'varchar(255)']]);
      expect((await errorOf(app.query('SELECT email FROM users'))).message).toContain('TC_SCHEMA');
      await app.query('ALTER TABLE users ADD phone VARCHAR(32)');
      expect(await rowsOf(app, 'SELECT email, phone FROM users')).toEqual([]);
    });

    it('no tenant is needed', async () => {
      const migrator = await proxy.connect(null);
      await migrator.query(
        'CREATE TABLE users (id INT PRIMARY KEY, tenant_id VARCHAR(64), email VARCHAR(255), phone VARCHAR(32))',
      );
      await migrator.query('ALTER TABLE users ADD KEY (email)');
      const keys = await rowsOf(proxy.admin, "SHOW INDEX FROM users WHERE Key_name = 'email'");
      expect(keys[0]?.['Column_name']).toBe('encrypted_email');
    });

    it('a column that is there is seen by the next statement', async () => {
      await app.query('CREATE TABLE users (id INT PRIMARY KEY, tenant_id VARCHAR(64), email VARCHAR(255))');
      // The configuration has a column that is not there yet.
      expect((await errorOf(app.query('SELECT email FROM users'))).message).toContain('TC_SCHEMA');
      await app.query('ALTER TABLE users ADD phone VARCHAR(32), ADD extra INT DEFAULT 7');
      await app.query("INSERT INTO users (id, email) VALUES (1, 'a')");
      expect(await rowsOf(app, 'SELECT * FROM users')).toEqual([
        { id: 1, tenant_id: 'tenant-001', email: 'a', phone: null, extra: 7 },
      ]);
      await app.query('ALTER TABLE users DROP COLUMN extra');
      expect(await rowsOf(app, 'SELECT * FROM users')).toEqual([
        { id: 1, tenant_id: 'tenant-001', email: 'a', phone: null },
      ]);
      const other = await proxy.connect('tenant-001');
      expect(await rowsOf(other, 'SELECT * FROM users')).toHaveLength(1);
    });

    it('another session sees it', async () => {
      const other = await proxy.connect('tenant-001');
      await app.query(
        'CREATE TABLE users (id INT PRIMARY KEY, tenant_id VARCHAR(64), email VARCHAR(255), phone VARCHAR(32))',
      );
      await app.query("INSERT INTO users (id, email) VALUES (1, 'a')");
      expect(await rowsOf(other, 'SELECT id, email FROM users')).toEqual([{ id: 1, email: 'a' }]);
      await app.query('ALTER TABLE users ADD extra INT DEFAULT 7');
      expect(await rowsOf(app, 'SELECT extra FROM users')).toEqual([{ extra: 7 }]);
      expect(await rowsOf(other, 'SELECT * FROM users')).toEqual([
        { id: 1, tenant_id: 'tenant-001', email: 'a', phone: null, extra: 7 },
      ]);
    });

    it('a column may be added NOT NULL while there are no rows', async () => {
      await app.query('CREATE TABLE users (id INT PRIMARY KEY, tenant_id VARCHAR(64), phone VARCHAR(32))');
      const sql = 'ALTER TABLE users ADD email VARCHAR(255) NOT NULL';

      await proxy.admin.query("INSERT INTO users VALUES (1, 't', NULL)");
      const refused = await errorOf(app.query(sql));
      expect(refused.message).toContain('has no value in rows that are there');
      expect((await errorOf(app.execute(sql))).message).toContain('TC_UNSUPPORTED_SQL');
      expect((await errorOf(app.query(`PREPARE s FROM '${sql}'`))).message).toContain('TC_UNSUPPORTED_SQL');
      await proxy.admin.query('DELETE FROM users');
      await app.query(sql);
      expect(await physical()).toMatchObject({ encrypted_email: 'varbinary(1024)' });
      expect((await errorOf(app.query('INSERT INTO users (id, email) VALUES (1, NULL)'))).errno).toBe(1048);
      expect((await errorOf(app.query(sql))).errno).toBe(1060);
    });

    it('several statements in one text', async () => {
      const several = await proxy.connect('tenant-001', { multipleStatements: true });
      const [results] = await several.query<RowDataPacket[][]>(
        `CREATE TABLE users (id INT PRIMARY KEY, tenant_id VARCHAR(64), email VARCHAR(255));
         ALTER TABLE users ADD phone VARCHAR(32) NOT NULL;
         INSERT INTO users (id, email, phone) VALUES (1, 'a', '+1'); SELECT email, phone FROM users`,
      );
      expect(results[3]).toEqual([{ email: 'a', phone: '+1' }]);
    });

    it('a table that refers to it, and a copy of its plain columns', async () => {
      await app.query(
        'CREATE TABLE users (id INT PRIMARY KEY, tenant_id VARCHAR(64), email VARCHAR(255), phone VARCHAR(32))',
      );
      await app.query('CREATE TABLE children (id INT PRIMARY KEY, user_id INT REFERENCES users (id))');
      await app.query('ALTER TABLE children ADD CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users (id)');
      await app.query("INSERT INTO users (id, email) VALUES (1, 'a')");
      await app.query('INSERT INTO children VALUES (1, 1)');
      expect((await errorOf(app.query('INSERT INTO children VALUES (2, 9)'))).errno).toBe(1452);
      await app.query('CREATE TABLE copied AS SELECT id FROM users');
      expect(await rowsOf(app, 'SELECT * FROM copied')).toEqual([{ id: 1 }]);
      const refused = await errorOf(app.query('CREATE TABLE copied2 AS SELECT email FROM users'));
      expect(refused.message).toContain('TC_PLAINTEXT_ESCAPE');
      await proxy.admin.query('DROP TABLE copied');
    });

    it('errors of the server name logical columns', async () => {
      await app.query(
        'CREATE TABLE users (id INT PRIMARY KEY, tenant_id VARCHAR(64), email VARCHAR(255), phone VARCHAR(32))',
      );
      const error = await errorOf(app.query('ALTER TABLE users ADD email VARCHAR(255)'));
      expect(error).toMatchObject({ errno: 1060, message: "Duplicate column name 'email'" });
      expect((await errorOf(app.query('ALTER TABLE users DROP nothing'))).errno).toBe(1091);
    });
  });
});
