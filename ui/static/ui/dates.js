// Beside a date: the day in words, or the order in which this browser expects it.
const WORDS = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const NAMES = { day: "day", month: "month", year: "year" };

function order() {
  const parts = new Intl.DateTimeFormat(navigator.language).formatToParts(new Date(0));
  return parts.map((part) => NAMES[part.type]).filter(Boolean).join(", ");
}

function tell(input) {
  const words = input.parentElement?.querySelector("[data-date-words]");
  if (!words) return;
  words.textContent = input.value ? WORDS.format(new Date(`${input.value}T00:00:00Z`)) : `Typed as ${order()}`;
}

const tellAll = (root) => root.querySelectorAll?.('.date input[type="date"]').forEach(tell);
document.addEventListener("input", (event) => event.target.matches?.('.date input[type="date"]') && tell(event.target));
document.addEventListener("reset", (event) => setTimeout(() => tellAll(event.target)));
document.addEventListener("htmx:load", (event) => tellAll(event.target));
tellAll(document);
