/** `$((…))`: integers, variables, the usual operators. Anything else counts as 0, as an unset variable does. */
export const arithmetic = (text: string, variable: (name: string) => string | undefined): number => {
  const tokens = text.match(/\d+|[A-Za-z_]\w*|<=|>=|==|!=|&&|\|\||[-+*/%<>()!?:]/g) ?? [];
  let at = 0;
  const primary = (): number => {
    const token = tokens[at++];
    if (token === undefined) return 0;
    if (token === "(") {
      const value = binary(0);
      at++;
      return value;
    }
    if (token === "-") return -primary();
    if (token === "+") return primary();
    if (token === "!") return primary() === 0 ? 1 : 0;
    if (/^\d/.test(token)) return Number(token);
    return Math.trunc(Number(variable(token) ?? 0)) || 0;
  };
  const binary = (level: number): number => {
    if (level === levels.length) return primary();
    let left = binary(level + 1);
    for (let operator = tokens[at]; operator !== undefined && levels[level]!.includes(operator); operator = tokens[at]) {
      at++;
      left = apply(operator, left, binary(level + 1));
    }
    return left;
  };
  return binary(0);
};

const levels: readonly (readonly string[])[] = [["||"], ["&&"], ["==", "!="], ["<", ">", "<=", ">="], ["+", "-"], ["*", "/", "%"]];

const apply = (operator: string, left: number, right: number): number => {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return right === 0 ? 0 : Math.trunc(left / right);
    case "%":
      return right === 0 ? 0 : left % right;
    case "<":
      return Number(left < right);
    case ">":
      return Number(left > right);
    case "<=":
      return Number(left <= right);
    case ">=":
      return Number(left >= right);
    case "==":
      return Number(left === right);
    case "!=":
      return Number(left !== right);
    case "&&":
      return Number(left !== 0 && right !== 0);
    default:
      return Number(left !== 0 || right !== 0);
  }
};
