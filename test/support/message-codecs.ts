import type { ParameterType } from '../../src/protocol/binary-value.js';
import { BufferWriter } from '../../src/protocol/buffer-writer.js';
import {
  decodeComChangeUser,
  encodeComChangeUser,
} from '../../src/protocol/command-phase/com-change-user.js';
import { decodeComFieldList, encodeComFieldList } from '../../src/protocol/command-phase/com-field-list.js';
import { decodeComInitDb, encodeComInitDb } from '../../src/protocol/command-phase/com-init-db.js';
import { decodeComQuery, encodeComQuery } from '../../src/protocol/command-phase/com-query.js';
import { decodeComSetOption, encodeComSetOption } from '../../src/protocol/command-phase/com-set-option.js';
import {
  decodeComStmtBulkExecute,
  encodeComStmtBulkExecute,
} from '../../src/protocol/command-phase/com-stmt-bulk-execute.js';
import {
  decodeComStmtExecute,
  encodeComStmtExecute,
} from '../../src/protocol/command-phase/com-stmt-execute.js';
import {
  decodeComStmtPrepare,
  encodeComStmtPrepare,
} from '../../src/protocol/command-phase/com-stmt-prepare.js';
import {
  decodeComStmtPrepareOk,
  encodeComStmtPrepareOk,
} from '../../src/protocol/command-phase/com-stmt-prepare-ok.js';
import {
  decodeComStmtSendLongData,
  encodeComStmtSendLongData,
} from '../../src/protocol/command-phase/com-stmt-send-long-data.js';
import {
  decodeComStmtClose,
  decodeComStmtFetch,
  decodeComStmtReset,
  encodeComStmtClose,
  encodeComStmtFetch,
  encodeComStmtReset,
} from '../../src/protocol/command-phase/com-stmt-simple.js';
import {
  decodeAuthMoreData,
  encodeAuthMoreData,
} from '../../src/protocol/connection-phase/auth-more-data.js';
import {
  decodeAuthSwitchRequest,
  encodeAuthSwitchRequest,
} from '../../src/protocol/connection-phase/auth-switch-request.js';
import {
  decodeHandshakeResponse41,
  encodeHandshakeResponse41,
} from '../../src/protocol/connection-phase/handshake-response-41.js';
import { decodeHandshakeV10, encodeHandshakeV10 } from '../../src/protocol/connection-phase/handshake-v10.js';
import { decodeSslRequest, encodeSslRequest } from '../../src/protocol/connection-phase/ssl-request.js';
import type { Capabilities } from '../../src/protocol/constants/capabilities.js';
import {
  decodeBinaryResultsetRow,
  encodeBinaryResultsetRow,
} from '../../src/protocol/resultset/binary-resultset-row.js';
import { decodeColumnCount, encodeColumnCount } from '../../src/protocol/resultset/column-count.js';
import {
  decodeColumnDefinition41,
  encodeColumnDefinition41,
} from '../../src/protocol/resultset/column-definition-41.js';
import { decodeEofPacket, encodeEofPacket } from '../../src/protocol/resultset/eof-packet.js';
import { decodeErrPacket, encodeErrPacket } from '../../src/protocol/resultset/err-packet.js';
import {
  decodeLocalInfileRequest,
  encodeLocalInfileRequest,
} from '../../src/protocol/resultset/local-infile-request.js';
import { decodeOkPacket, encodeOkPacket } from '../../src/protocol/resultset/ok-packet.js';
import {
  decodeTextResultsetRow,
  encodeTextResultsetRow,
} from '../../src/protocol/resultset/text-resultset-row.js';

/** What a payload needs beside its bytes: of executions the types of their parameters, of rows those of their columns. */
export interface MessageContext {
  readonly capabilities: Capabilities;
  readonly types: readonly number[];
}

/** A decoder and the encoder that belongs to it. */
export interface MessageCodec {
  decode(payload: Buffer, context: MessageContext): unknown;
  /** The bytes of what was decoded. */
  again(payload: Buffer, context: MessageContext): Buffer;
}

