import { reservedWords } from '../../src/rewrite/parser/keywords/reserved-words.js';
import type { CorpusStatement } from './read-corpus.js';

/** The protected tables' schema, and one with the same tables as the applications think they are. */
export const PROTECTED_DATABASE = 'tc_corpus';
export const PLAIN_DATABASE = 'tc_corpus_plain';
export const TENANT = 'tenant-001';

const TENANT_COLUMN = 'tenant_id';
const TABLES_OF_ALL = 12;
const TABLES_OF_APPLICATIONS = 16;
const MOST_COLUMNS = 120;
const PROTECTED_COLUMNS = 3;
/** utf8mb4, 255 characters, and the cipher's padding. */
const CIPHERTEXT = 'VARBINARY(1040)';

const RESERVED: ReadonlySet<string> = new Set([
  ...reservedWords({ kind: 'mysql', version: 90704 }).reserved,
  ...reservedWords({ kind: 'mariadb', version: 101119 }).reserved,
]);

/** A table whose columns are the names that stand beside it in statements. */
export interface MadeUpTable {
  readonly name: string;
  /** statements that name it */
  readonly statements: number;
  readonly columns: readonly MadeUpColumn[];
}

export interface MadeUpColumn {
  readonly name: string;
  readonly type: string;
  /** null: not protected */
  readonly physical: string | null;
}

/**
 * The tables that the corpus, and its applications' part, name most; the columns are made up from the names in the
 * statements that name a table, since the lines carry no schema. Read with regular expressions, independently of the
 * lexer under test: a wrong name costs a column too many, nothing else.
 */
export function madeUpTables(corpus: readonly CorpusStatement[]): MadeUpTable[] {
  const seen = corpus.map((statement) => {
    const words = withoutText(statement.sql);
    return { app: statement.tier === 'app', tables: tablesIn(words), names: namesIn(words) };
  });
  const chosen = new Set([
    ...mostFrequent(seen.map((one) => one.tables)).slice(0, TABLES_OF_ALL),
    ...mostFrequent(seen.filter((one) => one.app).map((one) => one.tables)).slice(0, TABLES_OF_APPLICATIONS),
  ]);
  // The configuration takes no two names that differ in case only.
  return [...chosen].filter(distinctIgnoringCase()).map((name) => {
    const beside = seen.filter((one) => one.tables.has(name));
    const columns = mostFrequent(beside.map((one) => one.names))
      .filter((column) => column !== name && column.toLowerCase() !== TENANT_COLUMN)
      .filter(distinctIgnoringCase())
      .slice(0, MOST_COLUMNS);
    return { name, statements: beside.length, columns: withProtection(columns, chosen) };
  });
}

function withProtection(names: readonly string[], tables: ReadonlySet<string>): MadeUpColumn[] {
  const chosen = names
    // A table's name beside another table is seldom a column.
    .filter((name) => !looksLikeNumber(name) && (name.length === 1 || !tables.has(name)))
    .slice(0, PROTECTED_COLUMNS);
  return names.map((name) => {
    const place = chosen.indexOf(name);
    if (place === -1) return { name, type: looksLikeNumber(name) ? 'INT' : 'VARCHAR(60)', physical: null };
    // One of them keeps its name: the ciphertext lies in the column of the same name.
    return { name, type: 'VARCHAR(255)', physical: place === 1 ? name : `encrypted_${name}` };
  });
}

function looksLikeNumber(name: string): boolean {
  return /(^|_)(id|count|no|num|age|year|price|amount|size|pos|status|type)$|Id$|^(id|pk|i|j|n)\d*$/i.test(
    name,
  );
}

/** SQL for `explain --schema` and for the servers: the tables with ciphertext in them. */
export function protectedSchemaSql(tables: readonly MadeUpTable[]): string[] {
  return tables.map((table) => createTable(PROTECTED_DATABASE, table, true));
}

/** The same tables with the applications' own columns. */
export function plainSchemaSql(tables: readonly MadeUpTable[]): string[] {
  return tables.map((table) => createTable(PLAIN_DATABASE, table, false));
}

