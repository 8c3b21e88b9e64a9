import {
  type Aspect,
  type Comparison,
  compareAnswers,
  compareColumns,
  compareFailures,
  type Difference,
  firstDifference,
} from './compare.js';
import type { ForeignRows, Tenant } from './database.js';
import { EscapeWatch } from './escape.js';
import type { Lane } from './lane.js';
import { OTHER_TENANT, TENANT } from './schema.js';
import { endsTransaction, isExplain, isOrdered, isRead } from './statement-text.js';
import type { Answer, Column, Parameter, ServerFailure, WireClient } from './wire-client.js';

/** What is run: statements in order on one session of each side. */
export interface Script {
  readonly statements: readonly string[];
  /** Values of `?`, for all statements together. */
  readonly params: readonly Parameter[];
  readonly anyRows: boolean;
  /** `SET @tenant_id = …` makes the session another tenant's; the rows of both are looked at. */
  readonly switchesTenant?: boolean;
  /** What LOAD DATA LOCAL reads. */
  readonly localFile?: Buffer;
}

export type Verdict =
  | { readonly kind: 'equal'; readonly rows: number; readonly errno: number | null }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string; readonly statement: string }
  | { readonly kind: 'different'; readonly differences: readonly Difference[]; readonly statement: string };

const REFUSAL = /^tenantcrypt\[(TC_[A-Z_]+)\]: (.*)$/s;
/** What leaves something on the session that ROLLBACK does not take back. */
const LEAVES_STATE = /@|^\s*(?:SET|USE|PREPARE|LOCK)\b|GET_LOCK|SQL_CALC_FOUND_ROWS/i;
const LOCKS = /^LOCK TABLES /;
const UNLOCKS = /^UNLOCK TABLES/;
const SWITCH = /^SET @tenant_id :?= '([^']+)'$/;
const COUNTS = /^\W*(?:insert|replace)\b/i;

/** What no earlier statement can have caused. */
const STATIC: ReadonlySet<Aspect> = new Set(['metadata', 'prepare', 'message']);

/** Plays scripts on both sides of a lane and compares after every statement. */
export class Judge {
  /** Rows of other tenants as they have to stay, by whose rows they are not. */
  readonly #foreign = new Map<string, ForeignRows>();
  #tenants: readonly Tenant[] = [TENANT];
  /** Where the plain session is. */
  #plainSchema: 'plain' | 'other' = 'plain';
  /** LOCK TABLES holds: nobody else can look into them. */
  #isLocked = false;
  /** Statements that were repeated on new tables and then were equal. */
  readonly unstable: string[] = [];
  readonly #escapes: EscapeWatch;

  /** @param ignored aspects that are not compared */
  constructor(
    readonly lane: Lane,
    private readonly ignored: ReadonlySet<string> = new Set(),
  ) {
    this.#escapes = new EscapeWatch(lane.databases.tables);
  }

  async judge(script: Script, protocol: 'text' | 'prepared'): Promise<Verdict> {
    const verdict = await this.once(script, protocol);
    if (verdict.kind !== 'different' || verdict.differences.every(({ aspect }) => STATIC.has(aspect))) {
      return verdict;
    }
    // What an earlier statement has left behind on one side, as a counter, is not this one's fault.
    await this.lane.reset();
    const again = await this.once(script, protocol);
    if (again.kind !== 'different') {
      this.unstable.push(
        `${verdict.statement}\n    ${verdict.differences.map(({ aspect, detail }) => `${aspect}: ${detail}`).join('\n    ')}`,
      );
    } else await this.lane.reset();
    return again;
  }

  /** Without a second try on new tables. */
  async once(script: Script, protocol: 'text' | 'prepared'): Promise<Verdict> {
    const { statements } = script;
    const commits = statements.some(endsTransaction);
    const reads = statements.every(isRead);
    let verdict: Verdict | null = null;
    let broken = false;
    const switches = script.switchesTenant === true;
    this.#tenants = switches ? [TENANT, OTHER_TENANT] : [TENANT];
    this.#isLocked = false;
    this.#plainSchema = 'plain';
    try {
      if (switches) await this.lane.reconnect('variable');
      for (const side of [this.lane.plain, this.lane.ours]) side.file = script.localFile ?? Buffer.alloc(0);
      if (!commits && !reads) await this.#both('START TRANSACTION');
      verdict = await this.#play(script, protocol);
      if (!commits && !reads) await this.#both('ROLLBACK');
    } catch (error) {
      broken = true;
      const detail = error instanceof Error ? error.message : String(error);
      verdict = {
        kind: 'different',
        differences: [{ aspect: 'broken', detail }],
        statement: statements.join('; '),
      };
    }
    if (broken || commits) await this.lane.reset();
    else {
      if (switches || statements.some((sql) => LEAVES_STATE.test(sql))) await this.lane.reconnect();
      const failed = verdict.kind === 'different' || (verdict.kind === 'equal' && verdict.errno !== null);
      if (failed && statements.some((sql) => COUNTS.test(sql))) await this.lane.databases.resetCounters();
    }
    return verdict;
  }

