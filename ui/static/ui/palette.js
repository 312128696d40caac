// Ctrl-K or Cmd-K: search from anywhere. Arrow keys go through what was found; Enter in the field opens the first.
const palette = document.getElementById("palette");
const field = document.getElementById("palette-q");
let asked = null;
let shown = null; // what the answer that stands there was asked for
const links = () => [...palette.querySelectorAll("#palette-found a[href]")];

function open() {
  if (palette.open) return;
  palette.showModal();
  field.select();
}

function step(by) {
  const all = [field, ...links()];
  const at = all.indexOf(document.activeElement);
  all[Math.min(all.length - 1, Math.max(0, at + by))].focus();
}

document.addEventListener("keydown", (event) => {
  if (!palette || event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
  if (!palette.open && document.querySelector("dialog[open]")) return;
  event.preventDefault();
  open();
});

palette?.addEventListener("htmx:beforeRequest", () => (asked = field.value));
palette?.addEventListener("htmx:afterSwap", () => (shown = asked));

palette?.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    step(event.key === "ArrowDown" ? 1 : -1);
  }
  // What is shown is of what was typed: while an answer is under way Enter opens the page of search.
  const [first] = links();
  if (event.key === "Enter" && event.target === field && first && shown === field.value) {
    event.preventDefault();
    first.click();
  }
});

