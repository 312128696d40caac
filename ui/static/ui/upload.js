// Files: dropping them on the area, listing what was chosen, and a bar while they travel.
const size = (bytes) => {
  const units = ["bytes", "kB", "MB", "GB"];
  let unit = 0;
  while (bytes >= 1000 && unit < units.length - 1) {
    bytes /= 1000;
    unit += 1;
  }
  return `${unit ? bytes.toFixed(1) : bytes} ${units[unit]}`;
};

function list(area) {
  const input = area.querySelector("input[type=file]");
  const lines = [...input.files].map((file) => {
    const line = document.createElement("li");
    line.textContent = `${file.name} · ${size(file.size)}`;
    return line;
  });
  area.querySelector("[data-drop-files]").replaceChildren(...(input.multiple ? lines : []));
}

for (const name of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    const area = event.target.closest?.("[data-drop]");
    if (!area) return;
    event.preventDefault();
    area.classList.toggle("over", name === "dragover");
    if (name === "drop" && event.dataTransfer.files.length) {
      area.querySelector("input[type=file]").files = event.dataTransfer.files;
      list(area);
    }
  });
}

document.addEventListener("change", (event) => {
  const area = event.target.closest("[data-drop]");
  if (area) list(area);
});

function bar(form) {
  const box = document.createElement("div");
  box.className = "progress";
  const progress = document.createElement("progress");
  progress.max = 1;
  progress.setAttribute("aria-label", "Upload");
  const words = document.createElement("span");
  words.className = "progress-words";
  box.append(progress, words);
  form.querySelector(".form-end")?.before(box);
  return (done, total) => {
    progress.value = done / total;
    words.textContent = `${size(done)} of ${size(total)} sent`;
  };
}

// The form is sent as the browser would, but with a bar; the answer replaces the page.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const hasFiles = [...form.querySelectorAll("input[type=file]")].some((input) => input.files.length);
  if (!("upload" in form.dataset) || !hasFiles || form.hasAttribute("hx-post")) return;
  event.preventDefault();
  const request = new XMLHttpRequest();
  const show = bar(form);
  request.upload.addEventListener("progress", (moved) => show(moved.loaded, moved.total));
  request.addEventListener("load", () => finish(form, request));
  request.addEventListener("error", () => form.submit());
  request.open("POST", form.action);
  request.setRequestHeader("HX-Request", "true");
  request.send(new FormData(form, event.submitter));
  for (const button of form.querySelectorAll("button[type=submit]")) button.disabled = true;
});

function finish(form, request) {
  const target = request.getResponseHeader("HX-Redirect");
  if (target) {
    window.location.assign(target);
    return;
  }
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const answer = page.querySelector("form[data-upload]");
  if (answer) {
    keepFiles(form, answer);
    form.replaceWith(answer);
    answer.querySelector(".invalid input, [role=alert]")?.focus();
    return;
  }
  const moved = request.responseURL && request.responseURL !== form.action;
  if (request.status < 300 && moved) {
    window.location.assign(request.responseURL);
    return;
  }
  form.querySelector(".progress")?.remove();
  for (const button of form.querySelectorAll("button[type=submit]")) button.disabled = false;
  const refusal = page.querySelector(".message");
  if (refusal) {
    document.getElementById("messages").append(refusal);
    return;
  }
  document.dispatchEvent(new CustomEvent("htmx:responseError", { detail: { xhr: request } }));
}

// What was chosen stays chosen when the form comes back with an error.
function keepFiles(before, after) {
  for (const input of before.querySelectorAll("input[type=file]")) {
    const twin = after.querySelector(`input[type=file][name="${CSS.escape(input.name)}"]`);
    if (twin) twin.files = input.files;
    const area = twin?.closest("[data-drop]");
    if (area) list(area);
  }
}
