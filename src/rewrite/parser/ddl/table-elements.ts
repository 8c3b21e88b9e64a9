import { TokenKind } from '../../tokens.js';
import { identifierList } from '../names.js';
import type { Parser } from '../parser.js';
import type { CheckConstraint, ForeignKey, KeyDefinition, KeyPart, TableElement } from './ast.js';
import { checkCondition, columnDefinition, references } from './column-definition.js';

/** `( columns, keys and constraints )`, at the parenthesis. */
export function tableElements(parser: Parser): TableElement[] {
  parser.expect('(', 'CREATE TABLE');
  const elements: TableElement[] = [];
  do {
    elements.push(keyOrConstraint(parser) ?? columnDefinition(parser));
  } while (parser.accept(','));
  parser.expect(')', 'CREATE TABLE');
  return elements;
}

/**
 * A key, foreign key or CHECK; null: a column definition comes next.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/create-table.html
 */
export function keyOrConstraint(parser: Parser): KeyDefinition | ForeignKey | CheckConstraint | null {
  const { start } = parser;
  const isConstraint = parser.acceptWord('CONSTRAINT');
  const hasName = isConstraint && !CONSTRAINTS.some((word) => parser.atWord(word));
  const constraint = hasName ? parser.identifier('CONSTRAINT') : null;
  if (parser.acceptWord('CHECK')) {
    return { kind: 'check', condition: checkCondition(parser), start, end: parser.previousEnd };
  }
  if (parser.acceptWords('FOREIGN', 'KEY')) return foreignKey(parser, start);
  const type = keyType(parser);
  if (type === null) {
    if (isConstraint) parser.fail('CONSTRAINT: a constraint is missing');
    return null;
  }
  if (parser.acceptWords('IF', 'NOT')) parser.expectWord('EXISTS', 'IF NOT EXISTS');
  const nameAt = parser.previousEnd;
  const name = parser.atIdentifier() && !parser.atWord('USING') ? parser.identifier('key') : constraint;
  return { ...keyParts(parser, start), type, name, nameAt };
}

const CONSTRAINTS = ['PRIMARY', 'UNIQUE', 'FOREIGN', 'CHECK'];

function keyType(parser: Parser): KeyDefinition['type'] | null {
  if (parser.acceptWords('PRIMARY', 'KEY')) return 'primary';
  const word = parser.acceptOneOf(['UNIQUE', 'FULLTEXT', 'SPATIAL']);
  if (word !== null) {
    parser.acceptOneOf(['KEY', 'INDEX']);
    return word.toLowerCase() as KeyDefinition['type'];
  }
  return parser.acceptOneOf(['KEY', 'INDEX']) === null ? null : 'key';
}

/** `[USING …] (parts) [options]` */
export function keyParts(
  parser: Parser,
  start: number,
): Pick<KeyDefinition, 'kind' | 'parts' | 'start' | 'end'> {
  using(parser);
  parser.expect('(', 'key');
  const parts: KeyPart[] = [];
  do {
    parts.push(keyPart(parser));
  } while (parser.accept(','));
  parser.expect(')', 'key');
  const end = parser.previousEnd;
  while (keyOption(parser));
  return { kind: 'key', parts, start, end };
}

function keyPart(parser: Parser): KeyPart {
  const { start } = parser;
  if (parser.accept('(')) {
    const expression = parser.expression();
    parser.expect(')', 'key');
    const end = parser.previousEnd;
    parser.acceptOneOf(['ASC', 'DESC']);
    return { column: null, expression, prefix: null, start, end };
  }
  const column = parser.identifier('key');
  const at = parser.start;
  let prefix: KeyPart['prefix'] = null;
  if (parser.accept('(')) {
    parser.integer('key');
    parser.expect(')', 'key');
    prefix = parser.spanFrom(at);
  }
  const end = parser.previousEnd;
  parser.acceptOneOf(['ASC', 'DESC']);
  return { column, expression: null, prefix, start, end };
}

function using(parser: Parser): boolean {
  if (!parser.acceptWord('USING')) return false;
  if (parser.acceptOneOf(['BTREE', 'HASH', 'RTREE']) === null) parser.fail('USING: an index type is missing');
  return true;
}

function keyOption(parser: Parser): boolean {
  if (using(parser)) return true;
  if (parser.acceptOneOf(['VISIBLE', 'INVISIBLE', 'IGNORED']) !== null) return true;
  if (parser.acceptWords('NOT', 'IGNORED')) return true;
  if (parser.acceptWords('WITH', 'PARSER')) {
    parser.identifier('WITH PARSER');
    return true;
  }
  const word = parser.acceptOneOf([
    'COMMENT',
    'KEY_BLOCK_SIZE',
    'ENGINE_ATTRIBUTE',
    'SECONDARY_ENGINE_ATTRIBUTE',
    'CLUSTERING',
  ]);
  if (word === null) return false;
  parser.accept('=');
  const { kind } = parser;
  if (
    kind !== TokenKind.String &&
    kind !== TokenKind.Integer &&
    !parser.atWord('YES') &&
    !parser.atWord('NO')
  ) {
    parser.fail(`${word}: a value is missing`);
  }
  parser.advance();
  return true;
}

function foreignKey(parser: Parser, start: number): ForeignKey {
  if (parser.acceptWords('IF', 'NOT')) parser.expectWord('EXISTS', 'IF NOT EXISTS');
  if (!parser.at('(')) parser.identifier('FOREIGN KEY');
  const columns = identifierList(parser, 'FOREIGN KEY');
  if (!parser.atWord('REFERENCES')) parser.fail('FOREIGN KEY: REFERENCES is missing');
  const { table, columns: referenced } = references(parser);
  return { kind: 'foreignKey', columns, table, referenced, start, end: parser.previousEnd };
}
