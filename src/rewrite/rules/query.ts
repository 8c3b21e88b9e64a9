import { text } from '../edits.js';
import { foldLoosely, sameAlias } from '../folding.js';
import type {
  Expression,
  LockingClause,
  QueryBody,
  QueryExpression,
  QuerySpecification,
  TableName,
  TableReference,
} from '../parser/ast.js';
import type { LogicalColumn } from '../resolved-table.js';
import type { Rewriting } from '../rewriting.js';
import { type BlockScope, emptyBlock, type Scope, type ViewReference } from '../scope.js';
import { locks, tenantView } from '../tenant-view.js';
import { needsBarrier } from './barrier.js';
import { isAggregated, pushEquality } from './equality-search.js';
import { rewriteExpression, rewriteSelectItems } from './expression.js';
import { columnsWithin, visitExpressions } from './expression-facts.js';
import { type FlatTable, flatten, noJoins, refuseTwinAliases } from './from.js';
import { pushJoinEquality } from './join-equality.js';
import { columnsOfOthers } from './output-names.js';
import { rewriteExplicitSchemaView, rewriteSchemaViews } from './schema-views.js';
import { isCte, resolveColumn } from './scope.js';
import { hasTimeOfMysql, readsTimeOfMysql } from './time-columns.js';
import { withScopes } from './with-scopes.js';

/** Replaces every reference to a protected table in a query, at any depth, by its tenant view. */
export function rewriteQuery(rewriting: Rewriting, query: QueryExpression, scope: Scope): void {
  const ctes = rewriteWith(rewriting, query, scope);
  const inner: Scope = { ...scope, ctes };
  if (query.into !== null) rewriting.intos.push(query.into);
  const block = rewriteBody(rewriting, query.body, inner, query);
  const ordered: Scope = { ctes, block };
  for (const item of query.orderBy?.items ?? []) rewriteExpression(rewriting, item.expression, ordered);
  for (const expression of query.limit?.expressions ?? []) rewriteExpression(rewriting, expression, ordered);
  if (query.procedure !== null && rewriting.tables.size > 0) {
    rewriting.unsupported('PROCEDURE ANALYSE', query.procedure);
  }
}

export function rewriteWith(
  rewriting: Rewriting,
  owner: Pick<QueryExpression, 'with'>,
  scope: Scope,
): Scope['ctes'] {
  if (owner.with === null) return scope.ctes;
  const { inside, after } = withScopes(rewriting, owner.with, scope.ctes);
  for (const [index, table] of owner.with.tables.entries()) {
    rewriteQuery(rewriting, table.query, { ...scope, ctes: inside[index] ?? null });
  }
  return after;
}

/** @returns the block that a following ORDER BY sees; null for set operations. */
function rewriteBody(
  rewriting: Rewriting,
  body: QueryBody,
  scope: Scope,
  owner: QueryExpression,
): BlockScope | null {
  switch (body.kind) {
    case 'specification':
      return rewriteSpecification(rewriting, body, scope, owner);
    case 'setOperation': {
      const before = rewriting.views.length;
      // A long UNION is a left-deep tree: walk its spine without recursion.
      let left: QueryBody = body;
      while (left.kind === 'setOperation') {
        rewriteBody(rewriting, left.right, scope, { ...owner, locking: [] });
        left = left.left;
      }
      rewriteBody(rewriting, left, scope, { ...owner, locking: [] });
      if (owner.locking.length > 0 && rewriting.views.length > before) {
        rewriting.unsupported('a locking clause after a set operation', owner.locking[0]!);
      }
      return null;
    }
    case 'parenthesised': {
      // A locking clause behind the parentheses locks what is read in them.
      const { query } = body;
      rewriteQuery(rewriting, { ...query, locking: [...query.locking, ...owner.locking] }, scope);
      return null;
    }
    case 'valuesConstructor':
      for (const row of body.rows) {
        for (const value of row) {
          if (value.kind !== 'defaultKeyword') rewriteExpression(rewriting, value, scope);
        }
      }
      return null;
    case 'explicitTable': {
      const name = body.table;
      if (isCte(rewriting, name, scope.ctes)) return null;
      const table = rewriting.protectedTable(name);
      if (table === null) {
        rewriteExplicitSchemaView(rewriting, name, body);
        return null;
      }
      rewriting.star = true;
      const reference = {
        name,
        alias: null,
        partition: null,
        indexHints: null,
        start: body.start,
        end: body.end,
      };
      const view: ViewReference = {
        reference,
        table,
        alias: name.table.name,
        ciphertextPredicates: [],
        ciphertexts: new Set(),
        isStarred: true,
        isGrouped: false,
      };
      rewriting.taken.add(view);
      rewriting.addView(view);
      rewriting.edits.replace(body.start, body.end, () => [
        text('SELECT * FROM '),
        ...tenantView(rewriting, view, {
          barrier: hasTimeOfMysql(rewriting, table),
          locking: owner.locking,
        }),
      ]);
      return { ...emptyBlock(scope.block), views: [view] };
    }
  }
}

