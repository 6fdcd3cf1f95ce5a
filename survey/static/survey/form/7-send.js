// One request out: the same code and the same bytes until an answer has come back whole.

const SHORTEST = 30000;
const LONGEST = 120000;
const FIRST_WAIT = 2;
const LAST_WAIT = 60;
const READING_TIME = 1500; // per row; below it nobody can have read
const STAMP_TIME = 8; // seconds
// What the server could not read or would not take: the answers stay in the page.
const REFUSALS = [400, 403, 404, 405, 406, 411, 413, 414, 415, 431];

const seconds = (count) => new Promise((go) => setTimeout(go, count * 1000));

// A code and the search for its stamp. A correction brings its code along and needs no stamp.
function useCode(code) {
  live.code = code;
  live.stamp = live.searching = null;
  live.search = live.isCorrection || !live.bits || !crypto.subtle ? null : searchStamp(code, live.bits, 0);
}

// A new search ends the one before it.
async function searchStamp(code, bits, from) {
  const search = {};
  live.searching = search;
  const isWanted = () => (live?.searching !== search ? 0 : live.sending ? 2 : 1);
  const stamp = await findStamp(live.wave, code, bits, from, isWanted);
  if (isWanted()) live.stamp = stamp;
}

// Milliseconds in view since the last page that asks for consent was left.
function clock(isRunning) {
  const now = performance.now();
  if (live.from !== null) live.time += now - live.from;
  live.from = isRunning ? now : null;
}

const placeOfConsent = () => live.data.items.findLastIndex((item) => item.required);

function startClock(page) {
  const pages = live.data.pages.map(({ name }) => name), consent = live.data.items[placeOfConsent()]?.page;
  if (live.from !== null || live.time || pages.indexOf(page) <= pages.indexOf(consent)) return;
  live.isClockOn = true;
  clock(!document.hidden);
}

function rowsShown() {
  const after = live.data.items.slice(placeOfConsent() + 1);
  const timed = after.filter((item) => live.state.asked.has(item.name) && item.kind !== "T");
  return timed.reduce((sum, item) => sum + namesOf(item).length, 0);
}

// Nothing is said where the time is not known: after a restored draft, or when a form came back.
function pace() {
  if (!live.isTimed || !live.isClockOn) return "";
  clock(!document.hidden);
  return live.time < READING_TIME * rowsShown() ? "yes" : "no";
}

function body() {
  const pairs = new URLSearchParams();
  for (const [name, value] of new FormData(live.form)) if (!live.names.has(name) && name !== "receipt") pairs.append(name, value);
  for (const [name, value] of answersToSend(live.data, live.fields, live.state)) pairs.append(name, value);
  pairs.append("receipt", grouped(live.code));
  if (live.fast) pairs.append("fast", live.fast);
  return pairs.toString();
}

// The stamp goes last, so that a harder one changes nothing else.
const stamped = () => (live.stamp === null ? live.body : `${live.body}&stamp=${live.stamp}`);

async function send() {
  leavePage();
  const problems = problemsOn(() => true);
  if (live.state.end) return end(live.state.end);
  if (problems.length) {
    const [name] = problems[0], { page } = live.data.items.find((item) => namesOf(item).includes(name));
    go(page);
    return complain(problems.filter(([one]) => live.data.items.find((item) => item.name === one).page === page));
  }
  if (!live.isCorrection) live.fast ||= pace();
  live.body = body();
  const sending = new AbortController();
  live.sending = sending;
  sayState("sending", panel("send"));
  await Promise.race([live.search, seconds(STAMP_TIME)]);
  await trying(sending);
}

async function trying(sending) {
  for (let attempt = 0; live && !sending.signal.aborted; attempt += 1) {
    const shown = find('[data-panel="send"]');
    sayState("sending", shown);
    const answer = await attemptOnce(sending, attempt);
    if (!live || sending.signal.aborted) return;
    if (answer.page && arrived(answer)) return;
    sayState(answer.status ? "busy" : "broken", shown);
    const harder = answer.bits && crypto.subtle && !live.isCorrection ? searchStamp(live.code, answer.bits, (live.stamp ?? -1) + 1) : null;
    await waiting(sending, shown, waitFor(attempt, answer.after));
    await Promise.race([harder, seconds(LAST_WAIT)]);
  }
}

