import { join } from 'node:path';
import { ensurePython } from '../../scripts/lib/ensure-python.mjs';
import { startDaemon, waitUntilReady } from './daemon.js';
import { freePort } from './free-port.js';
import { tempFolder } from './temp-folder.js';

/** A stand-in for AWS on this machine. Any credentials are good. */
export interface MotoServer {
  /** for the SDK's `endpoint` */
  readonly endpoint: string;
  readonly region: 'us-east-1';
  /** Forgets all secrets and keys. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts moto's server (Secrets Manager and KMS) on a free port.
 * @param python interpreter of the test environment; default: ensurePython()
 * @returns null where the environment can't be had (one line on standard error says why)
 */
export async function startMoto(python = ensurePython()): Promise<MotoServer | null> {
  if (python === null) return null;
  const folder = tempFolder('mo');
  const port = await freePort();
  const log = join(folder, 'moto.log');
  const endpoint = `http://127.0.0.1:${port}`;
  const daemon = await startDaemon({
    command: [python, '-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)],
    log,
    folder,
    // Without these boto3 asks the metadata service of a cloud machine.
    env: { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_DEFAULT_REGION: 'us-east-1' },
  });
  const post = async (path: string): Promise<boolean> => {
    try {
      return (await fetch(`${endpoint}${path}`, { method: 'POST', signal: AbortSignal.timeout(2_000) })).ok;
    } catch {
      return false;
    }
  };
  try {
    await waitUntilReady(daemon, async () => await post('/moto-api/reset'), 60_000, [log]);
  } catch (error) {
    await daemon.stop();
    throw error;
  }
  return {
    endpoint,
    region: 'us-east-1',
    reset: async () => {
      if (!(await post('/moto-api/reset'))) throw new Error('moto did not reset');
    },
    stop: async () => await daemon.stop(2_000),
  };
}
