// Writes config/tenantcrypt.schema.json from src/config/schema.ts. Needs `npm run build` first.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const { configJsonSchema } = await import(new URL('dist/config/json-schema.js', root).href);
const target = fileURLToPath(new URL('config/tenantcrypt.schema.json', root));
writeFileSync(target, `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
const biome = fileURLToPath(new URL('node_modules/.bin/biome', root));
process.exit(spawnSync(biome, ['format', '--write', target], { stdio: 'inherit' }).status ?? 1);
