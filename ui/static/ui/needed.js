// Whether a field is needed can depend on another one: the word beside its label follows that.
const ANYTHING = "*";
const NOTHING = "-";

function valueOf(form, name) {
  const control = form.elements.namedItem(name);
  return control?.type === "checkbox" && !control.checked ? "" : control?.value ?? "";
}

// Local times compare as they are written: from/until, where an open end is empty.
function inside(span, time) {
  const [from, until] = span.split("/");
  return (!from || time >= from) && (!until || time < until);
}

function isNeeded(field) {
  const { neededBy, neededFor, neededNow, neededOutside, neededInside } = field.dataset;
  const value = valueOf(field.closest("form"), neededBy);
  if (neededFor) return neededFor.split(" ").some((one) => one === (value || NOTHING) || (one === ANYTHING && value));
  const time = value || neededNow;
  const spans = neededInside ? neededInside.split(" ") : [];
  return (neededOutside && !inside(neededOutside, time)) || spans.some((span) => inside(span, time));
}

function follow(form) {
  for (const field of form.querySelectorAll("[data-needed-by]")) {
    const needed = isNeeded(field);
    const words = field.querySelector(".optional");
    if (words) words.textContent = needed ? field.dataset.neededWords : "optional";
    const control = field.querySelector("input:not([type=radio], [type=checkbox], [type=hidden]), select, textarea");
    if (needed) control?.setAttribute("aria-required", "true");
    else control?.removeAttribute("aria-required");
  }
}

function all() {
  for (const form of new Set([...document.querySelectorAll("[data-needed-by]")].map((one) => one.closest("form")))) {
    if (form) follow(form);
  }
}

for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => event.target.form && follow(event.target.form));
}
document.addEventListener("htmx:afterSettle", all);
all();
