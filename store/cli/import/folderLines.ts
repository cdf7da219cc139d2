import type { Claim } from './Claims';

/** Folders that are listed. */
const LISTED = 8;

/** Returns lines that say where several folders went, or that those `joined` went into one run. */
export function folderLines(label: string, claims: readonly Claim[], joined: readonly string[]): string[] {
  // The folder of event files is told in any case.
  const own = claims.filter(({ kind }) => !kind.folderOf);
  const folders = [...new Set(own.flatMap(({ folder }) => folder || []))];
  const isOne = folders.length < 2 && own.every(({ folder }) => folder !== undefined);
  return [
    ...(folders.length > 0 && !isOne ? [`${label}: folders in it that are runs of their own: ${listed(folders)}`] : []),
    ...(joined.length > 0
      ? [`${label}: ${listed(joined)} are read as one run; give each by itself where each is one`]
      : []),
  ];
}

const listed = (folders: readonly string[]) =>
  `${folders.slice(0, LISTED).join(', ')}${folders.length > LISTED ? `, and ${folders.length - LISTED} more` : ''}`;
