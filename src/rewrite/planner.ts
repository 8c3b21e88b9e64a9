import { ProxyError, ServerError } from '../errors.js';
import { bytesOf, readDeallocate, readDynamicSql } from './dynamic-sql.js';
import { Edits, mergeStatics, parametersOf, type SlotSpan, type UnitSpan } from './edits.js';
import { hasSeveralStatements } from './first-statement.js';
import { lex } from './lexer.js';
import { MentionedColumns } from './mentioned-columns.js';
import type { Span, Statement } from './parser/ast.js';
import { parseStatement } from './parser/parse-statement.js';
import { SqlSyntaxError } from './parser/syntax-error.js';
import {
  type DynamicSql,
  NO_EFFECTS,
  type Pin,
  type Plan,
  type RefusePlan,
  type TemplateSegment,
  type TenantAssignment,
} from './plan.js';
import { checkUntouched } from './postcondition.js';
import { changeOfReading, mayReadOtherwise, refuseChangeOfReading } from './rereading.js';
import { judgeXpath, refuseReservedNames, refuseTenantAssignments } from './reserved-names.js';
import type { ResolvedTables } from './resolved-table.js';
import type { RewriteContext } from './rewriter.js';
import { Rewriting } from './rewriting.js';
import { rewriteInsert } from './rules/insert.js';
import { changesSchema, checkOpaque } from './rules/other.js';
import { rewriteQuery } from './rules/query.js';
import { checkRead, rewriteSelect } from './rules/select.js';
import { analyseSet, trackingChange } from './rules/set.js';
import { rewriteDelete, rewriteUpdate } from './rules/update.js';
import type { Scan } from './scan.js';
import { refuseDisagreement } from './second-reader.js';
import { TokenList } from './token-list.js';
import { isLiteralKind, TokenBuffer, TokenKind } from './tokens.js';
import { UnseenSql, type UnseenSqlPolicy } from './unseen-sql.js';

export interface PlannerOptions extends UnseenSqlPolicy {
  readonly tenantVariable: string | null;
  readonly parseDepth: number;
  /** Finds, in bytes, what could run SQL that is elsewhere. */
  readonly openingWords: RegExp;
}

/** The protected tables of one catalog and what depends on them. */
export interface PlanningCatalog {
  readonly tables: ResolvedTables;
  /** Folded `schema.name` of views over protected tables. */
  readonly dependents: ReadonlySet<string>;
  /** Loosely folded `schema.table` whose triggers touch protected tables. */
  readonly triggerTables: ReadonlySet<string>;
  /** Loosely folded `schema.name` of routines that do. */
  readonly routines: ReadonlySet<string>;
  /** Finds a name in bytes, wherever it stands, that a statement on protected tables would hold. */
  readonly names: RegExp;
}

const RULES = { query: rewriteQuery };

/** How deep PREPARE … FROM 'PREPARE …' is followed. */
const NESTING = 2;

/** Makes the plan of a statement: once a shape, off the hot path. */
export class Planner {
  private readonly options: PlannerOptions;

  constructor(options: PlannerOptions) {
    this.options = options;
  }

  /** Never throws: what can't be planned is refused by the plan. */
  plan(scan: Scan, context: RewriteContext, catalog: PlanningCatalog): Plan {
    const reduced = scan.reduce();
    const units: UnitSpan[] = [];
    for (let unit = 0; unit < scan.unitCount; unit++) {
      units.push({ unit, start: scan.reducedUnitStart(unit), end: scan.reducedUnitEnd(unit) });
    }
    return this.planReduced(reduced, units, context, catalog, 0);
  }

