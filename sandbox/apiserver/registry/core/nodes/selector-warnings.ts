import type { NodeSelectorTerm } from "../../../../api/types.ts";
import { isValidLabelValue } from "../../../../apimachinery/validation/names.ts";
import { nodeLabelDeprecation } from "./labels.ts";

/** GetWarningsForNodeSelectorTerm: old labels; and values that no label can have, where they are no errors. */
export const nodeSelectorTermWarnings = ({ matchExpressions }: NodeSelectorTerm, checkValues: boolean, path: string): string[] =>
  (matchExpressions ?? []).flatMap(({ key, values }, at) => {
    const message = nodeLabelDeprecation(key);
    return [
      ...(message === undefined ? [] : [`${path}.matchExpressions[${at}].key: ${key} is ${message}`]),
      ...(!checkValues
        ? []
        : (values ?? []).flatMap((value, valueAt) =>
            isValidLabelValue(value).map(
              (sentence) => `${path}.matchExpressions[${at}].values[${valueAt}]: ${value} is invalid, ${sentence}`,
            ),
          )),
    ];
  });
