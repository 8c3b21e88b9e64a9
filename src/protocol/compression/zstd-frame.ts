import { MalformedPacketError } from '../malformed-packet-error.js';

/*
 * The header of a zstd frame:
 *
 *   int<4>    magic number
 *   int<1>    descriptor: bits 7–6 size of the content size, 5 single segment, 4 unused, 3 reserved, 2 checksum,
 *             1–0 size of the dictionary id
 *   int<1>    window, unless single segment
 *   int<0–4>  dictionary id
 *   int<0–8>  content size; in two bytes it counts from 256
 *
 * https://www.rfc-editor.org/rfc/rfc8878#name-frame-header
 */

const MAGIC = 0xfd2f_b528;
const DICTIONARY_ID_SIZES = [0, 1, 2, 4] as const;
const CONTENT_SIZES = [0, 2, 4, 8] as const;

/**
 * The length that a zstd frame says its content has; null when it does not say.
 * @throws MalformedPacketError for what is no zstd frame, or one that needs a dictionary
 */
export function zstdContentSize(frame: Buffer): bigint | null {
  if (frame.length < 5 || frame.readUInt32LE(0) !== MAGIC) throw new MalformedPacketError('zstd frame', 0);
  const descriptor = frame.readUInt8(4);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const dictionaryIdSize = DICTIONARY_ID_SIZES[descriptor & 3] ?? 0;
  const size = CONTENT_SIZES[descriptor >> 6] ?? 0;
  const start = 5 + (isSingleSegment ? 0 : 1) + dictionaryIdSize;
  const length = size === 0 && isSingleSegment ? 1 : size;
  if (frame.length < start + length || (descriptor & 0x08) !== 0 || dictionaryIdSize > 0) {
    throw new MalformedPacketError('zstd frame header', 4);
  }
  switch (length) {
    case 0:
      return null;
    case 1:
      return BigInt(frame.readUInt8(start));
    case 2:
      return BigInt(frame.readUInt16LE(start) + 256);
    case 4:
      return BigInt(frame.readUInt32LE(start));
    default:
      return frame.readBigUInt64LE(start);
  }
}
