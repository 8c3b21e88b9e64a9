import { ColumnFlag, ColumnType } from '../protocol/constants/column-types.js';
import type { ColumnDefinition41 } from '../protocol/resultset/column-definition-41.js';
import type { ResultInteger, ResultType } from '../rewrite/plan.js';
import { familyOf } from '../rewrite/types/families.js';
import { INTEGER_TYPES } from './declared-definition.js';
import { isInteger } from './integer-column.js';

const { UNSIGNED_FLAG, BINARY_FLAG } = ColumnFlag;

/**
 * The definition of an expression over protected columns as it is on a plain table (rules/result-types.ts).
 * @returns null where it is so already, or of another kind than was thought
 */
export function restoreResultType(
  definition: ColumnDefinition41,
  type: ResultType,
): ColumnDefinition41 | null {
  switch (type.kind) {
    case 'integer':
      return restoreInteger(definition, type);
    case 'char':
      return definition.type === ColumnType.MYSQL_TYPE_VAR_STRING
        ? { ...definition, type: ColumnType.MYSQL_TYPE_STRING }
        : null;
    case 'decimal': {
      if (definition.type !== ColumnType.MYSQL_TYPE_NEWDECIMAL) return null;
      const { columnLength, flags } = familyOf(type.type).definition(type.type);
      return { ...definition, columnLength, flags: definition.flags | (flags & UNSIGNED_FLAG) };
    }
  }
}

/** MySQL: what is computed and as long becomes a BIGINT in a temporary table, all else an INT. */
const LONGER_THAN_INT = 10;

function restoreInteger(definition: ColumnDefinition41, integer: ResultInteger): ColumnDefinition41 | null {
  const { base, isComputed } = integer;
  const isDecimal = definition.type === ColumnType.MYSQL_TYPE_NEWDECIMAL && definition.decimals === 0;
  if (!isDecimal && !isInteger(definition.type)) return null;
  if (!isDecimal && isComputed && integer.length === null) {
    // MySQL's are what they are on a plain table, in a copy too. MariaDB's are an INT where no literal is as long as a
    // BIGINT: the length is that of the longest part.
    if (base === 'bigint' || definition.columnLength > LONGER_THAN_INT) return null;
    return { ...definition, type: INTEGER_TYPES[base] };
  }
  const columnLength = integer.length ?? lengthOf(definition, integer);
  const flags = (definition.flags & ~UNSIGNED_FLAG) | (integer.unsigned ? UNSIGNED_FLAG : 0);
  const isCopied = (definition.flags & BINARY_FLAG) === 0;
  const isShort = isDecimal && isComputed && isCopied && columnLength < LONGER_THAN_INT;
  const type = isShort ? ColumnType.MYSQL_TYPE_LONG : INTEGER_TYPES[base];
  return { ...definition, type, columnLength, flags };
}

/** Beside literals, whose length is not known: a DECIMAL has room for a sign, an integer only where the longest has one. */
function lengthOf({ columnLength, type }: ColumnDefinition41, integer: ResultInteger): number {
  if (type !== ColumnType.MYSQL_TYPE_NEWDECIMAL) return columnLength;
  const digits = columnLength - 1;
  return integer.unsignedDigits === digits && integer.signedDigits !== digits ? digits : columnLength;
}
