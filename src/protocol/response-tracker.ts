import { type ComStmtPrepareOk, decodeComStmtPrepareOk } from './command-phase/com-stmt-prepare-ok.js';
import { type Capabilities, Capability, has, MariadbCapability } from './constants/capabilities.js';
import { StatusFlag } from './constants/status-flags.js';
import { MalformedPacketError } from './malformed-packet-error.js';
import {
  classifyResponsePacket,
  type ResponsePacketKind,
  type ResponsePlace,
} from './response-classifier.js';
import { decodeColumnCount, definitionsFollow } from './resultset/column-count.js';
import { decodeEofPacket } from './resultset/eof-packet.js';
import { readOkStatusFlags } from './resultset/ok-packet.js';

/*
 * Follows one response packet by packet: (state, packet) → (state, event). Pure: states are values, the caller keeps the
 * current one. Of definitions and rows only the first byte and the length are looked at.
 *
 *   const kind = classify(state, firstByte, packetLength, capabilities);
 *   const event = readEvent(state, kind, payload, capabilities);    // payload only when needsPayload(kind)
 *   state = transition(state, event, capabilities);                 // until state.kind is 'complete'
 */

/** What a command's response looks like. */
export type ResponseKind =
  /** COM_QUERY, COM_STMT_EXECUTE, COM_STMT_BULK_EXECUTE, COM_PROCESS_INFO: OK, ERR, LOCAL INFILE or result sets. */
  | 'result'
  /** COM_STMT_EXECUTE that asks for a cursor: as 'result', or definitions alone. */
  | 'cursor'
  /** COM_STMT_PREPARE. */
  | 'prepare'
  /** OK or ERR: COM_PING, COM_INIT_DB, COM_RESET_CONNECTION, COM_STMT_RESET, COM_PROCESS_KILL, … */
  | 'ok'
  /** EOF or OK or ERR: COM_SET_OPTION, COM_DEBUG, COM_SHUTDOWN. */
  | 'eof-or-ok'
  /** COM_FIELD_LIST. */
  | 'fields'
  /** COM_STATISTICS. */
  | 'string'
  /** COM_STMT_FETCH. */
  | 'rows'
  /** COM_BINLOG_DUMP, COM_BINLOG_DUMP_GTID: events without an end, or up to EOF or ERR. */
  | 'events'
  /** COM_STMT_CLOSE, COM_STMT_SEND_LONG_DATA, COM_QUIT. */
  | 'none';

/** What the definitions of a list describe. */
export type DefinitionsOf = 'result' | 'parameters' | 'preparedColumns' | 'fields';

export type ResponseState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'result'; readonly mayOpenCursor?: true }
  | { readonly kind: 'localInfileServed' }
  | { readonly kind: 'columnDefinitions'; readonly remaining: number; readonly mayOpenCursor?: true }
  | { readonly kind: 'endOfColumnDefinitions'; readonly mayOpenCursor?: true }
  /** `moreResults`: another result follows, whatever the end of the rows says. */
  | { readonly kind: 'rows'; readonly moreResults?: true }
  | { readonly kind: 'fetchedRows' }
  | { readonly kind: 'prepare' }
  | { readonly kind: 'parameterDefinitions'; readonly remaining: number; readonly columns: number }
  | {
      readonly kind: 'endOfParameterDefinitions';
      readonly columns: number;
      /** Definitions are left out, of the columns too. */
      readonly isBare?: true;
    }
  | { readonly kind: 'preparedColumnDefinitions'; readonly remaining: number }
  | { readonly kind: 'endOfPreparedColumnDefinitions' }
  | { readonly kind: 'ok' }
  | { readonly kind: 'eofOrOk' }
  | { readonly kind: 'fields' }
  | { readonly kind: 'string' }
  | { readonly kind: 'events' }
  | { readonly kind: 'complete' };

export type ResponseEvent =
  /**
   * `moreResults`: another result follows in this response. `isOk`, here and below: the payload is an OK, which may carry
   * session state, and not an EOF.
   */
  | {
      readonly kind: 'ok';
      readonly statusFlags: number;
      readonly moreResults: boolean;
      readonly isOk: boolean;
    }
  /** Ends the response wherever it comes. */
  | { readonly kind: 'err' }
  /** MariaDB's progress report: looks like an ERR, may come before any packet, and ends nothing. */
  | { readonly kind: 'progress' }
  /** The client sends the file now; OK or ERR follows. */
  | { readonly kind: 'localInfile' }
  | { readonly kind: 'columnCount'; readonly columnCount: number; readonly definitionsFollow: boolean }
  | { readonly kind: 'definition'; readonly of: DefinitionsOf }
  | {
      readonly kind: 'endOfDefinitions';
      readonly of: DefinitionsOf;
      readonly statusFlags: number;
      readonly isOk: boolean;
    }
  /** An event of the binary log, too. */
  | { readonly kind: 'row' }
  | {
      readonly kind: 'endOfRows';
      readonly statusFlags: number;
      readonly moreResults: boolean;
      readonly isOk: boolean;
    }
  | { readonly kind: 'prepareOk'; readonly prepareOk: ComStmtPrepareOk }
  | { readonly kind: 'string' };

