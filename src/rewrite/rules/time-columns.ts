import type { Span } from '../parser/ast.js';
import type { ProtectedColumn } from '../protected-table.js';
import type { ResolvedTable } from '../resolved-table.js';
import type { Rewriting } from '../rewriting.js';

/*
 * Measured on MySQL 9.7: `CAST(… AS TIME) = '9:00'` compares text, a column's `= '9:00'` times. The column of a derived
 * table that is a copy is one, also where the condition is pushed into it. MariaDB compares times in both.
 */

/** Whether the view of a table has to be a copy: the statement reads a protected TIME. */
export function readsTimeOfMysql(rewriting: Rewriting, table: ResolvedTable): boolean {
  return hasTimeOfMysql(rewriting, table) && rewriting.mentions(({ type }) => type.kind === 'time');
}

/** Whether a table has protected columns that can be read through such a view only. */
export function hasTimeOfMysql(rewriting: Rewriting, table: ResolvedTable): boolean {
  return (
    rewriting.context.dialect.server.kind === 'mysql' &&
    table.columns.some(({ protection }) => protection?.type.kind === 'time')
  );
}

/** Refuses to read the column where no view stands for its table: in the table, or the row, that is written. */
export function refuseTimeOfMysql(rewriting: Rewriting, { type }: ProtectedColumn, at: Span): void {
  if (type.kind !== 'time' || rewriting.context.dialect.server.kind !== 'mysql') return;
  rewriting.unsupported('a protected TIME column of the table that is written, on MySQL,', at);
}
