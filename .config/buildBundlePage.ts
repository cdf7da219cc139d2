import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Configuration, rspack } from '@rspack/core';
import { compile } from './compile';
import { noticesText } from './notices';
import { packagesOfModules } from './shippedPackages';
import { pluginConfig } from './webpack/webpack.config';

/** The code of a saved file, and what the rest of the build wants to know of it. */
export interface BundlePage {
  /** All of it, to stand in a script element. */
  script: string;
  /** The script's hash as a Content-Security-Policy has it: `sha256-…`. */
  hash: string;
  /** The files that it was made of. */
  sources: string[];
}

/**
 * The page that a saved file of rollouts is: the reader itself with React, and small stand-ins where it has Grafana's
 * packages else (`src/panel/bundle/standIn/`). It stands in the panel's bundle as a text, see `pageScript.ts`.
 */
export async function buildBundlePage(root: string): Promise<BundlePage> {
  const path = join(root, 'node_modules', '.cache', 'bundlePage');
  await rm(path, { recursive: true, force: true });
  await compile(pageConfig(root, path));
  const read = (file: string) => readFile(join(path, file), 'utf8');
  const { sources } = JSON.parse(await read('page.js.map')) as { sources: string[] };
  const built = (await read('page.js')).replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '');
  const notices = noticesText('Rolloscope', packagesOfModules(root, sources)).replaceAll('*/', '* /');
  // Nothing in it may end its element, or begin what HTML takes for a comment.
  const code = built.replaceAll('<!--', '\\x3C!--').replace(/<(?=\/?script)/gi, '\\x3C');
  const script = `/*\n${ascii(notices).replace(/<(?=!--|\/?script)/gi, '< ')}*/\n${code}`;
  return { script, hash: `sha256-${createHash('sha256').update(script).digest('base64')}`, sources };
}

/** Names of people in licences are text, and text is escaped as in code. */
const ascii = (text: string) =>
  text
    .replaceAll('\r\n', '\n')
    .replace(/[^\n\x20-\x7e]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Makes the configuration of the panel's own build, but with stand-ins for Grafana, and all in one file. */
function pageConfig(root: string, path: string): Configuration {
  const { resolve, ...config } = pluginConfig(root, 'panel', 'rolloscope-bundle', path, {
    BUNDLE_THEMES: themes(root),
  });
  const standIn = (name: string) => join(root, 'src/panel/bundle/standIn', name);
  return {
    ...config,
    entry: { page: './bundle/page/main.tsx' },
    externals: [],
    output: { path, filename: '[name].js', asyncChunks: false },
    resolve: {
      ...resolve,
      alias: {
        ...resolve?.alias,
        '@grafana/ui$': standIn('ui.ts'),
        '@grafana/data$': standIn('data.ts'),
        '@emotion/css$': standIn('css.ts'),
      },
    },
    optimization: {
      minimizer: [
        // All that is not ASCII is escaped, so that the bytes are the same in any encoding.
        new rspack.SwcJsMinimizerRspackPlugin({
          extractComments: false,
          minimizerOptions: { format: { ascii_only: true, comments: false } },
        }),
      ],
    },
  };
}

type Theme = Record<string, unknown>;

/** Grafana's themes as plain values: what they compute is computed by the page (`standIn/theme.ts`). */
function themes(root: string): Record<'dark' | 'light', Theme> {
  const { createTheme } = createRequire(join(root, 'package.json'))('@grafana/data') as {
    createTheme: (options: { colors: { mode: string } }) => Theme;
  };
  const plain = (mode: string) => {
    const {
      v1: _,
      components: _c,
      flags: _f,
      breakpoints: _b,
      transitions: _t,
      ...theme
    } = createTheme({ colors: { mode } });
    return theme;
  };
  return { dark: plain('dark'), light: plain('light') };
}
