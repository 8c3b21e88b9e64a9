import { describe, expect, it } from 'vitest';
import { ServerError } from '../../src/errors.js';
import { decodeErrPacket } from '../../src/protocol/resultset/err-packet.js';
import type { Catalog } from '../../src/rewrite/catalog.js';
import { raising } from '../../src/rewrite/raised-error.js';
import { ServerErrors } from '../../src/session/server-errors.js';
import { usersTable } from '../support/protection.js';
import { err } from '../support/wire.js';

const CATALOG: Catalog = {
  generation: 1,
  dependents: [],
  tables: new Map([
    [
      'shop.users',
      {
        schema: 'shop',
        name: 'users',
        columns: [],
        keys: [
          { name: 'by_email', unique: true, columns: ['tenant_id', 'encrypted_email'] },
          { name: 'PRIMARY', unique: true, columns: ['id'] },
        ],
      },
    ],
  ]),
};

const LEVEL = new ServerError(1264, '22003', "Out of range value for column 'level' at row 2");

function normalised(code: number, message: string): string | null {
  const payload = new ServerErrors([usersTable('shop')]).normalise(
    Buffer.from(err(code, 'HY000', message)),
    CATALOG,
  );
  return payload === null ? null : decodeErrPacket(payload).errorMessage.toString();
}

describe('ServerErrors', () => {
  it.each([
    ['MariaDB', (payload: string) => `exp(9999 + (@\`__tc_key\` <=> '${payload}'))`],
    ['MySQL', (payload: string) => `exp((9999 + ((@\`__tc_key\`) <=> '${payload}')))`],
    ['MariaDB under ANSI_QUOTES', (payload: string) => `exp(9999 + (@"__tc_key" <=> '${payload}'))`],
    [
      'MySQL with character_set_connection = utf32',
      (payload: string) =>
        `exp((9999 + ((@\`__tc_key\`) <=> '${payload.replaceAll(/./g, (letter) => `\\0\\0\\0${letter}`)}')))`,
    ],
  ])('an error that was sent along comes back from %s', (_server, quoted) => {
    const payload = /'(.*)'/.exec(raising(LEVEL))?.[1] ?? '';
    const message = `DOUBLE value is out of range in '${quoted(payload)}'`;
    const answer = new ServerErrors([usersTable('shop')]).normalise(
      Buffer.from(err(1690, '22003', message)),
      CATALOG,
    );
    const { errno: errorCode, sqlState, message: text } = LEVEL;
    expect(answer === null ? null : decodeErrPacket(answer)).toMatchObject({ errorCode, sqlState });
    expect(normalised(1690, message)).toBe(text);
  });

  it.each([
    [1048, "Column 'encrypted_email' cannot be null", "Column 'email' cannot be null"],
    [
      1406,
      "Data too long for column 'ENCRYPTED_PHONE' at row 1",
      "Data too long for column 'phone' at row 1",
    ],
    [
      1062,
      "Duplicate entry 't1-\\xF0\\x9F-' for key 'users.by_email'",
      "Duplicate entry '<encrypted>' for key 'users.by_email'",
    ],
    [
      1062,
      "Duplicate entry 'it''s for key 'x' for key 'by_email'",
      "Duplicate entry '<encrypted>' for key 'by_email'",
    ],
    [
      1062,
      "Duplicate entry '5' for key 'unknown_key'",
      "Duplicate entry '<encrypted>' for key 'unknown_key'",
    ],
    [
      1690,
      'out of range in aes_decrypt(`u`.`encrypted_age`,@`__tc_key`)',
      'out of range in aes_decrypt(`u`.`age`,@?)',
    ],
  ])('%i %s', (code, message, expected) => {
    expect(normalised(code, message)).toBe(expected);
  });

  it.each([
    [1062, "Duplicate entry '5' for key 'users.PRIMARY'"],
    [1146, "Table 'shop.nowhere' doesn't exist"],
    [1054, "Unknown column 'not_encrypted_email' in 'SELECT'"],
  ])('%i %s is left as it is', (code, message) => {
    expect(normalised(code, message)).toBeNull();
  });
});