  async #play(script: Script, protocol: 'text' | 'prepared'): Promise<Verdict> {
    let rows = 0;
    let errno: number | null = null;
    const values = [...script.params];
    const written = [...script.statements, ...script.params].join('\n');
    for (const statement of script.statements) {
      const tenant = this.#tenants.length > 1 ? SWITCH.exec(statement)?.[1] : undefined;
      if (tenant !== undefined) {
        await this.#both(statement);
        await this.lane.plain.query(this.lane.useTenant(tenant as Tenant));
        this.#plainSchema = tenant === OTHER_TENANT ? 'other' : 'plain';
        continue;
      }
      const own = values.splice(0, countPlaceholders(statement));
      const outcome = await this.#statement(statement, own, protocol, script.anyRows, written);
      if (outcome.kind === 'refused') return { ...outcome, statement };
      const differences = outcome.differences.filter(({ aspect }) => !this.ignored.has(aspect));
      if (differences.length > 0) return { kind: 'different', statement, differences };
      rows += outcome.rows;
      errno ??= outcome.errno;
    }
    return { kind: 'equal', rows, errno };
  }

  async #statement(
    statement: string,
    values: readonly Parameter[],
    protocol: 'text' | 'prepared',
    anyRows: boolean,
    written: string,
  ): Promise<
    | { kind: 'refused'; code: string; message: string }
    | { kind: 'done'; differences: Difference[]; rows: number; errno: number | null }
  > {
    const { lane } = this;
    const comparison: Comparison = {
      ordered: isOrdered(statement),
      shapeOnly: anyRows || isExplain(statement),
      plain: lane.normalisePlain,
      ours: lane.normaliseOurs,
      message: lane.normaliseMessage,
    };
    const sql = protocol === 'text' ? spliced(statement, values) : statement;
    const run = async (side: WireClient, schema: string): Promise<Result> => {
      const text = sql.replaceAll('{db}', schema);
      return protocol === 'text'
        ? { answers: await side.query(text), prepared: null }
        : await executed(side, text, values);
    };
    const [plainSchema, guardSchema] = [
      lane.databases.schema(this.#plainSchema),
      lane.databases.schema('guard'),
    ];
    let plain: Result;
    let ours: Result;
    const read = isRead(statement);
    if (read) {
      [plain, ours] = await Promise.all([run(lane.plain, plainSchema), run(lane.ours, guardSchema)]);
      const refusal = refusalOf(ours);
      if (refusal !== null) return refusal;
    } else {
      // What is refused must not run on the other side either.
      ours = await run(lane.ours, guardSchema);
      const refusal = refusalOf(ours);
      if (refusal !== null) return await this.#refused(refusal, written);
      plain = await run(lane.plain, plainSchema);
    }
    const differences = compareAnswers(plain.answers, ours.answers, comparison);
    if (plain.prepared !== null && ours.prepared !== null) {
      const found = compareColumns(plain.prepared.columns, ours.prepared.columns, comparison);
      if (plain.prepared.parameters !== ours.prepared.parameters)
        found.push({ aspect: 'prepare', detail: 'another number of parameters' });
      differences.push(...found.map((one) => ({ ...one, aspect: 'prepare' as const })));
    }
    differences.push(...(await this.#warnings(plain.answers, ours.answers, comparison, read)));
    if (LOCKS.test(statement)) this.#isLocked = ours.answers.some(({ kind }) => kind === 'ok');
    else if (UNLOCKS.test(statement)) this.#isLocked = false;
    if ((!read || UNLOCKS.test(statement)) && !this.#isLocked) {
      const found = await this.#contents(written);
      // Where one side has failed and the other has not, contents differ as they must.
      const isSaid = differences.some(({ aspect }) => aspect === 'kind');
      differences.push(...found.filter(({ aspect }) => !isSaid || aspect !== 'contents'));
    }
    const last = ours.answers.at(-1);
    return {
      kind: 'done',
      differences,
      rows: ours.answers.reduce((sum, answer) => sum + (answer.kind === 'rows' ? answer.rows.length : 0), 0),
      errno: last?.kind === 'error' ? last.errno : last?.kind === 'rows' ? (last.error?.errno ?? null) : null,
    };
  }

  /** How each side reads its tables, as EXPLAIN says: `type key` of each; null where it says nothing. */
  async access(sql: string): Promise<{ plain: readonly string[]; ours: readonly string[] } | null> {
    const read = async (side: WireClient, schema: string): Promise<readonly string[] | null> => {
      // MySQL's own format may be a tree.
      const format = this.lane.server.kind === 'mysql' ? 'FORMAT=TRADITIONAL ' : '';
      const [answer] = await side.query(`EXPLAIN ${format}${sql.replaceAll('{db}', schema)}`);
      if (answer?.kind !== 'rows' || answer.error !== null) return null;
      const at = (name: string): number => answer.columns.findIndex((column) => column.name === name);
      const [type, key] = [at('type'), at('key')];
      if (type < 0 || key < 0) return null;
      return answer.rows.map((row) => [row[type], row[key]].map((cell) => cell ?? '-').join(' '));
    };
    const { databases, plain, ours } = this.lane;
    const sides = await Promise.all([
      read(plain, databases.schema('plain')),
      read(ours, databases.schema('guard')),
    ]);
    return sides[0] === null || sides[1] === null ? null : { plain: sides[0], ours: sides[1] };
  }

  /** A refused write has changed nothing. */
  async #refused(
    refusal: { kind: 'refused'; code: string; message: string },
    written: string,
  ): Promise<typeof refusal | { kind: 'done'; differences: Difference[]; rows: number; errno: null }> {
    const differences = this.#isLocked ? [] : await this.#contents(written);
    return differences.length === 0 ? refusal : { kind: 'done', differences, rows: 0, errno: null };
  }

  async #warnings(
    plain: readonly Answer[],
    ours: readonly Answer[],
    comparison: Comparison,
    read: boolean,
  ): Promise<Difference[]> {
    const count = (answer: Answer | undefined): number => {
      if (answer === undefined) return 0;
      return failureOf(answer) === null && 'warnings' in answer ? answer.warnings : 1;
    };
    if (comparison.shapeOnly || (count(plain.at(-1)) === 0 && count(ours.at(-1)) === 0)) return [];
    const failures = [failureOf(plain.at(-1)), failureOf(ours.at(-1))] as const;
    // What two different answers leave is different too, and said already.
    if ((failures[0] === null) !== (failures[1] === null)) return [];
    if (failures[0] !== null && failures[1] !== null) {
      if (compareFailures(failures[0], failures[1], comparison).length > 0) return [];
    }
    const [left, right] = await Promise.all([
      this.lane.plain.query('SHOW WARNINGS'),
      this.lane.ours.query('SHOW WARNINGS'),
    ]);
    const texts = (answers: readonly Answer[], normalise: (text: string) => string): string[] =>
      answers.flatMap((answer) =>
        answer.kind === 'rows'
          ? answer.rows.map((row) => {
              const [level, errno, message] = row.map((cell) => Buffer.from(cell ?? '', 'latin1').toString());
              const text = comparison.message(Number(errno), normalise(message ?? ''));
              // Rows that a read has passed by are counted too.
              return `${level} ${errno} ${read ? text.replace(/ at row \d+$/, '') : text}`;
            })
          : [],
      );
    const [expected, actual] = [texts(left, comparison.plain), texts(right, comparison.ours)];
    const at = firstDifference(expected, actual);
    if (at === null) return [];
    return [
      {
        aspect: 'warnings',
        detail: `${expected.length} and ${actual.length}: ${expected[at] ?? 'none'} against ${actual[at] ?? 'none'}`,
      },
    ];
  }

  /** Both sides' tables as they are now, uncommitted changes too. */
  async #contents(written: string): Promise<Difference[]> {
    const { databases } = this.lane;
    const [foreign, ...own] = await Promise.all([
      databases.foreignRows(this.#tenants),
      ...this.#tenants.map(async (tenant) => await this.#contentsOf(tenant, written)),
    ]);
    const whose = this.#tenants.join();
    const before = this.#foreign.get(whose);
    if (before === undefined) this.#foreign.set(whose, foreign);
    else if (!sameRows(before, foreign)) {
      return [{ aspect: 'foreign', detail: 'rows of other tenants have changed' }, ...own.flat()];
    }
    return own.flat();
  }

  async #contentsOf(tenant: Tenant, written: string): Promise<Difference[]> {
    const { databases } = this.lane;
    const [plain, ours] = await Promise.all([
      databases.contents('plain', tenant),
      databases.contents('guard', tenant),
    ]);
    const differences: Difference[] = [];
    const escaped = this.#escapes.find(ours, written);
    if (escaped !== null) differences.push({ aspect: 'plaintext', detail: `in the open: ${escaped}` });
    for (const [table, expected] of plain) {
      const actual = ours.get(table) ?? [];
      const open = actual.find((row) => row.includes('!'));
      if (open !== undefined)
        differences.push({ aspect: 'plaintext', detail: `${table}: no ciphertext of the tenant: ${open}` });
      const at = firstDifference(expected, actual);
      if (at !== null) {
        differences.push({
          aspect: 'contents',
          detail: `${table}, ${expected.length} and ${actual.length} rows: ${readable(expected[at])} against ${readable(actual[at])}`,
        });
      }
    }
    return differences;
  }

  /** @throws Error that ends the script as broken */
  async #both(sql: string): Promise<void> {
    const answers = await Promise.all([this.lane.plain.query(sql), this.lane.ours.query(sql)]);
    for (const answer of answers.flat())
      if (answer.kind === 'error') throw new Error(`${sql}: ${answer.message}`);
  }
}

