// One-letter keys: they rest while one types, and with any modifier, which is the browser's.
const dialog = document.getElementById("keys");
const OFF = "plumbline.keys.off";
const isOff = () => localStorage.getItem(OFF) === "1";
const rows = () => [...document.querySelectorAll("[data-row]")];
let at = null;

function current() {
  const focused = document.activeElement?.closest("[data-row]");
  return focused ?? (at && document.getElementById(at));
}

function move(step) {
  const all = rows();
  if (!all.length) return;
  const index = all.indexOf(current());
  const next = all[Math.min(all.length - 1, Math.max(0, index + step))];
  for (const row of all) row.classList.toggle("at", row === next);
  at = next.id;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function open(row) {
  row?.querySelector("[data-open], td a[href]")?.click();
}

const ACTS = {
  j: ["Next row", () => move(1)],
  k: ["Previous row", () => move(-1)],
  x: ["Select the row", () => current()?.querySelector("[data-tick]")?.click()],
  Enter: ["Open the row", () => open(current())],
  "/": ["Search", () => document.querySelector("[data-search], #site-q")?.focus()],
  "?": ["Show the keys", show],
};

// Buttons may name a key of their own: data-key, in the current row first, then on the page.
// With data-next the next row becomes the current one.
function button(key) {
  const selector = `[data-key="${CSS.escape(key)}"]`;
  const inRow = current()?.querySelector(selector);
  return inRow ?? [...document.querySelectorAll(selector)].find((one) => !one.closest("[data-row]"));
}

function show() {
  const lines = new Map();
  for (const one of document.querySelectorAll("[data-key]")) {
    lines.set(one.dataset.key, one.dataset.keyLabel ?? one.textContent.trim());
  }
  // Keys of what only a first key opens: dt and dd of a hidden list, which says after what.
  for (const later of document.querySelectorAll("[data-keys-later] dt")) {
    const words = `${later.closest("dl").dataset.keysLater}: ${later.nextElementSibling.textContent}`;
    if (!lines.has(later.textContent)) lines.set(later.textContent, words);
  }
  const listed = rows().length ? Object.entries(ACTS) : Object.entries(ACTS).slice(-2);
  for (const [key, [words]] of listed) if (!lines.has(key)) lines.set(key, words);
  const list = dialog.querySelector("[data-keys-list]");
  list.replaceChildren();
  for (const [key, words] of lines) {
    const term = document.createElement("dt");
    const cap = document.createElement("kbd");
    cap.textContent = key;
    term.append(cap);
    const description = document.createElement("dd");
    description.textContent = words;
    list.append(term, description);
  }
  label();
  dialog.showModal();
}

function label() {
  const toggle = dialog.querySelector("[data-keys-switch]");
  toggle.textContent = isOff() ? "Turn keys on" : "Turn keys off";
  toggle.setAttribute("aria-pressed", String(isOff()));
}

function typing(target) {
  return target.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (!(event.target instanceof Element) || typing(event.target) || document.querySelector("dialog[open]")) return;
  if (isOff() && event.key !== "?") return;
  const own = button(event.key);
  if (own) {
    event.preventDefault();
    own.click();
    if ("next" in own.dataset) move(1);
    return;
  }
  // Enter belongs to a focused link or button; the row answers only for itself.
  if (event.key === "Enter" && !event.target.matches("[data-row]")) return;
  const act = ACTS[event.key];
  if (!act || event.repeat && !"jk".includes(event.key)) return;
  event.preventDefault();
  act[1]();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-show-keys]")) show();
  if (event.target.closest("[data-keys-switch]")) {
    if (isOff()) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
    label();
  }
});

// After a swap the keyboard stays on its row, or on the first if that row is gone.
document.addEventListener("htmx:afterSettle", () => {
  const row = at && document.getElementById(at);
  if (row) row.classList.add("at");
  if (row && document.activeElement === document.body) row.focus({ preventScroll: true });
});
