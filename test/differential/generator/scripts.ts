import type { Script } from '../judge.js';
import { OTHER_TENANT, TENANT } from '../schema.js';
import type { Protocol } from '../statement-file.js';
import type { Choices } from './choices.js';
import { disguised } from './disguise.js';
import { Reads } from './reads.js';
import { surroundings } from './surroundings.js';
import { TABLES, Values } from './vocabulary.js';
import { Writes } from './writes.js';

export interface Generated {
  readonly kind: string;
  readonly protocol: Protocol;
  readonly script: Script;
  readonly made: readonly number[];
}

/** The statements that these decisions make. */
export function generate(choices: Choices, protocols: readonly Protocol[]): Generated {
  const protocol = choices.pick(protocols);
  switch (choices.below(40)) {
    case 39:
      return twoTenants(choices, protocol);
    case 38:
      return explained(choices, protocol);
    case 37:
      return locked(choices, protocol);
    case 36:
      return loaded(choices);
    default:
      return single(choices, protocol);
  }
}

/** One statement, and what holds while it runs. */
function single(choices: Choices, protocol: Protocol): Generated {
  const bound = choices.chance(2) && protocol === 'prepared';
  const values = new Values(choices);
  const isWrite = choices.below(5) >= 3;
  let template = isWrite ? new Writes(choices, values).statement() : new Reads(choices, values).statement();
  const { before, quotes, anyRows } = surroundings(choices);
  if (choices.chance(12)) template = disguised(choices, template, quotes);
  const { sql, params } = bound ? values.bound(template) : { sql: values.written(template), params: [] };
  return {
    kind: `generated ${isWrite ? 'writes' : 'reads'}`,
    protocol,
    script: { statements: [...before, ...values.assignments(), sql], params, anyRows },
    made: choices.made,
  };
}

/** EXPLAIN and its like: what a plan looks like is not compared, all else is. */
function explained(choices: Choices, protocol: Protocol): Generated {
  const values = new Values(choices);
  const isWrite = choices.below(3) === 2;
  const statement = isWrite
    ? new Writes(choices, values).statement()
    : new Reads(choices, values).statement();
  const verb = choices.pick([
    'EXPLAIN',
    'EXPLAIN FORMAT=JSON',
    'DESCRIBE',
    'EXPLAIN EXTENDED',
    'ANALYZE',
    'EXPLAIN ANALYZE',
  ]);
  const sql = `${verb} ${values.written(statement)}`;
  return {
    kind: 'generated EXPLAIN',
    protocol,
    script: { statements: [...values.assignments(), sql], params: [], anyRows: true },
    made: choices.made,
  };
}

/** Between LOCK TABLES and UNLOCK TABLES. What is not locked, or for reading only, fails. */
function locked(choices: Choices, protocol: Protocol): Generated {
  const values = new Values(choices);
  const isWrite = choices.chance(2);
  const template = isWrite ? new Writes(choices, values).statement() : new Reads(choices, values).statement();
  const sql = values.written(template);
  const names = TABLES.map(({ name }) => name).join('|');
  const used = new Set<string>();
  for (const [, table = '', , alias] of sql.matchAll(
    new RegExp(`\\b(${names})\\b\`?( AS)?(?: (?!AS\\b|ON\\b|SET\\b|WHERE\\b)(\\w+\\d|w|o))?`, 'g'),
  )) {
    used.add(alias === undefined ? table : `${table} AS ${alias}`);
  }
  const locks = [...used].map((one) => `${one} ${choices.chance(6) ? 'READ' : 'WRITE'}`);
  const statements = [`LOCK TABLES ${locks.join(', ')}`, ...values.assignments(), sql, 'UNLOCK TABLES'];
  return {
    kind: 'generated LOCK TABLES',
    protocol,
    script: { statements, params: [], anyRows: false },
    made: choices.made,
  };
}

/** Tables whose rows are a tenant's own: what lies in others is both tenants'. */
const OWN_TABLES = TABLES.filter(({ name }) => ['users', 'accounts', 'bookings'].includes(name));

