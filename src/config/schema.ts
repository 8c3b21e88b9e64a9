import { z } from 'zod';
import type { BackendTlsMode, LogLevel, TenantSourceConfig } from './config.js';
import { databasePattern } from './database-pattern.js';
import { columns, identifier, reservedName } from './schema-columns.js';
import { listen } from './schema-listen.js';
import { boolean, duration, integer, notYet, oneOf, onOff, size, text } from './schema-scalars.js';

const backendTls = z.strictObject({
  mode: oneOf([
    'disabled',
    'preferred',
    'required',
    'verify-ca',
    'verify-identity',
  ] as const satisfies readonly BackendTlsMode[]).optional(),
  ca: text().optional().describe('PEM file of the certificate authorities to trust'),
  cert: text().optional().describe('PEM file of a client certificate'),
  key: text().optional().describe('PEM file of its private key'),
  serverName: text().optional().describe('Name to verify instead of backend.host'),
});

const backend = z.strictObject({
  host: text().optional(),
  port: integer(1, 65_535).default(3306),
  socket: text().optional().describe('Unix socket of the database, instead of host and port'),
  tls: backendTls.prefault({}),
  serverPublicKey: text().optional().describe("PEM file of the server's RSA public key"),
});

const control = z.strictObject({
  user: text(),
  password: z.string().default(''),
  host: text().optional(),
  port: integer(1, 65_535).optional(),
  socket: text().optional(),
});

const metrics = z.strictObject({
  host: text().default('127.0.0.1'),
  port: integer(0, 65_535).default(9464),
  allowNonLoopback: boolean()
    .default(false)
    .describe('Let the endpoints listen off this host: they have no login'),
});

const userVariable = text()
  .regex(/^[A-Za-z0-9._$]{1,64}$/, {
    error: 'is no plain name of a user variable; use letters, digits, dot, underscore and $, without the @',
  })
  .refine((name) => !reservedName(name), {
    error: 'is a name that tenantcrypt reserves; choose one that does not start with __tc',
  });

const tenantSource = z
  .strictObject({
    connectionAttribute: text().optional(),
    userVariable: userVariable.optional(),
    userSuffix: z
      .literal('%', { error: "is not supported; write userSuffix: '%', the only separator" })
      .optional(),
    queryAttribute: text()
      .optional()
      .describe('Query attribute (CLIENT_QUERY_ATTRIBUTES); for one statement'),
    database: text()
      .optional()
      .describe("The current schema's name: text around {tenant}, or a regular expression with a group"),
    comment: text()
      .regex(/^[A-Za-z0-9._-]{1,64}$/, {
        error: 'is no key of a comment; use letters, digits, dot, underscore and hyphen',
      })
      .optional()
      .describe("Key in a comment as sqlcommenter writes it, /*key='tenant'*/; for one statement"),
    fixed: text().optional(),
  })
  .transform((source, ctx): TenantSourceConfig => {
    const given = Object.entries(source).filter(([, value]) => value !== undefined);
    if (ctx.issues.length > 0) return z.NEVER;
    if (given.length !== 1) {
      ctx.addIssue({
        code: 'custom',
        message:
          'must name exactly one source; write one list item for each of connectionAttribute, userVariable, userSuffix, queryAttribute, database, comment, fixed',
      });
      return z.NEVER;
    }
    if (source.connectionAttribute !== undefined) {
      return { kind: 'connectionAttribute', name: source.connectionAttribute };
    }
    if (source.userVariable !== undefined) return { kind: 'userVariable', name: source.userVariable };
    if (source.userSuffix !== undefined) return { kind: 'userSuffix', separator: source.userSuffix };
    if (source.queryAttribute !== undefined) return { kind: 'queryAttribute', name: source.queryAttribute };
    if (source.comment !== undefined) return { kind: 'comment', key: source.comment };
    if (source.database !== undefined) {
      const pattern = databasePattern(source.database);
      if (typeof pattern !== 'string') return { kind: 'database', pattern };
      ctx.addIssue({ code: 'custom', path: ['database'], message: pattern });
      return z.NEVER;
    }
    return { kind: 'fixed', tenant: source.fixed as string };
  });

const tenant = z.strictObject({
  sources: z.array(tenantSource).min(1, { error: 'is empty; name at least one source of the tenant' }),
  pattern: text()
    .default('^[A-Za-z0-9._-]{1,64}$')
    .describe('Regular expression of a tenant id; anchored at both ends'),
  allowSwitch: boolean()
    .default(false)
    .describe('Let SET @… and query attributes change a tenant that came with the connection'),
});

const keyFormat = oneOf(['text', 'hex', 'base64']).default('text');

const keyCache = z.strictObject({
  max: integer(1, 1_000_000).default(1000).describe('Tenants whose keys are kept'),
  ttlSeconds: duration(1, 86_400).default(300),
  negativeTtlSeconds: duration(0.1, 300).default(2).describe('How long a failed fetch is remembered'),
  fetchTimeoutSeconds: duration(0.1, 300).default(5),
});

