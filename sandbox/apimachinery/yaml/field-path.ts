/**
 * The steps of a field path as errors write it: `spec.containers[0].env[A]` → spec, containers, 0, env, A. What stands in brackets is one step,
 * dots and slashes and all (`metadata.labels[app.kubernetes.io/name]`); quotes around it are dropped.
 */
export const fieldSteps = (path: string): readonly string[] => {
  const steps: string[] = [];
  let step = "";
  let at = 0;
  const close = () => {
    if (step !== "") steps.push(step);
    step = "";
  };
  while (at < path.length) {
    const character = path[at]!;
    if (character === ".") close();
    else if (character === "[") {
      close();
      const end = path.indexOf("]", at);
      const inside = path.slice(at + 1, end === -1 ? undefined : end);
      steps.push(/^".*"$/.test(inside) ? inside.slice(1, -1) : inside);
      if (end === -1) break;
      at = end;
    } else step += character;
    at++;
  }
  close();
  return steps;
};
