// After a decision the keyboard goes on to the next row; where something is still asked it stays, in the field that is asked for.
function go(row) {
  for (const other of document.querySelectorAll("[data-row].at")) other.classList.remove("at");
  row.classList.add("at");
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

document.addEventListener("htmx:afterSettle", (event) => {
  const row = event.target instanceof Element ? event.target.closest("[data-row]") : null;
  if (!row || !row.isConnected) return;
  const first = row.querySelector("[data-first]");
  setTimeout(() => {
    if (first) {
      first.focus();
      first.select();
      return;
    }
    const next = row.querySelector("[data-decided]") ? row.nextElementSibling : null;
    go(next ?? row);
  });
});

// Escape leaves a field, so that the one-letter keys of its row work again.
document.addEventListener("keydown", (event) => {
  const row = event.key === "Escape" && event.target instanceof Element ? event.target.closest("[data-row]") : null;
  if (row && event.target !== row) go(row);
});
