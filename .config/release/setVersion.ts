import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setVersion, versionOf } from './versions';

/** `npm run set-version -- 1.2.3`: writes the version of every part, chart and image. */
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const [version = ''] = process.argv.slice(2);
if (!/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(version)) {
  console.error(`A version is like 1.2.3 or 1.2.3-rc.1; it is ${versionOf(root)} now.`);
  process.exit(1);
}
setVersion(root, version);
console.log(`Everything is ${version} now. Give CHANGELOG.md and docs/upgrading.md a part for it.`);
