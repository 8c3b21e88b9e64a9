import type { Choices } from './choices.js';
import { Reads, type Relation } from './reads.js';
import { TABLES, type TableWords, type Values } from './vocabulary.js';

/*
 * Random writes by a grammar. Where a server may choose (which rows a LIMIT without a full order takes, which of two
 * assignments from a join wins) nothing is generated.
 */

type Kind = 'text' | 'number' | 'bytes' | 'moment' | 'time';

interface Target {
  readonly table: TableWords;
  /** What may be written, without the key. */
  readonly columns: Readonly<Record<string, Kind>>;
  /** Columns that a new row needs besides. */
  readonly needed: readonly string[];
}

function wordsOf(name: string): TableWords {
  const found = TABLES.find((table) => table.name === name);
  if (found === undefined) throw new Error(`no table ${name}`);
  return found;
}

const TARGETS: readonly Target[] = [
  {
    table: wordsOf('users'),
    columns: {
      email: 'text',
      phone: 'text',
      age: 'number',
      nick: 'text',
      code: 'text',
      bio: 'text',
      level: 'number',
      score: 'number',
      token: 'bytes',
      visits: 'number',
      country: 'text',
    },
    needed: ['username'],
  },
  {
    table: wordsOf('accounts'),
    columns: {
      secret: 'text',
      email: 'text',
      phone: 'text',
      pin: 'number',
      grp: 'number',
      user_id: 'number',
    },
    needed: ['id'],
  },
  { table: wordsOf('vault'), columns: { secret: 'text', pin: 'number', label: 'text' }, needed: [] },
  {
    table: wordsOf('bookings'),
    columns: {
      amount: 'number',
      ratio: 'number',
      active: 'number',
      total: 'number',
      born: 'text',
      label: 'text',
    },
    needed: [],
  },
  {
    table: wordsOf('moments'),
    columns: { seen: 'moment', logged: 'moment', opens: 'time', label: 'text' },
    needed: [],
  },
  { table: wordsOf('orders'), columns: { contact: 'text', status: 'text', user_id: 'number' }, needed: [] },
];

const NEW_TEXTS = [
  'new',
  'x',
  '',
  'ünï 😀',
  "o'neil",
  'toolong',
  'back\\slash',
  '30',
  'trailing  ',
  'A',
  null,
] as const;
const LONG_TEXT = 'a text of more than forty characters, for short columns';
const NEW_NUMBERS = [5, 0, -3, 127, 128, 300, 3.7, 2147483648, null] as const;
const ODD_VALUES = [
  "'12'",
  "' 8'",
  "'12abc'",
  "'abc'",
  '1e2',
  '0x41',
  'TRUE',
  '+7',
  '1 + 2',
  "CONCAT('a', 'b')",
  'DEFAULT',
  "X'41'",
  "UPPER('x')",
  'NULL',
];
const BYTES = [Buffer.from('bytes'), Buffer.from([0, 255, 128]), Buffer.alloc(0), Buffer.alloc(20, 65)];

const MOMENTS = [
  '2024-01-31 10:00:00.5',
  '2024-02-29',
  '1960-01-01',
  '2050-01-01 00:00:00',
  '2024-12-31 23:59:59.9',
  'x',
  null,
] as const;

const TIMES = ['09:00:00', '9:30', '-1:2:3.5', '839:00:00', 'x', 101112, null] as const;

/** The tenant's own and new ones: a row of a tenant whose id folds to it would be in the way. */
const IDS = [1, 2, 601, 4, 5, 602, 3, 6, 603, 604, 605, 606];

export class Writes {
  readonly #reads: Reads;

  constructor(
    private readonly c: Choices,
    private readonly values: Values,
    /** Which tables are read and written; where they are not all, new rows have keys of their own. */
    private readonly tables: readonly TableWords[] = TABLES,
  ) {
    this.#reads = new Reads(c, values, tables);
    this.#targets = TARGETS.filter(({ table }) => tables.includes(table));
    this.#target = this.#targets[0]!;
  }

  readonly #targets: readonly Target[];

