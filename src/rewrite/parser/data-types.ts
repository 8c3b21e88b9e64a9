import { TokenKind } from '../tokens.js';
import type { Parser } from './parser.js';

/** Type names of one word; https://dev.mysql.com/doc/refman/9.7/en/data-types.html and MariaDB's. */
const TYPES = new Set(
  `BIT BOOL BOOLEAN TINYINT SMALLINT MEDIUMINT INT INTEGER BIGINT INT1 INT2 INT3 INT4 INT8 MIDDLEINT
  DECIMAL DEC NUMERIC FIXED NUMBER FLOAT FLOAT4 FLOAT8 DOUBLE REAL
  DATE TIME DATETIME TIMESTAMP YEAR
  CHAR CHARACTER VARCHAR VARCHARACTER VARCHAR2 NCHAR NVARCHAR BINARY VARBINARY RAW
  TINYBLOB BLOB MEDIUMBLOB LONGBLOB TINYTEXT TEXT MEDIUMTEXT LONGTEXT CLOB LONG
  ENUM SET JSON VECTOR UUID INET4 INET6 SERIAL
  GEOMETRY POINT LINESTRING POLYGON MULTIPOINT MULTILINESTRING MULTIPOLYGON GEOMETRYCOLLECTION GEOMCOLLECTION`
    .trim()
    .split(/\s+/),
);

const ATTRIBUTES = ['UNSIGNED', 'SIGNED', 'ZEROFILL', 'ASCII', 'UNICODE', 'BYTE', 'BINARY'];

/** The type of CAST, CONVERT, RETURNING and JSON_TABLE's columns: nothing in it matters to a rewrite. */
export function dataType(parser: Parser, construct: string): void {
  if (parser.acceptOneOf(['SIGNED', 'UNSIGNED']) !== null) {
    parser.acceptOneOf(['INT', 'INTEGER']);
    return;
  }
  if (parser.mariadb && parser.acceptWords('INTERVAL', 'DAY_SECOND')) {
    if (parser.at('(')) typeArguments(parser, construct);
    return;
  }
  if (parser.acceptWord('NATIONAL')) {
    if (parser.acceptOneOf(['CHAR', 'CHARACTER', 'VARCHAR']) === null)
      parser.fail(`${construct}: a type is missing`);
    parser.acceptWord('VARYING');
  } else {
    const type = parser.word();
    if (!TYPES.has(type)) parser.fail(`${construct}: a type is missing`);
    parser.advance();
    if (type === 'DOUBLE') parser.acceptWord('PRECISION');
    if (type === 'CHAR' || type === 'CHARACTER' || type === 'NCHAR') {
      parser.acceptOneOf(['VARYING', 'VARCHAR']);
    }
    if (type === 'LONG') parser.acceptOneOf(['VARCHAR', 'VARBINARY']);
  }
  if (parser.at('(')) typeArguments(parser, construct);
  typeAttributes(parser, construct);
}

/** `(10)`, `(10, 2)`, `('a', 'b')`. */
function typeArguments(parser: Parser, construct: string): void {
  parser.advance();
  do {
    if (parser.kind !== TokenKind.Integer && parser.kind !== TokenKind.String) {
      parser.fail(`${construct}: a length is missing`);
    }
    parser.advance();
  } while (parser.accept(','));
  parser.expect(')', construct);
}

function typeAttributes(parser: Parser, construct: string): void {
  for (;;) {
    if (parser.acceptOneOf(ATTRIBUTES) !== null) continue;
    if (
      parser.acceptWords('CHARACTER', 'SET') ||
      parser.acceptWords('CHAR', 'SET') ||
      parser.acceptWord('CHARSET') ||
      parser.acceptWord('COLLATE')
    ) {
      characterSetName(parser, construct);
      continue;
    }
    return;
  }
}

/** The name of a character set or collation: a word, a string, or BINARY. Returned in lower case. */
export function characterSetName(parser: Parser, construct: string): string {
  if (parser.kind === TokenKind.String) {
    const { start, end } = parser;
    parser.advance();
    return parser.statement.toString('latin1', start + 1, end - 1).toLowerCase();
  }
  if (parser.acceptWord('BINARY')) return 'binary';
  if (parser.acceptWord('DEFAULT')) return 'default';
  return parser.identifier(construct).name.toLowerCase();
}
