import { text } from '../../edits.js';
import { foldName } from '../../folding.js';
import type {
  CharacterSetOptions,
  ColumnAttribute,
  ColumnDefinition,
  ColumnPosition,
} from '../../parser/ddl/ast.js';
import { CIPHERTEXT_TYPES } from '../../physical-type.js';
import type { ProtectedColumn } from '../../protected-table.js';
import type { Rewriting } from '../../rewriting.js';
import { whyTypesDiffer } from './declared-types.js';
import type { ColumnRole, DefinedTable } from './defined-table.js';
import { checkReferences, checkUnique } from './keys.js';

/** How a column comes to have its definition. */
export interface ColumnOperation {
  readonly kind: 'create' | 'add' | 'modify';
  /** The character set that the table's options say. */
  readonly options: CharacterSetOptions;
  /** Where a key over the column can be declared, and the words for it. */
  readonly keyAt: number;
  readonly keyWords: ', UNIQUE KEY' | ', ADD UNIQUE KEY';
}

/**
 * A column definition: a protected column's becomes that of the physical column; what others say of themselves must
 * not read a protected one.
 * @param table null: the table is not protected
 */
export function rewriteColumn(
  rewriting: Rewriting,
  table: DefinedTable | null,
  definition: ColumnDefinition,
  operation: ColumnOperation,
): ColumnRole {
  const role: ColumnRole = table === null ? { kind: 'plain' } : table.rename(definition.name);
  if (table === null || role.kind !== 'protected') {
    for (const attribute of definition.attributes) checkPlainAttribute(rewriting, table, attribute);
    if (role.kind === 'tenant') checkTenantType(rewriting, table as DefinedTable, definition);
    return role;
  }
  const { column } = role;
  const { type } = definition;
  if (type.more !== null) rewriting.unsupported(`${type.more} of a protected column`, type);
  const { server } = rewriting.context.dialect;
  const difference = whyTypesDiffer(definition, column, operation.options, server);
  if (difference !== null) rewriting.fail('TC_SCHEMA', difference, type);
  if (operation.kind === 'modify') checkLiveColumn(rewriting, table, column, definition);
  for (const attribute of definition.attributes) {
    rewriteAttribute(rewriting, table, column, attribute, operation);
  }
  const { sql } = table.physicalType(column);
  rewriting.edits.replace(type.start, type.end, () => [text(sql)]);
  return role;
}

/** AFTER a protected column. */
export function rewritePosition(table: DefinedTable, position: ColumnPosition | null): void {
  if (position !== null && position.after !== null) table.rename(position.after);
}

function checkPlainAttribute(
  rewriting: Rewriting,
  table: DefinedTable | null,
  attribute: ColumnAttribute,
): void {
  switch (attribute.kind) {
    case 'references':
      checkReferences(rewriting, attribute.table, attribute.columns);
      return;
    case 'check':
      table?.checkExpression(attribute.condition, 'CHECK');
      return;
    case 'generated':
      table?.checkExpression(attribute.value, 'a generated column');
      return;
    case 'default':
      table?.checkExpression(attribute.value, 'DEFAULT');
      return;
    default:
      return;
  }
}

const REFUSED: Partial<Record<ColumnAttribute['kind'], string>> = {
  autoIncrement: 'AUTO_INCREMENT',
  primary: 'PRIMARY KEY',
  onUpdate: 'ON UPDATE',
  references: 'REFERENCES',
  check: 'CHECK',
  generated: 'GENERATED ALWAYS',
};

function rewriteAttribute(
  rewriting: Rewriting,
  table: DefinedTable,
  column: ProtectedColumn,
  attribute: ColumnAttribute,
  operation: ColumnOperation,
): void {
  switch (attribute.kind) {
    case 'null':
    case 'comment':
    case 'visibility':
    case 'format':
      return;
    case 'notNull':
      checkNotNull(rewriting, table, column, attribute, operation);
      return;
    case 'default':
      if (!attribute.isNull) refuseDefault(rewriting, column, attribute);
      return;
    case 'unique':
      checkUnique(rewriting, table, column, attribute);
      declareKey(rewriting, table, column, attribute, operation);
      return;
    case 'charset':
      // Ciphertext has none.
      rewriting.edits.replace(attribute.start, attribute.end, () => []);
      return;
    default: {
      const what = REFUSED[attribute.kind] ?? (attribute.kind === 'other' ? attribute.word : 'an attribute');
      rewriting.fail(
        'TC_UNSUPPORTED_SQL',
        `${what} of the protected column ${column.logical} would see ciphertext; leave it out`,
        attribute,
      );
    }
  }
}

