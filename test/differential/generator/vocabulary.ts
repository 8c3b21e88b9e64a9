import type { Parameter } from '../wire-client.js';
import type { Choices } from './choices.js';

/** A table as the grammar knows it. Other than `exact` columns compare with case or trailing spaces folded. */
export interface TableWords {
  readonly name: string;
  readonly exact: readonly string[];
  readonly text: readonly string[];
  readonly numbers: readonly string[];
  readonly key: string;
}

export const TABLES: readonly TableWords[] = [
  {
    name: 'users',
    exact: ['id', 'phone', 'age', 'level', 'score', 'token', 'country', 'visits'],
    text: ['email', 'phone', 'nick', 'code', 'bio', 'username'],
    numbers: ['id', 'age', 'level', 'visits'],
    key: 'id',
  },
  {
    name: 'accounts',
    exact: ['id', 'phone', 'pin', 'user_id', 'grp', 'balance'],
    text: ['secret', 'email', 'phone'],
    numbers: ['id', 'user_id', 'pin', 'grp'],
    key: 'id',
  },
  { name: 'vault', exact: ['id', 'pin'], text: ['secret', 'label'], numbers: ['id', 'pin'], key: 'id' },
  {
    name: 'orders',
    exact: ['id', 'user_id', 'amount', 'phone'],
    text: ['contact', 'status', 'phone'],
    numbers: ['id', 'user_id'],
    key: 'id',
  },
  {
    name: 'bookings',
    exact: ['id', 'amount', 'total', 'ratio', 'born', 'starts', 'ends', 'active'],
    text: ['label'],
    numbers: ['id', 'active'],
    key: 'id',
  },
  {
    name: 'moments',
    exact: ['id', 'seen', 'logged', 'at', 'opens', 'closes', 'hour'],
    text: ['label'],
    numbers: ['id'],
    key: 'id',
  },
];

const TEXTS = [
  'anna', 'ANNA@x.com', 'bob@y.org', '111', '+1', '+1 ', '30', '', 'chloé@x.com', '😀@x.com', 'müller', 'a%', 'aa', 'user1', "o'neil@x.com",
  'back\\slash@y.org', 'chloe\u0301@x.com', '222', null,
] as const; // biome-ignore format: a list
/** Whole ones: MariaDB's lookup by an index finds 3 for 2.5. */
const NUMBERS = [30, 0, 1, 9, -30, 7, 100, 42, 2147483647, -1] as const;
/** Numbers in other forms: never parameters. */
const ODD_NUMBERS = [
  "'30'",
  "'030'",
  '0x1E',
  '30.0',
  '3e1',
  'TRUE',
  "' 7'",
  'NULL',
  '18446744073709551615',
  '- 1',
];
const PATTERNS = ['a%', '%@x.com', '%é%', '_ob%', '+1%', '%', '%o%', 'A_N%', '%\\\\%', ''];

const OPEN = '\u0001';
const CLOSE = '\u0002';

/** SQL whose values can be written as literals or sent as parameters. */
export class Values {
  readonly #values: Parameter[] = [];

  constructor(private readonly choices: Choices) {}

  /** A place for a value. */
  of(value: Parameter): string {
    this.#values.push(value);
    return `${OPEN}${this.#values.length - 1}${CLOSE}`;
  }

  /** User variables that the statement reads, as the statements that set them. */
  assignments(): string[] {
    return [...this.#variables].map(([name, value]) => `SET ${name} = ${value}`);
  }

  readonly #variables = new Map<string, string>();

  private variable(name: string, make: () => string): string {
    if (!this.#variables.has(name)) this.#variables.set(name, make());
    return name;
  }

  text(): string {
    if (this.choices.chance(40)) return this.variable('@text', () => literal(this.choices.pick(TEXTS)));
    return this.of(this.choices.pick(TEXTS));
  }

  number(): string {
    if (this.choices.chance(40)) {
      return this.variable('@number', () => String(this.choices.pick([...NUMBERS, "'30'", '30.0', 'NULL'])));
    }
    return this.choices.chance(4) ? this.choices.pick(ODD_NUMBERS) : this.of(this.choices.pick(NUMBERS));
  }

  pattern(): string {
    return this.of(this.choices.pick(PATTERNS));
  }

  /** The statement with literals. */
  written(sql: string): string {
    return sql.replaceAll(PLACE, (_, index: string) => literal(this.#values[Number(index)] ?? null));
  }

  /** The statement with `?`, and what is bound, in order. */
  bound(sql: string): { sql: string; params: Parameter[] } {
    const params: Parameter[] = [];
    const text = sql.replaceAll(PLACE, (_, index: string) => {
      params.push(this.#values[Number(index)] ?? null);
      return '?';
    });
    return { sql: text, params };
  }
}

const PLACE = new RegExp(`${OPEN}(\\d+)${CLOSE}`, 'g');

/** A value as SQL. */
export function literal(value: Parameter): string {
  if (value === null) return 'NULL';
  if (Buffer.isBuffer(value)) return `X'${value.toString('hex')}'`;
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
  return String(value);
}
