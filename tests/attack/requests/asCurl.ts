import type { Prepared } from './sendRequest';

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
/** Bodies that a shell and a terminal take as they are. */
const PRINTABLE = /^[\x20-\x7e]*$/;

/** The request as a command that sends it again. */
export function asCurl(url: string, { method, path, headers, body }: Prepared): string {
  const flags = ['curl', '-sS', '-i', '--path-as-is', '-X', method];
  for (const [name, value] of Object.entries(headers)) {
    flags.push('-H', quoted(`${name}: ${value}`));
  }
  const at = /^[/]/.test(path) ? [quoted(url + path)] : ['--request-target', quoted(path), quoted(url)];
  if (body.length === 0) {
    return [...flags, ...at].join(' ');
  }
  const text = body.toString('latin1');
  const bytes = PRINTABLE.test(text) ? `printf %s ${quoted(text)}` : `echo ${body.toString('base64')} | base64 -d`;
  return `${bytes} | ${[...flags, '--data-binary', '@-', ...at].join(' ')}`;
}
