// One page at a time: the way through the form, what needs another look, and what a change takes away.

const CLOSE_TO_LIMIT = 200;
const NAMES = /(^|[^\p{L}\p{N}])@[\p{L}\p{N}_]{2,}|[^\s@]+@[^\s@]+\.\p{L}{2,}|(https?:\/\/|www\.)\S|\b[\p{L}\p{N}-]+\.(com|org|net|io|cn|jp|me)\b|(\p{N}[\s().-]{0,2}){9}/iu;

const steps = () => pagesToShow(live.data, live.state);
const isRequired = (item) => item.required && live.state.answers.get(item.name) === LEFT_BLANK;

// Shows one page. `focus`: somebody went there, rather than that the form begins with it.
function show(name, focus = true) {
  live.page = name;
  render();
  const place = steps().indexOf(name), heading = byId(`${name}-title`);
  for (const page of live.data.pages) if (byId(page.name)) hide(byId(page.name), page.name !== name);
  dropAll(".panel");
  hide(live.steps, false);
  updateSteps();
  tuck(place > 0);
  startClock(name);
  keep();
  if (focus) land(heading);
}

// The title of the whole is read out on every page, and seen on the first.
function tuck(isAway) {
  for (const above of live.head) {
    if (above.tagName === "H1") above.classList.toggle("vh", isAway);
    else hide(above, isAway);
  }
}

function buttons(isFirst, isLast) {
  for (const [action, isHidden] of [["back", isFirst], ["next", isLast], ["send", !isLast]]) {
    find(`[data-do=${action}]`, live.steps).hidden = isHidden;
  }
  find(".before", live.steps).hidden = !isLast;
}

function setText(element, text) {
  if (!live.texts.has(element)) live.texts.set(element, element.textContent);
  element.textContent = text;
}

// To the top of what is new, by eye and by ear.
function land(heading) {
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  scrollTo({ top: 0, behavior: "instant" });
}

function dropAll(selector) {
  for (const element of findAll(selector, document.body)) drop(element);
}

function go(name) {
  leavePage();
  if (name !== live.page) history.pushState({ page: name }, "");
  show(name);
}

function back() {
  const order = steps();
  go(order[Math.max(0, order.indexOf(live.page) - 1)]);
}

function next() {
  render();
  const problems = problemsOn((item) => item.page === live.page);
  if (live.state.end) return end(live.state.end);
  if (problems.length) return complain(problems);
  const order = steps();
  go(order[order.indexOf(live.page) + 1] ?? live.page);
}

// An answer that ends the form: nothing is sent, nothing is kept, and a slip of the finger can be put right.
function end(name) {
  forget();
  history.pushState({ page: name }, "");
  panel(name);
}

// Something stands in the place of the pages until it is answered.
function panel(name) {
  dropAll(".panel");
  const shown = live.form.parentNode.appendChild(part(`[data-panel="${name}"]`));
  for (const page of live.data.pages) if (byId(page.name)) hide(byId(page.name), true);
  hide(live.steps, true);
  tuck(true);
  land(find("h2", shown));
  return shown;
}

// What was hidden while the page was in view is cleared now: until here it could be taken back.
function leavePage() {
  render();
  fill(new Map([...live.fields.keys()].map((name) => [name, countingNow(name)])));
  dropAll(".notice, .problems");
  settle();
}

function settle() {
  render();
  live.steady = live.fields;
  live.taken = new Map();
  live.lost = 0;
}

function countingNow(name) {
  const item = live.data.items.find((one) => namesOf(one).includes(name));
  return counting(item, name, live.fields, live.state);
}

// Pairs of field name and message: a consent that is missing, a text that is too long.
function problemsOn(isMeant) {
  const asked = live.data.items.filter((item) => isMeant(item) && live.state.asked.has(item.name));
  return asked.flatMap((item) => {
    if (isRequired(item)) return [[item.name, live.data.texts.required]];
    const isLong = item.kind === "T" && lengthOf(live.fields.get(item.name)?.[0] ?? "") > item.max;
    return isLong ? [[item.name, live.data.texts.too_long[item.max]]] : [];
  });
}

function complain(problems) {
  for (const element of findAll(".problems, .error:not([data-kept])", document.body)) element.remove();
  const summary = part(".problems");
  for (const [name, message] of problems) find("ul", summary).append(line(name, message));
  live.form.prepend(summary);
  for (const [name, message] of problems) mark(name, message);
  summary.focus({ preventScroll: true });
  summary.scrollIntoView({ block: "center", behavior: "instant" });
}

