import { isAggregate } from '../parser/aggregates.js';
import type { Expression, FunctionCall } from '../parser/ast.js';
import { type AstNode, forEachChild } from '../parser/walk.js';
import type { Rewriting } from '../rewriting.js';
import { unwrapParentheses } from './expression-facts.js';

/** Functions whose value depends on their arguments and the statement alone, so that writing them twice is safe. */
const STABLE_FUNCTIONS = new Set(
  `abs acos addtime ascii asin atan atan2 bin bit_count bit_length cast ceil ceiling char char_length
  character_length coalesce concat concat_ws conv convert convert_tz cos cot crc32 curdate current_date
  current_time current_timestamp current_user curtime database date date_add date_format date_sub datediff
  day dayname dayofmonth dayofweek dayofyear default degrees elt exp export_set extract field find_in_set floor
  format from_base64 from_days from_unixtime get_format greatest hex hour if ifnull inet6_aton inet6_ntoa
  inet_aton inet_ntoa insert instr isnull json_array json_array_append json_array_insert json_contains
  json_contains_path json_depth json_extract json_insert json_keys json_length json_merge_patch
  json_merge_preserve json_object json_pretty json_quote json_remove json_replace json_search json_set
  json_type json_unquote json_valid json_value last_day lcase least left length ln localtime localtimestamp
  locate log log10 log2 lower lpad ltrim makedate maketime make_set md5 mid microsecond minute mod month
  monthname now nullif oct octet_length ord period_add period_diff pi position pow power quarter quote
  radians regexp_instr regexp_like regexp_replace regexp_substr repeat replace reverse right round rpad
  rtrim schema sec_to_time second session_user sha sha1 sha2 sign sin soundex space sqrt str_to_date strcmp
  subdate substr substring substring_index subtime system_user tan time time_format time_to_sec timediff
  timestamp timestampadd timestampdiff to_base64 to_days to_seconds trim truncate ucase unhex
  unix_timestamp upper user utc_date utc_time utc_timestamp uuid values version week weekday weekofyear
  year yearweek adddate any_value`.split(/\s+/),
);

/** Those that are the same for the same rows, beside the others, inside a subquery. */
const WINDOW_FUNCTIONS = new Set(
  `row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value grouping`.split(
    ' ',
  ),
);

type Unstable = Extract<Expression, { kind: 'subquery' | 'operator' | 'function' }>;

/** Refuses what may give another value each time that it is written: of checked and stored value one could be another. */
export function refuseUnstable(rewriting: Rewriting, root: Expression): void {
  const unstable = findUnstable(root, { inSubqueries: true });
  if (unstable === null) return;
  const what = unstable.kind === 'function' ? `the function ${unstable.name}` : UNSTABLE_KINDS[unstable.kind];
  rewriting.unsupported(`${what} in the value of a protected column`, unstable);
}

const UNSTABLE_KINDS = { subquery: 'a subquery', operator: 'an assignment' } as const;

/**
 * What may give another value each time it is written, if there is any in an expression.
 * @param inSubqueries looks into subqueries, which read the same rows within one evaluation of the whole; otherwise
 *   each is unstable
 */
export function findUnstable(
  root: Expression,
  { inSubqueries }: { readonly inSubqueries: boolean } = { inSubqueries: false },
): Unstable | null {
  const pending: { node: AstNode; inQuery: boolean }[] = [{ node: root, inQuery: false }];
  for (let entry = pending.pop(); entry !== undefined; entry = pending.pop()) {
    const { node } = entry;
    let { inQuery } = entry;
    if (node.kind === 'subquery') {
      if (!inSubqueries) return node;
      inQuery = true;
    }
    if (node.kind === 'operator' && node.operator === ':=') return node;
    if (node.kind === 'function' && 'name' in node && !isStable(node, root, inQuery)) return node;
    forEachChild(node, (child) => {
      pending.push({ node: child, inQuery });
    });
  }
  return null;
}

function isStable(call: FunctionCall, root: Expression, inQuery: boolean): boolean {
  if (call.schema !== null) return false;
  if (inQuery && (isAggregate(call.name) || WINDOW_FUNCTIONS.has(call.name))) return true;
  // UUID() gives another value each time: alone, where its length is known, it needs to be written only once.
  if (call.name === 'uuid') return unwrapParentheses(root) === call;
  return STABLE_FUNCTIONS.has(call.name);
}
