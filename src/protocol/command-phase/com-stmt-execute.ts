import type { Parameter, ParameterType } from '../binary-value.js';
import { BufferReader } from '../buffer-reader.js';
import type { BufferWriter } from '../buffer-writer.js';
import { type Capabilities, Capability, has } from '../constants/capabilities.js';
import { Command } from '../constants/commands.js';
import { readParameterBlock, writeParameterBlock } from './parameters.js';

/*
 * COM_STMT_EXECUTE.
 *
 *   int<1>        0x17
 *   int<4>        statement id; MariaDB: 0xFFFFFFFF is the statement prepared last
 *   int<1>        flags
 *   int<4>        iteration count, always 1
 *   when the statement has parameters, or CLIENT_QUERY_ATTRIBUTES and the flag PARAMETER_COUNT_AVAILABLE:
 *     int<lenenc>   parameter_count, with CLIENT_QUERY_ATTRIBUTES: placeholders and attributes
 *     parameters    when there are any
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_stmt_execute.html
 */

export const ExecuteFlag = {
  CURSOR_TYPE_READ_ONLY: 0x01,
  CURSOR_TYPE_FOR_UPDATE: 0x02,
  CURSOR_TYPE_SCROLLABLE: 0x04,
  PARAMETER_COUNT_AVAILABLE: 0x08,
} as const;

const FLAGS_OFFSET = 5;
const CURSOR_TYPES =
  ExecuteFlag.CURSOR_TYPE_READ_ONLY | ExecuteFlag.CURSOR_TYPE_FOR_UPDATE | ExecuteFlag.CURSOR_TYPE_SCROLLABLE;

/** MariaDB: the statement prepared last on this connection. */
export const LAST_PREPARED_STATEMENT = 0xffff_ffff;

export interface ComStmtExecute {
  readonly statementId: number;
  /** {@link ExecuteFlag} */
  readonly flags: number;
  readonly iterationCount: number;
  readonly newParamsBindFlag: boolean;
  /** Values of the placeholders, in order. */
  readonly parameters: readonly Parameter[];
  /** What follows them: query attributes. */
  readonly attributes: readonly Parameter[];
}

export interface DecodeExecuteOptions {
  /** Placeholders of the statement, from COM_STMT_PREPARE_OK. */
  readonly numParams: number;
  /** Types of the last execution that sent any. */
  readonly previousTypes?: readonly ParameterType[] | undefined;
  /** Indexes of parameters sent with COM_STMT_SEND_LONG_DATA. */
  readonly longData?: ReadonlySet<number> | undefined;
}

/** The statement id alone: enough to find what decoding the rest needs. */
export function readStatementId(payload: Buffer): number {
  const reader = new BufferReader(payload, 1);
  return reader.readInt4();
}

/** Whether a COM_STMT_EXECUTE asks for a cursor, whose rows come with COM_STMT_FETCH. */
export function asksForCursor(payload: Buffer): boolean {
  return ((payload[FLAGS_OFFSET] ?? 0) & CURSOR_TYPES) !== 0;
}

/** @throws MalformedPacketError also when the packet carries no types and the caller knows none */
export function decodeComStmtExecute(
  payload: Buffer,
  capabilities: Capabilities,
  { numParams, previousTypes, longData }: DecodeExecuteOptions,
): ComStmtExecute {
  const reader = new BufferReader(payload);
  reader.expectInt1(Command.COM_STMT_EXECUTE, 'COM_STMT_EXECUTE');
  const statementId = reader.readInt4();
  const flags = reader.readInt1();
  const iterationCount = reader.readInt4();
  const named = has(capabilities.flags, Capability.CLIENT_QUERY_ATTRIBUTES);
  let count = numParams;
  if (named && (numParams > 0 || has(flags, ExecuteFlag.PARAMETER_COUNT_AVAILABLE))) {
    count = reader.readLengthEncodedNumber();
    if (count < numParams) reader.fail('parameter_count is less than the statement has');
  }
  if (count === 0) {
    // What follows is read by no server: MariaDB Connector/Node.js sends new_params_bind_flag without parameters too.
    return { statementId, flags, iterationCount, newParamsBindFlag: false, parameters: [], attributes: [] };
  }
  const block = readParameterBlock(reader, count, { named, previousTypes, longData });
  reader.expectEnd();
  return {
    statementId,
    flags,
    iterationCount,
    newParamsBindFlag: block.newParamsBindFlag,
    parameters: block.parameters.slice(0, numParams),
    attributes: block.parameters.slice(numParams),
  };
}

export interface EncodeExecuteOptions {
  readonly statementId: number;
  /** {@link ExecuteFlag}; PARAMETER_COUNT_AVAILABLE is set as needed. */
  readonly flags?: number;
  readonly parameters: readonly Parameter[];
  readonly attributes?: readonly Parameter[];
  readonly longData?: ReadonlySet<number> | undefined;
}

/** Appends the payload, always with types. @throws RangeError for attributes without CLIENT_QUERY_ATTRIBUTES */
export function encodeComStmtExecute(
  writer: BufferWriter,
  capabilities: Capabilities,
  { statementId, flags = 0, parameters, attributes = [], longData }: EncodeExecuteOptions,
): void {
  const named = has(capabilities.flags, Capability.CLIENT_QUERY_ATTRIBUTES);
  if (!named && attributes.length > 0) throw new RangeError('CLIENT_QUERY_ATTRIBUTES is not negotiated');
  const countAvailable = named ? ExecuteFlag.PARAMETER_COUNT_AVAILABLE : 0;
  writer
    .writeInt1(Command.COM_STMT_EXECUTE)
    .writeInt4(statementId)
    .writeInt1((flags & ~ExecuteFlag.PARAMETER_COUNT_AVAILABLE) | countAvailable)
    .writeInt4(1);
  const all = attributes.length === 0 ? parameters : [...parameters, ...attributes];
  if (named) writer.writeLengthEncodedInteger(all.length);
  if (all.length > 0) writeParameterBlock(writer, all, { named, longData });
}
