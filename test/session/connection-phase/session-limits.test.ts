import { expect, it } from 'vitest';
import { SessionLimits } from '../../../src/session/connection-phase/session-limits.js';

it('admits up to either limit and again after a release', () => {
  const limits = new SessionLimits({ sessions: 3, unauthenticated: 2 });
  const first = limits.admit();
  const second = limits.admit();
  expect(limits.admit()).toBeNull();
  first?.authenticated();
  const third = limits.admit();
  expect(third).not.toBeNull();
  second?.authenticated();
  expect(limits.admit()).toBeNull();
  expect(limits).toMatchObject({ sessions: 3, unauthenticated: 1 });
  first?.release();
  third?.release();
  expect(limits).toMatchObject({ sessions: 1, unauthenticated: 0 });
});

it('counts a release or a login told twice once', () => {
  const limits = new SessionLimits({ sessions: 2, unauthenticated: 2 });
  const first = limits.admit();
  limits.admit();
  first?.release();
  first?.release();
  first?.authenticated();
  expect(limits).toMatchObject({ sessions: 1, unauthenticated: 1 });
});
