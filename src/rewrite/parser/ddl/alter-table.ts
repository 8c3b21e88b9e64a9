import { TokenKind } from '../../tokens.js';
import type { Identifier } from '../ast.js';
import { tableName } from '../names.js';
import type { Parser } from '../parser.js';
import type { AlterAction, AlterTable } from './ast.js';
import { columnDefinition, columnPosition, defaultValue } from './column-definition.js';
import { characterSetOption, NO_CHARACTER_SET } from './data-type.js';
import { keyOrConstraint, tableElements } from './table-elements.js';
import { partitioning, tableOption } from './table-options.js';

/** An action without its span. */
type Action = AlterAction extends infer A ? (A extends unknown ? Omit<A, 'start' | 'end'> : never) : never;

const PLAIN: Action = { kind: 'plain' };

/**
 * ALTER TABLE, behind the word TABLE.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/alter-table.html, https://mariadb.com/kb/en/alter-table/
 */
export function alterTable(parser: Parser, start: number): AlterTable {
  if (parser.mariadb) parser.acceptWords('IF', 'EXISTS');
  const table = tableName(parser, 'ALTER TABLE');
  if (parser.mariadb && parser.acceptWord('WAIT')) parser.integer('WAIT');
  else if (parser.mariadb) parser.acceptWord('NOWAIT');
  const actions: AlterAction[] = [];
  let partitions = partitioning(parser);
  while (partitions === null && parser.kind !== TokenKind.End && !parser.at(';')) {
    const at = parser.start;
    actions.push({ ...alterAction(parser), ...parser.spanFrom(at) } as AlterAction);
    partitions = partitioning(parser);
    // Between table options the comma may be left out.
    if (partitions === null && !parser.accept(',') && actions.at(-1)!.kind !== 'plain') break;
  }
  return { kind: 'alterTable', table, actions, partitioning: partitions, start, end: parser.previousEnd };
}

function alterAction(parser: Parser): Action {
  switch (parser.word()) {
    case 'ADD':
      parser.advance();
      return add(parser);
    case 'MODIFY':
      parser.advance();
      parser.acceptWord('COLUMN');
      ifExists(parser);
      return { kind: 'modifyColumn', column: columnDefinition(parser), position: columnPosition(parser) };
    case 'CHANGE': {
      parser.advance();
      parser.acceptWord('COLUMN');
      ifExists(parser);
      const old = parser.identifier('CHANGE');
      return {
        kind: 'changeColumn',
        old,
        column: columnDefinition(parser),
        position: columnPosition(parser),
      };
    }
    case 'DROP':
      parser.advance();
      return drop(parser);
    case 'ALTER':
      parser.advance();
      return alter(parser);
    case 'RENAME':
      parser.advance();
      return rename(parser);
    case 'ORDER':
      return orderBy(parser);
    case 'CONVERT': {
      if (!parser.acceptWords('CONVERT', 'TO')) parser.fail('CONVERT: TO is missing');
      const first = characterSetOption(parser) ?? parser.fail('CONVERT TO: CHARACTER SET is missing');
      const second = characterSetOption(parser) ?? NO_CHARACTER_SET;
      return { kind: 'convert', charset: { characterSet: first.characterSet, collation: second.collation } };
    }
    default:
      return option(parser);
  }
}

function ifExists(parser: Parser): void {
  if (parser.mariadb) parser.acceptWords('IF', 'EXISTS');
}

function add(parser: Parser): Action {
  if (!parser.acceptWord('COLUMN')) {
    const element = keyOrConstraint(parser);
    if (element !== null) return { kind: 'addElement', element };
  }
  if (parser.mariadb) parser.acceptWords('IF', 'NOT', 'EXISTS');
  if (parser.at('(')) return { kind: 'addElements', elements: tableElements(parser) };
  // `ADD PARTITION (…)` and `ADD SYSTEM VERSIONING`: the type is missing there, and so they are not read.
  return { kind: 'addColumn', column: columnDefinition(parser), position: columnPosition(parser) };
}

