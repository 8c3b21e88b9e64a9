import {
  CreateSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { FAULTS, type FaultProxy, startFaultProxy } from '../servers/fault-proxy.js';
import { type MotoServer, startMoto } from '../servers/moto-server.js';

const python = inject('python');

if (python === null) {
  // The run's setup has said in one line why there is no Python environment.
  describe.todo('moto behind the fault proxy');
} else {
  describe('moto behind the fault proxy', () => {
    let moto: MotoServer | null = null;
    let proxy: FaultProxy;
    let client: SecretsManagerClient;

    beforeAll(async () => {
      moto = await startMoto(python);
      if (moto === null) throw new Error('moto did not start');
      proxy = await startFaultProxy(moto.endpoint);
      client = new SecretsManagerClient({
        endpoint: proxy.endpoint,
        region: moto.region,
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
        maxAttempts: 1,
      });
      await client.send(
        new CreateSecretCommand({ Name: 'tenant/tenant-001/encryption-key', SecretString: 'k1' }),
      );
    });
    afterAll(async () => {
      client.destroy();
      await proxy.stop();
      await moto?.stop();
    });

    const read = async (abortSignal?: AbortSignal): Promise<string | undefined> => {
      const command = new GetSecretValueCommand({ SecretId: 'tenant/tenant-001/encryption-key' });
      const answer = await client.send(command, abortSignal === undefined ? {} : { abortSignal });
      return answer.SecretString;
    };

    it('passes requests on and counts them by operation', async () => {
      proxy.resetCounts();
      expect(await read()).toBe('k1');
      expect(await read()).toBe('k1');
      expect(proxy.count('GetSecretValue')).toBe(2);
      expect(proxy.count('CreateSecret')).toBe(0);
      expect(proxy.count()).toBe(2);
    });

    it.each([
      ['accessDenied', 'AccessDeniedException'],
      ['throttled', 'ThrottlingException'],
      ['tooManyRequests', 'TooManyRequestsException'],
      ['internal', 'InternalServiceError'],
      ['keyDisabled', 'DisabledException'],
      ['decryptionFailure', 'DecryptionFailure'],
      ['notFound', 'ResourceNotFoundException'],
    ] as const)('answers %s as AWS does, once, and then recovers', async (fault, name) => {
      proxy.setFault(FAULTS[fault], 'GetSecretValue', 1);
      await expect(read()).rejects.toMatchObject({ name });
      expect(await read()).toBe('k1');
    });

    it('fails one operation and leaves the others', async () => {
      proxy.setFault(FAULTS.accessDenied, 'PutSecretValue');
      expect(await read()).toBe('k1');
      proxy.setFault(null);
    });

    it('drops the connection', async () => {
      proxy.setFault(FAULTS.drop);
      await expect(read()).rejects.toThrow();
      proxy.setFault(null);
      expect(await read()).toBe('k1');
    });

    it('delays an answer, and never answers when told to hang', async () => {
      proxy.setFault({ kind: 'delay', ms: 150 }, undefined, 1);
      const started = performance.now();
      expect(await read()).toBe('k1');
      expect(performance.now() - started).toBeGreaterThanOrEqual(145);
      proxy.setFault(FAULTS.hang, undefined, 1);
      await expect(read(AbortSignal.timeout(200))).rejects.toMatchObject({ name: 'AbortError' });
      expect(await read()).toBe('k1');
    });
  });
}
