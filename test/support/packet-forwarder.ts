import { connect, createServer, type Socket } from 'node:net';

/** A packet on its way through a {@link PacketForwarder}. */
export interface PassingPacket {
  /** Numbers connections from 0, in the order in which they were accepted. */
  readonly connection: number;
  readonly direction: 'toServer' | 'toClient';
  /** Header and payload. */
  readonly bytes: Buffer;
  readonly payload: Buffer;
  /** Packets that passed in this direction since the last one of the other direction: 0 is the first of an answer. */
  readonly index: number;
  /** Packets of this direction before this one on this connection. */
  readonly ordinal: number;
  /** Payload of the last packet to the server; empty before there is one. */
  readonly command: Buffer;
}

export type Passage =
  | 'pass'
  /** Kept back, and everything behind it in this direction, until {@link PacketForwarder.release}. */
  | 'hold'
  /** These bytes go out in its place. */
  | { readonly instead: Buffer }
  /** The connection breaks on both sides, once `bytes` bytes of the packet (default: none) are out. */
  | { readonly cut: Cut; readonly bytes?: number };

/** How a connection ends: in good order, or with a reset. */
export type Cut = 'fin' | 'rst';

/** Stands between two that speak the protocol without TLS, and lets packets pass, changes them, or breaks off. */
export interface PacketForwarder {
  readonly port: number;
  /** Asked for each packet. Default: 'pass'. */
  inspect: (packet: PassingPacket) => Passage;
  /** Connections that are open on either side. */
  open(): number;
  /** Breaks all connections. */
  cut(how: Cut): void;
  /** Lets pass what is held. */
  release(): void;
  close(): Promise<void>;
}

/** Starts a forwarder on a free port of 127.0.0.1 that leads to `port` there. */
export async function startPacketForwarder(port: number): Promise<PacketForwarder> {
  const links = new Set<Link>();
  let accepted = 0;
  const forwarder: PacketForwarder = {
    port: 0,
    inspect: () => 'pass',
    open: () => [...links].reduce((sum, link) => sum + link.open, 0),
    cut: (how) => {
      for (const link of links) link.cut(how);
    },
    release: () => {
      for (const link of links) link.release();
    },
    close: async () => {
      for (const link of links) link.cut('rst');
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  const server = createServer({ noDelay: true }, (client) => {
    const link = new Link(accepted++, client, port, (packet) => forwarder.inspect(packet));
    links.add(link);
    link.onClosed = () => links.delete(link);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  return Object.assign(forwarder, { port: address.port });
}

interface Lane {
  readonly direction: PassingPacket['direction'];
  readonly from: Socket;
  readonly to: Socket;
  unread: Buffer;
  index: number;
  ordinal: number;
  isHeld: boolean;
}

class Link {
  onClosed: () => void = () => undefined;
  readonly #id: number;
  readonly #inspect: (packet: PassingPacket) => Passage;
  readonly #lanes: readonly [Lane, Lane];
  #command: Buffer = Buffer.alloc(0);
  #isCut = false;

  constructor(id: number, client: Socket, port: number, inspect: (packet: PassingPacket) => Passage) {
    this.#id = id;
    this.#inspect = inspect;
    const server = connect({ host: '127.0.0.1', port, noDelay: true });
    this.#lanes = [lane('toServer', client, server), lane('toClient', server, client)];
    for (const own of this.#lanes) {
      own.from.on('data', (chunk: Buffer) => this.#onData(own, chunk));
      own.from.on('error', () => own.to.destroy());
      own.from.on('close', () => {
        own.to.destroy();
        if (this.open === 0) this.onClosed();
      });
      // A slow reader behind us slows the sender down.
      own.to.on('drain', () => own.from.resume());
    }
  }

  get open(): number {
    return this.#lanes.filter(({ from }) => !from.destroyed).length;
  }

  cut(how: Cut): void {
    this.#isCut = true;
    for (const { from } of this.#lanes) {
      if (how === 'rst') from.resetAndDestroy();
      else from.end(() => from.destroy());
    }
  }

  release(): void {
    for (const own of this.#lanes) {
      own.isHeld = false;
      this.#onData(own, Buffer.alloc(0));
    }
  }

  #onData(own: Lane, chunk: Buffer): void {
    own.unread = own.unread.length === 0 ? chunk : Buffer.concat([own.unread, chunk]);
    while (!this.#isCut && !own.isHeld && own.unread.length >= 4) {
      const end = 4 + own.unread.readUIntLE(0, 3);
      if (own.unread.length < end) return;
      const bytes = own.unread.subarray(0, end);
      if (this.#take(own, bytes) === 'hold') own.isHeld = true;
      else own.unread = own.unread.subarray(end);
    }
  }

  #take(own: Lane, bytes: Buffer): Passage {
    const { direction } = own;
    const payload = bytes.subarray(4);
    if (direction === 'toServer') this.#command = payload;
    const passage = this.#inspect({
      connection: this.#id,
      direction,
      bytes,
      payload,
      index: own.index,
      ordinal: own.ordinal,
      command: this.#command,
    });
    if (passage === 'hold') return passage;
    own.index += 1;
    own.ordinal += 1;
    for (const other of this.#lanes) if (other !== own) other.index = 0;
    if (passage === 'pass') this.#write(own, bytes);
    else if ('instead' in passage) this.#write(own, passage.instead);
    else {
      const part = bytes.subarray(0, passage.bytes ?? 0);
      this.#isCut = true;
      // Once it is out: a reset overtakes what still lies in a buffer.
      if (part.length === 0) this.cut(passage.cut);
      else own.to.write(part, () => setTimeout(() => this.cut(passage.cut), 5));
    }
    return passage;
  }

  #write(own: Lane, bytes: Buffer): void {
    if (!own.to.write(bytes)) own.from.pause();
  }
}

function lane(direction: PassingPacket['direction'], from: Socket, to: Socket): Lane {
  return { direction, from, to, unread: Buffer.alloc(0), index: 0, ordinal: 0, isHeld: false };
}