export const IDLE: ResponseState = { kind: 'idle' };
const RESULT: ResponseState = { kind: 'result' };
const LOCAL_INFILE_SERVED: ResponseState = { kind: 'localInfileServed' };
const END_OF_COLUMN_DEFINITIONS: ResponseState = { kind: 'endOfColumnDefinitions' };
const END_OF_CURSOR_DEFINITIONS: ResponseState = { kind: 'endOfColumnDefinitions', mayOpenCursor: true };
/** Before each row of a result set, and its end. */
export const ROWS: ResponseState = { kind: 'rows' };
/** Of OUT parameters: see {@link rowsAfter}. */
const OUT_PARAMETER_ROWS: ResponseState = { kind: 'rows', moreResults: true };
const END_OF_PREPARED_COLUMN_DEFINITIONS: ResponseState = { kind: 'endOfPreparedColumnDefinitions' };
const COMPLETE: ResponseState = { kind: 'complete' };

const initialStates: Readonly<Record<ResponseKind, ResponseState>> = {
  result: RESULT,
  cursor: { kind: 'result', mayOpenCursor: true },
  prepare: { kind: 'prepare' },
  ok: { kind: 'ok' },
  'eof-or-ok': { kind: 'eofOrOk' },
  fields: { kind: 'fields' },
  string: { kind: 'string' },
  rows: { kind: 'fetchedRows' },
  events: { kind: 'events' },
  none: COMPLETE,
};

/** The state in which a response of this kind begins. */
export function initialState(kind: ResponseKind): ResponseState {
  return initialStates[kind];
}

const places: Readonly<Record<Exclude<ResponseState['kind'], 'complete'>, ResponsePlace>> = {
  idle: 'idle',
  result: 'result',
  localInfileServed: 'ok',
  columnDefinitions: 'definition',
  endOfColumnDefinitions: 'endOfDefinitions',
  rows: 'row',
  fetchedRows: 'row',
  prepare: 'prepare',
  parameterDefinitions: 'definition',
  endOfParameterDefinitions: 'endOfDefinitions',
  preparedColumnDefinitions: 'definition',
  endOfPreparedColumnDefinitions: 'endOfDefinitions',
  ok: 'ok',
  eofOrOk: 'eofOrOk',
  fields: 'definitionOrEnd',
  string: 'string',
  events: 'event',
};

const definitionsOf: Partial<Readonly<Record<ResponseState['kind'], DefinitionsOf>>> = {
  columnDefinitions: 'result',
  endOfColumnDefinitions: 'result',
  parameterDefinitions: 'parameters',
  endOfParameterDefinitions: 'parameters',
  preparedColumnDefinitions: 'preparedColumns',
  endOfPreparedColumnDefinitions: 'preparedColumns',
  fields: 'fields',
};

/**
 * What the packet is.
 * @param firstByte of the payload, -1 when it is empty
 * @param packetLength of its first packet
 * @throws MalformedPacketError when no such packet may stand here
 */
export function classify(
  state: ResponseState,
  firstByte: number,
  packetLength: number,
  { flags }: Capabilities,
): ResponsePacketKind {
  if (state.kind === 'complete') throw new MalformedPacketError('packet after the end of a response', 0);
  const deprecateEof = has(flags, Capability.CLIENT_DEPRECATE_EOF);
  const kind = classifyResponsePacket(places[state.kind], firstByte, packetLength, deprecateEof);
  if (kind === 'malformed') throw new MalformedPacketError(`unexpected packet in state ${state.kind}`, 0);
  return kind;
}

const payloadNeeded: Readonly<Record<ResponsePacketKind, boolean>> = {
  ok: true,
  okAsEof: true,
  eof: true,
  err: true,
  localInfile: true,
  columnCount: true,
  prepareOk: true,
  definition: false,
  row: false,
  string: false,
  malformed: false,
};

/** Whether following the response takes the packet's whole payload. */
export function needsPayload(kind: ResponsePacketKind): boolean {
  return payloadNeeded[kind];
}

