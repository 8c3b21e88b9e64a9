import { MalformedPacketError } from '../malformed-packet-error.js';

/** An integer that has another width for the client than the server gives it. */
export interface IntegerChange {
  /** Bytes; 0: a DECIMAL without a fraction, as text. */
  readonly sourceWidth: number;
  readonly sourceUnsigned: boolean;
  /** Bytes: 1, 2, 4 or 8. */
  readonly width: number;
  readonly unsigned: boolean;
  /** Of what does not fit, `nearest`: the nearest value that does; `fail`: none, there can be no such. */
  readonly misfit: 'nearest' | 'fail';
}

/**
 * Writes the integer at `at` with its new width to `target` at `to`, which may be the same memory, no further on. The
 * nearest that fits stands for one that does not, as where the server reads a value that is longer than its type.
 *
 * @param length of the value in `source`
 * @throws MalformedPacketError when the text of a DECIMAL is no integer, and for a misfit that there can't be
 */
export function writeChanged(
  source: Uint8Array,
  at: number,
  length: number,
  target: Uint8Array,
  to: number,
  change: IntegerChange,
): void {
  if (change.sourceWidth === 0) {
    writeText(source, at, length, target, to, change);
    return;
  }
  const { sourceWidth, width } = change;
  const isNegative = !change.sourceUnsigned && (source[at + sourceWidth - 1] ?? 0) >= 0x80;
  const fill = isNegative ? 0xff : 0;
  if (!isFit(source, at, isNegative, change)) {
    writeNearest(isNegative, target, to, change);
    return;
  }
  for (let i = 0; i < width; i += 1) target[to + i] = i < sourceWidth ? (source[at + i] ?? 0) : fill;
}

function isFit(source: Uint8Array, at: number, isNegative: boolean, change: IntegerChange): boolean {
  const { sourceWidth, width, unsigned } = change;
  if (isNegative && unsigned) return false;
  const fill = isNegative ? 0xff : 0;
  for (let i = width; i < sourceWidth; i += 1) if (source[at + i] !== fill) return false;
  if (unsigned || width > sourceWidth) return true;
  return (source[at + width - 1] ?? 0) >= 0x80 === isNegative;
}

/** The least or the greatest value. */
function writeNearest(isNegative: boolean, target: Uint8Array, to: number, change: IntegerChange): void {
  const { width, unsigned, misfit } = change;
  if (misfit === 'fail') throw new MalformedPacketError('an integer beyond its type', to);
  const last = to + width - 1;
  for (let i = to; i < last; i += 1) target[i] = isNegative ? 0 : 0xff;
  if (unsigned) target[last] = isNegative ? 0 : 0xff;
  else target[last] = isNegative ? 0x80 : 0x7f;
}

/** Digits of the longest DECIMAL, its sign and its point. */
export const LONGEST_TEXT = 67;
const INTEGER = /^-?\d+$/;

function writeText(
  source: Uint8Array,
  at: number,
  length: number,
  target: Uint8Array,
  to: number,
  change: IntegerChange,
): void {
  if (length > LONGEST_TEXT) throw new MalformedPacketError('an integer expected in a DECIMAL', at);
  const text = String.fromCharCode(...source.subarray(at, at + length));
  if (!INTEGER.test(text)) throw new MalformedPacketError('an integer expected in a DECIMAL', at);
  const { width, unsigned } = change;
  const value = BigInt(text);
  const bits = width * 8;
  const wrapped = unsigned ? BigInt.asUintN(bits, value) : BigInt.asIntN(bits, value);
  if (wrapped !== value) {
    writeNearest(value < 0n, target, to, change);
    return;
  }
  let rest = BigInt.asUintN(bits, value);
  for (let i = 0; i < width; i += 1) {
    target[to + i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
}
