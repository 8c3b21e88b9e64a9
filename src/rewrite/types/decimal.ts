import { ColumnFlag, ColumnType as WireType } from '../../protocol/constants/column-types.js';
import type { DecimalColumnType } from '../column-type.js';
import { text } from '../edits.js';
import type { TemplateOp } from '../plan.js';
import type { ProtectedColumn } from '../protected-table.js';
import {
  type CheckOptions,
  cutNote,
  DATA_TRUNCATED,
  incorrectValue,
  notesSpaces,
  notNumeric,
  numberPrefix,
  OUT_OF_RANGE,
  refusedValue,
  type StoredText,
  serverError,
  storedWith,
  type UnfitValue,
  unfit,
  unfitValue,
  warningOf,
} from './checked-value.js';
import { fixedText, NUMBER, type ParsedNumber, parseNumber, toFixed } from './number-text.js';
import type { TypeFamily } from './type-family.js';

/** So many digits a DOUBLE keeps, in whose precision servers compare a DECIMAL with a string. */
const DOUBLE_DIGITS = 15;

/** Digits of the longest DECIMAL. */
const MOST_DIGITS = 65;

const NAMES = { mysql: 'decimal', mariadb: 'decimal' };

/**
 * DECIMAL(p,s): stored as `12.50`, with all digits of its scale.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/precision-math-decimal-characteristics.html
 */
export const decimal: TypeFamily<DecimalColumnType> = {
  describe: ({ precision, scale, unsigned }) =>
    `decimal(${precision},${scale})${unsigned ? ' unsigned' : ''}`,

  informationSchema: ({ precision, scale }) => ({
    dataType: 'decimal',
    numericPrecision: String(precision),
    numericScale: String(scale),
  }),

  longestText: ({ precision, scale }) => precision + (scale > 0 ? 1 : 0) + (precision === scale ? 1 : 0) + 1,

  refusedOn: () => null,

  readForm: ({ precision, scale }, plain) => [
    text('CAST(CONVERT('),
    ...plain,
    text(` USING utf8mb4) AS DECIMAL(${precision},${scale}))`),
  ],

  storedLiterals: new Set(['integer', 'decimal', 'float', 'string']),
  comparedLiterals: new Set(['integer', 'decimal', 'float', 'string']),

  check(column, type, value, options) {
    if (value.kind === 'temporal') throw refusedValue(column, 'a date or time', 'send a number or a string');
    const written = value.kind === 'number' ? value.text : value.bytes.toString('latin1');
    const parsed = parseNumber(value.kind === 'number' ? asDouble(written) : written.trim());
    if (parsed === null) {
      const bytes = value.kind === 'number' ? Buffer.from(written) : value.bytes;
      return options.lenient
        ? beginningOf(column, type, bytes, options)
        : notNumeric(column, NAMES, bytes, options, null);
    }
    // The servers' own parsers give up on these, each in its way.
    if (parsed.digits.length > MOST_DIGITS || Math.abs(parsed.exponent) > MOST_DIGITS) {
      throw refusedValue(column, `a number of more than ${MOST_DIGITS} digits`, 'send a shorter one');
    }
    const stored = checkedNumber(column, type, parsed, options);
    if (stored.kind === 'unfit' || stored.warnings !== undefined || !notesSpaces(value, options))
      return stored;
    return storedWith(stored.bytes, cutNote(column, options));
  },

  possibleErrors: (column, _type, origin, row) => [
    serverError(column, origin, row, 1264, OUT_OF_RANGE),
    serverError(column, origin, row, 1366, 'Incorrect decimal value'),
    serverError(column, origin, row, 1265, DATA_TRUNCATED),
  ],

  canonical(type, value) {
    if (value.kind === 'bytes' || value.kind === 'temporal') return null;
    const written = value.kind === 'number' ? value.text : value.bytes.toString('latin1');
    const parsed = parseNumber(written);
    if (parsed === null) return null;
    const isApproximate = value.kind === 'text' || /e/i.test(written);
    if (isApproximate && (type.precision > DOUBLE_DIGITS || significantDigits(parsed) > DOUBLE_DIGITS)) {
      return null;
    }
    const fixed = toFixed(parsed, type.scale);
    if (fixed === null || !fixed.isExact || fixed.magnitude > largest(type)) return null;
    return Buffer.from(fixedText(fixed, type.scale));
  },

  canonicalTruth: ({ precision, scale }, isTrue) =>
    isTrue && precision === scale
      ? null
      : fixedText({ negative: false, magnitude: isTrue ? 10n ** BigInt(scale) : 0n, isExact: true }, scale),

  storedExpression: ({ precision, scale }, _server, inner) => castTo(inner, precision, scale),

  isUnfit(type, inner) {
    const { scale, unsigned } = type;
    const max = fixedText({ negative: false, magnitude: largest(type), isExact: true }, scale);
    const low = unsigned ? '0' : `-${max}`;
    return [
      text('NOT(CONVERT('),
      ...inner(),
      text(` USING utf8mb4) REGEXP '${NUMBER}' AND ABS((`),
      ...inner(),
      // Beyond this the cast itself would be out of range.
      text(`)+0e0)<1e${MOST_DIGITS - scale - 1} AND `),
      ...castTo(inner, MOST_DIGITS, scale),
      text(` BETWEEN ${low} AND ${max}`),
      // A negative number that is rounded to 0 does not fit either.
      ...(unsigned ? [text(' AND ('), ...inner(), text(')>=0')] : []),
      text(')'),
    ];
  },

  refusedOperand: (_type, operand) =>
    ['division', 'binary literal', 'temporal literal'].includes(operand) ? `a ${operand}` : null,

  definition: ({ precision, scale, unsigned }) => ({
    type: WireType.MYSQL_TYPE_NEWDECIMAL,
    columnLength: precision + (scale > 0 ? 1 : 0) + (unsigned ? 0 : 1),
    decimals: scale,
    flags: unsigned ? ColumnFlag.UNSIGNED_FLAG : 0,
  }),
};

