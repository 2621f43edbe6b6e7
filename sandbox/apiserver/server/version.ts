/** The patch release that stands for a minor one. */
const patches: Readonly<Record<string, string>> = { "1.32": "1.32.13", "1.36": "1.36.0" };

/** version.Info: `/version`. `release` is `1.32`. */
export const versionInfo = (release: string): object => {
  const [major, minor] = release.split(".");
  return {
    major,
    minor,
    gitVersion: `v${patches[release] ?? `${release}.0`}+drydock`,
    gitCommit: "0000000000000000000000000000000000000000",
    gitTreeState: "clean",
    buildDate: "2026-01-01T00:00:00Z",
    goVersion: "go1.24.0",
    compiler: "gc",
    platform: "linux/amd64",
  };
};
