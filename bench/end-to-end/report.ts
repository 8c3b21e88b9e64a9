import Table from 'cli-table3';
import { TARGETS, type TargetName } from './options.js';

/** One measurement of one target. */
export interface Sample {
  readonly round: number;
  readonly sessions: number;
  readonly target: TargetName;
  readonly queriesPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** user + system of the relaying process for one statement; null when nothing relays */
  readonly cpuMicroseconds: number | null;
}

/** The medians over the rounds of one target with one number of sessions. */
export interface Summary {
  readonly sessions: number;
  readonly target: TargetName;
  readonly queriesPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** against straight in the same round */
  readonly addedP50Ms: number;
  readonly addedP99Ms: number;
  readonly cpuMicroseconds: number | null;
  /** CPU for a statement against HAProxy's in the same round */
  readonly cpuRatio: number | null;
  /** the same against HAProxy while it carries the rewritten statement */
  readonly cpuRatioRewritten: number | null;
}

/** What a ratio is taken against. */
type Baseline = 'haproxy' | 'haproxy-rewritten';

/** A statement about a ratio of one run. */
export interface Verdict {
  readonly target: TargetName;
  readonly sessions: number;
  readonly ratio: number;
  readonly limit: number;
  readonly holds: boolean;
}

/** CPU for a statement of the relaying process, as a multiple of HAProxy's, that this form aims at. */
export const CPU_LIMITS: Partial<Record<TargetName, number>> = { unprotected: 1.3, protected: 1.6 };

export function summarise(samples: readonly Sample[]): Summary[] {
  const groups = new Map<string, Sample[]>();
  for (const sample of samples) {
    const key = `${sample.sessions} ${sample.target}`;
    groups.set(key, [...(groups.get(key) ?? []), sample]);
  }
  return [...groups.values()].map((group) => {
    const first = group[0] as Sample;
    const paired = (of: TargetName, relate: (own: Sample, other: Sample) => number | null): number[] =>
      group
        .map((own) => {
          const other = samples.find(
            (sample) =>
              sample.target === of && sample.round === own.round && sample.sessions === own.sessions,
          );
          return other === undefined ? null : relate(own, other);
        })
        .filter((value) => value !== null);
    const cpu = group.map((sample) => sample.cpuMicroseconds).filter((value) => value !== null);
    const ratio = (baseline: Baseline): number | null => {
      const ratios = paired(baseline, (own, haproxy) =>
        own.cpuMicroseconds === null || haproxy.cpuMicroseconds === null
          ? null
          : own.cpuMicroseconds / haproxy.cpuMicroseconds,
      );
      return ratios.length === 0 ? null : median(ratios);
    };
    return {
      sessions: first.sessions,
      target: first.target,
      queriesPerSecond: median(group.map((sample) => sample.queriesPerSecond)),
      p50Ms: median(group.map((sample) => sample.p50Ms)),
      p99Ms: median(group.map((sample) => sample.p99Ms)),
      addedP50Ms: median(paired('straight', (own, straight) => own.p50Ms - straight.p50Ms)),
      addedP99Ms: median(paired('straight', (own, straight) => own.p99Ms - straight.p99Ms)),
      cpuMicroseconds: cpu.length === 0 ? null : median(cpu),
      cpuRatio: ratio('haproxy'),
      cpuRatioRewritten: first.target === 'protected' ? ratio('haproxy-rewritten') : null,
    };
  });
}

export function verdicts(summaries: readonly Summary[]): Verdict[] {
  return summaries.flatMap(({ target, sessions, cpuRatio }) => {
    const limit = CPU_LIMITS[target];
    if (limit === undefined || cpuRatio === null) return [];
    return [{ target, sessions, ratio: cpuRatio, limit, holds: cpuRatio <= limit }];
  });
}

export function table(summaries: readonly Summary[]): string {
  const result = new Table({
    head: [
      'sessions',
      'target',
      'queries/s',
      'p50 ms',
      'p99 ms',
      '+p50 ms',
      '+p99 ms',
      'CPU µs/statement',
      '× HAProxy',
    ],
    style: { head: [], border: [] },
    colAligns: ['right', 'left', 'right', 'right', 'right', 'right', 'right', 'right', 'right'],
  });
  for (const row of [...summaries].sort(
    (a, b) => a.sessions - b.sessions || TARGETS.indexOf(a.target) - TARGETS.indexOf(b.target),
  )) {
    const straight = row.target === 'straight';
    result.push([
      row.sessions,
      row.target,
      Math.round(row.queriesPerSecond),
      row.p50Ms.toFixed(3),
      row.p99Ms.toFixed(3),
      straight ? '' : row.addedP50Ms.toFixed(3),
      straight ? '' : row.addedP99Ms.toFixed(3),
      row.cpuMicroseconds?.toFixed(1) ?? '',
      row.cpuRatio?.toFixed(2) ?? '',
    ]);
  }
  return result.toString();
}

/**
 * HAProxy's own cost for a statement rises when the database answers more slowly, since it then sleeps and wakes more
 * often: against HAProxy under the same load, what is left is the proxy's own work.
 */
export function sameLoadLines(summaries: readonly Summary[]): string[] {
  return summaries.flatMap(({ target, sessions, cpuRatioRewritten }) =>
    cpuRatioRewritten === null
      ? []
      : [
          `        ${nameOf(target, sessions)}: ${cpuRatioRewritten.toFixed(2)} × HAProxy's while it carries the rewritten statement`,
        ],
  );
}

function nameOf(target: TargetName, sessions: number): string {
  return `${target}, ${sessions} session${sessions === 1 ? '' : 's'}`;
}

export function verdictLine({ target, sessions, ratio, limit, holds }: Verdict): string {
  const which = nameOf(target, sessions);
  return `${holds ? 'holds ' : 'MISSED'}  ${which}: ${ratio.toFixed(2)} × HAProxy's CPU for a statement (target ≤ ${limit} ×)`;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) throw new Error('the median of nothing');
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}
