import type { Duplex } from 'node:stream';
import type { EstablishedConnection } from './established-connection.js';
import { LegClosedError, type LegName } from './leg.js';
import { closeSoftly } from './session-end.js';

/** Who hears of both sockets. What a handler throws is given to `failed`. */
export interface SocketEvents {
  clientData(chunk: Buffer): void;
  backendData(chunk: Buffer): void;
  clientEnd(): void;
  clientClose(hadError: boolean): void;
  /** A side is gone or sends what is malformed, or a handler has thrown. */
  failed(error: unknown): void;
}

/** The sockets of an established connection's two legs. Neither's failure goes beyond `failed`. */
export class SessionSockets {
  readonly client: Duplex;
  readonly backend: Duplex;
  /** What the client has sent after its login. */
  readonly fromClientEarly: Buffer;
  readonly #events: SocketEvents;
  /** What the backend has sent after its OK: an ERR of a server that shuts down. */
  readonly #fromBackendEarly: Buffer;

  constructor(established: EstablishedConnection, events: SocketEvents) {
    this.#events = events;
    const client = established.client.detach(this.sinks.client);
    const backend = established.backend.detach(this.sinks.backend);
    this.client = client.socket;
    this.backend = backend.socket;
    this.fromClientEarly = client.unread;
    this.#fromBackendEarly = backend.unread;
  }

  /** Who gets what arrives. */
  readonly sinks: Readonly<Record<LegName, (chunk: Buffer) => void>> = {
    client: (chunk) => {
      try {
        this.#events.clientData(chunk);
      } catch (error) {
        this.#events.failed(error);
      }
    },
    backend: (chunk) => {
      try {
        this.#events.backendData(chunk);
      } catch (error) {
        this.#events.failed(error);
      }
    },
  };

  /** Begins to read both, with what has come before. */
  listen(): void {
    const events = this.#events;
    this.client.on('malformed', (error: Error) => events.failed(error));
    this.client.on('end', () => this.guard(() => events.clientEnd()));
    this.client.on('close', (hadError: boolean) => this.guard(() => events.clientClose(hadError)));
    this.backend.on('end', () => events.failed(new LegClosedError('backend')));
    this.backend.on('close', () => events.failed(new LegClosedError('backend')));
    if (this.client.destroyed || this.backend.destroyed) {
      events.failed(new LegClosedError(this.client.destroyed ? 'client' : 'backend'));
      return;
    }
    this.sinks.backend(this.#fromBackendEarly);
    this.resume();
  }

  resume(): void {
    this.client.resume();
    this.backend.resume();
  }

  /** Runs what a socket or a promise brings; what it throws ends the session and nothing else. */
  guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#events.failed(error);
    }
  }

  /** Sends what was written, then closes both. */
  close(): void {
    for (const socket of [this.client, this.backend]) closeSoftly(socket);
  }

  destroy(): void {
    this.client.destroy();
    this.backend.destroy();
  }
}