const ROW: ResponseEvent = { kind: 'row' };
const STRING: ResponseEvent = { kind: 'string' };
const ERR: ResponseEvent = { kind: 'err' };
const PROGRESS: ResponseEvent = { kind: 'progress' };
/** The error number of a progress report. */
const PROGRESS_ERRNO = 0xffff;
const LOCAL_INFILE: ResponseEvent = { kind: 'localInfile' };
const definitionEvents: Readonly<Record<DefinitionsOf, ResponseEvent>> = {
  result: { kind: 'definition', of: 'result' },
  parameters: { kind: 'definition', of: 'parameters' },
  preparedColumns: { kind: 'definition', of: 'preparedColumns' },
  fields: { kind: 'definition', of: 'fields' },
};
const NO_PAYLOAD = Buffer.alloc(0);

/**
 * The event for a packet that {@link classify} named. Allocates nothing for definitions and rows.
 * @param payload needed where {@link needsPayload} says so
 */
export function readEvent(
  state: ResponseState,
  kind: ResponsePacketKind,
  payload: Buffer = NO_PAYLOAD,
  capabilities: Capabilities,
): ResponseEvent {
  switch (kind) {
    case 'row':
      return ROW;
    case 'definition':
      return definitionEvents[definitionsOf[state.kind] ?? 'result'];
    case 'string':
      return STRING;
    case 'err':
      return isProgress(payload, capabilities) ? PROGRESS : ERR;
    case 'localInfile':
      return LOCAL_INFILE;
    case 'columnCount':
      return {
        kind: 'columnCount',
        columnCount: decodeColumnCount(payload, capabilities),
        definitionsFollow: definitionsFollow(payload, capabilities),
      };
    case 'prepareOk':
      return { kind: 'prepareOk', prepareOk: decodeComStmtPrepareOk(payload, capabilities) };
    case 'ok':
      return okEvent(readOkStatusFlags(payload), true);
    case 'okAsEof':
      return endEvent(state, readOkStatusFlags(payload), true);
    case 'eof':
      return endEvent(state, decodeEofPacket(payload).statusFlags, false);
    case 'malformed':
      throw new MalformedPacketError(`unexpected packet in state ${state.kind}`, 0);
  }
}

/** https://mariadb.com/kb/en/progress-reporting/ */
function isProgress(payload: Buffer, { mariadb }: Capabilities): boolean {
  return (
    has(mariadb, MariadbCapability.MARIADB_CLIENT_PROGRESS) &&
    payload.length > 3 &&
    payload.readUInt16LE(1) === PROGRESS_ERRNO
  );
}

function okEvent(statusFlags: number, isOk: boolean): ResponseEvent {
  return {
    kind: 'ok',
    statusFlags,
    moreResults: has(statusFlags, StatusFlag.SERVER_MORE_RESULTS_EXISTS),
    isOk,
  };
}

/** An OK or EOF with the header 0xFE: what it ends depends on the state. */
function endEvent(state: ResponseState, statusFlags: number, isOk: boolean): ResponseEvent {
  if (state.kind === 'eofOrOk') return okEvent(statusFlags, isOk);
  const of = definitionsOf[state.kind];
  if (of !== undefined) return { kind: 'endOfDefinitions', of, statusFlags, isOk };
  const moreResults =
    has(statusFlags, StatusFlag.SERVER_MORE_RESULTS_EXISTS) ||
    (state.kind === 'rows' && state.moreResults === true);
  return { kind: 'endOfRows', statusFlags, moreResults, isOk };
}