  private planReduced(
    reduced: Buffer,
    units: readonly UnitSpan[],
    context: RewriteContext,
    catalog: PlanningCatalog,
    nesting: number,
  ): Plan {
    const tokens = new TokenBuffer();
    lex(reduced, 0, reduced.length, context.dialect, tokens);
    const slots = slotSpans(tokens);
    const planning = new Planning(this.options, reduced, tokens, slots, units, context, catalog, (sql) =>
      nesting < NESTING ? this.planReduced(sql, [], context, catalog, nesting + 1) : null,
    );
    try {
      return planning.plan();
    } catch (error) {
      const refused = refusal(error, slots, reduced, planning.isBoundToLiterals);
      const plan = planning.refused === null ? refused : { ...refused, dynamic: planning.refused };
      return hasSeveralStatements(reduced, tokens, context.dialect) ? { ...plan, isSeveral: true } : plan;
    }
  }
}

class Planning {
  private readonly rewriting: Rewriting;
  private readonly list: TokenList;
  private readonly unseen: UnseenSql;
  private readonly pins: Pin[] = [];
  private tenantAssignments: readonly TenantAssignment[] = [];
  private schemaChange = false;
  private runsUnseenSql = false;
  private dynamic: DynamicSql | null = null;
  /** Dynamic SQL that is refused for what its string holds, or for being no string. */
  refused: DynamicSql | null = null;
  /** Whether the plan holds for the statement's own literals only. */
  isBoundToLiterals = false;
  private topLevelVariables: ReadonlySet<number> = new Set();

  constructor(
    private readonly options: PlannerOptions,
    private readonly reduced: Buffer,
    private readonly tokens: TokenBuffer,
    private readonly slots: readonly SlotSpan[],
    private readonly units: readonly UnitSpan[],
    private readonly context: RewriteContext,
    private readonly catalog: PlanningCatalog,
    private readonly planNested: (sql: Buffer) => Plan | null,
  ) {
    this.list = new TokenList(reduced, tokens, context.dialect);
    this.rewriting = new Rewriting({
      statement: reduced,
      edits: new Edits(reduced, slots),
      context,
      tables: catalog.tables,
      dependents: catalog.dependents,
      triggerTables: catalog.triggerTables,
      routines: catalog.routines,
      tenantVariable: options.tenantVariable,
      rules: RULES,
      mentioned: new MentionedColumns(this.list),
    });
    this.unseen = new UnseenSql(options, this.rewriting, this.list);
  }

  plan(): Plan {
    refuseReservedNames(this.rewriting, this.list);
    this.judgeXpath();
    this.unseen.refuseDependentRoutines();
    const statement = this.parse();
    if (statement === null) return this.forwardUnparsed();
    this.applyRule(statement);
    const opaque = statement.kind === 'other' && statement.verb !== 'EXECUTE';
    refuseTenantAssignments(this.rewriting, this.list, this.topLevelVariables, opaque);
    checkRead(this.rewriting);
    this.unseen.refuseStoredFunctions();
    this.askSecondReader(statement);
    return this.finish();
  }

  private parse(): Statement | null {
    try {
      return parseStatement(this.reduced, this.tokens, this.context.dialect, {
        maxDepth: this.options.parseDepth,
      });
    } catch (error) {
      if (!(error instanceof SqlSyntaxError)) throw error;
      this.syntaxError = error;
      return null;
    }
  }

  private syntaxError: SqlSyntaxError | null = null;

  /** What we can't read may be forwarded only when nothing in it can concern a protected table. */
  private forwardUnparsed(): Plan {
    const error = this.syntaxError!;
    const construct = `a statement that tenantcrypt can't read (${error.message})`;
    this.refuseChangeOfReading();
    this.unseen.refuseTriggersAnywhere();
    try {
      // Of several statements each is taken by itself, so that what PREPARE gave a name to is followed.
      const several = hasSeveralStatements(this.reduced, this.tokens, this.context.dialect);
      const allowed = several ? new Set<string>() : this.unseen.allowedWords;
      checkOpaque(this.rewriting, this.list, '', construct, allowed);
    } catch (refused) {
      if (refused instanceof ProxyError && refused.code === 'TC_UNSUPPORTED_SQL') {
        throw new ProxyError(refused.code, refused.message, { position: error.position });
      }
      throw refused;
    }
    this.refuseHidden(construct);
    refuseTenantAssignments(this.rewriting, this.list, new Set(), true);
    return this.forward();
  }

