import {
  CreateSecretCommand,
  DeleteSecretCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { ProxyError } from '../../src/errors.js';
import { KeyCache, type KeyCacheOptions } from '../../src/keys/key-cache.js';
import {
  SecretsManagerProvider,
  type SecretsManagerProviderOptions,
} from '../../src/keys/providers/secrets-manager-provider.js';
import { FAULTS, type FaultProxy, startFaultProxy } from '../servers/fault-proxy.js';
import { type MotoServer, startMoto } from '../servers/moto-server.js';

const python = inject('python');
const KEY = 'hunter2hunter2hunter2';

if (python === null) {
  // The run's setup has said in one line why there is no Python environment.
  describe.todo('keys from Secrets Manager');
} else {
  describe('keys from Secrets Manager', () => {
    let moto: MotoServer | null = null;
    let aws: FaultProxy;
    let admin: SecretsManagerClient;
    let caches: KeyCache[] = [];
    let providers: SecretsManagerProvider[] = [];
    let now = 0;

    beforeAll(async () => {
      vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
      vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
      moto = await startMoto(python);
      if (moto === null) throw new Error('moto did not start');
      aws = await startFaultProxy(moto.endpoint);
      admin = new SecretsManagerClient({ endpoint: moto.endpoint, region: moto.region });
    });
    afterAll(async () => {
      admin.destroy();
      await aws.stop();
      await moto?.stop();
      vi.unstubAllEnvs();
    });
    beforeEach(async () => {
      now = 0;
      await moto?.reset();
      await create('t1', { SecretString: KEY });
    });
    afterEach(() => {
      aws.setFault(null);
      for (const cache of caches) cache.close();
      for (const provider of providers) provider.close();
      caches = [];
      providers = [];
    });

    const name = (tenant: string): string => `tenant/${tenant}/encryption-key`;
    async function create(tenant: string, value: { SecretString: string } | { SecretBinary: Uint8Array }) {
      await admin.send(new CreateSecretCommand({ Name: name(tenant), ...value }));
    }

    function makeProvider(options: Partial<SecretsManagerProviderOptions> = {}): SecretsManagerProvider {
      const provider = new SecretsManagerProvider({
        secretId: 'tenant/{tenant}/encryption-key',
        format: 'text',
        region: 'us-east-1',
        endpoint: aws.endpoint,
        ...options,
      });
      providers.push(provider);
      return provider;
    }

    function makeCache(options: Partial<KeyCacheOptions> = {}): KeyCache {
      const cache = new KeyCache(makeProvider(), {
        max: 10,
        ttlMs: 60_000,
        negativeTtlMs: 1000,
        fetchTimeoutMs: 5000,
        now: () => now,
        random: () => 0,
        ...options,
      });
      caches.push(cache);
      return cache;
    }

    /** What a client and the log would see of a failure: nothing of the key. */
    async function failure(work: Promise<unknown>): Promise<string> {
      const error: unknown = await work.catch((reason: unknown) => reason);
      if (!(error instanceof ProxyError)) throw new Error('no ProxyError');
      expect(error.code).toBe('TC_KEY_UNAVAILABLE');
      expect(`${error.clientMessage} ${JSON.stringify(error.cause)}`).not.toContain(KEY);
      return error.message;
    }

    it('reads SecretString and SecretBinary, in each format, and members of JSON', async () => {
      const read = async (tenant: string, options: Partial<SecretsManagerProviderOptions> = {}) =>
        (await makeProvider(options).fetch(tenant)).bytes.toString('latin1');
      await create('hex', { SecretString: '00ff\n' });
      await create('binary', { SecretBinary: Buffer.from([0, 255, 10]) });
      await create('json', { SecretString: JSON.stringify({ key: 'AP8=', other: 1 }) });
      expect(await read('t1')).toBe(KEY);
      expect(await read('hex', { format: 'hex' })).toBe('\x00\xff');
      expect(await read('binary')).toBe('\x00\xff\n');
      expect(await read('json', { format: 'base64', jsonField: 'key' })).toBe('\x00\xff');
      expect(await failure(read('json', { jsonField: 'other' }))).toContain(
        'has no text in the member other',
      );
      expect(await failure(read('json', { jsonField: 'constructor' }))).toContain(
        'has no text in the member',
      );
      expect(await failure(read('t1', { jsonField: 'key' }))).toContain('is no JSON');
      expect(await failure(read('t1', { format: 'hex' }))).toContain('is not in the format hex');
    });

    it.each([
      ['accessDenied', 'may not be read; allow secretsmanager:GetSecretValue and kms:Decrypt on it'],
      [
        'decryptionFailure',
        'can not be decrypted by its KMS key; enable that key and allow kms:Decrypt on it',
      ],
      ['keyDisabled', 'can not be decrypted by its KMS key'],
      ['notFound', 'does not exist or has no version AWSCURRENT; create it for this tenant'],
      ['throttled', 'because Secrets Manager throttles'],
      ['internal', 'because Secrets Manager failed; wait: it is tried again'],
      ['drop', 'because the endpoint is not reachable'],
    ] as const)('says what %s means, and works again when it is over', async (fault, message) => {
      const cache = makeCache();
      aws.setFault(FAULTS[fault]);
      expect(await failure(cache.fetch('t1'))).toContain(message);
      aws.setFault(null);
      expect(await failure(cache.fetch('t1'))).toContain(message);
      now = 1000;
      expect((await cache.fetch('t1')).bytes.toString()).toBe(KEY);
    });

    it.each(['throttled', 'unavailable', 'internal', 'drop'] as const)(
      'gets over one %s without anyone noticing',
      async (fault) => {
        aws.setFault(FAULTS[fault], 'GetSecretValue', 1);
        aws.resetCounts();
        expect((await makeCache().fetch('t1')).bytes.toString()).toBe(KEY);
        expect(aws.count('GetSecretValue')).toBe(2);
      },
    );

    it('does not hang with the service, and lets go of the connection', async () => {
      const cache = makeCache({ fetchTimeoutMs: 300 });
      aws.setFault(FAULTS.hang);
      const started = performance.now();
      expect(await failure(cache.fetch('t1'))).toContain('gave no answer in 300 ms');
      expect(performance.now() - started).toBeLessThan(2000);
      await vi.waitFor(() => expect(aws.inFlight()).toBe(0), 2000);
      aws.setFault(null);
      now = 1000;
      expect((await cache.fetch('t1')).bytes.toString()).toBe(KEY);
    });

    it('serves other tenants while one hangs', async () => {
      await create('t2', { SecretString: 'two' });
      const cache = makeCache({ fetchTimeoutMs: 3000 });
      aws.setFault(FAULTS.hang, 'GetSecretValue', 1);
      const slow = failure(cache.fetch('t1'));
      await vi.waitFor(() => expect(aws.inFlight()).toBe(1), 2000);
      expect((await cache.fetch('t2')).bytes.toString()).toBe('two');
      expect(aws.inFlight()).toBe(1);
      expect(await slow).toContain('gave no answer');
    });

    it('asks once for many waiters', async () => {
      const cache = makeCache();
      aws.resetCounts();
      aws.setFault({ kind: 'delay', ms: 100 });
      await Promise.all(Array.from({ length: 100 }, () => cache.fetch('t1')));
      expect(aws.count('GetSecretValue')).toBe(1);
    });

    it('a deleted secret fails closed after the age of the cache, and works again when restored', async () => {
      const cache = makeCache();
      await cache.fetch('t1');
      await admin.send(new DeleteSecretCommand({ SecretId: name('t1') }));
      expect((await cache.fetch('t1')).bytes.toString()).toBe(KEY);
      now = 60_000;
      expect(await failure(cache.fetch('t1'))).toContain(
        'is not readable in its state; see whether it is scheduled for deletion, and restore it',
      );
      await admin.send(new RestoreSecretCommand({ SecretId: name('t1') }));
      now = 61_000;
      expect((await cache.fetch('t1')).bytes.toString()).toBe(KEY);
    });

    it('a rotation is seen ahead of expiry and told to the sessions', async () => {
      const cache = makeCache();
      const changes: string[] = [];
      cache.onVersionChange((tenant, version) => changes.push(`${tenant} ${version}`));
      const before = await cache.fetch('t1');
      const put = await admin.send(
        new PutSecretValueCommand({ SecretId: name('t1'), SecretString: 'rotated' }),
      );
      expect(cache.peekVersion('t1')).toBe(before.version);
      now = 45_000;
      expect(cache.peekVersion('t1')).toBe(before.version);
      await vi.waitFor(() => expect(cache.peekVersion('t1')).toBe(put.VersionId), 5000);
      expect(changes).toEqual([`t1 ${put.VersionId}`]);
      expect(cache.peek('t1')?.bytes.toString()).toBe('rotated');
      expect(before.bytes.toString()).toBe(KEY);
    });

    it('says that the endpoint is not reachable, and that no region is known', async () => {
      const gone = makeProvider({ endpoint: 'http://127.0.0.1:1' });
      expect(await failure(gone.fetch('t1'))).toContain('because the endpoint is not reachable');
      vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent');
      const nowhere = makeProvider({ region: undefined, endpoint: undefined });
      expect(await failure(nowhere.fetch('t1'))).toBe(
        'no AWS region is known; set keys.region or AWS_REGION',
      );
    });
  });
}
