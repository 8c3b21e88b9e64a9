import { ProxyError, ServerError } from '../errors.js';
import type { Catalog } from './catalog.js';
import type { StatementWarning } from './declared-value.js';
import { endOfText, firstStatement } from './first-statement.js';
import { foldLoosely, foldName } from './folding.js';
import { Gate } from './gate.js';
import { INFORMATION_SCHEMA, mayNameColumns } from './information-schema.js';
import { supportsCharacterSet } from './lexer.js';
import { type BackendParameter, type Effects, NO_EFFECTS, type Plan, type RefusePlan } from './plan.js';
import { PlanCache } from './plan-cache.js';
import { Planner } from './planner.js';
import type { PlanningCatalog } from './planning.js';
import { readConstant } from './read-constant.js';
import { ResolvedTables } from './resolved-table.js';
import type { Analysis, FillContext, RewriteContext, Rewriter, RewriterOptions } from './rewriter.js';
import type { Scan } from './scan.js';
import { Scanner } from './shape.js';
import { TemplateFiller } from './template-filler.js';
import { TokenKind } from './tokens.js';

const FORWARD: Plan = { outcome: 'forward', pins: [], effects: NO_EFFECTS, bytes: 0 };
/** What can't be lexed may have changed what the server reports: our variables are asked for again. */
const UNREAD_TRACKING: Effects = { ...NO_EFFECTS, changesTracking: true, changesTrackedVariables: true };
const FORWARD_AND_TRACK: Plan = { ...FORWARD, effects: UNREAD_TRACKING };
const SKIPPED: Analysis = { plan: FORWARD, skipped: true, cacheHit: false };

interface CatalogState extends PlanningCatalog {
  readonly gate: Gate;
}

/**
 * The rewriter of one process: gate, scan, plan cache, planning, splice. Synchronous, and shared by all sessions:
 * what `analyse` found is valid until the next `analyse`.
 */
export class SqlRewriter implements Rewriter {
  private readonly options: RewriterOptions;
  private readonly cache: PlanCache;
  private readonly planner: Planner;
  private readonly scanner = new Scanner();
  private readonly filler = new TemplateFiller();
  private readonly contextIds = new Map<string, number>();
  private readonly contextIdOf = new WeakMap<RewriteContext, number>();
  private readonly catalogs = new WeakMap<Catalog, CatalogState>();
  private readonly openingWords: RegExp;
  private scan: Scan | null = null;
  private context: RewriteContext | null = null;
  private plan: Plan = FORWARD;

  constructor(options: RewriterOptions) {
    this.options = options;
    this.cache = new PlanCache(options.planCacheBytes);
    this.openingWords = openingWords(options);
    this.planner = new Planner({
      tenantVariable: options.tenantVariable,
      parseDepth: options.parseDepth,
      calls: new Set(options.calls.map(foldName)),
      dynamicSql: options.dynamicSql ?? 'refuse',
      plaintextInto: options.plaintextInto ?? [],
      inlineReads: options.inlineReads ?? true,
      openingWords: openingWords(options),
    });
  }

  get stats(): PlanCache['stats'] {
    return this.cache.stats;
  }

  analyse(statement: Buffer, start: number, end: number, context: RewriteContext): Analysis {
    this.context = context;
    this.scan = null;
    if (this.options.tables.length === 0 && this.options.tenantVariable === null) {
      this.plan = FORWARD;
      return SKIPPED;
    }
    const catalog = this.catalogState(context.catalog);
    if (!catalog.gate.opens(statement, start, end) && !isInformationSchema(context.database)) {
      this.plan = FORWARD;
      return SKIPPED;
    }
    const unreadable = unreadableBecause(context);
    if (unreadable !== null) return this.analyseUnreadable(statement, start, end, unreadable, catalog);
    if (isLongBatch(statement, start, end, context, catalog)) {
      this.plan = SEVERAL;
      return { plan: this.plan, skipped: false, cacheHit: false };
    }
    const scan = this.scanner.scan(statement, start, end, context.dialect, this.contextId(context));
    this.scan = scan;
    const { stats } = this.cache;
    if (scan.cacheable) {
      const variants = this.cache.get(scan.key);
      if (variants !== undefined) {
        for (let index = 0; index < variants.length; index++) {
          const plan = variants[index]!;
          if (!holds(plan, scan)) continue;
          stats.hits++;
          this.plan = plan;
          return { plan: this.plan, skipped: false, cacheHit: true };
        }
      }
    }
    stats.misses++;
    const plan = this.planner.plan(scan, context, catalog);
    if (scan.cacheable) this.cache.add(scan.key, plan);
    this.plan = plan;
    return { plan: this.plan, skipped: false, cacheHit: false };
  }

