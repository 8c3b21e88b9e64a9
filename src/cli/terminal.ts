import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Where a command reads and writes. */
export interface Terminal {
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: Writable;
  readonly stderr: Writable;
}

/** Writes and waits while the reader is slower: output never piles up in memory. */
export async function write(stream: Writable, text: string): Promise<void> {
  if (stream.destroyed) return;
  if (!stream.write(text)) await Promise.race([once(stream, 'drain'), once(stream, 'close')]);
}
