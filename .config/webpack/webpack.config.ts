import { join } from 'node:path';
import { type Configuration, rspack } from '@rspack/core';

/** The modules that Grafana shares with its plugins in every version from 11.6 on; a bundle brings all others along. */
export const SHARED_MODULES = [
  'react',
  'react-dom',
  'rxjs',
  'rxjs/operators',
  'lodash',
  '@emotion/css',
  '@grafana/data',
  '@grafana/runtime',
  '@grafana/ui',
] as const;

/** Never bundled: a copy of one React's runtime breaks under the next. Left outside, the build's check refuses it. */
const REFUSED_MODULES = ['react/jsx-runtime', 'react/jsx-dev-runtime'];

/**
 * One bundle: the app (`''`), or a nested plugin by its folder. Each nested plugin is a compilation of its own, because
 * Grafana serves it under its own id and its chunks must be found there. `values` stand in the code under their names.
 */
export function pluginConfig(
  root: string,
  folder: string,
  pluginId: string,
  path: string,
  values: Record<string, unknown> = {},
): Configuration {
  return {
    mode: 'production',
    context: join(root, 'src', folder),
    entry: { module: [join(root, '.config/webpack/publicPath.ts'), './module.ts'] },
    devtool: 'source-map',
    target: 'web',
    externalsType: 'amd',
    // `module` is the AMD loader's own word, not a file.
    externals: [...SHARED_MODULES, ...REFUSED_MODULES, { 'amd-module': 'module' }],
    output: {
      path,
      filename: '[name].js',
      chunkFilename: '[name].[contenthash:8].js',
      library: { type: 'amd' },
      uniqueName: pluginId,
      publicPath: `public/plugins/${pluginId}/`,
    },
    resolve: {
      extensions: ['.ts', '.tsx', '.js'],
      // Its build for browsers decodes through innerHTML; this one needs no document.
      alias: {
        'decode-named-character-reference$': join(root, 'node_modules/decode-named-character-reference/index.js'),
      },
    },
    module: {
      rules: [
        {
          test: /\.tsx?$/,
          loader: 'builtin:swc-loader',
          options: {
            jsc: {
              parser: { syntax: 'typescript', tsx: true },
              // `react/jsx-runtime` is shared only by later patch releases; the classic form works in all of them.
              transform: { react: { runtime: 'classic' } },
              target: 'es2022',
            },
          },
        },
      ],
    },
    plugins: [
      new rspack.DefinePlugin(
        Object.fromEntries(Object.entries(values).map(([name, value]) => [name, JSON.stringify(value)])),
      ),
    ],
    performance: { hints: false },
    stats: 'errors-warnings',
  };
}
