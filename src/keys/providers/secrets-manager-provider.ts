import {
  GetSecretValueCommand,
  type GetSecretValueCommandOutput,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { decodeKey, type KeyFormat } from '../decode-key.js';
import { type KeyProvider, KeyUnavailableError, TenantKey } from '../key-provider.js';

export interface SecretsManagerProviderOptions {
  /** Holds `{tenant}`. */
  readonly secretId: string;
  readonly format: KeyFormat;
  /** The secret is a JSON object and the key this member of it. */
  readonly jsonField?: string | undefined;
  /** AWS's own configuration (AWS_REGION, profile, instance) unless given. */
  readonly region?: string | undefined;
  readonly endpoint?: string | undefined;
}

/**
 * Keys from AWS Secrets Manager: SecretString or SecretBinary of the version staged AWSCURRENT. The SDK's own
 * retries deal with throttling and errors of the service; the cache's timeout bounds them.
 *
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 */
export class SecretsManagerProvider implements KeyProvider {
  readonly name = 'secrets-manager';
  readonly #options: SecretsManagerProviderOptions;
  readonly #client: SecretsManagerClient;

  constructor(options: SecretsManagerProviderOptions) {
    this.#options = options;
    this.#client = new SecretsManagerClient({
      ...(options.region === undefined ? {} : { region: options.region }),
      ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
      requestHandler: {
        connectionTimeout: 2000,
        // Fifty sockets, the default, would let fifty tenants whose answers hang hold up all others.
        httpAgent: { maxSockets: 500, keepAlive: true },
        httpsAgent: { maxSockets: 500, keepAlive: true },
      },
    });
  }

  async fetch(tenant: string, signal?: AbortSignal): Promise<TenantKey> {
    // A function, since `$&` in a replacement text has a meaning of its own.
    const secretId = this.#options.secretId.replaceAll('{tenant}', () => tenant);
    let output: GetSecretValueCommandOutput;
    try {
      output = await this.#client.send(
        new GetSecretValueCommand({ SecretId: secretId, VersionStage: 'AWSCURRENT' }),
        signal === undefined ? {} : { abortSignal: signal },
      );
    } catch (error) {
      throw explain(error, secretId);
    }
    const bytes = this.#bytesOf(output, `the secret ${secretId}`);
    return new TenantKey(bytes, output.VersionId ?? 'unversioned');
  }

  /** Closes idle connections. */
  close(): void {
    this.#client.destroy();
  }

  #bytesOf({ SecretString: text, SecretBinary: binary }: GetSecretValueCommandOutput, where: string): Buffer {
    const { format, jsonField } = this.#options;
    if (binary !== undefined && jsonField === undefined && format === 'text') {
      if (binary.length === 0) throw unavailable(`${where} is empty; store a key there`);
      const bytes = Buffer.allocUnsafeSlow(binary.length);
      bytes.set(binary);
      binary.fill(0);
      return bytes;
    }
    const stored = text ?? (binary === undefined ? '' : Buffer.from(binary).toString('utf8'));
    return decodeKey(jsonField === undefined ? stored : member(stored, jsonField, where), format, where);
  }
}

function member(stored: string, field: string, where: string): string {
  let value: unknown;
  try {
    const data: unknown = JSON.parse(stored);
    value =
      typeof data === 'object' && data !== null && Object.hasOwn(data, field)
        ? Reflect.get(data, field)
        : undefined;
  } catch {
    // The parser's message quotes the secret.
    throw unavailable(
      `${where} is no JSON; store a JSON object, or remove keys.jsonField from the configuration`,
    );
  }
  if (typeof value === 'string') return value;
  throw unavailable(`${where} has no text in the member ${field}; add it, or correct keys.jsonField`);
}

/** Whether an error speaks of one tenant's secret, or of the service for all tenants. */
type Scope = KeyUnavailableError['scope'];

/** What the SDK's error means for the operator: [what happened, what to do, whom it concerns]. */
const MEANINGS: readonly (readonly [RegExp, string, string, Scope])[] = [
  [
    /^ResourceNotFoundException$/,
    'does not exist or has no version AWSCURRENT',
    'create it for this tenant',
    'tenant',
  ],
  [
    /^AccessDenied(?:Exception)?$/,
    'may not be read',
    'allow secretsmanager:GetSecretValue and kms:Decrypt on it',
    'tenant',
  ],
  [
    /^InvalidRequestException$/,
    'is not readable in its state',
    'see whether it is scheduled for deletion, and restore it',
    'tenant',
  ],
  [
    /^InvalidParameterException$/,
    'has a name that Secrets Manager refuses',
    'correct keys.secretId',
    'tenant',
  ],
  [
    /^DecryptionFailure|^KMS|^Disabled/,
    'can not be decrypted by its KMS key',
    'enable that key and allow kms:Decrypt on it',
    'tenant',
  ],
  [
    /Throttl|^TooManyRequests|^LimitExceeded|^RequestLimitExceeded|^SlowDown/,
    'was not given, because Secrets Manager throttles',
    'wait, raise keys.cache.ttlSeconds, or ask AWS for a higher quota',
    'provider',
  ],
  [
    /Credentials|^ExpiredToken|^UnrecognizedClient|^InvalidClientTokenId|Signature|^MissingAuthenticationToken/,
    'was not asked for with credentials that AWS takes',
    "give tenantcrypt's process valid AWS credentials",
    'provider',
  ],
  // Before the time-outs: the SDK names a connection that was reset TimeoutError.
  [
    /ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EPIPE|CERT/,
    'was not given, because the endpoint is not reachable',
    'see network, DNS, TLS and keys.endpoint',
    'provider',
  ],
  [
    /^AbortError$|^TimeoutError$|^RequestTimeout|ETIMEDOUT/,
    'was not given in time',
    'see that the endpoint is reachable',
    'provider',
  ],
  [
    /^InternalService|^InternalFailure|^ServiceUnavailable|^HTTP 5/,
    'was not given, because Secrets Manager failed',
    'wait: it is tried again',
    'provider',
  ],
];

/** The cause that we keep has no text of the SDK's: a message about an unreadable answer can quote it. */
function explain(error: unknown, secretId: string): KeyUnavailableError {
  const details = describe(error);
  if (/region is missing/i.test(error instanceof Error ? error.message : '')) {
    return unavailable('no AWS region is known; set keys.region or AWS_REGION', details, 'provider');
  }
  const candidates = [
    details.name,
    details.code,
    details.status === undefined ? undefined : `HTTP ${details.status}`,
  ];
  for (const [pattern, what, remedy, scope] of MEANINGS) {
    if (candidates.some((candidate) => candidate !== undefined && pattern.test(candidate))) {
      return unavailable(`the secret ${secretId} ${what}; ${remedy}`, details, scope);
    }
  }
  return unavailable(
    `the secret ${secretId} could not be read (${details.name}); see the log of tenantcrypt`,
    details,
  );
}

interface SdkErrorDetails {
  readonly name: string;
  readonly code: string | undefined;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
}

function describe(error: unknown): SdkErrorDetails {
  const { name, code, $metadata } = (typeof error === 'object' && error !== null ? error : {}) as {
    name?: unknown;
    code?: unknown;
    $metadata?: { httpStatusCode?: number; requestId?: string };
  };
  return {
    name: typeof name === 'string' ? name : 'unknown',
    code: typeof code === 'string' ? code : undefined,
    status: $metadata?.httpStatusCode,
    requestId: $metadata?.requestId,
  };
}

function unavailable(message: string, cause?: unknown, scope: Scope = 'tenant'): KeyUnavailableError {
  return new KeyUnavailableError(message, scope, cause);
}
