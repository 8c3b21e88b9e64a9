import { randomBytes } from 'node:crypto';
import type { Connection, ConnectionOptions } from 'mysql2/promise';
import mysql from 'mysql2/promise';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { adminConnection, createDatabase, createUser } from '../servers/accounts.js';
import type { SqlServerAddress } from '../servers/sql-server.js';
import {
  PLAIN_USERS_SQL,
  type ProtectOptions,
  protect,
  type TestProtection,
  USERS_SQL,
  usersTable,
} from './protection.js';
import { type ConnectTarget, printedBy, pymysqlConnection } from './python.js';
import { RawSession, type RawSessionOptions } from './raw-session.js';
import { type SessionProxy, type SessionProxyOptions, startSessionProxy } from './session-proxy.js';

export interface SessionStageOptions {
  /** Letters that make schema and account recognisable in logs. */
  readonly label: string;
  /** Statements, separated by `;`, that make what is there beside `users` and `plain_users`. */
  readonly also?: string;
  /** tenant → key; default: that of t1 is `a key`. */
  readonly keys?: Readonly<Record<string, string>>;
  readonly protect?: ProtectOptions;
  /** Procedures of the schema that may be called. */
  readonly calls?: readonly string[];
  /**
   * What the proxy has beyond `users` as protected table and t1 as everybody's tenant; as a function when it is known
   * only after beforeAll hooks that were registered before the stage's.
   */
  readonly proxy?: SessionProxyOptions | (() => SessionProxyOptions);
  /** Sessions are root's, and not those of an account without a password. */
  readonly asRoot?: boolean;
  /** What mysql2's connections have besides account and schema. */
  readonly client?: ConnectionOptions;
}

/** Through the proxy, or to the server itself. */
export type Where = 'proxy' | 'straight';

interface Started {
  readonly database: string;
  readonly user: string;
  readonly admin: Connection;
  readonly protection: TestProtection;
  readonly proxy: SessionProxy;
}

/** What {@link sessionStage} has set up; its parts are there from its beforeAll hook on. */
export class SessionStage {
  readonly #getServer: () => SqlServerAddress;
  readonly #options: SessionStageOptions;
  readonly #open: { destroy(): void }[] = [];
  readonly #proxies: SessionProxy[] = [];
  readonly #protections: TestProtection[] = [];
  readonly #ends: (() => Promise<unknown>)[] = [];
  #started: Started | null = null;

  constructor(getServer: () => SqlServerAddress, options: SessionStageOptions) {
    this.#getServer = getServer;
    this.#options = options;
  }

  get #there(): Started {
    if (this.#started === null) throw new Error('the stage is not set up yet');
    return this.#started;
  }

  /** The schema's name. */
  get database(): string {
    return this.#there.database;
  }

  /** The account of the sessions, that of `password`. */
  get user(): string {
    return this.#there.user;
  }

  get password(): string {
    return this.#options.asRoot === true ? this.#getServer().rootPassword : '';
  }

  /** Root, straight to the server, in the schema, with several statements at a time. */
  get admin(): Connection {
    return this.#there.admin;
  }

  get protection(): TestProtection {
    return this.#there.protection;
  }

  get proxy(): SessionProxy {
    return this.#there.proxy;
  }

