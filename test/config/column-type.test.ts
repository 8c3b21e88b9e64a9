import { describe, expect, it } from 'vitest';
import { COLUMN_TYPE_EXAMPLES, COLUMN_TYPE_PATTERN, parseColumnType } from '../../src/config/column-type.js';

describe('what editors are told of types', () => {
  const pattern = new RegExp(COLUMN_TYPE_PATTERN);

  it.each(COLUMN_TYPE_EXAMPLES)('offers %s, which is taken', (text) => {
    expect(parseColumnType(text).ok).toBe(true);
    expect(pattern.test(text)).toBe(true);
  });

  it.each([
    ...[
      'VARCHAR(20)',
      ' Decimal ( 10 , 2 ) Unsigned ',
      'int(11) signed',
      'double precision',
      'DateTime(3)',
      'bool',
    ],
    ...[
      'time',
      'enum(1)',
      'set',
      'bit(1)',
      'year',
      'float',
      'uuid',
      'point',
      'varchar',
      'text(20)',
      'json(1)',
      '',
    ],
    ...[
      'int zerofill',
      'datetime(7)',
      'date(1)',
      'double(1,2)',
      'varchar(20) binary',
      'varchar(20',
      'x',
      'decimal(a)',
    ],
  ])('agrees with the parser on %j', (text) => {
    expect(pattern.test(text)).toBe(parseColumnType(text).ok);
  });
});
