/**
 * The closed list of reasons for which tenantcrypt refuses or fails, each with the MySQL error number and
 * SQLSTATE that drivers see. docs/errors.md has an anchor for each code.
 *
 * SQLSTATE 40001 and class 08 are never used: drivers retry those on their own, and a retried refusal is noise
 * at best and a doubled write at worst.
 */
export const ERROR_CODES = {
  TC_NO_TENANT: { errno: 1105, sqlState: 'HY000' },
  TC_BAD_TENANT: { errno: 1231, sqlState: '42000' },
  TC_TENANT_MISMATCH: { errno: 1227, sqlState: '42000' },
  TC_TENANT_PINNED: { errno: 1227, sqlState: '42000' },
  TC_KEY_UNAVAILABLE: { errno: 1105, sqlState: 'HY000' },
  TC_UNSUPPORTED_SQL: { errno: 1235, sqlState: '42000' },
  TC_PLAINTEXT_ESCAPE: { errno: 1227, sqlState: '42000' },
  TC_RESERVED_NAME: { errno: 1227, sqlState: '42000' },
  TC_SCHEMA: { errno: 1105, sqlState: 'HY000' },
  TC_LIMIT: { errno: 1226, sqlState: '42000' },
  TC_BACKEND: { errno: 1105, sqlState: 'HY000' },
  TC_INTERNAL: { errno: 1105, sqlState: 'HY000' },
} as const satisfies Record<string, { errno: number; sqlState: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;

export interface ProxyErrorOptions {
  /** 0-based byte offset into the client's statement. */
  position?: number;
  /** What lies behind it, for our log only: never sent to a client. */
  cause?: unknown;
}

/**
 * A failure that a client may be told about. `message` is `what happened; what to do` and must hold no literal
 * of the statement, no key and no plaintext: it goes to the client and into the log.
 */
export class ProxyError extends Error {
  readonly code: ErrorCode;
  readonly position: number | undefined;

  constructor(code: ErrorCode, message: string, options: ProxyErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ProxyError';
    this.code = code;
    this.position = options.position;
  }

  /** The text of the ERR packet: `tenantcrypt[CODE]: message`. */
  get clientMessage(): string {
    return `tenantcrypt[${this.code}]: ${this.message}`;
  }

  get errno(): number {
    return ERROR_CODES[this.code].errno;
  }

  get sqlState(): string {
    return ERROR_CODES[this.code].sqlState;
  }
}

/**
 * An error that the server itself would have raised on the plain table (1406 Data too long, 1054 Unknown column …),
 * raised here because the server sees ciphertext. Sent with the server's number, state and wording.
 */
export class ServerError extends Error {
  readonly errno: number;
  readonly sqlState: string;

  constructor(errno: number, sqlState: string, message: string) {
    super(message);
    this.name = 'ServerError';
    this.errno = errno;
    this.sqlState = sqlState;
  }
}