function rewriteSpecification(
  rewriting: Rewriting,
  specification: QuerySpecification,
  scope: Scope,
  owner: QueryExpression,
): BlockScope {
  if (specification.into !== null) rewriting.intos.push(specification.into);
  const flat: FlatTable[] = [];
  const joins = noJoins();
  for (const reference of specification.from ?? []) flatten(reference, flat, joins);

  const isGrouped = isAggregated(specification);
  const views: { view: ViewReference; flat: FlatTable }[] = [];
  const otherAliases: string[] = [];
  const others: TableReference[] = [];
  for (const table of flat) {
    const { reference } = table;
    if (reference.kind === 'table' && !isCte(rewriting, reference.name, scope.ctes)) {
      const resolved = rewriting.protectedTable(reference.name);
      if (resolved !== null) {
        if (reference.extra !== null)
          rewriting.unsupported('FOR SYSTEM_TIME or TABLESAMPLE', reference.extra);
        const alias = reference.alias?.name ?? reference.name.table.name;
        const isStarred = specification.items.some(
          ({ expression, qualifier }) =>
            expression === null &&
            (qualifier === null || foldLoosely(qualifier.table.name) === foldLoosely(alias)),
        );
        const view = {
          reference,
          table: resolved,
          alias,
          ciphertextPredicates: [],
          ciphertexts: new Set<LogicalColumn>(),
          isStarred,
          isGrouped,
        };
        views.push({ view, flat: table });
        continue;
      }
    }
    others.push(reference);
    const alias = reference.alias?.name ?? (reference.kind === 'table' ? reference.name.table.name : null);
    if (alias !== null) otherAliases.push(alias);
  }
  refuseTwinAliases(
    rewriting,
    views.map(({ view }) => view),
    flat,
  );
  rewriteSchemaViews(rewriting, specification, flat, scope.ctes);

  const block: BlockScope = {
    views: views.map((entry) => entry.view),
    directs: [],
    otherAliases,
    ...columnsOfOthers(rewriting, others, scope.ctes),
    parent: scope.block,
  };
  const inner: Scope = { ctes: scope.ctes, block };

  for (const entry of views) {
    pushEquality(rewriting, entry.view, entry.flat, specification.where, {
      block,
      joins,
      isAggregated: isGrouped,
    });
    rewriting.addView(entry.view);
  }
  pushJoinEquality(rewriting, [specification.where, ...joins.conditions], block, joins);
  const barrier = views.length > 0 && needsBarrier(rewriting, specification, owner.orderBy, joins, block);
  for (const { view, flat: entry } of views) {
    rewriting.edits.replace(entry.span.start, entry.span.end, () =>
      tenantView(rewriting, view, {
        barrier: barrier || rewriting.unmergeable.has(view) || readsTimeOfMysql(rewriting, view.table),
        locking: owner.locking,
      }),
    );
  }
  if (views.length > 0) editLocking(rewriting, owner.locking, block);
  rewriting.barrier ||= barrier;

  for (const { reference } of flat) {
    if (reference.kind === 'derived') {
      rewriteQuery(rewriting, reference.query, reference.lateral ? inner : scope);
    } else if (reference.kind === 'function') {
      for (const argument of reference.arguments) {
        keepFromMerging(rewriting, argument, block);
        rewriteExpression(rewriting, argument, inner);
      }
    }
  }
  for (const condition of joins.conditions) {
    const before = rewriting.edits.count;
    rewriteExpression(rewriting, condition, inner);
    const concerned = views.length > 0 || rewriting.edits.count > before;
    if (joins.outer && concerned) keepFromSemijoin(rewriting, condition);
  }
  rewriteSelectItems(rewriting, specification.items, inner);
  if (joins.natural) rewriting.star ||= views.length > 0;
  for (const name of joins.using) rewriting.columnNames.add(name);
  if (specification.where !== null) rewriteExpression(rewriting, specification.where, inner);
  for (const item of specification.groupBy?.items ?? []) rewriteExpression(rewriting, item.expression, inner);
  if (specification.having !== null) rewriteExpression(rewriting, specification.having, inner);
  for (const expression of specification.windowExpressions) rewriteExpression(rewriting, expression, inner);
  return block;
}