function codec<T>(
  decode: (payload: Buffer, context: MessageContext) => T,
  encode: (writer: BufferWriter, message: T, context: MessageContext, payload: Buffer) => void,
): MessageCodec {
  return {
    decode,
    again: (payload, context) => {
      const writer = new BufferWriter(16);
      encode(writer, decode(payload, context), context, payload);
      return writer.toBuffer();
    },
  };
}

/** Most messages need no context. */
function plain<T>(
  decode: (payload: Buffer) => T,
  encode: (writer: BufferWriter, message: T) => void,
): MessageCodec {
  return codec<T>(decode, encode);
}

function negotiated<T>(
  decode: (payload: Buffer, capabilities: Capabilities) => T,
  encode: (writer: BufferWriter, message: T, capabilities: Capabilities) => void,
): MessageCodec {
  return codec<T>(
    (payload, { capabilities }) => decode(payload, capabilities),
    (writer, message, { capabilities }) => encode(writer, message, capabilities),
  );
}

const parameterTypes = ({ types }: MessageContext): ParameterType[] =>
  types.map((type) => ({ type: type & 0xff, unsigned: type > 0xff }));

/** Every message that src/protocol reads, by the manual's name. */
export const MESSAGES: Readonly<Record<string, MessageCodec>> = {
  HandshakeV10: plain(decodeHandshakeV10, encodeHandshakeV10),
  SslRequest: plain(decodeSslRequest, encodeSslRequest),
  HandshakeResponse41: plain(decodeHandshakeResponse41, encodeHandshakeResponse41),
  AuthSwitchRequest: plain(decodeAuthSwitchRequest, encodeAuthSwitchRequest),
  AuthMoreData: plain(decodeAuthMoreData, encodeAuthMoreData),
  ComQuery: codec(
    (payload, { capabilities }) => decodeComQuery(payload, capabilities),
    (writer, { statementOffset, attributes }, { capabilities }, payload) =>
      encodeComQuery(writer, payload.subarray(statementOffset), capabilities, attributes),
  ),
  ComInitDb: plain(decodeComInitDb, encodeComInitDb),
  ComFieldList: plain(decodeComFieldList, encodeComFieldList),
  ComChangeUser: negotiated(decodeComChangeUser, encodeComChangeUser),
  ComSetOption: plain(decodeComSetOption, encodeComSetOption),
  ComStmtPrepare: plain(decodeComStmtPrepare, encodeComStmtPrepare),
  ComStmtPrepareOk: negotiated(decodeComStmtPrepareOk, encodeComStmtPrepareOk),
  ComStmtExecute: codec(
    (payload, context) =>
      decodeComStmtExecute(payload, context.capabilities, {
        numParams: context.types.length,
        previousTypes: parameterTypes(context),
      }),
    (writer, message, { capabilities }) => encodeComStmtExecute(writer, capabilities, message),
  ),
  ComStmtBulkExecute: codec(
    (payload, context) =>
      decodeComStmtBulkExecute(payload, {
        numParams: context.types.length,
        previousTypes: parameterTypes(context),
      }),
    encodeComStmtBulkExecute,
  ),
  ComStmtSendLongData: plain(decodeComStmtSendLongData, encodeComStmtSendLongData),
  ComStmtClose: plain(decodeComStmtClose, encodeComStmtClose),
  ComStmtReset: plain(decodeComStmtReset, encodeComStmtReset),
  ComStmtFetch: plain(decodeComStmtFetch, encodeComStmtFetch),
  OkPacket: negotiated(decodeOkPacket, encodeOkPacket),
  ErrPacket: plain(decodeErrPacket, encodeErrPacket),
  EofPacket: plain(decodeEofPacket, encodeEofPacket),
  LocalInfileRequest: plain(decodeLocalInfileRequest, encodeLocalInfileRequest),
  ColumnCount: negotiated(decodeColumnCount, (writer, count) => encodeColumnCount(writer, count)),
  ColumnDefinition41: negotiated(decodeColumnDefinition41, encodeColumnDefinition41),
  TextResultsetRow: codec(
    (payload, { types }) => decodeTextResultsetRow(payload, types.length),
    encodeTextResultsetRow,
  ),
  BinaryResultsetRow: codec(
    (payload, { types }) => decodeBinaryResultsetRow(payload, types),
    (writer, values, { types }) => encodeBinaryResultsetRow(writer, types, values),
  ),
};
