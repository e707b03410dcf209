// On a narrow screen the pages are one row that scrolls: the present one is moved into view. Only
// the row is scrolled, not the page.
"use strict";
for (const here of document.querySelectorAll(".nav [aria-current]")) {
  const row = here.closest("nav");
  const [at, box] = [here.getBoundingClientRect(), row.getBoundingClientRect()];
  row.scrollLeft += at.left - box.left - (box.width - at.width) / 2;
}

// Search as you type: hides the rows of a table that do not hold every word of the query. Without
// this script the form asks the server, with the same result.
for (const input of document.querySelectorAll("input[data-filter]")) {
  const rows = Array.from(document.querySelectorAll(`#${input.dataset.filter} tbody tr`));
  const none = document.querySelector(`[data-none="${input.dataset.filter}"]`);
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const text = (row.dataset.text || row.textContent).toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      if (!row.hidden) shown += 1;
    }
    if (none) none.hidden = shown > 0;
  });
}