function createTable(database: string, table: MadeUpTable, isProtected: boolean): string {
  const hasId = table.columns.some((column) => column.name.toLowerCase() === 'id');
  const columns = table.columns.map((column) => {
    const primary = column.name.toLowerCase() === 'id' ? ' NOT NULL AUTO_INCREMENT' : '';
    return isProtected && column.physical !== null
      ? `  \`${column.physical}\` ${CIPHERTEXT}`
      : `  \`${column.name}\` ${column.type}${primary}`;
  });
  return [
    `CREATE TABLE \`${database}\`.\`${table.name}\` (`,
    [
      `  \`${TENANT_COLUMN}\` VARCHAR(64) NOT NULL`,
      ...columns,
      // The tenant in the key: an upsert can't reach another tenant's row.
      ...(hasId ? [`  PRIMARY KEY (\`${TENANT_COLUMN}\`, \`id\`)`, '  KEY (`id`)'] : []),
    ].join(',\n'),
    ') ENGINE=InnoDB CHARACTER SET utf8mb4',
  ].join('\n');
}

/** The configuration that protects the tables. No key is ever fetched by `explain`. */
export function configuration(tables: readonly MadeUpTable[]): Record<string, unknown> {
  return {
    backend: { host: '127.0.0.1', port: 3306 },
    tenant: { sources: [{ userVariable: 'tenant_id' }] },
    keys: { provider: 'file', file: 'keys.yaml' },
    tables: Object.fromEntries(
      tables.map((table) => [
        `${PROTECTED_DATABASE}.${table.name}`,
        {
          tenantColumn: TENANT_COLUMN,
          columns: Object.fromEntries(
            table.columns
              .filter((column) => column.physical !== null)
              .map((column, place) => [
                column.name,
                {
                  column: column.physical,
                  type: 'varchar(255)',
                  ...(place === 2 ? { equality: 'exact' } : {}),
                },
              ]),
          ),
        },
      ]),
    ),
  };
}

function withoutText(sql: string): string {
  return sql
    .replace(/'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"/gs, "''")
    .replace(/\/\*.*?\*\//gs, ' ')
    .replace(/@[`'"]?[\w.$]+[`'"]?/g, ' ')
    .replace(/\b(?:key|for)\s+update\b/gi, ' ');
}

const TABLE =
  /\b(?:into\s+(?:`(\w+)`|([A-Za-z_]\w*)\b)(?!\s*\.)|(?:from|join|update)\s+(?:`(\w+)`|([A-Za-z_]\w*)\b)(?!\s*[.(]))/gi;
const COMMON_TABLE_EXPRESSION = /\b(\w+)`?\s*(?:\([^()]*\)\s*)?as\s*\(/gi;
const NAME = /`(\w+)`(?!\s*\.)|\b([A-Za-z_]\w*)\b(?!\s*[.(])/g;

function tablesIn(words: string): Set<string> {
  const found = names(words, TABLE);
  for (const [, name] of words.matchAll(COMMON_TABLE_EXPRESSION)) found.delete(name as string);
  return found;
}

function namesIn(words: string): Set<string> {
  return names(words, NAME);
}

function names(words: string, pattern: RegExp): Set<string> {
  const found = new Set<string>();
  for (const [, ...groups] of words.matchAll(pattern)) {
    const [quotedFirst, bareFirst, quoted = quotedFirst, bare = bareFirst] = groups;
    const name = quoted ?? (bare as string);
    if (quoted !== undefined || !RESERVED.has(name.toUpperCase())) found.add(name);
  }
  return found;
}

function mostFrequent(sets: readonly Set<string>[]): string[] {
  const counts = new Map<string, number>();
  for (const set of sets) for (const name of set) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).map(([name]) => name);
}

function distinctIgnoringCase(): (name: string) => boolean {
  const seen = new Set<string>();
  return (name) => {
    const folded = name.toLowerCase();
    if (seen.has(folded)) return false;
    seen.add(folded);
    return true;
  };
}