function checkedNumber(
  column: ProtectedColumn,
  type: DecimalColumnType,
  parsed: ParsedNumber,
  options: CheckOptions,
): StoredText | UnfitValue {
  const fixed = toFixed(parsed, type.scale);
  const isBelowZero = parsed.negative && /[1-9]/.test(parsed.digits);
  if (fixed === null || fixed.magnitude > largest(type) || (isBelowZero && type.unsigned)) {
    const isZero = isBelowZero && type.unsigned;
    const nearest = { negative: isBelowZero, magnitude: isZero ? 0n : largest(type), isExact: false };
    const stored = fixedText({ ...nearest, negative: isBelowZero && !isZero }, type.scale);
    return unfit(column, options, 1264, OUT_OF_RANGE, Buffer.from(stored));
  }
  const bytes = Buffer.from(fixedText(fixed, type.scale));
  return fixed.isExact ? storedWith(bytes) : storedWith(bytes, cutNote(column, options));
}

/** What is stored of text that is no number, without strict sql_mode. @throws ProxyError where that is not known */
function beginningOf(
  column: ProtectedColumn,
  type: DecimalColumnType,
  written: Buffer,
  options: CheckOptions,
): StoredText | UnfitValue {
  const prefix = numberPrefix(written.toString('latin1'));
  const zero = Buffer.from(fixedText({ negative: false, magnitude: 0n, isExact: true }, type.scale));
  if (prefix === '') return unfit(column, options, 1366, incorrectValue('decimal', written, options), zero);
  const parsed = prefix === null ? null : parseNumber(prefix);
  const stored =
    parsed === null || parsed.digits.length > MOST_DIGITS
      ? null
      : checkedNumber(column, type, parsed, options);
  // Of one out of range, too, each server says something else.
  const isKnown = stored?.kind === 'text' && stored.warnings?.every(({ errno }) => errno === 1265) !== false;
  if (!isKnown || !options.reports) throw unfitValue(column);
  const level = options.origin.server === 'mariadb' ? 'Warning' : 'Note';
  const cut = warningOf(column, options, level, 1265, DATA_TRUNCATED);
  return storedWith(stored.bytes, cut, ...(stored.warnings ?? []));
}

function largest({ precision }: DecimalColumnType): bigint {
  return 10n ** BigInt(precision) - 1n;
}

function significantDigits({ digits }: ParsedNumber): number {
  return digits.replace(/^0+/, '').replace(/0+$/, '').length;
}

/** A floating-point literal has a DOUBLE's digits, however many are written. */
function asDouble(written: string): string {
  return /e/i.test(written) && Number.isFinite(Number(written)) ? String(Number(written)) : written;
}

function castTo(inner: () => TemplateOp[], precision: number, scale: number): TemplateOp[] {
  return [text('CAST('), ...inner(), text(` AS DECIMAL(${precision},${scale}))`)];
}
