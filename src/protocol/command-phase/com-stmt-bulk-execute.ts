import { ProxyError } from '../../errors.js';
import {
  type ParameterType,
  readBinaryValue,
  readParameterType,
  writeBinaryValue,
  writeParameterType,
} from '../binary-value.js';
import { BufferReader } from '../buffer-reader.js';
import type { BufferWriter } from '../buffer-writer.js';
import { ColumnType } from '../constants/column-types.js';
import { Command } from '../constants/commands.js';

/*
 * COM_STMT_BULK_EXECUTE, MariaDB: one statement for many rows of parameters.
 *
 *   int<1>        0xFA
 *   int<4>        statement id; 0xFFFFFFFF is the statement prepared last
 *   int<2>        flags
 *   int<2>        type, per parameter, when the flag SEND_TYPES_TO_SERVER is set
 *   per row and parameter, up to the packet's end:
 *     int<1>      indicator
 *     binary      value, when the indicator is NONE
 *
 * https://mariadb.com/kb/en/com_stmt_bulk_execute/
 */

export const BulkFlag = {
  SEND_UNIT_RESULTS: 64,
  SEND_TYPES_TO_SERVER: 128,
} as const;

export const BulkIndicator = {
  NONE: 0,
  NULL: 1,
  DEFAULT: 2,
  IGNORE: 3,
} as const;

/** Values of one packet that are read at once: in memory one takes a hundred times what it takes on the wire. */
export const MAX_BULK_VALUES = 1 << 20;

/** A value of a row, or what stands in its place. */
export type BulkValue =
  | { readonly kind: 'value'; readonly value: Buffer }
  | { readonly kind: 'null' }
  | { readonly kind: 'default' }
  | { readonly kind: 'ignore' };

export interface ComStmtBulkExecute {
  readonly statementId: number;
  /** {@link BulkFlag} */
  readonly flags: number;
  readonly types: readonly ParameterType[];
  /** Each as long as `types`. */
  readonly rows: readonly (readonly BulkValue[])[];
}

export interface DecodeBulkOptions {
  readonly numParams: number;
  /** Types of the last execution that sent any. */
  readonly previousTypes?: readonly ParameterType[] | undefined;
}

const NULL_VALUE: BulkValue = { kind: 'null' };
const DEFAULT_VALUE: BulkValue = { kind: 'default' };
const IGNORE_VALUE: BulkValue = { kind: 'ignore' };

/**
 * @throws MalformedPacketError also for statements without parameters, which have no bulk execution
 * @throws ProxyError TC_LIMIT for more than {@link MAX_BULK_VALUES}
 */
export function decodeComStmtBulkExecute(
  payload: Buffer,
  { numParams, previousTypes }: DecodeBulkOptions,
): ComStmtBulkExecute {
  const reader = new BufferReader(payload);
  reader.expectInt1(Command.COM_STMT_BULK_EXECUTE, 'COM_STMT_BULK_EXECUTE');
  const statementId = reader.readInt4();
  const flags = reader.readInt2();
  if (numParams === 0) reader.fail('bulk execution of a statement without parameters');
  const types: ParameterType[] = [];
  for (let i = 0; i < numParams; i += 1) {
    if ((flags & BulkFlag.SEND_TYPES_TO_SERVER) !== 0) types.push(readParameterType(reader));
    else types.push(previousTypes?.[i] ?? reader.fail('parameter without a type'));
  }
  const rows: BulkValue[][] = [];
  const maxRows = Math.floor(MAX_BULK_VALUES / numParams);
  while (reader.remaining > 0) {
    if (rows.length === maxRows) {
      throw new ProxyError(
        'TC_LIMIT',
        `a bulk execution with more than ${MAX_BULK_VALUES} values; send less at once`,
      );
    }
    rows.push(types.map(({ type }) => readBulkValue(reader, type)));
  }
  return { statementId, flags, types, rows };
}

function readBulkValue(reader: BufferReader, type: number): BulkValue {
  switch (reader.readInt1()) {
    case BulkIndicator.NONE: {
      if (type === ColumnType.MYSQL_TYPE_NULL) reader.fail('parameter of type NULL that is not NULL');
      const value = readBinaryValue(reader, type);
      return value === null ? NULL_VALUE : { kind: 'value', value };
    }
    case BulkIndicator.NULL:
      return NULL_VALUE;
    case BulkIndicator.DEFAULT:
      return DEFAULT_VALUE;
    case BulkIndicator.IGNORE:
      return IGNORE_VALUE;
    default:
      return reader.fail('unknown indicator');
  }
}

const indicators: Readonly<Record<BulkValue['kind'], number>> = {
  value: BulkIndicator.NONE,
  null: BulkIndicator.NULL,
  default: BulkIndicator.DEFAULT,
  ignore: BulkIndicator.IGNORE,
};

/** Appends the payload, always with types. @throws RangeError when a value does not fit its type */
export function encodeComStmtBulkExecute(
  writer: BufferWriter,
  { statementId, flags, types, rows }: ComStmtBulkExecute,
): void {
  writer
    .writeInt1(Command.COM_STMT_BULK_EXECUTE)
    .writeInt4(statementId)
    .writeInt2(flags | BulkFlag.SEND_TYPES_TO_SERVER);
  for (const type of types) writeParameterType(writer, type);
  for (const row of rows) {
    if (row.length !== types.length) throw new RangeError('a row has another number of values than types');
    row.forEach((value, i) => {
      writer.writeInt1(indicators[value.kind]);
      if (value.kind === 'value') writeBinaryValue(writer, types[i]?.type ?? 0, value.value);
    });
  }
}
