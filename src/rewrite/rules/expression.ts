import { text } from '../edits.js';
import { foldName, sameAlias } from '../folding.js';
import { isNativeFunction } from '../native-functions.js';
import type {
  ColumnRef,
  Expression,
  FunctionCall,
  MatchAgainst,
  OperatorExpression,
  QueryBody,
  SelectItem,
} from '../parser/ast.js';
import { forEachChild } from '../parser/walk.js';
import type { LogicalColumn, ResolvedTable } from '../resolved-table.js';
import type { Rewriting } from '../rewriting.js';
import type { BlockScope, Scope } from '../scope.js';
import { quotedAsWritten } from '../tenant-view.js';
import { dateNumbers } from './dated-numbers.js';
import { dropSchemaOfView, keepNameOfSchemaColumn } from './schema-views.js';
import { resolveColumn } from './scope.js';
import { refuseTimeOfMysql } from './time-columns.js';

/**
 * Rewrites what an expression reads: subqueries get their tenant views, references that the views have taken the
 * schema from lose it, and protected columns of an UPDATE's or DELETE's own table are decrypted in place.
 */
export function rewriteExpression(rewriting: Rewriting, root: Expression, scope: Scope): void {
  const pending: Expression[] = [root];
  while (pending.length > 0) {
    const expression = pending.pop()!;
    switch (expression.kind) {
      case 'column':
        rewriteColumn(rewriting, expression, scope);
        continue;
      case 'subquery':
        rewriting.rules.query(rewriting, expression.query, scope);
        continue;
      case 'match':
        checkMatch(rewriting, expression, scope);
        break;
      case 'operator':
        if (expression.operator === ':=') rewriting.assignsVariables = true;
        if (expression.operator.startsWith('->')) spellOutPath(rewriting, expression, scope);
        dateNumbers(rewriting, expression, scope);
        if (SEARCHES.has(expression.operator)) {
          for (const operand of expression.operands) {
            if (operand.kind === 'subquery') addBlocks(operand.query.body, rewriting.searched);
          }
        }
        break;
      case 'function':
        if (rewriteDefault(rewriting, expression, scope)) continue;
        if (remembers(rewriting, expression, scope)) rewriting.remembered ??= expression;
        if (expression.name === 'weight_string') rewriting.weightStrings.push(expression);
        if (expression.schema !== null || !isNativeFunction(expression.name)) {
          rewriting.storedFunctions.push(expression);
        }
        break;
      default:
        break;
    }
    forEachChild(expression, (child) => {
      pending.push(child as Expression);
    });
  }
}

const SEARCHES = new Set(['in', 'not in', 'any', 'all']);

function addBlocks(root: QueryBody, blocks: Set<QueryBody>): void {
  let body = root;
  while (body.kind === 'setOperation') {
    addBlocks(body.right, blocks);
    body = body.left;
  }
  if (body.kind === 'parenthesised') addBlocks(body.query.body, blocks);
  else blocks.add(body);
}

/** Functions that keep a value beyond the statement, and which of their arguments it is. */
const KEEPERS: ReadonlyMap<string, number> = new Map([
  ['last_insert_id', 0],
  ['setval', 1],
]);

/**
 * LAST_INSERT_ID(expression) keeps the value for the session, and for the rest of the statement. `LAST_INSERT_ID(id)`
 * of a column that is not protected is the idiom of upserts. SETVAL(sequence, expression) stores it (MariaDB).
 */
function remembers(rewriting: Rewriting, call: FunctionCall, scope: Scope): boolean {
  const keeper = KEEPERS.get(call.name);
  const argument = keeper === undefined ? undefined : call.arguments[keeper];
  if (argument === undefined) return false;
  if (argument.kind === 'literal' || argument.kind === 'parameter') return false;
  if (argument.kind !== 'column') return true;
  const resolved = resolveColumn(rewriting, argument, scope.block);
  return resolved.kind === 'other' || resolved.column !== null;
}

