// Shows how far a report is, without loading the page again; once it waits for people, the page is loaded once more.
const box = document.getElementById("progress");
const parts = document.getElementById("parts");

async function look() {
  try {
    const answer = await fetch(box.dataset.url, { headers: { Accept: "application/json" } });
    const now = await answer.json();
    if (!now.moving) return location.reload();
    for (const element of box.querySelectorAll("[data-show]")) {
      const text = now[element.dataset.show];
      if (element.textContent !== text) element.textContent = text;
    }
    parts.max = now.parts_total || 1;
    parts.value = now.parts_done;
  } catch {
    // The line is down for a moment: look again.
  }
  setTimeout(look, 2000);
}

setTimeout(look, 1000);
