import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { ProxyError } from '../../../src/errors.js';
import { MalformedPacketError } from '../../../src/protocol/malformed-packet-error.js';
import {
  asLoginError,
  LoginRefusedError,
  loginErrorPayload,
  tooManyConnectionsError,
} from '../../../src/session/connection-phase/login-error.js';
import { LegClosedError, LegProtocolError } from '../../../src/session/leg.js';

const DENIED = Buffer.from('\xff\x15\x04#28000Access denied for user alice', 'latin1');

it("keeps the server's words for the client and out of what a logger writes", () => {
  const error = new LoginRefusedError(DENIED);
  expect(loginErrorPayload(error, true)).toEqual(DENIED);
  expect(error.errorCode).toBe(1045);
  expect(`${JSON.stringify(error)}${inspect(error)}${error.stack}`).not.toContain('alice');
});

it('has an SQLSTATE only where a client looks for one', () => {
  const error = tooManyConnectionsError();
  expect(loginErrorPayload(error, false).toString('latin1')).toMatch(/^\xff\x10\x04Too many connections/);
  expect(loginErrorPayload(error, true).toString('latin1')).toMatch(
    /^\xff\x10\x04#HY000Too many connections/,
  );
});

it('tells whose fault it is, and nothing of what is unexpected', () => {
  const malformed = new MalformedPacketError('something', 3);
  expect(asLoginError(new LegClosedError('backend'))).toMatchObject({ code: 'TC_BACKEND' });
  expect(asLoginError(new LegProtocolError('backend', malformed))).toMatchObject({ code: 'TC_BACKEND' });
  expect(asLoginError(new LegProtocolError('client', malformed))).toMatchObject({ errorCode: 1043 });
  const internal = asLoginError(new Error('detail'));
  expect(internal).toMatchObject({ code: 'TC_INTERNAL' });
  expect(internal.message).not.toContain('detail');
  const known = new ProxyError('TC_BAD_TENANT', 'bad; choose another');
  expect(asLoginError(known)).toBe(known);
});
