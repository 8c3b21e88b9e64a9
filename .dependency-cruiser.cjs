// Who may import whom (docs: house style, "The tree"). Type-only imports count: a type is a dependency too.
const only = (name, from, allowed, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from },
  to: { path: '^src/', pathNot: [...allowed, from] },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'two modules that need each other are one module, or hide a third',
      from: {},
      to: { circular: true },
    },
    only(
      'protocol-is-pure',
      '^src/protocol/',
      ['^src/errors\\.ts$'],
      'the wire format knows neither sockets nor sessions nor configuration',
    ),
    only(
      'rewrite-is-pure',
      '^src/rewrite/',
      ['^src/errors\\.ts$', '^src/protocol/constants/'],
      'SQL in, plan out: the rewriter knows neither keys nor sockets',
    ),
    only(
      'keys-are-apart',
      '^src/keys/',
      ['^src/errors\\.ts$', '^src/protocol/constants/'],
      'tenant in, key out',
    ),
    {
      name: 'session-is-wired-in-main',
      severity: 'error',
      comment:
        'only main.ts and cli/wiring, which it is made of so that tests, demo and bench can run a proxy in-process, ' +
        'put sessions together with the rest',
      from: { path: '^src/', pathNot: ['^src/session/', '^src/cli/wiring/', '^src/main\\.ts$'] },
      to: { path: '^src/session/' },
    },
    {
      name: 'commands-are-given-their-parts',
      severity: 'error',
      comment: 'a command that imported the wiring could not be tried without sockets',
      from: { path: '^src/cli/', pathNot: '^src/cli/wiring/' },
      to: { path: '^src/cli/wiring/' },
    },
    {
      name: 'cli-is-called-by-main',
      severity: 'error',
      comment: 'commands get what they need injected; nothing else depends on the command line',
      from: { path: '^src/', pathNot: ['^src/cli/', '^src/main\\.ts$'] },
      to: { path: '^src/cli/' },
    },
    {
      name: 'nothing-imports-main',
      severity: 'error',
      comment: 'main.ts is where everything ends',
      from: { path: '^src/', pathNot: '^src/main\\.ts$' },
      to: { path: '^src/main\\.ts$' },
    },
    {
      name: 'no-test-code',
      severity: 'error',
      comment: 'the product is built without test, bench, demo and scripts',
      from: { path: '^src/' },
      to: { path: '^(test|bench|demo|scripts)/' },
    },
    {
      name: 'no-development-packages',
      severity: 'error',
      comment: 'a package of devDependencies is missing where the product is installed',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'resolvable',
      severity: 'error',
      comment: 'an import that leads nowhere escapes every other rule',
      from: { path: '^src/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
