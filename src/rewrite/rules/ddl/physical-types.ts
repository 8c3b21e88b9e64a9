import type { CatalogColumn } from '../../catalog.js';
import { CIPHERTEXT_TYPES, ciphertextLength, fittingType, longestPlaintext } from '../../physical-type.js';
import type { ProtectedColumn, ProtectedTable } from '../../protected-table.js';

/** Bytes of all VARBINARY columns: of the 65,535 that a row's columns share, the other half is the plain columns'. */
const LONGEST_ROW = 32_768;

/** InnoDB's longest key part. */
const LONGEST_KEY_PART = 3072;

/** Of a BLOB, which needs one. */
const BLOB_PREFIX = 768;

export interface PhysicalType {
  readonly sql: string;
  /** The prefix that a key over the column needs; null: none. */
  readonly keyPrefix: number | null;
}

/**
 * The type of a physical column: the one that it has, where that holds what is declared, so that no ciphertext is cut
 * and no table written anew; else the one that fits.
 * @param live null: the column is not there, or its table is made anew
 */
export function physicalType(
  table: ProtectedTable,
  column: ProtectedColumn,
  live: CatalogColumn | null,
): PhysicalType {
  const fitting = fittingPhysicalType(table, column);
  if (live === null || !CIPHERTEXT_TYPES.has(live.dataType)) return fitting;
  const octets = live.octetLength ?? 0;
  if (octets < ciphertextLength(longestPlaintext(column.type))) return fitting;
  if (live.dataType !== 'varbinary') return { sql: live.columnType, keyPrefix: BLOB_PREFIX };
  return { sql: live.columnType, keyPrefix: octets > LONGEST_KEY_PART ? LONGEST_KEY_PART : null };
}

/**
 * It depends on the configuration of the whole table, so that each statement that
 * declares it declares the same: beyond a row's share the longest columns become BLOBs.
 */
function fittingPhysicalType(table: ProtectedTable, column: ProtectedColumn): PhysicalType {
  const columns = [...table.columns.values()]
    .map(({ physical, type }) => ({ physical, length: ciphertextLength(longestPlaintext(type)), type }))
    .filter(({ type }) => isVarbinary(fittingType(type)))
    .sort((a, b) => a.length - b.length || (a.physical < b.physical ? -1 : 1));
  let used = 0;
  const fitting = new Set<string>();
  for (const { physical, length } of columns) {
    used += length;
    if (used <= LONGEST_ROW) fitting.add(physical);
  }
  const sql = fittingType(column.type);
  if (!isVarbinary(sql)) return { sql, keyPrefix: BLOB_PREFIX };
  if (!fitting.has(column.physical)) return { sql: 'BLOB', keyPrefix: BLOB_PREFIX };
  const length = ciphertextLength(longestPlaintext(column.type));
  return { sql, keyPrefix: length > LONGEST_KEY_PART ? LONGEST_KEY_PART : null };
}

function isVarbinary(type: string): boolean {
  return type.startsWith('VARBINARY');
}
