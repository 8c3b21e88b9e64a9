import { describe, expect, it } from 'vitest';
import { describeError } from '../../../src/cli/wiring/create-logger.js';
import { ProxyError } from '../../../src/errors.js';

/** As a driver raises it: message and members quote the statement. */
function driverError(): Error {
  return Object.assign(new Error("near 'secret-literal'"), {
    code: 'ER_PARSE_ERROR',
    errno: 1064,
    sql: "SELECT 'secret-literal'",
    sqlMessage: "near 'secret-literal'",
  });
}

describe('describeError', () => {
  it('keeps the message of our own errors, and leaves out that of a driver behind them', () => {
    const described = describeError(new ProxyError('TC_BACKEND', 'gone; start it', { cause: driverError() }));
    expect(described).toMatchObject({
      type: 'ProxyError',
      code: 'TC_BACKEND',
      message: 'gone; start it',
      cause: { type: 'Error', code: 'ER_PARSE_ERROR', errno: 1064 },
    });
    expect(JSON.stringify(described)).not.toContain('secret-literal');
  });

  it('keeps the places of the stack of an unknown error and nothing else of it', () => {
    const described = describeError(new TypeError('multi-line\n  at secret-literal')) as { stack: string[] };
    expect(described.stack.length).toBeGreaterThan(0);
    expect(described.stack.every((line) => /^at .*:\d+:\d+\)?$/.test(line))).toBe(true);
    expect(JSON.stringify(described)).not.toContain('secret-literal');
  });

  it('keeps the message of a system call', () => {
    const error = Object.assign(new Error('listen EADDRINUSE: address already in use 127.0.0.1:3307'), {
      code: 'EADDRINUSE',
      errno: -98,
      syscall: 'listen',
    });
    expect(describeError(error)).toMatchObject({
      code: 'EADDRINUSE',
      message: expect.stringContaining('3307'),
    });
  });

  it('ends with cycles, and says only the type of what is no error', () => {
    const error = new Error('a');
    error.cause = error;
    expect(JSON.stringify(describeError(error)).length).toBeLessThan(20_000);
    expect(describeError('secret-literal')).toBe('string');
    expect(describeError(undefined)).toBeUndefined();
  });
});
