import { MAX_PACKET_PAYLOAD } from './packet-framer.js';

/** What a packet from the server can be, by its place and its first byte. */
export type ResponsePacketKind =
  | 'ok'
  /** An OK with the header 0xFE, which ends a list where EOF is deprecated. */
  | 'okAsEof'
  | 'eof'
  | 'err'
  | 'localInfile'
  | 'columnCount'
  | 'definition'
  | 'row'
  | 'prepareOk'
  | 'string'
  /** Nothing that may stand here. */
  | 'malformed';

/** Where in a response the packet stands. */
export type ResponsePlace =
  /** No response is expected: a server may say ERR (idle too long, shutting down) and leave. */
  | 'idle'
  /** First packet of a result: COM_QUERY, COM_STMT_EXECUTE, each further result. */
  | 'result'
  /** OK or ERR: most commands, and after a LOCAL INFILE request was served. */
  | 'ok'
  /** EOF, OK in EOF's place, plain OK or ERR: COM_SET_OPTION, COM_DEBUG. */
  | 'eofOrOk'
  /** First packet after COM_STMT_PREPARE. */
  | 'prepare'
  /** A definition that was announced by a count. */
  | 'definition'
  /** The EOF after the announced definitions, where EOF is not deprecated. */
  | 'endOfDefinitions'
  /** A definition or the end: COM_FIELD_LIST announces no count. */
  | 'definitionOrEnd'
  /** A row or the end. */
  | 'row'
  /** An event of the binary log, or the end. */
  | 'event'
  /** One packet of text without a header: COM_STATISTICS. */
  | 'string';

/** Payload length of an EOF. */
const EOF_LENGTH = 5;
/** Shortest OK: header, two counts of one byte, status flags, warnings. */
const OK_MINIMUM = 7;
/** Shortest `string<lenenc>` with an eight-byte length: a row that starts with 0xFE can't be shorter. */
const LONG_VALUE_MINIMUM = 9;
/**
 * Every definition starts with the catalog, `string<lenenc>` "def", in the character set of results: of one byte for
 * each letter, two (utf16, ucs2) or four (utf32).
 */
function beginsDefinition(firstByte: number): boolean {
  return firstByte === 3 || firstByte === 6 || firstByte === 12;
}

/**
 * Tells OK, EOF, ERR, LOCAL INFILE, counts, definitions and rows apart: the only place that does.
 *
 * The same first byte means different things at different places:
 *
 * - 0x00  OK as a response's first packet; among text rows an empty first value, among binary rows every row's header,
 *         in a binary log's stream every event's.
 * - 0xFB  LOCAL INFILE request as a result's first packet (a count of 251 is FC FB 00); among rows NULL.
 * - 0xFE  among rows: the end, when short. A text row starts with it only if its first value has a length of eight
 *         bytes, so at least 2²⁴ bytes of value, so a first packet of exactly 0xFFFFFF bytes. The end is an EOF of 5
 *         bytes or, with CLIENT_DEPRECATE_EOF, an OK of 7 bytes up to anything below 0xFFFFFF (info, session state).
 * - 0xFF  ERR everywhere, in the middle of rows too: no count, length or binary row starts with it.
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_response_packets.html
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_query_response_text_resultset.html
 *
 * @param firstByte of the payload; -1 when it is empty
 * @param packetLength payload bytes of the first (mostly only) packet
 */
export function classifyResponsePacket(
  place: ResponsePlace,
  firstByte: number,
  packetLength: number,
  deprecateEof: boolean,
): ResponsePacketKind {
  if (place === 'row' && firstByte < 0xfe && firstByte >= 0) return 'row';
  if (firstByte === 0xff) return 'err';
  const end = firstByte === 0xfe ? classifyEnd(packetLength, deprecateEof) : 'malformed';
  switch (place) {
    case 'idle':
      return 'malformed';
    case 'result':
      if (firstByte === 0x00) return 'ok';
      if (firstByte === 0xfb) return 'localInfile';
      // Tables have 4,096 columns at most, a select list on MariaDB any number; 0xFE would announce 16 million and more.
      return firstByte > 0 && firstByte <= 0xfd ? 'columnCount' : 'malformed';
    case 'ok':
      return firstByte === 0x00 ? 'ok' : 'malformed';
    case 'eofOrOk':
      return firstByte === 0x00 ? 'ok' : end === 'row' ? 'malformed' : end;
    case 'prepare':
      return firstByte === 0x00 ? 'prepareOk' : 'malformed';
    case 'definition':
      return beginsDefinition(firstByte) ? 'definition' : 'malformed';
    case 'endOfDefinitions':
      return end === 'eof' ? 'eof' : 'malformed';
    case 'definitionOrEnd':
      if (beginsDefinition(firstByte)) return 'definition';
      return end === 'row' ? 'malformed' : end;
    case 'row':
      return end;
    case 'event':
      if (firstByte === 0x00) return 'row';
      return end === 'row' ? 'malformed' : end;
    case 'string':
      return 'string';
  }
}

/** What a packet is that starts with 0xFE where a list may end. */
function classifyEnd(packetLength: number, deprecateEof: boolean): 'eof' | 'okAsEof' | 'row' | 'malformed' {
  if (packetLength === EOF_LENGTH) return 'eof';
  if (packetLength === MAX_PACKET_PAYLOAD) return 'row';
  if (deprecateEof) return packetLength >= OK_MINIMUM ? 'okAsEof' : 'malformed';
  // Servers write lengths in their shortest form; one that does not is still read right.
  return packetLength >= LONG_VALUE_MINIMUM ? 'row' : 'malformed';
}
