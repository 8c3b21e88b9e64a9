import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Daemon, startDaemon, waitUntilReady } from './daemon.js';
import { tempFolder } from './temp-folder.js';

async function start(script: string): Promise<{ daemon: Daemon; folder: string; log: string }> {
  const folder = tempFolder('t');
  const log = join(folder, 'log');
  const daemon = await startDaemon({ command: ['/bin/sh', '-c', script], log, folder });
  return { daemon, folder, log };
}

const isRunning = (pid: number): boolean => existsSync(`/proc/${pid}/exe`);

it('ends the process and deletes its folder', async () => {
  const { daemon, folder } = await start('exec sleep 60');
  expect(isRunning(daemon.pid)).toBe(true);
  await daemon.stop();
  expect(daemon.hasExited()).toBe(true);
  expect(isRunning(daemon.pid)).toBe(false);
  expect(existsSync(folder)).toBe(false);
  await daemon.stop();
});

it('ends a process that ignores SIGTERM, after the bound', async () => {
  const { daemon, folder, log } = await start('trap "" TERM; echo ready; while :; do sleep 0.05; done');
  await waitUntilReady(daemon, async () => readFileSync(log, 'utf8').includes('ready'), 5_000, [log]);
  const started = performance.now();
  await daemon.stop(200);
  expect(performance.now() - started).toBeGreaterThanOrEqual(195);
  expect(isRunning(daemon.pid)).toBe(false);
  expect(existsSync(folder)).toBe(false);
});

it('keeps the folder after kill, until stop', async () => {
  const { daemon, folder } = await start('exec sleep 60');
  await daemon.kill();
  expect(daemon.hasExited()).toBe(true);
  expect(existsSync(folder)).toBe(true);
  await daemon.stop();
  expect(existsSync(folder)).toBe(false);
});

it('says why a server ended while it was starting', async () => {
  const { daemon, log } = await start('echo no space left; exit 3');
  await expect(waitUntilReady(daemon, async () => false, 5_000, [log])).rejects.toThrow('no space left');
  await daemon.stop();
});

it('reports a command that does not exist', async () => {
  const folder = tempFolder('t');
  const command = [join(folder, 'nothing-here')] as const;
  await expect(startDaemon({ command, log: join(folder, 'log'), folder })).rejects.toThrow('ENOENT');
  rmSync(folder, { recursive: true });
});
