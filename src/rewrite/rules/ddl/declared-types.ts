import type { StringColumnType } from '../../column-type.js';
import { collationOf, declaredType } from '../../declared-type.js';
import type { ServerVersion } from '../../dialect.js';
import type { CharacterSetOptions, ColumnDefinition } from '../../parser/ddl/ast.js';
import type { ProtectedColumn } from '../../protected-table.js';

/**
 * Why the type that a definition declares is not that of the configuration, with both; null: they agree. What the
 * definition leaves open, its character set and collation, the configuration says.
 * @param table the character set and collation of the table's options
 */
export function whyTypesDiffer(
  definition: ColumnDefinition,
  column: ProtectedColumn,
  table: CharacterSetOptions,
  server: ServerVersion,
): string | null {
  const { type } = column;
  const configured = withoutWidth(declaredType(type, server).columnType);
  const written = definition.type.text;
  const said = saidOf(definition);
  if (written !== configured) return differ(column.logical, written, configured);
  if (type.kind !== 'string') return null;
  const characterSet =
    said.characterSet ??
    characterSetOf(said.collation) ??
    table.characterSet ??
    characterSetOf(table.collation);
  // The table's collation is a default: what the configuration says of the column is said on purpose.
  const isOpen = type.collation === undefined && said.characterSet === null;
  const collation = said.collation ?? (isOpen ? table.collation : null);
  return whyCharacterSetsDiffer(column.logical, type, { characterSet, collation }, server);
}

function differ(logical: string, here: string, there: string): string {
  return `${logical} is ${here} in this statement and ${there} in the configuration; make them agree`;
}

/** Of a string column, with what a statement says of it. */
export function whyCharacterSetsDiffer(
  logical: string,
  type: StringColumnType,
  { characterSet, collation }: CharacterSetOptions,
  server: ServerVersion,
): string | null {
  if (characterSet !== null && characterSet !== type.charset) {
    return differ(logical, `of ${characterSet}`, `of ${type.charset}`);
  }
  if (collation === null) return null;
  const written = fullCollation(collation, type.charset);
  const configured = fullCollation(collationOf(type, server), type.charset);
  if (written === configured) return null;
  const kind = type.collation === undefined ? ' by default' : '';
  return differ(logical, `COLLATE ${written}`, `COLLATE ${configured}${kind}`);
}

/** What the column itself says: with its type, or in an attribute behind it. */
function saidOf({ type, attributes }: ColumnDefinition): CharacterSetOptions {
  let { characterSet, collation } = type.charset;
  for (const attribute of attributes) {
    if (attribute.kind !== 'charset') continue;
    characterSet = attribute.charset.characterSet ?? characterSet;
    collation = attribute.charset.collation ?? collation;
  }
  return { characterSet, collation };
}

/** `binary` is the attribute of that name, and MariaDB's uca1400 collations name no character set. */
function characterSetOf(collation: string | null): string | null {
  if (collation === null || collation === 'binary' || collation.startsWith('uca1400_')) return null;
  return collation.split('_')[0] as string;
}

function fullCollation(collation: string, characterSet: string): string {
  if (collation === 'binary') return `${characterSet}_bin`;
  return collation.startsWith('uca1400_') ? `${characterSet}_${collation}` : collation;
}

/** Display widths of integers mean nothing to a value: `int(11)` is `int`. */
function withoutWidth(type: string): string {
  return type.replace(/^((?:tiny|small|medium|big)?int|year)\(\d+\)/, '$1');
}
