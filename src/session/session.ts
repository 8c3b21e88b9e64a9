import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { ProxyError, ServerError } from '../errors.js';
import type { Capabilities } from '../protocol/constants/capabilities.js';
import { commandName } from '../protocol/constants/commands.js';
import { ErrorNumber } from '../protocol/constants/error-numbers.js';
import { StatusFlag } from '../protocol/constants/status-flags.js';
import { type Frame, PacketFramer } from '../protocol/packet-framer.js';
import { writePacket } from '../protocol/packet-writer.js';
import type { ResponseEvent, ResponseKind } from '../protocol/response-tracker.js';
import { ResponseStream } from '../protocol/result-stream.js';
import { readOkStatusFlags } from '../protocol/resultset/ok-packet.js';
import type { TenantResolver } from '../tenant/tenant-resolver.js';
import { ClientCommand } from './client-command.js';
import type { CommandHost } from './command-host.js';
import type { EstablishedConnection } from './established-connection.js';
import type { Idler } from './idle-sweep.js';
import { LegClosedError } from './leg.js';
import { asLocalError, errorPacket, localErrorPacket } from './local-errors.js';
import { LocalFile } from './local-file.js';
import { type OwnCommand, OwnCommands } from './own-commands.js';
import { Relay } from './relay.js';
import { closeSoftly, farewell, setupTimeoutError } from './session-end.js';
import type { SessionServices } from './session-services.js';
import { assertTransition, type SessionState } from './session-state.js';
import type { StatementSequence } from './statement-sequence.js';
import { StatementSide } from './statement-side.js';
import { UserExchange } from './user-exchange.js';

/** Bytes that a client may send ahead while a command is under way before it is no longer read. */
const MAX_QUEUED = 64 * 1024;

type Token = ClientCommand | OwnCommand;

/**
 * A client's connection and its backend connection from the login on: one command at a time, answers in order.
 * Neither side's failure or malformed bytes go beyond this object: they end the session.
 */
export class Session implements CommandHost, Idler {
  readonly command = new ClientCommand();
  /** Resolves when both connections are closed or being closed and nothing is held any more. */
  readonly closed: Promise<void>;

  readonly #established: EstablishedConnection;
  readonly #services: SessionServices;
  readonly #log: Logger;
  readonly #client: Duplex;
  readonly #backend: Duplex;
  readonly #framer: PacketFramer;
  readonly #relay: Relay;
  readonly #localFile: LocalFile;
  readonly #responses: ResponseStream<Token>;
  readonly #own: OwnCommands;
  readonly #statements: StatementSide;
  readonly #userExchange: UserExchange | null;
  #state: SessionState = 'setup';
  #frame: Frame | null = null;
  #statusFlags = 0;
  /** What the backend has sent after its OK: an ERR of a server that shuts down. */
  #fromBackendEarly: Buffer;
  #isDraining = false;
  #stopIdleWatch: () => void = () => undefined;
  #hasClientEnded = false;
  /** Bounds what is still done for a client that has left. */
  #aftermath: NodeJS.Timeout | undefined;
  /** Whether `#take` is on the stack: it goes on by itself. */
  #isTaking = false;
  #resolveClosed: () => void = () => undefined;

