import { type Logger, type LoggerOptions, pino } from 'pino';
import type { LogLevel } from '../../config/config.js';
import { ProxyError } from '../../errors.js';

export interface ProcessLog {
  readonly log: Logger;
  /** Writes what is still held. */
  flush(): void;
}

/** JSON lines on standard output. Errors are reduced to what can hold neither a literal of a statement nor a key. */
export function createLogger(level: LogLevel): ProcessLog {
  const destination = pino.destination({ fd: 1, sync: false });
  // The reader is gone: there is nobody left to tell.
  destination.on('error', () => undefined);
  const log = pino(loggerOptions(level), destination);
  return {
    log,
    flush: () => {
      try {
        destination.flushSync();
      } catch {
        // Not open yet, or closed by the reader.
      }
    },
  };
}

/** What is logged of an object, wherever the lines go. */
export function loggerOptions(level: LogLevel): LoggerOptions {
  return {
    level,
    base: { pid: process.pid },
    serializers: { err: describeError, error: describeError, cause: describeError, reason: describeReason },
    redact: {
      // None of these is ever logged on purpose.
      paths: ['sql', 'statement', 'password', 'key', 'bytes', '*.sql', '*.sqlMessage', '*.password', '*.key'],
      censor: '[redacted]',
    },
  };
}

/** Deeper chains are cycles. */
const MAX_CAUSES = 4;

/**
 * An error for the log. The message only where it is known to hold nothing of a statement: our own errors, and those
 * of system calls; drivers and servers quote literals in theirs. Of the stack the places alone.
 */
export function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return error === undefined || error === null ? error : typeof error;
  const { code, errno, syscall } = error as NodeJS.ErrnoException;
  const isKnown = error instanceof ProxyError || (syscall !== undefined && typeof errno === 'number');
  return {
    type: error.name,
    ...(code === undefined ? {} : { code: String(code) }),
    ...(typeof errno === 'number' ? { errno } : {}),
    ...(isKnown ? { message: error.message } : {}),
    ...(isKnown ? {} : { stack: placesOf(error.stack) }),
    ...(error.cause === undefined || depth >= MAX_CAUSES
      ? {}
      : { cause: describeError(error.cause, depth + 1) }),
  };
}

/** `reason` is a text in most lines and an error in some. */
function describeReason(reason: unknown): unknown {
  return reason instanceof Error ? describeError(reason) : reason;
}

function placesOf(stack: string | undefined): string[] {
  // With a position at the end: a message of several lines may look like a place.
  const lines = (stack ?? '').split('\n').map((line) => line.trim());
  return lines.filter((line) => /^at .*:\d+:\d+\)?$/.test(line));
}
