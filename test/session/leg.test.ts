import { connect, createServer, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { connect as tlsConnect } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import type { ListenTlsConfig } from '../../src/config/config.js';
import { Leg, LegClosedError, LegProtocolError } from '../../src/session/leg.js';
import { createClientTls } from '../../src/session/tls/client-tls.js';

const open: Socket[] = [];
afterEach(() => {
  for (const socket of open.splice(0)) socket.destroy();
});

const LISTEN_TLS: ListenTlsConfig = {
  mode: 'preferred',
  cert: undefined,
  key: undefined,
  ca: undefined,
  clientCertificate: 'none',
};

/** A leg and the plain socket of its peer. */
async function legAndPeer(maxPayload?: number): Promise<{ leg: Leg; peer: Socket }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
  const peer = connect({ host: '127.0.0.1', port: address.port });
  peer.on('error', () => undefined);
  const socket = await accepted;
  server.close();
  open.push(peer, socket);
  return { leg: new Leg('client', socket, false, maxPayload), peer };
}

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('reading', () => {
  it('gives payloads in order, whatever the chunks, and counts sequence ids', async () => {
    const { leg, peer } = await legAndPeer();
    const bytes = hex('010000 00 aa 020000 01 bbcc 000000 02');
    for (const byte of bytes) {
      peer.write(Buffer.of(byte));
      await delay(1);
    }
    expect(await leg.readPayload()).toEqual(hex('aa'));
    expect(await leg.readPayload()).toEqual(hex('bbcc'));
    expect(await leg.readPayload()).toEqual(hex(''));
    expect(leg.sequenceId).toBe(3);
  });

  it('refuses a sequence id that is not the next, and a payload beyond the limit', async () => {
    const first = await legAndPeer();
    first.peer.write(hex('010000 05 aa'));
    await expect(first.leg.readPayload()).rejects.toBeInstanceOf(LegProtocolError);
    const second = await legAndPeer(10);
    second.peer.write(hex('0b0000 00'));
    await expect(second.leg.readPayload()).rejects.toBeInstanceOf(LegProtocolError);
  });

  it('gives what came before the peer closed, then says that it closed', async () => {
    const { leg, peer } = await legAndPeer();
    peer.end(hex('010000 00 aa'));
    let closed = 0;
    leg.onClose(() => {
      closed += 1;
    });
    while (!leg.isClosed) await delay(1);
    expect(await leg.readPayload()).toEqual(hex('aa'));
    await expect(leg.readPayload()).rejects.toBeInstanceOf(LegClosedError);
    expect(closed).toBe(1);
  });

  it('ends a wait that is aborted, and lets an answer still be written', async () => {
    const { leg, peer } = await legAndPeer();
    const reading = leg.readPayload();
    leg.abort(new Error('time is up'));
    await expect(reading).rejects.toThrow('time is up');
    leg.writePayload(hex('ff'));
    const [chunk] = await new Promise<Buffer[]>((resolve) => peer.once('data', (data) => resolve([data])));
    expect(chunk).toEqual(hex('010000 00 ff'));
  });

  it('stops reading from a peer that sends far ahead, and goes on when it is read', async () => {
    const { leg, peer } = await legAndPeer(1000);
    const packet = (id: number): Buffer =>
      Buffer.concat([hex('e80300'), Buffer.of(id & 0xff), Buffer.alloc(1000, id)]);
    const many = Buffer.concat(Array.from({ length: 5000 }, (_, id) => packet(id)));
    peer.write(many);
    await delay(50);
    expect(leg.framer.bufferedBytes).toBeLessThan(many.length / 2);
    for (let id = 0; id < 5000; id += 1) expect((await leg.readPayload())[0]).toBe(id & 0xff);
  });
});

