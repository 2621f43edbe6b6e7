/** The door for editors: manifests read, located and checked with the API server's own rules, with no cluster. */
export { readLocated, type LocatedDocument, type Position, type SyntaxProblem, type TextRange } from "./apimachinery/yaml/located.ts";
