import { z } from 'zod';
import type { CompressionAlgorithm } from '../protocol/compression/compression.js';
import { parseNetwork } from './network.js';
import { integer, oneOf, text } from './schema-scalars.js';

const listenTls = z.strictObject({
  mode: oneOf(['disabled', 'preferred', 'required'] as const).default('preferred'),
  cert: text().optional().describe('PEM file; without it a certificate is made at start'),
  key: text().optional().describe('PEM file'),
  ca: text().optional().describe('PEM file of the authorities that sign certificates of clients'),
  clientCertificate: oneOf(['none', 'optional', 'required'])
    .default('none')
    .describe('Whether clients are asked for a certificate, and refused without one'),
});

const network = text().transform((value, ctx) => {
  const parsed = parseNetwork(value);
  if (parsed !== undefined) return parsed;
  const message = 'is no address and no network; write for example 10.1.2.3 or 10.1.0.0/16';
  ctx.addIssue({ code: 'custom', message });
  return z.NEVER;
});

const proxyProtocol = z.strictObject({
  trusted: z
    .array(network)
    .min(1, { error: 'is empty; name the addresses of the balancer, or remove proxyProtocol' })
    .describe('Addresses and networks whose PROXY header is believed'),
  header: oneOf(['required', 'optional'])
    .default('required')
    .describe('optional: connections from there may come without'),
});

/** Where clients connect, and what is asked of them before they log in. */
export const listen = z.strictObject({
  host: text().optional().describe('TCP address to listen on; 127.0.0.1 when only port is given'),
  port: integer(0, 65_535).optional().describe('3307 when only host is given'),
  socket: text().optional().describe('Unix socket to listen on, as well as or instead of TCP'),
  tls: listenTls.prefault({}),
  compression: z
    .array(oneOf(['zlib', 'zstd'] as const satisfies readonly CompressionAlgorithm[]))
    .default(['zlib', 'zstd'])
    .describe('What clients may compress with; an empty list: nothing'),
  proxyProtocol: proxyProtocol
    .optional()
    .describe('For a TCP balancer in front that says who its clients are'),
});
