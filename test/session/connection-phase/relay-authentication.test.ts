import {
  constants,
  createPublicKey,
  generateKeyPairSync,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
} from 'node:crypto';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { LoginKeyPair } from '../../../src/session/connection-phase/login-key-pair.js';
import {
  type AuthenticationState,
  firstAnswer,
  relayAuthentication,
} from '../../../src/session/connection-phase/relay-authentication.js';
import { Leg } from '../../../src/session/leg.js';

/*
 * The relay between two peers that this test plays itself, with packets written by hand.
 */

const open: Socket[] = [];
afterEach(() => {
  for (const socket of open.splice(0)) socket.destroy();
});

/** Both ends of a TCP connection. */
async function socketPair(): Promise<[Socket, Socket]> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
  const near = connect({ host: '127.0.0.1', port: address.port });
  const far = await accepted;
  server.close();
  open.push(near, far);
  return [near, far];
}

interface Stage {
  readonly client: Leg;
  readonly backend: Leg;
  /** The peers of the two legs: what the application and the database see. */
  readonly application: Leg;
  readonly database: Leg;
}

async function stage(secure: { client: boolean; backend: boolean }): Promise<Stage> {
  const [ours, application] = await socketPair();
  const [alsoOurs, database] = await socketPair();
  return {
    client: new Leg('client', ours, secure.client),
    backend: new Leg('backend', alsoOurs, secure.backend),
    application: new Leg('backend', application, false),
    database: new Leg('client', database, false),
  };
}

const NONCE = randomBytes(20);
const authSwitch = (plugin: string): Buffer =>
  Buffer.concat([Buffer.of(0xfe), Buffer.from(`${plugin}\0`), NONCE, Buffer.of(0)]);
const OK = Buffer.from('00000002000000', 'hex');
const keys = { loginKeyPair: new LoginKeyPair(), serverPublicKey: null };
const state = (): AuthenticationState => ({ plugin: 'mysql_native_password', nonce: Buffer.alloc(20) });

function xor(data: Buffer): Buffer {
  return Buffer.from(data.map((byte, i) => byte ^ (NONCE[i % 20] ?? 0)));
}

const OAEP = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' } as const;
const PASSWORD_NUL = Buffer.from('a clear password\0');

describe('plugins that send the password in clear', () => {
  it.each([
    [{ client: false, backend: true }, /of the client has no TLS; connect to tenantcrypt with TLS/],
    [{ client: true, backend: false }, /to the database has no TLS; set backend\.tls\.mode/],
    [{ client: false, backend: false }, /of the client has no TLS/],
  ])(
    'are refused with a leg in the open (secure: %o) before the client hears of them',
    async (secure, expected) => {
      for (const plugin of ['mysql_clear_password', 'dialog']) {
        const { client, backend, application, database } = await stage(secure);
        database.writePayload(authSwitch(plugin));
        await expect(relayAuthentication(client, backend, state(), keys)).rejects.toThrow(expected);
        expect(application.framer.bufferedBytes).toBe(0);
      }
    },
  );

  it('pass between two secure legs', async () => {
    const { client, backend, application, database } = await stage({ client: true, backend: true });
    const outcome = relayAuthentication(client, backend, state(), keys);
    database.writePayload(authSwitch('mysql_clear_password'));
    expect(await application.readPayload()).toEqual(authSwitch('mysql_clear_password'));
    application.writePayload(PASSWORD_NUL);
    expect(await database.readPayload()).toEqual(PASSWORD_NUL);
    database.writePayload(OK);
    expect(await outcome).toEqual({ kind: 'ok', payload: OK });
  });
});

