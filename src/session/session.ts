import type { Logger } from 'pino';
import { ProxyError, ServerError } from '../errors.js';
import type { Capabilities } from '../protocol/constants/capabilities.js';
import { commandName } from '../protocol/constants/commands.js';
import { ErrorNumber } from '../protocol/constants/error-numbers.js';
import { StatusFlag } from '../protocol/constants/status-flags.js';
import { type Frame, PacketFramer } from '../protocol/packet-framer.js';
import { writePacket } from '../protocol/packet-writer.js';
import type { ResponseKind } from '../protocol/response-tracker.js';
import { readOkStatusFlags } from '../protocol/resultset/ok-packet.js';
import type { TenantResolver } from '../tenant/tenant-resolver.js';
import { BackendResponses } from './backend-responses.js';
import { ClientCommand } from './client-command.js';
import type { CommandHost } from './command-host.js';
import type { EstablishedConnection } from './established-connection.js';
import type { Idler } from './idle-sweep.js';
import { LegClosedError } from './leg.js';
import { asLocalError, errorPacket, localErrorPacket } from './local-errors.js';
import { LocalFile } from './local-file.js';
import { Relay } from './relay.js';
import { farewell, setupTimeoutError } from './session-end.js';
import type { SessionServices } from './session-services.js';
import { SessionSockets } from './session-sockets.js';
import { assertTransition, type SessionState } from './session-state.js';
import { StatementSide } from './statement-side.js';
import { UserExchange } from './user-exchange.js';

/** Bytes that a client may send ahead while a command is under way before it is no longer read. */
const MAX_QUEUED = 64 * 1024;

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
  readonly #sockets: SessionSockets;
  readonly #framer: PacketFramer;
  readonly #relay: Relay;
  readonly #localFile: LocalFile;
  readonly #responses: BackendResponses;
  readonly #statements: StatementSide;
  readonly #userExchange: UserExchange | null;
  #state: SessionState = 'setup';
  #frame: Frame | null = null;
  #statusFlags = 0;
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
    this.#sockets = new SessionSockets(established, {
      clientData: (chunk) => this.#onClientData(chunk),
      backendData: (chunk) => this.#onBackendData(chunk),
      clientEnd: () => this.#onClientEnd(),
      clientClose: (hadError) => this.#onClientClose(hadError),
      failed: (error) => this.#fail(error),
    });
    const { client, backend, fromClientEarly } = this.#sockets;
    this.#framer = new PacketFramer(services.limits.statementBytes);
    this.#framer.firstSequenceId = 0;
    this.#framer.push(fromClientEarly);
    this.#relay = new Relay(client, backend, services.metrics);
    this.#localFile = new LocalFile(this.#relay, this.#framer, services.localInfile === true);
    this.#responses = new BackendResponses({
      backendCapabilities,
      relay: this.#relay,
      localFile: this.#localFile,
      command: this.command,
      statements: () => this.#statements,
      complete: (work) => this.#complete(work),
    });
    this.#statements = new StatementSide({
      host: this,
      services,
      own: this.#responses.own,
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
  }

  /** Sets the backend session up, tells the client that it is logged in, and serves it until one side leaves. */
  async run(): Promise<void> {
    this.#services.metrics.sessionOpened();
    this.#sockets.listen();
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
    this.#sockets.client.write(errorPacket(ErrorNumber.ER_CLIENT_INTERACTION_TIMEOUT, 'HY000', message, 0));
    this.#end('idle too long');
  }

  /** Ends the session at once. */
  destroy(reason: string): void {
    this.#end(reason);
    this.#sockets.destroy();
  }

  // What the command phase does.

  forward(frame: Frame): void {
    this.#responses.own.flush();
    this.#relay.forward(frame);
  }

  send(bytes: Buffer): void {
    this.#responses.own.flush();
    this.#relay.toBackend(bytes);
  }

  expect(kind: ResponseKind, wantColumnDefinitions: boolean): void {
    if (kind === 'none') {
      this.#observe();
      return;
    }
    if (this.command.needsSettling) this.#relay.hold();
    this.#enter('responding');
    this.#responses.expect(kind, wantColumnDefinitions);
  }

  expectCollected(kind: ResponseKind): void {
    this.#enter('responding');
    this.#responses.expectCollected(kind);
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
    const error = this.#statements.refused(refusal);
    this.answer(localErrorPacket(error, this.#nextSequenceId));
    const work = this.#statements.diagnose(error);
    if (work !== null) this.#complete(work);
  }

  retryAfter(work: Promise<void>): void {
    this.#enter('waiting');
    const before = performance.now();
    work.then(
      () => this.#sockets.guard(() => this.#retry(before, null)),
      (error: unknown) => this.#sockets.guard(() => this.#retry(before, error)),
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
    this.#responses.own.flush();
    const { sinks, client } = this.#sockets;
    const ahead = this.#framer.takeBuffered();
    const { outcome, fromClient, fromBackend } = await exchange.run(frame, ahead, sinks);
    if (this.#state !== 'waiting') return;
    this.#framer.push(fromClient);
    sinks.backend(fromBackend);
    if (outcome.kind === 'over') {
      client.write(outcome.packet);
      this.#end('the change of the user failed');
      return;
    }
    this.#sockets.resume();
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

  /** @param error why what the command waited for can't be had; null: it is there */
  #retry(before: number, error: unknown): void {
    if (error instanceof LegClosedError) return;
    this.#services.metrics.overhead('key', (performance.now() - before) / 1000);
    if (this.#state !== 'waiting') return;
    this.#enter('ready');
    if (error !== null) this.refuse(asLocalError(error));
    else if (this.#frame !== null) this.#dispatch(this.#frame);
    this.#take();
  }

  // Responses.

  #complete(work: Promise<void> | null): void {
    const { statusFlags } = this.command;
    if (statusFlags >= 0) this.#statusFlags = statusFlags;
    // What is left to do is no part of the answer's time.
    if (!this.#relay.isHolding) this.#observe();
    if (work === null) {
      this.#completed();
      return;
    }
    this.#enter('settling');
    work.then(
      () => this.#sockets.guard(() => this.#settled()),
      (error: unknown) => this.#fail(error),
    );
  }

  #settled(): void {
    if (this.#state !== 'settling') return;
    this.#completed();
    this.#take();
  }

  #completed(): void {
    this.#relay.release();
    this.#observe();
    this.#enter('ready');
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

  #fail(error: unknown): void {
    if (this.#state === 'ended') return;
    const packet = farewell(error, this.#state, this.#answerSequenceId(), this.#log);
    if (packet !== null) this.#sockets.client.write(packet);
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
    this.#responses.own.failAll(new LegClosedError('backend'));
    this.#statements.forgetStatements();
    this.#sockets.close();
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