function line(name, message) {
  const entry = document.createElement("li"), link = document.createElement("a"), said = document.createElement("span");
  link.href = `#${firstBox(name).id}`;
  link.textContent = legendOf(name);
  said.textContent = message;
  entry.append(link, " ", said);
  return entry;
}

const firstBox = (name) => live.form.elements[name][0] ?? live.form.elements[name];
const legendOf = (name) => words(find(".ask", byId(`q-${name}`))).trim();

// The control that a message belongs to: a text field, or the group of radio buttons.
function controlOf(name) {
  const box = firstBox(name);
  return box.type === "textarea" ? box : box.closest("fieldset");
}

function mark(name, message) {
  const error = document.createElement("p"), control = controlOf(name), known = control.getAttribute("aria-describedby");
  Object.assign(error, { id: `${name}-error`, className: "error", textContent: message });
  live.added.add(error);
  find(".ask", byId(`q-${name}`)).after(error);
  attribute(control, "aria-invalid", "true");
  if (!known?.includes(error.id)) attribute(control, "aria-describedby", `${known ?? ""} ${error.id}`.trim());
}

function unmark(name) {
  const error = byId(`${name}-error`);
  if (!error) return;
  error.remove();
  controlOf(name).closest(".q").classList.remove("wrong");
  attribute(controlOf(name), "aria-invalid", null);
}

// An answer was given or changed.
function changed(control) {
  const item = live.data.items.find((one) => namesOf(one).includes(control.name));
  if (!item) return;
  const before = live.steady, cleared = item.kind === "M" && control.checked && clearOthers(item, control);
  unmark(control.name);
  render();
  measure(item, control);
  notify(item, before, cleared);
  if (item.kind !== "T") live.steady = live.fields;
  updateSteps();
  keep();
}

// Between what excludes everything else and everything else; true if "none of these" took choices away.
function clearOthers(item, control) {
  const alone = (box) => isAlone(item, Number(box.value));
  const boxes = findAll(`[name="${item.name}"]:checked`).filter((box) => box !== control);
  const gone = boxes.filter((box) => alone(control) || alone(box));
  for (const box of gone) box.checked = false;
  return alone(control) && gone.some((box) => !alone(box));
}

// Says at its place what a change takes away. `live.taken`: what the questions that did it held before.
function notify(item, before, cleared) {
  const lost = lostItems(live.data, live.fields, live.state).filter((one) => one !== item);
  const isMore = lost.length > live.lost || cleared;
  live.lost = lost.length;
  if (!lost.length && !isMore) live.taken.clear();
  if (isMore && !live.taken.has(item)) live.taken.set(item, namesOf(item).map((name) => [name, before.get(name) ?? []]));
  if (isMore) announce(item, lost);
  else if (lost.length) listLost(find(".notice", live.form), lost);
  else dropAll(".notice");
}

function announce(item, lost) {
  dropAll(".notice");
  const notice = part(lost.length ? ".lost" : ".alone");
  if (lost.length) listLost(notice, lost);
  byId(`q-${item.name}`).append(notice);
  say(find("p", notice).textContent);
}

function listLost(notice, lost) {
  find("p", notice).textContent = counted(live.data.texts.lost, lost.length);
  find("ul", notice).replaceChildren(...lost.map((item) => {
    const entry = document.createElement("li");
    entry.textContent = legendOf(item.name);
    return entry;
  }));
}

function undo() {
  const question = find(".notice", live.form).closest(".q");
  dropAll(".notice");
  fill(new Map([...live.fields, ...[...live.taken.values()].flat()]));
  settle();
  updateSteps();
  keep();
  (find(":checked", question) ?? find("input, textarea", question)).focus();
}

// Quietly, for those who listen.
const say = (text) => { live.status.textContent = text; };

function updateSteps() {
  const order = steps(), place = order.indexOf(live.page);
  setText(find(`#${live.page}-title small`), filled(live.data.texts.part, { number: number(place + 1), total: number(order.length) }));
  Object.assign(find("progress", live.steps), { max: order.length, value: place + 1 });
  buttons(place === 0, place === order.length - 1);
}

// Under a text: how much room is left when it gets short, and a word about what could lead to a person.
function measure(item, control) {
  if (item.kind !== "T") return;
  let under = control.nextElementSibling;
  if (!under) control.after(under = part(".count"));
  const left = item.max - lengthOf(control.value);
  const texts = live.data.texts;
  find("[data-count]", under).textContent = left < 0 ? counted(texts.over, -left) : left < CLOSE_TO_LIMIT ? counted(texts.left, left) : "";
  find("[data-names]", under).hidden = !NAMES.test(control.value);
}
