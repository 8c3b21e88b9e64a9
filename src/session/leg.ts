import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import {
  connect,
  type SecureContext,
  TLSSocket,
  type ConnectionOptions as TlsConnectionOptions,
} from 'node:tls';
import type { Compression } from '../protocol/compression/compression.js';
import { MalformedPacketError } from '../protocol/malformed-packet-error.js';
import { type Frame, PacketFramer } from '../protocol/packet-framer.js';
import { packetCount, packetParts } from '../protocol/packet-writer.js';
import { PayloadTooLargeError } from '../protocol/payload-too-large-error.js';
import { CompressedConnection } from './compression/compressed-connection.js';
import type { ByteSink, DirectReads } from './direct-reads.js';

/** Which of a session's two connections (design.md §1). */
export type LegName = 'client' | 'backend';

/**
 * Longest payload of the connection phase, in bytes. An authentication token (Kerberos, OpenID Connect) and the
 * connection attributes (at most 64 KiB on the server) fit; a stranger can't make us hold more.
 */
export const CONNECTION_PHASE_MAX_PAYLOAD = 256 * 1024;

/** How long a peer that was told goodbye may take to close its side before it is cut off. */
const CLOSE_GRACE_MS = 1_000;

/** The peer left, or the connection broke, while something was awaited from it. */
export class LegClosedError extends Error {
  readonly leg: LegName;

  constructor(leg: LegName, cause?: unknown) {
    super(`the ${leg} connection closed`, cause === undefined ? undefined : { cause });
    this.name = 'LegClosedError';
    this.leg = leg;
  }
}

/** The peer sent what can't be read: nothing after it can be either. */
export class LegProtocolError extends Error {
  readonly leg: LegName;

  constructor(leg: LegName, cause: Error) {
    super(`the ${leg} sent a ${cause.message}`, { cause });
    this.name = 'LegProtocolError';
    this.leg = leg;
  }
}

/** What {@link Leg.detach} gives away. */
export interface DetachedLeg {
  /**
   * Paused. What it reads goes to the sink that was named; nobody else listens to its 'data'. The socket, or where the
   * peer compresses what stands in its place.
   */
  readonly socket: Duplex;
  /** Bytes that came and were not taken as payloads: the next bytes of the conversation. */
  readonly unread: Buffer;
}

/**
 * One connection of a session: a socket, with TLS or without, and this leg's own count of sequence ids (TLS and a
 * detour of authentication shift them on one leg only).
 *
 * In the connection phase payloads are awaited one by one with {@link readPayload}. For the command phase
 * {@link detach} names another taker of the bytes, since a promise per packet would cost more than relaying it;
 * {@link attach} takes them back for the authentication inside COM_CHANGE_USER.
 */
export class Leg {
  readonly name: LegName;
  /** Whether the peer is reached through a Unix socket: what passes there stays on this host. */
  readonly isUnixSocket: boolean;
  readonly framer: PacketFramer;
  /** Sequence id of the next packet in either direction. A new command starts at 0. */
  sequenceId = 0;

  #socket: Socket;
  /** What is read and written: the socket, or what decompresses and compresses for it. */
  #stream: Duplex;
  #compressed: CompressedConnection | null = null;
  /** Who gets what arrives. */
  #sink: ByteSink = dropped;
  #attached = false;
  #failure: Error | null = null;
  #wake: (() => void) | null = null;
  #closeReason: string | null = null;
  readonly #closeListeners = new Set<() => void>();

