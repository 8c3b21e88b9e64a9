import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { BufferWriter } from '../../../src/protocol/buffer-writer.js';
import {
  decodeAuthMoreData,
  encodeAuthMoreData,
} from '../../../src/protocol/connection-phase/auth-more-data.js';
import {
  decodeAuthSwitchRequest,
  encodeAuthSwitchRequest,
} from '../../../src/protocol/connection-phase/auth-switch-request.js';
import {
  decryptPassword,
  encryptPassword,
  scrambleCachingSha2,
  xorWithNonce,
} from '../../../src/protocol/connection-phase/caching-sha2-password.js';
import {
  decodeHandshakeResponse41,
  encodeHandshakeResponse41,
} from '../../../src/protocol/connection-phase/handshake-response-41.js';
import {
  decodeHandshakeV10,
  encodeHandshakeV10,
} from '../../../src/protocol/connection-phase/handshake-v10.js';
import { scrambleNative } from '../../../src/protocol/connection-phase/native-password.js';
import {
  decodeSslRequest,
  encodeSslRequest,
  isSslRequest,
} from '../../../src/protocol/connection-phase/ssl-request.js';
import {
  Capability,
  combine,
  has,
  intersect,
  without,
} from '../../../src/protocol/constants/capabilities.js';
import { MalformedPacketError } from '../../../src/protocol/malformed-packet-error.js';
import { int, lenenc, nul, text } from '../../support/wire.js';

const NONCE = Array.from({ length: 20 }, (_, i) => i + 65);
const zeros = (count: number): number[] => new Array<number>(count).fill(0);

function encoded(encode: (writer: BufferWriter) => void): number[] {
  const writer = new BufferWriter(1);
  encode(writer);
  return [...writer.view()];
}

function greeting(lower: number, upper: number, extended: number, plugin: string | null): number[] {
  return [
    10,
    ...nul('9.7.4'),
    ...int(4, 4_000_000_000),
    ...NONCE.slice(0, 8),
    0,
    ...int(2, lower),
    255,
    ...int(2, 2),
    ...int(2, upper),
    plugin === null ? 0 : 21,
    ...zeros(6),
    ...int(4, extended),
    ...NONCE.slice(8),
    0,
    ...(plugin === null ? [] : nul(plugin)),
  ];
}

describe('HandshakeV10', () => {
  it.each([
    ['MySQL', 0xffff, 0xdfff, 0, 'caching_sha2_password', 0],
    ['MariaDB with extended capabilities', 0xf7fe, 0x81bf, 0x1d, 'mysql_native_password', 0x1d],
    ['no plugin', 0xffff, 0x0000, 0, null, 0],
  ])('%s', (_, lower, upper, extended, plugin, mariadb) => {
    const bytes = greeting(lower, upper, extended, plugin);
    const message = decodeHandshakeV10(Buffer.from(bytes));
    expect(message).toEqual({
      serverVersion: '9.7.4',
      threadId: 4_000_000_000,
      authPluginData: Buffer.from(NONCE),
      capabilities: { flags: upper * 65_536 + lower, mariadb },
      characterSet: 255,
      statusFlags: 2,
      authPluginName: plugin,
    });
    expect(encoded((writer) => encodeHandshakeV10(writer, message))).toEqual(bytes);
  });

  it.each([
    [
      'MySQL 9.7.4',
      'caching_sha2_password',
      '4b0000000a392e372e342d320011000000342369662d572c3900ffffff0200ffdf1500000000000000000000462a334419735131586b79010063616368696e675f736861325f70617373776f726400',
    ],
    [
      'MariaDB 10.11.19',
      'mysql_native_password',
      '640000000a352e352e352d31302e31312e31392d4d6172696144422d302b64656231327531000c000000744f6d5648445d2900fef7080200ff81150000000000001d0000005240294d287d604b335c5827006d7973716c5f6e61746976655f70617373776f726400',
    ],
  ])('as %s sends it', (name, plugin, hex) => {
    const payload = Buffer.from(hex, 'hex').subarray(4);
    const message = decodeHandshakeV10(payload);
    expect(message.authPluginName).toBe(plugin);
    expect(message.authPluginData).toHaveLength(20);
    expect(message.serverVersion).toContain(name.split(' ')[1]);
    expect(message.capabilities.mariadb).toBe(name.startsWith('MariaDB') ? 0x1d : 0);
    expect(encoded((writer) => encodeHandshakeV10(writer, message))).toEqual([...payload]);
  });

  it('ignores the reserved bytes of a server that sets CLIENT_MYSQL', () => {
    const message = decodeHandshakeV10(Buffer.from(greeting(0xffff, 0xdfff, 0x1d, 'x')));
    expect(message.capabilities.mariadb).toBe(0);
  });

  it.each([
    ['protocol 9', [9, ...greeting(0xffff, 0xdfff, 0, 'x').slice(1)]],
    ['a server before 4.1', greeting(0x0001, 0, 0, null)],
    ['a trailing byte', [...greeting(0xffff, 0xdfff, 0, 'x'), 1]],
    ['an ERR', [0xff, 0x10, 0x04, ...text('Too many connections')]],
  ])('refuses %s', (_, bytes) => {
    expect(() => decodeHandshakeV10(Buffer.from(bytes))).toThrow(MalformedPacketError);
  });

  it('refuses to send a short nonce', () => {
    const message = {
      ...decodeHandshakeV10(Buffer.from(greeting(0xffff, 0xdfff, 0, 'x'))),
      authPluginData: Buffer.alloc(8),
    };
    expect(() => encodeHandshakeV10(new BufferWriter(), message)).toThrow(RangeError);
  });
});

