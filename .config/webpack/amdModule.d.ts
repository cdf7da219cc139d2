/** What an AMD loader tells a bundle about itself. */
declare module 'amd-module' {
  const amdModule: { uri?: string };
  export default amdModule;
}