  /**
   * Behind what the lexer could not read the server may read tokens that we do not see: only its bytes count, and what
   * it has set is looked up again. A dump's trigger in an executable comment, `/*!50003 TRIGGER … BEGIN SET @a = 1; …`.
   */
  private refuseHidden(construct: string): void {
    const { tokens, reduced, rewriting, catalog, options } = this;
    const last = tokens.length - 1;
    if (last < 0 || tokens.kind[last] !== TokenKind.Invalid) return;
    const start = tokens.start[last]!;
    const hidden = reduced.toString('latin1', start);
    const mayFold = this.context.dialect.lowerCaseTableNames !== 0 && /[\x80-\xff]/.test(hidden);
    if (mayFold || catalog.names.test(hidden) || options.openingWords.test(hidden)) {
      rewriting.unsupported(construct, { start });
    }
    this.runsUnseenSql = true;
  }

  private applyRule(statement: Statement): void {
    const { rewriting } = this;
    switch (statement.kind) {
      case 'select':
        rewriteSelect(rewriting, statement);
        return;
      case 'insert':
        rewriteInsert(rewriting, statement);
        return;
      case 'update':
        rewriteUpdate(rewriting, statement);
        return;
      case 'delete':
        rewriteDelete(rewriting, statement);
        return;
      case 'set':
        this.topLevelVariables = new Set(
          statement.assignments
            .filter((assignment) => assignment.kind === 'userVariable')
            .map((assignment) => assignment.start),
        );
        this.tenantAssignments = analyseSet(rewriting, statement);
        return;
      case 'explain':
        if (statement.statement !== null) this.applyRule(statement.statement);
        else checkOpaque(rewriting, this.list, 'SHOW', 'DESCRIBE');
        return;
      case 'other':
        this.applyOpaque(statement.verb);
    }
  }

  private applyOpaque(verb: string): void {
    const { list } = this;
    if (verb === 'PREPARE' || verb === 'EXECUTE') {
      this.checkDynamicSql(verb);
      return;
    }
    this.dynamic = readDeallocate(list);
    if (this.dynamic !== null) return;
    this.schemaChange = changesSchema(verb);
    if (verb === 'CALL' && this.unseen.isAllowedCall()) {
      this.runsUnseenSql = true;
      checkOpaque(this.rewriting, this.list, 'SHOW', 'CALL');
      return;
    }
    if (verb === 'LOAD') this.unseen.refuseTriggersAnywhere();
    const allowed = this.unseen.allowedWords;
    // A compound statement may hold what the configuration lets run unseen.
    this.runsUnseenSql ||= allowed.has('atomic');
    checkOpaque(this.rewriting, this.list, verb, verb, allowed);
  }

  private judgeXpath(): void {
    const judged = judgeXpath(this.rewriting, this.list);
    const first = judged[0];
    if (first !== undefined && this.units.length > 0) {
      // Of repeated rows only the first is looked at.
      this.rewriting.fail(
        'TC_RESERVED_NAME',
        'XPath in several rows of VALUES is refused; send one row',
        first,
      );
    }
    for (const literal of judged) this.pin(literal);
  }

  /** Binds the plan to the bytes of a literal. */
  private pin({ start, end }: Span): void {
    for (const slot of this.rewriting.edits.slotsWithin({ start, end })) {
      this.pins.push({ slot, bytes: Buffer.from(this.reduced.subarray(start, end)) });
    }
  }

  /** Statements that are read in another way than we read them may hold nothing that could concern us as bytes. */
  private refuseChangeOfReading(): void {
    try {
      refuseChangeOfReading(this.list);
    } catch (error) {
      this.isBoundToLiterals = true;
      const text = this.reduced.toString('latin1');
      const { names } = this.catalog;
      if (/[\x80-\xff]/.test(text) || names.test(text) || this.options.openingWords.test(text)) throw error;
      // Other literals may hold a name.
      this.pins.push(...pinAll(this.slots, this.reduced, true));
    }
  }

