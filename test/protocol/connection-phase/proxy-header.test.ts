import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeProxyHeader,
  MAX_PROXY_HEADER,
  type ProxiedClient,
} from '../../../src/protocol/connection-phase/proxy-header.js';
import { MalformedPacketError } from '../../../src/protocol/malformed-packet-error.js';
import { tcp4Header, tcp6Header, unixHeader, v2Header } from '../../support/proxy-header.js';
import { splits } from '../../support/wire.js';

const v1 = (line: string): Buffer => Buffer.from(`PROXY ${line}\r\n`, 'latin1');
const tcp = (host: string, port: number): ProxiedClient => ({ kind: 'tcp', host, port });

const LONGEST_V1 =
  'TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535';

const headers: [string, Buffer, ProxiedClient | null][] = [
  ['v1 TCP4', v1('TCP4 192.0.2.7 198.51.100.1 56324 3306'), tcp('192.0.2.7', 56_324)],
  ['v1 TCP6', v1('TCP6 2001:DB8:0:0::7 ::1 0 65535'), tcp('2001:db8::7', 0)],
  ['v1 of the greatest length', v1(LONGEST_V1), tcp('ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 65_535)],
  ['v1 UNKNOWN', v1('UNKNOWN'), null],
  ['v1 UNKNOWN with addresses', v1('UNKNOWN ffff::1 ffff::2 1 2'), null],
  ['v2 TCP over IPv4', tcp4Header('192.0.2.7', 56_324), tcp('192.0.2.7', 56_324)],
  ['v2 TCP over IPv6', tcp6Header(0x07, 443), tcp('2001:db8::7', 443)],
  [
    'v2 with TLVs',
    tcp4Header('192.0.2.7', 1, [0x02, 0, 3, 0x61, 0x62, 0x63, 0xee, 0xff]),
    tcp('192.0.2.7', 1),
  ],
  ['v2 Unix socket', unixHeader('/run/app.sock'), { kind: 'unix', path: '/run/app.sock' }],
  ['v2 abstract Unix socket', unixHeader('\0app'), { kind: 'unix', path: '@app' }],
  ['v2 Unix path without NUL', unixHeader('p'.repeat(108)), { kind: 'unix', path: 'p'.repeat(108) }],
  ['v2 Unix socket without a name', unixHeader(''), { kind: 'unix', path: '' }],
  ['v2 UNSPEC', v2Header(0x21, 0x00, []), null],
  ['v2 UNSPEC with bytes', v2Header(0x21, 0x00, [1, 2, 3]), null],
  ['v2 datagrams', v2Header(0x21, 0x12, [1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 0, 2]), null],
  ['v2 LOCAL', v2Header(0x20, 0x00, []), null],
  ['v2 LOCAL with a family that means nothing', v2Header(0x20, 0xff, [1, 2, 3]), null],
  ['v2 of the greatest length', v2Header(0x20, 0, Array(MAX_PROXY_HEADER - 16).fill(7)), null],
];

const malformed: [string, Buffer][] = [
  ['v1 without an end', Buffer.from(`PROXY UNKNOWN ${'x'.repeat(200)}`)],
  ['v1 with its end too late', v1(`UNKNOWN ${'x'.repeat(92)}`)],
  ['v1 of UDP', v1('UDP4 192.0.2.7 198.51.100.1 1 2')],
  ['v1 in lower case', v1('tcp4 192.0.2.7 198.51.100.1 1 2')],
  ['v1 UNKNOWNS', v1('UNKNOWNS')],
  ['v1 of nothing', v1('')],
  ['v1 with an address of the other family', v1('TCP4 ::1 198.51.100.1 1 2')],
  ['v1 with a name', v1('TCP4 localhost 198.51.100.1 1 2')],
  ['v1 with a zone', v1('TCP6 fe80::1%eth0 ::1 1 2')],
  ['v1 with a bad destination', v1('TCP4 192.0.2.7 198.51.100.256 1 2')],
  ['v1 with a port too great', v1('TCP4 192.0.2.7 198.51.100.1 65536 2')],
  ['v1 with a leading zero', v1('TCP4 192.0.2.7 198.51.100.1 01 2')],
  ['v1 without a port', v1('TCP4 192.0.2.7 198.51.100.1 1')],
  ['v1 with more', v1('TCP4 192.0.2.7 198.51.100.1 1 2 3')],
  ['v1 with two spaces', v1('TCP4  192.0.2.7 198.51.100.1 1 2')],
  ['v2 of version 1', v2Header(0x11, 0x11, Array(12).fill(1))],
  ['v2 with an unknown command', v2Header(0x22, 0x11, Array(12).fill(1))],
  ['v2 with an unknown family', v2Header(0x21, 0x41, Array(12).fill(1))],
  ['v2 with an unknown transport', v2Header(0x21, 0x13, Array(12).fill(1))],
  ['v2 too short for IPv4', v2Header(0x21, 0x11, Array(11).fill(1))],
  ['v2 too short for IPv6', v2Header(0x21, 0x21, Array(35).fill(1))],
  ['v2 too short for a Unix socket', v2Header(0x21, 0x31, Array(215).fill(1))],
  ['v2 too long', v2Header(0x21, 0x11, Array(MAX_PROXY_HEADER - 15).fill(1))],
];

describe('decodeProxyHeader', () => {
  it.each(headers)('reads %s', (_, bytes, client) => {
    expect(decodeProxyHeader(bytes)).toEqual({ kind: 'header', length: bytes.length, client });
  });

  it.each(headers)('asks for more until %s is whole, and leaves what follows', (_, bytes, client) => {
    for (let length = 0; length < bytes.length; length += 1) {
      expect(decodeProxyHeader(bytes.subarray(0, length))).toEqual({ kind: 'incomplete' });
    }
    const more = Buffer.concat([bytes, Buffer.from('PROXY \r\n\x20\0\0\x01')]);
    expect(decodeProxyHeader(more)).toEqual({ kind: 'header', length: bytes.length, client });
  });

  it.each(malformed)('refuses %s', (_, bytes) => {
    expect(() => decodeProxyHeader(bytes)).toThrow(MalformedPacketError);
  });

  it.each(malformed)('never takes a part of %s for a header', (_, bytes) => {
    for (const [first = bytes] of splits(bytes)) {
      try {
        expect(decodeProxyHeader(first).kind).toBe('incomplete');
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedPacketError);
      }
    }
  });

  it('refuses a v2 header that announces too much before it has come', () => {
    const start = v2Header(0x21, 0x11, Array(MAX_PROXY_HEADER).fill(1)).subarray(0, 16);
    expect(() => decodeProxyHeader(start)).toThrow(/too long/);
  });

  it('takes no packet of the MySQL protocol for a header', () => {
    fc.assert(
      fc.property(fc.nat(0xff_ffff), fc.uint8Array({ maxLength: 50 }), (length, payload) => {
        const bytes = Buffer.from([length & 255, (length >> 8) & 255, length >> 16, 1, ...payload]);
        expect(decodeProxyHeader(bytes)).toEqual({ kind: 'absent' });
      }),
    );
  });

  it('gives back what a sender put in, whatever follows', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.ipV4(),
        fc.integer({ min: 0, max: 65_535 }),
        fc.uint8Array({ maxLength: 300 }),
        (isV2, host, port, tail) => {
          const header = isV2 ? tcp4Header(host, port) : v1(`TCP4 ${host} 127.0.0.1 ${port} 3306`);
          const read = decodeProxyHeader(Buffer.concat([header, tail]));
          expect(read).toEqual({ kind: 'header', length: header.length, client: tcp(host, port) });
        },
      ),
    );
  });

  it('reads IPv6 addresses alike in both versions', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (source) => {
        const groups = Array.from({ length: 8 }, (_, i) =>
          (((source[2 * i] ?? 0) << 8) | (source[2 * i + 1] ?? 0)).toString(16),
        );
        const addresses = [...source, ...Array(16).fill(0), 0, 9, 0, 1];
        const text = decodeProxyHeader(v1(`TCP6 ${groups.join(':')} ::1 9 1`));
        const binary = decodeProxyHeader(v2Header(0x21, 0x21, addresses));
        expect(text).toMatchObject({ kind: 'header', client: { kind: 'tcp', port: 9 } });
        expect({ ...binary, length: 0 }).toEqual({ ...text, length: 0 });
      }),
    );
  });

  it('decodes, waits or throws MalformedPacketError, and does so alike on the whole and on its parts', () => {
    const start = fc.constantFrom(...[...headers, ...malformed].map(([, bytes]) => bytes));
    const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 });
    fc.assert(
      fc.property(start, edits, fc.nat(), (bytes, changes, cut) => {
        const copy = Buffer.from(bytes);
        for (const [at, value] of changes) copy[at % copy.length] = value;
        const outcome = (part: Buffer): string => {
          try {
            const read = decodeProxyHeader(part);
            if (read.kind === 'header') expect(read.length).toBeLessThanOrEqual(part.length);
            return read.kind === 'header' ? JSON.stringify(read) : read.kind;
          } catch (error) {
            expect(error).toBeInstanceOf(MalformedPacketError);
            return 'malformed';
          }
        };
        const early = outcome(copy.subarray(0, cut % (copy.length + 1)));
        if (early !== 'incomplete') expect(outcome(copy)).toBe(early);
      }),
      { numRuns: 3000 },
    );
  });
});
