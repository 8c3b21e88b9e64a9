import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Connection } from 'mysql2/promise';
import { capture, findExecutable } from '../../scripts/lib/run.mjs';
import { adminConnection, createUser } from '../servers/accounts.js';
import { makeCertificates, writeCertificates } from '../servers/certificates.js';
import type { RunningSqlServer } from '../servers/sql-server.js';
import { tempFolder } from '../servers/temp-folder.js';
import { startTenantcrypt, type TenantcryptProcess } from '../servers/tenantcrypt-process.js';

export const TENANT = 'tenant-001';
export const OTHER_TENANT = 'tenant-002';
export const KEYS = { [TENANT]: 'a-secret-for-tenant-1', [OTHER_TENANT]: 'another-secret-of-tenant' };
export const PASSWORD = 'app-password';
/** Matches what createUser grants. */
export const DATABASE = 'tc_clients';
/** The same table as the application believes it to be, for what a client does without a proxy. */
export const STRAIGHT_DATABASE = 'tc_clients_straight';
/** Without protected tables: what is dumped whole and imported. */
export const PLAIN_DATABASE = 'tc_clients_plain';

/** A protected table of its own for each dump program and front: it is dropped and made again. */
export const dumpedTable = (family: 'mariadb' | 'mysql', tls: boolean): string =>
  `dumped_${family}_${tls ? 'tls' : 'plain'}`;

const DUMPED = (['mariadb', 'mysql'] as const).flatMap((family) => [
  dumpedTable(family, false),
  dumpedTable(family, true),
]);

/** A protected table as it lies in the database. */
const people = (name: string): string => `CREATE TABLE ${DATABASE}.${name} (
  id INT PRIMARY KEY AUTO_INCREMENT,
  tenant_id VARCHAR(64) NOT NULL,
  name VARCHAR(100) NOT NULL,
  encrypted_email VARBINARY(1040),
  encrypted_note LONGBLOB,
  encrypted_photo LONGBLOB,
  encrypted_age VARBINARY(32),
  UNIQUE KEY tenant_name (tenant_id, name),
  KEY tenant_email (tenant_id, encrypted_email)
) DEFAULT CHARSET utf8mb4`;

const PROTECTION = {
  tenantColumn: 'tenant_id',
  columns: {
    email: { column: 'encrypted_email', type: 'varchar(255)', equality: 'exact' },
    note: { column: 'encrypted_note', type: 'mediumtext' },
    photo: { column: 'encrypted_photo', type: 'mediumblob' },
    age: { column: 'encrypted_age', type: 'int' },
  },
};

const STRAIGHT_PEOPLE = `CREATE TABLE ${STRAIGHT_DATABASE}.people (
  id INT PRIMARY KEY AUTO_INCREMENT,
  name VARCHAR(100) NOT NULL UNIQUE,
  email VARCHAR(255),
  note MEDIUMTEXT,
  photo MEDIUMBLOB,
  age INT
) DEFAULT CHARSET utf8mb4`;

const PLAIN_TABLES = [
  `CREATE TABLE ${PLAIN_DATABASE}.notes (
    id INT PRIMARY KEY AUTO_INCREMENT, title VARCHAR(100) NOT NULL, body MEDIUMTEXT, picture MEDIUMBLOB,
    price DECIMAL(10,2), written DATETIME(3), KEY title (title)
  ) DEFAULT CHARSET utf8mb4`,
  `INSERT INTO ${PLAIN_DATABASE}.notes (title, body, picture, price, written) VALUES
    ('😀 it''s "quoted" \\\\ back', REPEAT('0123456789é😀', 60000), UNHEX('00ff5c27221a0a0d'), 12.34, '2026-01-02 03:04:05.678'),
    ('all NULL', NULL, NULL, NULL, NULL), ('', '', '', 0, '1999-12-31 23:59:59.999')`,
  `CREATE TABLE ${PLAIN_DATABASE}.tags (note INT, tag VARCHAR(30), PRIMARY KEY (note, tag),
    FOREIGN KEY (note) REFERENCES notes (id) ON DELETE CASCADE) DEFAULT CHARSET utf8mb4`,
  `INSERT INTO ${PLAIN_DATABASE}.tags VALUES (1, 'a'), (1, 'b'), (2, 'a')`,
  `CREATE VIEW ${PLAIN_DATABASE}.tagged AS SELECT n.title, t.tag FROM ${PLAIN_DATABASE}.notes n
    JOIN ${PLAIN_DATABASE}.tags t ON t.note = n.id`,
];

