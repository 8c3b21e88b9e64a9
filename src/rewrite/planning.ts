import { ProxyError } from '../errors.js';
import { bytesOf, readDeallocate } from './dynamic-sql.js';
import { Edits, mergeStatics, parametersOf, type SlotSpan, type UnitSpan } from './edits.js';
import { hasSeveralStatements } from './first-statement.js';
import { MentionedColumns } from './mentioned-columns.js';
import type { Span, Statement } from './parser/ast.js';
import { parseStatement } from './parser/parse-statement.js';
import { SqlSyntaxError } from './parser/syntax-error.js';
import {
  type DynamicSql,
  NO_EFFECTS,
  type Pin,
  type Plan,
  type TemplateSegment,
  type TenantAssignment,
} from './plan.js';
import { checkUntouched } from './postcondition.js';
import { pinAll } from './refusal-plan.js';
import { changeOfReading, refuseChangeOfReading } from './rereading.js';
import { judgeXpath, refuseReservedNames, refuseTenantAssignments } from './reserved-names.js';
import type { ResolvedTables } from './resolved-table.js';
import { restorationOf } from './restoration.js';
import type { RewriteContext } from './rewriter.js';
import { Rewriting } from './rewriting.js';
import { rewriteDefinition } from './rules/ddl.js';
import { judgeDynamicSql } from './rules/dynamic-sql.js';
import { rewriteInsert } from './rules/insert.js';
import { rewriteLoad } from './rules/load-data.js';
import { changesSchema, checkOpaque } from './rules/other.js';
import { rewriteQuery } from './rules/query.js';
import { mayNameSchemaView } from './rules/schema-views.js';
import { checkRead, rewriteSelect } from './rules/select.js';
import { analyseSet, trackingChange } from './rules/set.js';
import { rewriteDescribe, rewriteShow } from './rules/show.js';
import { isTableStatement } from './rules/table-statements.js';
import { rewriteDelete, rewriteUpdate } from './rules/update.js';
import { refuseDisagreement } from './second-reader.js';
import { TokenList } from './token-list.js';
import { type TokenBuffer, TokenKind } from './tokens.js';
import { UnseenSql, type UnseenSqlPolicy } from './unseen-sql.js';

