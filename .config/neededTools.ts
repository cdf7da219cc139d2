import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, stop } from 'esbuild';
import { TOOL_NAMES, type ToolName } from './testTools';

/**
 * The sources of ours that some files are made of, by the imports that lead from them. `root` is the absolute path of the
 * project, `files` are absolute, too; what comes back are paths from the root.
 */
export async function sourcesOf(root: string, files: readonly string[]): Promise<string[]> {
  const { metafile } = await build({
    stdin: { contents: files.map((file) => `import ${JSON.stringify(file)};`).join('\n'), resolveDir: root },
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    // esbuild takes names that differ in case for the same: VisibleText.tsx must not stand in for visibleText.ts.
    resolveExtensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
    outdir: 'never-written',
    logLevel: 'silent',
  });
  // Its service would go on for as long as this process does.
  await stop();
  return Object.keys(metafile.inputs).filter((input) => input !== '<stdin>');
}

/** The tools that some sources of ours ask `toolPath` for. */
export async function neededTools(root: string, sources: readonly string[]): Promise<ToolName[]> {
  const texts = await Promise.all(sources.map((source) => readFile(join(root, source), 'utf8')));
  const asked = new Set(texts.flatMap((text) => [...text.matchAll(/\btoolPath\('(\w+)'\)/g)].map((match) => match[1])));
  return TOOL_NAMES.filter((name) => asked.has(name));
}