  /**
   * Takes the socket over, reading from now on so that the peer's leaving is seen at once.
   * @param reads of a socket that was made with them
   */
  constructor(
    name: LegName,
    socket: Socket,
    isUnixSocket: boolean,
    maxPayload = CONNECTION_PHASE_MAX_PAYLOAD,
    reads?: DirectReads,
  ) {
    this.name = name;
    this.isUnixSocket = isUnixSocket;
    this.framer = new PacketFramer(maxPayload);
    this.#socket = socket;
    this.#stream = socket;
    // For the socket's whole life: an 'error' nobody listens to would end the process.
    socket.on('error', this.#onError);
    socket.on('close', this.#onSocketClose);
    if (reads === undefined) socket.on('data', this.#onChunk);
    this.attach();
    reads?.deliverTo(this.#onChunk);
  }

  /** The socket; another one after a TLS upgrade. */
  get socket(): Socket {
    return this.#socket;
  }

  get isTls(): boolean {
    return this.#socket instanceof TLSSocket;
  }

  /** Whether a password may cross this leg in clear: TLS, or a Unix socket, as MySQL sees it. */
  get isSecure(): boolean {
    return this.isTls || this.isUnixSocket;
  }

  get isClosed(): boolean {
    return this.#stream.destroyed;
  }

  /** Why this side closed the leg, for the log; `null` when the peer did or nobody has. */
  get closeReason(): string | null {
    return this.#closeReason;
  }

  /**
   * The next payload; counts its sequence ids.
   * @throws LegClosedError when the peer leaves first
   * @throws LegProtocolError when its sequence id is not the next one, or it is too large
   * @throws whatever {@link abort} was given
   */
  async readPayload(): Promise<Buffer> {
    for (;;) {
      const payload = this.tryReadPayload();
      if (payload !== null) return payload;
      await this.waitForChange();
    }
  }

  /**
   * Resolves when something happened after which {@link tryReadPayload} is worth a try: bytes, an abort, the end.
   * @throws LegClosedError or what {@link abort} was given, when nothing more can come
   */
  async waitForChange(): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    await new Promise<void>((resolve) => {
      const earlier = this.#wake;
      this.#wake = () => {
        earlier?.();
        resolve();
      };
      if (this.#stream.isPaused()) this.#stream.resume();
    });
  }

  /** The next payload if it has arrived whole; also what came before the peer closed. Throws as readPayload. */
  tryReadPayload(): Buffer | null {
    return this.decode(() => {
      const frame = this.framer.next();
      if (frame === null) return null;
      this.#count(frame);
      this.answering(this.framer.bufferedBytes);
      return frame.payload;
    });
  }

  /** Decodes something that came on this leg. @throws LegProtocolError for what the protocol layer throws */
  decode<T>(decoder: () => T): T {
    try {
      return decoder();
    } catch (error) {
      if (error instanceof MalformedPacketError || error instanceof PayloadTooLargeError) {
        throw new LegProtocolError(this.name, error);
      }
      throw error;
    }
  }

  /** Sends a payload. @returns false when the socket asks to wait for {@link drained} */
  writePayload(payload: Buffer): boolean {
    const parts = packetParts(payload, this.sequenceId);
    this.sequenceId = (this.sequenceId + packetCount(payload.length)) & 0xff;
    const first = parts.length === 2 ? Buffer.concat(parts) : null;
    if (first !== null) return this.writeRaw(first);
    this.#stream.cork();
    let flowing = true;
    for (const part of parts) flowing = this.writeRaw(part);
    this.#stream.uncork();
    return flowing;
  }

  /** Sends bytes that already are packets; sequence ids are the caller's. @returns as writePayload */
  writeRaw(bytes: Buffer): boolean {
    if (this.#stream.destroyed || this.#stream.writableEnded) return true;
    return this.#stream.write(bytes);
  }

  /**
   * Sends a payload that holds a clear password and wipes every copy that we made, and `payload`, once the socket has
   * taken it over. Resolves also when the connection breaks: the next read tells.
   */
  async writeSecret(payload: Buffer): Promise<void> {
    const parts = packetParts(payload, this.sequenceId);
    this.sequenceId = (this.sequenceId + packetCount(payload.length)) & 0xff;
    const bytes = Buffer.concat(parts);
    payload.fill(0);
    if (!this.#stream.destroyed && !this.#stream.writableEnded) {
      await new Promise<void>((resolve) => {
        this.#stream.write(bytes, () => resolve());
      });
    }
    bytes.fill(0);
  }

  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  get needsDrain(): boolean {
    return this.#stream.writableNeedDrain;
  }

  /** Resolves when what was written has gone down to the socket's low mark. @throws LegClosedError */
  async drained(): Promise<void> {
    const socket = this.#stream;
    if (!socket.writableNeedDrain) return;
    await new Promise<void>((resolve, reject) => {
      const onDrain = (): void => {
        socket.off('close', onClose);
        resolve();
      };
      const onClose = (): void => {
        socket.off('drain', onDrain);
        reject(new LegClosedError(this.name));
      };
      socket.once('drain', onDrain);
      socket.once('close', onClose);
    });
  }

  /**
   * Calls back once the connection is closed, whoever closed it; soon when it is already.
   * @returns takes the listener back
   */
  onClose(listener: () => void): () => void {
    if (this.#stream.destroyed) queueMicrotask(listener);
    else this.#closeListeners.add(listener);
    return () => void this.#closeListeners.delete(listener);
  }

  /**
   * Ends every wait of ours on this leg with `error`, now and later, and leaves the socket open: an ERR may still be
   * written. The first error stays.
   */
  abort(error: Error): void {
    this.#failure ??= error;
    this.#notify();
  }

  /**
   * After the client's SSLRequest. What came in one chunk with it is the ClientHello.
   * @param requestCert whether the client is asked for a certificate. Whether it has one, and a valid one, is for the
   * caller to see to: a handshake that ended here could not tell the client why
   * @throws Error of node:tls, LegClosedError, or what {@link abort} was given
   */
  async upgradeToTlsServer(secureContext: SecureContext, requestCert = false): Promise<void> {
    const raw = this.#releaseForTls();
    const options = { isServer: true, secureContext, requestCert, rejectUnauthorized: false };
    await this.#finishTls(new TLSSocket(raw, options), 'secure');
  }

  /**
   * After our SSLRequest to the server.
   * @param options how to verify it; `socket` is added
   * @throws as upgradeToTlsServer
   */
  async upgradeToTlsClient(options: TlsConnectionOptions): Promise<void> {
    const raw = this.#releaseForTls();
    await this.#finishTls(connect({ ...options, socket: raw }), 'secureConnect');
  }

  /** The client has chosen to compress: what follows the login's last word does, both ways. */
  startCompression(compression: Compression): void {
    const socket = this.#socket;
    const { unread } = this.detach(dropped);
    socket.off('data', this.#onChunk);
    const compressed = new CompressedConnection(socket, compression, unread);
    this.#compressed = compressed;
    this.#stream = compressed;
    compressed.on('error', this.#onError);
    compressed.on('close', this.#onSocketClose);
    compressed.on('malformed', (error: Error) => this.abort(new LegProtocolError(this.name, error)));
    compressed.on('data', this.#onChunk);
    this.attach();
  }

  /**
   * What is written from here on answers what was read last: where the peer compresses, its packets are numbered by
   * that.
   * @param unread bytes of the peer that lie behind it
   */
  answering(unread: number): void {
    this.#compressed?.consumed(unread);
  }

  /** Gives the socket, what was read ahead, and to `sink` all that arrives once the socket is resumed. */
  detach(sink: ByteSink): DetachedLeg {
    const unread = this.framer.takeBuffered();
    this.#stopReading(sink);
    return { socket: this.#stream, unread };
  }

  /** Reads through {@link readPayload} (again). @param unread bytes that the caller has got and not used */
  attach(unread: Buffer = Buffer.alloc(0)): void {
    if (this.#attached) throw new Error('the leg is attached');
    this.#attached = true;
    this.framer.push(unread);
    this.#sink = this.#keep;
    if (this.#stream.destroyed) this.abort(new LegClosedError(this.name));
    else this.#stream.resume();
  }

  /**
   * Closes after what was written has gone out. What the peer still sends is read and dropped: unread bytes would
   * make the kernel send RST, and the peer could lose our last packet, an ERR.
   */
  end(reason: string): void {
    this.#closeReason ??= reason;
    const socket = this.#stream;
    if (this.#attached) this.#stopReading(dropped);
    if (socket.destroyed) return;
    socket.resume();
    const timer = setTimeout(() => socket.destroy(), CLOSE_GRACE_MS);
    timer.unref();
    socket.once('close', () => clearTimeout(timer));
    socket.end();
  }

  /** Closes at once; what was written may be lost. */
  destroy(reason: string): void {
    this.#closeReason ??= reason;
    this.#stream.destroy();
  }

  #count(frame: Frame): void {
    if (frame.sequenceId !== this.sequenceId) {
      throw new MalformedPacketError(`sequence id ${this.sequenceId} expected, ${frame.sequenceId} came`, 3);
    }
    this.sequenceId = (frame.lastSequenceId + 1) & 0xff;
  }

  readonly #onChunk = (chunk: Buffer): void => this.#sink(chunk);

  readonly #keep = (chunk: Buffer): void => {
    this.framer.push(chunk);
    // Nobody needs to send ahead while the other side authenticates; the socket's own buffer holds the rest.
    if (this.framer.bufferedBytes > this.framer.maxPayload) this.#stream.pause();
    this.#notify();
  };

  readonly #onSocketClose = (): void => {
    this.abort(new LegClosedError(this.name));
    const listeners = [...this.#closeListeners];
    this.#closeListeners.clear();
    for (const listener of listeners) listener();
  };

  readonly #onError = (error: Error): void => {
    this.#failure ??= new LegClosedError(this.name, error);
  };

  #notify(): void {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }

  #stopReading(sink: ByteSink): void {
    this.#attached = false;
    this.#sink = sink;
    this.#stream.pause();
  }

  /**
   * Puts bytes read ahead back into the raw socket, from which the TLS layer takes them.
   * @throws LegProtocolError for bytes of a server: it speaks after our ClientHello, and what somebody has put in
   * before must not pass for what it says inside TLS
   */
  #releaseForTls(): Socket {
    const { unread } = this.detach(dropped);
    const socket = this.#socket;
    socket.off('data', this.#onChunk);
    if (unread.length > 0) {
      if (this.name === 'backend') {
        throw new LegProtocolError(
          this.name,
          new MalformedPacketError('answer in clear to the SSLRequest', 0),
        );
      }
      socket.unshift(unread);
    }
    return socket;
  }

  async #finishTls(socket: TLSSocket, event: 'secure' | 'secureConnect'): Promise<void> {
    this.#socket = socket;
    this.#stream = socket;
    socket.on('error', this.#onError);
    socket.on('close', this.#onSocketClose);
    await new Promise<void>((resolve, reject) => {
      const settle = (): void => {
        socket.off(event, onSecure);
        socket.off('error', onFailure);
        socket.off('close', onFailure);
        if (this.#wake === onFailure) this.#wake = null;
      };
      const onSecure = (): void => {
        settle();
        resolve();
      };
      const onFailure = (error?: unknown): void => {
        settle();
        reject(error instanceof Error ? error : (this.#failure ?? new LegClosedError(this.name)));
      };
      socket.once(event, onSecure);
      socket.once('error', onFailure);
      socket.once('close', onFailure);
      this.#wake = onFailure;
      if (this.#failure !== null) onFailure();
    });
    socket.on('data', this.#onChunk);
    this.attach();
  }
}

/** Bytes that nobody has a use for. */
function dropped(): void {}
