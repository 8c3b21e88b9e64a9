import type { TokenList } from './token-list.js';

/*
 * Statements that hold others, and `;` between them: bodies of stored programs, and MariaDB's compound statements
 * outside of them. Where one ends is read off its BEGIN, IF, CASE, LOOP, WHILE, REPEAT and their END.
 *
 * An end seen too early gives the server half a statement, which it can't execute; one seen too late makes one
 * statement of several, which is not taken apart and refused where it names a protected table. Neither lets one pass.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/sql-compound-statements.html
 * https://mariadb.com/kb/en/using-compound-statements-outside-of-stored-programs/
 */

/** Words that open a block where a statement begins. */
const OPENERS = new Set(['BEGIN', 'IF', 'CASE', 'LOOP', 'WHILE', 'REPEAT', 'FOR']);
/** Those behind which the next statement begins at once. */
const OPENERS_OF_LISTS = new Set(['BEGIN', 'LOOP', 'REPEAT']);
/** Statements of one line as the whole body: what opens a block is a function or an expression in them. */
const SIMPLE_BODIES = new Set(
  'RETURN SELECT INSERT REPLACE UPDATE DELETE SET CALL WITH VALUES DO TRUNCATE CREATE DROP ALTER SIGNAL EXECUTE'.split(
    ' ',
  ),
);
const STORED_PROGRAMS = new Set(['PROCEDURE', 'FUNCTION', 'TRIGGER', 'EVENT', 'PACKAGE']);

const NO_BODY = -1;

/** Whether the `;` behind the tokens read so far may belong to the statement at their beginning. */
export function isCompound(list: TokenList, mariadb: boolean): boolean {
  return startOfBody(list, mariadb) !== NO_BODY;
}

/**
 * The `;` that ends the compound statement at the beginning of the list.
 * @returns its index; -1: it is not in the list
 */
export function endOfCompound(list: TokenList, mariadb: boolean): number {
  const start = startOfBody(list, mariadb);
  return start === NO_BODY ? -1 : new BlockReader(list, mariadb).end(start);
}

/** Where the blocks begin, or NO_BODY: the first `;` ends the statement. */
function startOfBody(list: TokenList, mariadb: boolean): number {
  const verb = word(list, 0);
  if (verb === 'CREATE' || verb === 'ALTER') return startOfStoredBody(list);
  if (!mariadb) return NO_BODY;
  if (verb === 'BEGIN') return list.is(1, 'NOT') ? 0 : NO_BODY;
  return OPENERS.has(verb) ? 0 : NO_BODY;
}

function startOfStoredBody(list: TokenList): number {
  let at = 1;
  if (list.is(at, 'OR')) at += 2;
  if (list.is(at, 'DEFINER')) {
    at += 2;
    while (at < list.count && !isProgramWord(word(list, at)) && !list.is(at, ';')) at++;
  }
  if (list.is(at, 'AGGREGATE')) at++;
  switch (word(list, at)) {
    case 'PROCEDURE':
    case 'FUNCTION':
      return behindParameters(list, at);
    case 'TRIGGER':
      return behindRow(list, at);
    case 'EVENT':
      return behindDo(list, at);
    default:
      return NO_BODY;
  }
}

function isProgramWord(text: string): boolean {
  return STORED_PROGRAMS.has(text) || text === 'AGGREGATE' || text === 'SQL' || text === 'VIEW';
}

/** Behind the parameters come characteristics, in which no word opens a block. */
function behindParameters(list: TokenList, from: number): number {
  let depth = 0;
  let hasParameters = false;
  for (let at = from; at < list.count; at++) {
    if (list.is(at, '(')) depth++;
    else if (list.is(at, ')')) {
      depth--;
      hasParameters = true;
    }
    if (list.is(at, ';')) return NO_BODY;
    if (depth > 0 || !hasParameters) continue;
    const text = word(list, at);
    if (OPENERS.has(text)) return at;
    const isType = text === 'SET' && (list.is(at - 1, 'CHARACTER') || list.is(at - 1, 'CHAR'));
    if (SIMPLE_BODIES.has(text) && !isType) return NO_BODY;
  }
  return NO_BODY;
}

