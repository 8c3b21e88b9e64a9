import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** How a client leaves. */
export type Leaving = 'end' | 'destroy' | 'reset';

export interface SaidOptions {
  /** Written one after the other. */
  readonly chunks: readonly Buffer[];
  /** Leaves when it has heard nothing for so long; default: 25. */
  readonly quietMs?: number;
  readonly leaving?: Leaving;
}

export interface Heard {
  readonly received: Buffer;
  /** Whether the other side closed the connection first. */
  readonly wasClosed: boolean;
}

/** Whoever takes longer hangs. */
const BOUND_MS = 6_000;

/** Says bytes once it was greeted, listens until it is quiet, and leaves. Never throws for what the other side does. */
export async function sayBytes(port: number, options: SaidOptions): Promise<Heard> {
  const { chunks, quietMs = 25, leaving = 'end' } = options;
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  const received: Buffer[] = [];
  let heardAt = performance.now();
  let wasClosed = false;
  socket.on('data', (chunk: Buffer) => {
    received.push(chunk);
    heardAt = performance.now();
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    wasClosed = true;
  });
  const end = performance.now() + BOUND_MS;
  while (received.length === 0 && !wasClosed && performance.now() < end) await delay(1);
  for (const chunk of chunks) {
    if (socket.destroyed) break;
    socket.write(chunk);
    if (chunks.length < 30) await delay(0);
  }
  heardAt = performance.now();
  while (!wasClosed && performance.now() - heardAt < quietMs && performance.now() < end) await delay(5);
  const heard = { received: Buffer.concat(received), wasClosed };
  if (!wasClosed) {
    const closed = once(socket, 'close');
    if (leaving === 'end') socket.end();
    else if (leaving === 'destroy') socket.destroy();
    else socket.resetAndDestroy();
    // Half closed: the other side closes its own.
    const timer = setTimeout(() => socket.destroy(), BOUND_MS);
    await closed;
    clearTimeout(timer);
  }
  return heard;
}

/** The packets in what was heard; the last one may be cut. */
export function packetsOf(received: Buffer): { sequenceId: number; payload: Buffer }[] {
  const packets: { sequenceId: number; payload: Buffer }[] = [];
  for (let at = 0; at + 4 <= received.length; ) {
    const end = at + 4 + received.readUIntLE(at, 3);
    packets.push({ sequenceId: received[at + 3] ?? -1, payload: received.subarray(at + 4, end) });
    at = end;
  }
  return packets;
}
