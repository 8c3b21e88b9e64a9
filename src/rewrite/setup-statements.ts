import type { ServerVersion } from './dialect.js';
import { collationDonor } from './forms.js';
import type { ProtectedTable } from './protected-table.js';

/**
 * Statements that prepare a backend session for rewritten ones, after login and after every reset: variables that
 * lend MySQL's expressions their declared collation. They hold no secret.
 */
export function setupStatements(tables: readonly ProtectedTable[], server: ServerVersion): string[] {
  if (server.kind !== 'mysql') return [];
  const donors = new Map<string, string>();
  for (const table of tables) {
    for (const { type } of table.columns.values()) {
      if (type.kind === 'string' && type.collation !== undefined) donors.set(type.collation, type.charset);
    }
  }
  if (donors.size === 0) return [];
  const assignments = [...donors].map(
    ([collation, charset]) => `@${collationDonor(collation)}=_${charset}'' COLLATE ${collation}`,
  );
  return [`SET ${assignments.join(', ')}`];
}
