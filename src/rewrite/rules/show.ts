import { declaredType } from '../declared-type.js';
import { text } from '../edits.js';
import { foldName } from '../folding.js';
import { nameLiteral } from '../name-literal.js';
import type { ExplainStatement, Expression, ShowFilter, ShowStatement, TableName } from '../parser/ast.js';
import type { ProtectedColumn } from '../protected-table.js';
import type { ResolvedTable } from '../resolved-table.js';
import type { Rewriting } from '../rewriting.js';
import { rewriteExpression } from './expression.js';
import { columnsWithin, visitExpressions } from './expression-facts.js';

const NO_SCOPE = { ctes: null, block: null };

/**
 * SHOW COLUMNS, SHOW INDEX and SHOW CREATE TABLE. Of a protected table the server's own rows are changed on their way
 * to the client (row-restoration.ts), which keeps their form and metadata; what filters them is written over the names
 * and types that the application knows.
 */
export function rewriteShow(rewriting: Rewriting, statement: ShowStatement): void {
  const { subject, full, filter } = statement;
  const table = shownTable(rewriting, statement.table);
  if (table === null) {
    if (filter?.kind === 'where') rewriteExpression(rewriting, filter.condition, NO_SCOPE);
    return;
  }
  describe(rewriting, table, subject, full);
  if (filter !== null) rewriteFilter(rewriting, subject, filter, table);
}

/** DESCRIBE t, which is SHOW COLUMNS FROM t, and DESCRIBE t 'pattern', which becomes it. */
export function rewriteDescribe(rewriting: Rewriting, statement: ExplainStatement, name: TableName): void {
  const table = shownTable(rewriting, name);
  if (table === null) return;
  describe(rewriting, table, 'columns', false);
  const { column } = statement;
  if (column === null) return;
  const { edits } = rewriting;
  edits.replace(statement.start, name.start, () => [text('SHOW COLUMNS FROM ')]);
  const like = `WHERE ${logical(rewriting, table, 'columns', 'field')} LIKE `;
  if (column.name === null) {
    edits.insert(column.start, [text(like)]);
    edits.insert(column.end, [text(escapeText(rewriting))]);
  } else {
    const pattern = nameLiteral(column.name);
    edits.replace(column.start, column.end, () => [text(`${like}${pattern}${escapeText(rewriting)}`)]);
  }
}

/** Whose rows are the application's: the table may be without columns yet that a later migration adds. */
type ShownTable = Pick<ResolvedTable, 'config'>;

function shownTable(rewriting: Rewriting, name: TableName): ShownTable | null {
  const found = rewriting.configuredTable(name);
  return found !== null && 'problem' in found ? found : rewriting.protectedTable(name);
}

function describe(
  rewriting: Rewriting,
  table: ShownTable,
  subject: ShowStatement['subject'],
  full: boolean,
): void {
  rewriting.rows = { subject, full, table: table.config, server: rewriting.context.dialect.server };
}

function rewriteFilter(
  rewriting: Rewriting,
  subject: ShowStatement['subject'],
  filter: ShowFilter,
  table: ShownTable,
): void {
  const { edits } = rewriting;
  if (filter.kind === 'like') {
    const field = logical(rewriting, table, subject, subject === 'columns' ? 'field' : 'key_name');
    edits.replace(filter.start, filter.pattern.start, () => [text(`WHERE ${field} LIKE `)]);
    edits.insert(filter.pattern.end, [text(escapeText(rewriting))]);
    return;
  }
  refuseSubqueries(rewriting, filter.condition);
  rewriteExpression(rewriting, filter.condition, NO_SCOPE);
  for (const reference of columnsWithin(filter.condition)) {
    const name = foldName(reference.column.name);
    if (!MAPPED[subject].has(name)) continue;
    edits.replace(reference.start, reference.end, () => [text(logical(rewriting, table, subject, name))]);
  }
}

/** In a subquery the name of a column of SHOW could be that of another table. */
function refuseSubqueries(rewriting: Rewriting, condition: Expression): void {
  visitExpressions(condition, (expression) => {
    if (expression.kind === 'subquery') rewriting.unsupported('a subquery in SHOW … WHERE', expression);
  });
}

/** Where NO_BACKSLASH_ESCAPES takes the backslash from LIKE, that of MariaDB's SHOW still has it. */
function escapeText({ context: { dialect } }: Rewriting): string {
  return dialect.server.kind === 'mariadb' && dialect.sqlMode.noBackslashEscapes ? " ESCAPE '\\'" : '';
}

/** The columns of SHOW that say something else of a protected column, folded, and what they say. */
type Mapping = ReadonlyMap<string, Said>;
type Said = (column: ProtectedColumn, rewriting: Rewriting) => string;

const server = (rewriting: Rewriting) => rewriting.context.dialect.server;
const orNull = (name: string | null): string => (name === null ? 'NULL' : nameLiteral(name));

const MAPPED: Readonly<Record<ShowStatement['subject'], Mapping>> = {
  columns: new Map<string, Said>([
    ['field', (column) => nameLiteral(column.logical)],
    ['type', (column, rewriting) => nameLiteral(declaredType(column.type, server(rewriting)).columnType)],
    ['collation', (column, rewriting) => orNull(declaredType(column.type, server(rewriting)).collation)],
  ]),
  index: new Map<string, Said>([
    ['column_name', (column) => nameLiteral(column.logical)],
    ['sub_part', () => 'NULL'],
  ]),
  createTable: new Map(),
};

/** Which column of SHOW tells the rows of protected columns from others. */
const NAMED_BY = { columns: '`Field`', index: '`Column_name`', createTable: '' } as const;

/** What a column of SHOW says to the application, as SQL over what it says of the table as it is. */
function logical(
  rewriting: Rewriting,
  { config }: ShownTable,
  subject: ShowStatement['subject'],
  name: string,
): string {
  const said = MAPPED[subject].get(name);
  const own = `\`${name}\``;
  if (said === undefined) return own;
  const cases = [...config.columns.values()].map(
    (column) => `WHEN ${nameLiteral(column.physical)} THEN ${said(column, rewriting)}`,
  );
  return `(CASE ${NAMED_BY[subject]} ${cases.join(' ')} ELSE ${own} END)`;
}
