import { closest, distance } from 'fastest-levenshtein';
import { z } from 'zod';
import type { PathSegment } from './yaml-source.js';

/**
 * The keys that the schema knows in the map at `path` of `data` (of a union, those of the branch that `data` chose),
 * for an error that says which was meant.
 */
export function knownKeys(schema: z.core.$ZodType, path: readonly PathSegment[], data: unknown): string[] {
  const inner = unwrap(schema, data);
  if (path.length === 0) return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
  const [head, ...rest] = path as [PathSegment, ...PathSegment[]];
  const value =
    typeof data === 'object' && data !== null ? (data as Record<PathSegment, unknown>)[head] : undefined;
  if (inner instanceof z.ZodObject) {
    const next = (inner.shape as Record<string, z.core.$ZodType>)[String(head)];
    return next === undefined ? [] : knownKeys(next, rest, value);
  }
  if (inner instanceof z.ZodRecord) return knownKeys(inner.valueType, rest, value);
  if (inner instanceof z.ZodArray) return knownKeys(inner.element, rest, value);
  return [];
}

function unwrap(schema: z.core.$ZodType, data: unknown): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return unwrap(schema.unwrap(), data);
  }
  if (schema instanceof z.ZodPipe) return unwrap(schema.def.in, data);
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const name = schema.def.discriminator;
    const chosen = schema.options.find((option) => {
      const shape = option instanceof z.ZodObject ? option.shape : {};
      const value = (data as Record<string, unknown> | undefined)?.[name];
      return (shape as Record<string, z.core.$ZodType>)[name] instanceof z.ZodLiteral
        ? ((shape as Record<string, z.ZodLiteral>)[name]?.values.has(value as string) ?? false)
        : false;
    });
    return chosen ?? schema;
  }
  return schema;
}

/** `did you mean tenantColumn?` when one of `known` is near, else the list of them. */
export function suggestion(key: string, known: readonly string[]): string {
  if (known.length === 0) return 'remove it';
  const near = closest(
    key.toLowerCase(),
    known.map((name) => name.toLowerCase()),
  );
  const name = known.find((candidate) => candidate.toLowerCase() === near) ?? near;
  if (distance(key.toLowerCase(), near) <= Math.max(2, Math.ceil(name.length / 3)))
    return `did you mean ${name}?`;
  return `the nearest known key is ${name}; known here: ${known.join(', ')}`;
}
