import type { Choices } from './choices.js';
import { TABLES, type TableWords, type Values } from './vocabulary.js';

/*
 * Random reads by a grammar. Every statement has one right answer: what a server may choose (the representative of a
 * group under a case-insensitive collation, rows at a LIMIT without a full order) is not generated.
 */

export interface Relation extends Omit<TableWords, 'name'> {
  readonly alias: string;
}

export class Reads {
  #aliases = 0;

  constructor(
    private readonly c: Choices,
    private readonly values: Values,
    private readonly tables: readonly TableWords[] = TABLES,
  ) {}

  statement(): string {
    switch (this.c.below(13)) {
      case 12:
        return this.lateral();
      case 11:
        return this.union();
      case 10:
        return this.withClause();
      case 9:
        return this.recursive();
      case 8:
        return this.windowed();
      case 7:
      case 6:
      case 5:
        return this.grouped();
      default:
        return this.plain();
    }
  }

  private newAlias(): string {
    this.#aliases++;
    return `${this.c.pick(['t', 'u', 'x', 'users', 'order_'])}${this.#aliases}`;
  }

  private relation(): { sql: string; relation: Relation } {
    if (!this.c.chance(8)) return this.table();
    const inner = this.table();
    const alias = this.newAlias();
    const where = this.c.chance(2) ? ` WHERE ${this.condition([inner.relation], 1)}` : '';
    const columns = [
      ...new Set([...inner.relation.exact, ...inner.relation.text, ...inner.relation.numbers]),
    ];
    const list = columns.map((column) => `${inner.relation.alias}.${column}`).join(', ');
    const items = this.c.chance(4) ? `${inner.relation.alias}.*` : list;
    return {
      sql: `(SELECT ${items} FROM ${inner.sql}${where}) AS ${alias}`,
      relation: { ...inner.relation, alias },
    };
  }

  table(tables = this.tables): { sql: string; relation: Relation } {
    const { name, ...columns } = this.c.pick(tables);
    const schema = this.c.chance(6) ? '{db}.' : '';
    const quoted = this.c.chance(6) ? `\`${name}\`` : name;
    const alias = this.newAlias();
    return {
      sql: `${schema}${quoted}${this.c.chance(2) ? ' AS' : ''} ${alias}`,
      relation: { ...columns, alias },
    };
  }

