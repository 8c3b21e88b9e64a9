/*
 * PROXY headers of version 2 as plain bytes, written from the specification and not from src/protocol.
 */

const SIGNATURE = [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a];

/** @param versionAndCommand 0x21: PROXY, 0x20: LOCAL @param familyAndTransport 0x11: TCP over IPv4 */
export function v2Header(
  versionAndCommand: number,
  familyAndTransport: number,
  block: readonly number[],
): Buffer {
  const length = [block.length >> 8, block.length & 255];
  return Buffer.from([...SIGNATURE, versionAndCommand, familyAndTransport, ...length, ...block]);
}

export function tcp4Header(host: string, port: number, tlvs: readonly number[] = []): Buffer {
  const source = host.split('.').map(Number);
  return v2Header(0x21, 0x11, [...source, 198, 51, 100, 1, port >> 8, port & 255, 0x0c, 0xea, ...tlvs]);
}

/** Of 2001:db8::`last`. */
export function tcp6Header(last: number, port: number): Buffer {
  const source = [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last];
  return v2Header(0x21, 0x21, [...source, ...Array<number>(15).fill(0), 1, port >> 8, port & 255, 0, 1]);
}

export function unixHeader(path: string): Buffer {
  const source = [...Buffer.from(path), ...Array<number>(108 - path.length).fill(0)];
  return v2Header(0x21, 0x31, [...source, ...Array<number>(108).fill(0)]);
}
