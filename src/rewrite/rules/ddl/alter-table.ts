import { foldName } from '../../folding.js';
import type { Identifier } from '../../parser/ast.js';
import type { AlterAction, AlterTable, TableElement } from '../../parser/ddl/ast.js';
import { NO_CHARACTER_SET } from '../../parser/ddl/data-type.js';
import type { ProtectedColumn } from '../../protected-table.js';
import type { Rewriting } from '../../rewriting.js';
import { type ColumnOperation, refuseDefault, rewriteColumn, rewritePosition } from './columns.js';
import { whyCharacterSetsDiffer } from './declared-types.js';
import { DefinedTable } from './defined-table.js';
import { rewriteConstraint } from './keys.js';

/** ALTER TABLE of a protected table, or of another one that comes to refer to one. */
export function rewriteAlterTable(rewriting: Rewriting, statement: AlterTable): DefinedTable | null {
  const table = DefinedTable.find(rewriting, statement.table)?.keepLive() ?? null;
  for (const action of statement.actions) {
    if (table === null) checkPlainAction(rewriting, action);
    else rewriteAction(rewriting, table, action);
  }
  for (const name of statement.partitioning?.names ?? []) table?.refuseIn(name, 'PARTITION BY');
  return table;
}

/** Of a table that is not protected: it may refer to a protected one, but not become it. */
function checkPlainAction(rewriting: Rewriting, action: AlterAction): void {
  switch (action.kind) {
    case 'addColumn':
    case 'modifyColumn':
    case 'changeColumn':
      rewriteColumn(rewriting, null, action.column, operationOf('add', action));
      return;
    case 'addElements':
      addElements(rewriting, null, action.elements);
      return;
    case 'addElement':
      rewriteConstraint(rewriting, null, action.element);
      return;
    case 'renameTable':
      if (DefinedTable.find(rewriting, action.to) !== null) refuseRenaming(rewriting, action.to);
      return;
    default:
      return;
  }
}

function operationOf(kind: 'add' | 'modify', action: AlterAction): ColumnOperation {
  return { kind, options: NO_CHARACTER_SET, keyAt: action.end, keyWords: ', ADD UNIQUE KEY' };
}

/** ADD ( … ) */
function addElements(
  rewriting: Rewriting,
  table: DefinedTable | null,
  elements: readonly TableElement[],
): void {
  for (const element of elements) {
    if (element.kind === 'column') {
      const place = { keyAt: element.end, keyWords: ', UNIQUE KEY' } as const;
      rewriteColumn(rewriting, table, element, { kind: 'add', options: NO_CHARACTER_SET, ...place });
    } else rewriteConstraint(rewriting, table, element);
  }
}

/** Under another name the table would be read and written in the clear, or what was in the clear be taken for ciphertext. */
export function refuseRenaming(rewriting: Rewriting, at: { readonly start: number }): never {
  return rewriting.fail(
    'TC_UNSUPPORTED_SQL',
    'a protected table has the name that the configuration says; rename it on a direct connection and in the configuration at once, with no session open',
    at,
  );
}

function rewriteAction(rewriting: Rewriting, table: DefinedTable, action: AlterAction): void {
  switch (action.kind) {
    case 'addColumn':
      rewriteColumn(rewriting, table, action.column, operationOf('add', action));
      rewritePosition(table, action.position);
      return;
    case 'addElements':
      addElements(rewriting, table, action.elements);
      return;
    case 'addElement':
      rewriteConstraint(rewriting, table, action.element);
      return;
    case 'modifyColumn':
      rewriteColumn(rewriting, table, action.column, operationOf('modify', action));
      rewritePosition(table, action.position);
      return;
    case 'changeColumn':
      changeColumn(rewriting, table, action);
      return;
    case 'dropColumn':
      if (table.rename(action.name).kind === 'tenant') refuseTenantColumn(rewriting, table, action.name);
      return;
    case 'renameColumn':
      renameColumn(rewriting, table, action.from, action.to);
      return;
    case 'setDefault': {
      const role = table.rename(action.name);
      if (role.kind === 'protected' && !action.isNull) refuseDefault(rewriting, role.column, action);
      table.checkExpression(action.value, 'DEFAULT');
      return;
    }
    case 'alterColumn':
      table.rename(action.name);
      return;
    case 'renameTable':
      refuseRenaming(rewriting, action);
      return;
    case 'orderBy':
      for (const column of action.columns) table.refuseIn(column, 'ORDER BY');
      return;
    case 'convert':
      checkConversion(rewriting, table, action);
      return;
    case 'plain':
      return;
  }
}

function changeColumn(
  rewriting: Rewriting,
  table: DefinedTable,
  action: AlterAction & { kind: 'changeColumn' },
): void {
  const { old, column, position } = action;
  renameColumn(rewriting, table, old, column.name, false);
  rewriteColumn(rewriting, table, column, operationOf('modify', action));
  rewritePosition(table, position);
}

/** Ciphertext stays as it is; but then the columns would be declared otherwise than the configuration says. */
function checkConversion(
  rewriting: Rewriting,
  table: DefinedTable,
  action: AlterAction & { kind: 'convert' },
): void {
  const { server } = rewriting.context.dialect;
  for (const { logical, type } of table.config.columns.values()) {
    const difference =
      type.kind === 'string' ? whyCharacterSetsDiffer(logical, type, action.charset, server) : null;
    if (difference !== null) rewriting.fail('TC_SCHEMA', difference, action);
  }
}

/**
 * The configuration says which columns are protected, by name: a value must not come under another rule by being
 * renamed.
 * @param writesNew whether the new name is a name alone, and not that of a definition
 */
function renameColumn(
  rewriting: Rewriting,
  table: DefinedTable,
  from: Identifier,
  to: Identifier,
  writesNew = true,
): void {
  const before = table.rename(from);
  const after = writesNew ? table.rename(to) : table.role(to);
  if (foldName(from.name) === foldName(to.name)) return;
  if (before.kind === 'tenant' || after.kind === 'tenant') refuseTenantColumn(rewriting, table, to);
  if (before.kind === 'plain' && after.kind === 'plain') return;
  if (before.kind === 'protected' && after.kind === 'protected' && isSameType(before.column, after.column))
    return;
  rewriting.fail(
    'TC_UNSUPPORTED_SQL',
    before.kind === 'protected'
      ? `the protected column ${from.name} has the name that the configuration says; rename it there, keeping column: ${before.column.physical}, and not in the table`
      : `${to.name} is protected, and what ${from.name} holds is not encrypted; ADD ${to.name}, UPDATE it from ${from.name}, and DROP ${from.name}`,
    to,
  );
}

function isSameType(a: ProtectedColumn, b: ProtectedColumn): boolean {
  return JSON.stringify(a.type) === JSON.stringify(b.type);
}

function refuseTenantColumn(
  rewriting: Rewriting,
  table: DefinedTable,
  at: { readonly start: number },
): never {
  return rewriting.fail(
    'TC_UNSUPPORTED_SQL',
    `${table.config.tenantColumn ?? ''} is the configured tenantColumn of ${table.name}, by which its rows are kept apart; it can't be dropped or renamed`,
    at,
  );
}
