import { type Finding, ok, problem, warning } from './Finding';

const NEEDED = [20, 19] as const;

/** Checks this machine for a client of the store at `url`: Node's version, proxies of the environment. */
export function checkMachine(url: URL, environment: NodeJS.ProcessEnv = process.env): Finding[] {
  return [nodeVersion(process.versions.node), proxies(url, environment)];
}

function nodeVersion(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1]);
  return isOld
    ? problem('Node', `This is Node ${version}; the store needs ${NEEDED.join('.')}.`, 'Install a newer Node.')
    : ok('Node', `Node ${version}.`);
}

/** Python's clients take these variables, and send what is meant for the store next door to the company's proxy. */
function proxies(url: URL, environment: NodeJS.ProcessEnv): Finding {
  const named = (name: string) => environment[name.toLowerCase()] || environment[name] || '';
  const variable = [`${url.protocol.slice(0, -1).toUpperCase()}_PROXY`, 'ALL_PROXY'].find((name) => named(name) !== '');
  if (variable === undefined) {
    return ok('proxy', 'No proxy is set in this environment.');
  }
  const excepted = named('NO_PROXY')
    .split(',')
    .map((part) =>
      part
        .trim()
        .replace(/^\*?\./, '')
        .replace(/:\d+$/, '')
        .toLowerCase(),
    )
    .filter((part) => part !== '');
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const isExcepted = excepted.some((part) => part === '*' || host === part || host.endsWith(`.${part}`));
  return isExcepted
    ? ok('proxy', `${variable} is set, and NO_PROXY leaves ${host} out.`)
    : warning(
        'proxy',
        `${variable} is set: clients in Python send what is for ${host} through that proxy. This command does not.`,
        `Where the proxy does not reach the store, add the host to NO_PROXY: export NO_PROXY=${[named('NO_PROXY'), host].filter(Boolean).join(',')}`,
      );
}