const fileKeys = z.strictObject({
  provider: z.literal('file'),
  file: text().describe('YAML file: a map tenant: key'),
  format: keyFormat,
  cache: keyCache.prefault({}),
});

const secretsManagerKeys = z.strictObject({
  provider: z.literal('secrets-manager'),
  secretId: text()
    .refine((id) => id.includes('{tenant}'), {
      error: 'names one secret for all tenants; write {tenant} where the tenant id belongs',
    })
    .default('tenant/{tenant}/encryption-key'),
  format: keyFormat,
  jsonField: text().optional().describe('The secret is a JSON object and the key this member of it'),
  region: text().optional(),
  endpoint: text()
    .refine((url) => /^https?:\/\/[^\s/@]+(\/\S*)?$/.test(url), {
      error: 'is no http:// or https:// address; write it without user and password, or leave it out for AWS',
    })
    .optional(),
  cache: keyCache.prefault({}),
});

const keys = z.discriminatedUnion('provider', [fileKeys, secretsManagerKeys], {
  error: (issue) =>
    (issue.input as { provider?: unknown } | undefined)?.provider === 'kms'
      ? notYet('the provider kms', 'file or secrets-manager')
      : 'must be one of file, secrets-manager; choose where the keys come from',
});

const limits = z.strictObject({
  sessions: integer(1, 1_000_000).default(2000),
  unauthenticated: integer(1, 1_000_000).default(200),
  authSeconds: duration(0.1, 3600).default(8),
  statementBytes: size(1024, 1024 ** 3).default(64 * 1024 ** 2),
  parseDepth: integer(10, 100_000).default(500),
  planCacheBytes: size(65_536, 64 * 1024 ** 3).default(64 * 1024 ** 2),
  idleSeconds: duration(1, 31_536_000).default(28_800),
  drainSeconds: duration(0, 3600).default(25),
  preparedStatements: integer(1, 1_000_000)
    .default(16_382)
    .describe('Prepared statements that a session may have open'),
});

const policy = z.strictObject({
  localInfile: onOff().default('off').describe('Whether LOAD DATA LOCAL passes'),
  dynamicSql: oneOf(['refuse', 'allow'])
    .default('refuse')
    .describe('allow: SQL in variables and expressions runs unseen. Dangerous'),
  calls: z
    .array(
      text().regex(/^(\*|[^\s.`]{1,64}\.[^\s.`]{1,64})$/, {
        error: "is no routine; write schema.routine, or '*' for all of them",
      }),
    )
    .default([])
    .describe("Routines that CALL may name; '*': all of them, whatever they do. Dangerous"),
  plaintextInto: z
    .array(
      text().regex(/^[^\s.`]{1,64}\.[^\s.`]{1,64}$/, {
        error: 'is no table; write schema.table, for example reports.mailing',
      }),
    )
    .default([])
    .describe(
      'Tables without protection that INSERT … SELECT and the like may fill with plaintext. Dangerous',
    ),
  binlogDump: oneOf(['refuse', 'allow'])
    .default('refuse')
    .describe("allow: replicas and binlog readers may stream the binary log, which holds all tenants' rows"),
  isolation: oneOf(['merge'], { notYet: ['strict'] }).default('merge'),
});

const table = z.strictObject({
  tenantColumn: identifier('a column').optional(),
  columns,
});

/** The shape of the configuration file; what concerns several keys at once is checked in normalise.ts. */
export const configSchema = z.strictObject({
  listen: listen.prefault({ host: '127.0.0.1', port: 3307 }),
  backend,
  control: control.optional(),
  metrics: metrics.optional(),
  tenant: tenant.optional(),
  keys: keys.optional(),
  cipher: oneOf(['aes-128-ecb'], {
    notYet: ['aes-192-ecb', 'aes-256-ecb', 'aes-128-cbc', 'aes-192-cbc', 'aes-256-cbc'],
  }).default('aes-128-ecb'),
  constants: oneOf(['backend', 'proxy']).default('backend'),
  limits: limits.prefault({}),
  policy: policy.prefault({}),
  tables: z.record(z.string(), table).default({}),
  log: z
    .strictObject({
      level: oneOf([
        'trace',
        'debug',
        'info',
        'warn',
        'error',
        'fatal',
        'silent',
      ] as const satisfies readonly LogLevel[]).default('info'),
    })
    .prefault({}),
  schema: z
    .strictObject({
      maxAgeSeconds: duration(1, 86_400).default(300),
      refreshSeconds: duration(1, 86_400).default(10),
    })
    .prefault({}),
  server: text()
    .regex(/^(mysql|mariadb)-\d{1,2}\.\d{1,2}(\.\d{1,3})?$/, {
      error: 'is no server; write for example mysql-9.7 or mariadb-10.11',
    })
    .optional()
    .describe('Kind and version of the database, where no live one can be asked'),
});

export type CheckedConfig = z.output<typeof configSchema>;
