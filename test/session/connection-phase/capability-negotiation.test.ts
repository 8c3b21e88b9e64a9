import { describe, expect, it } from 'vitest';
import { Capability, type CapabilityName, has } from '../../../src/protocol/constants/capabilities.js';
import {
  backendCapabilities,
  negotiatedCapabilities,
  offeredCapabilities,
} from '../../../src/session/connection-phase/capability-negotiation.js';

const ALL = 0xffff_ffff;

function names(flags: number): CapabilityName[] {
  return (Object.keys(Capability) as CapabilityName[]).filter((name) => has(flags, Capability[name]));
}

describe('offeredCapabilities', () => {
  it('leaves out what is not implemented', () => {
    expect(names(~offeredCapabilities(ALL, false) >>> 0)).toEqual([
      'CLIENT_COMPRESS',
      'CLIENT_LOCAL_FILES',
      'CLIENT_SSL',
      'CLIENT_ZSTD_COMPRESSION_ALGORITHM',
      'MULTI_FACTOR_AUTHENTICATION',
      'CLIENT_CAPABILITY_EXTENSION',
    ]);
  });

  it('offers TLS of our own whether or not the server has any, and nothing else that it has not', () => {
    expect(offeredCapabilities(0, true)).toBe(Capability.CLIENT_SSL);
    expect(offeredCapabilities(0, false)).toBe(0);
  });

  it('offers compression whether or not the server does', () => {
    const zstd = Capability.CLIENT_ZSTD_COMPRESSION_ALGORITHM;
    expect(offeredCapabilities(0, false, false, zstd)).toBe(zstd);
    expect(offeredCapabilities(Capability.CLIENT_COMPRESS, false, false, 0)).toBe(0);
  });
});

describe('negotiatedCapabilities', () => {
  it('is what both have, with the mark of the client and the TLS of this leg', () => {
    const client =
      Capability.CLIENT_LONG_PASSWORD | Capability.CLIENT_QUERY_ATTRIBUTES | Capability.CLIENT_SSL;
    const offered = Capability.CLIENT_PROTOCOL_41 | Capability.CLIENT_SSL;
    expect(names(negotiatedCapabilities(client, offered, false))).toEqual(['CLIENT_LONG_PASSWORD']);
    expect(names(negotiatedCapabilities(client, offered, true))).toEqual([
      'CLIENT_LONG_PASSWORD',
      'CLIENT_SSL',
    ]);
  });
});

describe('backendCapabilities', () => {
  it('never compresses', () => {
    const negotiated = Capability.CLIENT_COMPRESS | Capability.CLIENT_ZSTD_COMPRESSION_ALGORITHM;
    expect(names(backendCapabilities(negotiated, 0, false))).toEqual(['CLIENT_SECURE_CONNECTION']);
  });

  it('adds session tracking where the server has it, and the TLS of this leg', () => {
    const negotiated = Capability.CLIENT_PROTOCOL_41 | Capability.CLIENT_SSL;
    expect(names(backendCapabilities(negotiated, ALL, false))).toEqual([
      'CLIENT_PROTOCOL_41',
      'CLIENT_SECURE_CONNECTION',
      'CLIENT_PLUGIN_AUTH_LENENC_CLIENT_DATA',
      'CLIENT_SESSION_TRACK',
    ]);
    expect(names(backendCapabilities(negotiated, 0, true))).toEqual([
      'CLIENT_PROTOCOL_41',
      'CLIENT_SSL',
      'CLIENT_SECURE_CONNECTION',
    ]);
  });
});
