import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { runToSuccess } from '../processes/startProcess';
import { installCheckers, KUBERNETES } from './checkers';

// It installs and starts several programs, one after another.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const chart = fileURLToPath(new URL('../../charts/rolloscope-store', import.meta.url));
const script = fileURLToPath(new URL('chart.py', import.meta.url));

interface Container {
  image: string;
  args: string[];
  env: { name: string; valueFrom: unknown }[];
  securityContext: unknown;
  volumeMounts: { mountPath: string }[];
  resources: unknown;
  startupProbe: { httpGet: unknown };
  readinessProbe: { httpGet: unknown };
  livenessProbe: { httpGet: unknown };
}
/** Of the kinds that there are, what is looked at here. */
interface Spec {
  template: { spec: { containers: [Container]; volumes: unknown[] } };
  volumeClaimTemplates?: { spec: unknown }[];
}
interface KubernetesObject {
  kind: string;
  metadata: { name: string; labels: Record<string, string> };
  data?: Record<string, string>;
  spec: Spec;
}
interface Rendered {
  error?: string;
  objects?: KubernetesObject[];
}

/** The values that docs/start.md shows. */
function documentedValues(): Record<string, unknown> {
  const page = readFileSync(new URL('../../docs/start.md', import.meta.url), 'utf8');
  return parse(/```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? '');
}

const CASES = {
  defaults: {},
  everything: {
    image: { repository: 'registry.example/store', digest: `sha256:${'a'.repeat(64)}`, pullSecrets: ['pull'] },
    tokens: { existingSecret: 'mine', existingSecretHasFile: true },
    store: { cache: '2GB', retain: '90d', extraArgs: ['--expose-runs=a*'], extraEnv: [{ name: 'A', value: 'b' }] },
    persistence: { existingClaim: 'claim' },
    service: { type: 'LoadBalancer', port: 80, annotations: { a: 'b' } },
    networkPolicy: {
      from: [{ namespaceSelector: { matchLabels: { team: 'a' } } }],
      egress: [{ ports: [{ port: 443, protocol: 'TCP' }] }],
    },
    podLabels: { mark: 'x' },
    podAnnotations: { note: 'y' },
    nodeSelector: { disk: 'ssd' },
    tolerations: [{ key: 'gpu', operator: 'Exists' }],
    affinity: { nodeAffinity: {} },
    priorityClassName: 'high',
  },
  ownTokens: { tokens: { read: 'R', write: 'W', file: '[]' }, persistence: { size: '1Ti', storageClass: 'fast' } },
  without: { networkPolicy: { enabled: false }, podDisruptionBudget: { enabled: false } },
  documented: documentedValues(),
  unknownValue: { store: { chache: '1GB' } },
  wrongSize: { store: { cache: 'much' } },
};

describe('the Helm chart', () => {
  let said: { lint: string[] };
  let rendered: Record<keyof typeof CASES, Rendered>;
  beforeAll(async () => {
    const args = [script, chart, KUBERNETES, JSON.stringify(Object.values(CASES))];
    const answer = JSON.parse(await runToSuccess(await installCheckers(), args));
    said = answer;
    rendered = Object.fromEntries(Object.keys(CASES).map((name, i) => [name, answer.rendered[i]])) as typeof rendered;
  });

  const objectsOf = (name: keyof typeof CASES) => {
    const { objects, error } = rendered[name];
    expect(error).toBeUndefined();
    return objects ?? [];
  };
  const one = (name: keyof typeof CASES, kind: string) => objectsOf(name).find((object) => object.kind === kind);
  const podOf = (name: keyof typeof CASES) => {
    const set = one(name, 'StatefulSet');
    if (set === undefined) {
      throw new Error(`No StatefulSet is rendered for ${name}.`);
    }
    return set.spec.template.spec;
  };

  it('has nothing that helm lint finds, and renders what fits the schemas of Kubernetes', () => {
    expect(said.lint).toEqual([]);
    const kinds = objectsOf('defaults').map(({ kind }) => kind);
    expect(kinds.sort()).toEqual(['NetworkPolicy', 'Pod', 'PodDisruptionBudget', 'Secret', 'Service', 'StatefulSet']);
  });

  it('runs one pod as nobody in particular, with a disk that cannot be written but for the data', () => {
    const set = one('defaults', 'StatefulSet');
    expect(set?.spec).toMatchObject({ replicas: 1, volumeClaimTemplates: [{ metadata: { name: 'data' } }] });
    const pod = podOf('defaults');
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    });
    const [container] = pod.containers;
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(container.volumeMounts.map(({ mountPath }) => mountPath)).toEqual(['/data', '/tmp']);
    for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe'] as const) {
      expect(container[probe].httpGet).toEqual({ path: '/api/v1/health', port: 'http' });
    }
    expect(container.resources).toMatchObject({ requests: { memory: '1Gi' }, limits: { memory: '2Gi' } });
  });

  it('makes two tokens where none are given, and takes those that are', () => {
    const made = Object.values(one('defaults', 'Secret')?.data ?? {}).map((text) => atob(text));
    expect(made).toEqual([expect.stringMatching(/^\w{40}$/), expect.stringMatching(/^\w{40}$/)]);
    expect(new Set(made).size).toBe(2);
    expect(one('ownTokens', 'Secret')?.data).toEqual({
      'read-token': btoa('R'),
      'write-token': btoa('W'),
      'tokens.json': btoa('[]'),
    });
    expect(one('everything', 'Secret')).toBeUndefined();
  });

  it('has a place for every value', () => {
    const pod = podOf('everything');
    const [container] = pod.containers;
    expect(container.image).toBe(`registry.example/store@sha256:${'a'.repeat(64)}`);
    expect(container.args).toEqual(expect.arrayContaining(['--cache=2GB', '--retain=90d', '--expose-runs=a*']));
    const names = container.env.map(({ name }) => name);
    expect(names).toEqual(['STORE_READ_TOKEN', 'STORE_WRITE_TOKEN', 'STORE_LABEL_TOKEN', 'STORE_TOKENS', 'A']);
    expect(container.env[0]?.valueFrom).toEqual({ secretKeyRef: { name: 'mine', key: 'read-token' } });
    expect(pod).toMatchObject({
      imagePullSecrets: [{ name: 'pull' }],
      nodeSelector: { disk: 'ssd' },
      tolerations: [{ key: 'gpu' }],
      priorityClassName: 'high',
    });
    expect(pod.volumes).toContainEqual({ name: 'data', persistentVolumeClaim: { claimName: 'claim' } });
    expect(one('everything', 'StatefulSet')?.spec.volumeClaimTemplates).toBeUndefined();
    expect(one('everything', 'Service')?.spec).toMatchObject({ type: 'LoadBalancer', ports: [{ port: 80 }] });
    expect(one('everything', 'NetworkPolicy')?.spec).toMatchObject({
      ingress: [{ from: CASES.everything.networkPolicy.from, ports: [{ port: 'http' }] }],
      egress: CASES.everything.networkPolicy.egress,
    });
    const [claim] = one('ownTokens', 'StatefulSet')?.spec.volumeClaimTemplates ?? [];
    expect(claim?.spec).toMatchObject({ storageClassName: 'fast', resources: { requests: { storage: '1Ti' } } });
  });

  it('asks nobody and is asked by its namespace alone, unless told otherwise', () => {
    expect(one('defaults', 'NetworkPolicy')?.spec).toMatchObject({
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [{ podSelector: {} }] }],
      egress: [],
    });
    const kinds = objectsOf('without').map(({ kind }) => kind);
    expect(kinds).not.toContain('NetworkPolicy');
    expect(kinds).not.toContain('PodDisruptionBudget');
  });

  it('takes the values that the documentation shows', () => {
    expect(one('documented', 'NetworkPolicy')?.spec).toMatchObject({ ingress: [{ from: [{}, {}] }] });
    expect(podOf('documented').containers[0].env[0]?.valueFrom).toEqual({
      secretKeyRef: { name: 'rolloscope-tokens', key: 'read-token' },
    });
  });

  it('refuses a value that it does not know, and one of a wrong form', () => {
    expect(rendered.unknownValue.error).toMatch(/chache/);
    expect(rendered.wrongSize.error).toMatch(/cache/);
  });
});
