import { isIPv4, isIPv6, SocketAddress } from 'node:net';
import { BufferReader } from '../buffer-reader.js';

/*
 * The header of the PROXY protocol: what a balancer sends ahead of a connection's own bytes to say who the client is.
 *
 * Version 1, at most 107 bytes with its end:
 *
 *   "PROXY TCP4 " source " " destination " " source port " " destination port CR LF    (TCP6 likewise)
 *   "PROXY UNKNOWN" anything CR LF
 *
 * Version 2, integers in network order:
 *
 *   string[12]   signature
 *   int<1>       version 2 (high nibble), command: 0 LOCAL, 1 PROXY
 *   int<1>       address family: 0 UNSPEC, 1 INET, 2 INET6, 3 UNIX (high nibble); transport: 0, 1 STREAM, 2 DGRAM
 *   int<2>       length of what follows
 *   string[4|16|108]  source address        string[...]  destination
 *   int<2>       source port (not of UNIX)  int<2>       destination port
 *   TLVs         not looked at
 *
 * https://www.haproxy.org/download/3.2/doc/proxy-protocol.txt
 */

const V1_SIGNATURE = Buffer.from('PROXY ', 'latin1');
const V2_SIGNATURE = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');
/** With CR LF. */
const V1_MAX_LENGTH = 107;
const V2_FIXED_LENGTH = 16;
/** Longest header that is waited for, in bytes: a client certificate among the TLVs fits, a stranger's 64 KiB do not. */
export const MAX_PROXY_HEADER = 4096;
const UNIX_PATH = 108;

const CommandOfV2 = { LOCAL: 0, PROXY: 1 } as const;
const Family = { UNSPEC: 0, INET: 1, INET6: 2, UNIX: 3 } as const;
const Transport = { UNSPEC: 0, STREAM: 1, DGRAM: 2 } as const;

/** Whose connection it is. */
export type ProxiedClient =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  /** `path` starts with `@` for a name in Linux' abstract namespace. */
  | { readonly kind: 'unix'; readonly path: string };

/** What the bytes that a connection starts with are. */
export type ProxyHeader =
  /** No header: neither signature. */
  | { readonly kind: 'absent' }
  /** Perhaps one: more bytes are needed. */
  | { readonly kind: 'incomplete' }
  /** `client` is null where the sender speaks for itself (LOCAL) or knows no address (UNKNOWN, UNSPEC, datagrams). */
  | { readonly kind: 'header'; readonly length: number; readonly client: ProxiedClient | null };

/**
 * Reads a PROXY header.
 * @param bytes of a connection, from its first
 * @throws MalformedPacketError when they start as a header does and are none, or one longer than is accepted
 */
export function decodeProxyHeader(bytes: Buffer): ProxyHeader {
  if (startsWith(bytes, V2_SIGNATURE)) return decodeV2(bytes);
  if (startsWith(bytes, V1_SIGNATURE)) return decodeV1(bytes);
  return { kind: 'absent' };
}

/** Whether the bytes, as far as they go, are the signature's. */
function startsWith(bytes: Buffer, signature: Buffer): boolean {
  const length = Math.min(bytes.length, signature.length);
  return bytes.subarray(0, length).equals(signature.subarray(0, length));
}

function decodeV1(bytes: Buffer): ProxyHeader {
  const end = bytes.subarray(0, V1_MAX_LENGTH).indexOf('\r\n');
  if (end < 0) {
    if (bytes.length < V1_MAX_LENGTH) return { kind: 'incomplete' };
    new BufferReader(bytes, V1_MAX_LENGTH).fail('PROXY header without an end');
  }
  const length = end + 2;
  const line = bytes.toString('latin1', V1_SIGNATURE.length, end);
  if (/^UNKNOWN(?: |$)/.test(line)) return { kind: 'header', length, client: null };
  const reader = new BufferReader(bytes, V1_SIGNATURE.length);
  const [protocol, source, destination, port, destinationPort, ...rest] = line.split(' ');
  const isAddress = protocol === 'TCP4' ? isIPv4 : protocol === 'TCP6' ? isPlainIPv6 : null;
  if (isAddress === null) return reader.fail('TCP4, TCP6 or UNKNOWN expected');
  if (source === undefined || destination === undefined || !isAddress(source) || !isAddress(destination)) {
    return reader.fail('two addresses expected');
  }
  if (!isPort(port) || !isPort(destinationPort) || rest.length > 0) return reader.fail('two ports expected');
  return { kind: 'header', length, client: tcpClient(source, Number(port)) };
}

function decodeV2(bytes: Buffer): ProxyHeader {
  if (bytes.length < V2_FIXED_LENGTH) return { kind: 'incomplete' };
  const reader = new BufferReader(bytes, V2_SIGNATURE.length);
  const versionAndCommand = reader.readInt1();
  const command = versionAndCommand & 0x0f;
  if (versionAndCommand >> 4 !== 2) reader.fail('version 2 expected');
  if (command > CommandOfV2.PROXY) reader.fail('LOCAL or PROXY expected');
  const familyAndTransport = reader.readInt1();
  const length = V2_FIXED_LENGTH + readPort(reader);
  if (length > MAX_PROXY_HEADER) reader.fail('PROXY header that is too long');
  if (bytes.length < length) return { kind: 'incomplete' };
  const isLocal = command === CommandOfV2.LOCAL;
  const client = isLocal
    ? null
    : readClient(new BufferReader(bytes.subarray(0, length), V2_FIXED_LENGTH), familyAndTransport);
  return { kind: 'header', length, client };
}

function readClient(reader: BufferReader, familyAndTransport: number): ProxiedClient | null {
  const family = familyAndTransport >> 4;
  const transport = familyAndTransport & 0x0f;
  if (family > Family.UNIX || transport > Transport.DGRAM) reader.fail('known address family expected');
  if (family === Family.UNSPEC || transport !== Transport.STREAM) return null;
  if (family === Family.UNIX) {
    const path = reader.readBuffer(UNIX_PATH);
    reader.skip(UNIX_PATH);
    return { kind: 'unix', path: unixPath(path) };
  }
  const size = family === Family.INET ? 4 : 16;
  const source = reader.readBuffer(size);
  reader.skip(size);
  const port = readPort(reader);
  readPort(reader);
  return tcpClient(family === Family.INET ? [...source].join('.') : ipv6(source), port);
}

/** Network order, unlike the integers of MySQL's protocol. */
function readPort(reader: BufferReader): number {
  return reader.readBuffer(2).readUInt16BE();
}

function unixPath(field: Buffer): string {
  const isAbstract = field[0] === 0 && field[1] !== 0;
  const name = isAbstract ? field.subarray(1) : field;
  const end = name.indexOf(0);
  return `${isAbstract ? '@' : ''}${name.toString('utf8', 0, end < 0 ? name.length : end)}`;
}

function ipv6(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(2 * i).toString(16));
  return groups.join(':');
}

/** The address in its shortest form, so that one client has one name in the log. */
function tcpClient(host: string, port: number): ProxiedClient {
  const family = isIPv4(host) ? 'ipv4' : 'ipv6';
  return { kind: 'tcp', host: new SocketAddress({ address: host, family }).address, port };
}

/** Without a zone, which means something on the sender's host only. */
function isPlainIPv6(text: string): boolean {
  return isIPv6(text) && !text.includes('%');
}

function isPort(text: string | undefined): boolean {
  return text !== undefined && /^(?:0|[1-9]\d{0,4})$/.test(text) && Number(text) <= 65_535;
}
