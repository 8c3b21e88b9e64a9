import { TokenKind } from '../../tokens.js';
import type { Expression } from '../ast.js';
import { Level } from '../levels.js';
import { identifierList, tableName } from '../names.js';
import type { Parser } from '../parser.js';
import type { ColumnAttribute, ColumnDefinition, ColumnPosition } from './ast.js';
import { characterSetOption, columnType } from './data-type.js';

/** What an attribute is, without its span. */
type Attribute = ColumnAttribute extends infer A
  ? A extends unknown
    ? Omit<A, 'start' | 'end'>
    : never
  : never;

/**
 * `name type [attributes]`.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/create-table.html
 */
export function columnDefinition(parser: Parser): ColumnDefinition {
  const { start } = parser;
  const name = parser.identifier('column');
  const type = columnType(parser);
  const attributes: ColumnAttribute[] = [];
  for (;;) {
    const at = parser.start;
    const attribute = columnAttribute(parser);
    if (attribute === null) break;
    attributes.push({ ...attribute, ...parser.spanFrom(at) } as ColumnAttribute);
  }
  return { kind: 'column', name, type, attributes, start, end: parser.previousEnd };
}

/** FIRST, AFTER c, or null. */
export function columnPosition(parser: Parser): ColumnPosition | null {
  if (parser.acceptWord('FIRST')) return { after: null };
  return parser.acceptWord('AFTER') ? { after: parser.identifier('AFTER') } : null;
}

/** null: what comes next is no attribute. */
function columnAttribute(parser: Parser): Attribute | null {
  if (parser.acceptWords('NOT', 'NULL')) return { kind: 'notNull' };
  if (parser.acceptWord('NULL')) return { kind: 'null' };
  if (parser.acceptWord('DEFAULT')) return { kind: 'default', ...defaultValue(parser) };
  if (parser.acceptWords('ON', 'UPDATE')) {
    parser.expression(Level.Primary);
    return { kind: 'onUpdate' };
  }
  if (parser.acceptWord('AUTO_INCREMENT')) return { kind: 'autoIncrement' };
  if (parser.acceptWord('UNIQUE')) {
    parser.acceptWord('KEY');
    return { kind: 'unique' };
  }
  if (parser.acceptWords('PRIMARY', 'KEY') || parser.acceptWord('KEY')) return { kind: 'primary' };
  if (parser.acceptWord('COMMENT')) {
    string(parser);
    return { kind: 'comment' };
  }
  if (parser.acceptOneOf(['VISIBLE', 'INVISIBLE']) !== null) return { kind: 'visibility' };
  if (parser.acceptOneOf(['COLUMN_FORMAT', 'STORAGE']) !== null) {
    if (parser.acceptOneOf(['FIXED', 'DYNAMIC', 'DEFAULT', 'DISK', 'MEMORY']) === null) {
      parser.fail('COLUMN_FORMAT: a word is missing');
    }
    return { kind: 'format' };
  }
  const charset = characterSetOption(parser);
  if (charset !== null) return { kind: 'charset', charset };
  return parser.atWord('REFERENCES') ? references(parser) : constraintOrOther(parser);
}

/** NULL, a literal, CURRENT_TIMESTAMP(6), or an expression in parentheses. */
export function defaultValue(parser: Parser): { value: Expression; isNull: boolean } {
  const isNull = parser.atWord('NULL');
  const value = parser.expression(Level.Primary);
  return { value, isNull };
}

function constraintOrOther(parser: Parser): Attribute | null {
  if (parser.acceptWord('CONSTRAINT') && !parser.atWord('CHECK')) parser.identifier('CONSTRAINT');
  if (parser.acceptWord('CHECK')) return { kind: 'check', condition: checkCondition(parser) };
  if (parser.acceptWords('GENERATED', 'ALWAYS')) parser.expectWord('AS', 'GENERATED ALWAYS');
  else if (!parser.acceptWord('AS')) return otherAttribute(parser);
  parser.expect('(', 'AS');
  const value = parser.expression();
  parser.expect(')', 'AS');
  parser.acceptOneOf(['VIRTUAL', 'STORED', 'PERSISTENT']);
  return { kind: 'generated', value };
}

function otherAttribute(parser: Parser): Attribute | null {
  const word = parser.word();
  if (word === 'SRID') {
    parser.advance();
    parser.integer('SRID');
    return { kind: 'other', word };
  }
  if (word === 'ENGINE_ATTRIBUTE' || word === 'SECONDARY_ENGINE_ATTRIBUTE') {
    parser.advance();
    parser.accept('=');
    string(parser);
    return { kind: 'other', word };
  }
  return null;
}

/** `(condition) [[NOT] ENFORCED]`, behind CHECK. */
export function checkCondition(parser: Parser): Expression {
  parser.expect('(', 'CHECK');
  const condition = parser.expression();
  parser.expect(')', 'CHECK');
  if (!parser.acceptWords('NOT', 'ENFORCED')) parser.acceptWord('ENFORCED');
  return condition;
}

/** REFERENCES t (c, …) with what follows, at its word. */
export function references(parser: Parser): Attribute & { kind: 'references' } {
  parser.advance();
  const table = tableName(parser, 'REFERENCES');
  const columns = parser.at('(') ? identifierList(parser, 'REFERENCES') : [];
  if (parser.acceptWord('MATCH')) parser.acceptOneOf(['FULL', 'PARTIAL', 'SIMPLE']);
  while (parser.atWord('ON') && (parser.atWord('DELETE', 1) || parser.atWord('UPDATE', 1))) {
    parser.advance();
    parser.advance();
    const known =
      parser.acceptOneOf(['RESTRICT', 'CASCADE']) !== null ||
      parser.acceptWords('SET', 'NULL') ||
      parser.acceptWords('SET', 'DEFAULT') ||
      parser.acceptWords('NO', 'ACTION');
    if (!known) parser.fail('REFERENCES: a reference option is missing');
  }
  return { kind: 'references', table, columns };
}

function string(parser: Parser): void {
  if (parser.kind !== TokenKind.String) parser.fail('a string is missing');
  while (parser.kind === TokenKind.String) parser.advance();
}
