import type { SceneObject } from '@grafana/scenes';

let scene: SceneObject | undefined;

/** The dashboard on screen, in whose variables texts are interpolated. */
export const activeScene = () => scene;

export function setActiveScene(next: SceneObject | undefined): void {
  scene = next;
}
