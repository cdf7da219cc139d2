export interface PageScript {
  script: string;
  /** The script's hash, as a Content-Security-Policy has it. */
  hash: string;
  /** The version of Rolloscope. */
  version: string;
}

/** The code of a saved file, which the build puts here: a megabyte that is fetched when a file is made, never before. */
declare const BUNDLE_PAGE: PageScript;

export function pageScript(): PageScript {
  return BUNDLE_PAGE;
}
