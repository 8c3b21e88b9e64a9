import { ServerError } from '../../errors.js';
import { text } from '../edits.js';
import { foldName, sameAlias } from '../folding.js';
import type {
  Assignment,
  ColumnRef,
  DeleteStatement,
  JoinedTable,
  NamedTable,
  TableName,
  TableReference,
  UpdateStatement,
} from '../parser/ast.js';
import type { TemplateOp } from '../plan.js';
import type { LogicalColumn, ResolvedTable } from '../resolved-table.js';
import type { Rewriting } from '../rewriting.js';
import type { BlockScope, DirectTable, JoinFacts, Scope, ViewReference } from '../scope.js';
import { aliasText, tenantView } from '../tenant-view.js';
import { joinsNeedBarrier } from './barrier.js';
import { ciphertextGuards, restrict, restrictTo } from './direct-table.js';
import { pushEquality } from './equality-search.js';
import { rewriteExpression } from './expression.js';
import { flowsInUpdate } from './flow.js';
import { type FlatTable, flatten, noJoins, refuseTwinAliases } from './from.js';
import { pushJoinEquality } from './join-equality.js';
import { columnsOfOthers } from './output-names.js';
import { keepFromMerging, keepFromSemijoin } from './query.js';
import { replaceSchemaViews } from './schema-views.js';
import { isCte, isItself, OF_ANOTHER } from './scope.js';
import { readsTimeOfMysql } from './time-columns.js';
import { rewriteValue, type WriteMode, writeMode } from './values.js';
import { writtenColumn } from './written-column.js';

type Statement = UpdateStatement | DeleteStatement;

/** A protected table of the statement. Written: itself, with its columns decrypted in place; else its tenant view. */
interface ProtectedEntry {
  readonly reference: NamedTable;
  readonly table: ResolvedTable;
  readonly alias: string;
  readonly flat: FlatTable;
}

interface Tables {
  readonly flat: readonly FlatTable[];
  readonly joins: JoinFacts;
  readonly entries: readonly ProtectedEntry[];
  readonly otherAliases: readonly string[];
  /** Of the tables that are not protected. */
  readonly others: Pick<BlockScope, 'opaque' | 'otherColumns'>;
}

/**
 * UPDATE of several tables, or of one that is not protected (https://dev.mysql.com/doc/refman/9.7/en/update.html).
 * Plaintext must not flow into a column that is not encrypted.
 */
export function updateSeveral(rewriting: Rewriting, statement: UpdateStatement, ctes: Scope['ctes']): void {
  const tables = tablesOf(rewriting, statement, ctes);
  const written = statement.assignments.map(({ column }) => entryWritten(rewriting, tables, column));
  const several = new SeveralTables(rewriting, statement, tables, new Set(written), ctes);
  several.rewriteFrom();
  const mode = { ...writeMode(rewriting, statement.modifiers), deferred: true };
  for (const [index, assignment] of statement.assignments.entries()) {
    several.assign(statement, assignment, written[index] ?? null, mode);
  }
  several.finish(statement.assignments.at(-1)!.end);
}

/** DELETE in its multiple-table forms, and from a table that is not protected (…/delete.html). */
export function deleteSeveral(rewriting: Rewriting, statement: DeleteStatement, ctes: Scope['ctes']): void {
  const tables = tablesOf(rewriting, statement, ctes);
  const written = (statement.targets ?? []).map((name) => entryDeleted(rewriting, tables, name));
  const several = new SeveralTables(rewriting, statement, tables, new Set(written), ctes);
  several.rewriteFrom();
  several.finish(statement.tables.at(-1)!.end);
  for (const item of statement.returning?.items ?? []) {
    if (item.expression !== null) rewriteExpression(rewriting, item.expression, several.scope);
  }
}

function tablesOf(rewriting: Rewriting, statement: Statement, ctes: Scope['ctes']): Tables {
  const flat: FlatTable[] = [];
  const joins = noJoins();
  for (const reference of statement.tables) flatten(reference, flat, joins);
  const entries: ProtectedEntry[] = [];
  const otherAliases: string[] = [];
  const others: TableReference[] = [];
  for (const item of flat) {
    const { reference } = item;
    if (reference.kind === 'table') {
      const alias = reference.alias?.name ?? reference.name.table.name;
      const table = isCte(rewriting, reference.name, ctes) ? null : rewriting.protectedTable(reference.name);
      if (table !== null) {
        if (reference.extra !== null) rewriting.unsupported('a period of time', reference.extra);
        entries.push({ reference, table, alias, flat: item });
        continue;
      }
      otherAliases.push(alias);
    } else if (reference.alias !== null) otherAliases.push(reference.alias.name);
    others.push(reference);
  }
  refuseTwinAliases(rewriting, entries, flat);
  replaceSchemaViews(rewriting, flat, ctes, { isTaken: false, isMerged: true });
  return { flat, joins, entries, otherAliases, others: columnsOfOthers(rewriting, others, ctes) };
}

