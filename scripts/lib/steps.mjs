// Named steps with times and bounds, and their counts.
import { spawn } from 'node:child_process';
import { repositoryRoot } from './run.mjs';

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 */

/**
 * @typedef {object} CommandResult
 * @property {number} status exit status; 124 when it ran out of time
 * @property {string} output standard output and error; empty when shown while it ran
 */

/**
 * Runs a command in its own process group and ends the whole group when its time is up, so that no grandchild (a
 * test worker, a server) goes on.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ timeoutMs: number, show: boolean, env?: Record<string, string> }} options
 * @returns {Promise<CommandResult>}
 */
export async function runBounded(command, args, options) {
  const child = spawn(command, [...args], {
    cwd: repositoryRoot(),
    env: { ...process.env, ...options.env },
    detached: true,
    stdio: ['ignore', options.show ? 'inherit' : 'pipe', options.show ? 'inherit' : 'pipe'],
  });
  const endGroup = (/** @type {NodeJS.Signals} */ signal) => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, signal);
    } catch {
      // the group is gone
    }
  };
  // In its own group the child does not get the terminal's Ctrl-C.
  const interrupted = () => {
    endGroup('SIGTERM');
    process.exit(130);
  };
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8');
    stream?.on('data', (text) => {
      output += text;
    });
  }
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    endGroup('SIGTERM');
    setTimeout(() => endGroup('SIGKILL'), 5_000).unref();
  }, options.timeoutMs);
  try {
    const status = await new Promise((resolve) => {
      child.once('error', (error) => {
        output += error.message;
        resolve(127);
      });
      child.once('close', (code) => resolve(code ?? 128));
    });
    return { status: timedOut ? 124 : Number(status), output };
  } finally {
    clearTimeout(timer);
    process.off('SIGINT', interrupted);
    process.off('SIGTERM', interrupted);
    if (timedOut) endGroup('SIGKILL');
  }
}

/** Runs steps one after the other, prints a line for each, and adds up. */
export class Steps {
  /** @type {Counts} */
  counts = { passed: 0, failed: 0, skipped: 0 };

  /**
   * @param {string} name
   * @param {() => Promise<string | null> | string | null} work returns null when all is well, else what is wrong
   * @returns {Promise<boolean>} whether it passed
   */
  async step(name, work) {
    const started = performance.now();
    /** @type {string | null} */
    let problem;
    try {
      problem = await work();
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    if (problem === null) {
      this.counts.passed++;
      console.log(`ok      ${name} (${seconds} s)`);
    } else {
      this.counts.failed++;
      console.log(`${problem.trimEnd()}\nFAILED  ${name} (${seconds} s)`);
    }
    return problem === null;
  }

  /** @param {Counts} counts of a test runner */
  add(counts) {
    this.counts.passed += counts.passed;
    this.counts.failed += counts.failed;
    this.counts.skipped += counts.skipped;
  }

  /** @returns {string} `N passed, N failed`, and what was skipped if anything was */
  summary() {
    const { passed, failed, skipped } = this.counts;
    return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
  }
}
