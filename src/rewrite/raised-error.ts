import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { ServerError } from '../errors.js';

/*
 * Errors of the plain table that the server has to raise itself, because only it knows whether the value is really
 * stored: an UPDATE may touch no row, an upsert's arm may never run, an earlier row may fail in another way. Both
 * servers quote the expression in error 1690, so it carries the error that the client is to see.
 *
 * Measured on MySQL 9.7 and MariaDB 10.11: EXP beyond its range is an error under every sql_mode and under IGNORE,
 * never a warning; the user variable keeps the servers from evaluating it before a row is there.
 */

export const KEY_VARIABLE = '@__tc_key';

/** Longer ones lose their end: both servers cut messages at 512 bytes, and the text stands in theirs. */
const MAX_MESSAGE = 280;

/** Names are quoted as the session's sql_mode has it; under character_set_results utf16 the end may be lost. */
const RAISED =
  /^DOUBLE value is out of range in 'exp\(\(?9999 \+ \(\(?@[`"]__tc_key[`"]\)? <=> '(\*?)([A-Za-z0-9+/]+=*)(?:'\)\)*')?$/;

/** Begins an error that is sealed. */
const SEAL = '*';
/** Of this process, which reads what it has written. */
const SEAL_KEY = randomBytes(32);
const SEAL_IV = 16;

/**
 * An expression that raises 1690 with this error inside. Bytes of ASCII, the same under every sql_mode.
 * @param isSealed nobody else can read it: errors name values that no log is to hold
 */
export function raising({ errno, sqlState, message }: ServerError, isSealed = false): string {
  const bytes = Buffer.from(`${errno} ${sqlState} ${message}`);
  let end = Math.min(bytes.length, MAX_MESSAGE);
  while (end < bytes.length && (bytes[end]! & 0xc0) === 0x80) end--;
  const text = bytes.subarray(0, end);
  const encoded = isSealed ? `${SEAL}${seal(text).toString('base64')}` : text.toString('base64');
  return `EXP(9999+(${KEY_VARIABLE}<=>'${encoded}'))`;
}

function seal(text: Buffer): Buffer {
  const iv = createHmac('sha256', SEAL_KEY).update(text).digest().subarray(0, SEAL_IV);
  const cipher = createCipheriv('aes-256-ctr', SEAL_KEY, iv);
  return Buffer.concat([iv, cipher.update(text), cipher.final()]);
}

function unseal(sealed: Buffer): Buffer {
  const cipher = createDecipheriv('aes-256-ctr', SEAL_KEY, sealed.subarray(0, SEAL_IV));
  return Buffer.concat([cipher.update(sealed.subarray(SEAL_IV)), cipher.final()]);
}

/**
 * The error inside, null where it is another 1690.
 * @param message of the server's error 1690, one character a byte
 */
export function raisedError(message: string): ServerError | null {
  // MySQL writes the text in character_set_connection, which may be of two or four bytes.
  const match = RAISED.exec(message.replaceAll('\\0', ''));
  if (match === null) return null;
  const bytes = Buffer.from(match[2] ?? '', 'base64');
  if (match[1] === SEAL && bytes.length <= SEAL_IV) return null;
  const text = (match[1] === SEAL ? unseal(bytes) : bytes).toString();
  const parts = /^(\d{4}) ([0-9A-Z]{5}) (.*)$/s.exec(text);
  if (parts === null) return null;
  const [, errno = '', sqlState = '', inner = ''] = parts;
  return new ServerError(Number(errno), sqlState, inner);
}
