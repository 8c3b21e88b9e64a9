import { ColumnType as WireType } from '../../protocol/constants/column-types.js';
import type { DoubleColumnType } from '../column-type.js';
import { text } from '../edits.js';
import type { TemplateOp } from '../plan.js';
import {
  cutNote,
  DATA_TRUNCATED,
  notesSpaces,
  notNumeric,
  numberPrefix,
  OUT_OF_RANGE,
  refusedValue,
  serverError,
  storedWith,
  unfit,
} from './checked-value.js';
import { doubleText, NUMBER, parseNumber } from './number-text.js';
import type { TypeFamily } from './type-family.js';

/** `-0.00000000000000` and 17 digits */
const LONGEST = 34;

const NAMES = { mysql: 'DOUBLE', mariadb: 'double' };

/**
 * DOUBLE: stored as text with just the digits that tell it from others, in a form that both servers can make.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/floating-point-types.html
 */
export const double: TypeFamily<DoubleColumnType> = {
  describe: () => 'double',
  informationSchema: () => ({ dataType: 'double', numericPrecision: '22' }),
  longestText: () => LONGEST,
  refusedOn: () => null,

  readForm: (_type, plain) => [text('CAST(CONVERT('), ...plain, text(' USING utf8mb4) AS DOUBLE)')],

  storedLiterals: new Set(['integer', 'decimal', 'float', 'string']),
  comparedLiterals: new Set(['integer', 'decimal', 'float', 'string']),

  check(column, _type, value, options) {
    if (value.kind === 'temporal') throw refusedValue(column, 'a date or time', 'send a number or a string');
    const written = value.kind === 'number' ? value.text : value.bytes.toString('latin1');
    if (parseNumber(written.trim()) === null) {
      const bytes = value.kind === 'number' ? Buffer.from(written) : value.bytes;
      const prefix = numberPrefix(written);
      const isKnown = prefix !== null && Number.isFinite(Number(prefix)) && Number(prefix) !== 0;
      const stored = prefix === '' ? '0' : isKnown ? doubleText(Number(prefix)) : null;
      return notNumeric(column, NAMES, bytes, options, stored === null ? null : Buffer.from(stored));
    }
    const number = Number(written);
    if (!Number.isFinite(number)) {
      const nearest = doubleText(number > 0 ? Number.MAX_VALUE : -Number.MAX_VALUE);
      return unfit(column, options, 1264, OUT_OF_RANGE, Buffer.from(nearest));
    }
    const isExactZero = value.kind === 'number' && !/e/i.test(written);
    const hasSign = options.origin.server === 'mysql' && !isExactZero;
    const bytes = Buffer.from(doubleText(number === 0 && !hasSign ? 0 : number));
    return notesSpaces(value, options) ? storedWith(bytes, cutNote(column, options)) : storedWith(bytes);
  },

  possibleErrors: (column, _type, origin, row) => [
    serverError(column, origin, row, 1264, OUT_OF_RANGE),
    serverError(column, origin, row, 1366, `Incorrect ${NAMES[origin.server]} value`),
    serverError(column, origin, row, 1265, DATA_TRUNCATED),
  ],

  canonical(_type, value) {
    if (value.kind === 'bytes' || value.kind === 'temporal') return null;
    const written = value.kind === 'number' ? value.text : value.bytes.toString('latin1');
    const number = parseNumber(written) === null ? Number.NaN : Number(written);
    // 0 equals -0, which is stored as another text.
    return Number.isFinite(number) && number !== 0 ? Buffer.from(doubleText(number)) : null;
  },

  canonicalTruth: (_type, isTrue) => (isTrue ? '1' : '0'),

  storedExpression(_type, server, inner) {
    const number = [text('('), ...inner(), text(')*1e0')];
    if (server === 'mariadb') return number;
    // MySQL gives the text of an expression 22 characters, and cuts digits for that: JSON has them all.
    return [text("TRIM(TRAILING '.0' FROM CAST(CAST("), ...number, text(' AS JSON) AS CHAR))')];
  },

  isUnfit(_type, inner) {
    const asText = (): TemplateOp[] => [text('CONVERT('), ...inner(), text(' USING utf8mb4)')];
    return [
      text('NOT('),
      ...asText(),
      text(` REGEXP '${NUMBER}' AND ABS((`),
      ...inner(),
      // A BIT and an ENUM are other numbers than their text.
      text(')*1e0-'),
      ...asText(),
      text(')<=1e-14*ABS(('),
      ...inner(),
      text(')*1e0))'),
    ];
  },

  refusedOperand: (_type, operand) =>
    operand === 'binary literal' || operand === 'temporal literal' ? `a ${operand}` : null,

  definition: () => ({ type: WireType.MYSQL_TYPE_DOUBLE, columnLength: 22, decimals: 31, flags: 0 }),
};