  fill(context: FillContext, headroom: number): Buffer {
    if (this.plan.outcome !== 'rewrite' || this.scan === null || this.context === null) {
      throw new Error('fill without a rewritten statement');
    }
    return this.filler.fill(this.plan, this.scan, this.context, context, headroom);
  }

  refusal(): ProxyError | ServerError {
    const { plan, scan } = this;
    if (plan.outcome !== 'refuse') throw new Error('no refusal');
    if ('errno' in plan.error) return new ServerError(plan.error.errno, plan.error.sqlState, plan.message);
    if (plan.anchor === null) return new ProxyError(plan.error.code, plan.message);
    const { slot, delta } = plan.anchor;
    const base = slot < 0 || scan === null ? 0 : scan.slotEnd[scan.slotAt(slot, 0)]! - scan.start;
    return new ProxyError(plan.error.code, plan.message, { position: base + delta });
  }

  parameters(): readonly BackendParameter[] {
    return this.filler.parameters;
  }

  warnings(): readonly StatementWarning[] | null {
    return this.filler.warnings;
  }

  tenantValues(): readonly (string | null)[] {
    const { plan, scan, context } = this;
    const values: (string | null)[] = [];
    for (const assignment of plan.effects.tenantAssignments) {
      if (assignment.kind === 'null') values.push(null);
      if (assignment.kind !== 'slots' || scan === null || context === null) continue;
      const value = readConstant(scan, context.dialect, assignment.slots, false, 0);
      values.push(value.kind === 'number' ? value.text : value.bytes.toString('utf8'));
    }
    return values;
  }

  comments(): readonly string[] {
    if (this.scan === null) return [];
    const { statement, tokens } = this.scan;
    const found: string[] = [];
    for (let index = 0; index < tokens.length; index++) {
      const kind = tokens.kind[index];
      if (kind !== TokenKind.Comment && kind !== TokenKind.Hint) continue;
      found.push(statement.toString('latin1', tokens.start[index], tokens.end[index]));
    }
    return found;
  }

  /**
   * A session whose character set or sql_mode we can't lex under, or do not know: nothing is known of the statement
   * but its bytes, so that whatever could concern a protected table is refused (parser-findings.md 6).
   */
  private analyseUnreadable(
    statement: Buffer,
    start: number,
    end: number,
    why: string,
    catalog: CatalogState,
  ): Analysis {
    const text = statement.toString('latin1', start, end);
    const concerned =
      this.mayFold(text) ||
      catalog.names.test(text) ||
      // Once the state has been read it can be read as well.
      (this.context?.unknown === true && this.mayReadSchema(text)) ||
      this.openingWords.test(this.withoutTrailingBytes(text));
    this.plan = concerned
      ? refusedBecause(
          `statements on protected tables can't be read under ${why}; change it for this session`,
        )
      : this.mayChangeTracking(text)
        ? FORWARD_AND_TRACK
        : FORWARD;
    return { plan: this.plan, skipped: false, cacheHit: false };
  }

  /** Without the `@` that are second bytes of characters: what else is taken for a variable is looked at. */
  private withoutTrailingBytes(text: string): string {
    const context = this.context as RewriteContext;
    const characters = TWO_BYTES[context.dialect.characterSetClient];
    return characters === undefined || context.unknown === true ? text : text.replace(characters, '\x80\x80');
  }

