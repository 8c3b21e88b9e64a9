import { text } from '../../edits.js';
import { foldName } from '../../folding.js';
import type { Identifier, TableName } from '../../parser/ast.js';
import type { CheckConstraint, ForeignKey, KeyDefinition, KeyPart } from '../../parser/ddl/ast.js';
import type { ProtectedColumn } from '../../protected-table.js';
import type { Rewriting } from '../../rewriting.js';
import { DefinedTable } from './defined-table.js';

/** A key, foreign key or CHECK of a table. @param table null: the table is not protected */
export function rewriteConstraint(
  rewriting: Rewriting,
  table: DefinedTable | null,
  constraint: KeyDefinition | ForeignKey | CheckConstraint,
): void {
  switch (constraint.kind) {
    case 'key':
      if (table !== null) rewriteKey(rewriting, table, constraint);
      return;
    case 'foreignKey':
      for (const column of constraint.columns) table?.refuseIn(column, 'FOREIGN KEY');
      checkReferences(rewriting, constraint.table, constraint.referenced);
      return;
    case 'check':
      table?.checkExpression(constraint.condition, 'CHECK');
  }
}

/** What a foreign key refers to may be a protected table, but no protected column of it. */
export function checkReferences(rewriting: Rewriting, name: TableName, columns: readonly Identifier[]): void {
  const parent = DefinedTable.find(rewriting, name);
  for (const column of columns) parent?.refuseIn(column, 'REFERENCES');
}

const NAMES = {
  primary: 'PRIMARY KEY',
  fulltext: 'a FULLTEXT key',
  spatial: 'a SPATIAL key',
  vector: 'a VECTOR key',
} as const;

function rewriteKey(rewriting: Rewriting, table: DefinedTable, key: KeyDefinition): void {
  for (const part of key.parts) rewriteKeyPart(rewriting, table, key, part);
  if (key.name !== null) {
    table.takeKeyName(key.name.name);
    return;
  }
  const first = key.parts[0]?.column ?? null;
  if (first === null || key.type === 'primary') return;
  const name = table.newKeyName(first.name);
  // Else it would be called like the physical column, and not be found by the name that the application gives it.
  const role = table.role(first);
  if (role.kind !== 'protected' || foldName(role.column.physical) === foldName(first.name)) return;
  rewriting.edits.insert(key.nameAt, [text(` ${rewriting.forms.name(name)}`)]);
}

function rewriteKeyPart(rewriting: Rewriting, table: DefinedTable, key: KeyDefinition, part: KeyPart): void {
  if (part.expression !== null) table.checkExpression(part.expression, 'a functional key part');
  if (part.column === null) return;
  const role = table.role(part.column);
  if (role.kind !== 'protected') return;
  if (key.type !== 'key' && key.type !== 'unique') table.refuseIn(part.column, NAMES[key.type]);
  const { keyPrefix } = table.physicalType(role.column);
  if (key.type === 'unique') {
    checkUnique(rewriting, table, role.column, part);
    if (part.prefix !== null) {
      rewriting.fail(
        'TC_UNSUPPORTED_SQL',
        `UNIQUE over the beginning of the protected column ${role.column.logical} can't be told from ciphertext; make it over the whole column`,
        part,
      );
    }
  }
  const prefix = keyPrefix === null ? '' : `(${keyPrefix})`;
  if (part.prefix === null && prefix === '') {
    table.writePhysical(part.column, role.column);
    return;
  }
  const name = rewriting.forms.name(role.column.physical);
  rewriting.edits.replace(part.start, part.end, () => [text(`${name}${prefix}`)]);
}

/** UNIQUE compares ciphertext: that is the declared comparison only where equality is exact (semantics.md 12). */
export function checkUnique(
  rewriting: Rewriting,
  table: DefinedTable,
  column: ProtectedColumn,
  at: { readonly start: number },
): void {
  const { logical } = column;
  if (column.equality !== 'exact') {
    rewriting.fail(
      'TC_UNSUPPORTED_SQL',
      `UNIQUE over ${logical} would compare ciphertext, where case and accents count, and its collation says otherwise; configure equality: exact for ${logical}, or make the key not unique`,
      at,
    );
  }
  if (table.physicalType(column).keyPrefix !== null) {
    rewriting.fail(
      'TC_UNSUPPORTED_SQL',
      `UNIQUE over ${logical}, whose ciphertext is longer than a key may be; declare a shorter type, or make the key not unique`,
      at,
    );
  }
}