/** The protected table whose column an assignment names; null: the column is another table's. */
function entryWritten(rewriting: Rewriting, tables: Tables, name: ColumnRef): ProtectedEntry | null {
  const { entries, otherAliases, others } = tables;
  const folding = rewriting.context.dialect.lowerCaseTableNames;
  const column = name.column.name;
  if (name.table !== null) {
    const qualifier = name.table.name;
    const named = entries.filter(({ alias }) => sameAlias(alias, qualifier, folding));
    const others = otherAliases.filter((alias) => sameAlias(alias, qualifier, folding));
    if (named.length + others.length > 1 && named.length > 0) {
      rewriting.unsupported('a column of one of two tables of one name', name);
    }
    return named[0] ?? null;
  }
  const found: ProtectedEntry[] = [];
  const elsewhere = others.opaque || others.otherColumns.has(foldName(column));
  for (const entry of entries) {
    const resolution = entry.table.lookup(column);
    // The name is judged as in an UPDATE of this table alone.
    if (resolution.kind === 'ambiguous' || resolution.kind === 'physical') {
      writtenColumn(rewriting, entry.table, name, 'SET');
    } else if (resolution.kind === 'column') {
      found.push(entry);
      const isDoubtful = elsewhere && resolution.column.protection !== null;
      if (isDoubtful || found.length > 1) rewriting.unsupported(OF_ANOTHER, name);
    }
  }
  const [first] = entries;
  // Each column of each table is known here: this one words the error as the server does.
  if (found.length === 0 && first !== undefined && !elsewhere)
    writtenColumn(rewriting, first.table, name, 'SET');
  return found[0] ?? null;
}

/** The protected table that a target of DELETE names; null: another. */
function entryDeleted(rewriting: Rewriting, tables: Tables, target: TableName): ProtectedEntry | null {
  const { entries, otherAliases } = tables;
  const folding = rewriting.context.dialect.lowerCaseTableNames;
  const name = target.table.name;
  const named = entries.filter((entry) => {
    if (!sameAlias(entry.alias, name, folding)) return false;
    if (target.schema === null) return true;
    // A table that has an alias is called by nothing else.
    return (
      entry.reference.alias === null && sameAlias(entry.table.config.schema, target.schema.name, folding)
    );
  });
  const others = otherAliases.filter((alias) => sameAlias(alias, name, folding));
  if (named.length > 0 && named.length + others.length > 1) {
    rewriting.unsupported('deleting from one of two tables of one name', target);
  }
  const isUnknown = named.length === 0 && others.length === 0;
  if (isUnknown && (entries.length > 0 || rewriting.protectedTable(target) !== null)) {
    throw new ServerError(1109, '42S02', `Unknown table '${name}' in MULTI DELETE`);
  }
  return named[0] ?? null;
}

class SeveralTables {
  readonly scope: Scope;
  private readonly block: BlockScope;
  private readonly outside: Scope;
  private readonly directs = new Map<ProtectedEntry, DirectTable>();
  private readonly views = new Map<ViewReference, FlatTable>();

  constructor(
    private readonly rewriting: Rewriting,
    private readonly statement: Statement,
    private readonly tables: Tables,
    written: ReadonlySet<ProtectedEntry | null>,
    ctes: Scope['ctes'],
  ) {
    for (const entry of tables.entries) {
      const { reference, table, alias, flat } = entry;
      if (written.has(entry)) {
        this.directs.set(entry, { table, alias, aliasText: aliasText(rewriting, reference) });
      } else {
        const more = { ciphertextPredicates: [], ciphertexts: new Set<LogicalColumn>() };
        this.views.set({ reference, table, alias, ...more, isStarred: false, isGrouped: false }, flat);
      }
    }
    this.block = {
      views: [...this.views.keys()],
      directs: [...this.directs.values()],
      otherAliases: tables.otherAliases,
      ...tables.others,
      parent: null,
    };
    this.scope = { ctes, block: this.block };
    this.outside = { ctes, block: null };
    this.refuseDoubtful();
  }

  private refuseDoubtful(): void {
    const { rewriting, statement, block } = this;
    const { joins } = this.tables;
    const first = statement.tables[0]!;
    if (block.directs.length === 0) return;
    if (rewriting.context.safeUpdates) {
      rewriting.unsupported(
        `${statement.kind.toUpperCase()} with a join while sql_safe_updates is set`,
        first,
      );
    }
    // What NATURAL joins by are the physical columns.
    if (joins.natural) rewriting.unsupported('a NATURAL join with a table that is written', first);
    for (const { table } of block.directs) {
      for (const name of joins.using) {
        const resolution = table.lookup(name);
        if (resolution.kind === 'column' && resolution.column.protection === null) continue;
        if (resolution.kind !== 'unknown') {
          rewriting.unsupported(`USING (${name}) with a table that is written`, first);
        }
      }
    }
  }

