import type { Config } from '../../config/config.js';
import { ProxyError } from '../../errors.js';
import { objectsNamed, readSchema, type SchemaReading } from '../../session/catalog-queries.js';
import { type ControlConnection, openControlConnection } from './control-connection.js';
import { readServerFacts, type ServerFacts } from './live-schema.js';

interface Open {
  readonly connection: ControlConnection;
  readonly facts: ServerFacts;
}

/**
 * The control account's connection of a running proxy: opened when it is first needed, kept for the next reading, and
 * opened anew after anything has failed on it.
 */
export class KeptControlConnection {
  readonly #config: Config;
  #open: Promise<Open> | null = null;
  #isClosed = false;

  constructor(config: Config) {
    this.#config = config;
  }

  /** The schema of the configured tables. @throws ProxyError TC_BACKEND */
  async readSchema(): Promise<SchemaReading> {
    const tables = [...this.#config.tables.values()];
    return await this.#with(({ connection, facts }) =>
      readSchema(connection.run, tables, facts.lowerCaseTableNames, facts.server),
    );
  }

  /** Which views, triggers and routines names stand for, as {@link objectsNamed}. @throws ProxyError TC_BACKEND */
  async lookUp(names: readonly string[]): Promise<ReadonlySet<string>> {
    return await this.#with(({ connection, facts }) =>
      objectsNamed(connection.run, names, facts.lowerCaseTableNames),
    );
  }

  /** Whether the account can log in and is answered, on a new connection where the old one has ended. @throws ProxyError */
  async ping(): Promise<void> {
    const ask = async (): Promise<void> => {
      await this.#with(({ connection }) => connection.row('SELECT 1 AS one'));
    };
    if (this.#open === null) await ask();
    else await ask().catch(ask);
  }

  /** Closes the connection; what is asked for afterwards is refused. */
  close(): void {
    this.#isClosed = true;
    this.#drop(this.#open);
  }

  async #with<T>(work: (open: Open) => Promise<T>): Promise<T> {
    const opened = this.#connect();
    try {
      return await work(await opened);
    } catch (error) {
      this.#drop(opened);
      if (error instanceof ProxyError) throw error;
      const code = String((error as { code?: unknown }).code ?? 'no reason given');
      const what = `the schema can't be read with the control account (${code}); see its grants`;
      throw new ProxyError('TC_BACKEND', what, { cause: error });
    }
  }

  #connect(): Promise<Open> {
    if (this.#isClosed) throw new ProxyError('TC_BACKEND', 'tenantcrypt is being stopped');
    this.#open ??= open(this.#config);
    return this.#open;
  }

  #drop(opened: Promise<Open> | null): void {
    if (opened === null) return;
    if (this.#open === opened) this.#open = null;
    opened.then(({ connection }) => connection.close()).catch(() => undefined);
  }
}

async function open(config: Config): Promise<Open> {
  const connection = await openControlConnection(config);
  try {
    return { connection, facts: await readServerFacts(connection) };
  } catch (error) {
    await connection.close();
    throw error;
  }
}
