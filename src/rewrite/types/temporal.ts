import { ColumnFlag, ColumnType as WireType } from '../../protocol/constants/column-types.js';
import type { TemporalColumnType } from '../column-type.js';
import { text } from '../edits.js';
import type { ColumnOrigin } from '../plan.js';
import type { ProtectedColumn } from '../protected-table.js';
import {
  type CheckOptions,
  type ConstantValue,
  cutNote,
  incorrectValue,
  refusedValue,
  type StoredText,
  serverError,
  storedWith,
  type UnfitValue,
  unfit,
  warningOf,
} from './checked-value.js';
import { doubleText } from './number-text.js';
import {
  clockText,
  type DateTime,
  dateText,
  hasZeroPart,
  isValid,
  keepFraction,
  nextSecond,
  parseDateTime,
} from './temporal-text.js';
import type { TypeFamily } from './type-family.js';

const WIRE_TYPES = {
  date: WireType.MYSQL_TYPE_DATE,
  datetime: WireType.MYSQL_TYPE_DATETIME,
} as const;

const LENGTHS = { date: 10, datetime: 19 } as const;

const LEAP_YEAR = '([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)';
/**
 * A day that the calendar has. LAST_DAY of what is no date would warn, and of a constant fail, before the server comes to
 * the row (MariaDB).
 */
const DAY = `(?!0000)([0-9]{4}-(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|[0-9]{4}-(0[469]|11)-(0[1-9]|[12][0-9]|30)|[0-9]{4}-02-(0[1-9]|1[0-9]|2[0-8])|${LEAP_YEAR}-02-29)`;
const CLOCK = '([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?';

/**
 * DATE and DATETIME(n): stored as `2024-01-31`, `2024-01-31 10:00:00.000`, with all digits of the fraction. Zero dates are not stored: whether one can be read depends on the reader's sql_mode.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/date-and-time-types.html
 */
export const temporal: TypeFamily<TemporalColumnType> = {
  describe: (type) => `${type.base}${type.decimals > 0 ? `(${type.decimals})` : ''}`,

  informationSchema: ({ base, decimals }) => ({
    dataType: base,
    ...(base === 'date' ? {} : { datetimePrecision: String(decimals) }),
  }),

  longestText: (type) => textLength(type),

  refusedOn: () => null,

  readForm: (type, plain) => [
    text('CAST(CONVERT('),
    ...plain,
    text(` USING utf8mb4) AS ${type.base.toUpperCase()}${precision(type)})`),
  ],

  storedLiterals: new Set(['string', 'integer', 'decimal', 'float']),
  comparedLiterals: new Set(['string', 'temporal']),

  check: checkedDate,

  possibleErrors: (column, type, origin, row) => [
    serverError(column, origin, row, 1292, `Incorrect ${type.base} value`),
  ],

  canonical(type, value) {
    if (value.kind === 'bytes' || value.kind === 'number') return null;
    const written = value.kind === 'temporal' ? value.text : value.bytes.toString('latin1');
    if (!/^\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d(?:\.\d+)?)?$/.test(written)) return null;
    const parsed = parseDateTime(written);
    if (parsed === null || parsed.year === 0 || !isValid(parsed)) return null;
    const digits = exactFraction(parsed.fraction, type.decimals);
    if (digits === null) return null;
    if (type.base === 'datetime') return Buffer.from(`${dateText(parsed)} ${clockText(parsed)}${digits}`);
    return clockText(parsed) === '00:00:00' ? Buffer.from(dateText(parsed)) : null;
  },

  canonicalTruth: () => null,

  storedExpression(type, server, inner) {
    const asText = [text('CONVERT('), ...inner(), text(' USING utf8mb4)')];
    if (type.base === 'datetime') return [text('CAST('), ...asText, text(` AS DATETIME${precision(type)})`)];
    // MySQL rounds to the next day, by way of a DATETIME as the session has it.
    return server === 'mysql'
      ? [text('CAST(CAST('), ...asText, text(' AS DATETIME) AS DATE)')]
      : [text('LEFT('), ...asText, text(',10)')];
  },

  isUnfit(_type, inner) {
    return [text('NOT(CONVERT('), ...inner(), text(` USING utf8mb4) REGEXP '^${DAY}( ${CLOCK})?$')`)];
  },

  refusedOperand: (_type, operand) => (operand === 'binary literal' ? `a ${operand}` : null),

  definition: (type) => ({
    type: WIRE_TYPES[type.base],
    columnLength: textLength(type),
    decimals: type.decimals,
    flags: ColumnFlag.BINARY_FLAG,
  }),
};

