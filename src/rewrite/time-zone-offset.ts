import { ProxyError } from '../errors.js';

const OFFSET = /\d[ T]?\d{1,2}:\d.*[+-]\d{1,2}:\d\d\s*$/;

/**
 * `2024-01-31 08:00:00+02:00`: MySQL reads the offset where such a string is compared with a column of dates and times,
 * and not where it is compared with an expression. The rows found would be others.
 * @param text of the string, one character a byte
 * @param position in the statement; absent: of a parameter
 * @throws ProxyError TC_UNSUPPORTED_SQL
 *
 * https://dev.mysql.com/doc/refman/9.7/en/datetime.html
 */
export function refuseOffset(text: string, position?: number): void {
  if (!OFFSET.test(text)) return;
  throw new ProxyError(
    'TC_UNSUPPORTED_SQL',
    'a time zone offset in a string that is compared with a protected column is not supported; write the time in the time zone of the session',
    position === undefined ? {} : { position },
  );
}
