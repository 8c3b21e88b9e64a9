import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Resident memory of a process, in bytes. proc_pid_status(5), VmRSS. */
export function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kibibytes === undefined) throw new Error(`/proc/${pid}/status has no VmRSS`);
  return Number(kibibytes) * 1024;
}

/**
 * Waits until resident memory goes down no more: V8 gives memory back some seconds after the last work.
 * @param goal what is low enough to stop at, in bytes
 * @returns the lowest that was seen, in bytes
 */
export async function settledResidentBytes(pid: number, boundMs: number, goal = 0): Promise<number> {
  const deadline = Date.now() + boundMs;
  let lowest = residentBytes(pid);
  while (Date.now() < deadline && lowest > goal) {
    await delay(500);
    lowest = Math.min(lowest, residentBytes(pid));
  }
  return lowest;
}

/** The highest resident memory while `work` runs, looked at every 20 ms. */
export async function peakResidentBytes(pid: number, work: () => Promise<void>): Promise<number> {
  let peak = residentBytes(pid);
  const timer = setInterval(() => {
    peak = Math.max(peak, residentBytes(pid));
  }, 20);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return peak;
}

export function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