function textLength({ base, decimals }: TemporalColumnType): number {
  return LENGTHS[base] + (decimals > 0 ? decimals + 1 : 0);
}

function precision({ decimals }: TemporalColumnType): string {
  return decimals > 0 ? `(${decimals})` : '';
}

function checkedDate(
  column: ProtectedColumn,
  type: TemporalColumnType,
  value: ConstantValue,
  options: CheckOptions,
): StoredText | UnfitValue {
  const written = writtenText(value);
  const parsed = parseDateTime(value.kind === 'number' ? integerText(written) : written);
  const what = (): string => incorrectValue(type.base, Buffer.from(written, 'latin1'), options);
  const incorrect = (): UnfitValue | StoredText => unfit(column, options, 1292, what(), null);
  const refused = (what: string): Error =>
    refusedValue(column, what, `write YYYY-MM-DD${type.base === 'date' ? '' : ' hh:mm:ss'}`);
  if (parsed === null) {
    if (value.kind === 'number' && isNoDate(Number(written), options.origin)) return incorrect();
    if (!/\d/.test(written) || hasLettersBehind(written)) return incorrect();
    throw refused(`a ${type.base} that is written in another way`);
  }
  const { sqlMode } = options.origin;
  if (hasZeroPart(parsed)) {
    const isZero = parsed.year === 0 && parsed.month === 0 && parsed.day === 0;
    if (isZero ? sqlMode.noZeroDate : sqlMode.noZeroInDate) return incorrect();
    throw refused('a zero date, which not every sql_mode reads,');
  }
  if (!isValid(parsed)) {
    if (!sqlMode.allowInvalidDates) return incorrect();
    throw refused('a date that no calendar has');
  }
  if (parsed.year === 0) throw refused('a date in the year 0');
  const rounded = keepFraction(parsed.fraction, type.decimals, rounds(type, options.origin));
  const exact: DateTime | null = rounded.carry ? nextSecond(parsed) : parsed;
  if (exact === null) throw refused('a time that is rounded beyond the year 9999');
  const date = dateText(exact);
  if (type.base === 'datetime') {
    const fraction = rounded.digits === '' ? '' : `.${rounded.digits}`;
    return storedWith(Buffer.from(`${date} ${clockText(exact)}${fraction}`));
  }
  const isMariadb = options.origin.server === 'mariadb';
  if (clockText(exact) === '00:00:00' || value.kind === 'temporal') return storedWith(Buffer.from(date));
  const note = isMariadb ? cutNote(column, options) : warningOf(column, options, 'Note', 1292, what());
  return storedWith(Buffer.from(date), note);
}

/** As the servers show it; bytes as latin1. */
function writtenText(value: ConstantValue): string {
  if ('bytes' in value) return value.bytes.toString('latin1');
  return value.kind === 'number' && /e/i.test(value.text) ? doubleText(Number(value.text)) : value.text;
}

/** A whole number in digits: a DOUBLE comes with an exponent. */
function integerText(written: string): string {
  const number = Number(written);
  return Number.isSafeInteger(number) ? String(number) : written;
}

/** Numbers begin to be dates with 101, and end with the last second of the year 9999. */
function isNoDate(number: number, { sqlMode }: ColumnOrigin): boolean {
  return number === 0 ? sqlMode.noZeroDate : number < 101 || number > 99_991_231_235_959;
}

/** `2024-01-31T10:00:00Z` and the like: both servers refuse letters there, but for the T. */
function hasLettersBehind(written: string): boolean {
  return /^\d{4}-\d{1,2}-\d{1,2}(?:[ T]\d{1,2}(?::\d{1,2}(?::\d{1,2}(?:\.\d+)?)?)?)?[A-SU-Za-z]/.test(
    written,
  );
}

/** MySQL rounds unless told to cut, MariaDB cuts unless told to round, and a DATE always. */
function rounds({ base }: TemporalColumnType, { server, sqlMode }: ColumnOrigin): boolean {
  if (server === 'mysql') return !sqlMode.timeTruncateFractional;
  return base === 'datetime' && sqlMode.timeRoundFractional;
}

/** The fraction with its point, if the column keeps all of it. */
function exactFraction(fraction: string, decimals: number): string | null {
  if (/[1-9]/.test(fraction.slice(decimals))) return null;
  return decimals === 0 ? '' : `.${fraction.slice(0, decimals).padEnd(decimals, '0')}`;
}