  async start(): Promise<void> {
    const server = this.#getServer();
    const { label, also, asRoot = false } = this.#options;
    const schema = await createDatabase(server, label);
    this.#ends.push(async () => await schema.drop());
    const admin = await adminConnection(server, { database: schema.name, multipleStatements: true });
    this.#ends.push(async () => await admin.end());
    const user = asRoot ? server.rootUser : `${label}_${randomBytes(3).toString('hex')}`;
    if (!asRoot) {
      await createUser(server, { user, password: '' });
      this.#ends.push(async () => await admin.query(`DROP USER IF EXISTS '${user}'@'%'`));
    }
    await admin.query([USERS_SQL, PLAIN_USERS_SQL, ...(also === undefined ? [] : [also])].join('; '));
    const protection = this.#protect(schema.name);
    const proxy = await startSessionProxy(server, this.#proxyOptions(protection));
    this.#ends.push(async () => await proxy.stop());
    this.#started = { database: schema.name, user, admin, protection, proxy };
  }

  /** Ends what a test has opened. */
  async clear(): Promise<void> {
    for (const one of this.#open.splice(0)) one.destroy();
    for (const proxy of this.#proxies.splice(0)) await proxy.stop();
  }

  async end(): Promise<void> {
    await this.clear();
    for (const protection of this.#protections) protection.cache.close();
    for (const end of this.#ends.reverse()) await end();
  }

  /** A further protection of the same kind, with keys, plans and a catalogue of its own. */
  freshProtection(options: ProtectOptions = {}): TestProtection {
    return this.#protect(this.database, options);
  }

  /** A further proxy, which differs from the stage's in `options`; until the test's end. */
  async anotherProxy(options: SessionProxyOptions): Promise<SessionProxy> {
    const proxy = await startSessionProxy(this.#getServer(), {
      ...this.#proxyOptions(this.protection),
      ...options,
    });
    this.#proxies.push(proxy);
    return proxy;
  }

  /** Where sessions go. @param port of another proxy */
  target(where: Where = 'proxy', port?: number): ConnectTarget {
    const { user, password, database } = this;
    return { port: port ?? this.#port(where), user, password, database };
  }

  /** A connection of mysql2's, until the test's end. */
  async client(where: Where, options: ConnectionOptions = {}): Promise<Connection> {
    const connection = await mysql.createConnection({
      host: '127.0.0.1',
      ...this.target(where),
      ...this.#options.client,
      ...options,
    });
    connection.on('error', () => undefined);
    return this.keep(connection);
  }

  /** A session that speaks the protocol by hand, until the test's end. */
  async raw(where: Where, options: Partial<RawSessionOptions> = {}): Promise<RawSession> {
    return this.keep(await this.lastingRaw(where, options));
  }

  /** The same, which its test ends. */
  async lastingRaw(where: Where, options: Partial<RawSessionOptions> = {}): Promise<RawSession> {
    const { user, database } = this;
    return await RawSession.open(this.#getServer(), { port: this.#port(where), user, database, ...options });
  }

  /** Has it destroyed at the test's end. */
  keep<T extends { destroy(): void }>(one: T): T {
    this.#open.push(one);
    return one;
  }

  /**
   * The lines that a Python script prints, in which `c` is a connection of PyMySQL's through the proxy.
   * @param options further arguments of pymysql.connect
   */
  async printed(script: string, options?: string): Promise<string[]> {
    return await printedBy(pymysqlConnection(this.target(), options) + script);
  }

  #port(where: Where): number {
    return where === 'proxy' ? this.proxy.port : this.#getServer().port;
  }

  #protect(schema: string, options: ProtectOptions = {}): TestProtection {
    const { protect: usual, calls = [], keys = { t1: 'a key' } } = this.#options;
    const protection = protect([usersTable(schema)], {
      calls: calls.map((name) => `${schema}.${name}`),
      ...usual,
      ...options,
    });
    for (const [tenant, key] of Object.entries(keys)) {
      protection.provider.keys.set(tenant, { key, version: '1' });
    }
    this.#protections.push(protection);
    return protection;
  }

  #proxyOptions(protection: TestProtection): SessionProxyOptions {
    const { proxy = {} } = this.#options;
    return {
      protection,
      sources: [{ kind: 'fixed', tenant: 't1' }],
      ...(typeof proxy === 'function' ? proxy() : proxy),
    };
  }
}

/**
 * For the describe block that calls it: a schema with `users` (protected) and `plain_users`, an account, and a proxy
 * before the server; what a test opens through it ends with the test, and all of it with the block. Hooks of the file's
 * own that are registered behind this call run inside: they find everything there.
 */
export function sessionStage(getServer: () => SqlServerAddress, options: SessionStageOptions): SessionStage {
  const stage = new SessionStage(getServer, options);
  beforeAll(async () => await stage.start());
  afterEach(async () => await stage.clear());
  afterAll(async () => await stage.end());
  return stage;
}
