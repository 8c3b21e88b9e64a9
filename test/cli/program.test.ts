import { describe, expect, it } from 'vitest';
import { ExitStatus, UsageError } from '../../src/cli/exit-status.js';
import { type Actions, runProgram } from '../../src/cli/program.js';
import { ConfigError } from '../../src/config/config-error.js';
import { ProxyError } from '../../src/errors.js';
import { testTerminal } from './support.js';

async function run(args: string[], actions: Partial<Actions> = {}) {
  const terminal = testTerminal();
  const never = async (): Promise<ExitStatus> => {
    throw new Error('not expected');
  };
  const status = await runProgram(args, '1.2.3', terminal, {
    serve: never,
    check: never,
    explain: never,
    ...actions,
  });
  return { status, out: terminal.out(), err: terminal.err() };
}

describe('command line', () => {
  it.each([['--help'], ['serve', '--help'], ['check', '--help'], ['explain', '--help']])(
    '%s %s: help, status 0',
    async (...args) => {
      const { status, out, err } = await run(args);
      expect(status).toBe(0);
      expect(out).toMatch(/^Usage: tenantcrypt/);
      expect(err).toBe('');
    },
  );

  it('lists the commands that are there', async () => {
    const { out } = await run(['--help']);
    expect(out.match(/^ {2}(\w+) \[options\]/gm)?.map((line) => line.trim().split(' ')[0])).toEqual([
      'serve',
      'check',
      'explain',
    ]);
  });

  it('--version: status 0', async () => {
    expect(await run(['--version'])).toEqual({ status: 0, out: '1.2.3\n', err: '' });
  });

  it.each([
    [[], 'Usage'],
    [['serve'], '--config'],
    [['serve', '--config', 'x', '--bogus'], '--bogus'],
    [['nonsense'], 'nonsense'],
    [['explain', '--config', 'x', '--lower-case-table-names', '7'], '--lower-case-table-names'],
  ])('%j: status 2', async (args, names) => {
    const { status, out, err } = await run(args);
    expect(status).toBe(2);
    expect(out).toBe('');
    expect(err).toContain(names);
  });

  it('hands options and statements on', async () => {
    let seen: unknown;
    const explain: Actions['explain'] = async (sql, options) => {
      seen = { sql, options };
      return ExitStatus.Failed;
    };
    const args = ['explain', '--config', 'c', '--sql-mode', 'ANSI', '--jsonl', 'SELECT 1', 'SELECT 2'];
    expect(await run(args, { explain })).toMatchObject({ status: 1 });
    expect(seen).toEqual({
      sql: ['SELECT 1', 'SELECT 2'],
      options: { config: 'c', sqlMode: 'ANSI', jsonl: true, charset: 'utf8mb4' },
    });
  });

  it.each([
    [
      new ConfigError('c.yaml', [{ path: 'a', line: 3, message: 'is wrong; change it' }]),
      2,
      'c.yaml:3: a: is wrong; change it\n',
    ],
    [new UsageError('wrong; right'), 2, 'tenantcrypt: wrong; right\n'],
    [new ProxyError('TC_BACKEND', 'gone; start it'), 1, 'tenantcrypt[TC_BACKEND]: gone; start it\n'],
    [new Error('oops'), 1, 'tenantcrypt: oops\n'],
  ])('%s: status %i', async (error, status, text) => {
    const check = async (): Promise<ExitStatus> => {
      throw error;
    };
    expect(await run(['check', '--config', 'c'], { check })).toEqual({ status, out: '', err: text });
  });
});
