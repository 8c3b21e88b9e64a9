import { describe, expect, it } from 'vitest';
import { median, type Sample, summarise, verdicts } from '../../bench/end-to-end/report.js';
import { parseReport } from '../../bench/end-to-end/sysbench.js';

const sample = (round: number, target: Sample['target'], p50Ms: number, cpu: number | null): Sample => ({
  round,
  sessions: 8,
  target,
  queriesPerSecond: 1_000,
  p50Ms,
  p99Ms: p50Ms * 2,
  cpuMicroseconds: cpu,
});

describe('summarise', () => {
  const samples = [
    // The second round is twice as slow for everybody: differences and ratios are those within a round.
    sample(1, 'straight', 0.1, null),
    sample(1, 'haproxy', 0.15, 20),
    sample(1, 'unprotected', 0.2, 24),
    sample(2, 'straight', 0.2, null),
    sample(2, 'haproxy', 0.3, 40),
    sample(2, 'unprotected', 0.3, 56),
  ];
  const summaries = summarise(samples);
  const of = (target: Sample['target']) => summaries.find((summary) => summary.target === target);

  it('relates each sample to the others of its round', () => {
    expect(of('unprotected')?.addedP50Ms).toBeCloseTo(0.1);
    expect(of('unprotected')?.cpuRatio).toBeCloseTo((1.2 + 1.4) / 2);
    expect(of('haproxy')?.cpuRatio).toBe(1);
  });

  it('has no CPU where nothing relays', () => {
    expect(of('straight')?.cpuMicroseconds).toBeNull();
    expect(of('straight')?.cpuRatio).toBeNull();
  });

  it('judges the targets only', () => {
    expect(verdicts(summaries).map(({ target, holds }) => ({ target, holds }))).toEqual([
      { target: 'unprotected', holds: true },
    ]);
  });
});

describe('median', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
  ])('of %j is %d', (values, expected) => expect(median(values)).toBe(expected));

  it('of nothing is an error', () => expect(() => median([])).toThrow());
});

describe("sysbench's report", () => {
  const report = (errors: number) => `
Latency histogram (values are in milliseconds)
       value  ------------- distribution ------------- count
       0.100 |****************************************  90
       0.200 |**                                        9
       0.400 |                                          1

SQL statistics:
    ignored errors:                      ${errors}      (0.00 per sec.)
General statistics:
    total time:                          2.0001s
    total number of events:              100
`;

  it('gives percentiles out of the histogram', () => {
    expect(parseReport(report(0))).toEqual({ statements: 100, seconds: 2.0001, p50Ms: 0.1, p99Ms: 0.2 });
  });

  it('is no result when statements failed', () => {
    expect(() => parseReport(report(3))).toThrow('3 statements failed');
  });
});
