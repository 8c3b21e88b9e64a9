import { BufferWriter } from '../protocol/buffer-writer.js';
import { type Capabilities, Capability, has } from '../protocol/constants/capabilities.js';
import { ErrorNumber } from '../protocol/constants/error-numbers.js';
import { StatusFlag } from '../protocol/constants/status-flags.js';
import type { DefinitionsOf, ResponseEvent } from '../protocol/response-tracker.js';
import { BinaryRowLayout } from '../protocol/resultset/binary-row-layout.js';
import { decodeErrPacket, encodeErrPacket } from '../protocol/resultset/err-packet.js';
import {
  decodeOkPacket,
  encodeOkPacket,
  readOkStatusFlags,
  withStatusFlag,
} from '../protocol/resultset/ok-packet.js';
import type { SessionStateChange } from '../protocol/resultset/session-state-changes.js';
import type { ResultsetMetadata } from '../protocol/resultset-metadata.js';
import type { ClientCommand } from './client-command.js';
import { restoreColumnDefinition } from './column-restoration.js';
import { shownPacket } from './diagnostics-area.js';
import type { KnownBeginning, RestoredMetadata } from './restored-metadata.js';
import { readColumnForm, restoreRow } from './row-restoration.js';
import type { ServerErrors } from './server-errors.js';
import type { SessionVariables } from './session-variables.js';
import { withWarnings } from './told-warnings.js';

/** Payload bytes of an EOF; the shortest OK has 7. */
const EOF_LENGTH = 5;
const LOCAL_INFILE_OFF = 'tenantcrypt: LOAD DATA LOCAL is off (policy.localInfile)';

export interface ClientResponsesOptions {
  readonly clientCapabilities: Capabilities;
  readonly backendCapabilities: Capabilities;
  readonly variables: SessionVariables;
  readonly serverErrors: ServerErrors | null;
  /** Of all sessions; null where no table is protected. */
  readonly metadata: RestoredMetadata | null;
  /** Variables that the client itself asked the server to report. */
  readonly clientTracks: () => ReadonlySet<string> | 'all';
  /** ER_BAD_FIELD_ERROR for a rewritten statement: the catalog may be out of date. */
  readonly onBadField: () => void;
  readonly isMariadb: boolean;
  /** Whether the client is asked for the files that the server wants; otherwise the server gets empty ones. */
  readonly localInfile: boolean;
  /** The server asks for a local file. */
  readonly onLocalInfile: () => void;
}

/**
 * What is read and changed in the packets of a response on their way to the client: session state is tracked, and
 * taken out of what the client did not ask for; definitions are restored; errors get the client's names.
 */
export class ClientResponses {
  readonly #options: ClientResponsesOptions;
  readonly #clientTracksState: boolean;
  readonly #backendTracksState: boolean;

  constructor(options: ClientResponsesOptions) {
    this.#options = options;
    this.#clientTracksState = has(options.clientCapabilities.flags, Capability.CLIENT_SESSION_TRACK);
    this.#backendTracksState = has(options.backendCapabilities.flags, Capability.CLIENT_SESSION_TRACK);
  }

  /** @returns the payload to relay in the packet's place, null for the packet itself */
  packet(event: ResponseEvent, payload: Buffer, command: ClientCommand): Buffer | null {
    const replacement = this.#packet(event, payload, command);
    if (!command.hasNext || !endsResult(event)) return replacement;
    // To the client the whole is one response, and this no end of it.
    return withStatusFlag(replacement ?? payload, StatusFlag.SERVER_MORE_RESULTS_EXISTS);
  }