function rewriteColumn(rewriting: Rewriting, reference: Expression & { kind: 'column' }, scope: Scope): void {
  rewriting.columnNames.add(foldName(reference.column.name));
  const resolved = resolveColumn(rewriting, reference, scope.block);
  if (resolved.kind === 'view') {
    // The alias of a derived table has no schema: `db.t.c` would name nothing.
    if (reference.schema !== null) {
      rewriting.edits.replace(reference.start, reference.table!.start, () => []);
    }
    return;
  }
  if (resolved.kind === 'direct' && resolved.column !== null) {
    const { direct, column } = resolved;
    refuseTimeOfMysql(rewriting, column, reference);
    const ref = `${direct.aliasText}.${rewriting.forms.name(column.physical)}`;
    const { forms } = rewriting;
    if (direct.filled !== undefined) refuseImplicitDefault(rewriting, reference, direct.table, direct.filled);
    rewriting.edits.replace(reference.start, reference.end, () =>
      // The row that is being filled is the tenant's own.
      direct.filled === undefined
        ? forms.decrypt(direct.table, column, ref, direct.aliasText)
        : forms.decryptValue(column, [text(ref)]),
    );
    rewriting.readsProtected = true;
  } else if (rewriting.schemaViews.length > 0) dropSchemaOfView(rewriting, reference);
}

/**
 * DEFAULT(c) of a protected column: NULL, since `check` refuses any other default, or the
 * server's own error 1364 where the column is NOT NULL.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/miscellaneous-functions.html#function_default
 */
function rewriteDefault(rewriting: Rewriting, call: FunctionCall, scope: Scope): boolean {
  const argument = call.arguments[0];
  if (call.name !== 'default' || argument?.kind !== 'column') return false;
  const resolved = resolveColumn(rewriting, argument, scope.block);
  if (resolved.kind === 'other' || resolved.column === null) return false;
  const { table } = resolved.kind === 'view' ? resolved.view : resolved.direct;
  const resolution = table.lookup(argument.column.name);
  const nullable = resolution.kind === 'column' && resolution.column.live.nullable;
  if (resolved.kind === 'view') {
    // A column of a tenant view has no default: where the table's has none either, the server says so.
    if (!nullable) return false;
    rewriteColumn(rewriting, argument, scope);
    rewriting.edits.replace(call.start, argument.start, () => [text('IF(1,NULL,')]);
    return true;
  }
  if (nullable) {
    rewriting.edits.replace(call.start, call.end, () => [text('NULL')]);
    return true;
  }
  const ref = `${resolved.direct.aliasText}.${rewriting.forms.name(resolved.column.physical)}`;
  rewriting.edits.replace(argument.start, argument.end, () => [text(ref)]);
  return true;
}

/**
 * In VALUES and SET a column stands for what an earlier part of the row gave it, and before that for its default: of a
 * column that is NOT NULL an empty string or 0, which is no ciphertext.
 */
function refuseImplicitDefault(
  rewriting: Rewriting,
  reference: ColumnRef,
  table: ResolvedTable,
  filled: ReadonlySet<LogicalColumn>,
): void {
  const resolution = table.lookup(reference.column.name);
  if (resolution.kind !== 'column') return;
  const { column } = resolution;
  if (column.live.nullable || filled.has(column)) return;
  rewriting.unsupported('a protected NOT NULL column that the row has not given a value yet', reference);
}

/** `c->'$.a'` takes a column only, which a protected one of an UPDATE's or DELETE's own table is no more. */
function spellOutPath(rewriting: Rewriting, expression: OperatorExpression, scope: Scope): void {
  const [column, path] = expression.operands;
  if (column?.kind !== 'column' || path === undefined) return;
  const resolved = resolveColumn(rewriting, column, scope.block);
  if (resolved.kind !== 'direct' || resolved.column === null) return;
  const [open, close] =
    expression.operator === '->' ? ['JSON_EXTRACT(', ')'] : ['JSON_UNQUOTE(JSON_EXTRACT(', '))'];
  rewriting.edits.replace(column.end, path.start, () => [text(',')]);
  rewriting.edits.replace(expression.start, expression.end, (inner) => [text(open), ...inner(), text(close)]);
}

