import { stringify } from "yaml";

/** As sigs.k8s.io/yaml writes: members by name, lists not indented, and quotes where YAML 1.1 would read something else. */
export const toYaml = (value: unknown): string =>
  stringify(value, {
    version: "1.1",
    schema: "yaml-1.1",
    sortMapEntries: true,
    indentSeq: false,
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });
