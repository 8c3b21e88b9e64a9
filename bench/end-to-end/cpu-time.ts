import { readFileSync } from 'node:fs';
import { captureOrThrow } from '../../scripts/lib/run.mjs';

const ticksPerSecond = Number(captureOrThrow('getconf', ['CLK_TCK']).trim());

/**
 * Processor time, user and system, of all threads of a process since it started, in microseconds; its grain is one
 * tick (usually 10 ms). proc_pid_stat(5): utime and stime are fields 14 and 15.
 */
export function cpuMicroseconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // Field 2 is the name in parentheses and may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  if (!Number.isFinite(ticks)) throw new Error(`/proc/${pid}/stat is not as proc_pid_stat(5) says`);
  return (ticks / ticksPerSecond) * 1e6;
}
