import { BufferReader } from '../buffer-reader.js';
import type { BufferWriter } from '../buffer-writer.js';
import { type Capabilities, MariadbCapability } from '../constants/capabilities.js';

/*
 * Protocol::ColumnDefinition41: a column of a result, a parameter, or an answer to COM_FIELD_LIST.
 *
 *   string<lenenc>   catalog, always "def"
 *   string<lenenc>   schema
 *   string<lenenc>   table (alias)
 *   string<lenenc>   org_table
 *   string<lenenc>   name (alias)
 *   string<lenenc>   org_name
 *   string<lenenc>   extended metadata, with MARIADB_CLIENT_EXTENDED_METADATA
 *   int<lenenc>      length of the fixed fields, 0x0C
 *   int<2>           character set
 *   int<4>           column length, in bytes
 *   int<1>           type
 *   int<2>           flags
 *   int<1>           decimals
 *   int<2>           reserved
 *   string<lenenc>   default value or 0xFB for NULL, in answers to COM_FIELD_LIST only
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_query_response_text_resultset_column_definition.html
 * https://mariadb.com/kb/en/result-set-packets/#column-definition-packet
 */

const FIXED_LENGTH = 0x0c;
const CATALOG = Buffer.from('def');

export interface ColumnDefinition41 {
  readonly schema: Buffer;
  readonly table: Buffer;
  readonly orgTable: Buffer;
  readonly name: Buffer;
  readonly orgName: Buffer;
  /** Raw; empty unless MARIADB_CLIENT_EXTENDED_METADATA is negotiated. */
  readonly extendedMetadata: Buffer;
  /** Collation id. */
  readonly characterSet: number;
  /** Longest value in bytes, as shown. */
  readonly columnLength: number;
  readonly type: number;
  readonly flags: number;
  readonly decimals: number;
  /** `undefined` except in answers to COM_FIELD_LIST; `null` for NULL. */
  readonly defaultValue?: Buffer | null | undefined;
}

function hasExtendedMetadata(capabilities: Capabilities): boolean {
  return (capabilities.mariadb & MariadbCapability.MARIADB_CLIENT_EXTENDED_METADATA) !== 0;
}

/** Decodes with or without a default value, whichever the payload has. */
export function decodeColumnDefinition41(payload: Buffer, capabilities: Capabilities): ColumnDefinition41 {
  const reader = new BufferReader(payload);
  if (!reader.readLengthEncodedBuffer().equals(CATALOG)) reader.fail('catalog "def" expected');
  const schema = reader.readLengthEncodedBuffer();
  const table = reader.readLengthEncodedBuffer();
  const orgTable = reader.readLengthEncodedBuffer();
  const name = reader.readLengthEncodedBuffer();
  const orgName = reader.readLengthEncodedBuffer();
  const extendedMetadata = hasExtendedMetadata(capabilities)
    ? reader.readLengthEncodedBuffer()
    : Buffer.alloc(0);
  reader.expectInt1(FIXED_LENGTH, 'length of the fixed fields');
  const characterSet = reader.readInt2();
  const columnLength = reader.readInt4();
  const type = reader.readInt1();
  const flags = reader.readInt2();
  const decimals = reader.readInt1();
  reader.skip(2);
  const defaultValue = reader.remaining > 0 ? reader.readLengthEncodedBufferOrNull() : undefined;
  reader.expectEnd();
  return {
    schema,
    table,
    orgTable,
    name,
    orgName,
    extendedMetadata,
    characterSet,
    columnLength,
    type,
    flags,
    decimals,
    defaultValue,
  };
}

/** Appends the payload. */
export function encodeColumnDefinition41(
  writer: BufferWriter,
  column: ColumnDefinition41,
  capabilities: Capabilities,
): void {
  writer
    .writeLengthEncodedBuffer(CATALOG)
    .writeLengthEncodedBuffer(column.schema)
    .writeLengthEncodedBuffer(column.table)
    .writeLengthEncodedBuffer(column.orgTable)
    .writeLengthEncodedBuffer(column.name)
    .writeLengthEncodedBuffer(column.orgName);
  if (hasExtendedMetadata(capabilities)) writer.writeLengthEncodedBuffer(column.extendedMetadata);
  writer
    .writeInt1(FIXED_LENGTH)
    .writeInt2(column.characterSet)
    .writeInt4(column.columnLength)
    .writeInt1(column.type)
    .writeInt2(column.flags)
    .writeInt1(column.decimals)
    .writeZeros(2);
  if (column.defaultValue === null) writer.writeInt1(0xfb);
  else if (column.defaultValue !== undefined) writer.writeLengthEncodedBuffer(column.defaultValue);
}
