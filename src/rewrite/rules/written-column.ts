import { text } from '../edits.js';
import type { ColumnRef } from '../parser/ast.js';
import type { LogicalColumn, ResolvedTable } from '../resolved-table.js';
import type { Rewriting } from '../rewriting.js';
import { nameAsWritten } from './scope.js';

/**
 * The column that a statement writes, by logical name; its name in the text becomes the physical one. Writing a
 * physical column by name would store plaintext, or whatever the client calls ciphertext (bypasses.md 13).
 */
export function writtenColumn(
  rewriting: Rewriting,
  table: ResolvedTable,
  name: ColumnRef,
  clause: 'INSERT INTO' | 'UPDATE' | 'SET',
): LogicalColumn {
  const resolution = table.lookup(name.column.name);
  switch (resolution.kind) {
    case 'unknown':
      // As MariaDB calls the clause; to MySQL all are the same.
      return rewriting.unknownColumn(
        nameAsWritten(name),
        rewriting.context.dialect.server.kind === 'mariadb' ? clause : 'field list',
      );
    case 'ambiguous':
      return rewriting.unsupported('a column name that the server may fold to a protected one', name);
    case 'physical':
      return rewriting.refuse('TC_PLAINTEXT_ESCAPE', `writing the physical column ${name.column.name}`, name);
    case 'column': {
      const { column } = resolution;
      if (column.protection !== null) {
        const physical = rewriting.forms.name(column.protection.physical);
        rewriting.edits.replace(name.column.start, name.column.end, () => [text(physical)]);
      }
      return column;
    }
  }
}
