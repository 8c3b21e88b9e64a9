import { Writable } from 'node:stream';
import type { Terminal } from '../../src/cli/terminal.js';

export interface TestTerminal extends Terminal {
  readonly out: () => string;
  readonly err: () => string;
}

/** A terminal in memory. @param input what standard input gives, chunk by chunk */
export function testTerminal(input: readonly (string | Buffer)[] = []): TestTerminal {
  const stdout = new Memory();
  const stderr = new Memory();
  return {
    stdin: (async function* () {
      for (const chunk of input) yield Buffer.from(chunk as string);
    })(),
    stdout,
    stderr,
    out: () => stdout.text,
    err: () => stderr.text,
  };
}

class Memory extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString('utf8');
    done();
  }
}
