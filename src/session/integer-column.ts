import { valueForm } from '../protocol/binary-value.js';
import { ColumnFlag, ColumnType } from '../protocol/constants/column-types.js';
import type { ColumnDefinition41 } from '../protocol/resultset/column-definition-41.js';
import type { IntegerChange } from '../protocol/resultset/integer-change.js';

const INTEGERS: ReadonlySet<number> = new Set([
  ColumnType.MYSQL_TYPE_TINY,
  ColumnType.MYSQL_TYPE_SHORT,
  ColumnType.MYSQL_TYPE_INT24,
  ColumnType.MYSQL_TYPE_LONG,
  ColumnType.MYSQL_TYPE_LONGLONG,
]);

export function isInteger(type: number): boolean {
  return INTEGERS.has(type);
}

type NumberDefinition = Pick<ColumnDefinition41, 'type' | 'flags' | 'decimals'>;

/**
 * What becomes of the values of a column in the binary protocol.
 * @param misfit what stands for a value that does not fit
 * @returns null when they stay as they are, or can't become what is declared
 */
export function integerChange(
  server: NumberDefinition,
  declared: NumberDefinition,
  misfit: IntegerChange['misfit'],
): IntegerChange | null {
  if (!isInteger(declared.type) || server.type === declared.type) return null;
  const width = widthOf(declared.type);
  const unsigned = isUnsigned(declared);
  if (server.type === ColumnType.MYSQL_TYPE_NEWDECIMAL && server.decimals === 0) {
    return { sourceWidth: 0, sourceUnsigned: false, width, unsigned, misfit };
  }
  if (!isInteger(server.type)) return null;
  const sourceWidth = widthOf(server.type);
  const sourceUnsigned = isUnsigned(server);
  // MEDIUMINT and INT have four bytes each.
  if (sourceWidth === width && sourceUnsigned === unsigned) return null;
  return { sourceWidth, sourceUnsigned, width, unsigned, misfit };
}

function widthOf(type: number): number {
  const form = valueForm(type);
  if (typeof form !== 'number') throw new TypeError('not a number of fixed width');
  return form;
}

function isUnsigned({ flags }: NumberDefinition): boolean {
  return (flags & ColumnFlag.UNSIGNED_FLAG) !== 0;
}