  statement(): string {
    switch (this.c.below(14)) {
      case 13:
        return this.deleteJoined();
      case 12:
        return this.updateJoined();
      case 11:
        return this.insertSelect();
      case 10:
        return `${this.insert('REPLACE')}${this.returning(this.#target.table)}`;
      case 9:
      case 8:
        return `${this.insert('INSERT')} ON DUPLICATE KEY UPDATE ${this.upsertArm()}`;
      case 7:
      case 6:
        return this.remove();
      case 5:
      case 4:
      case 3:
        return this.update();
      default: {
        const insert = this.insert('INSERT');
        return `${insert}${this.returning(this.#target.table)}`;
      }
    }
  }

  #target: Target;

  private insert(verb: 'INSERT' | 'REPLACE'): string {
    this.#target = this.c.pick(this.#targets);
    const { table, columns, needed } = this.#target;
    const own = this.someColumns(4);
    const withKey = table.name !== 'accounts' && (this.tables !== TABLES || this.c.chance(3));
    const list = [...(withKey ? ['id'] : []), ...needed, ...own];
    const kinds: Readonly<Record<string, Kind | undefined>> = columns;
    const row = (): string =>
      list
        .map((column) => {
          if (column === 'id') return this.values.of(this.c.pick(IDS));
          if (column === 'username')
            return this.values.of(`${this.c.pick(['n', 'user'])}${1 + this.c.below(9)}`);
          return this.newValue(kinds[column] ?? 'text');
        })
        .join(', ');
    const ignore = verb === 'INSERT' && this.c.chance(10) ? ' IGNORE' : '';
    const schema = this.c.chance(8) ? '{db}.' : '';
    const rows = this.c.several(3, () => `(${row()})`);
    return `${verb}${ignore} INTO ${schema}${table.name} (${list.join(', ')}) VALUES ${rows.join(', ')}`;
  }

  private upsertArm(): string {
    return this.someColumns(2)
      .map((column) => {
        const kind = this.#target.columns[column] ?? 'text';
        switch (this.c.below(6)) {
          case 1:
            return `${column} = ${this.newValue(kind)}`;
          case 2:
            return `${column} = ${column}`;
          case 3:
            return kind === 'number' ? `${column} = ${column} + 1` : `${column} = CONCAT(${column}, '+')`;
          case 4:
            return kind === 'number'
              ? `${column} = ${column} + VALUES(${column})`
              : `${column} = UPPER(VALUES(${column}))`;
          default:
            return `${column} = VALUES(${column})`;
        }
      })
      .join(', ');
  }

  private insertSelect(): string {
    this.#target = this.c.pick(this.#targets);
    const { table, columns } = this.#target;
    const { sql, relation } = this.#reads.table();
    const own = this.someColumns(3);
    const list = [
      ...(table.name === 'users' ? ['username'] : []),
      ...(table.name === 'accounts' || this.tables !== TABLES ? ['id'] : []),
      ...own,
    ];
    const kinds: Readonly<Record<string, Kind | undefined>> = columns;
    const items = list.map((column) => {
      if (column === 'username') return `CONCAT('n', ${relation.alias}.id)`;
      if (column === 'id') return `${relation.alias}.id + 700`;
      if (this.c.chance(3)) return this.newValue(kinds[column] ?? 'text').replace('DEFAULT', 'NULL');
      const from = kinds[column] === 'number' ? relation.numbers : relation.text;
      return `${relation.alias}.${this.c.pick(from)}`;
    });
    const where = ` WHERE ${this.#reads.condition([relation], 1)}`;
    // AUTO_INCREMENT follows the order of rows.
    const order = ` ORDER BY ${relation.alias}.id`;
    return `INSERT INTO ${table.name} (${list.join(', ')}) SELECT ${items.join(', ')} FROM ${sql}${where}${order}`;
  }

  private update(): string {
    this.#target = this.c.pick(this.#targets);
    const { table } = this.#target;
    const alias = this.c.chance(4) ? 'w' : table.name;
    const relation: Relation = { ...table, alias };
    const sets = this.someColumns(3).map((column) => {
      const name = this.c.chance(4) ? `${alias}.${column}` : column;
      return `${name} = ${this.assigned(column, relation)}`;
    });
    const where = this.c.chance(6) ? '' : ` WHERE ${this.#reads.condition([relation], 2)}`;
    const limit = this.c.chance(5)
      ? ` ORDER BY ${this.c.pick([...table.exact, ...table.text])}, id LIMIT ${1 + this.c.below(5)}`
      : '';
    return `UPDATE ${table.name}${alias === table.name ? '' : ` ${alias}`} SET ${sets.join(', ')}${where}${limit}`;
  }

