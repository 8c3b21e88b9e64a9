import type { UnitSpan } from './edits.js';
import { hasSeveralStatements } from './first-statement.js';
import { lex } from './lexer.js';
import type { Plan } from './plan.js';
import { type PlannerOptions, Planning, type PlanningCatalog } from './planning.js';
import { refusalOf } from './refusal-plan.js';
import type { RewriteContext } from './rewriter.js';
import type { Scan } from './scan.js';
import { slotSpans } from './slot-spans.js';
import { TokenBuffer } from './tokens.js';

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
      const refused = refusalOf(error, slots, reduced, planning.isBoundToLiterals);
      const plan = planning.refused === null ? refused : { ...refused, dynamic: planning.refused };
      return hasSeveralStatements(reduced, tokens, context.dialect) ? { ...plan, isSeveral: true } : plan;
    }
  }
}
