/** The TypeScript source of the module that loads a release's texts when they are asked for. */
export const descriptionsSource = (versions: readonly string[]): string => `import type { Descriptions } from "../pack/version-pack.ts";

type Texts = Readonly<Record<string, readonly [string, Readonly<Record<string, string>>]>>;

const sources = {
${versions.map((version) => `  "${version}": () => import("./descriptions-${version}.ts"),\n`).join("")}} as const;

const loaded = new Map<string, Promise<Descriptions>>();

const load = async (version: keyof typeof sources): Promise<Descriptions> => {
  const texts = JSON.parse((await sources[version]()).default) as Texts;
  return { of: (schemaName, field) => (field === undefined ? texts[schemaName]?.[0] : texts[schemaName]?.[1][field]) ?? "" };
};

/** OpenAPI's texts for a release; read once. */
export const loadDescriptions = (version: keyof typeof sources): Promise<Descriptions> => {
  const texts = loaded.get(version) ?? load(version);
  loaded.set(version, texts);
  return texts;
};
`;
