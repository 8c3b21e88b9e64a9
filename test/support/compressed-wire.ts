import { deflateSync, inflateSync } from 'node:zlib';
import { type Bytes, int } from './wire.js';

/*
 * Builds and reads compressed packets, written from the manual and not from src/protocol/compression.
 */

/** A compressed packet whose body is stored. */
export function storedPacket(sequenceId: number, body: Bytes | Buffer): Buffer {
  return Buffer.from([...int(3, body.length), sequenceId % 256, ...int(3, 0), ...body]);
}

/** A compressed packet whose body is compressed. @param statedLength when it is to lie about it */
export function zlibPacket(
  sequenceId: number,
  body: Bytes | Buffer,
  statedLength: number = body.length,
): Buffer {
  const compressed = deflateSync(Buffer.from(body));
  const header = [...int(3, compressed.length), sequenceId % 256, ...int(3, statedLength)];
  return Buffer.concat([Buffer.from(header), compressed]);
}

export interface ReadPacket {
  readonly id: number;
  readonly isStored: boolean;
  readonly bytes: Buffer;
}

/** The compressed packets of a whole stream. @param decompress default: zlib */
export function readCompressed(
  stream: Buffer,
  decompress: (body: Buffer) => Uint8Array = inflateSync,
): ReadPacket[] {
  const packets: ReadPacket[] = [];
  let position = 0;
  while (position < stream.length) {
    const length = stream.readUIntLE(position, 3);
    const stated = stream.readUIntLE(position + 4, 3);
    const body = stream.subarray(position + 7, position + 7 + length);
    if (body.length !== length) throw new Error('the stream ends inside a compressed packet');
    const bytes = stated === 0 ? body : Buffer.from(decompress(body));
    if (stated !== 0 && bytes.length !== stated) throw new Error('the stated length is wrong');
    packets.push({ id: stream.readUInt8(position + 3), isStored: stated === 0, bytes });
    position += 7 + length;
  }
  return packets;
}
