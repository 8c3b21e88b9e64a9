import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { ZLIB } from '../../../src/protocol/compression/compression.js';
import { MalformedPacketError } from '../../../src/protocol/malformed-packet-error.js';
import { CompressedConnection } from '../../../src/session/compression/compressed-connection.js';
import { readCompressed, storedPacket, zlibPacket } from '../../support/compressed-wire.js';
import { eventually } from '../../support/eventually.js';
import { int, packet, splits, text } from '../../support/wire.js';

const OK = Buffer.from(packet(2, [0, 0, 0, 2, 0, 0, 0]));

/** A socket's place: what is written to it is kept, what it gives is pushed. */
class FakeSocket extends Duplex {
  readonly written: Buffer[] = [];
  /** Calls back only when told to. */
  isStuck = false;
  #callback: (() => void) | null = null;

  constructor() {
    super({ allowHalfOpen: true, highWaterMark: 16 * 1024 });
    this.pause();
  }

  override _read(): void {
    // Pushed by the test.
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.written.push(chunk);
    if (this.isStuck) this.#callback = done;
    else done();
  }

  flow(): void {
    this.isStuck = false;
    const callback = this.#callback;
    this.#callback = null;
    callback?.();
  }

  get bytes(): Buffer {
    return Buffer.concat(this.written);
  }
}

interface Pair {
  readonly socket: FakeSocket;
  readonly connection: CompressedConnection;
  readonly chunks: Buffer[];
  readonly malformed: unknown[];
}

function pair(unread: Buffer = Buffer.alloc(0)): Pair {
  const socket = new FakeSocket();
  const connection = new CompressedConnection(socket, ZLIB, unread);
  const chunks: Buffer[] = [];
  const malformed: unknown[] = [];
  connection.on('data', (chunk: Buffer) => chunks.push(chunk));
  connection.on('malformed', (error) => malformed.push(error));
  connection.on('error', () => undefined);
  return { socket, connection, chunks, malformed };
}

const written = async (connection: CompressedConnection, ...parts: Buffer[]): Promise<void> => {
  connection.cork();
  const all = parts.map(
    (part) => new Promise<void>((resolve) => void connection.write(part, () => resolve())),
  );
  connection.uncork();
  await Promise.all(all);
};

/** What the client gets after the login, as compressed packets. */
/** An ordinary packet. */
const inner = (body: Buffer): Buffer => Buffer.concat([Buffer.from([...int(3, body.length), 1]), body]);

const packetsAfterLogin = (socket: FakeSocket): ReturnType<typeof readCompressed> =>
  readCompressed(socket.bytes.subarray(OK.length));

