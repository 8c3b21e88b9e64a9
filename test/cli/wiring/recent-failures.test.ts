import { describe, expect, it } from 'vitest';
import { RecentFailures } from '../../../src/cli/wiring/recent-failures.js';

describe('RecentFailures', () => {
  it('remembers a failure until a success, or for ten seconds when nobody tries', async () => {
    let now = 1000;
    const failures = new RecentFailures('backend', 'down; start it', () => now);
    expect(await failures.run()).toBeUndefined();
    failures.failed();
    expect(await failures.run()).toBe('down; start it');
    failures.succeeded();
    expect(await failures.run()).toBeUndefined();
    failures.failed();
    now += 9_999;
    expect(await failures.run()).toBe('down; start it');
    now += 1;
    expect(await failures.run()).toBeUndefined();
  });
});
