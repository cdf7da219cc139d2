import type { NoAnswer } from './Caller';
import { type Finding, problem } from './Finding';

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ALTNAME/;

/** Explains why nobody answers at a URL, and what to do. `what` is whom one expects there, such as `store`. */
export function explainNoAnswer(what: string, url: URL, { code, message }: NoAnswer): Finding {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  if (code === 'ECONNREFUSED') {
    return problem(
      what,
      `Nothing listens on port ${port} of ${url.hostname}.`,
      what === 'store'
        ? `Start it there: rolloscope-store serve --port ${port}. For other machines it listens with --host 0.0.0.0 and tokens only.`
        : 'Start it, or correct the port.',
    );
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return problem(
      what,
      `There is no machine by the name ${url.hostname}, as far as this one knows.`,
      'Correct the name.',
    );
  }
  if (code.includes('TIMEOUT') || code === 'EHOSTUNREACH' || code === 'ENETUNREACH') {
    return problem(
      what,
      `${url.host} does not answer in time.`,
      'A firewall may drop what is for it, or the machine is off: try from the machine itself.',
    );
  }
  if (CERTIFICATE.test(code)) {
    return problem(
      what,
      `The certificate of ${url.hostname} is not trusted here (${code}).`,
      'Name the authority that signed it: NODE_EXTRA_CA_CERTS=FILE; for clients in Python REQUESTS_CA_BUNDLE=FILE.',
    );
  }
  if (code.includes('SSL') || code.includes('TLS') || /wrong version number/i.test(message)) {
    return problem(
      what,
      `Port ${port} of ${url.hostname} does not speak https.`,
      'The store speaks http by itself: begin the URL with http://.',
    );
  }
  return problem(
    what,
    `${url.host} ended the connection without an answer (${message}).`,
    'Look whether it speaks https only.',
  );
}
