import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve as resolvePath } from 'node:path';
import type { Configuration } from '@rspack/core';
import { compile } from './compile';

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Rolloscope preview</title>
<link rel="icon" href="/public/plugins/rolloscope-runs-app/img/logo.svg">
<style>body { margin: 0 } #root { min-height: 100vh }</style>
</head>
<body><div id="root"></div><script src="/public/host/main.js"></script></body>
</html>
`;

/**
 * Builds the host page to `preview/dist/public`. `otherBase` is a folder whose `node_modules` holds another set of
 * Grafana's packages and React, to prove the plugin under both; its page goes to `preview/dist/<folder's name>/public`.
 */
export async function buildPreview(root: string, otherBase?: string): Promise<void> {
  const base = otherBase ? resolvePath(root, otherBase) : join(root, 'preview');
  const target = join(root, 'preview', 'dist', ...(otherBase ? [basename(base)] : []), 'public');
  await rm(target, { recursive: true, force: true });
  await mkdir(join(target, 'host'), { recursive: true });
  await writeFile(join(target, 'index.html'), PAGE);
  await compile(hostConfig(root, base, join(target, 'host')));
  const resolve = createRequire(join(base, 'package.json')).resolve;
  const ui = dirname(dirname(dirname(resolve('@grafana/ui'))));
  await cp(join(ui, 'dist', 'public', 'img', 'icons'), join(target, 'icons'), { recursive: true });
  const inter = dirname(createRequire(join(root, 'preview', 'package.json')).resolve('inter-ui/package.json'));
  await cp(join(inter, 'web'), join(target, 'inter'), { recursive: true });
}

function hostConfig(root: string, base: string, path: string): Configuration {
  return {
    mode: 'production',
    context: join(root, 'preview', 'host'),
    entry: { main: './main.tsx' },
    target: 'web',
    devtool: false,
    optimization: { minimize: false },
    output: { path, filename: '[name].js', chunkFilename: '[name].[contenthash:8].js', publicPath: '/public/host/' },
    resolve: {
      extensions: ['.tsx', '.ts', '.mjs', '.js'],
      modules: [
        join(base, 'node_modules'),
        join(root, 'preview', 'node_modules'),
        join(root, 'node_modules'),
        'node_modules',
      ],
      fullySpecified: false,
      // @grafana/ui asks for the bridge between two majors of the router; the newer one alone has what it uses.
      alias: { 'react-router-dom-v5-compat': join(root, 'preview', 'node_modules', 'react-router-dom') },
      fallback: { fs: false, path: false, crypto: false, stream: false },
    },
    module: {
      // Grafana's packages ask for exports that only some versions have, and check at run time.
      parser: { javascript: { exportsPresence: false } },
      rules: [
        { test: /\.m?js$/, resolve: { fullySpecified: false } },
        {
          test: /\.tsx?$/,
          loader: 'builtin:swc-loader',
          options: {
            jsc: {
              parser: { syntax: 'typescript', tsx: true },
              transform: { react: { runtime: 'automatic' } },
              target: 'es2022',
            },
          },
        },
        { test: /\.css$/, type: 'css' },
        { test: /\.(svg|png|woff2?|ttf)$/, type: 'asset/resource' },
      ],
    },
    performance: { hints: false },
    ignoreWarnings: [/./],
  };
}
