import { describe, expect, it } from 'vitest';
import { ProxyError, ServerError } from '../../src/errors.js';
import { DiagnosticsArea, shownError, shownPacket } from '../../src/session/diagnostics-area.js';
import { LegClosedError } from '../../src/session/leg.js';
import { OwnCommandError, type OwnCommands } from '../../src/session/own-commands.js';
import { MARIADB, MYSQL } from '../support/rewrite.js';

/** What the server would get; `fails` is what it answers each SET with. */
function start(kind: 'mysql' | 'mariadb', { hidesValues = false, fails = null as Error | null } = {}) {
  const sent: string[] = [];
  const own: Pick<OwnCommands, 'prepare' | 'executeSecret' | 'query'> = {
    prepare: async (sql) => {
      sent.push(sql);
      return 7;
    },
    executeSecret: async (statementId, parameters) => {
      sent.push(`${statementId}: ${parameters.map(({ value }) => value?.toString()).join()}`);
      if (fails !== null) throw fails;
    },
    query: async (sql) => {
      sent.push(sql);
      throw new OwnCommandError(1406);
    },
  };
  return {
    sent,
    area: new DiagnosticsArea(own as OwnCommands, (kind === 'mysql' ? MYSQL : MARIADB).server, hidesValues),
  };
}

const TOO_LONG = { errno: 1406, sqlState: '22001', message: "Data too long for column 'email' at row 1" };
const SET = 'SET @__tc_message = CONVERT(? USING utf8mb4)';

describe('the diagnostics area', () => {
  it('gets an error whose text stands in no statement', async () => {
    const { sent, area } = start('mysql');
    await area.raise(TOO_LONG);
    await area.raise({ ...TOO_LONG, message: 'another' });
    const signal = "SIGNAL SQLSTATE '22001' SET MYSQL_ERRNO = 1406, MESSAGE_TEXT = @__tc_message";
    expect(sent).toEqual([SET, `7: ${TOO_LONG.message}`, signal, '7: another', signal]);
    area.forget();
    await area.raise(TOO_LONG);
    expect(sent[5]).toBe(SET);
  });

  it('has no warning in the place of an error', async () => {
    const { sent, area } = start('mariadb');
    await area.raise({ errno: 1265, sqlState: '01000', message: 'Data truncated' });
    expect(sent.at(-1)).toContain("SQLSTATE 'HY000' SET MYSQL_ERRNO = 1265");
  });

  it.each([
    ['mysql', 128],
    ['mariadb', 512],
  ] as const)('takes as many characters as %s does', async (kind, longest) => {
    const { sent, area } = start(kind);
    await area.raise({ ...TOO_LONG, message: 'é'.repeat(600) });
    expect(sent[1]).toBe(`7: ${'é'.repeat(longest)}`);
  });

  it('shows no value where the server is to see none', async () => {
    const { sent, area } = start('mysql', { hidesValues: true });
    await area.raise({ ...TOO_LONG, message: "Incorrect integer value: 'it's' for column 'age' at row 1" });
    expect(sent[1]).toBe("7: Incorrect integer value: '...' for column 'age' at row 1");
  });

  it('raises nothing where the text could not be set: it would be that of another error', async () => {
    const { sent, area } = start('mysql', { fails: new OwnCommandError(1399) });
    await area.raise(TOO_LONG);
    expect(sent).toHaveLength(2);
  });

  it('says that the connection is lost', async () => {
    const { area } = start('mysql', { fails: new LegClosedError('backend') });
    await expect(area.raise(TOO_LONG)).rejects.toBeInstanceOf(LegClosedError);
  });
});

describe('an error as the client got it', () => {
  it('has the place of a refusal', () => {
    const refusal = new ProxyError('TC_UNSUPPORTED_SQL', 'no; do else', { position: 5 });
    expect(shownError(refusal)).toEqual({
      errno: 1235,
      sqlState: '42000',
      message: 'tenantcrypt[TC_UNSUPPORTED_SQL]: no; do else (at byte 5)',
    });
    expect(shownError(new ServerError(1406, '22001', 'x')).message).toBe('x');
  });

  it.each([
    [Buffer.from('é'), 'é'],
    [Buffer.from([0xe9]), 'é'],
  ])('is read whatever the character set: %o', (errorMessage, message) => {
    const error = shownPacket({ errorCode: 1062, sqlState: '23000', errorMessage });
    expect(error).toEqual({ errno: 1062, sqlState: '23000', message });
  });
});