const BASE = combine(
  Capability.CLIENT_LONG_PASSWORD,
  Capability.CLIENT_PROTOCOL_41,
  Capability.CLIENT_SECURE_CONNECTION,
);

function response(flags: number, extended: number, ...rest: number[][]): number[] {
  return [...int(4, flags), ...int(4, 0x100_0000), 45, ...zeros(19), ...int(4, extended), ...rest.flat()];
}

describe('SSLRequest', () => {
  it('is told from a response by its length', () => {
    const flags = combine(BASE, Capability.CLIENT_SSL, Capability.CLIENT_REMEMBER_OPTIONS);
    const bytes = response(flags, 0);
    expect(isSslRequest(Buffer.from(bytes))).toBe(true);
    expect(isSslRequest(Buffer.from([...bytes, 0]))).toBe(false);
    expect(isSslRequest(Buffer.from(response(BASE, 0)))).toBe(false);
    const message = decodeSslRequest(Buffer.from(bytes));
    expect(message).toEqual({
      capabilities: { flags, mariadb: 0 },
      maxPacketSize: 0x100_0000,
      characterSet: 45,
    });
    expect(encoded((writer) => encodeSslRequest(writer, message))).toEqual(bytes);
  });

  it('carries the extended capabilities of MariaDB', () => {
    const flags = without(combine(BASE, Capability.CLIENT_SSL), Capability.CLIENT_LONG_PASSWORD);
    const bytes = response(flags, 0x0d);
    const message = decodeSslRequest(Buffer.from(bytes));
    expect(message.capabilities).toEqual({ flags, mariadb: 0x0d });
    expect(encoded((writer) => encodeSslRequest(writer, message))).toEqual(bytes);
  });
});

describe('HandshakeResponse41', () => {
  const LENENC = Capability.CLIENT_PLUGIN_AUTH_LENENC_CLIENT_DATA;
  const ALL = combine(
    BASE,
    LENENC,
    Capability.CLIENT_CONNECT_WITH_DB,
    Capability.CLIENT_PLUGIN_AUTH,
    Capability.CLIENT_CONNECT_ATTRS,
    Capability.CLIENT_ZSTD_COMPRESSION_ALGORITHM,
  );
  const attributes = lenenc([
    ...lenenc('tenant_id'),
    ...lenenc('tenant-001'),
    ...lenenc('_os'),
    ...lenenc('é'),
  ]);

  it('with everything', () => {
    const long = 'p'.repeat(300);
    const bytes = response(
      ALL,
      0,
      nul('app'),
      lenenc(long),
      nul('shop'),
      nul('caching_sha2_password'),
      attributes,
      [3],
    );
    const message = decodeHandshakeResponse41(Buffer.from(bytes));
    expect(message).toEqual({
      capabilities: { flags: ALL, mariadb: 0 },
      maxPacketSize: 0x100_0000,
      characterSet: 45,
      username: Buffer.from('app'),
      authResponse: Buffer.from(long),
      database: Buffer.from('shop'),
      clientPluginName: 'caching_sha2_password',
      connectAttributes: new Map([
        ['tenant_id', 'tenant-001'],
        ['_os', 'é'],
      ]),
      zstdCompressionLevel: 3,
    });
    expect([...(message.connectAttributes?.keys() ?? [])]).toEqual(['tenant_id', '_os']);
    expect(encoded((writer) => encodeHandshakeResponse41(writer, message))).toEqual(bytes);
  });

  it.each([
    ['one length byte', BASE, [20, ...NONCE]],
    ['a NUL-terminated response', without(BASE, Capability.CLIENT_SECURE_CONNECTION), [...NONCE, 0]],
    ['an empty response', combine(BASE, LENENC), [0]],
  ])('with %s', (_, flags, auth) => {
    const bytes = response(flags, 0, nul('app'), auth);
    const message = decodeHandshakeResponse41(Buffer.from(bytes));
    expect(message.authResponse).toEqual(Buffer.from(auth.length === 1 ? [] : NONCE));
    expect(message.database).toBeNull();
    expect(message.clientPluginName).toBeNull();
    expect(message.connectAttributes).toBeNull();
    expect(encoded((writer) => encodeHandshakeResponse41(writer, message))).toEqual(bytes);
  });

  it.each([
    ['attributes longer than the packet', [200]],
    ['an attribute longer than the attributes', [3, 9, 1, 2]],
    ['a key without a value', lenenc(lenenc('tenant_id'))],
    ['a trailing byte', [...attributes, 3, 0]],
    ['a missing level', attributes],
  ])('refuses %s', (_, tail) => {
    const bytes = response(ALL, 0, nul('app'), lenenc('x'), nul('shop'), nul('p'), tail);
    expect(() => decodeHandshakeResponse41(Buffer.from(bytes))).toThrow(MalformedPacketError);
  });

  it('refuses the protocol before 4.1', () => {
    const bytes = response(0x0001, 0, nul('app'), [0]);
    expect(() => decodeHandshakeResponse41(Buffer.from(bytes))).toThrow(MalformedPacketError);
  });

  it('refuses to send an auth response that one length byte does not hold', () => {
    const message = decodeHandshakeResponse41(Buffer.from(response(BASE, 0, nul('app'), [0])));
    const long = { ...message, authResponse: Buffer.alloc(256) };
    expect(() => encodeHandshakeResponse41(new BufferWriter(), long)).toThrow(RangeError);
  });
});