  private assigned(column: string, relation: Relation): string {
    const kind = this.#target.columns[column] ?? 'text';
    const own = `${relation.alias}.${column}`;
    const other = `${relation.alias}.${this.c.pick(kind === 'number' ? relation.numbers : relation.text)}`;
    switch (this.c.below(8)) {
      case 3:
        return kind === 'number'
          ? `${own} + ${this.values.of(1 + this.c.below(3))}`
          : `CONCAT(${own}, ${this.values.text()})`;
      case 4:
        return other;
      case 5:
        // What a DOUBLE beside it makes of a long integer is docs/limits.md's.
        return `CASE WHEN ${this.#reads.condition([relation], 0)} THEN ${this.newValue(kind).replace(column === 'score' ? /DEFAULT|1e2/ : 'DEFAULT', 'NULL')} ELSE ${own} END`;
      case 6:
        return kind === 'number' ? `-${own}` : `UPPER(${other})`;
      case 7:
        return `COALESCE(${own}, ${other})`;
      default:
        return this.newValue(kind);
    }
  }

  /** MariaDB's RETURNING; MySQL has no such word. */
  private returning({ exact, text }: TableWords): string {
    if (!this.c.chance(12)) return '';
    const items = this.c.several(3, () => this.c.pick(['*', ...exact, ...text, `UPPER(${text[0]})`]));
    return ` RETURNING ${items.includes('*') ? '*' : items.join(', ')}`;
  }

  private remove(): string {
    const table = this.c.pick(this.tables);
    const relation: Relation = { ...table, alias: table.name };
    const where = this.c.chance(8) ? '' : ` WHERE ${this.#reads.condition([relation], 2)}`;
    const limit = this.c.chance(4)
      ? ` ORDER BY ${this.c.pick(table.exact)}, id LIMIT ${1 + this.c.below(4)}`
      : '';
    return `DELETE FROM ${table.name}${where}${limit}${this.returning(table)}`;
  }

  private joined(): { sql: string; target: Relation; other: Relation } {
    this.#target = this.c.pick(this.#targets);
    const { table } = this.#target;
    const target: Relation = { ...table, alias: 'w' };
    // The key of the other: one row at most, so that there is one value to assign.
    const { sql, relation } = this.#reads.table(this.tables.filter(({ name }) => name !== table.name));
    const join = this.c.pick(['JOIN', 'LEFT JOIN']);
    const link = `${relation.alias}.id = w.${this.c.pick(target.numbers)}`;
    return { sql: `${table.name} w ${join} ${sql} ON ${link}`, target, other: relation };
  }

  private updateJoined(): string {
    const { sql, target, other } = this.joined();
    const sets = this.someColumns(2).map((column) => {
      const kind = this.#target.columns[column] ?? 'text';
      const from = kind === 'number' ? other.numbers : other.text;
      return `w.${column} = ${this.c.chance(2) ? this.newValue(kind).replace('DEFAULT', 'NULL') : `${other.alias}.${this.c.pick(from)}`}`;
    });
    return `UPDATE ${sql} SET ${sets.join(', ')} WHERE ${this.#reads.condition([target, other], 1)}`;
  }

  private deleteJoined(): string {
    const { sql, target, other } = this.joined();
    const both = this.c.chance(4) ? `, ${other.alias}` : '';
    return `DELETE w${both} FROM ${sql} WHERE ${this.#reads.condition([target, other], 1)}`;
  }

  private someColumns(most: number): string[] {
    const names = Object.keys(this.#target.columns);
    return [...new Set(this.c.several(most, () => this.c.pick(names)))];
  }

  private newValue(kind: Kind): string {
    if (this.c.chance(8)) return this.c.pick(ODD_VALUES);
    if (kind === 'bytes') return this.values.of(this.c.pick(BYTES));
    if (kind === 'time') return this.values.of(this.c.pick(TIMES));
    if (kind === 'moment') return this.values.of(this.c.pick(MOMENTS));
    if (kind === 'number') return this.values.of(this.c.pick(NEW_NUMBERS));
    return this.values.of(this.c.chance(12) ? LONG_TEXT : this.c.pick(NEW_TEXTS));
  }
}
