import type { IntegerBase, IntegerColumnType } from './column-type.js';

type Integer = Pick<IntegerColumnType, 'base' | 'unsigned' | 'displayWidth'>;
type Sizes = Readonly<Record<IntegerBase, readonly [signed: number, unsigned: number]>>;

const DIGITS: Sizes = {
  tinyint: [3, 3],
  smallint: [5, 5],
  mediumint: [8, 8],
  int: [10, 10],
  bigint: [19, 20],
};

const LENGTHS: Sizes = {
  tinyint: [4, 3],
  smallint: [6, 5],
  mediumint: [9, 8],
  int: [11, 10],
  bigint: [20, 20],
};

/** Most digits of a value. */
export function integerDigits({ base, unsigned }: Integer): number {
  return DIGITS[base][unsigned ? 1 : 0];
}

/** Characters that a column definition gives a value, its sign included. */
export function integerLength({ base, unsigned, displayWidth }: Integer): number {
  return displayWidth ?? LENGTHS[base][unsigned ? 1 : 0];
}
