import { BufferReader } from '../buffer-reader.js';
import { BufferWriter } from '../buffer-writer.js';
import { type Capabilities, Capability, has } from '../constants/capabilities.js';
import { StatusFlag } from '../constants/status-flags.js';
import {
  decodeSessionStateChanges,
  encodeSessionStateChanges,
  type SessionStateChange,
} from './session-state-changes.js';

/*
 * OK_Packet.
 *
 *   int<1>           0x00, or 0xFE where it stands for an EOF (CLIENT_DEPRECATE_EOF)
 *   int<lenenc>      affected rows
 *   int<lenenc>      last insert id
 *   int<2>           status flags
 *   int<2>           warnings
 *   with CLIENT_SESSION_TRACK, when status or info are there:
 *     string<lenenc>   info
 *     string<lenenc>   session state changes, when SERVER_SESSION_STATE_CHANGED
 *   otherwise string<EOF> info; both servers write it as string<lenenc> here too, or not at all when it is empty
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_ok_packet.html
 * https://mariadb.com/kb/en/ok_packet/
 */

export const OK_HEADER = 0x00;
/** Of an OK that ends rows, where EOF is deprecated. */
export const OK_HEADER_AS_EOF = 0xfe;

/** Payload bytes of an EOF, which OK packets are told apart from by their length. */
const EOF_LENGTH = 5;

export interface OkPacket {
  readonly header: typeof OK_HEADER | typeof OK_HEADER_AS_EOF;
  readonly affectedRows: bigint;
  readonly lastInsertId: bigint;
  readonly statusFlags: number;
  readonly warnings: number;
  /** For people, e.g. `Rows matched: 1  Changed: 1  Warnings: 0`. */
  readonly info: Buffer;
  readonly sessionStateChanges: readonly SessionStateChange[];
}

const NO_CHANGES: readonly SessionStateChange[] = [];

export function decodeOkPacket(payload: Buffer, { flags }: Capabilities): OkPacket {
  const reader = new BufferReader(payload);
  const header = reader.peekInt1() === OK_HEADER_AS_EOF ? OK_HEADER_AS_EOF : OK_HEADER;
  reader.expectInt1(header, 'OK');
  const affectedRows = reader.readLengthEncodedInteger();
  const lastInsertId = reader.readLengthEncodedInteger();
  const statusFlags = reader.readInt2();
  const warnings = reader.readInt2();
  const sessionTrack = has(flags, Capability.CLIENT_SESSION_TRACK);
  const info = sessionTrack ? readInfo(reader) : readOldInfo(reader);
  let sessionStateChanges = NO_CHANGES;
  if (sessionTrack && has(statusFlags, StatusFlag.SERVER_SESSION_STATE_CHANGED)) {
    skipPadding(reader);
    sessionStateChanges = decodeSessionStateChanges(reader.readLengthEncodedBuffer());
  }
  reader.expectEnd();
  return { header, affectedRows, lastInsertId, statusFlags, warnings, info, sessionStateChanges };
}

/**
 * MariaDB writes the length of the changes as a character of the schema's character set: in a schema with ucs2, utf16
 * or utf32, NULs come before it. A length of 0 with bytes behind it would be no changes at all.
 */
function skipPadding(reader: BufferReader): void {
  while (reader.remaining > 1 && reader.peekInt1() === 0) reader.skip(1);
}

function readInfo(reader: BufferReader): Buffer {
  return reader.remaining > 0 ? reader.readLengthEncodedBuffer() : reader.rest();
}

/** The manual's string<EOF>; what servers write has a length in front, which is not part of the text. */
function readOldInfo(reader: BufferReader): Buffer {
  const rest = reader.rest();
  const first = rest[0] ?? 0;
  if (first < 0xfb && rest.length === first + 1) return rest.subarray(1);
  if (first === 0xfc && rest.length >= 3 && rest.length === rest.readUInt16LE(1) + 3) return rest.subarray(3);
  return rest;
}

/** Status flags alone, without decoding the rest: for every OK that passes. */
export function readOkStatusFlags(payload: Buffer): number {
  const reader = new BufferReader(payload, 1);
  skipLengthEncodedInteger(reader);
  skipLengthEncodedInteger(reader);
  return reader.readInt2();
}

/** A copy with a status flag set. @param payload an OK, or an EOF */
export function withStatusFlag(payload: Buffer, flag: number): Buffer {
  const copy = Buffer.from(payload);
  const at = statusFlagsOffset(payload);
  copy.writeUInt16LE(copy.readUInt16LE(at) | flag, at);
  return copy;
}

function statusFlagsOffset(payload: Buffer): number {
  // EOF: its header and warnings stand in front. The shortest OK has 7 bytes.
  if (payload.length === EOF_LENGTH) return 3;
  const reader = new BufferReader(payload, 1);
  skipLengthEncodedInteger(reader);
  skipLengthEncodedInteger(reader);
  return payload.length - reader.remaining;
}

function skipLengthEncodedInteger(reader: BufferReader): void {
  const first = reader.readInt1();
  if (first < 0xfb) return;
  if (first === 0xfc) reader.skip(2);
  else if (first === 0xfd) reader.skip(3);
  else if (first === 0xfe) reader.skip(8);
  else reader.fail('length-encoded integer expected');
}

/**
 * Appends the payload. SERVER_SESSION_STATE_CHANGED is set or cleared to agree with what is written, so that a reader
 * never looks for changes that are not there.
 */
export function encodeOkPacket(writer: BufferWriter, packet: OkPacket, { flags }: Capabilities): void {
  const changed = has(flags, Capability.CLIENT_SESSION_TRACK) && packet.sessionStateChanges.length > 0;
  const statusFlags = packet.statusFlags & ~StatusFlag.SERVER_SESSION_STATE_CHANGED;
  writer
    .writeInt1(packet.header)
    .writeLengthEncodedInteger(packet.affectedRows)
    .writeLengthEncodedInteger(packet.lastInsertId)
    .writeInt2(changed ? statusFlags | StatusFlag.SERVER_SESSION_STATE_CHANGED : statusFlags)
    .writeInt2(packet.warnings);
  if (changed || packet.info.length > 0) writer.writeLengthEncodedBuffer(packet.info);
  if (changed) writer.writeLengthEncodedBuffer(encodeSessionStateChanges(packet.sessionStateChanges));
}

/**
 * An OK of a leg with CLIENT_SESSION_TRACK for a leg without.
 * @returns the new payload, `null` when the old one serves as it is
 */
export function withoutSessionState(payload: Buffer, capabilities: Capabilities): Buffer | null {
  if (!has(readOkStatusFlags(payload), StatusFlag.SERVER_SESSION_STATE_CHANGED)) return null;
  const packet = decodeOkPacket(payload, capabilities);
  const writer = new BufferWriter(payload.length);
  encodeOkPacket(writer, { ...packet, sessionStateChanges: NO_CHANGES }, { flags: 0, mariadb: 0 });
  return writer.view();
}
