// A draft saves by itself: a moment after typing, and when a field is left. Without this there is the button.
const form = document.querySelector("form[data-draft]");
const state = form.querySelector("[data-draft-state]");
const stamp = form.elements.namedItem("edited_at");
const TYPING = 2500;
const LEAVING = 300;
const RETRY = 10000;
let dirty = false;
let sending = false;
let conflict = false;
let wrong = 0;
let timer = 0;

function say(words, bad = false) {
  state.textContent = words;
  state.classList.toggle("warn", bad);
}

function later(delay) {
  clearTimeout(timer);
  timer = setTimeout(send, delay);
}

// The error of a field stands below it, as the page itself would draw it.
function mark(errors) {
  for (const old of form.querySelectorAll("[data-live-error]")) {
    old.closest(".field")?.classList.remove("invalid");
    old.remove();
  }
  for (const [name, words] of Object.entries(errors)) {
    const control = form.elements.namedItem(name);
    const field = (control instanceof RadioNodeList ? control[0] : control)?.closest(".field");
    if (!field || field.querySelector(".error")) continue;
    const line = document.createElement("p");
    line.className = "error";
    line.dataset.liveError = "";
    line.textContent = words;
    field.append(line);
    field.classList.add("invalid");
  }
}

function clash(answer) {
  conflict = true;
  say("Not saved: somebody else has edited this change.", true);
  const box = document.createElement("div");
  box.innerHTML = answer.html;
  const place = form.querySelector("[data-conflicts]");
  place.querySelector("[data-conflict]")?.remove();
  place.prepend(box.firstElementChild);
  place.querySelector("[data-keep-mine]").addEventListener("click", () => {
    stamp.value = answer.edited_at;
    place.querySelector("[data-conflict]").remove();
    conflict = false;
    dirty = true;
    send();
  });
  place.querySelector("[data-take-theirs]").addEventListener("click", () => {
    dirty = false;
    window.location.reload();
  });
  place.scrollIntoView({ block: "nearest" });
}

async function settle(response) {
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
  if (!isJson || response.redirected) {
    dirty = true;
    say("Not saved: you are signed out. Sign in on another page; what you typed is still here.", true);
    return;
  }
  const answer = await response.json();
  if (response.ok) {
    stamp.value = answer.edited_at;
    mark(answer.errors);
    form.querySelector("[data-still-missing]").outerHTML = answer.missing;
    wrong = Object.keys(answer.errors).length;
    say(wrong ? `Saved ${answer.saved}, but for what is marked` : `Saved ${answer.saved}`, wrong > 0);
  } else if (answer.html) {
    dirty = true;
    clash(answer);
  } else {
    say(answer.detail ?? "Not saved. Save it by the button.", true);
  }
}

async function send() {
  if (!dirty || sending || conflict) return;
  clearTimeout(timer);
  sending = true;
  dirty = false;
  say("Saving…");
  try {
    await settle(await fetch(form.dataset.draft, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } }));
  } catch {
    dirty = true;
    say("Not saved: the server could not be reached. It is tried again.", true);
    later(RETRY);
  }
  sending = false;
  if (dirty && !conflict) later(RETRY);
}

function touched(delay) {
  dirty = true;
  if (conflict) return;
  if (!sending) say("Not saved yet");
  later(delay);
}

form.addEventListener("input", () => touched(TYPING));
form.addEventListener("change", () => touched(LEAVING));
form.addEventListener("submit", () => {
  clearTimeout(timer);
  dirty = false;
  wrong = 0;
});
window.addEventListener("beforeunload", (event) => {
  if (dirty || sending || wrong) event.preventDefault();
});