  /** PREPARE s FROM '…' and EXECUTE IMMEDIATE '…': the string is a statement, and must be one to forward. */
  private checkDynamicSql(verb: 'PREPARE' | 'EXECUTE'): void {
    const { list } = this;
    const rewriting: Rewriting = this.rewriting;
    // What may be prepared unseen may be executed unseen.
    this.runsUnseenSql = this.options.dynamicSql === 'allow';
    const { dynamic, literal, argument } = readDynamicSql(list, this.reduced, this.context.dialect);
    for (let index = 0; index < list.count; index++) {
      // What is prepared decides what the statement means (bypasses.md 24), and arguments are copied.
      this.pin({ start: list.start(index), end: list.end(index) });
    }
    // EXECUTE s: its PREPARE was checked when it passed.
    if (dynamic?.kind === 'execute') {
      this.dynamic = dynamic;
      return;
    }
    if (literal === null) {
      if (this.options.dynamicSql === 'allow') {
        checkOpaque(rewriting, list, 'SHOW', verb);
        this.dynamic = dynamic;
        return;
      }
      this.refused = dynamic;
      rewriting.fail(
        'TC_UNSUPPORTED_SQL',
        `${verb} from anything but a string literal is refused (policy.dynamicSql); send the statement itself`,
        { start: list.start(Math.min(argument, list.count - 1)) },
      );
    }
    const { sql, start } = literal;
    const nested = this.planNested(sql);
    // Parsed again after DDL, under what the session has set by then.
    const hides = mayReadOtherwise(sql) && this.catalog.names.test(sql.toString('latin1'));
    if (
      hides ||
      nested === null ||
      nested.outcome !== 'forward' ||
      nested.effects.tenantAssignments.length > 0 ||
      nested.effects.changesTracking === true
    ) {
      this.refused = dynamic;
      rewriting.fail(
        'TC_UNSUPPORTED_SQL',
        `${verb} of a statement on a protected table is not supported; send the statement itself`,
        { start },
      );
    }
    const { effects } = nested;
    this.dynamic = dynamic === null || dynamic.kind === 'deallocate' ? dynamic : { ...dynamic, effects };
    if (dynamic?.kind === 'immediate') {
      this.schemaChange = effects.changesSchema;
      this.runsUnseenSql ||= effects.runsUnseenSql === true || effects.changesReading === true;
    }
  }

  private askSecondReader(statement: Statement): void {
    if (statement.kind === 'other' || statement.kind === 'set') return;
    refuseDisagreement(this.rewriting, this.tokens, this.list);
  }

  /** Copied text would be read in another way: an executable comment reaches into what is replaced, or we erred. */
  private refuseBroken(broken: string): never {
    const { tokens } = this;
    for (let index = 0; index < tokens.length; index++) {
      if (tokens.kind[index] !== TokenKind.ExecutableOpen) continue;
      this.rewriting.unsupported('an executable comment around part of a table reference', {
        start: tokens.start[index]!,
      });
    }
    throw new Error(`rewriting went wrong: ${broken}`);
  }

  private finish(): Plan {
    const { rewriting } = this;
    if (rewriting.tables.size === 0) {
      if (!rewriting.edits.isEmpty) throw new Error('edits without a protected table');
      return this.forward();
    }
    const segments = rewriting.edits.segments(this.units);
    const broken = checkUntouched(this.reduced, this.tokens, segments, this.slots, this.context.dialect);
    if (broken !== null) this.refuseBroken(broken);
    const merged: TemplateSegment[] = segments.map((segment) => ({
      unit: segment.unit,
      ops: mergeStatics(segment.ops),
    }));
    const tables = [...rewriting.tables.values()];
    const views = rewriting.views.map(({ alias, table }) => ({ alias, table: table.config }));
    return {
      outcome: 'rewrite',
      segments: merged,
      needsTenant: tables.some((table) => table.tenant !== null || table.config.columns.size > 0),
      needsKey: tables.some((table) => table.config.columns.size > 0),
      columns: views.length === 0 ? null : { views },
      parameters: parametersOf(merged),
      pins: this.pins,
      effects: this.effects(),
      bytes: planBytes(merged),
    };
  }

