import { Readable } from 'node:stream';
import type { Connection } from 'mysql2/promise';
import type { PassingPacket } from './packet-forwarder.js';

/* Places in a conversation between proxy and server, for tests in which a connection breaks there. */

/** A value that makes a row, and with it its packet, easy to find and long. */
export const LONG = `easy-to-find-${'x'.repeat(200)}`;

const COM_QUERY = 0x03;
const COM_CHANGE_USER = 0x11;
const COM_STMT_PREPARE = 0x16;
const COM_STMT_EXECUTE = 0x17;

export type Work = (connection: Connection) => Promise<unknown>;

/** A place in a conversation, and what a client does to get there. */
export interface Place {
  readonly name: string;
  /** Without it the login itself is cut, and the client gets an ERR; otherwise its connection is lost. */
  readonly work?: Work;
  /** Whether the packet is the one at which the connection breaks; `bytes` of it still pass. */
  readonly at: (packet: PassingPacket) => boolean;
  readonly bytes?: number;
  readonly only?: 'mysql';
}

const isCommand = (packet: PassingPacket, code: number, text = ''): boolean =>
  packet.direction === 'toServer' && packet.payload[0] === code && packet.payload.includes(text);
const isAnswerTo = (packet: PassingPacket, index: number, text: string): boolean =>
  packet.direction === 'toClient' && packet.index === index && packet.command.includes(text);
const query =
  (sql: string): Work =>
  async (connection) =>
    await connection.query(sql);

export const DURING_LOGIN: readonly Place[] = [
  {
    name: 'before its greeting',
    at: ({ direction, ordinal }) => direction === 'toClient' && ordinal === 0,
  },
  {
    name: 'inside its greeting',
    at: ({ direction, ordinal }) => direction === 'toClient' && ordinal === 0,
    bytes: 30,
  },
  {
    name: 'before the handshake response reaches it',
    at: ({ direction, ordinal }) => direction === 'toServer' && ordinal === 0,
  },
  {
    name: 'after the handshake response',
    at: ({ direction, ordinal }) => direction === 'toClient' && ordinal === 1,
  },
  {
    name: 'when the password is asked for with 01 04',
    at: ({ direction, payload }) => direction === 'toClient' && payload.equals(Buffer.of(1, 4)),
    bytes: 5,
    only: 'mysql',
  },
  {
    name: 'when it is asked for its public key',
    at: ({ direction, payload }) => direction === 'toServer' && payload.equals(Buffer.of(2)),
    bytes: 5,
    only: 'mysql',
  },
  {
    name: "while the proxy's own statements prepare the key's",
    at: (packet) => isCommand(packet, COM_STMT_PREPARE, '@__tc_key'),
  },
  {
    name: "inside the answer to the proxy's own statements",
    at: (packet) => packet.direction === 'toClient' && packet.command.includes('sql_mode'),
    bytes: 6,
  },
  {
    name: 'while the proxy sets the key',
    at: (packet) => isCommand(packet, COM_STMT_EXECUTE),
    bytes: 10,
  },
];

export const IN_COMMANDS: readonly Place[] = [
  {
    name: 'before a COM_QUERY reaches it',
    work: query('SELECT 1 /* lost */'),
    at: (packet) => isCommand(packet, COM_QUERY, 'lost'),
  },
  {
    name: 'inside a COM_QUERY',
    work: query('SELECT 1 /* lost */'),
    at: (packet) => isCommand(packet, COM_QUERY, 'lost'),
    bytes: 9,
  },
  {
    name: 'before it answers a COM_QUERY on a protected table',
    work: query('SELECT email /* lost */ FROM users'),
    at: (packet) => isAnswerTo(packet, 0, 'lost'),
  },
  {
    name: 'inside the header of its answer',
    work: query('SELECT 1 /* lost */'),
    at: (packet) => isAnswerTo(packet, 0, 'lost'),
    bytes: 2,
  },
  {
    name: 'after the column count',
    work: query('SELECT email /* lost */ FROM users'),
    at: (packet) => isAnswerTo(packet, 1, 'lost'),
  },
  {
    name: 'inside a definition of a protected column',
    work: query('SELECT email /* lost */ FROM users'),
    at: (packet) => isAnswerTo(packet, 1, 'lost'),
    bytes: 20,
  },
  {
    name: 'inside a row',
    work: query('SELECT email /* lost */ FROM users'),
    at: ({ direction, payload }) => direction === 'toClient' && payload.includes(LONG),
    bytes: 100,
  },
  {
    name: 'between two results',
    work: query('SELECT 1 /* lost */; SELECT 2'),
    at: (packet) => packet.direction === 'toClient' && packet.command.includes('lost') && packet.index > 4,
  },
  {
    name: 'in the answer to COM_STMT_PREPARE on a protected table',
    work: async (connection) => await connection.prepare('SELECT email /* lost */ FROM users WHERE id > ?'),
    at: (packet) => isAnswerTo(packet, 1, 'lost'),
    bytes: 7,
  },
  {
    name: 'before it answers COM_STMT_EXECUTE on a protected table',
    work: async (connection) =>
      await connection.execute('SELECT email /* lost */ FROM users WHERE id > ?', [0]),
    at: (packet) => isCommand(packet, COM_STMT_EXECUTE),
  },
  {
    name: 'when it asks for a local file',
    work: localInfile,
    at: (packet) => packet.direction === 'toClient' && packet.payload[0] === 0xfb,
    bytes: 4,
  },
  {
    name: 'while the client sends a local file',
    work: localInfile,
    at: ({ direction, payload }) => direction === 'toServer' && payload.includes('line-7'),
    bytes: 50,
  },
  {
    name: 'before it answers COM_CHANGE_USER',
    work: async (connection) => await connection.changeUser({ user: 'nobody', password: 'x' }),
    at: (packet) => packet.direction === 'toClient' && packet.command[0] === COM_CHANGE_USER,
  },
  {
    name: 'inside the answer to COM_CHANGE_USER',
    work: async (connection) => await connection.changeUser({ user: 'nobody', password: 'x' }),
    at: (packet) => packet.direction === 'toClient' && packet.command[0] === COM_CHANGE_USER,
    bytes: 6,
  },
  {
    name: "in the answer to the proxy's own statements after COM_RESET_CONNECTION",
    work: async (connection) => await connection.reset(),
    at: (packet) => packet.direction === 'toClient' && packet.command.includes('sql_mode'),
    bytes: 3,
  },
];

/** LOAD DATA LOCAL of a file that trickles. */
async function localInfile(connection: Connection): Promise<unknown> {
  async function* lines(): AsyncGenerator<Buffer> {
    for (let i = 0; i < 200; i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 3));
      yield Buffer.from(`${i}\tline-${i}-${'y'.repeat(200)}\n`);
    }
  }
  return await connection.query({
    sql: "LOAD DATA LOCAL INFILE 'letters' INTO TABLE letters",
    infileStreamFactory: () => Readable.from(lines()),
  });
}