// {status, page}: the page only if it came back whole; no status: nothing came that this server would say.
async function attemptOnce(sending, attempt) {
  const late = new AbortController(), stopped = () => late.abort();
  const timer = setTimeout(stopped, Math.min(LONGEST, SHORTEST * (1 + attempt / 2)));
  sending.signal.addEventListener("abort", stopped);
  live.tried = true;
  keep();
  try {
    const response = await fetch(live.form.action, {
      method: "POST", body: stamped(), signal: late.signal,
      headers: { "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8", Accept: "text/html" },
      credentials: "omit", referrerPolicy: "no-referrer", redirect: "error", cache: "no-store",
    });
    return understood(response, await response.text());
  } catch {
    return {};
  } finally {
    clearTimeout(timer);
  }
}

function understood({ status, headers }, html) {
  const whole = html.trimEnd().endsWith("</html>") ? new DOMParser().parseFromString(html, "text/html") : null;
  const name = whole?.body.dataset.page;
  if ([429, 502, 503, 504].includes(status) || status >= 500) {
    return { status, after: Number(headers.get("Retry-After")) || 0, bits: Number(headers.get("Stamp-Bits")) || 0 };
  }
  return name && name !== "busy" ? { status, page: whole, name } : {};
}

// Whether the answer settles it.
function arrived({ status, page, name }) {
  if (name === "sent") {
    if (bare(find(".code", page)?.textContent ?? "") !== live.code) return false;
    forget();
    return replaceBy(page, true);
  }
  if (name === "message" && REFUSALS.includes(status)) return refuse(page);
  return replaceBy(page, false);
}

// In the server's words, beside the answers.
function refuse(page) {
  const shown = find('[data-panel="send"]');
  find(".refused", shown).replaceChildren(...findAll("main > h1, main > p", page).map((said) => {
    const copy = document.createElement("p");
    copy.textContent = said.textContent;
    return copy;
  }));
  sayState("", shown);
  live.sending = null;
  return true;
}

function sayState(name, shown) {
  for (const line of findAll("[data-say]", shown)) line.hidden = line.dataset.say !== name;
  const isWaiting = name === "broken" || name === "busy";
  find("[data-do=now]", shown).hidden = !isWaiting;
  find("[data-wait]", shown).textContent = "";
  const tried = find("[data-tried]", shown);
  tried.hidden = !isWaiting || live.isCorrection;
  find(".code", tried).textContent = grouped(live.code);
}

// Longer each time, never in step with others, and not before the server wants it.
function waitFor(attempt, after = 0) {
  const wait = Math.min(LAST_WAIT, FIRST_WAIT * 2 ** attempt);
  return Math.ceil(Math.max(wait, after) * (1 + Math.random() / 3));
}

// Counts down; `live.hurry` ends it at once.
async function waiting(sending, shown, count) {
  let isOver = false;
  const hurry = new Promise((go) => { live.hurry = go; }).then(() => { isOver = true; });
  for (let left = count; left > 0 && live && !isOver && !sending.signal.aborted; left -= 1) {
    find("[data-wait]", shown).textContent = counted(live.data.texts.wait, left);
    await Promise.race([hurry, seconds(1)]);
  }
}

// The answered page takes the place of this one. A form that came back begins anew, with the code it had.
function replaceBy(page, isSent) {
  const { code, tried, quiet, keeps } = live;
  const heir = page.body.dataset.page === "form" ? { code, tried, keeps } : null;
  quiet.abort();
  live = null;
  for (const script of page.querySelectorAll('script[type="module"]')) script.remove();
  document.documentElement.classList.remove("live");
  document.body.replaceWith(document.adoptNode(page.body));
  history.replaceState(null, "", location.pathname);
  if (heir) start(heir);
  else land(find("main h1"));
  if (isSent) addEventListener("pageshow", (event) => event.persisted && location.replace(location.pathname));
  return true;
}
