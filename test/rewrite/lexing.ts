import { type Dialect, parseSqlMode } from '../../src/rewrite/dialect.js';
import { lex } from '../../src/rewrite/lexer.js';
import { TokenBuffer, TokenKind } from '../../src/rewrite/tokens.js';

export interface DialectOptions {
  readonly sqlMode?: string;
  readonly charset?: string;
  readonly version?: number;
}

export function mysql(options: DialectOptions = {}): Dialect {
  return dialect('mysql', options.version ?? 90_704, options);
}

export function mariadb(options: DialectOptions = {}): Dialect {
  return dialect('mariadb', options.version ?? 101_119, options);
}

function dialect(kind: 'mysql' | 'mariadb', version: number, options: DialectOptions): Dialect {
  return {
    server: { kind, version },
    sqlMode: parseSqlMode(options.sqlMode ?? ''),
    characterSetClient: options.charset ?? 'utf8mb4',
    lowerCaseTableNames: 0,
  };
}

export const KIND_NAMES = new Map<number, string>(
  Object.entries(TokenKind).map(([name, kind]) => [kind, name]),
);

/** Short names of token kinds, for tables that a reader takes in at a glance. */
const SHORT = new Map<number, string>([
  [TokenKind.Word, 'w'],
  [TokenKind.QuotedIdentifier, 'id'],
  [TokenKind.String, 'str'],
  [TokenKind.NationalString, 'nstr'],
  [TokenKind.Hex, 'hex'],
  [TokenKind.Bit, 'bit'],
  [TokenKind.Integer, 'int'],
  [TokenKind.Decimal, 'dec'],
  [TokenKind.Float, 'float'],
  [TokenKind.Parameter, 'param'],
  [TokenKind.UserVariable, 'var'],
  [TokenKind.SystemVariableSigns, 'sys'],
  [TokenKind.Introducer, 'intro'],
  [TokenKind.Punctuation, 'p'],
  [TokenKind.Invalid, 'INVALID'],
  [TokenKind.Comment, 'comment'],
  [TokenKind.Hint, 'hint'],
  [TokenKind.ExecutableOpen, 'open'],
  [TokenKind.ExecutableClose, 'close'],
]);

/** Tokens as `kind:text`; text is latin1, so that each character is one byte. */
export function tokensOf(sql: string | Buffer, server: Dialect): string[] {
  const statement = typeof sql === 'string' ? Buffer.from(sql, 'latin1') : sql;
  const tokens = new TokenBuffer();
  lex(statement, 0, statement.length, server, tokens);
  const list: string[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const kind = SHORT.get(tokens.kind[i] ?? -1) ?? 'unknown';
    list.push(`${kind}:${statement.toString('latin1', tokens.start[i], tokens.end[i])}`);
  }
  return list;
}