describe('authentication messages', () => {
  it('AuthSwitchRequest', () => {
    const bytes = [0xfe, ...nul('mysql_native_password'), ...NONCE, 0];
    const message = decodeAuthSwitchRequest(Buffer.from(bytes));
    expect(message).toEqual({
      pluginName: 'mysql_native_password',
      pluginProvidedData: Buffer.from([...NONCE, 0]),
    });
    expect(encoded((writer) => encodeAuthSwitchRequest(writer, message))).toEqual(bytes);
    expect(() => decodeAuthSwitchRequest(Buffer.from([0xfe, 0x61]))).toThrow(MalformedPacketError);
  });

  it('AuthSwitchRequest for a password of before 4.1, which names no plugin', () => {
    expect(decodeAuthSwitchRequest(Buffer.from([0xfe]))).toEqual({
      pluginName: 'mysql_old_password',
      pluginProvidedData: Buffer.alloc(0),
    });
  });

  it('AuthMoreData', () => {
    expect(decodeAuthMoreData(Buffer.from([1, 4]))).toEqual(Buffer.from([4]));
    expect(encoded((writer) => encodeAuthMoreData(writer, Buffer.from([4])))).toEqual([1, 4]);
    expect(() => decodeAuthMoreData(Buffer.from([0, 4]))).toThrow(MalformedPacketError);
  });
});

describe('password scrambles', () => {
  const nonce = Buffer.from(NONCE);

  // Expected values: Python hashlib over the manual's formulas.
  it.each([
    ['mysql_native_password', scrambleNative, 'cdbfed26f05b0066ea4ad5040d3b5fca7b62d7b8'],
    [
      'caching_sha2_password',
      scrambleCachingSha2,
      '51bdd87eb3627ab8342e2f347881ee9d158119e5a75fb2da1aa23cce88ba2356',
    ],
  ])('%s', (_, scramble, expected) => {
    expect(scramble(Buffer.from('pencil'), nonce).toString('hex')).toBe(expected);
    expect(scramble(Buffer.alloc(0), nonce)).toHaveLength(0);
  });

  it('takes the password back out of the RSA exchange', () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const passwordNul = Buffer.from('a password longer than the nonce\0');
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const encrypted = encryptPassword(passwordNul, nonce, pem);
    expect(encrypted).toHaveLength(256);
    expect(decryptPassword(encrypted, nonce, privateKey)).toEqual(passwordNul);
    expect(() => decryptPassword(Buffer.alloc(256, 1), nonce, privateKey)).toThrow(MalformedPacketError);
  });

  it('masks with the nonce repeated', () => {
    expect([...xorWithNonce(Buffer.from([1, 2, 3]), Buffer.from([1, 1]))]).toEqual([0, 3, 2]);
    expect(() => xorWithNonce(Buffer.from([1]), Buffer.alloc(0))).toThrow(RangeError);
  });
});

describe('capability sets', () => {
  it('stay unsigned with bit 31', () => {
    const all = combine(Capability.CLIENT_REMEMBER_OPTIONS, Capability.CLIENT_SSL);
    expect(all).toBe(0x8000_0800);
    expect(has(all, Capability.CLIENT_REMEMBER_OPTIONS)).toBe(true);
    expect(has(all, combine(Capability.CLIENT_SSL, Capability.CLIENT_COMPRESS))).toBe(false);
    expect(intersect(all, 0xffff_ffff)).toBe(all);
    expect(without(all, Capability.CLIENT_SSL)).toBe(0x8000_0000);
  });
});
