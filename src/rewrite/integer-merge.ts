import type { IntegerBase } from './column-type.js';
import type { ServerVersion } from './dialect.js';
import type { ResultInteger } from './plan.js';

/*
 * The type of an expression that takes its value from one of several integers: COALESCE, IF, CASE, LEAST, UNION and their
 * like. Measured on plain tables of MySQL 9.7 and MariaDB 10.11.
 */

const BASES = ['tinyint', 'smallint', 'mediumint', 'int', 'bigint'] as const satisfies readonly IntegerBase[];

/**
 * @param parts those that are not NULL; null: one of whose type nothing is known
 * @returns null where it is no integer, or not known
 */
export function mergeIntegers(
  parts: readonly (ResultInteger | null)[],
  server: ServerVersion['kind'],
): ResultInteger | null {
  let rank = -1;
  let length: number | null = 0;
  let isOfProtected = false;
  for (const part of parts) {
    if (part === null) return null;
    rank = Math.max(rank, rankOf(part));
    length = length === null || part.length === null ? null : Math.max(length, part.length);
    isOfProtected ||= part.isOfProtected;
  }
  const known = parts.filter((part) => part !== null);
  const first = known[0];
  if (first === undefined) return null;
  const isMixed = known.some(({ unsigned }) => unsigned !== first.unsigned);
  // A DECIMAL, of plain columns too.
  if (isMixed && server === 'mariadb') return null;
  const isFull = known.some((part) => part.unsigned && rankOf(part) === rank);
  if (isMixed && isFull) rank += 1;
  const base = BASES[rank];
  if (base === undefined) return null;
  return {
    kind: 'integer',
    base,
    unsigned: !isMixed && first.unsigned,
    length,
    signedDigits: Math.max(...known.map((part) => part.signedDigits)),
    unsignedDigits: Math.max(...known.map((part) => part.unsignedDigits)),
    isComputed: known.some((part) => part.isComputed),
    isOfProtected,
  };
}

function rankOf({ base }: ResultInteger): number {
  return BASES.indexOf(base);
}

/** Literals of so many digits, and longer ones, are BIGINT on MariaDB. */
const INT_DIGITS = 10;

/** Of an integer literal, whose length is not known where a plan is made: on MariaDB with nine digits at most. */
export function literalInteger(server: ServerVersion['kind']): ResultInteger {
  return {
    kind: 'integer',
    base: server === 'mariadb' ? 'int' : 'bigint',
    unsigned: false,
    length: null,
    signedDigits: 0,
    unsignedDigits: 0,
    isComputed: true,
    isOfProtected: false,
  };
}

/** An integer literal of MariaDB, of so many digits. */
export function integerLiteral(digits: number): ResultInteger {
  return {
    ...literalInteger('mariadb'),
    base: digits < INT_DIGITS ? 'int' : 'bigint',
    length: digits + 1,
    signedDigits: digits,
  };
}
