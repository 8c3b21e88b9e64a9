import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { IdleSweep } from '../../src/session/idle-sweep.js';

describe('IdleSweep', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function idler(idleSince: number | null) {
    return { idleSince, onIdleTooLong: vi.fn() };
  }

  it('tells what was idle for the limit, a tenth of it later at the latest', () => {
    const sweep = new IdleSweep(10);
    const one = idler(performance.now());
    sweep.watch(one);
    vi.advanceTimersByTime(9_999);
    expect(one.onIdleTooLong).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1_001);
    expect(one.onIdleTooLong).toHaveBeenCalled();
  });

  it('leaves alone what is busy, has been asked something since, or is watched no longer', () => {
    const sweep = new IdleSweep(1);
    const busy = idler(null);
    const asked = idler(performance.now());
    const gone = idler(performance.now());
    sweep.watch(busy);
    sweep.watch(asked);
    const end = sweep.watch(gone);
    vi.advanceTimersByTime(600);
    asked.idleSince = performance.now();
    end();
    end();
    vi.advanceTimersByTime(600);
    for (const one of [busy, asked, gone]) expect(one.onIdleTooLong).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(1);
  });

  it('keeps no timer when nothing is watched', () => {
    const sweep = new IdleSweep(1);
    const ends = [sweep.watch(idler(null)), sweep.watch(idler(null))];
    for (const end of ends) end();
    expect(vi.getTimerCount()).toBe(0);
    sweep.watch(idler(null));
    expect(vi.getTimerCount()).toBe(1);
  });
});