/** A key of its own: as an attribute it would be called like the physical column. */
function declareKey(
  { edits, forms }: Rewriting,
  table: DefinedTable,
  { logical, physical }: ProtectedColumn,
  attribute: ColumnAttribute,
  { keyAt, keyWords }: ColumnOperation,
): void {
  const name = table.newKeyName(logical);
  if (foldName(logical) === foldName(physical)) return;
  edits.replace(attribute.start, attribute.end, () => []);
  edits.insert(keyAt, [text(`${keyWords} ${forms.name(name)} (${forms.name(physical)})`)]);
}

export function refuseDefault(
  rewriting: Rewriting,
  { logical }: ProtectedColumn,
  at: { readonly start: number },
): never {
  return rewriting.fail(
    'TC_UNSUPPORTED_SQL',
    `a DEFAULT of the protected column ${logical} would be stored as plaintext; leave it out and let the application write the value`,
    at,
  );
}

/** Rows that are there get '' from the server, which is no ciphertext: it would read as NULL. */
function checkNotNull(
  rewriting: Rewriting,
  table: DefinedTable,
  { logical }: ProtectedColumn,
  at: { readonly start: number },
  operation: ColumnOperation,
): void {
  if (operation.kind === 'add' && rewriting.context.prepared) {
    rewriting.fail(
      'TC_UNSUPPORTED_SQL',
      `ADD ${logical} … NOT NULL in a prepared statement; send the statement itself, while the table is empty`,
      at,
    );
  }
  if (operation.kind === 'add') {
    const { schema, table: name } = table.config;
    rewriting.emptyTable = `${rewriting.forms.name(schema)}.${rewriting.forms.name(name)}`;
  }
  if (operation.kind === 'modify' && !rewriting.context.dialect.sqlMode.strict) {
    rewriting.fail(
      'TC_UNSUPPORTED_SQL',
      `without a strict sql_mode MODIFY … NOT NULL puts what is no ciphertext in the place of NULL; set STRICT_ALL_TABLES`,
      at,
    );
  }
}

/** A column that holds plaintext must not become what is taken for ciphertext. */
function checkLiveColumn(
  rewriting: Rewriting,
  table: DefinedTable,
  column: ProtectedColumn,
  at: { readonly start: number },
): void {
  if (table.live === null) rewriting.fail('TC_SCHEMA', `${table.problem}; run tenantcrypt check`, at);
  const live = table.liveColumn(column);
  if (live === null || CIPHERTEXT_TYPES.has(live.dataType)) return;
  rewriting.fail(
    'TC_SCHEMA',
    `${live.name} of ${table.name} is ${live.columnType}, which holds no ciphertext; encrypt what it holds first`,
    at,
  );
}

const TENANT_TYPE =
  /^(?:(?:tiny|small|medium|big)?int(?: unsigned)?|(?:var)?(?:char|binary)\(\d+\)|(?:tiny)?text|uuid)$/;

function checkTenantType(rewriting: Rewriting, table: DefinedTable, { name, type }: ColumnDefinition): void {
  const { characterSet, collation } = type.charset;
  const charset = characterSet ?? collation?.split('_')[0] ?? '';
  if (TENANT_TYPE.test(type.text) && !/^(?:utf16|utf16le|utf32|ucs2)$/.test(charset)) return;
  rewriting.fail(
    'TC_SCHEMA',
    `${name.name}, the configured tenantColumn of ${table.name}, can't be ${type.text}; make it VARCHAR or an integer`,
    type,
  );
}
