import { ColumnFlag, ColumnType as WireType } from '../../protocol/constants/column-types.js';
import type { TimeColumnType } from '../column-type.js';
import { text } from '../edits.js';
import type { ProtectedColumn } from '../protected-table.js';
import {
  type CheckOptions,
  type ConstantValue,
  incorrectValue,
  refusedValue,
  type StoredText,
  serverError,
  type UnfitValue,
  unfit,
} from './checked-value.js';
import { keepFraction } from './temporal-text.js';
import type { TypeFamily } from './type-family.js';

/** `-838:59:59` */
const LENGTH = 10;
/** 838:59:59 */
const MOST_SECONDS = 3_020_399;

const HOURS = '([0-9]{2}|[1-7][0-9]{2}|8[0-2][0-9]|83[0-8])';
const SHOWN = `^-?${HOURS}:[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?$`;
/** 838:59:59 and a fraction, which MySQL does not take and MariaDB cuts. */
const BEYOND = '838:59:59[.]0*[1-9]';

/**
 * TIME(n): stored as `-10:30:00.500`, with all digits of its fraction.
 *
 * MySQL compares a TIME with text as text, unless it is a column: on MySQL it is read through a view that is a copy, and
 * nowhere else (rules/time-columns.ts).
 *
 * https://dev.mysql.com/doc/refman/9.7/en/time.html
 */
export const time: TypeFamily<TimeColumnType> = {
  describe: ({ decimals }) => `time${precision(decimals)}`,

  informationSchema: ({ decimals }) => ({ dataType: 'time', datetimePrecision: String(decimals) }),

  longestText: ({ decimals }) => LENGTH + (decimals > 0 ? decimals + 1 : 0),

  refusedOn: () => null,

  readForm: ({ decimals }, plain) => [
    text('CAST(CONVERT('),
    ...plain,
    text(` USING utf8mb4) AS TIME${precision(decimals)})`),
  ],

  storedLiterals: new Set(['string', 'integer', 'decimal', 'float']),
  comparedLiterals: new Set(['string', 'temporal']),

  check: checkedTime,

  possibleErrors: (column, _type, origin, row) => [
    serverError(column, origin, row, 1292, 'Incorrect time value'),
  ],

  canonical({ decimals }, value) {
    if (value.kind === 'bytes' || value.kind === 'number') return null;
    const written = value.kind === 'temporal' ? value.text : value.bytes.toString('latin1');
    const parsed = /^\d{2,3}:\d\d:\d\d(?:\.\d+)?$/.test(written) ? parseTime(written) : null;
    if (parsed === null || !isInRange(parsed) || /[1-9]/.test(parsed.fraction.slice(decimals))) return null;
    return Buffer.from(
      timeText(parsed.seconds, false, parsed.fraction.slice(0, decimals).padEnd(decimals, '0')),
    );
  },

  canonicalTruth: () => null,

  storedExpression: ({ decimals }, _server, inner) => [
    text('CAST(CONVERT('),
    ...inner(),
    text(` USING utf8mb4) AS TIME${precision(decimals)})`),
  ],

  isUnfit: (_type, inner) => [
    text('NOT(CONVERT('),
    ...inner(),
    text(` USING utf8mb4) REGEXP '${SHOWN}' AND CONVERT(`),
    ...inner(),
    text(` USING utf8mb4) NOT REGEXP '${BEYOND}')`),
  ],

  refusedOperand: (_type, operand) => (operand === 'binary literal' ? `a ${operand}` : null),

  definition: (type) => ({
    type: WireType.MYSQL_TYPE_TIME,
    columnLength: time.longestText(type),
    decimals: type.decimals,
    flags: ColumnFlag.BINARY_FLAG,
  }),
};

function precision(decimals: number): string {
  return decimals > 0 ? `(${decimals})` : '';
}

interface Time {
  readonly negative: boolean;
  readonly minute: number;
  readonly second: number;
  /** All of it. */
  readonly seconds: number;
  readonly fraction: string;
}

/** `[-]hh:mm[:ss[.ffffff]]`, valid or not; null: something else. */
function parseTime(written: string): Time | null {
  const match = /^(-?)(\d{1,3}):(\d{1,2})(?::(\d{1,2})(?:\.(\d*))?)?$/.exec(written);
  if (match === null) return null;
  const [hour, minute, second] = [2, 3, 4].map((index) => Number(match[index] ?? 0)) as [
    number,
    number,
    number,
  ];
  const seconds = hour * 3600 + minute * 60 + second;
  return { negative: match[1] === '-', minute, second, seconds, fraction: match[5] ?? '' };
}

function isInRange({ minute, second, seconds }: Time): boolean {
  return minute < 60 && second < 60 && seconds <= MOST_SECONDS;
}

/** `[-]hhmmss` as a number. */
function numberTime(number: string): string | null {
  const match = /^(-?)(\d{1,7})$/.exec(number);
  if (match === null) return null;
  const digits = match[2]!.padStart(6, '0');
  return `${match[1]}${digits.slice(0, -4)}:${digits.slice(-4, -2)}:${digits.slice(-2)}`;
}

function checkedTime(
  column: ProtectedColumn,
  { decimals }: TimeColumnType,
  value: ConstantValue,
  options: CheckOptions,
): StoredText | UnfitValue {
  const written = 'bytes' in value ? value.bytes.toString('latin1') : value.text;
  const colons = value.kind === 'number' ? numberTime(written) : written;
  const parsed = colons === null ? null : parseTime(colons);
  const refused = (what: string): Error => refusedValue(column, what, 'write hh:mm:ss');
  const incorrect = (): UnfitValue | StoredText =>
    unfit(column, options, 1292, incorrectValue('time', Buffer.from(written, 'latin1'), options), null);
  if (parsed === null) {
    if (value.kind === 'text' && /^[A-Za-z]/.test(written)) return incorrect();
    throw refused('a time that is written in another way');
  }
  if (!isInRange(parsed)) return incorrect();
  const { server, sqlMode } = options.origin;
  const rounds = server === 'mysql' ? !sqlMode.timeTruncateFractional : sqlMode.timeRoundFractional;
  const kept = keepFraction(parsed.fraction, decimals, rounds);
  const seconds = parsed.seconds + (kept.carry ? 1 : 0);
  if (parsed.seconds === MOST_SECONDS && /[1-9]/.test(parsed.fraction)) {
    throw refused('a time beyond 838:59:59');
  }
  const isZero = seconds === 0 && !/[1-9]/.test(kept.digits);
  return { kind: 'text', bytes: Buffer.from(timeText(seconds, parsed.negative && !isZero, kept.digits)) };
}

const two = (value: number): string => value.toString().padStart(2, '0');

function timeText(seconds: number, negative: boolean, digits: string): string {
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':');
  return `${negative ? '-' : ''}${clock}${digits === '' ? '' : `.${digits}`}`;
}
