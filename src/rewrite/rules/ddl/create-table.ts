import { foldName } from '../../folding.js';
import type { CreateTable, TableElement } from '../../parser/ddl/ast.js';
import type { Rewriting } from '../../rewriting.js';
import { flowOfQuery } from '../flow.js';
import { rewriteColumn } from './columns.js';
import { DefinedTable } from './defined-table.js';
import { rewriteConstraint } from './keys.js';

const NO_SCOPE = { ctes: null, block: null };

/** CREATE TABLE of a protected table, or of another one that refers to one or reads it. */
export function rewriteCreateTable(rewriting: Rewriting, statement: CreateTable): DefinedTable | null {
  const table = DefinedTable.find(rewriting, statement.table);
  if (table !== null && statement.temporary) {
    rewriting.fail(
      'TC_UNSUPPORTED_SQL',
      `a TEMPORARY table named like the protected ${table.name} would hide it; use another name`,
      statement.table,
    );
  }
  if (statement.like !== null) {
    const like = DefinedTable.find(rewriting, statement.like);
    if (like !== null) rewriting.unsupported('CREATE TABLE … LIKE', statement.like);
    if (table !== null) rewriting.unsupported('CREATE TABLE … LIKE', statement.table);
    return null;
  }
  for (const element of statement.elements) rewriteElement(rewriting, table, statement, element);
  for (const name of statement.partitioning?.names ?? []) table?.refuseIn(name, 'PARTITION BY');
  if (statement.query !== null) rewriteSource(rewriting, table, statement);
  if (table !== null) checkTenantColumn(rewriting, table, statement);
  return table;
}

function rewriteElement(
  rewriting: Rewriting,
  table: DefinedTable | null,
  { options }: CreateTable,
  element: TableElement,
): void {
  if (element.kind === 'column') {
    const keyAt = element.end;
    rewriteColumn(rewriting, table, element, { kind: 'create', options, keyAt, keyWords: ', UNIQUE KEY' });
  } else rewriteConstraint(rewriting, table, element);
}

/** What a query gives for the columns of a new table is stored in clear. */
function rewriteSource(rewriting: Rewriting, table: DefinedTable | null, statement: CreateTable): void {
  const query = statement.query!;
  if (table !== null) {
    rewriting.fail(
      'TC_UNSUPPORTED_SQL',
      `CREATE TABLE … SELECT of the protected ${table.name} is not supported; create it, then INSERT … SELECT`,
      query,
    );
  }
  // With IF NOT EXISTS the table may be there.
  rewriting.refuseTriggers(statement.table);
  rewriting.rules.query(rewriting, query, NO_SCOPE);
  if (rewriting.mayHoldPlaintext(statement.table)) return;
  if (rewriting.tables.size > 0 && flowOfQuery(rewriting, query).any) {
    rewriting.refuse('TC_PLAINTEXT_ESCAPE', 'CREATE TABLE … SELECT', query);
  }
}

function checkTenantColumn(rewriting: Rewriting, table: DefinedTable, statement: CreateTable): void {
  const { tenantColumn } = table.config;
  if (tenantColumn === undefined) return;
  const isThere = statement.elements.some(
    (element) => element.kind === 'column' && foldName(element.name.name) === foldName(tenantColumn),
  );
  if (isThere) return;
  rewriting.fail(
    'TC_SCHEMA',
    `${table.name} is created without ${tenantColumn}, its configured tenantColumn; add the column`,
    statement.table,
  );
}
