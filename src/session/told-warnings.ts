import { BufferWriter } from '../protocol/buffer-writer.js';
import { type Capabilities, Capability, has } from '../protocol/constants/capabilities.js';
import type { Frame } from '../protocol/packet-framer.js';
import { appendPacket } from '../protocol/packet-writer.js';
import { encodeEofPacket } from '../protocol/resultset/eof-packet.js';
import { decodeOkPacket, encodeOkPacket, OK_HEADER_AS_EOF } from '../protocol/resultset/ok-packet.js';
import type { StatementWarning } from '../rewrite/declared-value.js';
import type { ServerVersion } from '../rewrite/dialect.js';
import { foldName } from '../rewrite/folding.js';
import type { TextRow } from './catalog-queries.js';
import type { ClientCommand } from './client-command.js';
import type { CommandHost } from './command-host.js';
import { OwnCommandError, type OwnCommands } from './own-commands.js';
import type { SessionVariables } from './session-variables.js';

/*
 * Values that the plain table would cut or round reach the server as what is left of them, so that it has nothing to
 * warn of. The client is told all the same: in the OK of the statement, and by SHOW WARNINGS behind it.
 */

const EOF_LENGTH = 5;
/** Default of @@max_error_count. */
const MOST_SHOWN: Readonly<Record<ServerVersion['kind'], number>> = { mysql: 1024, mariadb: 64 };
const MOST_LISTED = 1024;
const MOST_COUNTED = 0xffff;
const AT_ROW = / at row \d+$/;
/** The column, which MariaDB names with its table in some messages, and the row. */
const PLACE = / for column (?:`[^`]*`\.`[^`]*`\.)?['`](.*)['`] at row (\d+)$/;

/**
 * The end of a statement's result with the warnings of its values.
 * @param payload an OK, or an EOF, as the backend sent it
 * @returns what to send in its place, in the backend's form, and the warnings that it counts
 */
export function withWarnings(
  payload: Buffer,
  warnings: readonly StatementWarning[],
  { notes }: Pick<SessionVariables, 'notes'>,
  capabilities: Capabilities,
): { readonly payload: Buffer; readonly told: readonly StatementWarning[] } {
  const kept = notes ? warnings : warnings.filter(({ level }) => level !== 'Note');
  const once = kept.filter(({ reports }) => reports.times === 'once');
  if (payload.length === EOF_LENGTH) {
    const copy = Buffer.from(payload);
    copy.writeUInt16LE(Math.min(copy.readUInt16LE(1) + once.length, MOST_COUNTED), 1);
    return { payload: copy, told: once.slice(0, MOST_LISTED) };
  }
  const packet = decodeOkPacket(payload, capabilities);
  const info = packet.info.toString('latin1');
  const repeated = kept.filter(({ reports }) => reports.times === 'eachRow');
  const matched = Number(/^Rows matched: (\d+) /.exec(info)?.[1] ?? 0);
  const told: StatementWarning[] = once.slice(0, MOST_LISTED);
  for (let row = 1; repeated.length > 0 && row <= matched && told.length < MOST_LISTED; row++) {
    for (const warning of repeated) {
      told.push({ ...warning, message: warning.message.replace(AT_ROW, ` at row ${row}`) });
    }
  }
  const count = packet.warnings + once.length + repeated.length * matched;
  const writer = new BufferWriter(payload.length + 8);
  encodeOkPacket(
    writer,
    {
      ...packet,
      warnings: Math.min(count, MOST_COUNTED),
      info: Buffer.from(info.replace(/Warnings: \d+$/, `Warnings: ${count}`), 'latin1'),
    },
    capabilities,
  );
  return { payload: writer.view(), told };
}

type Fetched = Awaited<ReturnType<OwnCommands['queryText']>>;

export interface ToldWarningsOptions {
  readonly host: CommandHost;
  readonly own: OwnCommands;
  readonly server: ServerVersion;
  /** The client's. */
  readonly capabilities: Capabilities;
}

/** What SHOW WARNINGS has to add to the server's own list, until the next statement. */
export class ToldWarnings {
  readonly #options: ToldWarningsOptions;
  #told: readonly StatementWarning[] | null = null;
  #statusFlags = 0;
  /** The server's answer to SHOW WARNINGS. */
  #fetched: Fetched | null = null;

  constructor(options: ToldWarningsOptions) {
    this.#options = options;
  }

  /** A command is over. */
  complete({ told, failed, statusFlags }: ClientCommand): void {
    this.#fetched = null;
    this.#told = told === null || told.length === 0 || failed ? null : told;
    this.#statusFlags = statusFlags;
  }

  /** Nothing is left of it: a statement was answered in another way. */
  clear(): void {
    this.#told = null;
  }

  /**
   * Answers SHOW WARNINGS where there is something to add.
   * @param start of the text in the command's payload
   * @returns whether the command is taken up
   */
  takes(frame: Frame, start: number): boolean {
    if (this.#told === null) return false;
    const { host, own } = this.#options;
    if (!/^\s*show\s+warnings\s*;?\s*$/i.test(frame.payload.toString('latin1', start))) return false;
    if (this.#fetched === null) {
      host.retryAfter(
        own.queryText(Buffer.from('SHOW WARNINGS')).then(
          (fetched) => {
            this.#fetched = fetched;
          },
          (error: unknown) => {
            if (!(error instanceof OwnCommandError)) throw error;
            // The client gets the server's own word.
            this.#told = null;
          },
        ),
      );
      return true;
    }
    host.answer(this.#answer(this.#told, this.#fetched, frame.lastSequenceId + 1));
    this.#fetched = null;
    return true;
  }

  #answer(
    told: readonly StatementWarning[],
    { rows, definitions }: Fetched,
    firstSequenceId: number,
  ): Buffer {
    const { server, capabilities } = this.#options;
    const packets = new BufferWriter(1024);
    let sequenceId = firstSequenceId;
    const add = (payload: Buffer): void => {
      appendPacket(packets, payload, sequenceId & 0xff);
      sequenceId += 1;
    };
    const isWithoutEof = has(capabilities.flags, Capability.CLIENT_DEPRECATE_EOF);
    const statusFlags = this.#statusFlags;
    const end = (): void => {
      const writer = new BufferWriter(16);
      if (!isWithoutEof) encodeEofPacket(writer, { warnings: 0, statusFlags });
      else {
        encodeOkPacket(
          writer,
          {
            header: OK_HEADER_AS_EOF,
            affectedRows: 0n,
            lastInsertId: 0n,
            statusFlags,
            warnings: 0,
            info: Buffer.alloc(0),
            sessionStateChanges: [],
          },
          capabilities,
        );
      }
      add(writer.view());
    };
    add(Buffer.of(definitions.length));
    for (const definition of definitions) add(definition);
    if (!isWithoutEof) end();
    for (const row of merged(rows, told).slice(0, MOST_SHOWN[server.kind])) {
      const writer = new BufferWriter(128);
      for (const cell of row) writer.writeLengthEncodedBuffer(cell ?? Buffer.alloc(0));
      add(writer.view());
    }
    end();
    return packets.view();
  }
}

/** The server's warnings and ours in the order of rows and, in a row, of the columns that are written. */
function merged(rows: readonly TextRow[], told: readonly StatementWarning[]): TextRow[] {
  const ours = told.map(
    ({ level, errno, message }): TextRow => [
      Buffer.from(level),
      Buffer.from(String(errno)),
      Buffer.from(message),
    ],
  );
  const columns = (told[0]?.reports.columns ?? []).map(foldName);
  const placed = [...rows, ...ours].map((row) => {
    const [, name = '', at] = PLACE.exec(row[2]?.toString('utf8') ?? '') ?? [];
    return { row, at: Number(at ?? Number.MAX_SAFE_INTEGER), column: columns.indexOf(foldName(name)) };
  });
  return placed.sort((one, other) => one.at - other.at || one.column - other.column).map(({ row }) => row);
}