  private forward(): Plan {
    const { dynamic } = this;
    const plan = { outcome: 'forward', pins: this.pins, effects: this.effects(), bytes: 300 } as const;
    return dynamic === null ? plan : { ...plan, dynamic, bytes: plan.bytes + bytesOf(dynamic) };
  }

  private effects(): Plan['effects'] {
    const tables = [...this.rewriting.tables.keys()];
    const tracking = trackingChange(this.list);
    const reading = changeOfReading(this.list);
    const unseen = this.runsUnseenSql || reading === 'undone';
    if (
      tables.length === 0 &&
      this.tenantAssignments.length === 0 &&
      !this.schemaChange &&
      tracking === 'none' &&
      reading === 'none' &&
      !unseen
    ) {
      return NO_EFFECTS;
    }
    return {
      tenantAssignments: this.tenantAssignments,
      changesSchema: this.schemaChange,
      tables,
      ...(tracking === 'none' ? {} : { changesTracking: true }),
      ...(tracking === 'variables' ? { changesTrackedVariables: true } : {}),
      ...(reading === 'lasting' ? { changesReading: true } : {}),
      ...(unseen ? { runsUnseenSql: true } : {}),
    };
  }
}

/** Literals and comments, which every statement of the shape has at the same place, and `?`. */
export function slotSpans(tokens: TokenBuffer): SlotSpan[] {
  const spans: SlotSpan[] = [];
  let slot = 0;
  let parameter = 0;
  for (let index = 0; index < tokens.length; index++) {
    const kind = tokens.kind[index]!;
    const span = { start: tokens.start[index]!, end: tokens.end[index]! };
    if (isLiteralKind(kind) || kind === TokenKind.Comment) {
      spans.push({ kind: 'slot', ordinal: slot++, ...span });
    } else if (kind === TokenKind.Parameter) {
      spans.push({ kind: 'parameter', ordinal: parameter++, ...span });
    }
  }
  return spans;
}

function planBytes(segments: readonly TemplateSegment[]): number {
  let bytes = 500;
  for (const segment of segments) {
    for (const op of segment.ops) bytes += 80 + (op.kind === 'static' ? op.bytes.length : 100);
  }
  return bytes;
}

function refusal(error: unknown, slots: readonly SlotSpan[], reduced: Buffer, isBound: boolean): RefusePlan {
  const base = {
    outcome: 'refuse',
    pins: pinAll(slots, reduced, isBound),
    effects: NO_EFFECTS,
    bytes: 600,
  } as const;
  if (error instanceof ServerError) {
    const { errno, sqlState } = error;
    return { ...base, error: { errno, sqlState }, message: error.message, anchor: null };
  }
  if (error instanceof ProxyError) {
    const anchor = error.position === undefined ? null : anchorOf(error.position, slots);
    return { ...base, error: { code: error.code }, message: error.message, anchor };
  }
  return {
    ...base,
    error: { code: 'TC_INTERNAL' },
    message: 'the statement could not be analysed; please report it',
    anchor: null,
  };
}

/** A refusal that comes from what a string says, SQL or XPath, holds for that string only. */
function pinAll(slots: readonly SlotSpan[], reduced: Buffer, isBound: boolean): Pin[] {
  if (!isBound && !/prepare|execute|extractv|updatexml/i.test(reduced.toString('latin1'))) return [];
  return slots
    .filter((slot) => slot.kind === 'slot')
    .map((slot) => ({ slot: slot.ordinal, bytes: Buffer.from(reduced.subarray(slot.start, slot.end)) }));
}

/** A position that moves with the lengths of the literals in front of it. */
function anchorOf(position: number, slots: readonly SlotSpan[]): { slot: number; delta: number } {
  let anchor = { slot: -1, delta: position };
  for (const slot of slots) {
    if (slot.kind !== 'slot' || slot.end > position) continue;
    anchor = { slot: slot.ordinal, delta: position - slot.end };
  }
  return anchor;
}
