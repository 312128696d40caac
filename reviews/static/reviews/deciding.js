// After a decision the keyboard goes on to the next row; where something is still asked it stays, in the field that is asked for.
// The row keys of the table component (j, k) do the moving, so that there is one idea of where the keyboard is.
function press(row, key) {
  row.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
}

function stay(row) {
  row.focus({ preventScroll: true });
  press(row, "j");
  if (row.nextElementSibling) press(row.nextElementSibling, "k");
}

document.addEventListener("htmx:afterSettle", (event) => {
  const row = event.target instanceof Element ? event.target.closest("[data-row]") : null;
  if (!row || !row.isConnected) return;
  setTimeout(() => {
    const first = row.querySelector("[data-first]");
    if (row.querySelector("[data-decided]")) {
      row.focus({ preventScroll: true });
      press(row, "j");
      return;
    }
    stay(row);
    first?.focus();
    first?.select();
  });
});

// Escape leaves a field, so that the one-letter keys of its row work again.
document.addEventListener("keydown", (event) => {
  const row = event.key === "Escape" && event.target instanceof Element ? event.target.closest("[data-row]") : null;
  if (row && event.target !== row) row.focus({ preventScroll: true });
});
