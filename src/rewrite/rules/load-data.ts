import { text } from '../edits.js';
import { foldLoosely } from '../folding.js';
import type { ColumnRef, LoadStatement } from '../parser/ast.js';
import type { TemplateOp } from '../plan.js';
import type { LogicalColumn, ResolvedTable } from '../resolved-table.js';
import type { Rewriting } from '../rewriting.js';
import { columnOrigin } from './column-origin.js';
import { directScope } from './direct-table.js';
import { filledRow } from './insert.js';
import { checkOmitted, rewriteValue, type WriteMode } from './values.js';
import { writtenColumn } from './written-column.js';

/** User variables of ours that fields for encrypted columns go to; reserved, so that no client can read them. */
const fieldVariable = (index: number): string => `@__tc_l${index + 1}`;

/**
 * LOAD DATA [LOCAL] INFILE into a protected table: fields for protected columns and the tenant column go to user
 * variables, from which SET fills the columns. The file itself is not looked at.
 * @returns false for any other table: what the statement names is for the caller to check
 */
export function rewriteLoad(rewriting: Rewriting, statement: LoadStatement): boolean {
  refuseTenantVariable(rewriting, statement);
  const table = rewriting.protectedTable(statement.table);
  if (table === null) return false;
  rewriting.refuseTriggers(statement.table);
  if (statement.duplicates === 'replace' && table.uniqueAcrossTenants) {
    rewriting.unsupported(
      'REPLACE into a table with a unique key that lacks the tenant column (it could take over another tenant’s row)',
      statement.table,
    );
  }
  // LOCAL can't stop the client's file in the middle: the server goes on as with IGNORE.
  const ignore = statement.duplicates === 'ignore' || (statement.local && statement.duplicates !== 'replace');
  const mode: WriteMode = {
    ignore,
    deferred: true,
    lenient: ignore || !rewriting.context.dialect.sqlMode.strict,
  };
  const given = new Set<LogicalColumn>();
  const scope = directScope(filledRow(rewriting, statement.table, table, given), null);
  const filled = fillFromFields(rewriting, statement, table, mode, given);
  for (const assignment of statement.assignments) {
    const column = writtenColumn(rewriting, table, assignment.column, 'SET');
    if (given.has(column) && (column.protection !== null || column.isTenant)) {
      rewriting.unsupported('a column both among the fields and in SET of LOAD DATA', assignment);
    }
    rewriteValue(rewriting, table, column, assignment.value, scope, mode);
    given.add(column);
  }
  for (const column of table.columns) if (!given.has(column)) checkOmitted(rewriting, column);
  if (table.tenant !== null && !given.has(table.tenant)) {
    filled.push([text(`${rewriting.forms.name(table.tenant.name)}=`), rewriting.forms.tenant(table)]);
  }
  if (filled.length === 0) return true;
  const list = filled.flatMap((ops, index) => (index === 0 ? ops : [text(', '), ...ops]));
  const first = statement.assignments[0];
  if (first === undefined) rewriting.edits.insert(statement.end, [text(' SET '), ...list]);
  // In front of the client's own, which may read the fields.
  else rewriting.edits.insert(first.start, [...list, text(', ')]);
  return true;
}

/** Makes the list of fields name variables where columns can't take the file's text. @returns what SET has to assign */
function fillFromFields(
  rewriting: Rewriting,
  statement: LoadStatement,
  table: ResolvedTable,
  mode: WriteMode,
  given: Set<LogicalColumn>,
): TemplateOp[][] {
  const { edits, forms } = rewriting;
  const filled: TemplateOp[][] = [];
  const needsVariable = (column: LogicalColumn): boolean => column.protection !== null || column.isTenant;
  const fill = (column: LogicalColumn, index: number): void => {
    given.add(column);
    if (needsVariable(column))
      filled.push(assignmentOf(rewriting, table, column, fieldVariable(index), mode));
  };
  if (statement.fields === null) {
    const columns = table.visibleColumns();
    const written = columns.map((column, index) =>
      needsVariable(column) ? fieldVariable(index) : forms.name(column.live.name),
    );
    const generated = columns.find((column) => column.live.generated);
    if (generated !== undefined) {
      rewriting.unsupported(
        `LOAD DATA without a list of fields into a table with the generated column ${generated.name}`,
        statement.table,
      );
    }
    columns.forEach(fill);
    // Written out: on a table whose columns have moved since we read it, a field would go to another column.
    edits.insert(statement.listEnd, [text(` (${written.join(',')})`)]);
    return filled;
  }
  for (const [index, target] of statement.fields.targets.entries()) {
    if (target.kind === 'userVariable') continue;
    const column = fieldColumn(rewriting, table, target);
    if (given.has(column) && needsVariable(column)) {
      rewriting.unsupported('a column twice among the fields of LOAD DATA', target);
    }
    fill(column, index);
    if (needsVariable(column)) {
      edits.replace(target.start, target.end, () => [text(fieldVariable(index))]);
    }
  }
  return filled;
}

function fieldColumn(rewriting: Rewriting, table: ResolvedTable, target: ColumnRef): LogicalColumn {
  const resolution = table.lookup(target.column.name);
  if (resolution.kind === 'column') return resolution.column;
  // Words the error, or refuses a physical name.
  return writtenColumn(rewriting, table, target, 'INSERT INTO');
}

function assignmentOf(
  rewriting: Rewriting,
  table: ResolvedTable,
  column: LogicalColumn,
  variable: string,
  mode: WriteMode,
): TemplateOp[] {
  const { forms, context } = rewriting;
  const name = text(`${forms.name(column.live.name)}=`);
  if (column.protection === null) return [name, ...forms.checkedTenant(table, variable)];
  const origin = columnOrigin(context, table);
  const strictness = mode.lenient ? { nullable: column.live.nullable } : null;
  return [name, ...forms.encryptExpression(column.protection, origin, () => [text(variable)], strictness)];
}

/** A field that goes to the tenant's variable would set the tenant for each row. */
function refuseTenantVariable(rewriting: Rewriting, { fields }: LoadStatement): void {
  const { tenantVariable } = rewriting;
  if (tenantVariable === null) return;
  for (const target of fields?.targets ?? []) {
    if (target.kind !== 'userVariable' || foldLoosely(target.name) !== foldLoosely(tenantVariable)) continue;
    rewriting.fail('TC_BAD_TENANT', 'the tenant can only be assigned by a SET statement of its own', target);
  }
}
