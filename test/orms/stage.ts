import { randomBytes } from 'node:crypto';
import type { Connection } from 'mysql2/promise';
import { KEYS, nameOf, OTHER_TENANT, PASSWORD, TENANT } from '../clients/stage.js';
import { adminConnection, createUser } from '../servers/accounts.js';
import type { RunningSqlServer } from '../servers/sql-server.js';
import { startTenantcrypt, type TenantcryptProcess } from '../servers/tenantcrypt-process.js';
import type { Orm } from './catalogue.js';
import { protect } from './tables.js';

export { KEYS, OTHER_TENANT, PASSWORD, TENANT };

/** One server and a proxy before it that knows every ORM's schema. */
export interface OrmStage {
  readonly server: RunningSqlServer;
  /** e.g. `MySQL 9.7` */
  readonly serverName: string;
  readonly proxy: TenantcryptProcess;
  readonly admin: Connection;
  /**
   * Makes an account that has logged in once: ORMs connect without TLS, which caching_sha2_password allows when the
   * server remembers the password.
   */
  newUser(): Promise<string>;
  stop(): Promise<void>;
}

/** The schemas of one ORM. createUser's accounts may do everything in them. */
export interface Schemas {
  /** with protected tables, behind the proxy */
  readonly protected: string;
  /** what the application believes them to be, with the rows of the first tenant alone */
  readonly plain: string;
  /** the same with the other tenant's rows alone */
  readonly plainOther: string;
}

export function schemasOf(orm: Orm): Schemas {
  const name = `tc_orm_${orm.id}`;
  return { protected: name, plain: `${name}_plain`, plainOther: `${name}_other` };
}

/** Starts a proxy before the server. The stage's `stop` ends both. */
export async function setUpStage(server: RunningSqlServer, orms: readonly Orm[]): Promise<OrmStage> {
  const admin = await adminConnection(server, { multipleStatements: true });
  for (const orm of orms) {
    for (const schema of Object.values(schemasOf(orm))) {
      await admin.query(`CREATE DATABASE ${schema} CHARACTER SET utf8mb4`);
    }
  }
  const tables = Object.assign(
    {},
    ...orms.map((orm) => protect(schemasOf(orm).protected, orm.types, orm.collation)),
  );
  const proxy = await startTenantcrypt({
    clientTls: 'disabled',
    keys: KEYS,
    config: {
      backend: { host: server.host, port: server.port, tls: { mode: 'disabled' } },
      tenant: { sources: [{ connectionAttribute: 'tenant_id' }, { userSuffix: '%' }] },
      tables,
    },
  });
  return {
    server,
    serverName: nameOf(server),
    proxy,
    admin,
    newUser: async () => {
      const user = `app_${randomBytes(4).toString('hex')}`;
      await createUser(server, { user, password: PASSWORD });
      await (await adminConnection(server, { user, password: PASSWORD })).end();
      return user;
    },
    stop: async () => {
      await admin.end().catch(() => undefined);
      await proxy.stop();
      await server.stop();
    },
  };
}
