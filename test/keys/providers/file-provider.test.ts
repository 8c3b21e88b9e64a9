import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProxyError } from '../../../src/errors.js';
import type { KeyFormat } from '../../../src/keys/decode-key.js';
import { FileProvider } from '../../../src/keys/providers/file-provider.js';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tc-keys-'));
  file = join(folder, 'keys.yaml');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function fetchOnce(text: string, tenant = 't', format: KeyFormat = 'text'): Promise<string> {
  writeFileSync(file, text);
  const key = await new FileProvider({ file, format }).fetch(tenant);
  return key.bytes.toString('hex');
}

describe('formats', () => {
  it.each<[KeyFormat, string, string]>([
    ['text', 't: secret', '736563726574'],
    ['text', 't: "x \\n"', '78200a'],
    ['text', 't: 0123', '30313233'],
    ['text', 't: null', '6e756c6c'],
    ['text', 't: é', 'c3a9'],
    ['hex', 't: 00ffAB', '00ffab'],
    ['hex', 't: "00ff\\n"', '00ff'],
    ['base64', 't: AP+r', '00ffab'],
    ['base64', 't: AP8=', '00ff'],
  ])('%s %s', async (format, text, hex) => {
    expect(await fetchOnce(text, 't', format)).toBe(hex);
  });

  it.each<[KeyFormat, string, string]>([
    ['hex', 't: 0ff', 'is not in the format hex'],
    ['hex', 't: hunter2x', 'is not in the format hex'],
    ['base64', 't: hunter2', 'is not in the format base64'],
    ['text', 't: ""', 'is empty'],
    ['text', 't:', 'is empty'],
    ['text', 'a: b', 'has no key for the tenant t'],
    ['text', '# hunter2', 'has no key for the tenant t'],
    ['text', 't: [hunter2]', 'more than a map of texts'],
    ['text', '- hunter2', 'is no map'],
    ['text', 'a: b\nt: "hunter2', 'not valid YAML in line 2'],
    ['text', 't: *hunter2', 'more than a map of texts'],
    ['text', 't: a\nt: hunter2', 'not valid YAML in line 2 (DUPLICATE_KEY)'],
  ])('%s %j is refused: %s', async (format, text, message) => {
    const error: unknown = await fetchOnce(text, 't', format).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ProxyError);
    expect((error as ProxyError).code).toBe('TC_KEY_UNAVAILABLE');
    expect((error as ProxyError).message).toContain(message);
    expect((error as ProxyError).message).not.toContain('hunter2');
  });

  it('takes any tenant id as a name', async () => {
    expect(await fetchOnce('__proto__: a\nconstructor: b', '__proto__')).toBe('61');
    await expect(fetchOnce('a: b', 'constructor')).rejects.toThrow('has no key');
  });
});

describe('a file that changes', () => {
  it('is read again: appears, is broken, is corrected', async () => {
    const provider = new FileProvider({ file, format: 'text' });
    await expect(provider.fetch('t')).rejects.toThrow("can't be read (ENOENT)");
    writeFileSync(file, 't: one');
    const first = await provider.fetch('t');
    expect(first.bytes.toString()).toBe('one');
    writeFileSync(file, 't: [');
    await expect(provider.fetch('t')).rejects.toThrow('not valid YAML');
    writeFileSync(file, 't: two');
    const second = await provider.fetch('t');
    expect(second.bytes.toString()).toBe('two');
    expect(second.version).not.toBe(first.version);
    writeFileSync(file, 't: one\nother: x');
    const third = await provider.fetch('t');
    expect(third.version).toBe(first.version);
  });

  it('gives each caller bytes of its own, and no version that another process could compute', async () => {
    writeFileSync(file, 't: one');
    const provider = new FileProvider({ file, format: 'text' });
    const [a, b] = await Promise.all([provider.fetch('t'), provider.fetch('t')]);
    a.dispose();
    expect(b.bytes.toString()).toBe('one');
    expect((await new FileProvider({ file, format: 'text' }).fetch('t')).version).not.toBe(b.version);
  });
});
