// The expression language of instruments, as `survey.instrument.logic` describes it. The trees are those of `to_json`;
// both sides are held to the same table of vectors. Answers are a Map of codes, texts, or Sets of ticked codes.

const MISSING = [-5, -6, -7, -8];
const [LEFT_BLANK, LEFT_OUT, NOT_SHOWN, REFUSED] = MISSING;

const written = (value) => String(typeof value === "boolean" ? Number(value) : value);
const same = (a, b) => written(a) === written(b);
const isNumber = (value) => typeof value === "number" || typeof value === "boolean";

function read(answer) {
  if (answer instanceof Set) return [...answer].map(written).sort().join(" ");
  return answer === undefined || MISSING.includes(answer) ? "" : answer;
}

function members(answer) {
  if (answer instanceof Set) return [...answer];
  return answer === undefined || answer === "" ? [] : [answer];
}

const ordered = (compare) => (x, y) => (answers) => {
  const a = x(answers), b = y(answers);
  return isNumber(a) && isNumber(b) && compare(Number(a), Number(b));
};

const arithmetic = (combine) => (x, y) => (answers) => {
  const a = x(answers), b = y(answers);
  return isNumber(a) && isNumber(b) ? combine(Number(a), Number(b)) : "";
};

function coalesce(x, y) {
  return (answers) => {
    const value = x(answers);
    return value === "" ? y(answers) : value;
  };
}

const OPERATORS = {
  not: (x) => (answers) => !x(answers),
  if: (test, then, otherwise) => (answers) => (test(answers) ? then(answers) : otherwise(answers)),
  coalesce,
  and: (...parts) => (answers) => parts.every((part) => part(answers)),
  or: (...parts) => (answers) => parts.some((part) => part(answers)),
  "=": (x, y) => (answers) => same(x(answers), y(answers)),
  "!=": (x, y) => (answers) => !same(x(answers), y(answers)),
  "<": ordered((a, b) => a < b),
  "<=": ordered((a, b) => a <= b),
  ">": ordered((a, b) => a > b),
  ">=": ordered((a, b) => a >= b),
  "+": arithmetic((a, b) => a + b),
  "-": arithmetic((a, b) => a - b),
};

// The codes that an answer consists of, missing codes included; a named value is taken as it is worth.
function membersOf(name, named) {
  const value = named.get(name);
  return value ? (answers) => members(value(answers)) : (answers) => members(answers.get(name));
}

function compile([operator, ...parts], named) {
  const [name] = parts;
  if (operator === "value") return () => name;
  if (operator === "ref") return named.get(name) ?? ((answers) => read(answers.get(name)));
  if (operator === "count-selected") {
    const codes = membersOf(name, named);
    return (answers) => codes(answers).filter((code) => !MISSING.includes(code)).length;
  }
  if (operator === "selected") {
    const codes = membersOf(name, named), wanted = compile(parts[1], named);
    return (answers) => codes(answers).some((code) => same(code, wanted(answers)));
  }
  return OPERATORS[operator](...parts.map((part) => compile(part, named)));
}

// Named expressions: each may use those before it.
function compileValues(values) {
  const named = new Map();
  for (const [name, tree] of Object.entries(values)) named.set(name, compile(tree, named));
  return named;
}
