import { type Dialect, parseSqlMode } from '../../src/rewrite/dialect.js';
import { lex } from '../../src/rewrite/lexer.js';
import { parseStatement } from '../../src/rewrite/parser/parse-statement.js';
import { TokenBuffer } from '../../src/rewrite/tokens.js';
import { acceptedBy, type CorpusStatement } from './read-corpus.js';

const DIALECTS: Readonly<Record<'mysql' | 'mariadb', Dialect>> = {
  mysql: dialect('mysql', 90704),
  mariadb: dialect('mariadb', 101119),
};
/** Statements that read or change data. */
export const DATA_CLASSES: ReadonlySet<string> = new Set(['SELECT', 'INSERT', 'REPLACE', 'UPDATE', 'DELETE']);

function dialect(kind: 'mysql' | 'mariadb', version: number): Dialect {
  return {
    server: { kind, version },
    sqlMode: parseSqlMode('STRICT_TRANS_TABLES'),
    characterSetClient: 'utf8mb4',
    lowerCaseTableNames: 0,
  };
}

export interface ParseRate {
  readonly statements: number;
  readonly parsed: number;
  readonly failures: readonly { readonly statement: CorpusStatement; readonly reason: string }[];
  readonly slowestMs: number;
}

/** Parses the statements that read or change data, of one tier, that the server accepted. */
export function parseRate(
  corpus: readonly CorpusStatement[],
  tier: CorpusStatement['tier'],
  server: 'mysql' | 'mariadb',
): ParseRate {
  const statements = corpus.filter(
    (one) => one.tier === tier && DATA_CLASSES.has(one.class) && acceptedBy(one, server),
  );
  const failures: { statement: CorpusStatement; reason: string }[] = [];
  const tokens = new TokenBuffer();
  let slowestMs = 0;
  for (const statement of statements) {
    const text = Buffer.from(statement.sql, 'utf8');
    const started = performance.now();
    try {
      lex(text, 0, text.length, DIALECTS[server], tokens);
      parseStatement(text, tokens, DIALECTS[server]);
    } catch (error) {
      failures.push({ statement, reason: error instanceof Error ? error.message : String(error) });
    }
    slowestMs = Math.max(slowestMs, performance.now() - started);
  }
  return { statements: statements.length, parsed: statements.length - failures.length, failures, slowestMs };
}
