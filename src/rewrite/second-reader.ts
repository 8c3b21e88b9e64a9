import mariadbParser from 'node-sql-parser/build/mariadb.js';
import mysqlParser from 'node-sql-parser/build/mysql.js';
import type { Dialect } from './dialect.js';
import { foldName } from './folding.js';
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
 * @returns folded `schema.table` (`null.table` where no schema was written), or null when it can't parse it
 */
export function tablesSeenBySecondReader(
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
        return `${foldName(schema)}.${foldName(table)}`;
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
      seen.add(`${foldName(schema)}.${foldName(node.table)}`);
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