/** A select list: expressions, `*` and `t.*` (`db.t.*` loses its schema when `t` is a view). */
export function rewriteSelectItems(rewriting: Rewriting, items: readonly SelectItem[], scope: Scope): void {
  for (const [index, item] of items.entries()) {
    if (item.expression !== null) {
      const before = rewriting.edits.count;
      rewriteExpression(rewriting, item.expression, scope);
      if (item.alias === null) keepName(rewriting, item.expression, scope, before, items[index - 1]);
      keepNameOfSchemaColumn(rewriting, item);
      continue;
    }
    const { qualifier } = item;
    if (qualifier === null) {
      for (const view of scope.block?.views ?? []) {
        rewriting.star = true;
        rewriting.taken.add(view);
      }
      continue;
    }
    dropSchemaOfView(rewriting, qualifier);
    if (scope.block === null) continue;
    const folding = rewriting.context.dialect.lowerCaseTableNames;
    for (const view of scope.block.views) {
      if (!sameAlias(view.alias, qualifier.table.name, folding)) continue;
      rewriting.star = true;
      if (qualifier.schema !== null) {
        rewriting.edits.replace(qualifier.start, qualifier.table.start, () => []);
      }
    }
  }
}

/**
 * A select item without an alias is named by its text: without one of our making the result would name it by the
 * rewritten text, and a column by the case of the view's.
 */
function keepName(
  rewriting: Rewriting,
  expression: Expression,
  scope: Scope,
  before: number,
  previous: SelectItem | undefined,
): void {
  const { edits } = rewriting;
  if (expression.kind === 'column') {
    const resolved = resolveColumn(rewriting, expression, scope.block);
    if (resolved.kind !== 'view') return;
    const { name } = expression.column;
    const inView = resolved.view.table.columns.find((column) => foldName(column.name) === foldName(name));
    if (inView === undefined || inView.name === name) return;
    edits.insert(expression.end, [text(` AS ${quotedAsWritten(rewriting, expression.column)}`)]);
    return;
  }
  if (edits.count === before) return;
  if (!isSelfSynchronising(rewriting.context.dialect.characterSetClient)) {
    rewriting.unsupported(
      'a select item without an alias that reads a protected table, under this character set,',
      expression,
    );
  }
  refuseCommentsInName(rewriting, expression, previous);
  edits.insert(expression.end, [text(' AS '), { kind: 'name', parts: edits.originalText(expression) }]);
}

/** Servers leave the marks of executable comments out of a name; MariaDB puts a comment into it that stands behind the comma. */
function refuseCommentsInName(
  rewriting: Rewriting,
  expression: Expression,
  previous: SelectItem | undefined,
): void {
  const gap =
    previous === undefined ? '' : rewriting.statement.toString('latin1', previous.end, expression.start);
  const isNamed =
    rewriting.context.dialect.server.kind === 'mariadb' &&
    /\/\*|\*\/|#|--/.test(gap.slice(gap.lastIndexOf(',')));
  if (isNamed || /\/\*M?!/.test(rewriting.textOf(expression))) {
    rewriting.unsupported(
      'a select item that reads a protected table, named by its text with a comment,',
      expression,
    );
  }
}

/** Whether a backtick byte is always a backtick, and a name may be cut between any two characters we can tell. */
function isSelfSynchronising(characterSet: string): boolean {
  return !/^(big5|cp932|eucjpms|euckr|gb18030|gb2312|gbk|sjis|ujis)$/.test(characterSet);
}

/** MATCH over a protected column has no index; over a view that is not merged it fails (semantics.md 1). */
function checkMatch(rewriting: Rewriting, match: MatchAgainst, scope: Scope): void {
  if (readsView(rewriting, match, scope.block)) {
    rewriting.matches.push(match);
  }
  for (const column of match.columns) {
    const resolved = resolveColumn(rewriting, column, scope.block);
    if (resolved.kind !== 'other' && resolved.column !== null) {
      rewriting.unsupported('MATCH … AGAINST over a protected column', match);
    }
  }
}

function readsView(rewriting: Rewriting, match: MatchAgainst, block: BlockScope | null): boolean {
  return match.columns.some((column) => resolveColumn(rewriting, column, block).kind !== 'other');
}
