import type { Definition } from '../parser/ddl/ast.js';
import { parseDefinition } from '../parser/ddl/parse-definition.js';
import { SqlSyntaxError } from '../parser/syntax-error.js';
import type { Rewriting } from '../rewriting.js';
import type { TokenBuffer } from '../tokens.js';
import { refuseRenaming, rewriteAlterTable } from './ddl/alter-table.js';
import { rewriteCreateTable } from './ddl/create-table.js';
import { DefinedTable } from './ddl/defined-table.js';
import { rewriteConstraint } from './ddl/keys.js';

/**
 * What became of a statement: `done`, it was read to its end and every protected table in it dealt with; `unread`, it
 * is on something else than tables, or can't be read: it may be forwarded only when no protected name occurs in it.
 */
export type DefinitionOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'unread'; readonly error: SqlSyntaxError | null };

/**
 * CREATE, ALTER, DROP, RENAME and TRUNCATE TABLE, CREATE and DROP INDEX: what they say of protected columns they say
 * of the physical ones. They need neither a tenant nor a key.
 */
export function rewriteDefinition(
  rewriting: Rewriting,
  tokens: TokenBuffer,
  parseDepth: number,
): DefinitionOutcome {
  let definition: Definition | null;
  try {
    definition = parseDefinition(rewriting.statement, tokens, rewriting.context.dialect, {
      maxDepth: parseDepth,
    });
  } catch (error) {
    if (!(error instanceof SqlSyntaxError)) throw error;
    return { kind: 'unread', error };
  }
  if (definition === null) return { kind: 'unread', error: null };
  for (const table of tablesOf(rewriting, definition)) {
    if (table !== null) rewriting.defined.add(table.name);
  }
  return { kind: 'done' };
}

function tablesOf(rewriting: Rewriting, definition: Definition): readonly (DefinedTable | null)[] {
  switch (definition.kind) {
    case 'createTable':
      return [rewriteCreateTable(rewriting, definition)];
    case 'alterTable':
      return [rewriteAlterTable(rewriting, definition)];
    case 'createIndex': {
      const table = DefinedTable.find(rewriting, definition.table)?.keepLive() ?? null;
      rewriteConstraint(rewriting, table, definition.key);
      return [table];
    }
    case 'dropIndex':
      return [DefinedTable.find(rewriting, definition.table)];
    case 'dropTables':
      return definition.tables.map((name) => DefinedTable.find(rewriting, name));
    case 'renameTables':
      for (const { from, to } of definition.pairs) {
        for (const name of [from, to]) {
          if (DefinedTable.find(rewriting, name) !== null) refuseRenaming(rewriting, name);
        }
      }
      return [];
    case 'truncateTable': {
      const table = DefinedTable.find(rewriting, definition.table);
      if (table?.config.tenantColumn !== undefined) {
        rewriting.fail(
          'TC_UNSUPPORTED_SQL',
          `TRUNCATE of ${table.name} would delete all tenants' rows; DELETE FROM it deletes those of the session's tenant`,
          definition.table,
        );
      }
      return [table];
    }
  }
}
