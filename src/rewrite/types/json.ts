import { isUtf8 } from 'node:buffer';
import { ServerError } from '../../errors.js';
import { ColumnFlag, ColumnType as WireType } from '../../protocol/constants/column-types.js';
import type { JsonColumnType } from '../column-type.js';
import { text } from '../edits.js';
import type { ColumnOrigin } from '../plan.js';
import type { ProtectedColumn } from '../protected-table.js';
import { type CheckOptions, refusedValue, type UnfitValue, unfitValue } from './checked-value.js';
import { readJson } from './json-text.js';
import type { TypeFamily } from './type-family.js';

const MAX_LENGTH = 0xffff_ffff;

/** Number of the collation `binary`, which MySQL sends for JSON. */
const BINARY_COLLATION = 63;

/** The server's SQLSTATE of everything that is wrong with JSON. */
const INVALID_JSON = '22032';

/**
 * JSON of MySQL: stored as the text that was written, and brought to MySQL's own form by the cast that reads it.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/json.html
 */
export const json: TypeFamily<JsonColumnType> = {
  describe: () => 'json',
  informationSchema: () => ({ dataType: 'json' }),
  longestText: () => MAX_LENGTH - 16,

  refusedOn: (server) =>
    server === 'mariadb'
      ? 'MariaDB keeps JSON as text, which an encrypted column can not tell from other text; declare longtext with collation: utf8mb4_bin'
      : null,

  readForm: (_type, plain) => [text('CAST(CONVERT('), ...plain, text(' USING utf8mb4) AS JSON)')],

  storedLiterals: new Set(['string', 'integer', 'decimal', 'float']),
  comparedLiterals: new Set(),

  check(column, _type, value, options) {
    if (value.kind === 'bytes') {
      return unfit(
        column,
        options,
        3144,
        "Cannot create a JSON value from a string with CHARACTER SET 'binary'.",
      );
    }
    if (value.kind !== 'text') return invalid(column, options, 'not a JSON text, may need CAST', 0);
    const { bytes } = value;
    if (!isUtf8(bytes) || (!options.utf8 && bytes.some((byte) => byte >= 0x80))) {
      throw refusedValue(column, 'JSON in another character set than UTF-8', 'SET NAMES utf8mb4');
    }
    const verdict = readJson(bytes);
    if (verdict === 'valid') return { kind: 'text', bytes };
    if (verdict === 'unknown') {
      throw refusedValue(column, 'JSON with a NUL byte or a name of more than 65,535 bytes', 'leave it out');
    }
    if (verdict === 'too deep') return unfit(column, options, 3157, TOO_DEEP);
    return invalid(column, options, verdict.reason, verdict.position);
  },

  possibleErrors: ({ logical }, _type, { table }) => [
    new ServerError(3140, INVALID_JSON, `Invalid JSON text in value for column '${table}.${logical}'.`),
    new ServerError(3144, INVALID_JSON, 'Cannot create a JSON value from a string.'),
    new ServerError(3157, INVALID_JSON, TOO_DEEP),
  ],

  canonical: () => null,
  canonicalTruth: () => null,
  storedExpression: (_type, _server, inner) => inner(),

  // Of a number or a date, which need a CAST, JSON_VALID says 0.
  isUnfit: (_type, inner) => [text('NOT JSON_VALID('), ...inner(), text(')')],

  refusedOperand(_type, operand) {
    switch (operand) {
      case 'decimal literal':
      case 'temporal literal':
      case 'other function':
      case 'other column':
        return `a ${operand} inside JSON, whose type its text would lose,`;
      default:
        return null;
    }
  },

  definition: () => ({
    type: WireType.MYSQL_TYPE_JSON,
    characterSet: BINARY_COLLATION,
    columnLength: MAX_LENGTH,
    decimals: 0,
    flags: ColumnFlag.BLOB_FLAG | ColumnFlag.BINARY_FLAG,
  }),
};

const TOO_DEEP = 'The JSON document exceeds the maximum depth.';

function invalid(
  column: ProtectedColumn,
  options: CheckOptions,
  reason: string,
  position: number,
): UnfitValue {
  const where = named(column, options.origin);
  return unfit(
    column,
    options,
    3140,
    `Invalid JSON text: "${reason}" at position ${position} in value for column '${where}'.`,
  );
}

function named({ logical }: ProtectedColumn, { table }: ColumnOrigin): string {
  return `${table}.${logical}`;
}

function unfit(
  column: ProtectedColumn,
  { lenient }: CheckOptions,
  errno: number,
  message: string,
): UnfitValue {
  if (lenient) throw unfitValue(column);
  return { kind: 'unfit', error: new ServerError(errno, INVALID_JSON, message) };
}
