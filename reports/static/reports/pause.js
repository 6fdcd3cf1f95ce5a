// Counts texts and minutes in this tab alone, to suggest a break. Nothing of it is sent anywhere.
const MOST_TEXTS = 10, MOST_MINUTES = 30;
const box = document.getElementById("pause");
const text = document.querySelector("[data-text]")?.dataset.text;

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem("reading")) || { since: Date.now(), texts: [] };
  } catch {
    return { since: Date.now(), texts: [] };
  }
}

function keep(reading) {
  try {
    sessionStorage.setItem("reading", JSON.stringify(reading));
  } catch {
    // A tab that keeps nothing counts from here on.
  }
}

const reading = kept();
if (text && !reading.texts.includes(text)) reading.texts.push(text);
keep(reading);

function look() {
  const minutes = (Date.now() - reading.since) / 60000;
  if (reading.texts.length >= MOST_TEXTS || minutes >= MOST_MINUTES) box.hidden = false;
}

document.getElementById("rested").addEventListener("click", () => {
  Object.assign(reading, { since: Date.now(), texts: [] });
  keep(reading);
  box.hidden = true;
});
look();
setInterval(look, 20000);
