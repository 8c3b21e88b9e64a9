import { BufferReader } from '../buffer-reader.js';
import type { BufferWriter } from '../buffer-writer.js';
import { type Capabilities, Capability, has } from '../constants/capabilities.js';

/*
 * COM_STMT_PREPARE_OK, the first packet of the answer to COM_STMT_PREPARE. Definitions of num_params parameters and then
 * of num_columns columns follow, each list with an EOF after it unless its count is 0 or CLIENT_DEPRECATE_EOF is set.
 * Where metadata_follows is 0 the definitions are left out and the EOFs stay.
 *
 *   int<1>   0x00
 *   int<4>   statement id
 *   int<2>   num_columns
 *   int<2>   num_params
 *   int<1>   filler, 0
 *   int<2>   warning count
 *   int<1>   metadata_follows, with CLIENT_OPTIONAL_RESULTSET_METADATA
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_stmt_prepare.html#sect_protocol_com_stmt_prepare_response_ok
 */

export interface ComStmtPrepareOk {
  readonly statementId: number;
  readonly numColumns: number;
  readonly numParams: number;
  readonly warningCount: number;
  /** Whether the definitions follow; always so without CLIENT_OPTIONAL_RESULTSET_METADATA. */
  readonly metadataFollows: boolean;
}

export function decodeComStmtPrepareOk(payload: Buffer, { flags }: Capabilities): ComStmtPrepareOk {
  const reader = new BufferReader(payload);
  reader.expectInt1(0x00, 'COM_STMT_PREPARE_OK');
  const statementId = reader.readInt4();
  const numColumns = reader.readInt2();
  const numParams = reader.readInt2();
  reader.skip(1);
  const warningCount = reader.readInt2();
  const metadataFollows = has(flags, Capability.CLIENT_OPTIONAL_RESULTSET_METADATA)
    ? reader.readInt1() === 1
    : true;
  reader.expectEnd();
  return { statementId, numColumns, numParams, warningCount, metadataFollows };
}

/** Appends the payload. */
export function encodeComStmtPrepareOk(
  writer: BufferWriter,
  message: ComStmtPrepareOk,
  { flags }: Capabilities,
): void {
  writer
    .writeInt1(0x00)
    .writeInt4(message.statementId)
    .writeInt2(message.numColumns)
    .writeInt2(message.numParams)
    .writeInt1(0)
    .writeInt2(message.warningCount);
  if (has(flags, Capability.CLIENT_OPTIONAL_RESULTSET_METADATA))
    writer.writeInt1(message.metadataFollows ? 1 : 0);
}