  private mayChangeTracking(text: string): boolean {
    const characters = TWO_BYTES[this.context?.dialect.characterSetClient ?? ''] ?? OUTSIDE_ASCII;
    return MAY_CHANGE_TRACKING.test(text.replace(characters, '.'));
  }

  private mayReadSchema(text: string): boolean {
    const isThere = /information_schema/i.test(text) || isInformationSchema(this.context?.database ?? null);
    // A reading of the state would take from others what they show: information_schema.optimizer_trace.
    return isThere && mayNameColumns(text);
  }

  /** Whether a letter outside ASCII could stand for one of a protected name. */
  private mayFold(text: string): boolean {
    const context = this.context as RewriteContext;
    const { characterSetClient, lowerCaseTableNames } = context.dialect;
    if (context.unknown === true) return /[\x80-\xff]/.test(text);
    if (lowerCaseTableNames === 0) return false;
    return (supportsCharacterSet(characterSetClient) ? /[\x80-\xff]/ : FOLDABLE_GB18030).test(text);
  }

  private contextId(context: RewriteContext): number {
    const known = this.contextIdOf.get(context);
    if (known !== undefined) return known;
    const { dialect, database, catalog, prepared, safeUpdates } = context;
    const text = JSON.stringify([dialect, database, catalog.generation, prepared, safeUpdates]);
    let id = this.contextIds.get(text);
    if (id === undefined) {
      id = this.contextIds.size + 1;
      this.contextIds.set(text, id);
    }
    this.contextIdOf.set(context, id);
    return id;
  }

  private catalogState(catalog: Catalog): CatalogState {
    const known = this.catalogs.get(catalog);
    if (known !== undefined) return known;
    const views = catalog.dependents.filter((dependent) => dependent.kind === 'view');
    const triggers = catalog.dependents.filter((dependent) => dependent.kind === 'trigger');
    const routines = catalog.dependents.filter((dependent) => dependent.kind === 'routine');
    const names = [
      ...this.options.tables.map((table) => table.table),
      ...views.map((view) => view.name),
      ...triggers.map((trigger) => trigger.table ?? trigger.name),
      ...routines.map((routine) => routine.name),
    ];
    const state: CatalogState = {
      tables: new ResolvedTables(this.options.tables, catalog),
      dependents: new Set(views.map((view) => foldLoosely(`${view.schema}.${view.name}`))),
      triggerTables: new Set(
        triggers.map((trigger) => foldLoosely(`${trigger.schema}.${trigger.table ?? trigger.name}`)),
      ),
      routines: new Set(routines.map((routine) => foldLoosely(`${routine.schema}.${routine.name}`))),
      names: namesPattern([
        ...names,
        ...(this.options.tenantVariable === null ? [] : [this.options.tenantVariable]),
      ]),
      gate: new Gate([...names, INFORMATION_SCHEMA]),
    };
    this.catalogs.set(catalog, state);
    return state;
  }
}

/** Any of these names in latin1 text, besides the reserved ones, ignoring the case of ASCII letters. */
function namesPattern(names: readonly string[]): RegExp {
  const escaped = names.map((name) =>
    Buffer.from(name, 'utf8')
      .toString('latin1')
      .replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
  );
  return new RegExp([...escaped, '__tc', 'user_variables', 'extractvalue', 'updatexml'].join('|'), 'i');
}

/** In a statement that we can't lex: SQL that is elsewhere, and user variables that may be reserved ones. */
function openingWords({ calls, dynamicSql }: RewriterOptions): RegExp {
  // A reserved name stands there as it is, or is spelled with an escape or letters that the server folds.
  const words = [
    'binlog(?!\\s+events)',
    '@[\\w.$]*[\\x80-\\xff]',
    '@[\'"`][^\'"`]*(?:[^\\x20-\\x7e]|\\\\|$)',
  ];
  if (dynamicSql !== 'allow') words.push('prepare', 'execute');
  if (!calls.includes('*')) words.push('call');
  if (words.length > 3) words.push('atomic');
  return new RegExp(words.join('|'), 'i');
}

