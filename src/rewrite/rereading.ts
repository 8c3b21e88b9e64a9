import { ProxyError } from '../errors.js';
import { foldLoosely, hasNonAscii } from './folding.js';
import type { TokenList } from './token-list.js';

/*
 * A text may be read twice, the second time under another sql_mode or character set than the one we read it under:
 * prepared statements, which the servers parse again after DDL with what the session has set by then (measured: MySQL
 * 9.7 under the new sql_mode and character set, MariaDB 10.11 under the new character set), and the later statements
 * of a multi-statement.
 */

/**
 * A backslash, none of a pair, in front of a quote ends a string under NO_BACKSLASH_ESCAPES and does not otherwise; a byte above 0x7f in
 * front of a backslash or backtick swallows it under gbk, big5, sjis, cp932 and gb18030.
 */
const READS_IN_TWO_WAYS = /(?<!\\)(?:\\\\)*\\['"`]|[\x80-\xff][\\`]/;

/** Whether strings and quoted names of a text may end elsewhere under another sql_mode or character set. */
export function mayReadOtherwise(statement: Buffer): boolean {
  return READS_IN_TWO_WAYS.test(statement.toString('latin1'));
}

/** Words of a SET after which text is read in another way. Compared loosely: the server finds variables so. */
const READING_VARIABLES = new Set([
  'sql_mode',
  'names',
  'charset',
  'character',
  'char',
  'character_set_client',
  'character_set_connection',
  'collation_connection',
]);

/**
 * Whether a SET may change how later statements are read. MariaDB does not report that of every SET (measured on
 * 10.11): `SET character_set_client = (SELECT …)` is silent, and so are plain ones behind it; `SET STATEMENT sql_mode =
 * … FOR …` is reported when it comes into force and not when it is undone.
 * @returns 'undone': only for the statement in it, as the server does not say
 */
export function changeOfReading(tokens: TokenList): 'none' | 'lasting' | 'undone' {
  let hasSet = false;
  let isUndone = false;
  let changes = false;
  for (let index = 0; index < tokens.count; index++) {
    if (!tokens.isName(index)) continue;
    if (tokens.is(index, 'SET')) {
      hasSet = true;
      isUndone ||= tokens.is(index + 1, 'STATEMENT');
    }
    const name = tokens.name(index);
    const folded = foldLoosely(name);
    changes ||= READING_VARIABLES.has(folded) || folded === 'sql_safe_updates' || hasNonAscii(name);
  }
  if (!hasSet || !changes) return 'none';
  return isUndone ? 'undone' : 'lasting';
}

/**
 * Refuses `SET sql_mode = …; SELECT * FROM "users"`: the second statement is read under a sql_mode or character set
 * that we did not read it under. Only further SETs may follow such a SET.
 */
export function refuseChangeOfReading(tokens: TokenList): void {
  let changed = false;
  let first = true;
  let isSet = false;
  let firstWord = 0;
  const endStatement = (): void => {
    if (changed && !first && !isSet) {
      throw new ProxyError(
        'TC_UNSUPPORTED_SQL',
        'a SET that changes how the statements behind it are read can only be followed by SET; send it alone',
        { position: tokens.start(firstWord) },
      );
    }
  };
  let changes = false;
  let hasSet = false;
  for (let index = 0; index < tokens.count; index++) {
    if (tokens.is(index, ';')) {
      endStatement();
      changed ||= hasSet && changes;
      first = true;
      changes = false;
      hasSet = false;
      continue;
    }
    if (first) {
      isSet = tokens.is(index, 'SET');
      firstWord = index;
      first = false;
    }
    if (!tokens.isName(index)) continue;
    if (tokens.is(index, 'SET')) hasSet = true;
    const name = tokens.name(index);
    if (READING_VARIABLES.has(foldLoosely(name)) || hasNonAscii(name)) changes = true;
  }
  endStatement();
}
