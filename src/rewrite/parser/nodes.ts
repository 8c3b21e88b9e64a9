import type { Expression, FunctionCall, Identifier, OperatorExpression } from './ast.js';

export function operator(
  name: string,
  operands: readonly Expression[],
  start: number,
  end: number,
  detail: string | null = null,
): OperatorExpression {
  return { kind: 'operator', operator: name, operands, name: detail, start, end };
}

export interface CallParts {
  readonly schema?: Identifier | null;
  readonly distinct?: boolean;
  readonly extra?: readonly Expression[];
  readonly window?: boolean;
}

/** `name` in lower case. */
export function call(
  name: string,
  args: readonly Expression[],
  start: number,
  end: number,
  parts: CallParts = {},
): FunctionCall {
  const { schema = null, distinct = false, extra = [], window = false } = parts;
  return { kind: 'function', name, schema, distinct, arguments: args, extra, window, start, end };
}