function behindRow(list: TokenList, from: number): number {
  for (let at = from; at < list.count && !list.is(at, ';'); at++) {
    if (!list.is(at, 'ROW') || !list.is(at - 1, 'EACH')) continue;
    let next = at + 1;
    if (list.is(next, 'FOLLOWS') || list.is(next, 'PRECEDES')) next += 2;
    return opensBlock(list, next);
  }
  return NO_BODY;
}

function behindDo(list: TokenList, from: number): number {
  for (let at = from; at < list.count && !list.is(at, ';'); at++) {
    if (list.is(at, 'DO')) return opensBlock(list, at + 1);
  }
  return NO_BODY;
}

/** @returns `at`, if a block is opened there, maybe behind a label */
function opensBlock(list: TokenList, at: number): number {
  const start = list.is(at + 1, ':') ? at + 2 : at;
  return OPENERS.has(word(list, start)) ? start : NO_BODY;
}

/** The upper-case word, '' where there is none or where it is part of a qualified name. */
function word(list: TokenList, at: number): string {
  if (at >= list.count || !list.isWord(at)) return '';
  if (list.is(at - 1, '.') || list.is(at + 1, '.')) return '';
  return list.upperCase(at);
}

/** Reads nested blocks up to the `;` behind the outermost. */
class BlockReader {
  /** Blocks open. */
  private depth = 0;
  /** CASE expressions open in the statement under way. */
  private cases = 0;
  private atStart = true;
  /** First word of the statement under way. */
  private verb = '';

  constructor(
    private readonly list: TokenList,
    private readonly mariadb: boolean,
  ) {}

  end(from: number): number {
    const { list } = this;
    for (let at = from; at < list.count; at++) {
      if (list.is(at, ';')) {
        if (this.depth === 0) return at;
        if (this.cases > 0) return -1;
        this.atStart = true;
      } else if (this.atStart) {
        at = this.begin(at);
      } else {
        at = this.within(at);
      }
    }
    return -1;
  }

  /** At the first token of a statement. @returns the last token read */
  private begin(at: number): number {
    const { list } = this;
    if (list.is(at + 1, ':')) return at + 1;
    const text = word(list, at);
    this.verb = text;
    this.atStart = false;
    if (OPENERS.has(text) && (text !== 'FOR' || this.mariadb)) {
      this.depth++;
      this.atStart = OPENERS_OF_LISTS.has(text);
      return text === 'BEGIN' && list.is(at + 1, 'NOT') ? at + 2 : at;
    }
    if (text === 'END') this.depth--;
    if (text === 'ELSE') this.atStart = true;
    return at;
  }

  /** Inside a statement. @returns the last token read */
  private within(at: number): number {
    switch (word(this.list, at)) {
      case 'CASE':
        // The CASE of END CASE opens nothing.
        if (this.verb !== 'END') this.cases++;
        return at;
      case 'END':
        // Also a name: `SELECT end FROM t`.
        if (this.cases > 0) this.cases--;
        else if (this.verb === 'UNTIL') {
          this.depth--;
          this.verb = 'END';
        }
        return at;
      case 'THEN':
        if (this.cases === 0) this.atStart = true;
        return at;
      case 'DO':
        if (this.verb === 'WHILE' || this.verb === 'FOR') this.atStart = true;
        return at;
      case 'HANDLER':
        return this.verb === 'DECLARE' ? this.behindConditions(at) : at;
      default:
        return at;
    }
  }

  /** `HANDLER FOR SQLSTATE VALUE '23000', NOT FOUND, 1062, name`: its statement begins behind. */
  private behindConditions(handler: number): number {
    const { list } = this;
    let at = handler + 1;
    do {
      at++;
      if (list.is(at, 'SQLSTATE')) at += list.is(at + 1, 'VALUE') ? 2 : 1;
      else if (list.is(at, 'NOT')) at++;
      at++;
    } while (list.is(at, ','));
    this.atStart = true;
    return at - 1;
  }
}