  #packet(event: ResponseEvent, payload: Buffer, command: ClientCommand): Buffer | null {
    command.fieldList?.packet(event, payload);
    switch (event.kind) {
      case 'ok':
        command.statusFlags = event.statusFlags;
        return this.#end(payload, command);
      case 'endOfRows':
        command.statusFlags = event.statusFlags;
        return this.#end(payload, command);
      case 'definition':
        return this.#definition(event.of, payload, command);
      case 'endOfDefinitions':
        command.statusFlags = event.statusFlags;
        return null;
      case 'err':
        command.failed = true;
        return this.#error(payload, command);
      case 'localInfile':
        if (this.#options.localInfile) {
          this.#options.onLocalInfile();
          return null;
        }
        command.isLocalInfileRefused = true;
        // Until the server has spoken, the ERR that stands in for the request passes.
        command.failed = true;
        this.#options.onLocalInfile();
        return localInfileError();
      case 'columnCount':
        command.rowForm = [];
        command.rowColumns.length = 0;
        command.columnCount = event.columnCount;
        // Clients that get no definitions read rows by those that came with the statement.
        command.rowLayout = event.definitionsFollow ? null : (command.statement?.rowLayout ?? null);
        return null;
      case 'prepareOk':
        command.columnCount = event.prepareOk.numColumns;
        return null;
      case 'row':
        return this.#row(payload, command);
      case 'progress':
      case 'string':
        return null;
    }
  }

  /** An OK, or an EOF. */
  #end(payload: Buffer, command: ClientCommand): Buffer | null {
    const { warnings } = command;
    if (warnings === null || warnings.length === 0)
      return payload.length === EOF_LENGTH ? null : this.okPacket(payload, command);
    const { variables, backendCapabilities } = this.#options;
    const telling = withWarnings(payload, warnings, variables, backendCapabilities);
    command.told = telling.told;
    return telling.payload.length === EOF_LENGTH
      ? telling.payload
      : (this.okPacket(telling.payload, command) ?? telling.payload);
  }

  /** What the result of a command that restores its definitions began with the last time. */
  knownBeginning({ columns, catalog, isBinary }: ClientCommand): KnownBeginning | null {
    const { metadata, backendCapabilities } = this.#options;
    if (metadata === null || columns === null || catalog === null) return null;
    return metadata.get(columns, catalog, backendCapabilities, isBinary);
  }

  /** What it began with now. */
  learned(learned: ResultsetMetadata, { columns, catalog, isBinary, rowLayout }: ClientCommand): void {
    const { metadata, backendCapabilities } = this.#options;
    if (columns === null || catalog === null) return;
    metadata?.set(columns, catalog, backendCapabilities, isBinary, { metadata: learned, rowLayout });
  }

  /** Tracks what an OK reports. @returns the payload for this client, null when it may have the packet itself */
  okPacket(payload: Buffer, command: ClientCommand): Buffer | null {
    const { backendCapabilities, clientCapabilities } = this.#options;
    if (!this.#backendTracksState) return null;
    if (!has(readOkStatusFlags(payload), StatusFlag.SERVER_SESSION_STATE_CHANGED)) return null;
    const packet = decodeOkPacket(payload, backendCapabilities);
    this.#options.variables.apply(packet.sessionStateChanges);
    command.hasReportedVariables ||= packet.sessionStateChanges.some(
      ({ kind }) => kind === 'systemVariables',
    );
    const changes = this.#clientTracksState ? this.#changesForClient(packet.sessionStateChanges) : [];
    if (changes === packet.sessionStateChanges) return null;
    const writer = new BufferWriter(payload.length);
    encodeOkPacket(writer, { ...packet, sessionStateChanges: changes }, clientCapabilities);
    return writer.view();
  }

  /** The OK that ends the login: the state it reports has been read by the setup since. */
  loginOkPacket(payload: Buffer): Buffer {
    if (!this.#backendTracksState) return payload;
    const packet = decodeOkPacket(payload, this.#options.backendCapabilities);
    const writer = new BufferWriter(payload.length);
    encodeOkPacket(writer, packet, this.#options.clientCapabilities);
    return writer.view();
  }

  /** Without the variables that only we asked for; the same list when there are none. */
  #changesForClient(changes: readonly SessionStateChange[]): readonly SessionStateChange[] {
    const tracks = this.#options.clientTracks();
    if (tracks === 'all') return changes;
    const isForeign = (change: SessionStateChange): boolean =>
      change.kind === 'systemVariables' &&
      change.variables.some(({ name }) => !tracks.has(name.toLowerCase()));
    if (!changes.some(isForeign)) return changes;
    return changes.flatMap((change): SessionStateChange[] => {
      if (change.kind !== 'systemVariables') return [change];
      const variables = change.variables.filter(({ name }) => tracks.has(name.toLowerCase()));
      return variables.length === 0 ? [] : [{ kind: 'systemVariables', variables }];
    });
  }

  #definition(of: DefinitionsOf, payload: Buffer, command: ClientCommand): Buffer | null {
    if (command.columns === null || command.catalog === null || of === 'parameters') return null;
    if (command.columns.rows !== undefined) {
      command.rowForm.push(readColumnForm(payload, this.#options.backendCapabilities));
      return null;
    }
    const { rowColumns, isBinary } = command;
    const { payload: restored, row } = restoreColumnDefinition(
      payload,
      rowColumns.length,
      command.columns,
      command.catalog,
      this.#options.backendCapabilities,
      isBinary,
    );
    rowColumns.push(row);
    if (isBinary && rowColumns.length === command.columnCount) {
      command.rowLayout = BinaryRowLayout.of(rowColumns);
      if (command.statement !== null) command.statement.rowLayout = command.rowLayout;
    }
    return restored;
  }

  /** Of SHOW of a protected table. Clients that keep definitions with the statement get none again: we keep them, too. */
  #row(payload: Buffer, command: ClientCommand): Buffer | null {
    const rows = command.columns?.rows;
    if (rows === undefined) return null;
    const { rowForm, statement, isBinary } = command;
    const form =
      rowForm.length > 0
        ? rowForm
        : (statement?.definitions ?? []).map((definition) =>
            readColumnForm(definition, this.#options.backendCapabilities),
          );
    return restoreRow(payload, rows, form, isBinary);
  }

  #error(payload: Buffer, command: ClientCommand): Buffer | null {
    if (command.outcome !== 'rewritten' || this.#options.serverErrors === null) return null;
    const { errorCode } = decodeErrPacket(payload);
    if (errorCode === ErrorNumber.ER_BAD_FIELD_ERROR) this.#options.onBadField();
    const replacement = this.#options.serverErrors.normalise(payload, command.catalog);
    if (replacement !== null) command.shownError = shownPacket(decodeErrPacket(replacement));
    else if (this.#options.isMariadb && VALUE_ERRORS.has(errorCode) && !command.effects.changesSchema) {
      // MariaDB goes on with the row, and one that is raised for us may stand in its list beside this one.
      command.shownError = shownPacket(decodeErrPacket(payload));
    }
    return replacement;
  }
}

/** Of a value that does not fit its column: 1264, 1265, 1292, 1366, 1406. */
const VALUE_ERRORS: ReadonlySet<number> = new Set([1264, 1265, 1292, 1366, 1406]);

/** Whether the packet has status flags. */
function endsResult({ kind }: ResponseEvent): boolean {
  return kind === 'ok' || kind === 'endOfRows' || kind === 'endOfDefinitions';
}

function localInfileError(): Buffer {
  const writer = new BufferWriter();
  encodeErrPacket(writer, {
    errorCode: ErrorNumber.ER_NOT_ALLOWED_COMMAND,
    sqlState: '42000',
    errorMessage: Buffer.from(LOCAL_INFILE_OFF),
  });
  return writer.view();
}
