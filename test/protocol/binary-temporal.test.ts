import { describe, expect, it } from 'vitest';
import { binaryTemporalText } from '../../src/protocol/binary-temporal.js';
import { ColumnType } from '../../src/protocol/constants/column-types.js';

const { MYSQL_TYPE_DATE: DATE, MYSQL_TYPE_DATETIME: DATETIME, MYSQL_TYPE_TIME: TIME } = ColumnType;

describe('a date or time of the binary protocol', () => {
  it.each<[number, string, string | undefined]>([
    [DATE, 'e8070131', '2024-01-49'],
    [DATE, 'e807011f', '2024-01-31'],
    [DATE, '', '0000-00-00'],
    [DATE, 'e807011f00', undefined],
    [DATETIME, 'e807011f', '2024-01-31 00:00:00'],
    [DATETIME, 'e807011f0a0b0c', '2024-01-31 10:11:12'],
    [DATETIME, 'e807011f0a0b0c40e20100', '2024-01-31 10:11:12.123456'],
    [DATETIME, '', '0000-00-00 00:00:00'],
    [ColumnType.MYSQL_TYPE_TIMESTAMP, 'e807011f0a0b0c', '2024-01-31 10:11:12'],
    [DATETIME, 'e807011f0a0b', undefined],
    [TIME, '', '00:00:00'],
    [TIME, '00000000000a0b0c', '10:11:12'],
    [TIME, '01010000000a000020a10700', '-34:00:00.500000'],
    [TIME, '0001', undefined],
    [ColumnType.MYSQL_TYPE_LONG, '01000000', undefined],
  ])('type %i, %s', (type, bytes, expected) => {
    expect(binaryTemporalText(type, Buffer.from(bytes, 'hex'))).toBe(expected);
  });
});
