/** The address to which trainers send what they log, as far as Grafana knows it. */
export interface TrainerAddress {
  /** The address, without a slash at its end. */
  url: string;
  /** A sentence that says how sure that is. */
  note: string;
}

interface KnownAddresses {
  /** `jsonData.trainerUrl` of the data source: what somebody wrote there for trainers. */
  given?: string | undefined;
  /** The data source's own URL, which Grafana tells to administrators alone. */
  proxied?: string | undefined;
}

/** The store's port where nothing else is said. */
const DEFAULT_URL = 'http://localhost:8900';

const LOOPBACK = /^((.+\.)?localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

export function trainerAddress({ given, proxied }: KnownAddresses): TrainerAddress {
  const said = given ? readAddress(given) : undefined;
  if (said) {
    return { url: said, note: 'So the settings of the data source say.' };
  }
  const reached = proxied ? readAddress(proxied) : undefined;
  if (!reached) {
    return {
      url: DEFAULT_URL,
      note: 'Grafana does not tell you where the store is. Ask who set it up, and write its address here.',
    };
  }
  if (LOOPBACK.test(new URL(reached).hostname)) {
    return {
      url: reached,
      note:
        'Grafana reaches the store on the machine that both run on; trainers on that machine do, too. From others write ' +
        "that machine's name here; the store listens there only with tokens and --host.",
    };
  }
  return {
    url: reached,
    note: "Grafana's server reaches the store here. Where trainers reach it at another address, write that one.",
  };
}

/** An address as someone wrote it, without the API's path and the last slash; undefined for what is no address of HTTP. */
export function readAddress(text: string): string | undefined {
  const trimmed = text.trim();
  if (!/^https?:\/\/[^/]/i.test(trimmed) || !URL.canParse(trimmed)) {
    return undefined;
  }
  const { origin, pathname } = new URL(trimmed);
  return `${origin}${pathname}`.replace(/\/+$/, '').replace(/\/api\/v1$/, '');
}