/** A session that works for one tenant, then for another one, and back. */
function twoTenants(choices: Choices, protocol: Protocol): Generated {
  const statements: string[] = [];
  let tenant = TENANT;
  const steps = 1 + choices.below(4);
  for (let step = 0; step < steps; step++) {
    if (!choices.chance(3)) {
      tenant = choices.pick([OTHER_TENANT, TENANT, OTHER_TENANT]);
      statements.push(choices.pick([`SET @tenant_id = '${tenant}'`, `SET @tenant_id := '${tenant}'`]));
    }
    const values = new Values(choices);
    const template = choices.chance(2)
      ? new Writes(choices, values, OWN_TABLES).statement()
      : new Reads(choices, values, OWN_TABLES).statement();
    statements.push(...values.assignments(), values.written(template));
  }
  return {
    kind: 'generated tenants',
    protocol,
    script: { statements, params: [], anyRows: false, switchesTenant: true },
    made: choices.made,
  };
}

interface Loaded {
  readonly table: string;
  /** Each with the texts that fit it. */
  readonly columns: Readonly<Record<string, readonly string[]>>;
  readonly key: string;
}

const TEXTS = ['', 'anna', 'ünï 😀', '30', 'x y', 'A'];
const INTEGERS = ['0', '30', '-1', '127'];
const LOADED: readonly Loaded[] = [
  {
    table: 'users',
    columns: {
      email: TEXTS,
      phone: TEXTS,
      age: INTEGERS,
      nick: TEXTS,
      level: INTEGERS,
      visits: INTEGERS,
      country: ['DE', ''],
    },
    key: 'username',
  },
  { table: 'accounts', columns: { secret: TEXTS, email: TEXTS, phone: TEXTS, grp: INTEGERS }, key: 'id' },
  { table: 'vault', columns: { secret: TEXTS, pin: INTEGERS }, key: 'label' },
  {
    table: 'bookings',
    columns: {
      amount: ['1.50', '0', '-3.00'],
      ratio: ['1.5', '0'],
      born: ['2000-01-31'],
      active: ['0', '1'],
      starts: ['2024-01-31 10:00:00.500'],
    },
    key: 'label',
  },
  { table: 'orders', columns: { contact: TEXTS, status: TEXTS }, key: 'id' },
];

/** LOAD DATA LOCAL of values that fit; others are docs/limits.md's. */
function loaded(choices: Choices): Generated {
  const { table, columns, key } = choices.pick(LOADED);
  const names = Object.keys(columns);
  const list = [...new Set(choices.several(4, () => choices.pick(names)))];
  const [separator, fields] = choices.pick([
    ['\t', ''],
    [',', " FIELDS TERMINATED BY ','"],
    [';', ` FIELDS TERMINATED BY ';' OPTIONALLY ENCLOSED BY '"'`],
  ] as const);
  const [end, lines] = choices.pick([
    ['\n', ''],
    ['\r\n', " LINES TERMINATED BY '\\r\\n'"],
    ['|', " LINES TERMINATED BY '|'"],
  ] as const);
  const value = (column: string): string =>
    choices.chance(6) ? '\\N' : choices.pick(columns[column] ?? TEXTS);
  let row = 0;
  const rows = choices.several(4, () => {
    row++;
    const own = list.map((column) => value(column));
    return [String(key === 'id' ? 800 + row : `loaded${row}`), ...own].join(separator);
  });
  const skipped = choices.chance(4) ? 1 : 0;
  const file = [...(skipped > 0 ? ['a heading'] : []), ...rows].map((one) => `${one}${end}`).join('');
  const duplicates = choices.pick(['', '', 'REPLACE ', 'IGNORE ']);
  const ignored = skipped > 0 ? ' IGNORE 1 LINES' : '';
  const set = table === 'users' && choices.chance(4) ? ' SET bio = UPPER(@bio), visits = 7' : '';
  const fieldsOf = [key, ...list.filter((column) => set === '' || column !== 'visits')];
  const sql = `LOAD DATA LOCAL INFILE 'rows' ${duplicates}INTO TABLE ${table} CHARACTER SET utf8mb4${fields}${lines}${ignored} (${fieldsOf.join(', ')}${set === '' ? '' : ', @bio'})${set}`;
  return {
    kind: 'generated LOAD DATA',
    protocol: 'text',
    script: { statements: [sql], params: [], anyRows: false, localFile: Buffer.from(file) },
    made: choices.made,
  };
}
