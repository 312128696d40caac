// Long choices are found by typing. The native control stays, holds the value and is what is sent; without scripts it is all there is.
const MANY = 15;
const SHOWN = 200;
const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();
const fits = (text, typed) => folded(typed).split(" ").every((word) => folded(text).includes(word));
let focused = "";
document.addEventListener("focusin", (event) => (focused = event.target.id));
const made = (name, attributes) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value) element.setAttribute(key, value);
  return element;
};

// A select of one: a field to type in, with the list of what fits below it (the combobox of the ARIA practices).
class Combobox {
  constructor(select) {
    this.select = select;
    this.blank = [...select.options].find((option) => option.value === "");
    const id = select.id || `choice-${select.name}`;
    this.input = made("input", {
      type: "text", role: "combobox", id: `${id}-find`, autocomplete: "off", spellcheck: "false", form: select.getAttribute("form"),
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${id}-list`,
      "aria-label": select.getAttribute("aria-label"), "aria-describedby": select.getAttribute("aria-describedby"),
      "aria-invalid": select.getAttribute("aria-invalid"), placeholder: this.blank?.label || "Type to find",
    });
    this.list = made("ul", { role: "listbox", id: `${id}-list`, class: "found", "aria-label": "What fits" });
    this.status = made("span", { role: "status", class: "visually-hidden" });
    this.input.required = select.required;
    this.input.disabled = select.disabled;
    this.list.hidden = true;
    this.#dress(id);
    this.#listen();
    this.show();
    if (focused === this.input.id && document.activeElement === document.body) this.input.focus(); // its list came anew
  }

  #dress(id) {
    const { select, input } = this;
    for (const label of select.labels) {
      if (label.htmlFor) label.htmlFor = input.id;
      else input.setAttribute("aria-label", label.firstChild.textContent.trim());
    }
    const box = made("span", { class: "combo" });
    select.before(box);
    box.append(input, this.list, this.status, select);
    select.id ||= id;
    select.required = false;
    select.tabIndex = -1;
    select.setAttribute("aria-hidden", "true");
    select.classList.add("combo-native");
    select.dataset.combo = "";
  }

  #listen() {
    const { select, input, list } = this;
    input.addEventListener("input", () => this.open(input.value));
    for (const kind of ["input", "change"]) input.addEventListener(kind, (event) => event.stopPropagation()); // the select tells what was chosen
    input.addEventListener("click", () => this.isOpen || this.open(""));
    input.addEventListener("focus", () => input.select());
    input.addEventListener("blur", () => this.leave());
    input.addEventListener("keydown", (event) => this.key(event));
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    list.addEventListener("click", (event) => {
      event.preventDefault(); // a label around it opens nothing again
      const item = event.target.closest("[role=option]");
      if (item) this.choose(this.fitting[[...list.children].indexOf(item)]);
    });
    select.addEventListener("change", () => this.show());
    select.form?.addEventListener("reset", () => setTimeout(() => this.show()));
  }

  get isOpen() {
    return !this.list.hidden;
  }

  show() {
    const chosen = this.select.selectedOptions[0];
    this.input.value = chosen && chosen !== this.blank ? chosen.label.trim() : "";
    this.close();
  }

  open(typed) {
    const all = [...this.select.options].filter((option) => !option.disabled && fits(option.label, typed));
    this.fitting = all.slice(0, SHOWN);
    this.list.replaceChildren(...this.fitting.map((option, number) => this.#item(option, number)));
    const words = all.length === 1 ? "1 fits" : `${all.length} fit`;
    this.status.textContent = all.length ? words : "Nothing fits";
    if (all.length !== this.fitting.length || !all.length) {
      const more = made("li", { class: "muted small", role: "presentation" });
      more.textContent = all.length ? `${all.length - SHOWN} more: type on` : "Nothing fits. What was chosen stays.";
      this.list.append(more);
    }
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.point(typed ? 0 : this.fitting.indexOf(this.select.selectedOptions[0]));
  }

  #item(option, number) {
    const item = made("li", { role: "option", id: `${this.list.id}-${number}`, "aria-selected": String(option.selected) });
    const group = option.parentElement.label;
    item.textContent = option.label.trim() || "None";
    if (group) item.append(Object.assign(made("span", { class: "muted small" }), { textContent: ` ${group}` }));
    return item;
  }

  point(number) {
    this.at = number;
    const items = [...this.list.querySelectorAll("[role=option]")];
    for (const [place, item] of items.entries()) item.classList.toggle("at", place === number);
    items[number]?.scrollIntoView({ block: "nearest" });
    if (items[number]) this.input.setAttribute("aria-activedescendant", items[number].id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  close() {
    this.list.hidden = true;
    this.status.textContent = "";
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  choose(option) {
    const differs = option && !option.selected;
    if (differs) option.selected = true;
    this.show();
    if (differs) this.select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // What was typed and not chosen: nothing is the empty choice, the only one that fits is meant, else what was chosen stays.
  leave() {
    if (!this.isOpen) return;
    const typed = this.input.value.trim();
    const exact = this.fitting.find((option) => folded(option.label) === folded(typed));
    if (!typed && this.blank) this.choose(this.blank);
    else if (typed && (exact || this.fitting.length === 1)) this.choose(exact ?? this.fitting[0]);
    else this.show();
  }

  key(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && !event.altKey) {
      event.preventDefault();
      if (!this.isOpen) this.open("");
      else if (this.fitting.length) this.point((this.at + steps[event.key] + this.fitting.length) % this.fitting.length);
    } else if (event.key === "Enter" && this.isOpen && this.fitting[this.at]) {
      event.preventDefault();
      this.choose(this.fitting[this.at]);
    } else if (event.key === "Escape" && this.isOpen) {
      event.preventDefault();
      event.stopPropagation();
      this.show();
    }
  }
}

// Several of many: the native list or the boxes stay, and a field above leaves those that fit and those that are chosen.
function narrowed(control, items, isChosen, name) {
  const input = made("input", { type: "search", class: "narrow", "aria-label": name ? `Find in ${name}` : "Find", placeholder: "Type to find" });
  input.addEventListener("input", () => {
    for (const item of items) item.hidden = !isChosen(item) && !fits(item.textContent, input.value);
  });
  input.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  control.before(input);
  control.dataset.combo = "";
}

const legend = (control) => control.closest("fieldset")?.querySelector("legend")?.firstChild.textContent.trim();

function enhance(root) {
  for (const select of root.querySelectorAll("select:not([data-combo], [data-plain])")) {
    if (select.options.length <= MANY) continue;
    if (select.multiple) narrowed(select, [...select.options], (one) => one.selected, select.labels[0]?.firstChild.textContent.trim());
    else if (select.size <= 1) new Combobox(select);
  }
  for (const box of root.querySelectorAll(".field fieldset > div[id]:not([data-combo])")) {
    const items = [...box.children].filter((one) => one.querySelector(":scope > label input[type=checkbox]"));
    if (items.length > MANY) narrowed(box, items, (one) => one.querySelector("input").checked, legend(box));
  }
}

// After all of what came is settled: until then elements have the attributes of those whose place they take.
document.addEventListener("htmx:load", (event) => queueMicrotask(() => enhance(event.target.parentElement ?? document)));
enhance(document);
