// The document: what stands in it is shown and hidden, worded and labelled here. Every change is noted, so that all of
// it can be undone: the form as the server made it works without this script.

let live = null; // all that is known of the running form

const find = (selector, root = document) => root.querySelector(selector);
const findAll = (selector, root = live.form) => [...root.querySelectorAll(selector)];
const byId = (id) => document.getElementById(id);
const boxId = (name, code) => `${name}-${code === REFUSED ? "no" : code}`;

function attribute(element, name, value) {
  const noted = live.changed.get(element) ?? {};
  if (!live.changed.has(element)) live.changed.set(element, noted);
  if (!(name in noted)) noted[name] = element.getAttribute(name);
  setAttribute(element, name, value);
}

function setAttribute(element, name, value) {
  if (value === null) element.removeAttribute(name);
  else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

const hide = (element, isHidden) => attribute(element, "hidden", isHidden ? "" : null);

// A copy of a part of the template; what is put into the page goes away with the script.
function part(selector) {
  const copy = find(selector, byId("parts").content).cloneNode(true);
  live.added.add(copy);
  return copy;
}

function drop(element) {
  live.added.delete(element);
  element.remove();
}

function fieldsOf(form) {
  const fields = new Map();
  for (const [name, value] of new FormData(form)) {
    if (live.names.has(name)) fields.set(name, [...(fields.get(name) ?? []), value]);
  }
  return fields;
}

function fill(fields) {
  for (const control of live.form.elements) {
    const values = live.names.has(control.name) ? fields.get(control.name) ?? [] : null;
    if (values && control.type === "textarea") control.value = values[0] ?? "";
    else if (values) control.checked = values.includes(control.value);
  }
}

const number = (value) => live.numbers.format(value);
const counted = (lines, count) => filled(lines[live.plural.select(count)] ?? lines.other, { number: number(count) });
const filled = (line, values) => line.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);

// Places that change: looked up once.
function lookAround() {
  live.names = new Set(live.data.items.flatMap(namesOf));
  live.questions = live.data.items.filter((item) => !item.out).map((item) => [item, byId(`q-${item.name}`)]);
  live.options = live.questions.flatMap(([item]) => (item.kind === "X" ? [] : item.options.map((option) => [
    item.name, option.code, byId(boxId(item.name, option.code))?.closest("label"),
  ]))).filter(([, , label]) => label);
  live.notes = findAll("[data-note]");
  live.wordings = findAll('[data-w=""]').map(wordingsFrom);
  live.pipes = live.data.pipes.map(([name, item]) => [item, ["piped", name], ["initial", name[0].toUpperCase() + name.slice(1)]]);
  for (const place of findAll('[class^="p-"]')) {
    const label = place.appendChild(document.createElement("span"));
    live.added.add(label);
  }
}

function wordingsFrom(first) {
  const spans = [first];
  while (spans.at(-1).nextElementSibling?.dataset.w) spans.push(spans.at(-1).nextElementSibling);
  return spans;
}

// Shows what these answers ask for. Which page is in view is another matter.
function render() {
  live.fields = fieldsOf(live.form);
  live.state = walk(live.data, live.fields);
  const { answers, asked } = live.state;
  for (const [item, element] of live.questions) hide(element, !asked.has(item.name));
  for (const [name, code, label] of live.options) hide(label, !asked.get(name)?.has(code));
  const holding = (conditions) => new Map(conditions.map(([name, holds]) => [name, Boolean(holds(answers))]));
  const notes = holding(live.data.notes), wordings = holding(live.data.wordings);
  for (const note of live.notes) hide(note, !notes.get(note.dataset.note) || isBelowHidden(note));
  for (const spans of live.wordings) {
    const fitting = spans.find((span) => wordings.get(span.dataset.w)) ?? spans[0];
    for (const span of spans) hide(span, span !== fitting);
  }
  live.pipes.forEach(([item, ...places]) => places.forEach(([kind, name]) => pipe(name, labelOf(item, kind))));
}

const isBelowHidden = (note) => note.matches(".below") && note.previousElementSibling.hidden;

// The label of the answer to `item`, as it reads inside a sentence or at its beginning; empty for none.
function labelOf(item, kind) {
  const code = live.state.answers.get(item), id = boxId(item, code), box = byId(id);
  if (!box || MISSING.includes(code)) return "";
  const initial = kind === "initial" ? byId(`${id}-initial`) : null;
  return words(initial ?? byId(`${id}-piped`) ?? box.nextElementSibling);
}

const words = (element) => [...element.childNodes].map((node) => (node.nodeType === 3 ? node.data : node.hidden ? "" : words(node))).join("");

function pipe(name, label) {
  for (const place of findAll(`.p-${name}`)) {
    hide(place.firstElementChild, label !== "");
    if (place.lastElementChild.textContent !== label) place.lastElementChild.textContent = label;
  }
}

// Back to what the server sent; the answers stay.
function restoreDocument() {
  for (const [element, noted] of live.changed) {
    for (const [name, value] of Object.entries(noted)) setAttribute(element, name, value);
  }
  for (const node of live.added) node.remove();
  for (const [element, text] of live.texts) element.textContent = text;
  for (const above of live.head ?? []) above.classList.remove("vh");
  document.documentElement.classList.remove("live");
  live.form.classList.add("bare");
}
