import { BufferWriter } from '../protocol/buffer-writer.js';
import { encodeComStmtPrepareOk } from '../protocol/command-phase/com-stmt-prepare-ok.js';
import { type Capabilities, Capability, has } from '../protocol/constants/capabilities.js';
import { MalformedPacketError } from '../protocol/malformed-packet-error.js';
import { appendPacket } from '../protocol/packet-writer.js';
import { encodeEofPacket } from '../protocol/resultset/eof-packet.js';
import type { PreparedStatement } from './prepared-statement.js';

/** Bytes of one statement's definitions; 4,096 columns with the longest names have some three million. */
const MAX_DEFINITIONS = 64 * 1024 * 1024;

/** What arrives of the answer to a rewritten COM_STMT_PREPARE, which the client gets changed. */
export class PrepareAnswer {
  numColumns = 0;
  warningCount = 0;
  metadataFollows = true;
  statusFlags = 0;
  readonly parameters: Buffer[] = [];
  readonly columns: Buffer[] = [];
  error: Buffer | null = null;
  /** What the client expects its first packet to be numbered. */
  readonly sequenceId: number;
  #kept = 0;

  constructor(sequenceId: number) {
    this.sequenceId = sequenceId & 0xff;
  }

  /** @throws MalformedPacketError for definitions without an end */
  keep(list: Buffer[], definition: Buffer): void {
    this.#kept += definition.length;
    if (this.#kept > MAX_DEFINITIONS) throw new MalformedPacketError('definitions without an end', 0);
    list.push(Buffer.from(definition));
  }

  /** The client's view: its own parameters in its own order. */
  packets(statement: PreparedStatement, clientCapabilities: Capabilities): Buffer {
    const packets = new BufferWriter(1024);
    const payload = new BufferWriter();
    let { sequenceId } = this;
    const add = (bytes: Buffer): void => {
      appendPacket(packets, bytes, sequenceId);
      sequenceId = (sequenceId + 1) & 0xff;
    };
    if (this.error !== null) {
      add(this.error);
      return packets.view();
    }
    const { numParams, clientId, parameters } = statement;
    encodeComStmtPrepareOk(
      payload,
      {
        statementId: clientId,
        numColumns: this.numColumns,
        numParams,
        warningCount: this.warningCount,
        metadataFollows: this.metadataFollows,
      },
      clientCapabilities,
    );
    add(payload.view());
    const hasEof = !has(clientCapabilities.flags, Capability.CLIENT_DEPRECATE_EOF);
    const eof = new BufferWriter();
    encodeEofPacket(eof, { warnings: 0, statusFlags: this.statusFlags });
    const definitions = new Map<number, Buffer | undefined>();
    for (const [index, target] of parameters.entries()) {
      if (target.source !== 'client' || definitions.has(target.ordinal)) continue;
      definitions.set(target.ordinal, this.parameters[index]);
    }
    for (let ordinal = 0; ordinal < numParams && this.metadataFollows; ordinal += 1) {
      add(definitions.get(ordinal) ?? this.parameters[0] ?? Buffer.alloc(0));
    }
    if (numParams > 0 && hasEof) add(eof.view());
    for (const column of this.columns) add(column);
    if (this.numColumns > 0 && hasEof) add(eof.view());
    return packets.view();
  }
}