/** The state after an event of {@link readEvent}. @throws MalformedPacketError for an event that has no place here */
export function transition(
  state: ResponseState,
  event: ResponseEvent,
  { flags }: Capabilities,
): ResponseState {
  // No further result follows an ERR, whatever the results before it announced.
  if (event.kind === 'err') return COMPLETE;
  if (event.kind === 'progress') return state;
  const deprecateEof = has(flags, Capability.CLIENT_DEPRECATE_EOF);
  switch (state.kind) {
    case 'rows':
      if (event.kind === 'row') return state;
      if (event.kind === 'endOfRows') return event.moreResults ? RESULT : COMPLETE;
      break;
    case 'fetchedRows':
    case 'events':
      if (event.kind === 'row') return state;
      if (event.kind === 'endOfRows') return COMPLETE;
      break;
    case 'result':
      if (event.kind === 'ok') return event.moreResults ? RESULT : COMPLETE;
      if (event.kind === 'localInfile') return LOCAL_INFILE_SERVED;
      if (event.kind === 'columnCount') {
        return event.definitionsFollow
          ? definitionsAwaited(event.columnCount, state.mayOpenCursor)
          : afterDefinitions(deprecateEof, state.mayOpenCursor);
      }
      break;
    case 'localInfileServed':
      if (event.kind === 'ok') return event.moreResults ? RESULT : COMPLETE;
      break;
    case 'columnDefinitions':
      if (event.kind !== 'definition') break;
      if (state.remaining > 1) return definitionsAwaited(state.remaining - 1, state.mayOpenCursor);
      return afterDefinitions(deprecateEof, state.mayOpenCursor);
    case 'endOfColumnDefinitions':
      if (event.kind !== 'endOfDefinitions') break;
      // An open cursor: the rows come with COM_STMT_FETCH, and this EOF is the last packet. (With CLIENT_DEPRECATE_EOF
      // an OK in EOF's place follows the definitions at once, which reads as the end of no rows.)
      // Without having been asked for, the flag is that of a cursor inside a stored procedure (MariaDB).
      return state.mayOpenCursor === true && has(event.statusFlags, StatusFlag.SERVER_STATUS_CURSOR_EXISTS)
        ? COMPLETE
        : rowsAfter(event.statusFlags);
    case 'prepare':
      if (event.kind === 'prepareOk') return afterPrepareOk(event.prepareOk, deprecateEof);
      break;
    case 'parameterDefinitions':
      if (event.kind !== 'definition') break;
      if (state.remaining > 1) {
        return { kind: 'parameterDefinitions', remaining: state.remaining - 1, columns: state.columns };
      }
      if (deprecateEof) return preparedColumns(state.columns);
      return { kind: 'endOfParameterDefinitions', columns: state.columns };
    case 'endOfParameterDefinitions':
      if (event.kind !== 'endOfDefinitions') break;
      return state.isBare === true ? barePreparedColumns(state.columns) : preparedColumns(state.columns);
    case 'preparedColumnDefinitions':
      if (event.kind !== 'definition') break;
      if (state.remaining > 1) return { kind: 'preparedColumnDefinitions', remaining: state.remaining - 1 };
      return deprecateEof ? COMPLETE : END_OF_PREPARED_COLUMN_DEFINITIONS;
    case 'endOfPreparedColumnDefinitions':
      if (event.kind === 'endOfDefinitions') return COMPLETE;
      break;
    case 'ok':
    case 'eofOrOk':
      if (event.kind === 'ok') return COMPLETE;
      break;
    case 'fields':
      if (event.kind === 'definition') return state;
      if (event.kind === 'endOfDefinitions') return COMPLETE;
      break;
    case 'string':
      if (event.kind === 'string') return COMPLETE;
      break;
    case 'idle':
    case 'complete':
      break;
  }
  throw new MalformedPacketError(`${event.kind} in state ${state.kind}`, 0);
}

function definitionsAwaited(remaining: number, mayOpenCursor: true | undefined): ResponseState {
  return mayOpenCursor === true
    ? { kind: 'columnDefinitions', remaining, mayOpenCursor }
    : { kind: 'columnDefinitions', remaining };
}

function afterDefinitions(deprecateEof: boolean, mayOpenCursor: true | undefined): ResponseState {
  if (deprecateEof) return ROWS;
  return mayOpenCursor === true ? END_OF_CURSOR_DEFINITIONS : END_OF_COLUMN_DEFINITIONS;
}

/**
 * MySQL says with the EOF behind the definitions of OUT parameters that the OK of the CALL follows, and no more with
 * the EOF behind their row (measured on 9.7; where EOF is deprecated, the OK in its place says it).
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_command_phase_sp.html
 */
function rowsAfter(statusFlags: number): ResponseState {
  const both = StatusFlag.SERVER_PS_OUT_PARAMS | StatusFlag.SERVER_MORE_RESULTS_EXISTS;
  return (statusFlags & both) === both ? OUT_PARAMETER_ROWS : ROWS;
}

function afterPrepareOk(
  { numParams, numColumns, metadataFollows }: ComStmtPrepareOk,
  deprecateEof: boolean,
): ResponseState {
  if (!metadataFollows) {
    if (deprecateEof) return COMPLETE;
    if (numParams === 0) return barePreparedColumns(numColumns);
    return { kind: 'endOfParameterDefinitions', columns: numColumns, isBare: true };
  }
  if (numParams === 0) return preparedColumns(numColumns);
  return { kind: 'parameterDefinitions', remaining: numParams, columns: numColumns };
}

/** The definitions are left out, their EOF is not. */
function barePreparedColumns(count: number): ResponseState {
  return count === 0 ? COMPLETE : END_OF_PREPARED_COLUMN_DEFINITIONS;
}

function preparedColumns(count: number): ResponseState {
  return count === 0 ? COMPLETE : { kind: 'preparedColumnDefinitions', remaining: count };
}
