import { randomNumbers } from './read-data.js';

/*
 * Random reads over the tables of read-data, by a grammar. Every statement has one right answer: what a server may
 * choose (the representative of a group under a case-insensitive collation, rows at a LIMIT without a full order)
 * is not generated.
 */

interface Relation {
  readonly alias: string;
  /** Columns that compare byte by byte, or as numbers. */
  readonly exact: readonly string[];
  readonly text: readonly string[];
  readonly numbers: readonly string[];
  readonly key: string;
}

interface TableGrammar extends Omit<Relation, 'alias'> {
  readonly name: string;
}

const TABLES: readonly TableGrammar[] = [
  { name: 'users', exact: ['phone', 'age', 'id', 'token', 'country', 'score'], text: ['email', 'phone', 'nick', 'title', 'username', 'bio'], numbers: ['id', 'age'], key: 'id' },
  { name: 'users', exact: ['phone', 'age', 'id', 'token', 'country', 'score'], text: ['email', 'phone', 'nick', 'title'], numbers: ['id', 'age'], key: 'id' },
  { name: 'accounts', exact: ['phone', 'id', 'grp', 'user_id'], text: ['email', 'secret', 'phone'], numbers: ['id', 'user_id', 'grp'], key: 'id' },
  { name: 'orders', exact: ['id', 'user_id', 'amount'], text: ['contact', 'status', 'phone'], numbers: ['id', 'user_id'], key: 'id' },
]; // biome-ignore format: a list

const TEXTS = [
  "'anna'",
  "'ANNA@x.com'",
  "'bob@y.org'",
  "'+1'",
  "'+1 '",
  "'30'",
  "''",
  "'chloé@x.com'",
  "'😀'",
  "'müller'",
  "'a%'",
  'NULL',
];
const NUMBERS = ['30', '0', '9', '-30', '1', "'30'", '100', '0x1E', '42', '2147483647'];
const PATTERNS = ["'a%'", "'%@x.com'", "'%é%'", "'_ob%'", "'+1%'", "'%'", "'%o%'"];

export class ReadGenerator {
  private readonly below: (n: number) => number;
  private aliases = 0;

  constructor(seed: number) {
    this.below = randomNumbers(seed);
  }

  statement(): string {
    this.aliases = 0;
    const shape = this.below(10);
    if (shape === 0) return this.union();
    if (shape === 1) return this.withClause();
    if (shape <= 4) return this.grouped(null);
    return this.plain(null, true);
  }

