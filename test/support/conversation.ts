import type { Connection } from 'mysql2/promise';
import mysql from 'mysql2/promise';
import { type PassingPacket, startPacketForwarder } from './packet-forwarder.js';

/** What a driver said and was told, packet by packet, with headers. */
export interface Conversation {
  /** HandshakeResponse41, and the answer to an AuthSwitchRequest where there is one. */
  readonly login: readonly Buffer[];
  /** A packet each, from the first command on; without COM_QUIT. */
  readonly commands: readonly Buffer[];
  readonly packets: readonly PassingPacket[];
}

/**
 * Records mysql2 as it logs in without a password and does some work: nothing in these bytes depends on the server's
 * nonce, so that they can be said again.
 */
export async function recordConversation(
  port: number,
  options: mysql.ConnectionOptions,
  work: (connection: Connection) => Promise<void>,
): Promise<Conversation> {
  const forwarder = await startPacketForwarder(port);
  const packets: PassingPacket[] = [];
  forwarder.inspect = (packet) => {
    packets.push({ ...packet, bytes: Buffer.from(packet.bytes), payload: Buffer.from(packet.payload) });
    return 'pass';
  };
  try {
    const connection = await mysql.createConnection({
      host: '127.0.0.1',
      port: forwarder.port,
      password: '',
      ...options,
    });
    const toServer = (): Buffer[] =>
      packets.filter(({ direction }) => direction === 'toServer').map(({ bytes }) => bytes);
    const login = toServer();
    await work(connection);
    const commands = toServer().slice(login.length);
    connection.destroy();
    return { login, commands, packets };
  } finally {
    await forwarder.close();
  }
}

const COM_STMT_EXECUTE = 0x17;
const COM_STMT_FETCH = 0x1c;

/** MariaDB numbers statements server-wide: commands on a statement get the id that means the one prepared last. */
export function withLastStatement(commands: readonly Buffer[]): Buffer[] {
  return commands.map((command) => {
    const code = command[4] ?? 0;
    if (code < COM_STMT_EXECUTE || code > COM_STMT_FETCH || code === 0x19 || code === 0x1b) return command;
    const copy = Buffer.from(command);
    copy.writeUInt32LE(0xffff_ffff, 5);
    return copy;
  });
}
