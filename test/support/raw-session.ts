import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { SqlServerAddress } from '../servers/sql-server.js';
import { int, nul } from './wire.js';

/** PROTOCOL_41, SECURE_CONNECTION, CONNECT_WITH_DB, LOCAL_FILES, multi results, PLUGIN_AUTH. */
const BASE = 0x0000_0001 | 0x0008 | 0x0080 | 0x0200 | 0x8000 | 0x2_0000 | 0x8_0000;

/** Flags to add to a session's. */
export const Flag = {
  multiStatements: 0x1_0000,
  psMultiResults: 0x4_0000,
  sessionTrack: 0x80_0000,
  deprecateEof: 0x100_0000,
  queryAttributes: 0x800_0000,
} as const;

export interface RawPacket {
  readonly sequenceId: number;
  readonly payload: Buffer;
}

export interface RawSessionOptions {
  readonly port: number;
  /** An account without a password. */
  readonly user: string;
  readonly database: string;
  /** Of {@link Flag}. */
  readonly flags?: number;
  /** MariaDB's extended capabilities, from bit 32 on. */
  readonly mariadbFlags?: number;
}

const MAX_PACKET = 0xff_ffff;

/** Longer than any answer of these tests takes. */
const PATIENCE_MS = 10_000;

/**
 * A client that speaks the protocol by hand, knows nothing of what it is told beyond the end of a response, and so sees
 * every byte. Without TLS, with an account that has no password.
 */
export class RawSession {
  readonly #socket: Socket;
  readonly #flags: number;
  /** What has arrived and was not taken. */
  #chunks: Buffer[] = [];
  #length = 0;
  #wake: () => void = () => undefined;
  #isClosed = false;
  #connectionId = 0;

  private constructor(socket: Socket, flags: number) {
    this.#socket = socket;
    this.#flags = flags;
    socket.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#length += chunk.length;
      this.#wake();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#isClosed = true;
      this.#wake();
    });
  }

  static async open(server: Pick<SqlServerAddress, 'kind'>, options: RawSessionOptions): Promise<RawSession> {
    const socket = connect(options.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.setNoDelay(true);
    const { mariadbFlags = 0 } = options;
    // Who has extended ones says that it is no client of MySQL's: CLIENT_LONG_PASSWORD.
    const flags = ((mariadbFlags === 0 ? BASE : BASE & ~1) | (options.flags ?? 0)) >>> 0;
    const session = new RawSession(socket, flags);
    const greeting = (await session.packet()).payload;
    session.#connectionId = greeting.readUInt32LE(greeting.indexOf(0) + 1);
    const plugin = server.kind === 'mariadb' ? 'mysql_native_password' : 'caching_sha2_password';
    session.send(1, [
      ...int(4, flags),
      ...int(4, 0x100_0000),
      45,
      ...int(19, 0),
      ...int(4, mariadbFlags),
      ...nul(options.user),
      0,
      ...nul(options.database),
      ...nul(plugin),
    ]);
    const answer = await session.packet();
    if (answer.payload[0] !== 0) throw new Error(`no login: ${answer.payload.toString('latin1')}`);
    return session;
  }

  /** From the greeting. */
  get connectionId(): number {
    return this.#connectionId;
  }

  /** Whether definitions are followed by rows at once. */
  get isWithoutEof(): boolean {
    return (this.#flags & Flag.deprecateEof) !== 0;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** A payload of 16 MiB and more becomes several packets. */
  send(sequenceId: number, payload: readonly number[] | Buffer): void {
    const bytes = Buffer.from(payload);
    for (let at = 0, id = sequenceId; at <= bytes.length; at += MAX_PACKET, id += 1) {
      const body = bytes.subarray(at, at + MAX_PACKET);
      this.#socket.write(Buffer.concat([Buffer.from(int(3, body.length)), Buffer.of(id % 256)]));
      this.#socket.write(body);
    }
  }

  /** COM_QUERY, and all packets of its response. @param attributes as they stand between command and statement */
  async query(sql: string | Buffer, attributes: readonly number[] = []): Promise<RawPacket[]> {
    this.sendQuery(sql, attributes);
    return await this.response();
  }

  sendQuery(sql: string | Buffer, attributes: readonly number[] = []): void {
    const none = (this.#flags & Flag.queryAttributes) !== 0 && attributes.length === 0 ? [0, 1] : [];
    this.send(0, Buffer.concat([Buffer.of(3, ...attributes, ...none), Buffer.from(sql)]));
  }

  /** A command whose response is one packet. */
  async command(payload: readonly number[]): Promise<Buffer> {
    this.send(0, payload);
    return (await this.packet()).payload;
  }

  /** All packets of a response that can hold several results; it ends early where a file is asked for. */
  async response(): Promise<RawPacket[]> {
    const packets: RawPacket[] = [];
    const next = async (): Promise<Buffer> => {
      const one = await this.packet();
      packets.push(one);
      return one.payload;
    };
    for (let more = true; more; ) {
      const first = await next();
      if (first[0] === 0xff || first[0] === 0xfb) break;
      if (first[0] === 0) {
        more = (statusOfOk(first) & 8) !== 0;
        continue;
      }
      for (let column = 0; column < (first[0] ?? 0); column += 1) await next();
      if ((this.#flags & Flag.deprecateEof) === 0) await next();
      let last = await next();
      while (last[0] !== 0xff && !(last[0] === 0xfe && last.length < 0xff_ffff)) last = await next();
      if (last[0] === 0xff) break;
      more = (((this.#flags & Flag.deprecateEof) === 0 ? last.readUInt16LE(3) : statusOfOk(last)) & 8) !== 0;
    }
    return packets;
  }

  /** The next packet. @throws Error when none comes or the connection is closed */
  async packet(): Promise<RawPacket> {
    const header = await this.#take(4);
    return { sequenceId: header[3] ?? 0, payload: await this.#take(header.readUIntLE(0, 3)) };
  }

  destroy(): void {
    this.#socket.destroy();
  }

  async #take(length: number): Promise<Buffer> {
    const end = performance.now() + PATIENCE_MS;
    while (this.#length < length) {
      if (this.#isClosed) throw new Error('the connection is closed');
      if (performance.now() > end) throw new Error('waited in vain for a packet');
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 500);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    const [first] = this.#chunks;
    const whole = first !== undefined && first.length >= length ? first : Buffer.concat(this.#chunks);
    this.#chunks =
      whole === first ? [whole.subarray(length), ...this.#chunks.slice(1)] : [whole.subarray(length)];
    this.#length -= length;
    return whole.subarray(0, length);
  }
}

/** Status flags of an OK, behind its two counts. */
function statusOfOk(payload: Buffer): number {
  let at = 1;
  for (let count = 0; count < 2; count += 1) at += { 252: 3, 253: 4, 254: 9 }[payload[at] ?? 0] ?? 1;
  return payload.readUInt16LE(at);
}
