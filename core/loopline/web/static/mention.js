// <ll-mention>: offers colleagues while one types a name after @ in its text.
let count = 0;

class Mention extends HTMLElement {
  connectedCallback() {
    if (this.list) return;
    this.text = this.querySelector("textarea");
    this.list = document.createElement("ul");
    this.list.className = "menu found";
    this.list.id = `people-${++count}`;
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.dataset.label);
    this.text.setAttribute("aria-controls", this.list.id);
    this.append(this.list);
    this.text.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.find(), 180);
    });
    this.text.addEventListener("keydown", (event) => this.press(event));
    this.text.addEventListener("blur", () => setTimeout(() => this.hide(), 120));
    this.list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.choose(option);
    });
  }

  // What was typed between the last @ and the caret, undefined where no name is being typed.
  get asked() {
    return /(?<![\w.+-])@([^\s@{}]{0,30})$/.exec(this.text.value.slice(0, this.text.selectionStart))?.[1];
  }

  async find() {
    const asked = this.asked;
    if (asked === undefined) return this.hide();
    this.asking?.abort();
    this.asking = new AbortController();
    const url = new URL(this.dataset.source, location.href);
    url.searchParams.set("q", asked);
    try {
      const answer = await fetch(url, { headers: { Accept: "application/json" }, signal: this.asking.signal });
      if (answer.ok) this.show((await answer.json()).items.slice(0, 8));
    } catch { this.hide(); }
  }

  show(items) {
    this.list.replaceChildren(...items.map((item, at) => {
      const option = document.createElement("li");
      option.id = `${this.list.id}-${at}`;
      option.setAttribute("role", "option");
      const twice = items.some((other) => other !== item && other.label === item.label);
      option.dataset.name = twice ? `{${item.value}}` : item.label;
      option.append(item.label);
      return option;
    }));
    this.list.hidden = !items.length;
    this.point(0);
  }

  point(at) {
    const options = [...this.list.children];
    options.forEach((option, here) => { option.ariaSelected = String(here === at); });
    this.at = at;
    if (options[at]) this.text.setAttribute("aria-activedescendant", options[at].id);
  }

  press(event) {
    if (this.list.hidden || event.isComposing) return;
    const options = this.list.children;
    if (event.key === "ArrowDown") this.point(Math.min(this.at + 1, options.length - 1));
    else if (event.key === "ArrowUp") this.point(Math.max(this.at - 1, 0));
    else if (event.key === "Enter" || event.key === "Tab") this.choose(options[this.at]);
    else if (event.key === "Escape") this.hide();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  choose(option) {
    const end = this.text.selectionStart;
    const start = end - (this.asked ?? "").length;
    this.text.setRangeText(`${option.dataset.name} `, start, end, "end");
    this.hide();
    this.text.focus();
  }

  hide() {
    this.asking?.abort();
    this.list.hidden = true;
    this.text.removeAttribute("aria-activedescendant");
  }
}

customElements.define("ll-mention", Mention);
