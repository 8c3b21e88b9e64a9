import { connect, type Socket } from 'node:net';
import { decodeErrPacket } from '../../src/protocol/resultset/err-packet.js';
import { eventually } from './eventually.js';

/** A client that speaks bytes. */
export class RawClient {
  readonly socket: Socket;
  received = Buffer.alloc(0);
  isClosed = false;

  constructor(port: number) {
    this.socket = connect({ host: '127.0.0.1', port });
    this.socket.on('data', (chunk) => {
      this.received = Buffer.concat([this.received, chunk]);
    });
    this.socket.on('close', () => {
      this.isClosed = true;
    });
    this.socket.on('error', () => undefined);
  }

  /** The greeting has arrived. */
  async greeted(): Promise<void> {
    await eventually(() => this.received.length > 4 && this.received[4] === 10);
  }

  /** The ERR that came last, once the proxy has closed the connection. */
  async parting(): Promise<{ errorCode: number; sequenceId: number; sqlState: string | null; text: string }> {
    await eventually(() => this.isClosed);
    let offset = 0;
    for (;;) {
      const length = this.received.readUIntLE(offset, 3);
      const end = offset + 4 + length;
      if (end === this.received.length) {
        const { errorCode, sqlState, errorMessage } = decodeErrPacket(this.received.subarray(offset + 4));
        const sequenceId = this.received[offset + 3] ?? -1;
        return { errorCode, sequenceId, sqlState, text: errorMessage.toString() };
      }
      offset = end;
    }
  }
}
