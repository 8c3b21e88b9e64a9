import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type ReadPacket, readCompressed } from './compressed-wire.js';
import { eventually } from './eventually.js';
import { int, nul, packet } from './wire.js';

/** LONG_PASSWORD, COMPRESS, PROTOCOL_41, SECURE_CONNECTION, MULTI_RESULTS, PLUGIN_AUTH. */
const FLAGS = 0x0000_0001 | 0x20 | 0x0200 | 0x8000 | 0x2_0000 | 0x8_0000;

/** A client that compresses and writes every byte by hand. Without TLS, with an account that has no password. */
export class RawCompressed {
  isClosed = false;
  readonly #socket: Socket;
  readonly #chunks: Buffer[] = [];

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#chunks.push(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.isClosed = true;
    });
  }

  static async open(port: number, kind: 'mariadb' | 'mysql', user: string): Promise<RawCompressed> {
    const socket = connect({ host: '127.0.0.1', port });
    const client = new RawCompressed(socket);
    await once(socket, 'connect');
    await eventually(() => client.#chunks.length > 0);
    client.#chunks.length = 0;
    const plugin = kind === 'mariadb' ? 'mysql_native_password' : 'caching_sha2_password';
    client.send(
      Buffer.from(
        packet(1, [
          ...int(4, FLAGS),
          ...int(4, 0x100_0000),
          45,
          ...int(23, 0),
          ...nul(user),
          0,
          ...nul(plugin),
        ]),
      ),
    );
    await eventually(() => client.#chunks.length > 0);
    const answer = Buffer.concat(client.#chunks.splice(0));
    if (answer[4] !== 0) throw new Error(`no login: ${answer.toString('latin1')}`);
    return client;
  }

  send(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Bytes that came after the login. */
  get length(): number {
    return this.#chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  }

  /** What came after the login. @throws Error inside a packet */
  packets(): ReadPacket[] {
    return readCompressed(Buffer.concat(this.#chunks));
  }

  /** Waits for so many bytes inside the compressed packets. @returns those bytes */
  async read(length: number): Promise<Buffer> {
    let bytes = Buffer.alloc(0);
    await eventually(() => {
      try {
        bytes = Buffer.concat(this.packets().map((one) => one.bytes));
      } catch {
        return false;
      }
      return bytes.length >= length;
    });
    return bytes;
  }
}
