import type { Config } from '../../config/config.js';
import { ProxyError } from '../../errors.js';
import { Capability } from '../../protocol/constants/capabilities.js';
import type { Catalog, Dependent } from '../../rewrite/catalog.js';
import type { ServerVersion } from '../../rewrite/dialect.js';
import type { SchemaObject } from '../../rewrite/schema-file/schema-file.js';
import { findDependents, readSchema, type SchemaReading } from '../../session/catalog-queries.js';
import { parseServerVersion } from '../../session/connection-phase/server-version.js';
import { FORWARDING_TABLES_SQL, type ForwardingTable } from '../check/other-engines.js';
import { CHECKED_VARIABLES, type ServerSettings } from '../check/server-settings.js';
import type { Inspection } from '../check.js';
import type { LiveSchema } from '../live-schema.js';
import { type ControlConnection, openControlConnection } from './control-connection.js';

/** What of a server decides how its schema is read. */
export interface ServerFacts {
  readonly server: ServerVersion;
  /** `VERSION()` */
  readonly version: string;
  readonly sqlMode: string;
  readonly lowerCaseTableNames: 0 | 1 | 2;
}

/** @throws ProxyError TC_BACKEND when the server gives no answer that can be used */
export async function readServerFacts(connection: ControlConnection): Promise<ServerFacts> {
  const row = await connection.row(
    'SELECT VERSION() AS version, @@global.sql_mode AS sql_mode, @@lower_case_table_names AS lctn',
  );
  const version = row?.get('version') ?? '';
  const lowerCaseTableNames = Number(row?.get('lctn'));
  if (lowerCaseTableNames !== 0 && lowerCaseTableNames !== 1 && lowerCaseTableNames !== 2) {
    throw new ProxyError('TC_BACKEND', 'lower_case_table_names is none that is known; use MySQL or MariaDB');
  }
  return {
    // The name is in VERSION(), which no operator hides: the capabilities are those of a client.
    server: parseServerVersion(version, { flags: Capability.CLIENT_LONG_PASSWORD, mariadb: 0 }),
    version,
    sqlMode: row?.get('sql_mode') ?? '',
    lowerCaseTableNames,
  };
}

/** The schema of the configured tables as the control account sees it. */
export async function readControlSchema(
  config: Config,
  connection: ControlConnection,
  facts: ServerFacts,
): Promise<SchemaReading> {
  return await readSchema(
    connection.run,
    [...config.tables.values()],
    facts.lowerCaseTableNames,
    facts.server,
  );
}

/** Opens a connection of the control account, reads, closes it. @throws ProxyError TC_BACKEND */
export async function readLiveSchema(config: Config): Promise<LiveSchema> {
  return await withControlConnection(config, async (connection) => {
    const facts = await readServerFacts(connection);
    const reading = await readControlSchema(config, connection, facts);
    const catalog: Catalog = { generation: 1, tables: reading.tables, dependents: reading.dependents };
    return { ...facts, catalog, missing: reading.missing };
  });
}

/** What `check` looks at, on one connection of the control account. @throws ProxyError TC_BACKEND */
export async function inspectBackend(config: Config): Promise<Inspection> {
  return await withControlConnection(config, async (connection) => {
    const facts = await readServerFacts(connection);
    const reading = await readControlSchema(config, connection, facts);
    const catalog: Catalog = { generation: 1, tables: reading.tables, dependents: reading.dependents };
    return {
      ...facts,
      catalog,
      missing: reading.missing,
      settings: await readSettings(connection),
      forwardingTables: await readForwardingTables(connection),
    };
  });
}

async function readForwardingTables(connection: ControlConnection): Promise<readonly ForwardingTable[]> {
  const rows = await connection.run(FORWARDING_TABLES_SQL);
  return rows.map((row) => {
    const [schema = '', name = '', engine = ''] = row.map((value) => value?.toString('utf8') ?? '');
    return { schema, name, engine };
  });
}

async function readSettings(connection: ControlConnection): Promise<ServerSettings> {
  const names = CHECKED_VARIABLES.map((name) => `'${name}'`).join(',');
  const rows = await connection.run(`SHOW GLOBAL VARIABLES WHERE variable_name IN (${names})`);
  return new Map(
    rows.map((row) => [row[0]?.toString('utf8').toLowerCase() ?? '', row[1]?.toString('utf8') ?? '']),
  );
}

async function withControlConnection<T>(
  config: Config,
  work: (connection: ControlConnection) => Promise<T>,
): Promise<T> {
  const connection = await openControlConnection(config);
  try {
    return await work(connection);
  } catch (error) {
    if (error instanceof ProxyError) throw error;
    const code = String((error as { code?: unknown }).code ?? 'no reason given');
    throw new ProxyError(
      'TC_BACKEND',
      `the schema can't be read with the control account (${code}); see its grants`,
      {
        cause: error,
      },
    );
  } finally {
    await connection.close();
  }
}

/** Which of a schema file's objects depend on protected tables. */
export function dependentsAmong(config: Config, objects: readonly SchemaObject[]): readonly Dependent[] {
  return findDependents([...config.tables.values()], objects);
}
