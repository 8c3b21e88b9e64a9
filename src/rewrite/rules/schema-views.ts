import { text } from '../edits.js';
import { foldName, sameAlias } from '../folding.js';
import { INFORMATION_SCHEMA, type SchemaView, saidOf, schemaView } from '../information-schema.js';
import type {
  ColumnRef,
  Expression,
  NamedTable,
  QuerySpecification,
  SelectItem,
  TableName,
} from '../parser/ast.js';
import type { Rewriting } from '../rewriting.js';
import type { CteScope } from '../scope.js';
import { aliasText, quotedAsWritten } from '../tenant-view.js';
import type { TokenList } from '../token-list.js';
import type { FlatTable } from './from.js';
import { isCte } from './scope.js';

/**
 * Views of information_schema that name columns: in the place of such a reference comes a derived table of the same
 * alias in which the rows of protected tables say what the application knows. Both servers merge it, so that what
 * they look up by schema and table they still look up (measured). Neither key nor tenant is needed.
 */
export function rewriteSchemaViews(
  rewriting: Rewriting,
  specification: QuerySpecification,
  flat: readonly FlatTable[],
  ctes: CteScope | null,
): void {
  const isTaken = specification.items.some((item) => item.expression === null && item.qualifier === null);
  // Merged, an expression gives wrong rows here (semantics.md 1).
  const { groupBy, having } = specification;
  const isMerged = groupBy === null || (having === null && !groupBy.rollup);
  replaceSchemaViews(rewriting, flat, ctes, { isTaken, isMerged });
}

/** The same among the tables of an UPDATE or DELETE. */
export function replaceSchemaViews(
  rewriting: Rewriting,
  flat: readonly FlatTable[],
  ctes: CteScope | null,
  { isTaken, isMerged }: { readonly isTaken: boolean; readonly isMerged: boolean },
): void {
  for (const { reference, span } of flat) {
    if (reference.kind !== 'table') continue;
    const view = viewOf(rewriting, reference.name, ctes);
    if (view === null || reference.partition !== null || reference.indexHints !== null) continue;
    const alias = reference.alias?.name ?? reference.name.table.name;
    const listed = view.columns.filter((column) => isTaken || rewriting.mentioned.has(alias, column));
    if (!listed.some((column) => view.mapped.has(column))) continue;
    rewriting.schemaViews.push({ alias, view, isMerged });
    rewriting.edits.replace(span.start, span.end, () => [
      text(derivedTable(rewriting, reference, view, listed, isMerged)),
    ]);
  }
}

/** TABLE information_schema.columns. @returns whether it was one */
export function rewriteExplicitSchemaView(
  rewriting: Rewriting,
  name: TableName,
  span: { readonly start: number; readonly end: number },
): boolean {
  const view = viewOf(rewriting, name, null);
  if (view === null) return false;
  rewriting.schemaViews.push({ alias: name.table.name, view, isMerged: true });
  const derived = derivedTable(rewriting, { name, alias: null }, view, view.columns, true);
  rewriting.edits.replace(span.start, span.end, () => [text(`SELECT * FROM ${derived}`)]);
  return true;
}

/** Whether a text that was not read, several statements for instance, could read such a view. */
export function mayNameSchemaView({ context }: Rewriting, tokens: TokenList): boolean {
  const { database, dialect } = context;
  let isSchema = database !== null && foldName(database) === INFORMATION_SCHEMA;
  let isView = false;
  for (let index = 0; index < tokens.count; index++) {
    if (!tokens.isName(index)) continue;
    const name = tokens.name(index);
    isSchema ||= foldName(name) === INFORMATION_SCHEMA;
    isView ||= schemaView(name, dialect.server) !== null;
    if (isSchema && isView) return true;
  }
  return false;
}

function viewOf(rewriting: Rewriting, name: TableName, ctes: CteScope | null): SchemaView | null {
  const schema = name.schema?.name ?? rewriting.context.database;
  if (schema === null || foldName(schema) !== INFORMATION_SCHEMA) return null;
  if (isCte(rewriting, name, ctes)) return null;
  return schemaView(name.table.name, rewriting.context.dialect.server);
}

function derivedTable(
  rewriting: Rewriting,
  reference: Pick<NamedTable, 'name' | 'alias'>,
  view: SchemaView,
  listed: readonly string[],
  isMerged: boolean,
): string {
  const alias = aliasText(rewriting, reference);
  const tables = rewriting.protectedNames();
  const select = listed.map((column) => {
    const mapped = view.mapped.get(column);
    if (mapped === undefined) return `${alias}.${column}`;
    return `${saidOf(mapped, column, alias, tables, rewriting.context.dialect)} AS ${column}`;
  });
  const barrier = isMerged ? '' : ' HAVING 1';
  return `(SELECT ${select.join(',')} FROM ${INFORMATION_SCHEMA}.${view.name} AS ${alias}${barrier}) AS ${alias}`;
}

/** `information_schema.columns.column_name`: the alias of a derived table has no schema. */
export function dropSchemaOfView(
  rewriting: Rewriting,
  { start, schema, table }: Pick<ColumnRef, 'start' | 'schema' | 'table'>,
): void {
  if (schema === null || table === null || foldName(schema.name) !== INFORMATION_SCHEMA) return;
  const folding = rewriting.context.dialect.lowerCaseTableNames;
  if (rewriting.schemaViews.some(({ alias }) => sameAlias(alias, table.name, folding))) {
    rewriting.edits.replace(start, table.start, () => []);
  }
}

/**
 * MariaDB names a column of a derived table as the derived table does, not as the statement; MySQL names that of a view
 * as the view does, but that of a derived table which is not merged as the statement.
 */
export function keepNameOfSchemaColumn(rewriting: Rewriting, item: SelectItem): void {
  const { expression } = item;
  if (item.alias !== null || expression === null || expression.kind !== 'column') return;
  const found = schemaViewOf(rewriting, expression);
  if (found === undefined) return;
  const written = expression.column;
  const upper = written.name.toUpperCase();
  if (written.name === upper) return;
  if (rewriting.context.dialect.server.kind === 'mariadb') {
    rewriting.edits.insert(expression.end, [text(` AS ${quotedAsWritten(rewriting, written)}`)]);
  } else if (!found.isMerged) rewriting.edits.insert(expression.end, [text(` AS ${upper}`)]);
}

function schemaViewOf(
  rewriting: Rewriting,
  reference: Expression & { kind: 'column' },
): Rewriting['schemaViews'][number] | undefined {
  const folding = rewriting.context.dialect.lowerCaseTableNames;
  const name = reference.column.name.toUpperCase();
  return rewriting.schemaViews.find(
    ({ alias, view }) =>
      (reference.table === null || sameAlias(alias, reference.table.name, folding)) &&
      view.columns.includes(name),
  );
}
