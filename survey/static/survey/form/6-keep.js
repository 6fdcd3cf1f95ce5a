// On this device only if somebody ticked it; and the ways out, which leave nothing behind.

const DRAFTS = "sunset-survey:";
const DAYS = 30;
const ESCAPES = 3;
const ESCAPE_TIME = 1500;

const today = () => Math.floor(Date.now() / 86400000);

// A browser may refuse its storage at any moment: then there is none.
function stored(work) {
  try {
    return work(window.localStorage);
  } catch {
    return undefined;
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

// Drafts of every survey that have lain here too long, or that nobody could read.
function expire() {
  stored((storage) => {
    for (const key of Object.keys(storage).filter((one) => one.startsWith(DRAFTS))) {
      const age = today() - parsed(storage.getItem(key))?.day;
      if (!(age >= 0 && age < DAYS)) storage.removeItem(key);
    }
  });
}

const draftKey = () => `${DRAFTS}${new URL(live.form.action).pathname.split("/").at(-2)}:${live.wave}`;
const draft = () => parsed(stored((storage) => storage.getItem(draftKey())) ?? "null");

// Returns whether it could be written.
function keep() {
  if (!live.keeps) return true;
  const text = JSON.stringify({ day: today(), page: live.page, code: live.code, tried: live.tried, fields: [...fieldsOf(live.form)] });
  const isWritten = stored((storage) => (storage.setItem(draftKey(), text), true)) ?? false;
  find("[data-kept]", live.steps).hidden = isWritten;
  return isWritten;
}

const forget = () => stored((storage) => storage.removeItem(draftKey()));

function setKeeping(isOn, box) {
  live.keeps = isOn;
  if (isOn) live.keeps = box.checked = keep();
  else forget();
}

function restore() {
  const { page, code, tried, fields } = draft();
  live.keeps = find("[data-do=keep]", live.steps).checked = true;
  if (isCode(code)) useCode(code);
  live.tried = Boolean(tried);
  live.isTimed = false;
  fill(new Map(fields));
  begin(page);
}

// Nothing of it is left: not in the fields, not on the device, not in memory.
function wipe() {
  forget();
  fill(new Map());
  live.code = live.body = "";
  live.searching = null;
  live.keeps = live.tried = false;
  live.left = true;
  live.sending?.abort();
}

// To where the link at the top leads, with nothing to come back to.
function goAway(action) {
  const { href } = find(`[data-do="${action}"]`);
  wipe();
  document.body.replaceChildren();
  location.replace(href);
}

const leave = () => goAway("exit");

function countEscapes(event) {
  if (event.key !== "Escape") return;
  live.escapes = [...live.escapes.slice(1 - ESCAPES), event.timeStamp];
  if (live.escapes.length === ESCAPES && event.timeStamp - live.escapes[0] < ESCAPE_TIME) leave();
}
