import { ColumnFlag, ColumnType } from '../protocol/constants/column-types.js';
import type { ColumnDefinition41 } from '../protocol/resultset/column-definition-41.js';
import { INFORMATION_SCHEMA } from '../rewrite/information-schema.js';
import type { SchemaViewReference } from '../rewrite/plan.js';

/*
 * Column definitions of views of information_schema that are read through a derived table, made to look as those of
 * the view itself. Measured on MySQL 9.7 and MariaDB 10.11.
 */

const SCHEMA = Buffer.from(INFORMATION_SCHEMA);
const EMPTY = Buffer.alloc(0);
const NUMBERS = 63;
/** Of an expression over strings that goes to the client at once; through a temporary table it has 0. */
const NOT_FIXED = 31;
/** Set by a server on columns of base tables that have no default for an INSERT. */
const NO_DEFAULT = ColumnFlag.NO_DEFAULT_VALUE_FLAG;
const NUM_FLAG = 0x8000;
const { NOT_NULL_FLAG, UNSIGNED_FLAG, BLOB_FLAG, BINARY_FLAG } = ColumnFlag;

/**
 * @param widthOf most bytes of one character in the collation
 * @returns null when the column is of no such view
 */
export function restoreSchemaColumn(
  definition: ColumnDefinition41,
  views: readonly SchemaViewReference[],
  widthOf: (collation: number) => number,
): ColumnDefinition41 | null {
  if (definition.table.length === 0) return null;
  const alias = definition.table.toString('utf8');
  const reference = views.find((one) => one.alias === alias);
  if (reference === undefined) return null;
  const name = (definition.orgName.length > 0 ? definition.orgName : definition.name).toString('utf8');
  const column = name.toUpperCase();
  // What goes through a temporary table has lost its own name: MySQL shows the label in its place, MariaDB nothing.
  if (reference.server === 'mariadb' && !reference.view.columns.includes(column)) return null;
  const isMapped = reference.view.mapped.has(column);
  return reference.server === 'mariadb'
    ? mariadbColumn(definition, reference.view.name, isMapped ? column : null, widthOf)
    : mysqlColumn(definition, reference.view.name, isMapped ? column : null);
}

/** Columns that can be NULL. All others that are mapped are NOT NULL. */
const NULLABLE = /^(?:CHARACTER_|NUMERIC_|DATETIME_|COLLATION_|SUB_PART|REFERENCED_)/;
/** Bytes of COLUMN_TYPE in utf8mb3. */
const COLUMN_TYPE_LENGTH = 196_605;

function mariadbColumn(
  definition: ColumnDefinition41,
  view: string,
  mapped: string | null,
  widthOf: (collation: number) => number,
): ColumnDefinition41 {
  const orgTable = Buffer.from(view);
  if (mapped === null) return { ...definition, orgTable };
  const isNumber = definition.characterSet === NUMBERS;
  let flags = NO_DEFAULT | (NULLABLE.test(mapped) ? 0 : NOT_NULL_FLAG);
  if (isNumber && mapped !== 'SUB_PART') flags |= UNSIGNED_FLAG;
  // A temporary table adds NUM_FLAG.
  if (isNumber) flags |= definition.flags & NUM_FLAG;
  const origin = {
    ...definition,
    schema: SCHEMA,
    orgTable,
    orgName: Buffer.from(mapped),
    decimals: 0,
    flags,
  };
  if (mapped === 'SUB_PART') return { ...origin, columnLength: 3 };
  if (mapped !== 'COLUMN_TYPE') return origin;
  const columnLength = COLUMN_TYPE_LENGTH * widthOf(definition.characterSet);
  return { ...origin, type: ColumnType.MYSQL_TYPE_BLOB, columnLength, flags: flags | BLOB_FLAG };
}

/** MySQL's views are over tables of its data dictionary: what goes through a temporary table shows that one's name. */
function mysqlColumn(
  definition: ColumnDefinition41,
  view: string,
  mapped: string | null,
): ColumnDefinition41 {
  const isNumber = definition.characterSet === NUMBERS;
  const isOfTable = definition.schema.length > 0;
  const isDirect =
    isOfTable || (isNumber ? (definition.flags & BINARY_FLAG) !== 0 : definition.decimals === NOT_FIXED);
  const origin = isDirect
    ? { ...definition, orgTable: Buffer.from(view) }
    : { ...definition, schema: SCHEMA };
  switch (mapped) {
    case 'COLUMN_TYPE':
      return {
        ...origin,
        schema: SCHEMA,
        orgTable: Buffer.from(isDirect ? view : 'columns'),
        // An expression over it is thought to need three bytes for each that it has.
        columnLength: definition.columnLength / 3,
        flags: NO_DEFAULT | BINARY_FLAG | BLOB_FLAG | NOT_NULL_FLAG,
        decimals: 0,
      };
    case 'DATETIME_PRECISION':
    case 'NUMERIC_PRECISION':
    case 'NUMERIC_SCALE': {
      const isColumn = mapped === 'DATETIME_PRECISION';
      const table = isColumn
        ? {
            schema: SCHEMA,
            orgTable: Buffer.from(isDirect ? view : 'columns'),
            flags: UNSIGNED_FLAG,
          }
        : {};
      const type = !isColumn && !isDirect ? definition.type : ColumnType.MYSQL_TYPE_LONG;
      return { ...origin, ...table, type, columnLength: 10 };
    }
    case 'REFERENCED_COLUMN_NAME':
      return { ...origin, schema: SCHEMA, orgTable: isDirect ? Buffer.from(view) : EMPTY, decimals: 0 };
    default:
      return origin;
  }
}
