import {
  isNull,
  nullBitmapLength,
  type Parameter,
  type ParameterType,
  readBinaryValue,
  readParameterType,
  writeBinaryValue,
  writeParameterType,
} from '../binary-value.js';
import type { BufferReader } from '../buffer-reader.js';
import type { BufferWriter } from '../buffer-writer.js';
import { ColumnType } from '../constants/column-types.js';

/*
 * The block of parameters that COM_STMT_EXECUTE and COM_QUERY share.
 *
 *   binary<(count + 7) / 8>   null bitmap
 *   int<1>                    new_params_bind_flag
 *   int<2>                    type             } per parameter, when the flag is 1;
 *   string<lenenc>            parameter name   } the name only with CLIENT_QUERY_ATTRIBUTES
 *   binary                    value, per parameter that is neither NULL nor sent before as long data
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_stmt_execute.html
 */

/** The server takes no more placeholders than this. */
export const MAX_PARAMETERS = 65_535;

export interface ParameterBlockOptions {
  /** CLIENT_QUERY_ATTRIBUTES is negotiated: each type is followed by a name. */
  readonly named: boolean;
  /** Types of the previous execution, for a packet without types of its own. */
  readonly previousTypes?: readonly ParameterType[] | undefined;
  /** Indexes of parameters whose value came with COM_STMT_SEND_LONG_DATA: their place in the packet is empty. */
  readonly longData?: ReadonlySet<number> | undefined;
}

export interface ParameterBlock {
  readonly newParamsBindFlag: boolean;
  /** In order; `value` of one sent as long data is an empty buffer. */
  readonly parameters: readonly Parameter[];
}

const NOTHING = Buffer.alloc(0);

/** @throws MalformedPacketError when types are needed and neither the packet nor the caller has them */
export function readParameterBlock(
  reader: BufferReader,
  count: number,
  { named, previousTypes, longData }: ParameterBlockOptions,
): ParameterBlock {
  if (count > MAX_PARAMETERS) reader.fail('too many parameters');
  const nullBitmap = reader.readBuffer(nullBitmapLength(count));
  const bindFlag = reader.readInt1();
  if (bindFlag > 1) reader.fail('new_params_bind_flag is neither 0 nor 1');
  const newParamsBindFlag = bindFlag === 1;
  const types: { type: ParameterType; name: Buffer }[] = [];
  for (let i = 0; i < count; i += 1) {
    if (newParamsBindFlag) {
      const type = readParameterType(reader);
      types.push({ type, name: named ? reader.readLengthEncodedBuffer() : NOTHING });
    } else {
      const type = previousTypes?.[i] ?? reader.fail('parameter without a type');
      types.push({ type, name: NOTHING });
    }
  }
  const parameters = types.map(({ type, name }, i): Parameter => {
    if (longData?.has(i) === true) return { ...type, name, value: NOTHING };
    if (isNull(nullBitmap, i)) return { ...type, name, value: null };
    // Servers read a value of this type as a string: without its null bit the two of us would disagree.
    if (type.type === ColumnType.MYSQL_TYPE_NULL) reader.fail('parameter of type NULL that is not NULL');
    return { ...type, name, value: readBinaryValue(reader, type.type) };
  });
  return { newParamsBindFlag, parameters };
}

/** Appends the block with types. A parameter sent as long data is named in `longData`. */
export function writeParameterBlock(
  writer: BufferWriter,
  parameters: readonly Parameter[],
  { named, longData }: ParameterBlockOptions,
): void {
  const nullBitmap = Buffer.alloc(nullBitmapLength(parameters.length));
  parameters.forEach((parameter, i) => {
    if (parameter.value === null) nullBitmap[i >> 3] = (nullBitmap[i >> 3] ?? 0) | (1 << (i & 7));
  });
  writer.writeBuffer(nullBitmap).writeInt1(1);
  for (const parameter of parameters) {
    writeParameterType(writer, parameter);
    if (named) writer.writeLengthEncodedBuffer(parameter.name);
  }
  parameters.forEach((parameter, i) => {
    if (parameter.value === null || longData?.has(i) === true) return;
    writeBinaryValue(writer, parameter.type, parameter.value);
  });
}

/** A parameter of bytes: a key, a ciphertext. */
export function blobParameter(value: Buffer): Parameter {
  return { type: ColumnType.MYSQL_TYPE_BLOB, unsigned: false, name: NOTHING, value };
}

/** A parameter of text in the connection's character set (UTF-8). */
export function stringParameter(value: string): Parameter {
  return {
    type: ColumnType.MYSQL_TYPE_VAR_STRING,
    unsigned: false,
    name: NOTHING,
    value: Buffer.from(value),
  };
}

/** A signed 64-bit parameter. */
export function integerParameter(value: bigint): Parameter {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigInt64LE(value);
  return { type: ColumnType.MYSQL_TYPE_LONGLONG, unsigned: false, name: NOTHING, value: bytes };
}

export function nullParameter(): Parameter {
  return { type: ColumnType.MYSQL_TYPE_NULL, unsigned: false, name: NOTHING, value: null };
}
