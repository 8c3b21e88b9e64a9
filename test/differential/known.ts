import type { Aspect, Difference } from './compare.js';
import type { Protocol, Server } from './statement-file.js';

/** A difference that is documented: where it is seen, nothing is broken. */
export interface KnownDifference {
  readonly aspects: readonly Aspect[];
  readonly detail: RegExp;
  readonly server?: Server;
  readonly protocol?: Protocol;
  /** Why it is so, or which issue ends it. */
  readonly reason: string;
}

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    aspects: ['metadata', 'prepare'],
    detail: /^\w+ (?:length \d+ against \d+(?:, )?)?(?:type [123] against 8)?$/,
    protocol: 'prepared',
    reason: 'integers come as BIGINT in the binary protocol (semantics.md 16)',
  },
  {
    aspects: ['kind'],
    detail: /^error 1093 HY000 .* against OK \d+$/s,
    server: 'mysql',
    reason: 'a view of the table that is written may be read (semantics.md 20)',
  },
  {
    aspects: ['error'],
    detail: /^1093 HY000 /,
    server: 'mysql',
    reason: 'a view of the table that is written may be read, and has its own errors (semantics.md 20)',
  },
  {
    aspects: ['error'],
    detail: /^(?:1062|1048|1364) .* against (?:1264|1265|1366|1406) /s,
    protocol: 'prepared',
    reason: 'of several errors in one prepared INSERT the proxy reports those of values first',
  },
  {
    aspects: ['error', 'message'],
    detail:
      /for column (?:`\w+`\.`\w+`\.)?['`](\w+)['`] at row \d+ against .* for column '(?!\1')\w+' at row \d+$/s,
    protocol: 'prepared',
    reason: 'of several errors in one prepared INSERT the proxy reports those of values first',
  },
  {
    aspects: ['ok'],
    detail: /^info {2}against \(?Rows matched: 0 {2}Changed: 0 {2}Warnings: 0$/,
    server: 'mariadb',
    reason: 'MariaDB leaves the text out where it sees that no row can match',
  },
];

/** Whether a difference is one of those; `seen` counts them. */
export function isKnown(
  { aspect, detail }: Difference,
  head: { readonly server: Server; readonly protocol: Protocol },
): boolean {
  return KNOWN_DIFFERENCES.some(
    (known) =>
      known.aspects.includes(aspect) &&
      known.detail.test(detail) &&
      (known.server ?? head.server) === head.server &&
      (known.protocol ?? head.protocol) === head.protocol,
  );
}