function drop(parser: Parser): Action {
  if (parser.acceptWords('PRIMARY', 'KEY')) return PLAIN;
  if (
    parser.acceptWords('FOREIGN', 'KEY') ||
    parser.acceptOneOf(['INDEX', 'KEY', 'CHECK', 'CONSTRAINT']) !== null
  ) {
    ifExists(parser);
    parser.identifier('DROP');
    return PLAIN;
  }
  if (!parser.acceptWord('COLUMN') && parser.atWord('PARTITION')) parser.fail('DROP: a column is missing');
  ifExists(parser);
  const name = parser.identifier('DROP');
  parser.acceptOneOf(['RESTRICT', 'CASCADE']);
  return { kind: 'dropColumn', name };
}

function alter(parser: Parser): Action {
  if (parser.acceptOneOf(['INDEX', 'KEY']) !== null) {
    ifExists(parser);
    parser.identifier('ALTER INDEX');
    if (
      !parser.acceptWords('NOT', 'IGNORED') &&
      parser.acceptOneOf(['VISIBLE', 'INVISIBLE', 'IGNORED']) === null
    ) {
      parser.fail('ALTER INDEX: VISIBLE or INVISIBLE is missing');
    }
    return PLAIN;
  }
  if (parser.acceptOneOf(['CHECK', 'CONSTRAINT']) !== null) {
    parser.identifier('ALTER CONSTRAINT');
    parser.acceptWord('NOT');
    parser.expectWord('ENFORCED', 'ALTER CONSTRAINT');
    return PLAIN;
  }
  parser.acceptWord('COLUMN');
  ifExists(parser);
  const name = parser.identifier('ALTER COLUMN');
  if (parser.acceptWords('SET', 'DEFAULT')) return { kind: 'setDefault', name, ...defaultValue(parser) };
  const known =
    parser.acceptWords('DROP', 'DEFAULT') ||
    parser.acceptWords('SET', 'VISIBLE') ||
    parser.acceptWords('SET', 'INVISIBLE');
  if (!known) parser.fail('ALTER COLUMN: SET or DROP DEFAULT is missing');
  return { kind: 'alterColumn', name };
}

function rename(parser: Parser): Action {
  if (parser.acceptWord('COLUMN')) {
    ifExists(parser);
    const from = parser.identifier('RENAME COLUMN');
    parser.expectWord('TO', 'RENAME COLUMN');
    return { kind: 'renameColumn', from, to: parser.identifier('RENAME COLUMN') };
  }
  if (parser.acceptOneOf(['INDEX', 'KEY']) !== null) {
    ifExists(parser);
    parser.identifier('RENAME INDEX');
    parser.expectWord('TO', 'RENAME INDEX');
    parser.identifier('RENAME INDEX');
    return PLAIN;
  }
  if (parser.acceptOneOf(['TO', 'AS']) === null) parser.accept('=');
  return { kind: 'renameTable', to: tableName(parser, 'RENAME TO') };
}

function orderBy(parser: Parser): Action {
  parser.advance();
  parser.expectWord('BY', 'ORDER BY');
  const columns: Identifier[] = [];
  do {
    columns.push(parser.identifier('ORDER BY'));
    parser.acceptOneOf(['ASC', 'DESC']);
  } while (parser.accept(','));
  return { kind: 'orderBy', columns };
}

function option(parser: Parser): Action {
  if (parser.acceptOneOf(['ENABLE', 'DISABLE']) !== null) {
    parser.expectWord('KEYS', 'ALTER TABLE');
    return PLAIN;
  }
  if (parser.acceptOneOf(['ALGORITHM', 'LOCK']) !== null) {
    parser.accept('=');
    if (parser.kind !== TokenKind.Word) parser.fail('ALGORITHM: a word is missing');
    parser.advance();
    return PLAIN;
  }
  if (parser.acceptWord('FORCE')) return PLAIN;
  if (parser.acceptWords('WITH', 'VALIDATION') || parser.acceptWords('WITHOUT', 'VALIDATION')) return PLAIN;
  if (tableOption(parser) === null) parser.fail('ALTER TABLE: what is to be changed can not be read');
  return PLAIN;
}