  private from(): { sql: string; relations: Relation[] } {
    const first = this.relation();
    const relations = [first.relation];
    let sql = first.sql;
    for (let joins = this.c.pick([0, 0, 0, 1, 1, 2]); joins > 0; joins--) {
      const next = this.relation();
      const kind = this.c.pick(['JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'INNER JOIN', 'CROSS JOIN']);
      const before = this.c.pick(relations);
      relations.push(next.relation);
      const { alias } = next.relation;
      const link = this.c.below(4);
      const equality =
        link === 0
          ? `${alias}.${next.relation.key} = ${before.alias}.${this.c.pick(before.numbers)}`
          : link === 1
            ? `${before.alias}.${before.key} = ${alias}.${this.c.pick(next.relation.numbers)}`
            : link === 2
              ? `${alias}.${this.c.pick(next.relation.text)} = ${before.alias}.${this.c.pick(before.text)}`
              : `${alias}.${this.c.pick(next.relation.numbers)} = ${before.alias}.${this.c.pick(before.numbers)}`;
      const more = this.c.chance(3) ? ` AND ${this.condition([next.relation, before], 1)}` : '';
      sql += ` ${kind} ${next.sql} ON ${equality}${more}`;
    }
    return { sql, relations };
  }

  private plain(): string {
    const { sql, relations } = this.from();
    const distinct = this.c.chance(5);
    const items = distinct
      ? this.c.several(3, () => this.column(this.c.pick(relations), 'exact'))
      : this.c.several(4, () => this.item(relations));
    const star = !distinct && this.c.chance(8) ? `${this.c.pick(relations).alias}.*, ` : '';
    const where = this.c.chance(5) ? '' : ` WHERE ${this.condition(relations, 2)}`;
    let tail = '';
    if (!distinct && this.c.chance(2)) {
      const keys = relations.map(({ alias, key }) => `${alias}.${key}`);
      const first = this.column(this.c.pick(relations), this.c.pick(['exact', 'text']));
      tail = ` ORDER BY ${first}${this.c.pick(['', ' DESC'])}, ${keys.join(', ')}`;
      if (this.c.chance(2)) tail += ` LIMIT ${1 + this.c.below(30)}`;
      if (this.c.chance(8)) tail += ' FOR UPDATE';
    }
    return `SELECT ${distinct ? 'DISTINCT ' : ''}${star}${items.join(', ')} FROM ${sql}${where}${tail}`;
  }

  private grouped(): string {
    const { sql, relations } = this.from();
    const keys = [...new Set(this.c.several(2, () => this.column(this.c.pick(relations), 'exact')))];
    const where = this.c.chance(2) ? '' : ` WHERE ${this.condition(relations, 1)}`;
    // MariaDB drops DISTINCT from COUNT when the keys hold a primary key, and counts wrong in ROLLUP's totals.
    const rollup = this.c.chance(5) ? ' WITH ROLLUP' : '';
    const aggregates = this.c
      .several(3, () => this.aggregate(relations))
      .filter((aggregate) => rollup === '' || !aggregate.includes('DISTINCT'));
    const conditions = [
      `COUNT(*) > ${this.c.below(4)}`,
      `${this.c.pick(keys)} IS NOT NULL`,
      `${this.aggregate(relations)} > 3`,
    ];
    const having = this.c.chance(3) ? ` HAVING ${this.c.pick(conditions)}` : '';
    return `SELECT ${[...keys, ...aggregates].join(', ')} FROM ${sql}${where} GROUP BY ${keys.join(', ')}${rollup}${having}`;
  }

  private windowed(): string {
    const { sql, relation } = this.table();
    const { alias, key } = relation;
    const partition = this.c.chance(2) ? `PARTITION BY ${this.column(relation, 'exact')} ` : '';
    const over = `OVER (${partition}ORDER BY ${this.column(relation, this.c.pick(['exact', 'text']))}, ${alias}.${key})`;
    const functions = [
      'ROW_NUMBER()',
      `COUNT(${this.column(relation, 'text')})`,
      `SUM(${this.column(relation, 'numbers')})`,
      `LAG(${this.column(relation, 'text')})`,
      `FIRST_VALUE(${this.column(relation, 'exact')})`,
      'RANK()',
    ];
    const items = this.c.several(2, () => `${this.c.pick(functions)} ${over}`);
    return `SELECT ${alias}.${key}, ${items.join(', ')} FROM ${sql} WHERE ${this.condition([relation], 1)}`;
  }

  /** MySQL; MariaDB 10.11 has no such word. */
  private lateral(): string {
    const outer = this.table();
    const inner = this.table();
    const { alias, key, text } = inner.relation;
    const link = `${alias}.${this.c.pick(inner.relation.numbers)} = ${this.column(outer.relation, 'numbers')}`;
    const body = `SELECT ${alias}.${key} AS k, ${alias}.${this.c.pick(text)} AS v FROM ${inner.sql} WHERE ${link} ORDER BY ${alias}.${key} LIMIT 1`;
    const join = this.c.pick(['JOIN', 'LEFT JOIN']);
    return `SELECT ${this.column(outer.relation, 'text')}, l.k, l.v FROM ${outer.sql} ${join} LATERAL (${body}) AS l ON TRUE WHERE ${this.condition([outer.relation], 1)}`;
  }

  private union(): string {
    const block = (): string => {
      const { sql, relation } = this.table();
      return `SELECT ${this.column(relation, 'exact')}, ${this.column(relation, 'numbers')} FROM ${sql} WHERE ${this.condition([relation], 1)}`;
    };
    const operator = this.c.pick(['UNION ALL', 'UNION', 'EXCEPT', 'INTERSECT']);
    const more = this.c.chance(4) ? ` UNION ALL ${block()}` : '';
    return `${block()} ${operator} ${block()}${more}`;
  }

  private withClause(): string {
    const name = this.c.pick(['cte', 'users', 'accounts', 'w']);
    const inner = this.table();
    const { alias } = inner.relation;
    const text = this.c.pick(inner.relation.text);
    const other = this.c.pick(this.tables.filter((table) => table.name !== name));
    const join = this.c.pick(['JOIN', 'LEFT JOIN']);
    const body = `SELECT ${alias}.id, ${alias}.${text} AS v FROM ${inner.sql} WHERE ${this.condition([inner.relation], 1)}`;
    return `WITH ${name} AS (${body}) SELECT c.id, c.v, o.id, o.${this.c.pick(other.text)} FROM ${name} c ${join} ${other.name} o ON o.id = c.id`;
  }

  private recursive(): string {
    const { sql, relation } = this.table();
    const column = this.c.pick(relation.numbers);
    const text = this.c.pick(relation.text);
    const { alias } = relation;
    const seed = `SELECT 1 AS n${this.c.chance(2) ? ' UNION ALL' : ' UNION'} SELECT n + 1 FROM r WHERE n < ${1 + this.c.below(8)}`;
    return `WITH RECURSIVE r AS (${seed}) SELECT r.n, ${alias}.id, ${alias}.${text} FROM r LEFT JOIN ${sql} ON ${alias}.${column} = r.n`;
  }

  private column(relation: Relation, kind: 'exact' | 'text' | 'numbers'): string {
    return `${relation.alias}.${this.c.pick(relation[kind])}`;
  }

  private item(relations: readonly Relation[]): string {
    const relation = this.c.pick(relations);
    const text = this.column(relation, 'text');
    const number = this.column(relation, 'numbers');
    switch (this.c.below(17)) {
      case 5:
        return `UPPER(${text})`;
      case 6:
        return `CONCAT(${text}, ':', ${number})`;
      case 7:
        return `COALESCE(${text}, ${this.values.text()}) AS c${this.c.below(99)}`;
      case 8:
        return `${number} + ${this.c.below(9)}`;
      case 9:
        return `CASE WHEN ${this.condition(relations, 1)} THEN ${text} ELSE ${number} END`;
      case 10:
        return `(${this.scalar(relation)})`;
      case 11:
        return `${text} LIKE ${this.values.pattern()}`;
      case 12:
        return `EXISTS (${this.subquery(relation)})`;
      case 13:
        return `LENGTH(${text}) - ${number}`;
      case 14:
        return `SUBSTRING(${text}, ${1 + this.c.below(4)}, 3)`;
      case 15:
        return `IF(${this.condition(relations, 0)}, ${text}, ${this.values.text()})`;
      case 16:
        return `JSON_OBJECT('a', ${text}, 'b', ${number})`;
      default:
        return this.column(relation, this.c.pick(['exact', 'text', 'numbers']));
    }
  }

  private aggregate(relations: readonly Relation[]): string {
    const relation = this.c.pick(relations);
    return this.c.pick([
      'COUNT(*)',
      `COUNT(${this.column(relation, 'text')})`,
      `COUNT(DISTINCT ${this.column(relation, 'text')})`,
      `SUM(${this.column(relation, 'numbers')})`,
      `MIN(${this.column(relation, 'numbers')})`,
      `MAX(HEX(${this.column(relation, 'text')}))`,
      `MAX(${this.column(relation, 'exact')})`,
      `GROUP_CONCAT(${this.column(relation, 'exact')} ORDER BY ${relation.alias}.${relation.key})`,
    ]);
  }

  private scalar(outer: Relation): string {
    const { sql, relation } = this.table();
    return `SELECT COUNT(${this.column(relation, 'text')}) FROM ${sql} WHERE ${relation.alias}.${relation.key} = ${this.column(outer, 'numbers')}`;
  }

  private subquery(outer: Relation): string {
    const { sql, relation } = this.table();
    const link = this.c.pick([
      `${relation.alias}.${this.c.pick(relation.numbers)} = ${this.column(outer, 'numbers')}`,
      `${relation.alias}.${this.c.pick(relation.text)} = ${this.column(outer, 'text')}`,
    ]);
    return `SELECT ${this.c.pick(['1', '*'])} FROM ${sql} WHERE ${link} AND ${this.condition([relation], 1)}`;
  }

  /** A condition over columns of `relations`. */
  condition(relations: readonly Relation[], depth: number): string {
    const relation = this.c.pick(relations);
    if (depth > 0 && this.c.chance(2)) {
      const operator = this.c.pick(['AND', 'AND', 'AND', 'OR', 'XOR']);
      return `(${this.condition(relations, depth - 1)} ${operator} ${this.condition(relations, depth - 1)})`;
    }
    const text = this.column(relation, 'text');
    const number = this.column(relation, 'numbers');
    const { values } = this;
    switch (this.c.below(16)) {
      case 0:
        return `${text} = ${values.text()}`;
      case 1:
        return `${number} = ${values.number()}`;
      case 2:
        return `${text} IS ${this.c.pick(['NULL', 'NOT NULL'])}`;
      case 3:
        return `${number} ${this.c.pick(['>', '<', '<=', '>=', '<>'])} ${values.number()}`;
      case 4:
        return `${text} LIKE ${values.pattern()}`;
      case 5:
        return `${text} IN (${this.c.several(3, () => values.text()).join(', ')})`;
      case 6:
        return `${number} IN (${this.c.several(4, () => values.number()).join(', ')})`;
      case 7:
        return `${number} BETWEEN ${this.c.below(20)} AND ${20 + this.c.below(200)}`;
      case 8:
        return `${this.c.pick(['', 'NOT '])}EXISTS (${this.subquery(relation)})`;
      case 9:
        return `${text} <=> ${values.text()}`;
      case 10: {
        const inner = this.table();
        const column = this.column(inner.relation, 'numbers');
        return `${number} ${this.c.pick(['IN', 'NOT IN'])} (SELECT ${column} FROM ${inner.sql} WHERE ${column} IS NOT NULL AND ${inner.relation.alias}.id < 60)`;
      }
      case 11:
        return `NOT (${this.condition([relation], 0)})`;
      case 12:
        return `${text} ${this.c.pick(['>', '<', '<='])} ${values.text()}`;
      case 13:
        return `(${text}, ${number}) = (${values.text()}, ${values.number()})`;
      case 14:
        return `${text} = ${this.column(this.c.pick(relations), 'text')}`;
      default:
        return `${number} ${this.c.pick(['>', '<'])} ${this.c.below(200)}`;
    }
  }
}
