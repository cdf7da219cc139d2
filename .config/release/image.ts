import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export const PLATFORMS = ['linux/amd64', 'linux/arm64'];

/** Says in a sentence what keeps docker from building the image here; returns undefined where nothing does. */
export function whyNoImage(): string | undefined {
  for (const args of [
    ['version', '--format', '{{.Server.Version}}'],
    ['buildx', 'version'],
  ]) {
    const { status, stderr, error } = spawnSync('docker', args, { encoding: 'utf8' });
    if (error) {
      return `docker does not start here (${error.message})`;
    }
    if (status !== 0) {
      return `docker ${args[0]} says: ${stderr.trim().split('\n')[0] ?? 'nothing'}`;
    }
  }
  const { stdout } = spawnSync('docker', ['buildx', 'inspect', '--bootstrap'], { encoding: 'utf8' });
  const missing = PLATFORMS.filter((platform) => !stdout.includes(platform));
  return missing.length > 0 ? `docker buildx does not build for ${missing.join(' and ')} here` : undefined;
}

/** Builds the image for every platform, as one OCI archive that `skopeo` and `docker load` take. Returns its name. */
export function buildImage(root: string, version: string, folder: string): string {
  const file = `rolloscope-store-image-${version}.tar`;
  const args = ['buildx', 'build', '--file', 'store/Dockerfile', '--platform', PLATFORMS.join(',')];
  const output = ['--provenance', 'mode=max', '--sbom', 'true', '--output', `type=oci,dest=${join(folder, file)}`];
  const { status } = spawnSync('docker', [...args, ...output, '.'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    throw new Error('docker could not build the image; see above.');
  }
  return file;
}
