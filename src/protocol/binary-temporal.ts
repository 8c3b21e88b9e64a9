import { ColumnType } from './constants/column-types.js';

/*
 * Dates and times of the binary protocol as text.
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_binary_resultset.html
 */

const two = (value: number): string => value.toString().padStart(2, '0');

const fraction = (microseconds: number): string =>
  microseconds === 0 ? '' : `.${microseconds.toString().padStart(6, '0')}`;

/**
 * A DATE, DATETIME, TIMESTAMP or TIME as MySQL writes it: `2024-01-31`, `2024-01-31 10:00:00.123000`, `-34:00:00`.
 * @param value the bytes behind the length
 * @returns undefined for other types and for lengths that the protocol does not have
 */
export function binaryTemporalText(type: number, value: Buffer): string | undefined {
  switch (type) {
    case ColumnType.MYSQL_TYPE_DATE:
      return value.length === 0 || value.length === 4 ? dateText(value) : undefined;
    case ColumnType.MYSQL_TYPE_DATETIME:
    case ColumnType.MYSQL_TYPE_TIMESTAMP: {
      if (![0, 4, 7, 11].includes(value.length)) return undefined;
      if (value.length < 7) return `${dateText(value)} 00:00:00`;
      const clock = `${two(value.readUInt8(4))}:${two(value.readUInt8(5))}:${two(value.readUInt8(6))}`;
      return `${dateText(value)} ${clock}${value.length === 11 ? fraction(value.readUInt32LE(7)) : ''}`;
    }
    case ColumnType.MYSQL_TYPE_TIME: {
      if (value.length === 0) return '00:00:00';
      if (value.length !== 8 && value.length !== 12) return undefined;
      const hours = value.readUInt32LE(1) * 24 + value.readUInt8(5);
      const clock = `${two(hours)}:${two(value.readUInt8(6))}:${two(value.readUInt8(7))}`;
      const sign = value.readUInt8(0) === 0 ? '' : '-';
      return `${sign}${clock}${value.length === 12 ? fraction(value.readUInt32LE(8)) : ''}`;
    }
    default:
      return undefined;
  }
}

function dateText(value: Buffer): string {
  if (value.length === 0) return '0000-00-00';
  return `${value.readUInt16LE(0).toString().padStart(4, '0')}-${two(value.readUInt8(2))}-${two(value.readUInt8(3))}`;
}