/** A proxy that only takes clients with TLS, or only without: a client that got in is what it should be. */
export interface Front {
  readonly tls: boolean;
  readonly proxy: TenantcryptProcess;
  /** file of the authority that signed the proxy's certificate; null without TLS */
  readonly ca: string | null;
}

/** One server, its schema, and two proxies before it. */
export interface Stage {
  readonly server: RunningSqlServer;
  /** e.g. `MySQL 9.7` */
  readonly serverName: string;
  readonly fronts: readonly Front[];
  readonly admin: Connection;
  /** Makes an account that nobody has logged in to: caching_sha2_password then has to do its full exchange. */
  newUser(): Promise<string>;
  stop(): Promise<void>;
}

export function nameOf(server: { readonly kind: 'mariadb' | 'mysql'; readonly version: string }): string {
  const version = server.version.split('.').slice(0, 2).join('.');
  return `${server.kind === 'mysql' ? 'MySQL' : 'MariaDB'} ${version}`;
}

export async function setUpStage(server: RunningSqlServer): Promise<Stage> {
  const folder = tempFolder('cl');
  const certificates = writeCertificates(folder, await makeCertificates());
  makeTrustStore(certificates.ca);
  if (server.tls !== null) makeTrustStore(server.tls.ca);
  const admin = await adminConnection(server, { multipleStatements: true });
  for (const name of [DATABASE, STRAIGHT_DATABASE, PLAIN_DATABASE]) {
    await admin.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  }
  const protectedTables = ['people', ...DUMPED];
  for (const sql of [...protectedTables.map(people), STRAIGHT_PEOPLE, ...PLAIN_TABLES])
    await admin.query(sql);
  const fronts: Front[] = [];
  for (const tls of [false, true]) {
    const proxy = await startTenantcrypt({
      clientTls: tls ? 'required' : 'disabled',
      ...(tls ? { clientCertificate: certificates } : {}),
      keys: KEYS,
      config: {
        backend: {
          host: server.host,
          port: server.port,
          tls:
            tls && server.tls !== null
              ? { mode: 'verify-identity', ca: server.tls.ca }
              : { mode: 'disabled' },
        },
        tenant: {
          sources: [{ connectionAttribute: 'tenant_id' }, { userSuffix: '%' }, { userVariable: 'tenant_id' }],
        },
        tables: Object.fromEntries(protectedTables.map((name) => [`${DATABASE}.${name}`, PROTECTION])),
      },
    });
    fronts.push({ tls, proxy, ca: tls ? certificates.ca : null });
  }
  return {
    server,
    serverName: nameOf(server),
    fronts,
    admin,
    newUser: async () => {
      const user = `app_${randomBytes(4).toString('hex')}`;
      await createUser(server, { user, password: PASSWORD });
      return user;
    },
    stop: async () => {
      await admin.end().catch(() => undefined);
      for (const { proxy } of fronts) await proxy.stop();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Connector/J reads no PEM files: the authority in a key store beside it, where there is a Java to make it. */
function makeTrustStore(ca: string): void {
  const keytool = findExecutable('keytool');
  if (keytool === null) return;
  const store = join(ca.replace(/\.pem$/, '.p12'));
  capture(keytool, [
    ...['-importcert', '-noprompt', '-alias', 'ca', '-file', ca],
    ...['-keystore', store, '-storetype', 'PKCS12', '-storepass', 'changeit'],
  ]);
}
