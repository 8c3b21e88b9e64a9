import { TokenKind } from '../tokens.js';
import { account } from './accounts.js';
import type { Expression, SetAssignment, SetStatement } from './ast.js';
import { characterSetName } from './data-types.js';
import type { Parser } from './parser.js';

type Scope = 'global' | 'session' | 'persist' | 'local';

/** Scopes as words. PERSIST_ONLY changes no running server; the statement is GLOBAL enough to be called persist. */
const SCOPES = new Map<string, Scope>([
  ['GLOBAL', 'global'],
  ['SESSION', 'session'],
  ['LOCAL', 'local'],
  ['PERSIST', 'persist'],
  ['PERSIST_ONLY', 'persist'],
]);

/**
 * At the word SET. A statement of several assignments mixes all shapes.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/set-variable.html
 * @returns null where it is `SET STATEMENT … FOR …` (MariaDB), which is another statement with a prefix
 */
export function setStatement(parser: Parser): SetStatement | null {
  const { start } = parser;
  if (parser.mariadb && parser.atWord('STATEMENT', 1)) return null;
  parser.advance();
  const whole = wholeStatement(parser);
  const assignments: SetAssignment[] = whole === null ? [] : [whole];
  if (whole === null) {
    // GLOBAL and its like hold for the later names without a scope of their own as well, those with @@ excepted.
    let scope: Scope | null = null;
    do {
      scope = SCOPES.get(scopeWord(parser)) ?? scope;
      assignments.push(assignment(parser, scope));
    } while (parser.accept(','));
  }
  return { kind: 'set', assignments, start, end: parser.previousEnd };
}

/** The scope before a variable's name; `SET session = 1` has none. */
function scopeWord(parser: Parser): string {
  return parser.at('.', 1) || atAssignment(parser, 1) ? '' : parser.word();
}

/** Forms that take the whole statement: TRANSACTION, ROLE, DEFAULT ROLE, PASSWORD, RESOURCE GROUP. */
function wholeStatement(parser: Parser): SetAssignment | null {
  const { start } = parser;
  let words: string;
  if (parser.acceptWords('RESOURCE', 'GROUP')) {
    words = 'RESOURCE GROUP';
    resourceGroup(parser);
  } else if (parser.acceptWords('DEFAULT', 'ROLE')) {
    words = 'DEFAULT ROLE';
    roles(parser);
    parser.acceptOneOf(['TO', 'FOR']);
    roles(parser);
  } else if (parser.atWord('ROLE') && !atAssignment(parser, 1)) {
    parser.advance();
    words = 'ROLE';
    roles(parser);
  } else if (parser.acceptWord('PASSWORD')) {
    // PASSWORD is no variable of either server: SET PASSWORD = … sets the password.
    words = 'PASSWORD';
    password(parser);
  } else {
    const scoped = parser.atWord('TRANSACTION', 1);
    const scope = scoped ? parser.acceptOneOf(['GLOBAL', 'SESSION', 'LOCAL']) : null;
    if (scope === null && (!parser.atWord('TRANSACTION') || atAssignment(parser, 1))) return null;
    parser.advance();
    words = `${scope === null ? '' : `${scope} `}TRANSACTION`;
    transaction(parser);
  }
  return { kind: 'special', words, start, end: parser.previousEnd };
}

function atAssignment(parser: Parser, distance: number): boolean {
  return parser.at('=', distance) || parser.at(':=', distance);
}

/** `scope`: the last keyword, on this name or an earlier one. */
function assignment(parser: Parser, scope: Scope | null): SetAssignment {
  const { start } = parser;
  if (parser.kind === TokenKind.UserVariable) {
    const name = parser.userVariableName();
    equals(parser);
    const value = parser.expression();
    return { kind: 'userVariable', name, value, start, end: parser.previousEnd };
  }
  if (parser.atWord('NAMES') && !atAssignment(parser, 1)) return names(parser);
  if (atCharacterSet(parser)) return characterSet(parser);
  if (parser.kind === TokenKind.SystemVariableSigns) return signedAssignment(parser);
  if (SCOPES.has(scopeWord(parser))) parser.advance();
  // `DEFAULT.key_buffer_size`, the default key cache's.
  const first =
    parser.atWord('DEFAULT') && parser.at('.', 1) ? parser.anyWord('SET') : parser.identifier('SET');
  return systemVariable(parser, start, scope, first.name);
}

/** `@@name`, `@@session.name`. */
function signedAssignment(parser: Parser): SetAssignment {
  const { start } = parser;
  parser.advance();
  const scope = parser.at('.', 1) ? (SCOPES.get(parser.word()) ?? null) : null;
  if (scope !== null) {
    parser.advance();
    parser.advance();
  }
  return systemVariable(parser, start, scope, parser.identifierAfterDot('SET').name);
}

