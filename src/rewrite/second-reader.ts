import mariadbParser from 'node-sql-parser/build/mariadb.js';
import mysqlParser from 'node-sql-parser/build/mysql.js';
import { ProxyError } from '../errors.js';
import type { Dialect } from './dialect.js';
import { foldName } from './folding.js';
import type { Rewriting } from './rewriting.js';
import type { TokenList } from './token-list.js';
import { isLiteralKind, type TokenBuffer, TokenKind } from './tokens.js';

const parsers = {
  mysql: { parser: new mysqlParser.Parser(), database: 'MySQL' },
  mariadb: { parser: new mariadbParser.Parser(), database: 'MariaDB' },
};

/** Longer statements cost the second reader more time than a new plan may. */
const LONGEST = 16_384;

/**
 * node-sql-parser as an independent second reader: the tables that it sees in a statement.
 * Literals, hints, introducers and comments are masked to the same length first, which lifts what it can parse; it is never
 * asked for anything else, and nothing it prints is ever sent (parser-findings.md).
 * @returns `schema.table` as written (`null.table` where no schema was written), or null when it can't parse it
 */
function tablesSeenBySecondReader(
  statement: Buffer,
  tokens: TokenBuffer,
  dialect: Dialect,
): ReadonlySet<string> | null {
  if (statement.length > LONGEST) return null;
  const { parser, database } = parsers[dialect.server.kind];
  try {
    const { tableList, ast } = parser.parse(mask(statement, tokens), { database });
    const seen = new Set(
      tableList.map((entry) => {
        const [, schema = 'null', table = ''] = entry.split('::');
        return `${schema}.${table}`;
      }),
    );
    addNamedTables(ast, seen);
    return seen;
  } catch {
    return null;
  }
}

/** Its list leaves out the tables of a join in parentheses; its tree has them, as `{ db, table }` without a column. */
function addNamedTables(tree: unknown, seen: Set<string>): void {
  const pending: unknown[] = [tree];
  while (pending.length > 0) {
    const node = pending.pop();
    if (typeof node !== 'object' || node === null) continue;
    if ('table' in node && typeof node.table === 'string' && 'db' in node && !('column' in node)) {
      const schema = typeof node.db === 'string' ? node.db : 'null';
      seen.add(`${schema}.${node.table}`);
    }
    pending.push(...Object.values(node));
  }
}

const DIGIT = 0x31;
const LETTER = 0x78;
const SPACE = 0x20;

/** Words behind the verb that it takes for a table's name in some statements. */
const MODIFIERS = /^(low_priority|high_priority|delayed|quick|ignore)$/i;

function mask(statement: Buffer, tokens: TokenBuffer): string {
  const masked = Buffer.from(statement);
  let words = 0;
  for (let index = 0; index < tokens.length; index++) {
    const kind = tokens.kind[index]!;
    const start = tokens.start[index]!;
    const end = tokens.end[index]!;
    if (kind === TokenKind.Word && words++ > 0) {
      if (MODIFIERS.test(statement.toString('latin1', start, end))) masked.fill(SPACE, start, end);
      else words = Number.MIN_SAFE_INTEGER;
    }
    if (kind === TokenKind.String) masked.fill(LETTER, start + 1, end - 1);
    else if (isLiteralKind(kind)) masked.fill(DIGIT, start, end);
    else if (kind === TokenKind.Parameter) masked.fill(DIGIT, start, end);
    else if (kind >= TokenKind.Comment || kind === TokenKind.Introducer) masked.fill(SPACE, start, end);
  }
  return masked.toString('latin1');
}

/**
 * A protected table that only one of two readers sees is a refusal: one of them has misread the statement.
 * @throws ProxyError TC_UNSUPPORTED_SQL
 */
export function refuseDisagreement(rewriting: Rewriting, tokens: TokenBuffer, list: TokenList): void {
  const { dialect, database } = rewriting.context;
  const names = rewriting.protectedNames();
  if (rewriting.tables.size === 0 && !mentions(list, names)) return;
  const written = tablesSeenBySecondReader(rewriting.statement, tokens, dialect);
  if (written === null) return;
  const fold = dialect.lowerCaseTableNames === 0 ? (name: string): string => name : foldName;
  const seen = new Set([...written].map(fold));
  for (const { schema, table } of names) {
    if (rewriting.shadowed.has(foldName(table))) continue;
    const isCurrent = database !== null && fold(database) === fold(schema);
    const theirs = seen.has(fold(`${schema}.${table}`)) || (isCurrent && seen.has(fold(`null.${table}`)));
    if (theirs !== rewriting.tables.has(`${schema}.${table}`)) {
      throw new ProxyError(
        'TC_UNSUPPORTED_SQL',
        'two readers of SQL disagree about the tables of this statement; rephrase it',
      );
    }
  }
}

/** Whether a protected name occurs as an identifier anywhere. */
function mentions(list: TokenList, names: readonly { readonly table: string }[]): boolean {
  const folded = new Set(names.map((name) => foldName(name.table)));
  for (let index = 0; index < list.count; index++) {
    if (list.isName(index) && folded.has(foldName(list.name(index)))) return true;
  }
  return false;
}