/**
 * Characters whose second byte may be `@`. Their first and second bytes are none of the signs that end comments and
 * strings, so that where they begin is the same for us as for the server.
 */
const TWO_BYTES: Readonly<Record<string, RegExp>> = {
  big5: /[\xa1-\xf9][\x40-\x7e\xa1-\xfe]/g,
  cp932: /[\x81-\x9f\xe0-\xfc][\x40-\x7e\x80-\xfc]/g,
  gbk: /[\x81-\xfe][\x40-\x7e\x80-\xfe]/g,
  sjis: /[\x81-\x9f\xe0-\xfc][\x40-\x7e\x80-\xfc]/g,
};

/** One character outside ASCII, whatever the character set. */
const OUTSIDE_ASCII = /[\xc0-\xff][\x80-\xbf]*|[\x80-\xbf]/g;

/** Names of variables are compared loosely: a letter outside ASCII, here a dot, may stand for one of the name's. */
const MAY_CHANGE_TRACKING = /(?:^|[^a-z_.@$])set\b[\s\S]*[s.][e.][s.][s.][i.][o.][n.]_[t.][r.][a.][c.][k.]/i;

/** Four-byte characters: only gb18030 can spell a letter outside ASCII that lower_case_table_names folds into it. */
const FOLDABLE_GB18030 = /[\x81-\xfe][0-9][\x81-\xfe][0-9]/;

function refusedBecause(message: string): RefusePlan {
  return {
    outcome: 'refuse',
    error: { code: 'TC_UNSUPPORTED_SQL' },
    message,
    anchor: null,
    pins: [],
    effects: NO_EFFECTS,
    bytes: 0,
  };
}

/** Names without a schema may then be those of its views. */
function isInformationSchema(database: string | null): boolean {
  return database?.length === INFORMATION_SCHEMA.length && foldName(database) === INFORMATION_SCHEMA;
}

const SEMICOLON = 0x3b;
/** Bytes of a text from which on it is worth a look whether it is one of many statements. */
const LONG = 4096;

const SEVERAL: RefusePlan = { ...refusedBecause('several statements in one packet'), isSeveral: true };

/**
 * Many statements in one text that names a protected table: to plan the whole, only to find that it has to be taken
 * apart, would take seconds for a batch of some megabytes.
 */
function isLongBatch(
  statement: Buffer,
  start: number,
  end: number,
  { dialect, prepared }: RewriteContext,
  catalog: CatalogState,
): boolean {
  if (end - start < LONG || prepared || !statement.subarray(start, end).includes(SEMICOLON)) return false;
  const trimmed = endOfText(statement, start, end, dialect);
  if (firstStatement(statement, start, trimmed, dialect).next < 0) return false;
  return catalog.names.test(statement.toString('latin1', start, end));
}

function unreadableBecause(context: RewriteContext): string | null {
  const { dialect } = context;
  if (context.unknown === true) return 'a sql_mode and character set that are not known';
  if (dialect.sqlMode.unsupported !== null) return `sql_mode ${dialect.sqlMode.unsupported}`;
  if (!supportsCharacterSet(dialect.characterSetClient)) return `character set ${dialect.characterSetClient}`;
  const { characterSetConnection = '' } = context;
  if (WIDE_SETS.test(characterSetConnection)) return `character_set_connection ${characterSetConnection}`;
  return null;
}

/** The tenant's id, compared by its bytes, would be none of a row's. */
const WIDE_SETS = /^(?:ucs2|utf16|utf16le|utf32)$/;

/** Whether the literals that a plan is bound to are those of this statement. */
function holds(plan: Plan, scan: Scan): boolean {
  for (const pin of plan.pins) {
    const slot = scan.slotAt(pin.slot, 0);
    const start = scan.slotStart[slot]!;
    const end = scan.slotEnd[slot]!;
    if (scan.statement.compare(pin.bytes, 0, pin.bytes.length, start, end) !== 0) return false;
  }
  return true;
}
