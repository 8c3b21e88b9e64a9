import { stat } from 'node:fs/promises';
import type { Config, KeysConfig } from '../../config/config.js';
import { ProxyError } from '../../errors.js';
import { keyWeakness } from '../../keys/fold-key.js';
import type { KeyProvider, TenantKey } from '../../keys/key-provider.js';
import { type Finding, ok, problem, skipped, warning } from './finding.js';

/** Bytes of an AES-128 key. */
const KEY_SIZE = 16;

/**
 * The key provider; with a tenant its key is fetched once and thrown away. Nothing of a key is ever in a finding.
 * @param provider without a cache: a failure is seen as it is
 */
export async function checkKeys(
  config: Config,
  provider: KeyProvider,
  tenant: string | undefined,
): Promise<Finding[]> {
  const { keys } = config;
  if (keys === undefined) return [];
  const findings = keys.provider === 'file' ? await checkKeyFile(keys) : [];
  if (tenant === undefined) {
    findings.push(skipped('keys', `no key was fetched from ${keys.provider}; give --tenant to try one`));
    return findings;
  }
  if (config.tenant !== undefined && !config.tenant.pattern.test(tenant)) {
    findings.push(
      problem('keys', 'the tenant given by --tenant does not match tenant.pattern; give a valid one'),
    );
    return findings;
  }
  let key: TenantKey;
  try {
    key = await provider.fetch(tenant, AbortSignal.timeout(keys.cache.fetchTimeoutSeconds * 1000));
  } catch (error) {
    findings.push(
      problem('keys', error instanceof ProxyError ? error.message : 'the key could not be fetched; see keys'),
    );
    return findings;
  }
  try {
    findings.push(
      ok('keys', `${keys.provider} gives a key for the tenant ${tenant}`),
      ...weaknesses(key, tenant),
    );
  } finally {
    key.dispose();
  }
  return findings;
}

function weaknesses(key: TenantKey, tenant: string): Finding[] {
  const weakness = keyWeakness(key.bytes, KEY_SIZE);
  if (weakness === undefined) return [];
  const message = `the key of the tenant ${tenant} ${weakness}`;
  return [weakness.startsWith('folds to zeroes') ? problem('keys', message) : warning('keys', message)];
}

async function checkKeyFile(keys: KeysConfig & { provider: 'file' }): Promise<Finding[]> {
  try {
    const { mode } = await stat(keys.file);
    if ((mode & 0o077) === 0) return [];
    return [
      warning(
        'keys.file',
        `${keys.file} may be read or written by other users (mode ${(mode & 0o777).toString(8)}); chmod 600`,
      ),
    ];
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return [
      problem('keys.file', `${keys.file} can't be read (${code}); correct keys.file or its permissions`),
    ];
  }
}
