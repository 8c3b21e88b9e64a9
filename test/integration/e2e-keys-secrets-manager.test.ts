import {
  CreateSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { FAULTS, type FaultProxy, startFaultProxy } from '../servers/fault-proxy.js';
import { type MotoServer, startMoto } from '../servers/moto-server.js';
import { errorOf, rowsOf, startTestProxy, type TestProxy } from '../support/proxy.js';
import { forEachServer } from '../support/servers.js';

const python = inject('python');

if (python === null) {
  // The run's setup has said in one line why there is no Python environment.
  describe.todo('keys from Secrets Manager');
} else {
  let moto: MotoServer | null = null;
  let aws: FaultProxy;
  let manager: SecretsManagerClient;
  let created = 0;

  beforeAll(async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
    moto = await startMoto(python);
    if (moto === null) throw new Error('moto did not start');
    aws = await startFaultProxy(moto.endpoint);
    manager = new SecretsManagerClient({ endpoint: moto.endpoint, region: moto.region });
  });
  afterAll(async () => {
    manager?.destroy();
    await aws?.stop();
    await moto?.stop();
    vi.unstubAllEnvs();
  });
  afterEach(() => aws.setFault(null));

  /** A tenant that no cache knows. */
  async function newTenant(secret: string): Promise<string> {
    created += 1;
    const tenant = `tenant-${created}`;
    await manager.send(
      new CreateSecretCommand({ Name: `tenant/${tenant}/encryption-key`, SecretString: secret }),
    );
    return tenant;
  }

  forEachServer((_name, getServer) => {
    let proxy: TestProxy;

    async function start(ttlSeconds: number): Promise<TestProxy> {
      return await startTestProxy(getServer(), {
        label: 'sm',
        config: {
          keys: {
            provider: 'secrets-manager',
            secretId: 'tenant/{tenant}/encryption-key',
            format: 'text',
            region: 'us-east-1',
            endpoint: aws.endpoint,
            cache: { ttlSeconds, negativeTtlSeconds: 0.1, fetchTimeoutSeconds: 10 },
          },
        },
      });
    }

    beforeAll(async () => {
      proxy = await start(1);
    });
    afterAll(async () => await proxy?.stop());
    beforeEach(async () => {
      await proxy.admin.query('TRUNCATE users');
    });

    it('encrypts with SecretString: what AES_DECRYPT with it reads', async () => {
      const secrets = {
        one: 'first secret string',
        two: 'f0e1d2c3b4a5968778695a4b3c2d1e0f00112233445566778899aabbccddeeff',
      };
      const [one, two] = [await newTenant(secrets.one), await newTenant(secrets.two)];
      for (const [tenant, secret] of [
        [one, secrets.one],
        [two, secrets.two],
      ] as const) {
        const client = await proxy.connect(tenant);
        await client.query("INSERT INTO users (username, email) VALUES ('u', ?)", [`u@${tenant}`]);
        await client.execute("INSERT INTO users (username, email) VALUES ('v', ?)", [`v@${tenant}`]);
        expect(await rowsOf(client, 'SELECT email FROM users ORDER BY id')).toEqual([
          { email: `u@${tenant}` },
          { email: `v@${tenant}` },
        ]);
        const read = await rowsOf(
          proxy.admin,
          'SELECT CAST(AES_DECRYPT(encrypted_email, ?) AS CHAR) AS e FROM users WHERE tenant_id = ? ORDER BY id',
          [secret, tenant],
        );
        expect(read).toEqual([{ e: `u@${tenant}` }, { e: `v@${tenant}` }]);
      }
    });

    it.each(['accessDenied', 'decryptionFailure', 'drop'] as const)(
      'is refused when %s outlasts the cache, and recovers by itself in the same session',
      async (fault) => {
        const tenant = await newTenant('a secret of an open session');
        const client = await proxy.connect(tenant);
        await client.query("INSERT INTO users (username, email) VALUES ('u', 'u@example.com')");
        const statement = await client.prepare('SELECT email FROM users');
        aws.setFault(FAULTS[fault]);
        await vi.waitFor(
          async () =>
            expect((await errorOf(client.query('SELECT email FROM users'))).message).toContain(
              'TC_KEY_UNAVAILABLE',
            ),
          { timeout: 5_000, interval: 50 },
        );
        expect(await errorOf(statement.execute([]))).toMatchObject({ errno: 1105, sqlState: 'HY000' });
        expect((await errorOf(client.query("UPDATE users SET email = 'lost'"))).message).toContain(
          'TC_KEY_UNAVAILABLE',
        );
        expect(await rowsOf(client, "SELECT 'alive' AS session")).toEqual([{ session: 'alive' }]);
        aws.setFault(null);
        await vi.waitFor(
          async () =>
            expect(await rowsOf(client, 'SELECT email FROM users')).toEqual([{ email: 'u@example.com' }]),
          { timeout: 5_000, interval: 50 },
        );
        expect((await statement.execute([]))[0]).toEqual([{ email: 'u@example.com' }]);
      },
    );

    it('a rotation of AWSCURRENT takes effect in sessions that are open', async () => {
      const tenant = await newTenant('the old secret');
      const clients = [await proxy.connect(tenant), await proxy.connect(tenant)];
      const [first] = clients;
      await first?.query("INSERT INTO users (username, email) VALUES ('u', 'u@example.com')");
      const statement = await clients[1]?.prepare('SELECT email FROM users WHERE email = ?');
      expect((await statement?.execute(['u@example.com']))?.[0]).toHaveLength(1);
      await manager.send(
        new PutSecretValueCommand({
          SecretId: `tenant/${tenant}/encryption-key`,
          SecretString: 'the new secret',
        }),
      );
      await proxy.admin.query(
        "UPDATE users SET encrypted_email = AES_ENCRYPT(AES_DECRYPT(encrypted_email, 'the old secret'), 'the new secret')",
      );
      for (const client of clients) {
        await vi.waitFor(
          async () =>
            expect(await rowsOf(client, 'SELECT email FROM users')).toEqual([{ email: 'u@example.com' }]),
          { timeout: 5_000, interval: 50 },
        );
      }
      expect((await statement?.execute(['u@example.com']))?.[0]).toEqual([{ email: 'u@example.com' }]);
      await first?.query("INSERT INTO users (username, email) VALUES ('v', 'v@example.com')");
      expect(
        await rowsOf(
          proxy.admin,
          "SELECT CAST(AES_DECRYPT(encrypted_email, 'the new secret') AS CHAR) AS e FROM users ORDER BY id",
        ),
      ).toEqual([{ e: 'u@example.com' }, { e: 'v@example.com' }]);
    });

    it('20 sessions that wait for one slow fetch ask once, and delay no other tenant', async () => {
      // Keys that live long: no refresh of the cache is among the requests that are counted.
      const patient = await start(300);
      const [slow, quick] = [await newTenant('slow to come'), await newTenant('quick to come')];
      const clients = await Promise.all(Array.from({ length: 20 }, () => patient.connect(null)));
      const other = await patient.connect(null);
      aws.resetCounts();
      aws.setFault({ kind: 'delay', ms: 3_000 }, 'GetSecretValue', 1);
      let finished = 0;
      const waiting = clients.map(async (client) => {
        await client.query('SET @tenant_id = ?', [slow]);
        await rowsOf(client, 'SELECT email FROM users');
        finished += 1;
      });
      await vi.waitFor(() => expect(aws.inFlight()).toBe(1), { timeout: 5_000, interval: 5 });
      await other.query('SET @tenant_id = ?', [quick]);
      await other.query("INSERT INTO users (username, email) VALUES ('q', 'q@example.com')");
      expect(await rowsOf(other, 'SELECT email FROM users')).toEqual([{ email: 'q@example.com' }]);
      expect(finished).toBe(0);
      expect(aws.inFlight()).toBe(1);
      expect(aws.count('GetSecretValue')).toBe(2);
      await Promise.all(waiting);
      expect(finished).toBe(20);
      expect(aws.count('GetSecretValue')).toBe(2);
      await patient.stop();
    });
  });
}