  /** @param tenant the resolver that saw the login; not used when no table is protected */
  constructor(established: EstablishedConnection, tenant: TenantResolver, services: SessionServices) {
    this.#established = established;
    this.#services = services;
    this.#log = services.log;
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    const mariadb = established.mariadbCapabilities;
    const clientCapabilities: Capabilities = { flags: established.capabilities, mariadb };
    const backendCapabilities: Capabilities = { flags: established.backendCapabilities, mariadb };
    const client = established.client.detach(this.#onClientChunk);
    const backend = established.backend.detach(this.#onBackendChunk);
    this.#client = client.socket;
    this.#backend = backend.socket;
    this.#framer = new PacketFramer(services.limits.statementBytes);
    this.#framer.firstSequenceId = 0;
    this.#framer.push(client.unread);
    this.#relay = new Relay(this.#client, this.#backend, services.metrics);
    this.#localFile = new LocalFile(this.#relay, this.#framer, services.localInfile === true);
    this.#responses = new ResponseStream<Token>(backendCapabilities, {
      relay: (bytes) => {
        if (!this.command.isLocalInfileRefused || this.command.failed) this.#relay.toClient(bytes);
      },
      packet: (event, payload, token) => this.#packet(event, payload, token),
      learned: (metadata, token) => {
        if (token.kind === 'client') this.#statements.responses.learned(metadata, token);
      },
      complete: (token) => this.#complete(token),
    });
    this.#own = new OwnCommands(backendCapabilities, {
      expect: (kind, token) =>
        this.#responses.expect(kind, {
          token,
          relay: false,
          wantRows: true,
          wantColumnDefinitions: true,
        }),
      send: (bytes, isSecret) => this.#relay.toBackend(bytes, isSecret ? () => bytes.fill(0) : undefined),
    });
    this.#statements = new StatementSide({
      host: this,
      services,
      own: this.#own,
      tenant,
      server: established.server,
      account: established.response.username.toString('latin1'),
      clientCapabilities,
      backendCapabilities,
      log: this.#log,
      onLocalInfile: () => this.#localFile.serve(this.command.numbering?.shift ?? 0),
    });
    this.#userExchange =
      services.userExchange === undefined
        ? null
        : new UserExchange(established, services.userExchange, tenant);
    this.#fromBackendEarly = backend.unread;
  }

  /** Sets the backend session up, tells the client that it is logged in, and serves it until one side leaves. */
  async run(): Promise<void> {
    this.#services.metrics.sessionOpened();
    this.#listen();
    const { authSeconds } = this.#services.limits;
    const bound = setTimeout(() => this.#fail(setupTimeoutError(authSeconds)), authSeconds * 1000);
    try {
      await this.#statements.protection?.setUp();
      this.#sendLoginOk(this.#established.loginOk, this.#established.loginOkSequenceId);
      this.command.endedAt = performance.now();
      this.#stopIdleWatch = this.#services.idle.watch(this);
      this.#enter('ready');
      this.#take();
    } catch (error) {
      this.#fail(error);
    } finally {
      clearTimeout(bound);
    }
    await this.closed;
    this.#statements.protection?.binding.release();
  }

  /** Ends the session as soon as its response is over and no transaction is open. */
  drain(): void {
    this.#isDraining = true;
    if (this.command.isEndless) this.#end('drained');
    else if (this.#state === 'ready') this.#endIfDrained();
  }

  get idleSince(): number | null {
    return this.#state === 'ready' ? this.command.endedAt : null;
  }

  onIdleTooLong(): void {
    const message = 'The client was disconnected by tenantcrypt because of inactivity (limits.idleSeconds).';
    this.#client.write(errorPacket(ErrorNumber.ER_CLIENT_INTERACTION_TIMEOUT, 'HY000', message, 0));
    this.#end('idle too long');
  }

  /** Ends the session at once. */
  destroy(reason: string): void {
    this.#end(reason);
    this.#client.destroy();
    this.#backend.destroy();
  }

  // What the command phase does.

  forward(frame: Frame): void {
    this.#own.flush();
    this.#relay.forward(frame);
  }

  send(bytes: Buffer): void {
    this.#own.flush();
    this.#relay.toBackend(bytes);
  }

  expect(kind: ResponseKind, wantColumnDefinitions: boolean): void {
    if (kind === 'none') {
      this.#observe();
      return;
    }
    if (this.command.needsSettling) this.#relay.hold();
    this.#enter('responding');
    const token = this.command;
    const { numbering } = token;
    if (token.columns?.rows !== undefined) {
      this.#responses.expect(kind, { token, wantColumnDefinitions, wantRows: true, numbering });
    } else if (wantColumnDefinitions && kind === 'result') {
      const metadata = this.#statements.responses.knownMetadata(token);
      this.#responses.expect(kind, { token, wantColumnDefinitions, metadata, numbering });
    } else {
      this.#responses.expect(kind, { token, wantColumnDefinitions, numbering });
    }
  }

  expectCollected(kind: ResponseKind): void {
    this.#enter('responding');
    this.#responses.expect(kind, { token: this.command, wantColumnDefinitions: true, relay: false });
  }

  relay(bytes: Buffer): void {
    this.#relay.toClient(bytes);
  }

  answer(packet: Buffer): void {
    this.#relay.toClient(packet);
    this.#relay.flush();
    this.#observe();
  }

  refuse(refusal: ProxyError | ServerError): void {
    const { command } = this;
    const error = inWholeText(refusal, command.sequence);
    command.outcome = 'refused';
    command.sequence?.stop();
    if (error instanceof ProxyError) {
      command.reason = error.code;
      if (error.code === 'TC_SCHEMA') this.#statements.protection?.recoverSchema();
      this.#log.info(
        {
          code: error.code,
          position: error.position,
          cause: error.cause,
          command: commandName(command.code),
        },
        error.message,
      );
    } else if (error.errno === ErrorNumber.ER_BAD_FIELD_ERROR) {
      this.#statements.protection?.suspectSchema();
    }
    this.answer(localErrorPacket(error, this.#nextSequenceId));
  }

  retryAfter(work: Promise<void>): void {
    this.#enter('waiting');
    const before = performance.now();
    work.then(
      () => this.#guard(() => this.#retry(before)),
      (error: unknown) => this.#guard(() => this.#retryFailed(error, before)),
    );
  }

  quit(frame: Frame): void {
    this.forward(frame);
    this.#end('the client said goodbye');
  }

  changeUser(frame: Frame): void {
    const exchange = this.#userExchange;
    if (exchange === null) {
      this.refuse(
        new ProxyError('TC_UNSUPPORTED_SQL', 'COM_CHANGE_USER does not pass; open another connection'),
      );
      return;
    }
    this.#enter('waiting');
    this.#changeUser(frame, exchange).catch((error: unknown) => this.#fail(error));
  }

  async #changeUser(frame: Frame, exchange: UserExchange): Promise<void> {
    this.#own.flush();
    const { outcome, fromClient, fromBackend } = await exchange.run(frame, this.#framer.takeBuffered(), {
      client: this.#onClientChunk,
      backend: this.#onBackendChunk,
    });
    if (this.#state !== 'waiting') return;
    this.#framer.push(fromClient);
    this.#onBackendChunk(fromBackend);
    if (outcome.kind === 'over') {
      this.#client.write(outcome.packet);
      this.#end('the change of the user failed');
      return;
    }
    this.#client.resume();
    this.#backend.resume();
    await this.#statements.changeUser(outcome.kind === 'ok' ? outcome.account : null);
    if (outcome.kind === 'ok') {
      this.#sendLoginOk(outcome.payload, outcome.sequenceId);
    } else {
      this.command.failed = true;
      this.#relay.toClient(outcome.packet);
      this.#relay.flush();
    }
    this.#observe();
    this.#enter('ready');
    this.#take();
  }

  // Sockets.

  #listen(): void {
    this.#client.on('malformed', (error: Error) => this.#fail(error));
    this.#client.on('end', () => this.#guard(() => this.#onClientEnd()));
    this.#client.on('close', (hadError: boolean) => this.#guard(() => this.#onClientClose(hadError)));
    this.#backend.on('end', () => this.#fail(new LegClosedError('backend')));
    this.#backend.on('close', () => this.#fail(new LegClosedError('backend')));
    if (this.#client.destroyed || this.#backend.destroyed) {
      this.#fail(new LegClosedError(this.#client.destroyed ? 'client' : 'backend'));
      return;
    }
    this.#onBackendChunk(this.#fromBackendEarly);
    this.#client.resume();
    this.#backend.resume();
  }

  readonly #onClientChunk = (chunk: Buffer): void => {
    try {
      this.#onClientData(chunk);
    } catch (error) {
      this.#fail(error);
    }
  };

  readonly #onBackendChunk = (chunk: Buffer): void => {
    try {
      this.#onBackendData(chunk);
    } catch (error) {
      this.#fail(error);
    }
  };

  #onClientData(chunk: Buffer): void {
    if (this.#state === 'ended') return;
    this.#framer.push(chunk);
    if (this.#localFile.isServing) {
      this.#localFile.relayArrived();
      this.#established.client.answering(this.#framer.bufferedBytes);
    }
    if (this.#state === 'ready') this.#take();
    else if (this.#framer.bufferedBytes > MAX_QUEUED) this.#relay.pauseForQueue();
  }

  #onClientEnd(): void {
    this.#hasClientEnded = true;
    // The server would wait for the rest of the file.
    if (this.#state === 'ready' || this.#localFile.isServing || this.command.isEndless) {
      this.#end('the client left');
    }
  }

  /** Commands that came before the client left in good order are carried out, as the server would. */
  #onClientClose(hadError: boolean): void {
    if (!hadError && this.#hasClientEnded && this.#state !== 'ready' && this.#framer.bufferedBytes > 0) {
      this.#relay.clientGone();
      // A backend that never answers would hold the session for good.
      const boundMs = this.#services.limits.drainSeconds * 1000;
      this.#aftermath = setTimeout(() => this.#end('the client left long ago'), boundMs);
    } else {
      this.#end('the client left');
    }
  }

  #onBackendData(chunk: Buffer): void {
    if (this.#state === 'ended') return;
    this.#responses.push(chunk);
    this.#relay.flush();
    if (this.#state === 'ready') this.#take();
  }

  // Commands.

  /** Takes up commands until one has to be waited for or none is whole. */
  #take(): void {
    if (this.#isTaking) return;
    this.#isTaking = true;
    try {
      while (this.#state === 'ready') {
        if (this.command.hasNext && this.#frame !== null) {
          this.command.beginNext(performance.now());
          this.#dispatch(this.#frame);
          continue;
        }
        if (this.#isDraining && this.#endIfDrained()) return;
        const frame = this.#framer.next();
        if (frame === null) {
          this.#relay.resumeFromQueue();
          if (this.#hasClientEnded) this.#end('the client left');
          return;
        }
        this.#frame = frame;
        this.#established.client.answering(this.#framer.bufferedBytes);
        this.command.begin(frame.payload[0] ?? 0, performance.now());
        this.#dispatch(frame);
      }
    } finally {
      this.#isTaking = false;
    }
  }

  #dispatch(frame: Frame): void {
    try {
      this.#statements.commands.dispatch(frame);
    } catch (error) {
      if (!(error instanceof ProxyError || error instanceof ServerError)) throw error;
      this.refuse(error);
    }
  }

  #retry(before: number): void {
    this.#services.metrics.overhead('key', (performance.now() - before) / 1000);
    if (this.#state !== 'waiting') return;
    this.#enter('ready');
    const frame = this.#frame;
    if (frame !== null) this.#dispatch(frame);
    this.#take();
  }

  #retryFailed(error: unknown, before: number): void {
    if (error instanceof LegClosedError) return;
    this.#services.metrics.overhead('key', (performance.now() - before) / 1000);
    if (this.#state !== 'waiting') return;
    this.#enter('ready');
    this.refuse(asLocalError(error));
    this.#take();
  }

  // Responses.

  #packet(event: ResponseEvent, payload: Buffer, token: Token | null): Buffer | null {
    if (token === null) return null;
    if (token.kind === 'own') {
      token.packet(event, payload);
      return null;
    }
    return this.#statements.packet(event, payload, token);
  }

  #complete(token: Token): void {
    if (token.kind === 'own') {
      token.complete();
      return;
    }
    this.#localFile.stop();
    if (token.statusFlags >= 0) this.#statusFlags = token.statusFlags;
    const work = this.#statements.complete(token);
    if (work === null) {
      this.#relay.release();
      this.#observe();
      this.#enter('ready');
      return;
    }
    this.#enter('settling');
    work.then(
      () => this.#guard(() => this.#settled()),
      (error: unknown) => this.#fail(error),
    );
  }

  #settled(): void {
    if (this.#state !== 'settling') return;
    this.#relay.release();
    this.#observe();
    this.#enter('ready');
    this.#take();
  }

  #sendLoginOk(loginOk: Buffer, sequenceId: number): void {
    this.#statusFlags = readOkStatusFlags(loginOk);
    const payload = this.#statements.responses.loginOkPacket(loginOk);
    this.#relay.toClient(writePacket(payload, sequenceId));
    this.#relay.flush();
  }

  #observe(): void {
    this.command.observe(this.#services.metrics);
  }

  // The end.

  #endIfDrained(): boolean {
    if ((this.#statusFlags & StatusFlag.SERVER_STATUS_IN_TRANS) !== 0) return false;
    this.#end('drained');
    return true;
  }

  /** Runs what a socket or a promise brings; what it throws ends the session and nothing else. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (this.#state === 'ended') return;
    const packet = farewell(error, this.#state, this.#answerSequenceId(), this.#log);
    if (packet !== null) this.#client.write(packet);
    this.#end(error instanceof Error ? error.message : 'failed');
  }

  /** Of a packet that answers what the client has sent last: its login, or a command. */
  #answerSequenceId(): number {
    if (this.#state === 'setup') return this.#established.loginOkSequenceId;
    return this.#state === 'waiting' ? this.#nextSequenceId : 1;
  }

  /** Of the response's next packet, where none is on its way. */
  get #nextSequenceId(): number {
    const last = this.command.numbering?.last ?? this.#frame?.lastSequenceId ?? 0;
    return (last + 1) & 0xff;
  }

  #end(reason: string): void {
    if (this.#state === 'ended') return;
    this.#log.debug({ from: this.#state, reason }, 'session ends');
    this.#state = 'ended';
    clearTimeout(this.#aftermath);
    this.#frame = null;
    this.#relay.flush();
    this.#relay.discardHeld();
    this.#own.failAll(new LegClosedError('backend'));
    this.#statements.forgetStatements();
    for (const socket of [this.#client, this.#backend]) closeSoftly(socket);
    this.#stopIdleWatch();
    this.#services.metrics.sessionClosed();
    this.#resolveClosed();
  }

  #enter(next: SessionState): void {
    const from = this.#state;
    if (from === 'ended') return;
    assertTransition(from, next);
    this.#state = next;
    if (this.#log.isLevelEnabled('trace')) {
      this.#log.trace({ from, to: next, command: commandName(this.command.code) }, 'session state');
    }
  }
}

/** A refusal of one of several statements: its position counts from the beginning of them all. */
function inWholeText(
  error: ProxyError | ServerError,
  sequence: StatementSequence | null,
): ProxyError | ServerError {
  if (sequence === null || !(error instanceof ProxyError) || error.position === undefined) return error;
  const position = error.position + sequence.offset;
  return new ProxyError(error.code, error.message, { position, cause: error.cause });
}
