import { describe, expect, it } from 'vitest';
import { ServerError } from '../../src/errors.js';
import { raisedError, raising } from '../../src/rewrite/raised-error.js';

/** What MySQL 9.7 and MariaDB 10.11 say of the expression (measured). */
const SAID: Readonly<Record<string, (expression: string) => string>> = {
  mysql: (expression) => `exp((9999 + ((@\`__tc_key\`) <=> ${literal(expression)})))`,
  mariadb: (expression) => `exp(9999 + (@\`__tc_key\` <=> ${literal(expression)}))`,
};
const literal = (expression: string): string => /'[^']*'/.exec(expression)?.[0] ?? '';
const message = (server: string, error: ServerError): string =>
  `DOUBLE value is out of range in '${SAID[server]?.(raising(error)) ?? ''}'`;

describe.each(['mysql', 'mariadb'])('an error that %s raises for us', (server) => {
  it('comes back as it went', () => {
    const error = new ServerError(
      1366,
      '22007',
      "Incorrect integer value: 'zoë\\'\n' for column `a`.`b`.`c` at row 12",
    );
    expect(raisedError(message(server, error))).toEqual(error);
  });

  it('comes back sealed, and says nothing on its way', () => {
    const error = new ServerError(1366, 'HY000', "Incorrect integer value: 'a secret'");
    const expression = raising(error, true);
    expect(expression).not.toContain(Buffer.from('a secret').toString('base64').slice(2, 8));
    const encoded = /'\*([^']*)'/.exec(expression)?.[1] ?? '';
    expect(Buffer.from(encoded, 'base64').toString('latin1')).not.toContain('secret');
    const text = `DOUBLE value is out of range in '${SAID[server]?.(expression) ?? ''}'`;
    expect(raisedError(text)).toEqual(error);
    expect(text.length).toBeLessThan(512);
  });

  it('fits the server’s own message, cut between characters', () => {
    const back = raisedError(message(server, new ServerError(1366, 'HY000', 'é'.repeat(400))));
    expect(back?.message).toMatch(/^é{100,}$/);
    expect(message(server, new ServerError(1366, 'HY000', 'é'.repeat(400))).length).toBeLessThan(500);
  });
});

it.each([
  "DOUBLE value is out of range in 'exp((9999 * ((@`__tc_key`) is null)))'",
  "DOUBLE value is out of range in 'exp(9999 + (`t`.`c` <=> 'MTI2NCAyMjAwMyB4'))'",
  "DOUBLE value is out of range in 'exp(9999 + (@`__tc_key` <=> 'MTI2'))'",
  "BIGINT UNSIGNED value is out of range in '(1 - 2)'",
])('any other 1690 is no such error: %s', (text) => {
  expect(raisedError(text)).toBeNull();
});
