import { isUtf8 } from 'node:buffer';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { apiKeyOf } from '../../store/http/apiKey';
import { makeFolder, removeFolder } from '../clients/folders';
import { startScript } from '../clients/startScript';
import { startOurs } from '../conformance/startOurs';
import type { Counted } from './Counted';
import { type Exchange, packed, withPlaceholders } from './Exchange';
import { installTrainers, sourceOf } from './environment';
import { SOURCES, type SourceName } from './environments';
import { RECIPES, type Recipe } from './recipes';
import { recordingProxy } from './recordingProxy';
import { COUNTED, FILES, REQUESTS, folder as recordings } from './recordings';
import { type Neutral, neutrals, scrubbed, scrubbedExchange } from './scrub';

/*
 * `npm run trainers [-- NAME…]`: runs the trainers and makes the recordings anew. It installs gigabytes, so it is no part
 * of the tests, which replay what it made.
 */
const scripts = fileURLToPath(new URL('scripts', import.meta.url));

async function runParts(
  python: string,
  { parts, env = {} }: Recipe,
  url: string,
  folder: string,
  own: Record<string, string>,
) {
  for (const { args, isKilled = false } of parts) {
    const [script = '', ...rest] = args;
    const started = startScript({
      python,
      args: [join(scripts, script), ...rest],
      folder,
      env: {
        USER: 'trainer',
        LOGNAME: 'trainer',
        PYTHONDONTWRITEBYTECODE: '1',
        HF_HUB_OFFLINE: '1',
        ...(process.env.SSL_CERT_FILE && { SSL_CERT_FILE: process.env.SSL_CERT_FILE }),
        WANDB_BASE_URL: url,
        WANDB_API_KEY: apiKeyOf('any'),
        WANDB_CONSOLE: 'off',
        WANDB_DISABLE_GIT: 'true',
        WANDB_DISABLE_CODE: 'true',
        WANDB_X_DISABLE_STATS: 'true',
        WANDB_X_DISABLE_META: 'true',
        MLFLOW_TRACKING_URI: url,
        MLFLOW_DISABLE_TELEMETRY: 'true',
        TRACKIO_SERVER_URL: url,
        TRACKIO_WRITE_TOKEN: 'any',
        ...own,
        ...env,
      },
    });
    const code = await started.ended;
    if (code !== (isKilled ? null : 0)) {
      throw new Error(`${args.join(' ')} ended with ${code}:\n${started.output()}`);
    }
  }
}

/** Where Python finds a trainer that is run from its sources, and what is told of it. */
async function variablesOf(name: SourceName): Promise<Record<string, string>> {
  const place = await sourceOf(name);
  const { commit, imports } = SOURCES[name];
  return {
    PYTHONPATH: imports.map((folder) => join(place, folder)).join(delimiter),
    SOURCES: JSON.stringify({ [name]: commit }),
  };
}

async function filesOf(folder: string, wanted: RegExp): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => wanted.test(path));
}

/** Texts are kept under neutral names, too; what is packed or binary as it is. */
async function keep(from: string, to: string, own: readonly Neutral[]): Promise<void> {
  const bytes = await readFile(from);
  await mkdir(dirname(to), { recursive: true });
  await writeFile(to, isUtf8(bytes) ? scrubbed(bytes.toString(), own) : bytes);
}

/** Runs a trainer against a new store, and keeps what it sent, what it wrote and what it counted. */
async function record(recipe: Recipe): Promise<Counted> {
  const python = await installTrainers(recipe.environment ?? 'main');
  const source = recipe.source === undefined ? {} : await variablesOf(recipe.source);
  const folder = await makeFolder();
  const ours = await startOurs();
  const proxy = await recordingProxy(ours.url);
  const place = join(recordings, recipe.name);
  const own = neutrals([
    [folder, '/home/trainer/job'],
    [scripts, '/home/trainer/job'],
    [dirname(dirname(python)), '/home/trainer/venv'],
    ...(process.env.TRAINERS_SOURCES ? [[process.env.TRAINERS_SOURCES, '/home/trainer/sources'] as const] : []),
    [proxy.url, 'http://127.0.0.1:8900'],
  ]);
  try {
    await runParts(python, recipe, proxy.url, folder, source);
    await rm(place, { recursive: true, force: true });
    await mkdir(place, { recursive: true });
    if (!recipe.isFilesOnly) {
      const exchanges: Exchange[] = withPlaceholders(proxy.heard);
      await writeFile(join(place, REQUESTS), packed(exchanges.map((exchange) => scrubbedExchange(exchange, own))));
    }
    for (const path of recipe.files === undefined ? [] : await filesOf(folder, recipe.files)) {
      await keep(join(folder, path), join(place, FILES, scrubbed(path, own)), own);
    }
    const counted = scrubbed(await readFile(join(folder, 'counted.json'), 'utf8'), own);
    await writeFile(join(place, COUNTED), `${counted}\n`);
    return JSON.parse(counted) as Counted;
  } finally {
    await proxy.stop();
    await ours.stop();
    await removeFolder(folder);
  }
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !RECIPES.some((recipe) => recipe.name === name));
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}. There are: ${RECIPES.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
for (const recipe of RECIPES.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
  const { versions } = await record(recipe);
  const said = Object.entries(versions).map((pair) => pair.join(' '));
  console.log(`${recipe.name}: ${said.join(', ')}`);
}
