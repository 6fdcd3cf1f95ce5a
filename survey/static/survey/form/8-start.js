// The beginning. If anything goes wrong, then or later, the form stands again as the server made it.

const ACTIONS = {
  next, back, send, undo, stop: askToStop, exit: leave, erase: () => goAway("stop"), restore, return: comeBack,
  discard: () => { forget(); begin(live.data.pages[0].name); }, now: () => live.hurry?.(),
};

function askToStop() {
  live.sending?.abort();
  const shown = panel("stop"), tried = find("[data-tried]", shown);
  tried.hidden = !live.tried || live.isCorrection;
  find(".code", tried).textContent = grouped(live.code);
}

function comeBack() {
  live.sending?.abort();
  live.sending = null;
  show(live.page);
}

function giveUp(error) {
  console.error(error);
  const left = live;
  if (!left) return;
  left.quiet.abort();
  left.sending?.abort();
  restoreDocument();
  if (left.tried && !left.isCorrection) left.form.append(hiddenField("receipt", grouped(left.code)));
  live = null;
}

function hiddenField(name, value) {
  return Object.assign(document.createElement("input"), { type: "hidden", name, value });
}

const guarded = (work) => (...given) => {
  try {
    work(...given)?.catch?.(giveUp);
  } catch (error) {
    giveUp(error);
  }
};

const on = (target, type, work) => target.addEventListener(type, guarded(work), { signal: live.quiet.signal });

function clicked(event) {
  const control = event.target.closest?.("[data-do]"), action = ACTIONS[control?.dataset.do];
  if (action) {
    event.preventDefault();
    return action();
  }
  const link = event.target.closest?.(".problems a");
  if (link) toField(link, event);
}

function toField(link, event) {
  const box = byId(link.hash.slice(1)), page = live.data.pages.find(({ name }) => byId(name)?.contains(box));
  if (!page) return;
  event.preventDefault();
  if (page.name !== live.page) show(page.name);
  box.focus();
}

// The one native way to send this form is to change the language: the answers go along, and the page stays the same.
// The Enter key in a question would be another.
function submitted(event) {
  if (event.submitter?.name !== "switch") return event.preventDefault();
  leavePage();
  if (live.tried && !live.isCorrection) live.form.append(hiddenField("receipt", grouped(live.code)));
  event.submitter.formAction = `${event.submitter.formAction.split("#")[0]}#${live.page}`;
}

function walked(event) {
  const wanted = event.state?.page;
  if (!wanted) return; // a link inside the page
  live.sending?.abort();
  live.sending = null;
  leavePage();
  show(steps().includes(wanted) ? reachable(wanted) : live.page);
}

// No page before consent is given.
function reachable(wanted) {
  const order = steps(), missing = problemsOn((item) => item.required)[0];
  const first = missing ? live.data.items.find((item) => item.name === missing[0]).page : null;
  return first && order.indexOf(first) < order.indexOf(wanted) ? first : wanted;
}

function begin(wanted, focus = true) {
  settle();
  show(steps().includes(wanted) ? reachable(wanted) : steps()[0], focus);
  history.replaceState({ page: live.page }, "", location.pathname + location.search);
}

// Restored from the browser's memory of pages: what is not sent has a new code, what was wiped stays so.
function shownAgain(event) {
  if (!event.persisted) return;
  if (live.left) location.reload();
  else if (!live.tried && !live.isCorrection) useCode(makeCode());
}

function listen() {
  on(document, "click", clicked);
  on(live.form, "submit", submitted);
  on(live.form, "input", (event) => live.names.has(event.target.name) && changed(event.target));
  on(live.form, "change", (event) => {
    if (event.target.dataset.do === "keep") setKeeping(event.target.checked, event.target);
    if (event.target.type === "textarea") live.steady = live.fields;
  });
  on(document, "keydown", countEscapes);
  on(window, "popstate", walked);
  on(window, "pageshow", shownAgain);
  on(window, "online", () => live.hurry?.());
  on(document, "visibilitychange", () => live.isClockOn && clock(!document.hidden));
}

function getReady(form, heir) {
  const language = document.documentElement.lang;
  const hidden = (name) => find(`input[type=hidden][name=${name}]`, form)?.value ?? "";
  live = {
    form, data: prepare(JSON.parse(byId("logic").textContent)), changed: new Map(), added: new Set(), texts: new Map(),
    quiet: new AbortController(), numbers: new Intl.NumberFormat(language), plural: new Intl.PluralRules(language),
    wave: hidden("wave"), bits: Number(form.dataset.stamp) || 0, isCorrection: Boolean(hidden("correct")), escapes: [],
    time: 0, from: null, isTimed: true, isClockOn: false, keeps: false, tried: false, ...heir,
  };
  lookAround();
  live.head = findAll("h1, h1 ~ p", form.parentNode).filter((above) => above.parentNode === form.parentNode);
  live.steps = form.appendChild(part(".steps"));
  live.status = form.parentNode.appendChild(part("[role=status].vh"));
  useCode(live.isCorrection ? bare(hidden("receipt")) : heir?.code || makeCode());
}

function start(heir) {
  try {
    const form = byId("form");
    if (!form || document.body.dataset.page !== "form") return;
    getReady(form, heir);
    listen();
    document.documentElement.classList.add("live");
    form.classList.remove("bare");
    findAll(".only").forEach(takeAway);
    welcome(heir);
  } catch (error) {
    giveUp(error);
  }
}

// What is said beside conditional questions to those who see all of them.
function takeAway(only) {
  hide(only, true);
  const described = only.id && find(`[aria-describedby~="${only.id}"]`);
  if (!described) return;
  const others = described.getAttribute("aria-describedby").split(" ").filter((id) => id !== only.id);
  attribute(described, "aria-describedby", others.join(" ") || null);
}

// Blank, or with answers that the server gave back; or there are answers on this device.
function welcome(heir) {
  expire();
  const isFilled = [...fieldsOf(live.form).values()].flat().some(Boolean), kept = live.isCorrection ? null : draft();
  live.isTimed = !isFilled && !heir;
  hide(find(".keep", live.steps), live.isCorrection);
  if (kept && !isFilled) {
    begin("", false);
    return panel("draft");
  }
  if (kept) continueKeeping(kept);
  const wrong = find("section .error", live.form)?.closest("section").id;
  begin(wrong ?? location.hash.slice(1), false);
  if (find(".problems")) land(find(".problems h2"));
}

function continueKeeping({ code, tried }) {
  live.keeps = find("[data-do=keep]", live.steps).checked = true;
  live.tried ||= Boolean(tried);
  if (isCode(code)) useCode(code);
  keep();
}

start();
