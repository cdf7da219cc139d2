/*
 * A table's file in a run has the word `Image` where an image was; what it is stands in the table's own artifact, whose
 * files come by themselves. They wait beside the files of the run, under names that no file of a run has.
 */

const BEGIN = 'artifact/';

/** Ids that clients give their artifacts are of letters and digits. */
export const isClientId = (id: string) => /^[A-Za-z0-9]{1,200}$/.test(id);

/** Names a file of an artifact as it is called among the files of its run. */
export const artifactFile = (client: string, name: string) => `${BEGIN}${client}/${name}`;

/** The name within its artifact; undefined for a file of the run itself. */
export function nameInArtifact(name: string): string | undefined {
  const [, client, inner] = /^artifact\/([^/]+)\/(.+)$/.exec(name) ?? [];
  return client !== undefined && isClientId(client) ? inner : undefined;
}

/** The file that the value of a history line names: `wandb-client-artifact://<id>/<name>`. */
export function namedFile(address: unknown): string | undefined {
  const [, client = '', name] =
    /^wandb-client-artifact:\/\/([^/:]+)\/(.+)$/.exec(typeof address === 'string' ? address : '') ?? [];
  return name !== undefined && name.length <= LONGEST && isClientId(client) ? artifactFile(client, name) : undefined;
}

const LONGEST = 1_000;

export const isTableFile = (name: string) => /^[^/]+\.table\.json$/.test(name);

/** Returns how the SHA-256 of an image or sound begins, which clients call its file by; undefined for other names. */
export const hashStart = (path: string): string | undefined => /([0-9a-f]{20})\.\w{1,10}$/.exec(path)?.[1];

/** Clients end the files of an artifact with a list of them. */
export const MANIFEST = 'wandb_manifest.json';