/** But for columns that are gone. */
function sameRows(before: ForeignRows, after: ForeignRows): boolean {
  return before.every((rows, table) => {
    const now = after[table] ?? [];
    if (now.length !== rows.length) return false;
    return rows.every((row, index) => {
      const cells = (now[index] ?? '').split('|');
      return row.split('|').every((cell, at) => cell === cells[at] || cells[at] === 'gone');
    });
  });
}

interface Result {
  readonly answers: readonly Answer[];
  readonly prepared: { readonly columns: readonly Column[]; readonly parameters: number } | null;
}

async function executed(side: WireClient, sql: string, values: readonly Parameter[]): Promise<Result> {
  const prepared = await side.prepare(sql);
  if ('errno' in prepared) return { answers: [{ kind: 'error', ...prepared }], prepared: null };
  const answers = await side.execute(prepared, values.slice(0, prepared.parameters));
  side.close(prepared);
  return { answers, prepared };
}

function failureOf(answer: Answer | undefined): ServerFailure | null {
  if (answer?.kind === 'error') return answer;
  return answer?.kind === 'rows' ? answer.error : null;
}

function refusalOf({ answers }: Result): { kind: 'refused'; code: string; message: string } | null {
  for (const answer of answers) {
    const match = REFUSAL.exec(failureOf(answer)?.message ?? '');
    if (match !== null) return { kind: 'refused', code: match[1] ?? '', message: match[2] ?? '' };
  }
  return null;
}

const STRINGS_AND_QUESTIONS = /'(?:[^'\\]|''|\\.)*'|`[^`]*`|\?/gs;

function countPlaceholders(sql: string): number {
  return [...sql.matchAll(STRINGS_AND_QUESTIONS)].filter(([token]) => token === '?').length;
}

/** The values as literals where the `?` stand. */
function spliced(sql: string, values: readonly Parameter[]): string {
  if (values.length === 0) return sql;
  const left = [...values];
  return sql.replaceAll(STRINGS_AND_QUESTIONS, (token) =>
    token === '?' ? literal(left.shift() ?? null) : token,
  );
}

function literal(value: Parameter): string {
  if (value === null) return 'NULL';
  if (Buffer.isBuffer(value)) return `X'${value.toString('hex')}'`;
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
  return String(value);
}

/** Hexadecimal digits as text, for eyes. */
function readable(row: string | undefined): string {
  if (row === undefined) return 'no row';
  return row
    .split('|')
    .map((cell) => (/^(?:[0-9A-F]{2})*$/.test(cell) ? Buffer.from(cell, 'hex').toString() : cell))
    .join('|');
}
