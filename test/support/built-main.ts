import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { captureOrThrow, repositoryRoot } from '../../scripts/lib/run.mjs';

/** Compiles src into a folder of its own, so that a test of the program never runs yesterday's build. */
export function buildMain(label: string): { readonly main: string; remove(): void } {
  const folder = join(repositoryRoot(), '.cache', `built-${label}-${process.pid}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  captureOrThrow(process.execPath, [
    join(repositoryRoot(), 'node_modules/typescript/bin/tsc'),
    '-p',
    join(repositoryRoot(), 'tsconfig.build.json'),
    '--outDir',
    join(folder, 'dist'),
  ]);
  copyFileSync(join(repositoryRoot(), 'package.json'), join(folder, 'package.json'));
  return {
    main: join(folder, 'dist/main.js'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
