import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PICTURES } from './pictures';
import { startStage } from './stage';
import { take } from './take';

/**
 * `npm run pictures`: retakes the pictures of the README and of `docs/` from the built product, or those that are named.
 * Those of a real Grafana need one on this machine, with the built plugin and `provisioning/`, whose address is `E2E_URL`.
 */
const folder = process.env.PICTURES_TO ?? fileURLToPath(new URL('../../docs/img', import.meta.url));
const asked = process.argv.slice(2);
const grafanaUrl = process.env.E2E_URL?.replace(/\/$/, '');
const chosen = PICTURES.filter(({ name }) => asked.length === 0 || asked.includes(name));
const unknown = asked.filter((name) => !PICTURES.some((picture) => picture.name === name));
if (unknown.length > 0) {
  console.error(
    `No picture is called ${unknown.join(', ')}. There are: ${PICTURES.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(1);
}
const taken = chosen.filter(({ of }) => of === 'preview' || grafanaUrl);
const stage = await startStage(taken.some(({ of }) => of === 'grafana') ? grafanaUrl : undefined);
const failed: unknown[] = [];
try {
  for (const picture of taken) {
    try {
      const png = await take(picture, stage);
      await writeFile(join(folder, `${picture.name}.png`), png);
      console.log(`${picture.name.padEnd(24)} ${Math.round(png.length / 1_024)} KB`);
    } catch (cause) {
      failed.push(cause);
      console.error(`${picture.name.padEnd(24)} not taken: ${cause}`);
    }
  }
} finally {
  await stage.stop();
}
const left = chosen.filter((picture) => !taken.includes(picture)).map(({ name }) => name);
if (left.length > 0) {
  console.log(`Left as they were, since E2E_URL names no Grafana: ${left.join(', ')}.`);
}
process.exitCode = failed.length > 0 ? 1 : 0;
