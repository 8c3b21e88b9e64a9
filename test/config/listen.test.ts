import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.js';
import { ConfigError } from '../../src/config/config-error.js';
import { parseConfig } from '../../src/config/load-config.js';
import { parseNetwork } from '../../src/config/network.js';

function parse(listen: object): Config {
  const text = JSON.stringify({ listen, backend: { host: 'db.example' } });
  return parseConfig(text, { env: {}, file: '/etc/tc/config.yaml' });
}

function problem(listen: object): string {
  try {
    parse(listen);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('accepted');
}

describe('parseNetwork', () => {
  it.each([
    ['10.1.2.3', { address: '10.1.2.3', prefix: 32, family: 'ipv4' }],
    ['10.0.0.0/8', { address: '10.0.0.0', prefix: 8, family: 'ipv4' }],
    ['0.0.0.0/0', { address: '0.0.0.0', prefix: 0, family: 'ipv4' }],
    ['::1', { address: '::1', prefix: 128, family: 'ipv6' }],
    ['fd00::/8', { address: 'fd00::', prefix: 8, family: 'ipv6' }],
  ])('reads %s', (text, network) => {
    expect(parseNetwork(text)).toEqual(network);
  });

  it.each([
    '',
    'localhost',
    '10.1.2',
    '10.1.2.3/33',
    '10.1.2.3/',
    '10.1.2.3/8/8',
    '10.1.2.3/-1',
    '10.1.2.3/8.0',
    '::1/129',
    'fe80::1%eth0',
    '*',
  ])('refuses %j', (text) => {
    expect(parseNetwork(text)).toBeUndefined();
  });
});

describe('listen.proxyProtocol', () => {
  it('asks for a header of each trusted address unless it is optional', () => {
    expect(parse({ port: 1, proxyProtocol: { trusted: ['10.1.2.3'] } }).listen.proxyProtocol).toEqual({
      trusted: [{ address: '10.1.2.3', prefix: 32, family: 'ipv4' }],
      header: 'required',
    });
    const optional = { trusted: ['fd00::/8'], header: 'optional' };
    expect(parse({ port: 1, proxyProtocol: optional }).listen.proxyProtocol?.header).toBe('optional');
  });

  it.each([
    [{ port: 1, proxyProtocol: { trusted: ['balancer'] } }, 'listen.proxyProtocol.trusted[0]'],
    [{ port: 1, proxyProtocol: { trusted: [] } }, 'is empty; name the addresses of the balancer'],
    [{ port: 1, proxyProtocol: {} }, 'listen.proxyProtocol.trusted'],
    [{ port: 1, proxyProtocol: { trusted: ['::1'], header: 'never' } }, 'choose one of required, optional'],
    [{ socket: 's', proxyProtocol: { trusted: ['::1'] } }, 'is for TCP, and only a socket is listened on'],
  ])('refuses %j', (listen, text) => {
    expect(problem(listen)).toContain(text);
  });
});

describe('listen.tls.clientCertificate', () => {
  it('takes the authorities from the folder of the file', () => {
    const { tls } = parse({ port: 1, tls: { clientCertificate: 'required', ca: 'clients.pem' } }).listen;
    expect(tls).toMatchObject({
      mode: 'preferred',
      clientCertificate: 'required',
      ca: '/etc/tc/clients.pem',
    });
  });

  it.each([
    [{ clientCertificate: 'required' }, 'give ca'],
    [
      { clientCertificate: 'optional', ca: 'c', mode: 'disabled' },
      'needs TLS, which mode disabled turns off',
    ],
    [{ ca: 'c' }, 'set clientCertificate to required or optional, or remove ca'],
    [{ clientCertificate: 'maybe' }, 'choose one of none, optional, required'],
  ])('refuses %j', (tls, text) => {
    expect(problem({ port: 1, tls })).toContain(text);
  });
});

describe('listen.compression', () => {
  it('is zlib and zstd unless it is said', () => {
    expect(parse({ port: 1 }).listen.compression).toEqual(['zlib', 'zstd']);
    expect(parse({ port: 1, compression: ['zstd'] }).listen.compression).toEqual(['zstd']);
    expect(parse({ port: 1, compression: [] }).listen.compression).toEqual([]);
  });

  it('knows no other algorithm', () => {
    expect(problem({ port: 1, compression: ['lz4'] })).toContain('choose one of zlib, zstd');
  });
});