describe('CompressedConnection, reading', () => {
  const query = packet(0, [3, ...text('SELECT 1')]);
  const long = packet(0, [3, ...text(`SELECT '${'x'.repeat(300)}'`)]);

  it('gives what the compressed packets hold, however they are split', async () => {
    const stream = Buffer.concat([
      storedPacket(0, query),
      zlibPacket(0, long.slice(0, 100)),
      storedPacket(1, []),
      zlibPacket(1, long.slice(100)),
    ]);
    for (const parts of splits(stream)) {
      const { socket, chunks, malformed } = pair();
      for (const part of parts) socket.push(part);
      const whole = Buffer.from([...query, ...long]);
      await eventually(() => Buffer.concat(chunks).length === whole.length);
      expect(Buffer.concat(chunks).equals(whole)).toBe(true);
      expect(malformed).toEqual([]);
    }
  });

  it('takes what was read before it', async () => {
    const stream = storedPacket(0, query);
    const { socket, chunks } = pair(stream.subarray(0, 5));
    socket.push(stream.subarray(5));
    await eventually(() => chunks.length > 0);
    expect(Buffer.concat(chunks)).toEqual(Buffer.from(query));
  });

  it('keeps the order where a long packet is decompressed in another thread', async () => {
    const big = Buffer.alloc(500_000, 'ab');
    const { socket, chunks } = pair();
    socket.push(
      Buffer.concat([storedPacket(0, [1]), zlibPacket(1, big), storedPacket(2, [2]), zlibPacket(3, long)]),
    );
    socket.push(null);
    const whole = Buffer.concat([Buffer.of(1), big, Buffer.of(2), Buffer.from(long)]);
    await eventually(() => Buffer.concat(chunks).length === whole.length);
    expect(Buffer.concat(chunks).equals(whole)).toBe(true);
  });

  it('decompresses no more than the reader takes', async () => {
    const { socket, connection, chunks } = pair();
    connection.pause();
    const bomb = zlibPacket(0, Buffer.alloc(1_000_000));
    socket.push(Buffer.concat(Array.from({ length: 20 }, () => bomb)));
    await eventually(() => connection.readableLength > 0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(connection.readableLength).toBe(1_000_000);
    expect(socket.isPaused()).toBe(true);
    connection.resume();
    await eventually(() => chunks.reduce((sum, chunk) => sum + chunk.length, 0) === 20_000_000);
  });

  it('says once what can not be read, and can still be written to', async () => {
    const broken = [
      zlibPacket(0, long, long.length + 1),
      zlibPacket(0, Buffer.alloc(100_000), 99_999),
      Buffer.concat([storedPacket(0, [1]), storedPacket(7, [1])]),
      Buffer.from([3, 0, 0, 0, 9, 0, 0, 1, 2, 3]),
      Buffer.from([0, 0, 0, 0, 9, 0, 0]),
    ];
    for (const bytes of broken) {
      const { socket, connection, malformed } = pair();
      socket.push(bytes);
      socket.push(bytes);
      await eventually(() => malformed.length > 0);
      socket.push(bytes);
      connection.consumed(0);
      await written(connection, OK, Buffer.from(packet(1, [0xff, 1, 1])));
      expect(malformed).toHaveLength(1);
      expect(malformed[0]).toBeInstanceOf(MalformedPacketError);
      expect(packetsAfterLogin(socket).map(({ bytes: [, , , , first] }) => first)).toEqual([0xff]);
      connection.destroy();
    }
  });

  it('ends when the client has, after what came before', async () => {
    const { socket, connection, chunks } = pair();
    socket.push(zlibPacket(0, Buffer.alloc(200_000)));
    socket.push(null);
    await Promise.all([once(connection, 'end'), once(connection, 'close')]);
    expect(Buffer.concat(chunks).length).toBe(200_000);
    expect(socket.writableEnded).toBe(true);
    expect(connection.destroyed).toBe(true);
  });

  it('closes with the socket, and says whether it broke', async () => {
    const broken = pair();
    const hadError = (connection: CompressedConnection): Promise<boolean> =>
      new Promise((resolve) => connection.once('close', resolve));
    const close = hadError(broken.connection);
    broken.socket.destroy(new Error('ECONNRESET'));
    expect(await close).toBe(true);
    const left = pair();
    const closed = hadError(left.connection);
    left.connection.destroy();
    expect(await closed).toBe(false);
    expect(left.socket.destroyed).toBe(true);
  });
});

describe('CompressedConnection, writing', () => {
  it("sends the login's last word as it is and compresses what follows", async () => {
    const { socket, connection } = pair();
    const result = Buffer.from(packet(1, text('x'.repeat(200))));
    await written(connection, OK);
    expect(socket.bytes.equals(OK)).toBe(true);
    socket.push(storedPacket(0, packet(0, [3, 1])));
    await eventually(() => connection.readableLength === 0);
    connection.consumed(0);
    await written(connection, result);
    expect(packetsAfterLogin(socket)).toEqual([{ id: 1, isStored: false, bytes: result }]);
  });

  it('finds the end of that word where more is written with it', async () => {
    const { socket, connection } = pair();
    const more = Buffer.from(packet(0, text('timeout')));
    await written(connection, Buffer.concat([OK, more]));
    expect(socket.bytes.subarray(0, OK.length).equals(OK)).toBe(true);
    expect(packetsAfterLogin(socket).map(({ bytes }) => bytes)).toEqual([more]);
  });

  it('stores what is short and what does not get smaller', async () => {
    const { socket, connection } = pair();
    const random = Buffer.from(Array.from({ length: 200 }, (_, i) => (i * 7919 * (i + 3)) % 256));
    await written(connection, OK);
    await written(connection, inner(Buffer.alloc(45)));
    await written(connection, inner(Buffer.alloc(46)));
    await written(connection, inner(random));
    expect(packetsAfterLogin(socket).map(({ isStored, bytes }) => [isStored, bytes.length])).toEqual([
      [true, 49],
      [false, 50],
      [true, 204],
    ]);
  });

  it('keeps every byte in order, whatever is written how', async () => {
    const piece = fc.tuple(fc.integer({ min: 0, max: 150_000 }), fc.boolean());
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
        const { socket, connection } = pair();
        await written(connection, OK);
        const parts = pieces.map(([length, isDull], i) =>
          Buffer.alloc(length).map((_, k) => (isDull ? i : (k * k * 31 + i) % 256)),
        );
        const all = parts.map((part) => inner(Buffer.from(part)));
        if (all.length > 0) await Promise.all([written(connection, ...all), written(connection, ...all)]);
        const packets = packetsAfterLogin(socket);
        expect(Buffer.concat(packets.map(({ bytes }) => bytes)).equals(Buffer.concat([...all, ...all]))).toBe(
          true,
        );
        packets.forEach(({ id, bytes }, i) => {
          expect(id).toBe(i % 256);
          // As many packets as fit, or one.
          const isOne = bytes.length === 4 + bytes.readUIntLE(0, 3);
          expect(isOne || bytes.length <= 65_536).toBe(true);
        });
      }),
      { numRuns: 30 },
    );
  });

  it('starts the ids of each answer anew, also of commands sent ahead and while answers are being compressed', async () => {
    const { socket, connection, chunks } = pair();
    await written(connection, OK);
    const commands = [0, 1, 2].map(() => packet(0, [3, ...text('SELECT 1')]));
    socket.push(Buffer.concat(commands.map((command) => storedPacket(0, command))));
    const total = commands.flat().length;
    await eventually(() => Buffer.concat(chunks).length === total);
    const answer = Buffer.concat(Array.from({ length: 3 }, () => inner(Buffer.alloc(49_996, 'row '))));
    const writes = commands.map((command, i) => {
      connection.consumed(total - command.length * (i + 1));
      return written(connection, answer);
    });
    await Promise.all(writes);
    expect(packetsAfterLogin(socket).map(({ id, bytes }) => [id, bytes.length])).toEqual(
      [0, 1, 2].flatMap(() => [
        [1, 50_000],
        [2, 50_000],
        [3, 50_000],
      ]),
    );
  });

  it('puts a packet that comes in parts, also of its header, into one compressed packet', async () => {
    const { socket, connection } = pair();
    const big = inner(Buffer.alloc(500_000, 'value '));
    const stream = Buffer.concat([
      inner(Buffer.alloc(5)),
      big,
      inner(Buffer.alloc(0)),
      inner(Buffer.alloc(7)),
    ]);
    await written(connection, OK);
    let taken = 0;
    for (const cut of [1, 3, 8, 10, 11, 13, 70_000, 499_000, 500_014, stream.length]) {
      await written(connection, stream.subarray(taken, cut));
      taken = cut;
    }
    const lengths = packetsAfterLogin(socket).map(({ bytes }) => bytes.length);
    expect(lengths).toContain(big.length);
    expect(Buffer.concat(packetsAfterLogin(socket).map(({ bytes }) => bytes)).equals(stream)).toBe(true);
  });

  it('holds the writer back while the socket takes nothing, and goes on when it does', async () => {
    const { socket, connection } = pair();
    await written(connection, OK);
    socket.isStuck = true;
    const random = inner(
      Buffer.from(Array.from({ length: 59_996 }, (_, i) => (i * i * 7919 + (i >> 3)) % 256)),
    );
    let isFlowing = true;
    let count = 0;
    while (isFlowing && count < 100) {
      isFlowing = connection.write(random);
      count += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(count).toBeLessThan(10);
    expect(connection.writableNeedDrain).toBe(true);
    const drained = once(connection, 'drain');
    const flowing = setInterval(() => socket.flow(), 1);
    await drained;
    clearInterval(flowing);
    socket.flow();
    await eventually(
      () => packetsAfterLogin(socket).reduce((sum, { bytes }) => sum + bytes.length, 0) === count * 60_000,
    );
  });

  it('drops what is written after the client is gone', async () => {
    const { socket, connection } = pair();
    await written(connection, OK);
    connection.write(Buffer.alloc(300_000));
    socket.destroy();
    await once(connection, 'close');
    expect(connection.destroyed).toBe(true);
  });
});

