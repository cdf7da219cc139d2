/** A run as trackio clients name it in every call. Several runs of a project may have one name, with ids of their own. */
export interface RunKey {
  project: string;
  name: string;
  id: string;
}
