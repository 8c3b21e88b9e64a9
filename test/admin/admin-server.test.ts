import { request } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AdminServer, type AdminServerOptions, type ReadinessCheck } from '../../src/admin/admin-server.js';
import { Metrics } from '../../src/metrics/metrics.js';

let admin: AdminServer | undefined;
afterEach(async () => {
  await admin?.stop();
  admin = undefined;
});

async function start(options: Partial<AdminServerOptions> = {}): Promise<void> {
  admin = await AdminServer.start({
    host: '127.0.0.1',
    port: 0,
    allowNonLoopback: false,
    metrics: new Metrics().registry,
    checks: [],
    ...options,
  });
}

function get(path: string, method = 'GET'): Promise<{ status: number; body: string; type: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port: admin?.address.port, path, method, agent: false },
      (reply) => {
        let body = '';
        reply.setEncoding('utf8');
        reply.on('data', (chunk: string) => {
          body += chunk;
        });
        reply.on('end', () =>
          resolve({ status: reply.statusCode ?? 0, body, type: reply.headers['content-type'] ?? '' }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end();
  });
}

const passing: ReadinessCheck = { name: 'schema', run: async () => undefined };

describe('endpoints', () => {
  it('/metrics is what Prometheus reads', async () => {
    await start();
    const { status, body, type } = await get('/metrics');
    expect(status).toBe(200);
    expect(type).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(body).toContain('# TYPE tenantcrypt_sessions gauge\ntenantcrypt_sessions 0\n');
  });

  it('/healthz says that the process runs, whatever the checks say', async () => {
    await start({ checks: [{ name: 'x', run: async () => 'broken' }] });
    expect(await get('/healthz')).toMatchObject({ status: 200, body: 'ok\n' });
    expect(await get('/healthz?verbose=1')).toMatchObject({ status: 200 });
    expect(await get('/healthz', 'HEAD')).toMatchObject({ status: 200, body: '' });
  });

  it.each([
    ['/', 'GET', 404],
    ['/metrics/', 'GET', 404],
    ['/healthz', 'POST', 405],
    ['/metrics', 'DELETE', 405],
  ])('%s %s → %d', async (path, method, status) => {
    await start();
    expect((await get(path, method)).status).toBe(status);
  });

  it('answers 500 without details when the metrics fail', async () => {
    await start({
      metrics: { contentType: 'text/plain', metrics: () => Promise.reject(new Error('hunter2')) },
    });
    expect(await get('/metrics')).toMatchObject({ status: 500, body: '' });
  });
});

describe('/readyz', () => {
  it('is 200 when all checks pass', async () => {
    await start({ checks: [passing] });
    const { status, body, type } = await get('/readyz');
    expect(status).toBe(200);
    expect(type).toBe('application/json');
    expect(JSON.parse(body)).toEqual({ ready: true, checks: [{ name: 'schema' }] });
  });

  it('is 503 with the reason of each check that fails, and of an error only that there was one', async () => {
    await start({
      checks: [
        passing,
        { name: 'keys', run: async () => 'the provider is not reachable; see keys.endpoint' },
        { name: 'backend', run: () => Promise.reject(new Error('hunter2')) },
      ],
    });
    const { status, body } = await get('/readyz');
    expect(status).toBe(503);
    expect(JSON.parse(body)).toEqual({
      ready: false,
      checks: [
        { name: 'schema' },
        { name: 'keys', problem: 'the provider is not reachable; see keys.endpoint' },
        { name: 'backend', problem: 'failed; see the log of tenantcrypt' },
      ],
    });
  });

  it('recovers by itself', async () => {
    let problem: string | undefined = 'no schema yet';
    await start({ checks: [{ name: 'schema', run: async () => problem }] });
    expect((await get('/readyz')).status).toBe(503);
    problem = undefined;
    expect((await get('/readyz')).status).toBe(200);
  });

  it('gives up on a check that hangs, tells it, and runs it once for probes that come together', async () => {
    const signals: AbortSignal[] = [];
    const run = vi.fn((signal: AbortSignal) => {
      signals.push(signal);
      return new Promise<undefined>(() => undefined);
    });
    await start({ checks: [{ name: 'slow', run }], checkTimeoutMs: 200 });
    const answers = await Promise.all([get('/readyz'), get('/readyz'), get('/healthz')]);
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 200]);
    expect(answers[0]?.body).toContain('gave no answer in 200 ms');
    expect(run).toHaveBeenCalledTimes(1);
    expect(signals[0]?.aborted).toBe(true);
  });

  it('is 503 from drain on', async () => {
    await start({ checks: [passing] });
    admin?.drain();
    expect((await get('/readyz')).status).toBe(503);
    expect((await get('/healthz')).status).toBe(200);
  });
});

describe('where it listens', () => {
  it.each(['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example.com', ''])(
    'refuses %j without the opt-in',
    async (host) => {
      await expect(start({ host })).rejects.toThrow('is not a loopback address');
    },
  );

  it('takes any address with it', async () => {
    await start({ host: '0.0.0.0', allowNonLoopback: true });
    expect((await get('/healthz')).status).toBe(200);
  });

  it('rejects when the port is taken', async () => {
    await start();
    const port = admin?.address.port ?? 0;
    await expect(
      AdminServer.start({
        host: '127.0.0.1',
        port,
        allowNonLoopback: false,
        metrics: new Metrics().registry,
        checks: [],
      }),
    ).rejects.toThrow('EADDRINUSE');
  });
});
