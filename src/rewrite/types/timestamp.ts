import { ProxyError, ServerError } from '../../errors.js';
import { ColumnFlag, ColumnType as WireType } from '../../protocol/constants/column-types.js';
import type { TemporalColumnType, TimestampColumnType } from '../column-type.js';
import { text } from '../edits.js';
import type { ProtectedColumn } from '../protected-table.js';
import { raising } from '../raised-error.js';
import {
  type CheckOptions,
  type ConstantValue,
  incorrectValue,
  refusedValue,
  type StoredText,
  type UnfitValue,
  unfit,
} from './checked-value.js';
import { temporal } from './temporal.js';
import type { TypeFamily } from './type-family.js';

/** Local times that are in range whatever the session's time zone is, and those that some may have in range. */
const SURELY = { first: '1970-01-01 14:00:01', last: '2038-01-18 13:14:07' } as const;
const PERHAPS = { first: '1969-12-31 10:00:00', last: '2038-01-19 17:14:07.999999' } as const;

/** TIMESTAMP(n): what the session reads and writes is a DATETIME(n) to it. */
const local = ({ decimals }: TimestampColumnType): TemporalColumnType => ({
  kind: 'temporal',
  base: 'datetime',
  decimals,
});

/**
 * TIMESTAMP(n): stored as `2024-01-31 10:00:00.000` in UTC and shown in the session's time zone, which has to be UTC or
 * an offset from it: where clocks are put back, two times of a column are one local time, which no expression tells
 * apart.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/datetime.html
 */
export const timestamp: TypeFamily<TimestampColumnType> = {
  describe: ({ decimals }) => `timestamp${decimals > 0 ? `(${decimals})` : ''}`,

  informationSchema: ({ decimals }) => ({ dataType: 'timestamp', datetimePrecision: String(decimals) }),

  longestText: (type) => temporal.longestText(local(type)),

  refusedOn: () => null,

  readForm: (type, plain) => [
    text('CONVERT_TZ('),
    ...temporal.readForm(local(type), plain),
    text(`,'+00:00',${timeZone()})`),
  ],

  storedForm: ({ decimals }) => ({
    before: 'CONVERT(CONVERT_TZ(CAST(',
    after: ` AS DATETIME(${decimals})),${timeZone()},'+00:00') USING utf8mb4)`,
    neutral: '2000-01-01',
  }),

  storedLiterals: temporal.storedLiterals,
  comparedLiterals: temporal.comparedLiterals,

  check: checkedTimestamp,

  possibleErrors: (column, type, origin, row) => temporal.possibleErrors(column, local(type), origin, row),

  canonical: (type, value) => temporal.canonical(local(type), value),

  canonicalTruth: () => null,

  storedExpression: (type, server, inner) => temporal.storedExpression(local(type), server, inner),

  isUnfit(type, inner) {
    return [
      text('('),
      ...temporal.isUnfit(local(type), inner),
      text(' OR IFNULL(UNIX_TIMESTAMP('),
      // Beyond the range MariaDB has NULL for it, and MySQL 0 or what is beyond.
      ...temporal.storedExpression(local(type), 'mysql', inner),
      text('),ISNULL('),
      ...inner(),
      text(')) NOT BETWEEN 0.000001 AND 2147483647.999999)'),
    ];
  },

  refusedOperand: (type, operand) => temporal.refusedOperand(local(type), operand),

  definition: (type) => ({
    type: WireType.MYSQL_TYPE_TIMESTAMP,
    columnLength: timestamp.longestText(type),
    decimals: type.decimals,
    flags: ColumnFlag.BINARY_FLAG,
  }),
};

/** The session's time zone as the server has it when it comes to a row; else the statement fails. */
function timeZone(): string {
  const { errno, sqlState, clientMessage } = new ProxyError(
    'TC_UNSUPPORTED_SQL',
    "a protected TIMESTAMP column in a session whose time zone may have summer time; SET time_zone = '+00:00'",
  );
  const isFixed =
    "LEFT(@@time_zone,1) IN('+','-') OR @@time_zone IN('UTC','Etc/UTC') OR (@@time_zone='SYSTEM' AND @@system_time_zone='UTC')";
  return `IF(${isFixed},@@time_zone,${raising(new ServerError(errno, sqlState, clientMessage))})`;
}

function checkedTimestamp(
  column: ProtectedColumn,
  type: TimestampColumnType,
  value: ConstantValue,
  options: CheckOptions,
): StoredText | UnfitValue {
  const stored = temporal.check(column, local(type), value, options);
  if (stored.kind === 'unfit') return stored;
  const rounded = stored.bytes.toString('latin1');
  if (rounded >= SURELY.first && rounded <= SURELY.last) return stored;
  if (rounded >= PERHAPS.first && rounded <= PERHAPS.last) {
    throw refusedValue(
      column,
      'a time within a day of the ends of what TIMESTAMP holds',
      'write another one',
    );
  }
  const written = 'bytes' in value ? value.bytes : Buffer.from(value.text);
  return unfit(column, options, 1292, incorrectValue('datetime', written, options), null);
}
