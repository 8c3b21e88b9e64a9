import type { Parameter } from '../binary-value.js';
import { BufferReader } from '../buffer-reader.js';
import type { BufferWriter } from '../buffer-writer.js';
import { type Capabilities, Capability, has } from '../constants/capabilities.js';
import { Command } from '../constants/commands.js';
import { readParameterBlock, writeParameterBlock } from './parameters.js';

/*
 * COM_QUERY.
 *
 *   int<1>        0x03
 *   with CLIENT_QUERY_ATTRIBUTES:
 *     int<lenenc>   parameter_count
 *     int<lenenc>   parameter_set_count, always 1
 *     parameters    when parameter_count > 0; new_params_bind_flag always 1
 *   string<EOF>   statement
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_query.html
 */

export interface ComQuery {
  /** Where the statement begins in the payload; it ends with the payload. */
  readonly statementOffset: number;
  readonly attributes: readonly Parameter[];
}

const NO_ATTRIBUTES: readonly Parameter[] = [];

/**
 * @param capabilities as negotiated on the client's leg: what the client set beyond the greeting does not count
 * @throws MalformedPacketError
 */
export function decodeComQuery(payload: Buffer, capabilities: Capabilities): ComQuery {
  const reader = new BufferReader(payload);
  reader.expectInt1(Command.COM_QUERY, 'COM_QUERY');
  if (!has(capabilities.flags, Capability.CLIENT_QUERY_ATTRIBUTES)) {
    return { statementOffset: reader.offset, attributes: NO_ATTRIBUTES };
  }
  const count = reader.readLengthEncodedNumber();
  if (reader.readLengthEncodedNumber() !== 1) reader.fail('parameter_set_count is not 1');
  if (count === 0) return { statementOffset: reader.offset, attributes: NO_ATTRIBUTES };
  const { parameters } = readParameterBlock(reader, count, { named: true });
  return { statementOffset: reader.offset, attributes: parameters };
}

/** Appends the payload. @throws RangeError for attributes that the capabilities do not allow to be sent */
export function encodeComQuery(
  writer: BufferWriter,
  statement: Uint8Array,
  capabilities: Capabilities,
  attributes: readonly Parameter[] = NO_ATTRIBUTES,
): void {
  writer.writeInt1(Command.COM_QUERY);
  if (has(capabilities.flags, Capability.CLIENT_QUERY_ATTRIBUTES)) {
    writer.writeLengthEncodedInteger(attributes.length).writeInt1(1);
    if (attributes.length > 0) writeParameterBlock(writer, attributes, { named: true });
  } else if (attributes.length > 0) {
    throw new RangeError('CLIENT_QUERY_ATTRIBUTES is not negotiated');
  }
  writer.writeBuffer(statement);
}
