import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { parseConfig } from '../../src/config/load-config.js';

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
}

/** The names of all keys, of lists and maps those of their items. */
function keysOf(schema: JsonSchema): Set<string> {
  const names = new Set<string>();
  const visit = (part: JsonSchema): void => {
    for (const [name, value] of Object.entries(part.properties ?? {})) {
      names.add(name);
      visit(value);
    }
    for (const branch of [...(part.anyOf ?? []), ...(part.oneOf ?? [])]) visit(branch);
    if (part.items !== undefined) visit(part.items);
    if (typeof part.additionalProperties === 'object') visit(part.additionalProperties);
  };
  visit(schema);
  return names;
}

describe('docs/configuration.md', () => {
  const text = read('docs/configuration.md');
  const names = keysOf(JSON.parse(read('config/tenantcrypt.schema.json')) as JsonSchema);

  it('finds the keys of the schema', () => {
    expect(names.size).toBeGreaterThan(40);
    expect(names).toContain('serverPublicKey');
    expect(names).toContain('equality');
  });

  it.each([...names])('names the key %s', (name) => {
    expect(text).toMatch(new RegExp(`\`(?:[\\w.]+\\.)?${name}\\b|^## ${name}$`, 'm'));
  });

  it('names no key that is none', () => {
    const written = [...text.matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([a-z]\w*(?:\.[a-zA-Z]\w*)*)`/g)].map(
        ([, path = '']) => path.split('.').at(-1) ?? '',
      ),
    );
    const known = new Set([...names, 'NAME', 'TABLE']);
    expect(written.filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('deployment examples', () => {
  it('config/kubernetes-sidecar.yaml holds a valid configuration and fits its drain time', () => {
    const documents = parseAllDocuments(read('config/kubernetes-sidecar.yaml'));
    for (const document of documents) expect('errors' in document ? document.errors : ['empty']).toEqual([]);
    const [configMap, deployment] = documents.map((document) =>
      'toJS' in document ? document.toJS() : null,
    );
    const config = parseConfig(configMap.data['tenantcrypt.yaml'], {
      env: { TENANTCRYPT_CONTROL_PASSWORD: 'x' },
      file: 'tenantcrypt.yaml',
    });
    expect(config.tables.size).toBe(1);
    const pod = deployment.spec.template.spec;
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(config.limits.drainSeconds);
    const [sidecar] = pod.initContainers;
    expect(sidecar.securityContext).toMatchObject({ runAsNonRoot: true, allowPrivilegeEscalation: false });
    expect(sidecar.livenessProbe).toMatchObject({ periodSeconds: 20, exec: sidecar.startupProbe.exec });
    expect(JSON.stringify(sidecar.startupProbe)).toContain(`127.0.0.1:${config.metrics?.port}/healthz`);
  });

  it('config/compose.yaml shares the network of the application and leaves time to drain', () => {
    const { services } = parse(read('config/compose.yaml'));
    expect(services.tenantcrypt).toMatchObject({
      network_mode: 'service:application',
      stop_grace_period: '40s',
      read_only: true,
      cap_drop: ['ALL'],
    });
  });

  it('config/iam grants reading of the current version of tenant keys and nothing else', () => {
    const policy = JSON.parse(read('config/iam/secrets-manager-read.json'));
    expect(
      policy.Statement.map(({ Effect, Action }: { Effect: string; Action: string }) => [Effect, Action]),
    ).toEqual([
      ['Allow', 'secretsmanager:GetSecretValue'],
      ['Allow', 'kms:Decrypt'],
    ]);
    for (const statement of policy.Statement) {
      expect(statement.Resource).not.toBe('*');
      expect(statement.Condition).toBeDefined();
    }
    // The provider names this stage in each request; a request without one would not match the condition.
    expect(read('src/keys/providers/secrets-manager-provider.ts')).toContain("VersionStage: 'AWSCURRENT'");
  });

  it('Dockerfile runs as another user than root and asks /healthz', () => {
    const dockerfile = read('Dockerfile');
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).toMatch(/^HEALTHCHECK [\s\S]*127\.0\.0\.1:9464\/healthz/m);
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files = '']) =>
      files.split(' '),
    );
    const ignored = read('.dockerignore');
    for (const file of copied) expect(ignored).toContain(`\n!${file}\n`);
  });
});
