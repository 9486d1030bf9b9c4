/** Every program and thread of the package by its name in `dist/`. Each is a separate entry for the bundler. */
export const programs = {
  hookline: 'src/main/hookline.ts',
  'okta-stand-in': 'simulators/okta/main.ts',
  'carrier-stand-in': 'simulators/aws/end-user-messaging/main.ts',
  'aws-stand-in': 'simulators/aws/control/main.ts',
  'deployment-stand-in': 'simulators/aws/deployment/main.ts',
  'lambda-runtime': 'simulators/aws/lambda/runtime-loop.ts',
  'store-thread': 'src/adapters/sqlite/worker.ts',
  'checkpoints-thread': 'src/adapters/sqlite/checkpoints.ts',
  'console-thread': 'src/main/console/console-thread.ts',
  'try-open': 'src/adapters/sqlite/try-open.ts',
} as const

/** Programs that load one file each, because they start together with a server. */
export const bundledAlone: readonly string[] = ['store-thread', 'checkpoints-thread', 'try-open']

/**
 * The sources that read files next to them, with these files. In the package, the files have the same paths as in the
 * repository. They are copied unless the build creates them.
 */
export const filesBesideSources: Readonly<Record<string, readonly string[]>> = {
  'simulators/aws/end-user-messaging/page-endpoint.ts': ['simulators/aws/end-user-messaging/page'],
  'src/cli/templates/preview-page.ts': [
    'src/cli/templates/preview-filter.js',
    'src/cli/templates/preview-page.css',
  ],
  'src/main/console/open-console.ts': [
    'src/console/style.css',
    'src/console/island.js',
    'src/console/icon.svg',
  ],
  'src/main/package.ts': [], // the version in package.json, which every package has
  'src/main/commands/build-template.ts': [
    'dist/release.json',
    'dist/hookline.template.yaml',
    'dist/second-region.template.yaml',
    'dist/functions/authorizer.zip',
    'dist/functions/hook.zip',
    'dist/functions/one-function.zip',
    'dist/functions/receipts.zip',
    'dist/functions/events.zip',
    'dist/functions/figures.zip',
    'dist/functions/canary.zip',
  ],
}

/** Files for people: messages and `--help` refer to pages of `docs/` and to the templates of `messages/`. */
export const filesForPeople = ['README.md', 'CHANGELOG.md', 'LICENSE', 'docs', 'messages'] as const
