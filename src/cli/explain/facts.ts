import { readFile } from 'node:fs/promises';
import type { Config } from '../../config/config.js';
import type { Dependent } from '../../rewrite/catalog.js';
import { type Dialect, parseSqlMode } from '../../rewrite/dialect.js';
import type { RewriteContext } from '../../rewrite/rewriter.js';
import { catalogOfSchemaFile } from '../../rewrite/schema-file/catalog-of-schema-file.js';
import { readSchemaFile, type SchemaObject } from '../../rewrite/schema-file/schema-file.js';
import { UsageError } from '../exit-status.js';
import type { LiveSchema } from '../live-schema.js';
import type { ExplainOptions } from '../program.js';
import { defaultSqlMode, parseServerOption } from './server-option.js';

/** What a statement is explained with: what a session would know. */
export interface Facts {
  readonly context: Omit<RewriteContext, 'prepared'>;
  /** For the user: what was assumed, what could not be read. */
  readonly notes: readonly string[];
}

export interface FactsDependencies {
  /** Connects with the control account. @throws ProxyError TC_BACKEND */
  readLiveSchema(config: Config): Promise<LiveSchema>;
  /** Which of a file's views, triggers, routines and events depend on protected tables. */
  findDependents(config: Config, objects: readonly SchemaObject[]): readonly Dependent[];
}

const ASSUMED_SERVER = 'mysql-9.7';

/**
 * Columns and server from `--schema` and the options, or else from the backend.
 * @throws UsageError when neither is there
 */
export async function gatherFacts(
  config: Config,
  options: ExplainOptions,
  dependencies: FactsDependencies,
): Promise<Facts> {
  const database = options.database ?? onlySchema(config);
  if (options.schema !== undefined || config.tables.size === 0) {
    return await factsOfFile(config, options, database, dependencies);
  }
  if (config.control === undefined) {
    throw new UsageError(
      'explain needs the columns of the protected tables; give --schema FILE.sql with their CREATE TABLE statements, ' +
        'or an account that reads them from the database as control in the configuration',
    );
  }
  const live = await dependencies.readLiveSchema(config);
  const server = options.server === undefined ? live.server : parseServerOption(options.server);
  return {
    context: {
      dialect: dialectOf(options, server, live.sqlMode, live.lowerCaseTableNames),
      database,
      catalog: live.catalog,
      safeUpdates: false,
    },
    notes: [...live.missing].map(([table, problem]) => `${table}: ${problem}`),
  };
}

async function factsOfFile(
  config: Config,
  options: ExplainOptions,
  database: string | null,
  dependencies: FactsDependencies,
): Promise<Facts> {
  const notes: string[] = [];
  const named = options.server ?? config.server;
  if (named === undefined) notes.push(`no --server given; reading statements as ${ASSUMED_SERVER} does`);
  const server = parseServerOption(named ?? ASSUMED_SERVER);
  const dialect = dialectOf(options, server, defaultSqlMode(server), 0);
  const text = options.schema === undefined ? Buffer.alloc(0) : await readFileOrExplain(options.schema);
  const tables = [...config.tables.values()];
  const isWanted = (schema: string, name: string): boolean =>
    tables.some(
      (table) =>
        table.schema.toLowerCase() === schema.toLowerCase() &&
        table.table.toLowerCase() === name.toLowerCase(),
    );
  // The file is read in utf8mb4 whatever the session's character set is.
  const fileDialect: Dialect = { ...dialect, characterSetClient: 'utf8mb4' };
  const file = readSchemaFile(text, { dialect: fileDialect, database, isWanted });
  const dependents = dependencies.findDependents(config, file.objects);
  const catalog = catalogOfSchemaFile(file, tables, dialect.lowerCaseTableNames, dependents);
  notes.push(...file.problems.map(({ table, message }) => `${options.schema}: ${table}: ${message}`));
  for (const name of config.tables.keys()) {
    if (!catalog.tables.has(name))
      notes.push(`${options.schema}: has no CREATE TABLE of ${name} that can be used`);
  }
  return { context: { dialect, database, catalog, safeUpdates: false }, notes };
}

async function readFileOrExplain(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new UsageError(`--schema ${file} can't be read (${code}); name an existing file`);
  }
}

function dialectOf(
  options: ExplainOptions,
  server: Dialect['server'],
  sqlMode: string,
  lowerCaseTableNames: 0 | 1 | 2,
): Dialect {
  const given = options.lowerCaseTableNames;
  return {
    server,
    sqlMode: parseSqlMode(options.sqlMode ?? sqlMode),
    characterSetClient: (options.charset ?? 'utf8mb4').toLowerCase(),
    lowerCaseTableNames:
      given === undefined ? lowerCaseTableNames : given === '1' ? 1 : given === '2' ? 2 : 0,
  };
}

/** The schema of the configured tables, when they share one. */
function onlySchema(config: Config): string | null {
  const schemas = new Set([...config.tables.values()].map((table) => table.schema));
  const [only] = schemas;
  return schemas.size === 1 && only !== undefined ? only : null;
}
