// Files of the page "Add evidence" go one by one, each with a bar and a result of its own. Without this they go together.
const form = document.querySelector("form[data-adding]");
const input = form.querySelector("input[type=file]");
const section = form.querySelector("[data-uploads]");
const lines = section.querySelector("ul");
const summary = section.querySelector("[data-uploads-summary]");
const limit = Number(form.dataset.adding);
const done = new Set();
let busy = false;

const key = (file) => `${file.name}:${file.size}:${file.lastModified}`;

function line(file) {
  const made = document.getElementById("upload-line").content.firstElementChild.cloneNode(true);
  made.querySelector(".upload-name").textContent = file.name;
  made.querySelector("progress").setAttribute("aria-label", `Upload of ${file.name}`);
  lines.append(made);
  return made;
}

function settle(made, tone, words, url) {
  made.querySelector("progress").remove();
  const outcome = made.querySelector(".upload-outcome");
  const badge = document.createElement("span");
  badge.className = `badge ${tone}`;
  badge.textContent = tone === "ok" ? "Kept" : "Refused";
  const said = document.createElement(url ? "a" : "span");
  said.textContent = words;
  if (url) said.href = url;
  outcome.replaceChildren(badge, " ", said);
}

// What the form says, with this one file.
function packed(file) {
  const data = new FormData(form);
  data.delete(input.name);
  if (input.files.length > 1) data.delete("title");
  data.append(input.name, file);
  return data;
}

function answer(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return {};
  }
}

function send(file, made) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const bar = made.querySelector("progress");
    const finish = (kept, words, url) => {
      settle(made, kept ? "ok" : "bad", words, url);
      if (kept) done.add(key(file));
      resolve(url);
    };
    request.upload.addEventListener("progress", (moved) => { bar.value = moved.loaded / moved.total; });
    request.addEventListener("error", () => finish(false, "The connection broke. Send it again."));
    request.addEventListener("load", () => {
      const said = answer(request);
      // Sent twice, the second leads where the first one led.
      if (request.status < 300 && request.responseURL !== form.action) finish(true, "It was kept the first time.", request.responseURL);
      else if (request.status < 300 && said.url) finish(true, [said.reference, said.note].filter(Boolean).join(". "), said.url);
      else finish(false, said.errors?.join(" ") ?? said.detail ?? "The server did not take it. Load the page again and try once more.");
    });
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.send(packed(file));
  });
}

async function all(files) {
  busy = true;
  section.hidden = false;
  lines.replaceChildren();
  const button = form.querySelector("button[type=submit]");
  button.disabled = true;
  section.querySelector("h2").focus();
  const waiting = files.map((file) => [file, line(file)]);
  let last = "";
  let kept = 0;
  for (const [file, made] of waiting) {
    summary.textContent = `${kept} of ${files.length} kept`;
    if (file.size > limit) settle(made, "bad", `It is larger than ${limit >> 20} MB.`);
    else last = (await send(file, made)) ?? last;
    kept = files.filter((one) => done.has(key(one))).length;
  }
  summary.textContent = kept === files.length ? `All kept: ${kept} of ${files.length}` : `${kept} of ${files.length} kept. What was refused can be sent again.`;
  button.disabled = false;
  busy = false;
  if (files.length === 1 && kept === 1) window.location.assign(last);
}

form.addEventListener("submit", (event) => {
  if (!input.files.length) return;
  event.preventDefault();
  if (busy || !form.reportValidity()) return;
  const files = [...input.files].filter((file) => !done.has(key(file)));
  if (files.length) all(files);
  else summary.textContent = "All of these are kept already. Choose other files.";
});

window.addEventListener("beforeunload", (event) => {
  if (busy) event.preventDefault();
});
