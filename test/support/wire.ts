/*
 * Builds packets as plain byte arrays, written from the manual and not from src/protocol: fixtures made by the encoder
 * under test would agree with its mistakes.
 */

export type Bytes = readonly number[];

/** Little-endian integer of `size` bytes. */
export function int(size: number, value: number | bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (let i = 0; i < size; i += 1) {
    bytes.push(Number(rest % 256n));
    rest /= 256n;
  }
  return bytes;
}

export function text(value: string): number[] {
  return [...Buffer.from(value)];
}

export function nul(value: string): number[] {
  return [...text(value), 0];
}

export function lenencInt(value: number): number[] {
  if (value <= 250) return [value];
  if (value <= 65_535) return [0xfc, ...int(2, value)];
  if (value <= 16_777_215) return [0xfd, ...int(3, value)];
  return [0xfe, ...int(8, value)];
}

export function lenenc(value: string | Bytes): number[] {
  const bytes = typeof value === 'string' ? text(value) : value;
  return [...lenencInt(bytes.length), ...bytes];
}

/** Header and payload. */
export function packet(sequenceId: number, payload: Bytes): number[] {
  return [...int(3, payload.length), sequenceId % 256, ...payload];
}

/** Payloads as packets numbered from `first`. */
export function packets(payloads: readonly Bytes[], first = 1): Buffer {
  return Buffer.from(payloads.flatMap((payload, i) => packet(first + i, payload)));
}

export interface OkFields {
  header?: number;
  affectedRows?: number;
  lastInsertId?: number;
  status?: number;
  warnings?: number;
  tail?: Bytes;
}

export function ok(fields: OkFields = {}): number[] {
  return [
    fields.header ?? 0x00,
    ...lenencInt(fields.affectedRows ?? 0),
    ...lenencInt(fields.lastInsertId ?? 0),
    ...int(2, fields.status ?? 2),
    ...int(2, fields.warnings ?? 0),
    ...(fields.tail ?? []),
  ];
}

export function eof(status = 2, warnings = 0): number[] {
  return [0xfe, ...int(2, warnings), ...int(2, status)];
}

export function err(code = 1064, state = '42000', message = 'oops'): number[] {
  return [0xff, ...int(2, code), ...text(`#${state}${message}`)];
}

export function column(name: string, type = 0xfd, defaultValue?: Bytes): number[] {
  return [
    ...lenenc('def'),
    ...lenenc('shop'),
    ...lenenc('u'),
    ...lenenc('users'),
    ...lenenc(name),
    ...lenenc(`org_${name}`),
    0x0c,
    ...int(2, 45),
    ...int(4, 1020),
    type,
    ...int(2, 0x1001),
    0,
    0,
    0,
    ...(defaultValue ?? []),
  ];
}

export function row(...values: (string | null)[]): number[] {
  return values.flatMap((value) => (value === null ? [0xfb] : lenenc(value)));
}

/** Fixtures up to this size are cut at every byte, longer ones at so many places. */
const EVERY_CUT = 3000;

/** The bytes cut in every way into two chunks, and into single bytes. */
export function* splits(bytes: Buffer): Generator<Buffer[]> {
  const step = bytes.length <= EVERY_CUT ? 1 : Math.ceil(bytes.length / 200);
  for (let i = 1; i < bytes.length; i += step) yield [bytes.subarray(0, i), bytes.subarray(i)];
  yield Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));
  yield [bytes];
}
