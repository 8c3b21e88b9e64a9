import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/** What the proxy does to a request instead of, or before, passing it on. */
export type Fault =
  /** passes it on after this many milliseconds */
  | { readonly kind: 'delay'; readonly ms: number }
  /** answers as AWS does for an error (JSON 1.1 protocol) */
  | { readonly kind: 'error'; readonly status: number; readonly type: string; readonly message: string }
  /** closes the connection without an answer */
  | { readonly kind: 'drop' }
  /** never answers */
  | { readonly kind: 'hang' };

/** Errors in the form in which the services answer them. */
export const FAULTS = {
  accessDenied: awsError(400, 'AccessDeniedException', 'User is not authorized to perform this action'),
  throttled: awsError(400, 'ThrottlingException', 'Rate exceeded'),
  tooManyRequests: awsError(429, 'TooManyRequestsException', 'Too many requests'),
  internal: awsError(500, 'InternalServiceError', 'An error occurred on the server side'),
  unavailable: awsError(503, 'ServiceUnavailableException', 'Service unavailable'),
  notFound: awsError(400, 'ResourceNotFoundException', "Secrets Manager can't find the specified secret."),
  /** KMS itself, for a disabled key */
  keyDisabled: awsError(400, 'DisabledException', 'The key is disabled.'),
  /** Secrets Manager, for a secret whose KMS key is disabled */
  decryptionFailure: awsError(
    400,
    'DecryptionFailure',
    "Secrets Manager can't decrypt the protected secret text.",
  ),
  drop: { kind: 'drop' },
  hang: { kind: 'hang' },
} as const satisfies Record<string, Fault>;

function awsError(status: number, type: string, message: string): Fault {
  return { kind: 'error', status, type, message };
}

/** A forwarder in front of moto that fails on demand and counts. */
export interface FaultProxy {
  readonly endpoint: string;
  /**
   * From now on requests get this fault; null ends it.
   * @param only an operation's name, e.g. `GetSecretValue`; default: all
   * @param times ends by itself after so many requests; default: until ended
   */
  setFault(fault: Fault | null, only?: string, times?: number): void;
  /** Requests since the last resetCounts, faulty ones included; without an operation: all. */
  count(operation?: string): number;
  resetCounts(): void;
  /** Requests being worked on now. */
  inFlight(): number;
  stop(): Promise<void>;
}

/**
 * Starts a forwarder on a free port of 127.0.0.1.
 * @param upstream the endpoint that answers when nothing is made to fail
 */
export async function startFaultProxy(upstream: string): Promise<FaultProxy> {
  const counts = new Map<string, number>();
  let active: { fault: Fault; only: string | undefined; left: number } | null = null;
  let inFlight = 0;

  const takeFault = (operation: string): Fault | null => {
    if (active === null || (active.only !== undefined && active.only !== operation)) return null;
    const { fault } = active;
    active.left--;
    if (active.left <= 0) active = null;
    return fault;
  };

  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    // X-Amz-Target is e.g. `secretsmanager.GetSecretValue` or `TrentService.Decrypt`.
    const operation = String(incoming.headers['x-amz-target'] ?? '').replace(/^.*\./, '');
    counts.set(operation, (counts.get(operation) ?? 0) + 1);
    const fault = takeFault(operation);
    const body = await readAll(incoming);
    switch (fault?.kind) {
      case 'drop':
        incoming.socket.destroy();
        return;
      case 'hang':
        return;
      case 'error': {
        outgoing.writeHead(fault.status, {
          'content-type': 'application/x-amz-json-1.1',
          'x-amzn-errortype': fault.type,
        });
        outgoing.end(JSON.stringify({ __type: fault.type, message: fault.message, Message: fault.message }));
        return;
      }
      case 'delay':
        await delay(fault.ms);
        break;
      case undefined:
        break;
    }
    await forward(upstream, incoming, body, outgoing);
  };

  const server = createServer((incoming, outgoing) => {
    inFlight++;
    outgoing.once('close', () => {
      inFlight--;
    });
    answer(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    setFault: (fault, only, times = Number.POSITIVE_INFINITY) => {
      active = fault === null ? null : { fault, only, left: times };
    },
    count: (operation) =>
      operation === undefined
        ? [...counts.values()].reduce((sum, value) => sum + value, 0)
        : (counts.get(operation) ?? 0),
    resetCounts: () => counts.clear(),
    inFlight: () => inFlight,
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function readAll(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function forward(
  upstream: string,
  incoming: IncomingMessage,
  body: Buffer,
  outgoing: ServerResponse,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const headers = { ...incoming.headers, host: new URL(upstream).host };
    const onward = request(new URL(incoming.url ?? '/', upstream), { method: incoming.method, headers });
    onward.once('error', reject);
    onward.once('response', (reply) => {
      outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(outgoing);
      reply.once('end', resolve);
      reply.once('error', reject);
    });
    onward.end(body);
  });
}