function systemVariable(parser: Parser, start: number, scope: Scope | null, first: string): SetAssignment {
  let name = first;
  while (parser.accept('.')) name += `.${parser.identifierAfterDot('SET').name}`;
  equals(parser);
  const value = systemValue(parser);
  return { kind: 'systemVariable', scope, name: name.toLowerCase(), value, start, end: parser.previousEnd };
}

function equals(parser: Parser): void {
  if (!parser.accept('=') && !parser.accept(':=')) parser.fail("SET: '=' is missing");
}

/** An expression, or one of the words that are reserved elsewhere; null: DEFAULT. */
function systemValue(parser: Parser): Expression | null {
  if (parser.atWord('DEFAULT') && !parser.at('(', 1)) {
    parser.advance();
    return null;
  }
  for (const word of ['ON', 'ALL', 'BINARY', 'ROW', 'SYSTEM', 'FORCE']) {
    if (!parser.atWord(word) || !endsValue(parser)) continue;
    const column = parser.anyWord('SET');
    return { kind: 'column', schema: null, table: null, column, start: column.start, end: column.end };
  }
  return parser.expression();
}

/** Whether the token after the next ends the assignment. */
function endsValue(parser: Parser): boolean {
  return parser.kindAhead(1) === TokenKind.End || parser.at(',', 1) || parser.at(';', 1);
}

function names(parser: Parser): SetAssignment {
  const { start } = parser;
  parser.advance();
  characterSetName(parser, 'SET NAMES');
  if (parser.acceptWord('COLLATE')) characterSetName(parser, 'COLLATE');
  return { kind: 'special', words: 'NAMES', start, end: parser.previousEnd };
}

function atCharacterSet(parser: Parser): boolean {
  const twoWords = (parser.atWord('CHARACTER') || parser.atWord('CHAR')) && parser.atWord('SET', 1);
  return twoWords || (parser.atWord('CHARSET') && !atAssignment(parser, 1));
}

function characterSet(parser: Parser): SetAssignment {
  const { start } = parser;
  if (!parser.acceptWord('CHARSET')) {
    parser.advance();
    parser.advance();
  }
  characterSetName(parser, 'SET CHARACTER SET');
  return { kind: 'special', words: 'CHARACTER SET', start, end: parser.previousEnd };
}

/** https://dev.mysql.com/doc/refman/9.7/en/set-transaction.html */
function transaction(parser: Parser): void {
  do {
    if (parser.acceptWords('READ', 'ONLY') || parser.acceptWords('READ', 'WRITE')) continue;
    const isolation =
      parser.acceptWords('ISOLATION', 'LEVEL') &&
      (parser.acceptWords('READ', 'COMMITTED') ||
        parser.acceptWords('READ', 'UNCOMMITTED') ||
        parser.acceptWords('REPEATABLE', 'READ') ||
        parser.acceptWord('SERIALIZABLE'));
    if (!isolation) parser.fail('SET TRANSACTION: an isolation level or READ ONLY is missing');
  } while (parser.accept(','));
}

/** `NONE`, `DEFAULT`, `ALL [EXCEPT …]`, `name[@host], …`; https://dev.mysql.com/doc/refman/9.7/en/set-role.html */
function roles(parser: Parser): void {
  if (parser.acceptOneOf(['NONE', 'DEFAULT']) !== null) return;
  if (parser.acceptWord('ALL') && !parser.acceptWord('EXCEPT')) return;
  do {
    account(parser, 'ROLE');
  } while (parser.accept(','));
}

/** https://dev.mysql.com/doc/refman/9.7/en/set-password.html */
function password(parser: Parser): void {
  if (parser.acceptWord('FOR')) account(parser, 'SET PASSWORD');
  if (parser.acceptWords('TO', 'RANDOM')) {
    passwordOptions(parser);
    return;
  }
  equals(parser);
  const hashed = parser.acceptOneOf(['PASSWORD', 'OLD_PASSWORD']) !== null;
  if (hashed) parser.expect('(', 'SET PASSWORD');
  if (parser.kind !== TokenKind.String) parser.fail('SET PASSWORD: a string is missing');
  parser.advance();
  if (hashed) parser.expect(')', 'SET PASSWORD');
  passwordOptions(parser);
}

function passwordOptions(parser: Parser): void {
  if (parser.acceptWord('REPLACE')) {
    if (parser.kind !== TokenKind.String) parser.fail('REPLACE: a string is missing');
    parser.advance();
  }
  parser.acceptWords('RETAIN', 'CURRENT', 'PASSWORD');
}

/** https://dev.mysql.com/doc/refman/9.7/en/set-resource-group.html */
function resourceGroup(parser: Parser): void {
  parser.identifier('RESOURCE GROUP');
  if (!parser.acceptWord('FOR')) return;
  do {
    parser.integer('RESOURCE GROUP');
  } while (parser.accept(','));
}
