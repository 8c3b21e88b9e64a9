/** The sum and the count of one histogram with one set of labels. */
export interface Latency {
  readonly labels: string;
  readonly count: number;
  readonly meanMicroseconds: number;
}

/** Reads a histogram of seconds from Prometheus' text format. */
export function latencies(text: string, metric: string): Latency[] {
  const values = (suffix: string): Map<string, number> =>
    new Map(
      [...text.matchAll(new RegExp(`^${metric}_${suffix}(?:\\{(.*)\\})? (\\S+)$`, 'gm'))].map((match) => [
        match[1] ?? '',
        Number(match[2]),
      ]),
    );
  const sums = values('sum');
  return [...values('count')]
    .filter(([, count]) => count > 0)
    .map(([labels, count]) => ({ labels, count, meanMicroseconds: ((sums.get(labels) ?? 0) / count) * 1e6 }));
}
