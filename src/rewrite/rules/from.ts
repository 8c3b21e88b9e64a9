import { foldName, sameAlias } from '../folding.js';
import type { Expression, JoinedTable, NamedTable, Span, TableReference } from '../parser/ast.js';
import type { Rewriting } from '../rewriting.js';
import type { JoinFacts, ViewReference } from '../scope.js';

/** One table of a FROM clause, whatever joins and parentheses it stands in. */
export interface FlatTable {
  /** What a view takes the place of: the reference, with parentheses that hold nothing else. */
  readonly span: Span;
  readonly reference: Exclude<TableReference, { kind: 'join' | 'tables' }>;
  /** The innermost outer join that may extend its rows with NULL. */
  readonly extendedBy: JoinedTable | null;
  /** ON conditions that filter this table's rows before anything is joined to it. */
  readonly conditions: readonly Expression[];
}

export function noJoins(): JoinFacts {
  return { conditions: [], using: new Set(), natural: false, outer: false };
}

/** Takes a table reference apart: its tables, in the order written, into `flat`, and what its joins say into `joins`. */
export function flatten(reference: TableReference, flat: FlatTable[], joins: JoinFacts): void {
  flattenInto(reference, null, [], flat, joins);
}

function flattenInto(
  reference: TableReference,
  extendedBy: JoinedTable | null,
  conditions: readonly Expression[],
  flat: FlatTable[],
  joins: JoinFacts,
  parentheses?: Span,
): void {
  switch (reference.kind) {
    case 'tables': {
      // MySQL takes `(t)` but no derived table alone in parentheses: the view takes their place.
      const only = reference.tables.length === 1 ? reference.tables[0] : undefined;
      const isAlone = only?.kind === 'table' || only?.kind === 'tables';
      const span = isAlone ? (parentheses ?? reference) : undefined;
      for (const table of reference.tables) flattenInto(table, extendedBy, conditions, flat, joins, span);
      return;
    }
    case 'join': {
      // A chain of joins is a left-deep tree: walk its spine without recursion, then in the order written.
      const spine: JoinedTable[] = [];
      let left: TableReference = reference;
      while (left.kind === 'join') {
        spine.push(left);
        left = left.left;
      }
      const innermostRight = (above: number): JoinedTable | null =>
        spine.slice(0, above).findLast((join) => join.type === 'right') ?? extendedBy;
      flattenInto(left, innermostRight(spine.length), [], flat, joins);
      for (let index = spine.length - 1; index >= 0; index--) {
        const join = spine[index]!;
        if (join.on !== null) joins.conditions.push(join.on);
        for (const name of join.using ?? []) joins.using.add(foldName(name.name));
        if (join.natural) joins.natural = true;
        if (join.type === 'left' || join.type === 'right') joins.outer = true;
        const nullable = join.type === 'left' ? join : innermostRight(index);
        const own = join.on !== null && join.type !== 'right' ? [join.on] : [];
        flattenInto(join.right, nullable, own, flat, joins);
      }
      return;
    }
    default:
      flat.push({ reference, extendedBy, conditions, span: parentheses ?? reference });
  }
}

/** `a.users JOIN b.users`: two derived tables would get one alias. */
export function refuseTwinAliases(
  rewriting: Rewriting,
  protectedTables: readonly Pick<ViewReference, 'reference' | 'alias'>[],
  flat: readonly FlatTable[],
): void {
  for (const table of protectedTables) {
    if (table.reference.alias !== null) continue;
    const twins = flat.filter(
      ({ reference }) =>
        reference.kind === 'table' &&
        reference.alias === null &&
        sameAlias(reference.name.table.name, table.alias, rewriting.context.dialect.lowerCaseTableNames),
    );
    if (twins.length > 1) rewriting.unsupported('two tables of one name without aliases', table.reference);
  }
}

/** The tables that a reference names, whether they are protected or not. */
export function namedTables(reference: TableReference): NamedTable[] {
  const flat: FlatTable[] = [];
  flatten(reference, flat, noJoins());
  return flat.flatMap((table) => (table.reference.kind === 'table' ? [table.reference] : []));
}
