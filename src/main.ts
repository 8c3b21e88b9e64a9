#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { check } from './cli/check.js';
import { ExitStatus } from './cli/exit-status.js';
import { explain } from './cli/explain.js';
import { runProgram } from './cli/program.js';
import { serve } from './cli/serve.js';
import type { Terminal } from './cli/terminal.js';
import { createLogger } from './cli/wiring/create-logger.js';
import { createKeyProvider } from './cli/wiring/key-provider.js';
import { dependentsAmong, inspectBackend, readLiveSchema } from './cli/wiring/live-schema.js';
import { keepMemorySmall } from './cli/wiring/memory.js';
import { probeBackend } from './cli/wiring/probe-backend.js';
import { createRewriter } from './cli/wiring/rewriter.js';
import { startProxy } from './cli/wiring/start-proxy.js';

const terminal: Terminal = {
  // Opened when it is read: an open standard input would keep the process alive.
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
};

// `tenantcrypt explain | head`: the reader has seen enough.
process.stdout.on('error', () => process.exit(ExitStatus.Failed));

// A diagnostic report holds the heap's strings and the environment.
if (process.report !== undefined) {
  process.report.reportOnFatalError = false;
  process.report.reportOnSignal = false;
  process.report.reportOnUncaughtException = false;
}

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

process.exitCode = await runProgram(process.argv.slice(2), version, terminal, {
  serve: async (options) => {
    keepMemorySmall();
    const status = await serve(options, terminal, {
      startProxy,
      createLogger,
      process,
      exit: (code) => process.exit(code),
    });
    // Whatever a library still holds open must not keep a drained proxy alive.
    process.exit(status);
  },
  check: async (options) =>
    await check(options, terminal, { probeBackend, inspect: inspectBackend, createKeyProvider }),
  explain: async (sql, options) =>
    await explain(sql, options, terminal, {
      createRewriter,
      readLiveSchema,
      findDependents: dependentsAmong,
    }),
});
