// One pass over the form in its order, as `survey.instrument.validate.walk` makes it: each question is shown or hidden
// by the answers before it, then read. `fields` is a Map of what the form holds: field name -> list of texts.

const CONTROLS = /[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]/gu;
// White space as Python strips it: the byte order mark stays.
const EDGES = /^[^\S\ufeff]+|[^\S\ufeff]+$/g;

function clean(text) {
  const lines = text.replace(/\r\n|[\r\u0085\u2028\u2029]/g, "\n").replaceAll("\t", " ").replace(CONTROLS, "");
  return lines.replace(EDGES, "").normalize("NFC").replace(EDGES, "");
}

const lengthOf = (text) => [...clean(text)].length;

// Expressions become functions, short forms of the data become whole ones.
function prepare(data) {
  const named = compileValues(data.values);
  const ready = (tree) => (tree ? compile(tree, named) : () => true);
  const option = (given) => (typeof given === "object" ? { ...given, if: ready(given.if) } : { code: given, if: ready() });
  const derived = (item) => Object.entries(item.derived ?? {}).map(([name, cases]) => [
    name, cases.map(([code, tree]) => [code, ready(tree)]),
  ]);
  const question = (item, page) => ({
    ...item, page: page.name, sens: page.sens || item.sens, rows: item.rows ?? [], absent: item.absent ?? [],
    if: [ready(page.if), ready(item.if)], options: (item.options ?? []).map(option), derived: derived(item),
  });
  const pages = data.pages.map((page) => ({ ...page, if: ready(page.if) }));
  const items = data.pages.flatMap((page) => page.items.map((item) => question(item, page)));
  const conditions = (trees) => Object.entries(trees).map(([name, tree]) => [name, ready(tree)]);
  return { ...data, pages, items, wordings: conditions(data.wordings), notes: conditions(data.notes) };
}

function walk(form, fields) {
  const state = { answers: new Map(Object.entries(form.facts)), asked: new Map(), given: new Map(), end: "" };
  for (const item of form.items) {
    state.sensitive = state.answers.get(form.consent) === 1;
    take(item, fields, state);
    for (const [name, cases] of item.derived) {
      state.answers.set(name, (cases.find(([, holds]) => holds(state.answers)) ?? [LEFT_BLANK])[0]);
    }
  }
  return state;
}

function take(item, fields, state) {
  const offered = offeredTo(item, state), why = whyHidden(item, offered, state);
  if (why) {
    state.answers.set(item.name, item.kind === "T" ? "" : why);
    for (const row of [...item.rows, ...item.absent]) state.answers.set(row, why);
  } else if (item.candidate && offered.length === 1) {
    state.answers.set(item.name, offered[0]);
    state.given.set(item.name, offered[0]);
  } else {
    state.asked.set(item.name, new Set(offered));
    READERS[item.kind](item, fields, state, offered);
  }
}

function offeredTo(item, state) {
  const open = item.options.filter((option) => option.if(state.answers) && (!option.sens || state.sensitive));
  return open.map((option) => option.code);
}

function whyHidden(item, offered, state) {
  if (item.out || !item.if.every((holds) => holds(state.answers))) return NOT_SHOWN;
  if (item.candidate && !offered.length) return NOT_SHOWN;
  return item.sens && !state.sensitive ? LEFT_OUT : 0;
}

const READERS = { S: readOne, N: readOne, M: readMany, X: readRows, T: readText };

function readOne(item, fields, state, offered) {
  let code = oneCode(item, fields.get(item.name));
  if (!offered.includes(code) && code !== REFUSED) code = LEFT_BLANK;
  if (item.blank !== undefined && (code === LEFT_BLANK || code === REFUSED)) code = item.blank;
  state.answers.set(item.name, code);
  state.end ||= item.ends?.[code] ?? "";
}

function readRows(item, fields, state) {
  for (const row of item.rows) state.answers.set(row, oneCode(item, fields.get(row)));
  for (const row of item.absent) state.answers.set(row, NOT_SHOWN);
}

function readMany(item, fields, state, offered) {
  const values = distinct(fields.get(item.name)), codes = codesOf(item);
  const chosen = values.map((value) => codes.get(value)).filter((code) => code === REFUSED || offered.includes(code));
  const fits = values.every((value) => codes.has(value)) && (chosen.length < 2 || !chosen.some((code) => isAlone(item, code)));
  const answer = chosen.includes(REFUSED) ? REFUSED : new Set(chosen);
  state.answers.set(item.name, fits && chosen.length ? answer : LEFT_BLANK);
}

function readText(item, fields, state) {
  const values = distinct(fields.get(item.name));
  state.answers.set(item.name, values.length === 1 ? clean(values[0]) : "");
}

const distinct = (values = []) => [...new Set(values)].filter(Boolean);

function oneCode(item, values) {
  const [value, ...more] = distinct(values);
  return more.length ? LEFT_BLANK : codesOf(item).get(value) ?? LEFT_BLANK;
}

function codesOf(item) {
  const codes = item.options.map((option) => option.code);
  return new Map((item.required ? codes : [...codes, REFUSED]).map((code) => [String(code), code]));
}

// Whether this answer to a multiple choice stands for itself: "none of these", "prefer not to say".
const isAlone = (item, code) => code === REFUSED || item.options.some((option) => option.alone && option.code === code);

const namesOf = (item) => (item.kind === "X" ? item.rows : [item.name]);

// What of a field counts: nothing of a hidden question, and no option that is not offered.
function counting(item, name, fields, state) {
  const values = distinct(fields.get(name)), offered = state.asked.get(item.name);
  if (!offered) return [];
  if (item.kind === "T" || item.kind === "X") return values;
  return values.filter((value) => value === String(REFUSED) || offered.has(codesOf(item).get(value)));
}

// Pairs of field and value, as they are sent.
function answersToSend(form, fields, state) {
  const kept = form.items.flatMap((item) => namesOf(item).map((name) => [name, counting(item, name, fields, state)]));
  return kept.flatMap(([name, values]) => values.map((value) => [name, value]));
}

// Questions with an answer that does not count any more. One that a rule gives all the same is not lost.
function lostItems(form, fields, state) {
  return form.items.filter((item) => namesOf(item).some((name) => {
    const values = distinct(fields.get(name)).filter((value) => value !== String(state.given.get(name)));
    return values.length > counting(item, name, fields, state).length;
  }));
}

function isOpen(page, form, state) {
  return page.if(state.answers) && (!page.sens || state.answers.get(form.consent) === 1);
}

// Pages with something on them, in order.
function pagesToShow(form, state) {
  const asks = (page) => !page.items.length || page.items.some((item) => state.asked.has(item.name));
  return form.pages.filter((page) => isOpen(page, form, state) && asks(page)).map((page) => page.name);
}
