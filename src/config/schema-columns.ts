import { z } from 'zod';
import type { ColumnType } from '../rewrite/column-type.js';
import { COLUMN_TYPE_EXAMPLES, COLUMN_TYPE_PATTERN, parseColumnType } from './column-type.js';
import { oneOf, text } from './schema-scalars.js';

/** Whether the name, as servers fold it, is one that tenantcrypt keeps for itself. */
export function reservedName(name: string): boolean {
  return name.normalize('NFKD').toLowerCase().startsWith('__tc');
}

/** The name of a column as servers accept it, less what no one can quote safely. */
export function identifier(what: string) {
  return text().refine((name) => nameProblem(name) === undefined, {
    error: (issue) =>
      `${nameProblem(String(issue.input))}; write the name of ${what} as the table declares it`,
  });
}

/** Why `name` can be no identifier of a protected table or column; undefined when it can. */
export function nameProblem(name: string): string | undefined {
  if (name === '') return 'is empty';
  if ([...name].length > 64) return 'is longer than 64 characters';
  if (/[`\u0000-\u001f\u007f]/.test(name)) return 'holds a back quote or a control character';
  if (/^\s|\s$/.test(name)) return 'starts or ends with white space';
  if (reservedName(name)) return 'starts with __tc, which tenantcrypt reserves';
  return undefined;
}

/** MySQL's 0900_bin and MariaDB's nopad_bin compare bytes without padding, so equal ciphertext is equal text. */
const EXACT_COLLATION = /_(?:0900_bin|nopad_bin)$/;

/** CHAR drops trailing spaces on the way out, so its text can be equal where ciphertext differs. */
function defaultEquality(type: ColumnType): 'exact' | 'collation' {
  if (type.kind !== 'string') return 'exact';
  return type.base !== 'char' && type.collation !== undefined && EXACT_COLLATION.test(type.collation)
    ? 'exact'
    : 'collation';
}

const column = z
  .strictObject({
    column: identifier('the physical column')
      .optional()
      .describe('The column that holds the ciphertext; the same name when left out'),
    type: text().meta({
      description: 'The declared type, for example varchar(255)',
      pattern: COLUMN_TYPE_PATTERN,
      examples: [...COLUMN_TYPE_EXAMPLES],
    }),
    equality: oneOf(['exact', 'collation']).optional(),
    charset: text().optional(),
    collation: text().optional(),
  })
  .transform((value, ctx) => {
    const parsed = parseColumnType(value.type, { charset: value.charset, collation: value.collation });
    if (!parsed.ok) {
      ctx.addIssue({ code: 'custom', path: [parsed.problem.key], message: parsed.problem.message });
      return z.NEVER;
    }
    return {
      physical: value.column,
      type: parsed.type,
      equality: value.equality ?? defaultEquality(parsed.type),
    };
  });

export const columns = z.record(z.string(), column).refine((value) => Object.keys(value).length > 0, {
  error: 'names no column; name one or remove the table',
});