describe('CompressedConnection on a socket', () => {
  const open: { destroy(): unknown }[] = [];
  afterEach(() => {
    for (const one of open.splice(0)) one.destroy();
  });

  async function sockets(): Promise<[Socket, Socket]> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no address');
    const client = connect(address.port, '127.0.0.1');
    const [accepted] = (await once(server, 'connection')) as [Socket];
    server.close();
    open.push(client, accepted);
    return [client, accepted];
  }

  it('sends all that was written before the end', async () => {
    const [client, accepted] = await sockets();
    accepted.pause();
    const connection = new CompressedConnection(accepted, ZLIB, Buffer.alloc(0));
    connection.resume();
    const received: Buffer[] = [];
    client.on('data', (chunk) => received.push(chunk));
    const answer = Buffer.alloc(3_000_000, 'some row of a result ');
    connection.write(OK);
    connection.write(answer);
    connection.end();
    await once(client, 'end');
    const stream = Buffer.concat(received);
    expect(stream.subarray(0, OK.length).equals(OK)).toBe(true);
    const bytes = readCompressed(stream.subarray(OK.length)).map((one) => one.bytes);
    expect(Buffer.concat(bytes).equals(answer)).toBe(true);
    await once(connection, 'close');
  });

  it('reads what a client sent before it left', async () => {
    const [client, accepted] = await sockets();
    accepted.pause();
    const connection = new CompressedConnection(accepted, ZLIB, Buffer.alloc(0));
    const command = Buffer.alloc(400_000, 'INSERT ');
    client.end(Buffer.concat([zlibPacket(0, command), storedPacket(0, [1, 0, 0, 0, 1])]));
    const chunks: Buffer[] = [];
    connection.on('data', (chunk: Buffer) => chunks.push(chunk));
    await once(connection, 'close');
    expect(Buffer.concat(chunks).length).toBe(400_005);
  });
});
