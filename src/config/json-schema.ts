import { z } from 'zod';
import { configSchema } from './schema.js';

type Json = { [key: string]: unknown };

/** The JSON Schema of the configuration file, for editors: shipped as config/tenantcrypt.schema.json. */
export function configJsonSchema(): Json {
  const schema = z.toJSONSchema(configSchema, { io: 'input' }) as Json;
  return { ...allowVariables(schema), title: 'tenantcrypt configuration' };
}

/**
 * Editors see the file before `${ENV}` is filled in, so a scalar that is restricted to numbers, choices or a pattern
 * may also be a text with a variable.
 */
function allowVariables(schema: Json): Json {
  const result: Json = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'properties') {
      const entries = Object.entries(value as Json).map(([name, child]) => [
        name,
        allowVariables(child as Json),
      ]);
      result[key] = Object.fromEntries(entries);
    } else if (Array.isArray(value)) {
      result[key] = value.map((item) => (isSchema(item) ? allowVariables(item) : item));
    } else {
      result[key] =
        isSchema(value) && key !== 'default' && key !== 'propertyNames' ? allowVariables(value) : value;
    }
  }
  const restricted = 'enum' in result || 'pattern' in result || result['type'] === 'boolean';
  if (!restricted) return result;
  const { description, default: fallback, ...own } = result;
  return {
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
    anyOf: [own, { type: 'string', pattern: '\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}' }],
  };
}

function isSchema(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
