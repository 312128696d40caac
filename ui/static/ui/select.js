// Choosing rows: one, a range with shift, the page, or all that match. The ticks are plain form fields.
let last = null;

const boxes = () => [...document.querySelectorAll("[data-tick]")];

function refresh() {
  const bar = document.querySelector("[data-selection]");
  const page = document.querySelector("[data-tick-page]");
  if (!bar || !page) return;
  const all = boxes();
  const ticked = all.filter((box) => box.checked).length;
  const matching = bar.querySelector("[name=all_matching]");
  const everything = matching.checked;
  page.disabled = false;
  page.checked = all.length > 0 && ticked === all.length;
  page.indeterminate = ticked > 0 && ticked < all.length;
  const total = bar.querySelector("[data-total]").textContent;
  const more = total !== String(all.length);
  bar.hidden = ticked === 0 && !everything && !bar.querySelector("details[open]");
  bar.querySelector("[data-all-matching]").hidden = !everything && !(page.checked && more);
  bar.querySelector("[data-selected-count]").textContent = everything ? total : String(ticked);
}

function ticked(event) {
  const box = event.target;
  if (box.matches("[data-tick-page]")) {
    for (const one of boxes()) one.checked = box.checked;
    if (!box.checked) document.querySelector("[name=all_matching]").checked = false;
  } else if (box.matches("[data-tick]")) {
    if (!box.checked) document.querySelector("[name=all_matching]").checked = false;
    last = box;
  } else if (!box.matches("[name=all_matching]")) {
    return;
  }
  refresh();
}

document.addEventListener("change", ticked);
document.addEventListener("click", (event) => {
  const box = event.target.closest("[data-tick]");
  if (box && event.shiftKey && last?.isConnected && last !== box) {
    const all = boxes();
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    for (const one of all.slice(from, to + 1)) one.checked = box.checked;
    refresh();
  }
});
document.addEventListener("reset", () => setTimeout(refresh));
document.addEventListener("htmx:afterSettle", () => {
  // The count arrives with the filters, as a second fragment.
  const counted = document.querySelector("[data-counted]");
  for (const place of counted ? document.querySelectorAll("[data-total]") : []) {
    place.textContent = counted.dataset.counted;
    place.parentElement.hidden = false;
  }
  refresh();
});
document.addEventListener("toggle", refresh, true);
refresh();
