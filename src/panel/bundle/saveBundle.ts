import { fileName, saveBlob } from '../download/clickDownload';
import type { Bundle } from './Bundle';
import { bundleHtml } from './bundleHtml';
import type { PageScript } from './pageScript';

/** Has the browser save the file. Returns its size in bytes. */
export function saveBundle(bundle: Bundle, page: PageScript): number {
  // `getRandomValues` works on a page without HTTPS, too.
  const nonce = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0'));
  const file = new Blob(bundleHtml(bundle, page, nonce.join('')), { type: 'text/html;charset=utf-8' });
  saveBlob(file, fileName(bundle.title, 'html'));
  return file.size;
}
