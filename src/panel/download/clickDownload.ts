/** A browser needs this long to begin reading an address before it may be freed, in milliseconds. */
const RELEASE_AFTER = 60_000;

/** Starts the browser's own download. `name` is left out where the server gives one. */
export function clickDownload({ url, name, release }: { url: string; name?: string; release?: () => void }): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name ?? '';
  link.rel = 'noopener';
  // Never in the page: Grafana takes a click on an anchor there for a way to another of its pages.
  link.click();
  if (release) {
    setTimeout(release, RELEASE_AFTER);
  }
}

/** A file that this page has made. */
export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  clickDownload({ url, name, release: () => URL.revokeObjectURL(url) });
}

/** Makes a file's name of a text that anybody wrote. */
export const fileName = (text: string, ending: string): string =>
  `${
    text
      .replace(/[^\p{L}\p{N}._-]+/gu, '_')
      .replace(/^[_.]+|_+$/g, '')
      .slice(0, 120) || 'rollouts'
  }.${ending}`;
