/** The record that an AMD loader hands a bundle about itself; `uri` is where the bundle was loaded from. */
declare module 'amd-module' {
  const amdModule: { uri?: string };
  export default amdModule;
}
