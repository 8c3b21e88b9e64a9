import type { ErrorCode } from '../errors.js';
import type { SessionMetrics } from '../metrics/metrics.js';
import { Command, commandName } from '../protocol/constants/commands.js';
import type { PacketNumbering } from '../protocol/packet-numbering.js';
import type { BinaryRowLayout, RowColumn } from '../protocol/resultset/binary-row-layout.js';
import type { Catalog } from '../rewrite/catalog.js';
import type { StatementWarning } from '../rewrite/declared-value.js';
import { type ColumnRestoration, type Effects, NO_EFFECTS } from '../rewrite/plan.js';
import { NO_STATEMENT_TENANT, type StatementTenant } from '../tenant/tenant-resolver.js';
import type { ShownError } from './diagnostics-area.js';
import type { FieldList } from './field-list.js';
import type { PreparedStatement } from './prepared-statement.js';
import type { ColumnForm } from './row-restoration.js';
import type { NameChange } from './sql-prepared-statement.js';
import type { StatementSequence } from './statement-sequence.js';

export type CommandOutcome = 'forwarded' | 'rewritten' | 'refused';

/** What happens when a command's response is over. */
export type FollowUp = 'none' | 'resetConnection';

/**
 * The client's command under way, and what its response needs. A session has one at a time and so one object, which
 * `begin` makes new.
 */
export class ClientCommand {
  readonly kind = 'client';
  code = 0;
  /** `performance.now()` when it was taken up. */
  startedAt = 0;
  /** `performance.now()` when the last one was over. */
  endedAt = 0;
  outcome: CommandOutcome = 'forwarded';
  reason: ErrorCode | null = null;
  /** How often it was taken up: waiting for a key takes it up again. */
  attempts = 0;
  /** It has waited for its key to be set. */
  hasBoundKey = false;
  /** The words of its statement that were new have been looked up. */
  hasLookedUp = false;
  /** Whether the table of a plan's `emptyTable` has no rows; null: it was not looked at. */
  isTableEmpty: boolean | null = null;

  effects: Effects = NO_EFFECTS;
  /** What a SET assigns to the tenant's variable, in order. */
  tenantValues: readonly (string | null)[] | null = null;
  /** What the statement says of its own tenant. */
  statementTenant: StatementTenant = NO_STATEMENT_TENANT;
  followUp: FollowUp = 'none';

  columns: ColumnRestoration | null = null;
  catalog: Catalog | null = null;
  /** Of the result, or of the statement prepared. */
  columnCount = 0;
  /** Of its columns, in order, as far as their definitions have come. */
  readonly rowColumns: RowColumn[] = [];
  /** Of its rows, once all have come; null: they pass as they come. */
  rowLayout: BinaryRowLayout | null = null;
  /** Of COM_FIELD_LIST of a protected table. */
  fieldList: FieldList | null = null;
  /** Of a result whose rows are restored. */
  rowForm: ColumnForm[] = [];
  isBinary = false;

  /** What the server would say of the values that it gets in other forms; null: nothing. */
  warnings: readonly StatementWarning[] | null = null;
  /** What of that the client has been told, in its OK. */
  told: readonly StatementWarning[] | null = null;

  /** Of COM_STMT_PREPARE, the statement being made; of COM_STMT_EXECUTE, the one executed. */
  statement: PreparedStatement | null = null;
  /** Of PREPARE and DEALLOCATE PREPARE. */
  nameChange: NameChange | null = null;
  /** Of EXECUTE … USING, what the server gets in the place of the client's arguments under a catalog's plan. */
  using: { readonly catalog: Catalog; readonly list: readonly string[] } | null = null;

  /** Of a COM_QUERY whose statements are taken one by one; all else here is about the one under way. */
  sequence: StatementSequence | null = null;
  /** Of the response's packets, where the client sees other ids than the backend gives. */
  numbering: PacketNumbering | null = null;
  /** Of COM_SET_OPTION: whether it allows several statements; null: it says nothing of that. */
  multiStatements: boolean | null = null;

  /** Whether the response ended with ERR. */
  failed = false;
  /** The error that the client was told in the place of the server's. */
  shownError: ShownError | null = null;
  /** Of the last OK or EOF; -1 before. */
  statusFlags = -1;
  /** The server has reported variables that changed. */
  hasReportedVariables = false;
  /** The server asked for a local file: the rest of the response is not for the client. */
  isLocalInfileRefused = false;
  #isObserved = false;

  begin(code: number, now: number): void {
    this.code = code;
    this.#isObserved = false;
    this.startedAt = now;
    this.outcome = 'forwarded';
    this.reason = null;
    this.attempts = 0;
    this.hasBoundKey = false;
    this.hasLookedUp = false;
    this.isTableEmpty = null;
    this.effects = NO_EFFECTS;
    this.tenantValues = null;
    this.statementTenant = NO_STATEMENT_TENANT;
    this.followUp = 'none';
    this.columns = null;
    this.catalog = null;
    this.columnCount = 0;
    this.rowColumns.length = 0;
    this.rowLayout = null;
    this.rowForm = [];
    this.fieldList = null;
    this.isBinary = false;
    this.warnings = null;
    this.told = null;
    this.statement = null;
    this.nameChange = null;
    this.using = null;
    this.sequence = null;
    this.numbering = null;
    this.multiStatements = null;
    this.failed = false;
    this.shownError = null;
    this.statusFlags = -1;
    this.hasReportedVariables = false;
    this.isLocalInfileRefused = false;
  }

  /** Whether its response may go on for ever: a binary log's events. */
  get isEndless(): boolean {
    return this.code === Command.COM_BINLOG_DUMP || this.code === Command.COM_BINLOG_DUMP_GTID;
  }

  /** Takes up the next statement of the sequence: only its place in the response goes on. */
  beginNext(now: number): void {
    const { code, sequence, numbering } = this;
    this.begin(code, now);
    sequence?.advance();
    this.sequence = sequence;
    this.numbering = numbering;
  }

  /** Whether another statement of the sequence follows the one that has been answered. */
  get hasNext(): boolean {
    return this.sequence?.isLast === false;
  }

  /** Whether it counts as a statement. */
  get isStatement(): boolean {
    return (
      this.code === Command.COM_QUERY ||
      this.code === Command.COM_STMT_EXECUTE ||
      this.code === Command.COM_STMT_BULK_EXECUTE ||
      this.code === Command.COM_STMT_PREPARE
    );
  }

  /** Counts the command, whose response is over, once. */
  observe(metrics: SessionMetrics): void {
    if (this.#isObserved) return;
    this.#isObserved = true;
    if (this.isStatement || this.outcome === 'refused') {
      metrics.statement(this.outcome, this.reason ?? undefined);
    }
    const outcome = this.failed && this.outcome !== 'refused' ? 'error' : this.outcome;
    this.endedAt = performance.now();
    const seconds = (this.endedAt - this.startedAt) / 1000;
    metrics.query(commandName(this.code) ?? 'unknown', outcome, seconds);
  }

  /** Whether something is to be done between the response and the next command, and its last packet waits for it. */
  get needsSettling(): boolean {
    return (
      this.tenantValues !== null ||
      this.effects.changesSchema ||
      this.effects.changesTracking === true ||
      this.effects.changesReading === true ||
      this.effects.runsUnseenSql === true ||
      this.followUp !== 'none'
    );
  }
}
