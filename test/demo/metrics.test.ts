import { expect, it } from 'vitest';
import { latencies } from '../../demo/metrics.js';

it('reads the means of a histogram, by labels', () => {
  const text = `# TYPE tc_seconds histogram
tc_seconds_bucket{le="0.1",phase="scan"} 4
tc_seconds_sum{phase="scan"} 0.002
tc_seconds_count{phase="scan"} 4
tc_seconds_sum{phase="key"} 0
tc_seconds_count{phase="key"} 0
tc_seconds_other_sum 9
`;
  expect(latencies(text, 'tc_seconds')).toEqual([
    { labels: 'phase="scan"', count: 4, meanMicroseconds: 500 },
  ]);
});
