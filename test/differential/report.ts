import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { groupBy } from './group-by.js';
import type { Verdict } from './judge.js';
import { knownReasons } from './known.js';
import type { Expectation, Protocol, Server } from './statement-file.js';

/** One statement's outcome on one server in one protocol. */
export interface Entry {
  readonly kind: string;
  readonly construct: string;
  readonly place: string;
  readonly sql: string;
  readonly server: Server;
  readonly protocol: Protocol;
  readonly outcome: 'equal' | 'refused' | 'documented' | 'different';
  /** Whether the outcome is the expected one. */
  readonly expected: boolean;
  readonly code: string | null;
  readonly reason: string | null;
  readonly rows: number;
  readonly errno: number | null;
  /** Documented differences that were seen, by reason. */
  readonly known?: readonly string[];
  /** `type key` of EXPLAIN's rows on either side, for equal statements of files. */
  readonly access?: { readonly plain: readonly string[]; readonly ours: readonly string[] };
}

const SHOWN_SQL = 600;
const SHOWN_REASONS = 60;

/** What a verdict is worth beside what was expected; an expectation that is `null` takes refusals as they come. */
export function entryOf(
  head: Pick<Entry, 'kind' | 'construct' | 'place' | 'sql' | 'server' | 'protocol'>,
  verdict: Verdict,
  expectations: readonly Expectation[] | null,
): Entry {
  const applying = (expectations ?? []).filter(
    ({ server, protocol }) =>
      (server ?? head.server) === head.server && (protocol ?? head.protocol) === head.protocol,
  );
  const wanted = applying.find(({ refused }) => refused !== null)?.refused ?? null;
  const none = { code: null, reason: null, rows: 0, errno: null };
  switch (verdict.kind) {
    case 'equal':
      return {
        ...head,
        ...none,
        outcome: 'equal',
        expected: wanted === null,
        rows: verdict.rows,
        errno: verdict.errno,
        reason: wanted === null ? null : `was to be refused: ${wanted}`,
      };
    case 'refused':
      return {
        ...head,
        ...none,
        outcome: 'refused',
        expected: expectations === null || wanted === verdict.code,
        code: verdict.code,
        reason: verdict.message,
      };
    case 'different': {
      const documented = new Set(applying.flatMap(({ differs }) => differs));
      const known = new Set<string>();
      const rest = verdict.differences.filter((one) => {
        const reasons = knownReasons(one, head);
        for (const reason of reasons) known.add(reason);
        return !documented.has(one.aspect) && reasons.length === 0;
      });
      const reason = (rest.length > 0 ? rest : verdict.differences)
        .map(({ aspect, detail }) => `${aspect}: ${detail}`)
        .join('\n    ');
      const isDocumented = rest.length === 0;
      return {
        ...head,
        ...none,
        outcome: isDocumented ? 'documented' : 'different',
        expected: isDocumented,
        reason,
        ...(known.size === 0 ? {} : { known: [...known] }),
      };
    }
  }
}

/** What makes two failures alike: the same aspects and texts but for names, values and numbers. */
export function signature(entry: Entry): string {
  const details = (entry.reason ?? '')
    .replaceAll(/\[.*\]/g, '…')
    .replaceAll(/\b\w+ (?=schema|length|type|flags)/g, '');
  return `${entry.server} ${entry.outcome} ${entry.code ?? ''} ${withoutNames(details)}`;
}

/** Text of what broke an expectation. */
export function describe(entry: Entry): string {
  const what = entry.outcome === 'refused' ? `refused ${entry.code ?? ''}` : entry.outcome;
  const sql = entry.sql.length > SHOWN_SQL ? `${entry.sql.slice(0, SHOWN_SQL)}…` : entry.sql;
  return `${what.toUpperCase()} ${entry.server} ${entry.protocol} ${entry.place}\n    ${sql}\n    ${entry.reason ?? ''}`;
}

/** Counts by kind, and refusals by reason. */
export function tables(entries: readonly Entry[]): string {
  const lines: string[] = [];
  const row = (cells: readonly (string | number)[]): string =>
    `${String(cells[0]).padEnd(28)}${cells
      .slice(1)
      .map((cell) => String(cell).padStart(12))
      .join('')}`;
  lines.push(row(['kind', 'equal', 'with rows', 'refused', 'documented', 'DIFFERENT', 'unexpected']));
  for (const [kind, own] of groupBy(entries, (entry) => entry.kind)) {
    const count = (outcome: Entry['outcome']): number => own.filter((one) => one.outcome === outcome).length;
    const withRows = own.filter(({ outcome, rows }) => outcome === 'equal' && rows > 0).length;
    const unexpected = own.filter(({ expected }) => !expected).length;
    lines.push(
      row([
        kind,
        count('equal'),
        withRows,
        count('refused'),
        count('documented'),
        count('different'),
        unexpected,
      ]),
    );
  }
  const known = groupBy(
    entries.flatMap((entry) => (entry.known ?? []).map((reason) => ({ reason, entry }))),
    ({ reason }) => reason,
  );
  if (known.size > 0) lines.push('', 'known differences (test/differential/known*.ts):');
  for (const [reason, own] of known) lines.push(`${String(own.length).padStart(6)}  ${reason}`);
  const refused = entries.filter(({ outcome }) => outcome === 'refused');
  const reasons = [...groupBy(refused, ({ code, reason }) => `${code ?? ''}: ${withoutNames(reason ?? '')}`)]
    .map(([reason, own]) => [reason, own.length] as const)
    .sort((a, b) => b[1] - a[1]);
  if (reasons.length > 0) lines.push('', `refused, by reason (${reasons.length}):`);
  for (const [reason, count] of reasons.slice(0, SHOWN_REASONS))
    lines.push(`${String(count).padStart(6)}  ${reason}`);
  return lines.join('\n');
}

/** Names and positions differ from statement to statement; the reason is what counts. */
function withoutNames(reason: string): string {
  return reason
    .replaceAll(/`[^`]*`|'[^']*'|"[^"]*"/g, '…')
    .replaceAll(/\d+/g, 'N')
    .slice(0, 160);
}

/** The machine-readable summary: every entry, one JSON object a line. */
export function writeSummary(file: string, entries: readonly Entry[]): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
}
