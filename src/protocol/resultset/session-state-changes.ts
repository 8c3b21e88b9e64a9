import { BufferReader } from '../buffer-reader.js';
import { BufferWriter } from '../buffer-writer.js';
import { SessionTrackType } from '../constants/session-track-types.js';

/*
 * The session state changes of an OK packet: entries of int<1> type and string<lenenc> data, whose content is
 *
 *   system variables              string<lenenc> name, string<lenenc> value (MariaDB: repeated)
 *   schema                        string<lenenc> name, empty when none is selected
 *   state change                  string<lenenc> "0" or "1"
 *   GTIDs                         int<1> encoding, string<lenenc> GTIDs
 *   transaction characteristics   string<lenenc> statements
 *   transaction state             string<lenenc> eight letters
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_ok_packet.html#sect_protocol_basic_ok_packet_sessinfo
 */

export type SessionStateChange =
  | { readonly kind: 'systemVariables'; readonly variables: readonly SystemVariable[] }
  | { readonly kind: 'schema'; readonly name: Buffer }
  | { readonly kind: 'stateChange'; readonly isTracked: Buffer }
  | { readonly kind: 'gtids'; readonly encoding: number; readonly gtids: Buffer }
  | { readonly kind: 'transactionCharacteristics'; readonly statements: Buffer }
  | { readonly kind: 'transactionState'; readonly state: Buffer }
  /** A type that is not known: kept as it is. */
  | { readonly kind: 'unknown'; readonly type: number; readonly data: Buffer };

export interface SystemVariable {
  readonly name: string;
  /** In the character set of results. */
  readonly value: Buffer;
}

/** @param data what the OK packet's `session_state_info` holds */
export function decodeSessionStateChanges(data: Buffer): SessionStateChange[] {
  const reader = new BufferReader(data);
  const changes: SessionStateChange[] = [];
  while (reader.remaining > 0) {
    const type = reader.readInt1();
    const entry = new BufferReader(reader.readLengthEncodedBuffer());
    changes.push(decodeEntry(type, entry));
    entry.expectEnd();
  }
  return changes;
}

function decodeEntry(type: number, entry: BufferReader): SessionStateChange {
  switch (type) {
    case SessionTrackType.SESSION_TRACK_SYSTEM_VARIABLES: {
      const variables: SystemVariable[] = [];
      while (entry.remaining > 0) {
        const name = entry.readLengthEncodedBuffer().toString('latin1');
        variables.push({ name, value: entry.readLengthEncodedBuffer() });
      }
      return { kind: 'systemVariables', variables };
    }
    case SessionTrackType.SESSION_TRACK_SCHEMA:
      return { kind: 'schema', name: entry.readLengthEncodedBuffer() };
    case SessionTrackType.SESSION_TRACK_STATE_CHANGE:
      // No length of its own inside the entry, whatever the manual says: both servers send the one character.
      return { kind: 'stateChange', isTracked: entry.rest() };
    case SessionTrackType.SESSION_TRACK_GTIDS:
      return { kind: 'gtids', encoding: entry.readInt1(), gtids: entry.readLengthEncodedBuffer() };
    case SessionTrackType.SESSION_TRACK_TRANSACTION_CHARACTERISTICS:
      return { kind: 'transactionCharacteristics', statements: entry.readLengthEncodedBuffer() };
    case SessionTrackType.SESSION_TRACK_TRANSACTION_STATE:
      return { kind: 'transactionState', state: entry.readLengthEncodedBuffer() };
    default:
      return { kind: 'unknown', type, data: entry.rest() };
  }
}

/** @returns the bytes for an OK packet's `session_state_info` */
export function encodeSessionStateChanges(changes: readonly SessionStateChange[]): Buffer {
  const all = new BufferWriter();
  const entry = new BufferWriter();
  for (const change of changes) {
    entry.reset();
    all.writeInt1(encodeEntry(entry, change)).writeLengthEncodedBuffer(entry.view());
  }
  return all.toBuffer();
}

/** Appends the entry's data and gives its type. */
function encodeEntry(entry: BufferWriter, change: SessionStateChange): number {
  switch (change.kind) {
    case 'systemVariables':
      for (const { name, value } of change.variables) {
        entry.writeLengthEncodedBuffer(Buffer.from(name, 'latin1')).writeLengthEncodedBuffer(value);
      }
      return SessionTrackType.SESSION_TRACK_SYSTEM_VARIABLES;
    case 'schema':
      entry.writeLengthEncodedBuffer(change.name);
      return SessionTrackType.SESSION_TRACK_SCHEMA;
    case 'stateChange':
      entry.writeBuffer(change.isTracked);
      return SessionTrackType.SESSION_TRACK_STATE_CHANGE;
    case 'gtids':
      entry.writeInt1(change.encoding).writeLengthEncodedBuffer(change.gtids);
      return SessionTrackType.SESSION_TRACK_GTIDS;
    case 'transactionCharacteristics':
      entry.writeLengthEncodedBuffer(change.statements);
      return SessionTrackType.SESSION_TRACK_TRANSACTION_CHARACTERISTICS;
    case 'transactionState':
      entry.writeLengthEncodedBuffer(change.state);
      return SessionTrackType.SESSION_TRACK_TRANSACTION_STATE;
    case 'unknown':
      entry.writeBuffer(change.data);
      return change.type;
  }
}