describe('sha256_password', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = Buffer.from(rsa.publicKey.export({ type: 'spki', format: 'pem' }));

  it.each([
    { client: false, backend: false },
    { client: false, backend: true },
    { client: true, backend: false },
    { client: true, backend: true },
  ])('is translated from leg to leg (secure: %o)', async (secure) => {
    const { client, backend, application, database } = await stage(secure);
    const outcome = relayAuthentication(client, backend, state(), keys);
    database.writePayload(authSwitch('sha256_password'));
    await application.readPayload();
    if (secure.client) {
      application.writePayload(Buffer.from(PASSWORD_NUL));
    } else {
      application.writePayload(Buffer.of(1));
      const more = await application.readPayload();
      expect(more[0]).toBe(1);
      const key = createPublicKey(more.subarray(1));
      application.writePayload(publicEncrypt({ key, ...OAEP }, xor(PASSWORD_NUL)));
    }
    if (secure.backend) {
      expect(await database.readPayload()).toEqual(PASSWORD_NUL);
    } else {
      expect(await database.readPayload()).toEqual(Buffer.of(1));
      database.writePayload(Buffer.concat([Buffer.of(1), pem]));
      const encrypted = await database.readPayload();
      expect(xor(privateDecrypt({ key: rsa.privateKey, ...OAEP }, encrypted))).toEqual(PASSWORD_NUL);
    }
    database.writePayload(OK);
    expect(await outcome).toEqual({ kind: 'ok', payload: OK });
  });

  it('takes no clear password from a client without TLS', async () => {
    const { client, backend, application, database } = await stage({ client: false, backend: true });
    const outcome = relayAuthentication(client, backend, state(), keys);
    outcome.catch(() => undefined);
    database.writePayload(authSwitch('sha256_password'));
    await application.readPayload();
    application.writePayload(PASSWORD_NUL);
    await expect(outcome).rejects.toMatchObject({ errorCode: 3159 });
    expect(database.framer.bufferedBytes).toBe(0);
  });
});

describe('a plugin that the relay does not know', () => {
  it('passes over several rounds, with messages that need no answer', async () => {
    const { client, backend, application, database } = await stage({ client: false, backend: false });
    const outcome = relayAuthentication(client, backend, state(), keys);
    database.writePayload(authSwitch('auth_gssapi_client'));
    await application.readPayload();
    application.writePayload(Buffer.from('token 1'));
    expect((await database.readPayload()).toString()).toBe('token 1');
    database.writePayload(Buffer.from('\x01challenge'));
    expect((await application.readPayload()).toString()).toBe('\x01challenge');
    application.writePayload(Buffer.from('token 2'));
    expect((await database.readPayload()).toString()).toBe('token 2');
    database.writePayload(Buffer.from('\x01message'));
    database.writePayload(OK);
    expect(await outcome).toEqual({ kind: 'ok', payload: OK });
    expect((await application.readPayload()).toString()).toBe('\x01message');
  });
});

describe('a client that sends ahead of its turn', () => {
  it('does not reach the server with it', async () => {
    const { client, backend, application, database } = await stage({ client: false, backend: false });
    const outcome = relayAuthentication(
      client,
      backend,
      { plugin: 'caching_sha2_password', nonce: NONCE },
      keys,
    );
    application.sequenceId = 0;
    application.writePayload(Buffer.from('\x03DROP TABLE users'));
    await client.waitForChange();
    database.writePayload(Buffer.of(1, 3));
    database.writePayload(OK);
    expect(await outcome).toEqual({ kind: 'ok', payload: OK });
    // What came first from us is no command: nothing came.
    expect(database.framer.bufferedBytes).toBe(0);
    expect(
      client
        .detach(() => undefined)
        .unread.subarray(4)
        .toString(),
    ).toBe('\x03DROP TABLE users');
  });
});

describe('firstAnswer', () => {
  it('lets scrambles pass and holds back what may be a password', () => {
    const scramble = randomBytes(32);
    for (const plugin of ['mysql_native_password', 'caching_sha2_password', 'client_ed25519', null]) {
      expect(firstAnswer(plugin, scramble)).toEqual({ pluginName: plugin, authResponse: scramble });
    }
    for (const plugin of ['mysql_clear_password', 'sha256_password', 'dialog', '']) {
      const answer = firstAnswer(plugin, PASSWORD_NUL);
      expect(answer.authResponse).toHaveLength(0);
      expect(answer.pluginName).not.toBe(plugin);
    }
  });
});