export interface PlannerOptions extends UnseenSqlPolicy {
  readonly tenantVariable: string | null;
  readonly parseDepth: number;
  /** Whether plain reads get the inline form. */
  readonly inlineReads: boolean;
  /** `schema.table` that plaintext may be inserted into. */
  readonly plaintextInto: readonly string[];
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

/** One statement on its way into a plan. */
export class Planning {
  private readonly rewriting: Rewriting;
  private readonly list: TokenList;
  private readonly unseen: UnseenSql;
  private readonly pins: Pin[] = [];
  private tenantAssignments: readonly TenantAssignment[] = [];
  private schemaChange = false;
  private runsUnseenSql = false;
  /** LOAD DATA: the words SET and CHARACTER in it change nothing of the session. */
  private loadsFile = false;
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
      plaintextInto: options.plaintextInto,
      rules: RULES,
      inlineReads: options.inlineReads,
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
    for (const literal of this.rewriting.pinned) this.pin(literal);
    const opaque = statement.kind === 'other' && statement.verb !== 'EXECUTE';
    refuseTenantAssignments(this.rewriting, this.list, this.topLevelVariables, opaque);
    checkRead(this.rewriting);
    this.unseen.refuseStoredFunctions();
    this.unseen.refuseWeights();
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
      if (mayNameSchemaView(this.rewriting, this.list))
        this.rewriting.unsupported(construct, { start: error.position });
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
        rewriting.isExplained = statement.statement !== null;
        if (statement.statement !== null) this.applyRule(statement.statement);
        else if (statement.table !== null) rewriteDescribe(rewriting, statement, statement.table);
        else checkOpaque(rewriting, this.list, 'SHOW', 'EXPLAIN');
        return;
      case 'show':
        rewriteShow(rewriting, statement);
        return;
      case 'load':
        this.loadsFile = true;
        if (!rewriteLoad(rewriting, statement)) this.applyOpaque('LOAD');
        return;
      case 'other':
        if (!isTableStatement(this.list, statement.verb)) this.applyOpaque(statement.verb);
    }
  }

  private applyOpaque(verb: string): void {
    const { list } = this;
    if (verb === 'PREPARE' || verb === 'EXECUTE') {
      this.judgeDynamicSql(verb);
      return;
    }
    this.dynamic = readDeallocate(list);
    if (this.dynamic !== null) return;
    this.schemaChange = changesSchema(verb);
    const unread = this.schemaChange ? this.applyDefinition() : null;
    if (unread === 'done') return;
    if (verb === 'CALL' && this.unseen.isAllowedCall()) {
      this.runsUnseenSql = true;
      checkOpaque(this.rewriting, this.list, 'SHOW', 'CALL');
      return;
    }
    if (verb === 'LOAD') this.unseen.refuseTriggersAnywhere();
    const allowed = this.unseen.allowedWords;
    // A compound statement may hold what the configuration lets run unseen.
    this.runsUnseenSql ||= allowed.has('atomic');
    checkOpaque(this.rewriting, this.list, verb, unread === null ? verb : `${verb} (${unread})`, allowed);
  }

  /** @returns 'done', or what could not be read of a definition, null: it is on something else than tables */
  private applyDefinition(): 'done' | string | null {
    // Lengths and defaults are literals that decide what a definition means.
    this.isBoundToLiterals = true;
    const outcome = rewriteDefinition(this.rewriting, this.tokens, this.options.parseDepth);
    if (outcome.kind === 'unread') return outcome.error?.message ?? null;
    if (this.rewriting.defined.size > 0 || this.rewriting.tables.size > 0) this.pinAll();
    return 'done';
  }

  private pinAll(): void {
    const { list } = this;
    for (let index = 0; index < list.count; index++) {
      this.pin({ start: list.start(index), end: list.end(index) });
    }
  }

  private judgeDynamicSql(verb: 'PREPARE' | 'EXECUTE'): void {
    const { list, catalog, planNested } = this;
    // What is prepared decides what the statement means (bypasses.md 24), and arguments are copied.
    this.pinAll();
    const input = {
      verb,
      rewriting: this.rewriting,
      list,
      policy: this.options,
      names: catalog.names,
      planNested,
    };
    const judged = judgeDynamicSql(input);
    this.dynamic = judged.dynamic;
    this.schemaChange = judged.changesSchema;
    this.runsUnseenSql = judged.runsUnseenSql;
    if (judged.refusal === null) return;
    this.refused = judged.dynamic;
    this.dynamic = null;
    throw judged.refusal;
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

  private askSecondReader(statement: Statement): void {
    if (statement.kind === 'other' || this.rewriting.rows !== null) return;
    if (statement.kind === 'set' && this.rewriting.tables.size === 0) return;
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
    const touched = rewriting.tables.size + rewriting.defined.size + rewriting.schemaViews.length;
    if (touched === 0 && rewriting.rows === null) {
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
    const needsKey = rewriting.rows === null && tables.some((table) => table.config.columns.size > 0);
    return {
      outcome: 'rewrite',
      segments: merged,
      needsTenant: needsKey || (rewriting.rows === null && tables.some((table) => table.tenant !== null)),
      needsKey,
      columns: restorationOf(rewriting),
      parameters: parametersOf(merged),
      pins: this.pins,
      effects: this.effects(),
      bytes: planBytes(merged),
      ...(rewriting.emptyTable === null ? {} : { emptyTable: rewriting.emptyTable }),
    };
  }

  private forward(): Plan {
    const { dynamic } = this;
    const plan = { outcome: 'forward', pins: this.pins, effects: this.effects(), bytes: 300 } as const;
    return dynamic === null ? plan : { ...plan, dynamic, bytes: plan.bytes + bytesOf(dynamic) };
  }

  private effects(): Plan['effects'] {
    const tables = [...this.rewriting.tables.keys(), ...this.rewriting.defined];
    const tracking = trackingChange(this.list);
    const reading = this.loadsFile ? 'none' : changeOfReading(this.list);
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

function planBytes(segments: readonly TemplateSegment[]): number {
  let bytes = 500;
  for (const segment of segments) {
    for (const op of segment.ops) bytes += 80 + (op.kind === 'static' ? op.bytes.length : 100);
  }
  return bytes;
}