  /** Tenant views for what is only read; derived tables, table functions and the conditions of joins. */
  rewriteFrom(): void {
    const { rewriting, statement, block, scope, tables } = this;
    const { joins } = tables;
    for (const [view, flat] of this.views) {
      pushEquality(rewriting, view, flat, statement.where, { block, joins, isAggregated: false });
      rewriting.addView(view);
    }
    pushJoinEquality(rewriting, [statement.where, ...joins.conditions], block, joins);
    const barrier = this.views.size > 0 && joinsNeedBarrier(rewriting, statement.where, joins, block);
    for (const [view, { span }] of this.views) {
      rewriting.edits.replace(span.start, span.end, () =>
        tenantView(rewriting, view, {
          barrier: barrier || rewriting.unmergeable.has(view) || readsTimeOfMysql(rewriting, view.table),
          locking: [],
        }),
      );
    }
    rewriting.barrier ||= barrier;
    for (const { reference } of tables.flat) {
      if (reference.kind === 'table') continue;
      if (reference.kind === 'derived') {
        rewriting.rules.query(rewriting, reference.query, reference.lateral ? scope : this.outside);
        continue;
      }
      for (const argument of reference.arguments) {
        keepFromMerging(rewriting, argument, block);
        rewriteExpression(rewriting, argument, scope);
      }
    }
    for (const condition of joins.conditions) {
      const before = rewriting.edits.count;
      rewriteExpression(rewriting, condition, scope);
      const concerned = tables.entries.length > 0 || rewriting.edits.count > before;
      if (joins.outer && concerned) keepFromSemijoin(rewriting, condition);
    }
    for (const name of joins.using) rewriting.columnNames.add(name);
    if (joins.natural) rewriting.star ||= this.views.size > 0;
  }

  assign(
    statement: UpdateStatement,
    assignment: Assignment,
    entry: ProtectedEntry | null,
    mode: WriteMode,
  ): void {
    const { rewriting, scope } = this;
    const { value } = assignment;
    const direct = entry === null ? undefined : this.directs.get(entry);
    const column = direct && writtenColumn(rewriting, direct.table, assignment.column, 'SET');
    if (direct === undefined || column === undefined) {
      if (value.kind !== 'defaultKeyword') rewriteExpression(rewriting, value, scope);
      refuseEscape(rewriting, statement, assignment);
      return;
    }
    if (column.protection !== null && assignment.column.table === null) {
      // Another table may have a column of the physical name.
      rewriting.edits.insert(assignment.column.start, [text(`${direct.aliasText}.`)]);
    }
    if (column.isTenant && isItself(rewriting, assignment, scope, direct)) return;
    rewriteValue(rewriting, direct.table, column, value, scope, mode);
    if (column.protection === null) refuseEscape(rewriting, statement, assignment);
  }

  /** WHERE, ORDER BY, LIMIT, and the tenant's predicates. */
  finish(clauseEnd: number): void {
    const { rewriting, statement, scope, block } = this;
    const { where } = statement;
    if (where !== null) rewriteExpression(rewriting, where, scope);
    for (const item of statement.orderBy?.items ?? []) rewriteExpression(rewriting, item.expression, scope);
    for (const expression of statement.limit?.expressions ?? []) {
      rewriteExpression(rewriting, expression, scope);
    }
    const inWhere: TemplateOp[][] = [];
    const inJoins = new Map<JoinedTable, TemplateOp[][]>();
    for (const [{ flat, table, reference }, direct] of this.directs) {
      const { extendedBy } = flat;
      let guards = inWhere;
      if (extendedBy !== null) {
        guards = inJoins.get(extendedBy) ?? [];
        inJoins.set(extendedBy, guards);
        if (extendedBy.on === null) {
          rewriting.unsupported('an outer join without ON to a table that is written', reference);
        }
      }
      if (table.tenant !== null) guards.push(rewriting.forms.tenantPredicate(table, direct.aliasText));
      for (const condition of flat.conditions) {
        guards.push(...ciphertextGuards(rewriting, condition, block, direct));
      }
      inWhere.push(...ciphertextGuards(rewriting, where, block, direct, extendedBy !== null));
    }
    for (const [join, guards] of inJoins) restrict(rewriting, join.on!, guards);
    restrictTo(rewriting, where, inWhere, clauseEnd);
  }
}

/** After its value was rewritten: refuses to assign what may be plaintext to a column that is not encrypted. */
export function refuseEscape(
  rewriting: Rewriting,
  statement: UpdateStatement,
  { column, value }: Assignment,
): void {
  if (value.kind === 'defaultKeyword' || !flowsInUpdate(rewriting, statement, value)) return;
  rewriting.refuse('TC_PLAINTEXT_ESCAPE', `assigning it to the column ${column.column.name}`, value);
}
