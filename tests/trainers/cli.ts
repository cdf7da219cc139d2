import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { apiKeyOf } from '../../store/http/apiKey';
import { makeFolder, removeFolder } from '../clients/folders';
import { startScript } from '../clients/startScript';
import { startOurs } from '../conformance/startOurs';
import type { Counted } from './Counted';
import { type Exchange, packed, withPlaceholders } from './Exchange';
import { installTrainers } from './environment';
import { RECIPES, type Recipe } from './recipes';
import { recordingProxy } from './recordingProxy';
import { COUNTED, FILES, REQUESTS, folder as recordings } from './recordings';
import { neutrals, scrubbed, scrubbedExchange } from './scrub';

/*
 * `npm run trainers [-- NAME…]`: runs the trainers and makes the recordings anew. It installs gigabytes, so it is no part
 * of the tests, which replay what it made.
 */
const scripts = fileURLToPath(new URL('scripts', import.meta.url));

async function runParts(python: string, { parts, env = {} }: Recipe, url: string, folder: string): Promise<void> {
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
        ...env,
      },
    });
    const code = await started.ended;
    if (code !== (isKilled ? null : 0)) {
      throw new Error(`${args.join(' ')} ended with ${code}:\n${started.output()}`);
    }
  }
}

async function filesOf(folder: string, wanted: RegExp): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => wanted.test(path));
}

/** Runs a trainer against a new store, and keeps what it sent, what it wrote and what it counted. */
async function record(python: string, recipe: Recipe): Promise<Counted> {
  const folder = await makeFolder();
  const ours = await startOurs();
  const proxy = await recordingProxy(ours.url);
  const place = join(recordings, recipe.name);
  const own = neutrals([
    [folder, '/home/trainer/job'],
    [scripts, '/home/trainer/job'],
    [dirname(dirname(python)), '/home/trainer/venv'],
    [proxy.url, 'http://127.0.0.1:8900'],
  ]);
  try {
    await runParts(python, recipe, proxy.url, folder);
    await rm(place, { recursive: true, force: true });
    await mkdir(place, { recursive: true });
    if (!recipe.isFilesOnly) {
      const exchanges: Exchange[] = withPlaceholders(proxy.heard);
      await writeFile(join(place, REQUESTS), packed(exchanges.map((exchange) => scrubbedExchange(exchange, own))));
    }
    for (const path of recipe.files === undefined ? [] : await filesOf(folder, recipe.files)) {
      await cp(join(folder, path), join(place, FILES, scrubbed(path, own)));
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
console.log('Installing the trainers, unless they are there: some gigabytes, into a cache folder.');
const python = await installTrainers();
for (const recipe of RECIPES.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
  const { versions } = await record(python, recipe);
  const said = Object.entries(versions).map((pair) => pair.join(' '));
  console.log(`${recipe.name}: ${said.join(', ')}`);
}
