import { z } from 'zod';
import { parseDuration, parseSize } from './units.js';

/** A string with at least one character: an empty host, file or name is a variable that was not set. */
export function text() {
  return z.string({ error: stringError }).min(1, { error: 'is empty; give a value or remove the key' });
}

/** A whole number from `min` to `max`; also as digits in a string, which `${ENV}` makes of it. */
export function integer(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}; change it`;
  return z
    .union(
      [
        z.int({ error }).min(min, { error }).max(max, { error }),
        z.string({ error }).regex(/^\d{1,15}$/, { error }),
      ],
      {
        error,
      },
    )
    .transform((value, ctx) => within(Number(value), min, max, error, ctx));
}

/** Bytes: a number, or a string with a unit (B, kB, KiB, MB, MiB, GB, GiB). */
export function size(min: number, max: number) {
  const error = `must be a size from ${min} to ${max} bytes; write a number of bytes or for example 64MiB`;
  return quantity(min, max, error, parseSize);
}

/** Seconds: a number, or a string with a unit (ms, s, m, h, d). */
export function duration(min: number, max: number) {
  const error = `must be a duration from ${min} to ${max} seconds; write a number of seconds or for example 8s`;
  return quantity(min, max, error, parseDuration);
}

function quantity(min: number, max: number, error: string, parse: (value: string) => number | undefined) {
  return z
    .union([z.number({ error }).min(min, { error }).max(max, { error }), z.string({ error })], { error })
    .transform((value, ctx) =>
      within(typeof value === 'number' ? parse(String(value)) : parse(value), min, max, error, ctx),
    );
}

function within(
  value: number | undefined,
  min: number,
  max: number,
  error: string,
  ctx: z.core.$RefinementCtx,
): number {
  if (value !== undefined && value >= min && value <= max) return value;
  ctx.addIssue({ code: 'custom', message: error });
  return z.NEVER;
}

/** true or false; also as a string, which `${ENV}` makes of it. */
export function boolean() {
  const error = 'must be true or false; change it';
  return z
    .union([z.boolean({ error }), z.enum(['true', 'false'], { error })], { error })
    .transform((value) => value === true || value === 'true');
}

/** One of `values`; one of `options.notYet` is told that this version does not do it. */
export function oneOf<const T extends readonly string[]>(
  values: T,
  options: { readonly notYet?: readonly string[] } = {},
) {
  const choice =
    values.length === 1 ? `the only choice now is ${values[0]}` : `choose one of ${values.join(', ')}`;
  return z.enum(values as readonly T[number][], {
    error: (issue) =>
      typeof issue.input === 'string' && options.notYet?.includes(issue.input)
        ? `${issue.input} is not supported yet; ${choice}`
        : `is not known here; ${choice}`,
  });
}

/** `on` or `off`, which tools that write YAML 1.1 turn into true and false. */
export function onOff() {
  const error = 'must be on or off; change it';
  return z
    .union([z.enum(['on', 'off'], { error }), z.boolean({ error })], { error })
    .transform((value): 'on' | 'off' => (value === 'on' || value === true ? 'on' : 'off'));
}

export function notYet(what: string, instead: string): string {
  return `${what} is not supported yet; use ${instead}`;
}

function stringError(issue: { readonly input?: unknown }): string {
  if (issue.input === undefined) return 'is missing; add it';
  if (issue.input === null) return 'is empty; give a value or remove the key';
  return typeof issue.input === 'object'
    ? 'must be a single value; change it'
    : 'must be text; put it in quotes';
}
