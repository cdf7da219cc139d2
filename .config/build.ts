import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type BuildOptions, build as esbuild } from 'esbuild';
import { buildPlugin } from './buildPlugin';
import { buildPreview } from './buildPreview';
import { NOTICES, noticesText } from './notices';
import { packagesOfWorkspace, shipped } from './shippedPackages';

/**
 * `npm run build`: everything, or the parts named: `plugin`, `store`, `preview`, `examples`.
 * `preview --base DIR` builds the preview's page against the packages of another folder, to `preview/dist/<DIR's name>/`.
 */
const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** A Node program as one file: our sources and the contract's are inlined, packages stay outside, or those of `isOutside`. */
async function buildNode(
  entries: Record<string, string>,
  outdir: string,
  options: BuildOptions = {},
  isOutside: (path: string) => boolean = () => true,
): Promise<void> {
  await esbuild({
    absWorkingDir: root,
    entryPoints: entries,
    outdir,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'linked',
    logLevel: 'warning',
    ...options,
    plugins: [
      ...(options.plugins ?? []),
      {
        name: 'packages-stay-outside',
        setup(build) {
          build.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
            kind === 'entry-point' || path.startsWith('@rolloscope/') || !isOutside(path)
              ? undefined
              : { path, external: true },
          );
        },
      },
    ],
  });
}

/**
 * Packages that the store finds beside it: they bring files of their own, which no bundle has, or are large and hardly ever
 * asked for.
 */
const OUTSIDE_STORE = /^(@duckdb\/node-bindings|node-sqlite3-wasm|@modelcontextprotocol\/server|node:.*)$/;
/** The line that makes the `require` by which packages that are CommonJS ask Node for its modules. */
const REQUIRE = `import { createRequire as createRequireOf } from 'node:module'; const require = createRequireOf(import.meta.url);`;

/**
 * The store's command: `cli.js`, which sets the process up, loads all the rest, `main.mjs`. See `store/cli/entry.ts`. That has
 * its packages in it: to find and read their hundreds of files takes as long as all else that a start does.
 */
async function buildStore(): Promise<void> {
  const parts = {
    main: 'store/cli/main.ts',
    patternWorker: 'store/patterns/patternWorker.mjs',
    parquetProcess: 'store/cli/import/parquetProcess.mjs',
  };
  await buildNode(parts, 'store/dist', { outExtension: { '.js': '.mjs' }, banner: { js: REQUIRE } }, (path) =>
    OUTSIDE_STORE.test(path),
  );
  await buildNode({ cli: 'store/cli/entry.ts' }, 'store/dist', {
    format: 'cjs',
    plugins: [
      {
        name: 'main-stays-outside',
        setup: (build) => build.onResolve({ filter: /^\.\/main$/ }, () => ({ path: './main.mjs', external: true })),
      },
    ],
  });
  writeFileSync(join(root, 'store/dist/package.json'), '{ "type": "commonjs" }\n');
  for (const part of Object.keys(parts)) {
    leaveOutPackages(join(root, 'store/dist', `${part}.mjs.map`));
  }
  const packages = [...packagesOfWorkspace(root, 'store'), shipped(root, join(root, 'node_modules/esbuild'))];
  writeFileSync(join(root, 'store/dist', NOTICES), noticesText('rolloscope-store', packages));
}

/** Takes the sources of packages out of a map, which would be twice as large with them. */
function leaveOutPackages(path: string): void {
  const map = JSON.parse(readFileSync(path, 'utf8')) as { sources: string[]; sourcesContent: (string | null)[] };
  map.sourcesContent = map.sourcesContent.map((text, i) => (map.sources[i]?.includes('node_modules/') ? null : text));
  writeFileSync(path, JSON.stringify(map));
}

const { values, positionals: asked } = parseArgs({ allowPositionals: true, options: { base: { type: 'string' } } });

const parts: Record<string, () => Promise<void>> = {
  plugin: () => buildPlugin(root),
  store: buildStore,
  preview: async () => {
    await buildPreview(root, values.base);
    await buildNode({ server: 'preview/server.ts' }, 'preview/dist');
  },
  examples: () => buildNode({ train: 'examples/train.ts', demo: 'examples/demo.ts' }, 'examples/dist'),
};

const unknown = asked.filter((part) => !Object.hasOwn(parts, part));
if (unknown.length > 0) {
  console.error(`No part ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}.`);
  process.exit(1);
}
for (const [part, run] of Object.entries(parts)) {
  if (asked.length === 0 || asked.includes(part)) {
    const start = performance.now();
    console.log(`Building ${part}…`);
    await run();
    console.log(`  done in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
}