/**
 * MySQL 9.7 gives each row several times when it runs a subquery of an outer join's ON as a semijoin by first match
 * (also on plain tables, with materialization off). Over views it chooses that where the plain table has a key or is
 * materialised: the hint keeps the subquery a subquery.
 */
export function keepFromSemijoin(rewriting: Rewriting, condition: Expression): void {
  if (rewriting.context.dialect.server.kind !== 'mysql') return;
  visitExpressions(condition, (expression) => {
    if (expression.kind !== 'subquery' || expression.query.body.kind !== 'specification') return;
    const { body } = expression.query;
    const select = body.start + 'SELECT'.length;
    if (/^\s*\/\*\+/.test(rewriting.textOf({ start: select, end: body.end }))) {
      rewriting.unsupported('a subquery with optimizer hints in the ON of an outer join', expression);
    }
    rewriting.edits.insert(select, [text(' /*+ NO_SEMIJOIN() */')]);
  });
}

/** `FOR UPDATE OF u` on a view moves inside: MySQL rejects a derived table there (3569). */
function editLocking(rewriting: Rewriting, locking: readonly LockingClause[], block: BlockScope): void {
  const folding = rewriting.context.dialect.lowerCaseTableNames;
  for (const clause of locking) {
    if (clause.of === null) continue;
    const isView = (name: TableName): boolean =>
      block.views.some(
        (view) => locks(clause, view, folding) && sameAlias(name.table.name, view.alias, folding),
      );
    const kept = clause.of.filter((name) => !isView(name));
    if (kept.length === clause.of.length) continue;
    if (kept.length === 0) rewriting.edits.replace(clause.start, clause.end, () => []);
    else {
      const list = kept.map((name) => rewriting.textOf(name)).join(', ');
      rewriting.edits.replace(clause.of[0]!.start, clause.of.at(-1)!.end, () => [text(list)]);
    }
  }
}

/**
 * MySQL takes no column of a merged view as an argument of JSON_TABLE (error 1210), protected or not: the views of
 * this block and of those around it whose columns feed one are not merged.
 */
export function keepFromMerging(rewriting: Rewriting, argument: Expression, block: BlockScope): void {
  for (const column of columnsWithin(argument)) {
    const resolved = resolveColumn(rewriting, column, block);
    if (resolved.kind !== 'view') continue;
    rewriting.unmergeable.add(resolved.view);
    rewriting.barrier = true;
  }
}
