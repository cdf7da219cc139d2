import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { versionsIn } from './versions';

const BUILT = ['dist/module.js', 'store/dist/cli.js'];

/**
 * Throws with what is to be done before a release: nothing is built, parts say different versions, or a tag (`v1.2.3`) names
 * another one than the parts and the changelog.
 */
export function refuseUnready(root: string, version: string, tag?: string): void {
  const missing = BUILT.filter((file) => !existsSync(join(root, file)));
  if (missing.length > 0) {
    throw new Error(`${missing.join(' and ')} is missing: npm run build`);
  }
  const other = versionsIn(root).find((place) => place.version !== version);
  if (other) {
    throw new Error(`${other.file} says ${other.version}, package.json ${version}: npm run set-version -- ${version}`);
  }
  if (tag === undefined) {
    return;
  }
  if (tag !== `v${version}`) {
    throw new Error(`The tag ${tag} is not of version ${version}, which every part has.`);
  }
  const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8');
  if (!changelog.split('\n').some((line) => line.startsWith(`## ${version}`) && !line.includes('unreleased'))) {
    throw new Error(`CHANGELOG.md has no part "## ${version}", or it says "unreleased" still.`);
  }
}