  private pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!;
  }

  private chance(of: number): boolean {
    return this.below(of) === 0;
  }

  private newAlias(): string {
    this.aliases++;
    return `${this.pick(['t', 'u', 'x', 'users', 'order_'])}${this.aliases}`;
  }

  private relation(outer: Relation | null): { sql: string; relation: Relation } {
    const alias = this.newAlias();
    if (this.chance(8)) {
      const inner = this.table();
      const where = this.chance(2) ? ` WHERE ${this.condition([inner.relation], null, 1)}` : '';
      const columns = [
        ...new Set([...inner.relation.exact, ...inner.relation.text, ...inner.relation.numbers]),
      ];
      return {
        sql: `(SELECT ${columns.map((c) => `${inner.relation.alias}.${c}`).join(', ')} FROM ${inner.sql}${where}) AS ${alias}`,
        relation: { ...inner.relation, alias },
      };
    }
    void outer;
    return this.table(alias);
  }

  private table(alias = this.newAlias()): { sql: string; relation: Relation } {
    const { name, ...columns } = this.pick(TABLES);
    const schema = this.chance(6) ? '{db}.' : '';
    return {
      sql: `${schema}${name}${this.chance(2) ? ' AS' : ''} ${alias}`,
      relation: { ...columns, alias },
    };
  }

  private from(outer: Relation | null): { sql: string; relations: Relation[] } {
    const first = this.relation(outer);
    const relations = [first.relation];
    let sql = first.sql;
    const joins = this.pick([0, 0, 0, 1, 1, 2]);
    for (let index = 0; index < joins; index++) {
      const next = this.relation(outer);
      const kind = this.pick(['JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'INNER JOIN', 'CROSS JOIN', 'LEFT JOIN']);
      const before = this.pick(relations);
      relations.push(next.relation);
      const { alias } = next.relation;
      const equality = this.pick([
        `${alias}.${next.relation.key} = ${before.alias}.${this.pick(before.numbers)}`,
        `${before.alias}.${before.key} = ${alias}.${this.pick(next.relation.numbers)}`,
        `${alias}.phone = ${before.alias}.phone AND ${alias}.${next.relation.key} < 40 AND ${before.alias}.${before.key} < 40`,
      ]);
      const more = this.chance(3) ? ` AND ${this.condition([next.relation, before], outer, 1)}` : '';
      sql += ` ${kind} ${next.sql} ON ${equality}${more}`;
    }
    return { sql, relations };
  }

  private plain(outer: Relation | null, ordered: boolean): string {
    const { sql, relations } = this.from(outer);
    const distinct = this.chance(5);
    const items = distinct
      ? this.several(3, () => this.column(this.pick(relations), 'exact'))
      : this.several(4, () => this.item(relations));
    const star = !distinct && this.chance(8) ? `${this.pick(relations).alias}.*, ` : '';
    const where = this.chance(5) ? '' : ` WHERE ${this.condition(relations, outer, 2)}`;
    const keys = relations.map(({ alias, key }) => `${alias}.${key}`);
    let tail = '';
    if (ordered && !distinct && this.chance(2)) {
      const first = this.column(this.pick(relations), this.pick(['exact', 'text']));
      tail = ` ORDER BY ${first}${this.pick(['', ' DESC'])}, ${keys.join(', ')}`;
      if (this.chance(2)) tail += ` LIMIT ${1 + this.below(30)}`;
    }
    return `SELECT ${distinct ? 'DISTINCT ' : ''}${star}${items.join(', ')} FROM ${sql}${where}${tail}`;
  }

  private grouped(outer: Relation | null): string {
    const { sql, relations } = this.from(outer);
    const keys = [...new Set(this.several(2, () => this.column(this.pick(relations), 'exact')))];
    const where = this.chance(2) ? '' : ` WHERE ${this.condition(relations, outer, 1)}`;
    // MariaDB drops DISTINCT from COUNT when the keys hold a primary key, and counts wrong in ROLLUP's totals.
    const rollup = this.chance(5) ? ' WITH ROLLUP' : '';
    const aggregates = this.several(3, () => this.aggregate(relations)).filter(
      (aggregate) => rollup === '' || !aggregate.includes('DISTINCT'),
    );
    const having = this.chance(3)
      ? ` HAVING ${this.pick([`COUNT(*) > ${this.below(4)}`, `${this.pick(keys)} IS NOT NULL`, `${this.aggregate(relations)} > 3`])}`
      : '';
    return `SELECT ${[...keys, ...aggregates].join(', ')} FROM ${sql}${where} GROUP BY ${keys.join(', ')}${rollup}${having}`;
  }

  private union(): string {
    const block = (): string => {
      const { sql, relation } = this.table();
      return `SELECT ${this.column(relation, 'exact')}, ${relation.alias}.${this.pick(relation.numbers)} FROM ${sql} WHERE ${this.condition([relation], null, 1)}`;
    };
    const operator = this.pick(['UNION', 'UNION ALL', 'UNION ALL', 'EXCEPT', 'INTERSECT']);
    return `${block()} ${operator} ${block()}`;
  }

  private withClause(): string {
    const name = this.pick(['cte', 'users', 'accounts', 'w']);
    const { sql, relation } = this.table();
    const inner = `SELECT ${relation.alias}.id, ${relation.alias}.phone FROM ${sql} WHERE ${this.condition([relation], null, 1)}`;
    const other = this.pick(TABLES.filter((table) => table.name !== name));
    return `WITH ${name} AS (${inner}) SELECT c.id, c.phone, o.id, ${this.column({ ...other, alias: 'o' }, 'text')} FROM ${name} c ${this.pick(['JOIN', 'LEFT JOIN'])} ${other.name} o ON o.id = c.id`;
  }

  private several<T>(most: number, make: () => T): T[] {
    return Array.from({ length: 1 + this.below(most) }, make);
  }

  private column(relation: Relation, kind: 'exact' | 'text' | 'numbers'): string {
    return `${relation.alias}.${this.pick(relation[kind])}`;
  }

  private item(relations: readonly Relation[]): string {
    const relation = this.pick(relations);
    const text = this.column(relation, 'text');
    const number = this.column(relation, 'numbers');
    switch (this.below(12)) {
      case 0:
        return `UPPER(${text})`;
      case 1:
        return `CONCAT(${text}, ':', ${number})`;
      case 2:
        return `COALESCE(${text}, 'none') AS c${this.below(99)}`;
      case 3:
        return `${number} + ${this.below(9)}`;
      case 4:
        return `CASE WHEN ${this.condition(relations, null, 1)} THEN ${text} ELSE ${number} END`;
      case 5:
        return `(${this.scalar(relation)})`;
      case 6:
        return `${text} LIKE ${this.pick(PATTERNS)}`;
      case 7:
        return `EXISTS (${this.subquery(relation)})`;
      case 8:
        return `LENGTH(${text}) - ${number}`;
      default:
        return this.column(relation, this.pick(['exact', 'text', 'numbers']));
    }
  }

  private aggregate(relations: readonly Relation[]): string {
    const relation = this.pick(relations);
    return this.pick([
      'COUNT(*)',
      `COUNT(${this.column(relation, 'text')})`,
      `COUNT(DISTINCT ${this.column(relation, 'text')})`,
      `SUM(${this.column(relation, 'numbers')})`,
      `MIN(${this.column(relation, 'numbers')})`,
      `MAX(HEX(${this.column(relation, 'text')}))`,
      `MAX(${this.column(relation, 'exact')})`,
    ]);
  }

  private scalar(outer: Relation): string {
    const { sql, relation } = this.table();
    return `SELECT COUNT(${this.column(relation, 'text')}) FROM ${sql} WHERE ${relation.alias}.${relation.key} = ${this.column(outer, 'numbers')}`;
  }

  private subquery(outer: Relation): string {
    const { sql, relation } = this.table();
    const link = this.pick([
      `${relation.alias}.${this.pick(relation.numbers)} = ${this.column(outer, 'numbers')}`,
      `${relation.alias}.phone = ${outer.alias}.phone`,
    ]);
    return `SELECT ${this.pick(['1', '*'])} FROM ${sql} WHERE ${link} AND ${this.condition([relation], null, 1)}`;
  }

  private condition(relations: readonly Relation[], outer: Relation | null, depth: number): string {
    const relation = this.pick(outer === null ? relations : [...relations, outer]);
    if (depth > 0 && this.chance(2)) {
      const operator = this.pick(['AND', 'AND', 'AND', 'OR', 'XOR']);
      return `(${this.condition(relations, outer, depth - 1)} ${operator} ${this.condition(relations, outer, depth - 1)})`;
    }
    const text = this.column(relation, 'text');
    const number = this.column(relation, 'numbers');
    switch (this.below(14)) {
      case 0:
        return `${text} = ${this.pick(TEXTS)}`;
      case 1:
        return `${relation.alias}.phone = ${this.pick(TEXTS)}`;
      case 2:
        return `${number} = ${this.pick(NUMBERS)}`;
      case 3:
        return `${text} LIKE ${this.pick(PATTERNS)}`;
      case 4:
        return `${number} ${this.pick(['<', '>', '<=', '>=', '<>'])} ${this.pick(NUMBERS)}`;
      case 5:
        return `${text} IN (${this.several(3, () => this.pick(TEXTS)).join(', ')})`;
      case 6:
        return `${number} IN (${this.several(4, () => this.pick(NUMBERS)).join(', ')})`;
      case 7:
        return `${text} IS ${this.pick(['NULL', 'NOT NULL'])}`;
      case 8:
        return `${number} BETWEEN ${this.below(20)} AND ${20 + this.below(200)}`;
      case 9:
        return `${this.pick(['', 'NOT '])}EXISTS (${this.subquery(relation)})`;
      case 10:
        return `${text} <=> ${this.pick(TEXTS)}`;
      case 11: {
        const { sql, relation: inner } = this.table();
        const column = this.pick(['phone', 'id']);
        return `${relation.alias}.${column} ${this.pick(['IN', 'NOT IN'])} (SELECT ${inner.alias}.${column} FROM ${sql} WHERE ${inner.alias}.phone IS NOT NULL AND ${inner.alias}.id < 60)`;
      }
      case 12:
        return `NOT (${this.condition([relation], null, 0)})`;
      default:
        return `${number} ${this.pick(['>', '<'])} ${this.below(200)}`;
    }
  }
}
