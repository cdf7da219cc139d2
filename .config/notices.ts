import type { ShippedPackage } from './shippedPackages';

export const NOTICES = 'THIRD_PARTY_NOTICES.txt';

/** Writes what an artefact says of the work of others in it: each package with its licence, to the letter. */
export function noticesText(artefact: string, packages: readonly ShippedPackage[]): string {
  const head = `${artefact} is licensed under Apache-2.0 (see LICENSE). It holds these packages of others, ${packages.length} in all:`;
  const list = packages.map(({ name, version, licence }) => `  ${name} ${version} (${licence})`);
  const parts = packages.map(({ name, version, licence, texts, elsewhere }) =>
    [
      '='.repeat(80),
      `${name} ${version} (${licence})`,
      ...(elsewhere.length > 0 ? [`On other platforms, under the same licence: ${elsewhere.join(', ')}`] : []),
      '',
      ...texts,
    ].join('\n'),
  );
  return `${[head, '', ...list, '', ...parts].join('\n')}\n`;
}