describe('writing', () => {
  it('numbers packets and wipes a secret', async () => {
    const { leg, peer } = await legAndPeer();
    const received: Buffer[] = [];
    peer.on('data', (chunk) => received.push(chunk));
    leg.sequenceId = 255;
    leg.writePayload(hex('aa'));
    const secret = Buffer.from('password\0');
    await leg.writeSecret(secret);
    expect(secret.every((byte) => byte === 0)).toBe(true);
    while (Buffer.concat(received).length < 18) await delay(1);
    expect(Buffer.concat(received)).toEqual(
      Buffer.concat([hex('010000 ff aa 090000 00'), Buffer.from('password\0')]),
    );
  });

  it('says goodbye after what was written, though the peer is still sending', async () => {
    const { leg, peer } = await legAndPeer();
    let received = Buffer.alloc(0);
    peer.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
    });
    const sending = setInterval(() => peer.writable && peer.write(Buffer.alloc(10_000)), 1);
    await delay(20);
    leg.writePayload(hex('ff'));
    leg.end('refused');
    await new Promise<void>((resolve) => peer.once('close', () => resolve()));
    clearInterval(sending);
    expect(received).toEqual(hex('010000 00 ff'));
    expect(leg.closeReason).toBe('refused');
  });
});

describe('handing over', () => {
  it('gives the unread bytes away and can be taken back', async () => {
    const { leg, peer } = await legAndPeer();
    peer.write(hex('010000 00 aa 010000 00 bb 0100'));
    expect(await leg.readPayload()).toEqual(hex('aa'));
    const arrived: Buffer[] = [];
    const { socket, unread } = leg.detach((chunk) => arrived.push(chunk));
    expect(unread).toEqual(hex('010000 00 bb 0100'));
    peer.write(hex('00 01 cc'));
    socket.resume();
    while (arrived.length === 0) await delay(1);
    socket.pause();
    leg.attach(Buffer.concat([unread, ...arrived]));
    leg.sequenceId = 0;
    expect(await leg.readPayload()).toEqual(hex('bb'));
    expect(await leg.readPayload()).toEqual(hex('cc'));
  });

  it('starts TLS with a ClientHello that came in one chunk with the packet before it', async () => {
    const { leg, peer } = await legAndPeer();
    const tls = await createClientTls(LISTEN_TLS);
    if (tls.mode === 'disabled') throw new Error('unreachable');
    let ahead = hex('010000 00 aa');
    const wire = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _encoding, done) => {
        peer.write(Buffer.concat([ahead, chunk]), done);
        ahead = Buffer.alloc(0);
      },
    });
    peer.on('data', (chunk) => wire.push(chunk));
    const secured = tlsConnect({ socket: wire, rejectUnauthorized: false });
    open.push(secured);
    secured.write(hex('010000 01 bb'));
    expect(await leg.readPayload()).toEqual(hex('aa'));
    await leg.upgradeToTlsServer(tls.secureContext);
    expect(leg.isTls).toBe(true);
    expect(await leg.readPayload()).toEqual(hex('bb'));
    leg.writePayload(hex('cc'));
    expect(await new Promise<Buffer>((resolve) => secured.once('data', resolve))).toEqual(
      hex('010000 02 cc'),
    );
    expect(secured.getProtocol()).toBe('TLSv1.3');
  });

  it('is told when the TLS handshake can not be finished', async () => {
    const tls = await createClientTls(LISTEN_TLS);
    if (tls.mode === 'disabled') throw new Error('unreachable');
    const garbage = await legAndPeer();
    const failing = garbage.leg.upgradeToTlsServer(tls.secureContext);
    garbage.peer.write('GET / HTTP/1.1\r\n\r\n');
    await expect(failing).rejects.toThrow();
    const leaving = await legAndPeer();
    const left = leaving.leg.upgradeToTlsServer(tls.secureContext);
    leaving.peer.destroy();
    await expect(left).rejects.toThrow();
    const silent = await legAndPeer();
    const aborted = silent.leg.upgradeToTlsServer(tls.secureContext);
    silent.leg.abort(new Error('time is up'));
    await expect(aborted).rejects.toThrow('time is up');
    const old = await legAndPeer();
    const refused = old.leg.upgradeToTlsServer(tls.secureContext);
    const ancient = tlsConnect({
      socket: old.peer,
      rejectUnauthorized: false,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    ancient.on('error', () => undefined);
    open.push(ancient);
    await expect(refused).rejects.toThrow();
  });
});
