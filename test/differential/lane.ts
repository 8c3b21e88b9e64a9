import type mysql from 'mysql2/promise';
import { adminConnection, createUser } from '../servers/accounts.js';
import type { SqlServerAddress } from '../servers/sql-server.js';
import { startTenantcrypt, type TenantcryptProcess } from '../servers/tenantcrypt-process.js';
import type { Normalise } from './compare.js';
import { Databases, type Tenant } from './database.js';
import { sharedText } from './messages.js';
import { KEYS, OTHER_TENANT, TENANT, UNSET } from './schema.js';
import { WireClient } from './wire-client.js';

const USER = 'differential';
const PASSWORD = 'app-password';

/** One clock for both sides. */
const SESSION = 'SET timestamp = 1767225600';

export interface LaneOptions {
  /** The proxy's compiled main file; default: dist/main.js */
  readonly main?: string;
  readonly constants?: 'backend' | 'proxy';
}

/** A server, a proxy in front of it, both databases, and one session in each. */
export class Lane {
  private constructor(
    readonly server: SqlServerAddress,
    readonly databases: Databases,
    readonly proxy: TenantcryptProcess,
    public plain: WireClient,
    public ours: WireClient,
  ) {}

  static async open(server: SqlServerAddress, { main, constants }: LaneOptions = {}): Promise<Lane> {
    await createUser(server, { user: USER, password: PASSWORD });
    const databases = await Databases.create(server);
    const tables = databases.configuration();
    const proxy = await startTenantcrypt({
      config: {
        backend: { host: server.host, port: server.port, tls: { mode: 'disabled' } },
        control: { user: server.rootUser, password: server.rootPassword },
        tenant: { sources: [{ connectionAttribute: 'tenant_id' }, { userVariable: 'tenant_id' }] },
        log: { level: 'warn' },
        constants: constants ?? 'backend',
        policy: { localInfile: 'on' },
        tables,
      },
      keys: KEYS,
      ...(main === undefined ? {} : { main }),
    });
    try {
      const [plain, ours] = await connectBoth(server, databases, proxy);
      return new Lane(server, databases, proxy, plain, ours);
    } catch (error) {
      await proxy.stop();
      throw error;
    }
  }

  /** As new: tables, counters, sessions, and what the proxy knows of the schema. */
  async reset(): Promise<void> {
    this.plain.end();
    this.ours.end();
    await this.killSessions();
    const remade = await this.databases.reset();
    [this.plain, this.ours] = await connectBoth(this.server, this.databases, this.proxy);
    if (!remade) return;
    // The tables were made anew behind the proxy's back: DDL of one of them lets it look again.
    for (const side of [this.plain, this.ours]) await side.query("ALTER TABLE vault COMMENT = ''");
  }

  /**
   * New sessions on the same tables.
   * @param tenantFrom where the proxy learns whose they are: a variable can be set again
   */
  async reconnect(tenantFrom: TenantSource = 'connection'): Promise<void> {
    this.plain.end();
    this.ours.end();
    [this.plain, this.ours] = await connectBoth(this.server, this.databases, this.proxy, tenantFrom);
  }

  /** The statement that makes a session of the plain side one of a tenant. */
  useTenant(tenant: Tenant): string {
    return `USE ${this.databases.schema(tenant === OTHER_TENANT ? 'other' : 'plain')}`;
  }

  /** Both sides' texts in one form: one name for the schema, one default for the tenant column. */
  readonly normalisePlain: Normalise = (text) =>
    replaced(replaced(text, this.databases.schema('plain'), '{db}'), this.databases.schema('other'), '{db}');

  readonly normaliseOurs: Normalise = (text) => {
    const named = replaced(text, this.databases.schema('guard'), '{db}');
    return named.replaceAll(UNSET, TENANT);
  };

  /** The same for an error's or a warning's text. */
  readonly normaliseMessage = (errno: number, text: string): string =>
    sharedText(errno, text, this.databases.tables);

  async close(): Promise<void> {
    this.plain.end();
    this.ours.end();
    await this.proxy.stop();
    await this.databases.drop();
  }

  /** A transaction that is still open would hold the tables. */
  private async killSessions(): Promise<void> {
    const admin = await adminConnection(this.server);
    try {
      for (let attempt = 0; attempt < 50; attempt++) {
        // MySQL's information_schema.processlist fails (3854) while a session's statement holds an emoji.
        const [rows] = await admin.query('SHOW PROCESSLIST');
        const ids = (rows as { Id: number; User: string }[]).flatMap(({ Id, User }) =>
          User === USER ? [Id] : [],
        );
        if (ids.length === 0) return;
        for (const id of ids) await admin.query(`KILL ${id}`).catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    } finally {
      await admin.end();
    }
  }
}

/** As it is and in UTF-16, in which results may come. */
function replaced(text: string, from: string, to: string): string {
  if (text.includes('tc_')) return text.replaceAll(from, to);
  if (!text.includes('\0t\0c\0_')) return text;
  const wide = (name: string): string => [...name].map((character) => `\0${character}`).join('');
  return text.replaceAll(wide(from), wide(to));
}

export type TenantSource = 'connection' | 'variable';

async function connectBoth(
  server: SqlServerAddress,
  databases: Databases,
  proxy: TenantcryptProcess,
  tenantFrom: TenantSource = 'connection',
): Promise<[WireClient, WireClient]> {
  const account: mysql.ConnectionOptions = { host: server.host, user: USER, password: PASSWORD };
  const plain = await WireClient.connect({
    ...account,
    port: server.port,
    database: databases.schema('plain'),
  });
  const ours = await WireClient.connect({
    ...account,
    port: proxy.port,
    database: databases.schema('guard'),
    ...(tenantFrom === 'connection' ? { connectAttributes: { tenant_id: TENANT } } : {}),
  });
  if (tenantFrom === 'variable') {
    for (const side of [plain, ours]) await side.query(`SET @tenant_id = '${TENANT}'`);
  }
  for (const side of [plain, ours]) {
    const answers = await side.query(SESSION);
    if (answers.some(({ kind }) => kind !== 'ok'))
      throw new Error(`a session could not be set up: ${JSON.stringify(answers)}`);
  }
  // MySQL 9.7 repeats rows when it runs a subquery of an outer join's ON as a semijoin: the plain table's answer has
  // to be the right one.
  if (server.kind === 'mysql') await plain.query("SET optimizer_switch = 'semijoin=off'");
  return [plain, ours];
}
