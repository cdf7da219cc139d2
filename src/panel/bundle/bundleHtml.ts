import { BUNDLE_ELEMENT, type Bundle } from './Bundle';
import type { PageScript } from './pageScript';

/** Colours are the page's own; these hold until they are there, and in a browser without scripts. */
const STYLE = `body{margin:0;background:var(--ground,Canvas);color:var(--text,CanvasText);font:14px/1.57 Inter,Helvetica,Arial,sans-serif}
h1,h2,h3,h4{font-weight:500}a{color:var(--link,LinkText)}code,kbd,pre{font-family:ui-monospace,"Roboto Mono",monospace}
table{border-spacing:0}#plain{padding:16px}`;

/**
 * The file: one HTML page with its own script, and the rollouts as JSON that is only ever read as text. Its policy
 * forbids it every address, and every script but this one.
 *
 * @param nonce of the styles, new for each file
 */
export function bundleHtml(bundle: Bundle, { script, hash }: PageScript, nonce: string): string[] {
  const policy = [
    "default-src 'none'",
    `script-src '${hash}'`,
    `style-src 'nonce-${nonce}'`,
    'img-src data:',
    'media-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return [
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">\n`,
    '<meta name="referrer" content="no-referrer">\n',
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
    '<meta name="color-scheme" content="dark light">\n<link rel="icon" href="data:,">\n',
    `<title>${asText(bundle.title)}</title>\n<style nonce="${nonce}">${STYLE}</style>\n</head>\n<body>\n`,
    '<div id="root"></div>\n<noscript><p id="plain">These rollouts are read with the help of the script in this file, ',
    'which asks nothing of any network. Allow scripts for it.</p></noscript>\n',
    `<script type="application/json" id="${BUNDLE_ELEMENT}">`,
    asJson(bundle),
    '</script>\n<script>',
    script,
    '</script>\n</body>\n</html>\n',
  ];
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** What turns the direction of a text, or ends a line of code, would make the file's own source hard to read. */
const TRICKY = /[<>\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

const asText = (text: string) => text.replace(/[&<>"]/g, (one) => ENTITIES[one] ?? one).replace(TRICKY, '');

/** JSON that ends no element and begins no comment. */
const asJson = (value: unknown) =>
  JSON.stringify(value).replace(TRICKY, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
