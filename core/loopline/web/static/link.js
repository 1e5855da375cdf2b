// <ll-link>: turns a select with a search button into one box that finds records while one types.
let count = 0;

class LinkPicker extends HTMLElement {
  connectedCallback() {
    if (this.box) return;
    this.select = this.querySelector("select");
    this.kind = this.closest(".any-link")?.querySelector("[data-kind]");
    this.build();
    this.listen();
  }

  build() {
    const { select } = this;
    this.box = document.createElement("input");
    this.box.className = "input";
    this.box.id = select.id;
    this.box.autocomplete = "off";
    this.box.placeholder = this.dataset.placeholder;
    this.box.value = select.value ? select.selectedOptions[0].label : "";
    for (const name of ["aria-invalid", "aria-describedby", "aria-required", "aria-label"]) {
      if (select.hasAttribute(name)) this.box.setAttribute(name, select.getAttribute(name));
    }
    this.list = document.createElement("ul");
    this.list.className = "menu found";
    this.list.id = `found-${++count}`;
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.box.setAttribute("role", "combobox");
    this.box.setAttribute("aria-controls", this.list.id);
    this.box.setAttribute("aria-autocomplete", "list");
    this.box.ariaExpanded = "false";
    select.removeAttribute("id");
    select.hidden = true;
    this.append(this.box, this.list);
  }

  listen() {
    this.kind?.addEventListener("change", () => this.choose("", ""));
    this.box.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.find(), 180);
    });
    this.box.addEventListener("focus", () => this.box.select());
    this.box.addEventListener("click", () => this.find());
    this.box.addEventListener("keydown", (event) => this.press(event));
    this.box.addEventListener("blur", () => setTimeout(() => this.settle(), 120));
    this.list.addEventListener("pointerdown", (event) => {
      const option = event.target.closest("li[data-value]");
      event.preventDefault();
      if (option) this.choose(option.dataset.value, option.dataset.label);
    });
  }

  async find() {
    const asked = this.box.value === this.label ? "" : this.box.value.trim();
    this.asking?.abort();
    this.asking = new AbortController();
    try {
      const url = new URL(this.kind ? `/pick/${this.kind.value}?as=any_link` : this.dataset.source, location.href);
      url.searchParams.set("q", asked);
      const answer = await fetch(url, { headers: { Accept: "application/json" }, signal: this.asking.signal });
      if (answer.ok) this.show((await answer.json()).items);
    } catch (error) {
      if (error.name !== "AbortError") this.show([]);
    }
  }

  get label() {
    return this.select.value ? this.select.selectedOptions[0].label : "";
  }

  show(items) {
    this.list.replaceChildren(...items.map((item, at) => this.option(item, at)));
    if (!items.length) {
      const none = document.createElement("li");
      none.className = "meta";
      none.textContent = this.dataset.none;
      this.list.append(none);
    }
    this.list.hidden = false;
    this.list.scrollIntoView({ block: "nearest" }); // else the bar at the foot of a form may lie over it
    this.box.ariaExpanded = "true";
    this.point(items.length ? 0 : -1);
  }

  option(item, at) {
    const option = document.createElement("li");
    option.id = `${this.list.id}-${at}`;
    option.setAttribute("role", "option");
    option.dataset.value = item.value;
    option.dataset.label = item.label;
    option.append(item.label);
    if (item.note) {
      const note = document.createElement("small");
      note.textContent = item.note;
      option.append(note);
    }
    return option;
  }

  point(at) {
    const options = [...this.list.querySelectorAll("[role=option]")];
    options.forEach((option, here) => { option.ariaSelected = String(here === at); });
    options[at]?.scrollIntoView({ block: "nearest" });
    this.at = at;
    if (options[at]) this.box.setAttribute("aria-activedescendant", options[at].id);
    else this.box.removeAttribute("aria-activedescendant");
  }

  press(event) {
    const options = this.list.querySelectorAll("[role=option]");
    const shown = !this.list.hidden;
    if (event.isComposing) return;
    if (event.key === "ArrowDown" && !shown) this.find();
    else if (event.key === "ArrowDown") this.point(Math.min(this.at + 1, options.length - 1));
    else if (event.key === "ArrowUp" && shown) this.point(Math.max(this.at - 1, 0));
    else if (event.key === "Enter" && shown && options[this.at]) this.choose(options[this.at].dataset.value, options[this.at].dataset.label);
    else if (event.key === "Escape" && shown) this.settle();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  choose(value, label) {
    let option = [...this.select.options].find((one) => one.value === value);
    if (!option) this.select.add(option = new Option(label, value));
    option.selected = true;
    this.settle();
    this.select.dispatchEvent(new Event("input", { bubbles: true }));
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  clear() {
    this.select.value = "";
    this.box.value = "";
  }

  focus() {
    this.box.focus();
  }

  // What stands in the box is what will be sent: an emptied box is blank, other text goes back.
  settle() {
    if (!this.box.value.trim() && this.select.value) return this.choose("", "");
    this.box.value = this.label;
    this.list.hidden = true;
    this.box.ariaExpanded = "false";
    this.box.removeAttribute("aria-activedescendant");
  }
}

customElements.define("ll-link", LinkPicker);
