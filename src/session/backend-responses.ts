import type { Capabilities } from '../protocol/constants/capabilities.js';
import type { ResponseEvent, ResponseKind } from '../protocol/response-tracker.js';
import { ResponseStream } from '../protocol/result-stream.js';
import { RowRecoder } from '../protocol/row-recoder.js';
import type { ClientCommand } from './client-command.js';
import type { LocalFile } from './local-file.js';
import { type OwnCommand, OwnCommands } from './own-commands.js';
import type { Relay } from './relay.js';
import type { StatementSide } from './statement-side.js';

type Token = ClientCommand | OwnCommand;

export interface BackendResponsesOptions {
  readonly backendCapabilities: Capabilities;
  readonly relay: Relay;
  readonly localFile: LocalFile;
  /** The client's command under way. */
  readonly command: ClientCommand;
  readonly statements: () => StatementSide;
  /** The response to the client's command is over; `work` is to be done before its last packet goes to the client. */
  readonly complete: (work: Promise<void> | null) => void;
}

/**
 * What the backend answers, in order: to the client's commands, which is relayed and changed on the way, and to the
 * proxy's own, which is kept from the client.
 */
export class BackendResponses {
  readonly own: OwnCommands;
  readonly #options: BackendResponsesOptions;
  readonly #rows: RowRecoder;
  readonly #stream: ResponseStream<Token>;

  constructor(options: BackendResponsesOptions) {
    const { backendCapabilities, relay, command } = options;
    this.#options = options;
    this.#rows = new RowRecoder((bytes) => relay.toClient(bytes));
    this.#stream = new ResponseStream<Token>(backendCapabilities, {
      relay: (bytes) => {
        if (!command.isLocalInfileRefused || command.failed) this.#rows.push(bytes);
      },
      packet: (event, payload, token) => this.#packet(event, payload, token),
      learned: (metadata, token) => {
        if (token.kind === 'client') options.statements().responses.learned(metadata, token);
      },
      complete: (token) => this.#complete(token),
    });
    this.own = new OwnCommands(backendCapabilities, {
      expect: (kind, token) =>
        this.#stream.expect(kind, { token, relay: false, wantRows: true, wantColumnDefinitions: true }),
      send: (bytes, isSecret) => relay.toBackend(bytes, isSecret ? () => bytes.fill(0) : undefined),
    });
  }

  /** The response to the client's command comes next and is relayed. */
  expect(kind: ResponseKind, wantColumnDefinitions: boolean): void {
    const { command: token, statements } = this.#options;
    const { numbering } = token;
    this.#rows.begin(kind === 'rows' ? (token.statement?.rowLayout ?? null) : null);
    if (token.columns?.rows !== undefined) {
      this.#stream.expect(kind, { token, wantColumnDefinitions, wantRows: true, numbering });
    } else if (wantColumnDefinitions && kind === 'result') {
      const known = statements().responses.knownBeginning(token);
      const metadata = known?.metadata ?? null;
      if (known !== null) this.#rows.begin(known.rowLayout);
      this.#stream.expect(kind, { token, wantColumnDefinitions, metadata, numbering });
    } else {
      this.#stream.expect(kind, { token, wantColumnDefinitions, numbering });
    }
  }

  /** The same, but nothing is relayed: the answer is made from what arrives. */
  expectCollected(kind: ResponseKind): void {
    this.#stream.expect(kind, { token: this.#options.command, wantColumnDefinitions: true, relay: false });
  }

  /** @throws MalformedPacketError */
  push(chunk: Buffer): void {
    this.#stream.push(chunk);
    this.#options.relay.flush();
  }

  #packet(event: ResponseEvent, payload: Buffer, token: Token | null): Buffer | null {
    if (token === null) return null;
    if (token.kind === 'own') {
      token.packet(event, payload);
      return null;
    }
    const replacement = this.#options.statements().packet(event, payload, token);
    if (event.kind === 'columnCount' || event.kind === 'definition') this.#rows.layout = token.rowLayout;
    return replacement;
  }

  #complete(token: Token): void {
    if (token.kind === 'own') {
      token.complete();
      return;
    }
    const { localFile, statements, complete } = this.#options;
    localFile.stop();
    complete(statements().complete(token));
  }
}
