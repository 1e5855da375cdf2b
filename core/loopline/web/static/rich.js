// <ll-rich>: a textarea of HTML becomes formatted text with a small toolbar; the server cleans it.
const TAGS = new Set("DIV P BR H2 H3 H4 UL OL LI BLOCKQUOTE PRE CODE HR B STRONG I EM U S SUB SUP A TABLE THEAD TBODY TR TH TD".split(" "));
const SAFE = /^(https?:|mailto:|tel:)/i;
const ACTS = { bold: ["bold", "B"], italic: ["italic", "I"], list: ["insertUnorderedList"], link: ["createLink"] };
const SVG = "http://www.w3.org/2000/svg";

// What was typed before comes back from the server as it was sent: nothing of it may run here.
const harmless = (html) => {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  for (const one of [...body.querySelectorAll("*")]) {
    if (!TAGS.has(one.tagName)) { one.replaceWith(one.textContent); continue; }
    for (const { name, value } of [...one.attributes]) {
      if (!(one.tagName === "A" && name === "href" && SAFE.test(value))) one.removeAttribute(name);
    }
  }
  return body.childNodes;
};

class RichText extends HTMLElement {
  connectedCallback() {
    if (this.page) return;
    this.area = this.querySelector("textarea");
    this.page = document.createElement("div");
    this.page.className = "input rich rich-in";
    this.page.id = this.area.id;
    this.page.setAttribute("role", "textbox");
    this.page.ariaMultiLine = "true";
    this.page.ariaLabel = this.dataset.label;
    for (const name of ["aria-invalid", "aria-describedby"]) {
      if (this.area.hasAttribute(name)) this.page.setAttribute(name, this.area.getAttribute(name));
    }
    this.page.append(...this.written());
    this.area.removeAttribute("id");
    this.area.hidden = true;
    if (this.area.readOnly) this.page.ariaReadOnly = "true";
    else { this.page.contentEditable = "true"; this.append(this.tools()); }
    this.append(this.page);
    this.page.addEventListener("input", () => this.keep());
    this.page.addEventListener("paste", (event) => this.paste(event));
  }

  // Text without tags, as one writes it without scripts, keeps its lines.
  written() {
    const text = this.area.value;
    if (/<[a-z]/i.test(text)) return harmless(text);
    return text.split(/\n{2,}/).filter(Boolean).map((part) => {
      const block = document.createElement("p");
      block.innerText = part;
      return block;
    });
  }

  tools() {
    const bar = document.createElement("div");
    bar.className = "row tight rich-bar";
    bar.setAttribute("role", "toolbar");
    bar.ariaLabel = this.dataset.label;
    for (const [name, [command, sign]] of Object.entries(ACTS)) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = `btn sm icon rich-${name}`;
      button.ariaLabel = this.dataset[name];
      button.append(sign ?? this.icon(name));
      button.addEventListener("pointerdown", (event) => event.preventDefault());
      button.addEventListener("click", () => this.act(command));
      bar.append(button);
    }
    return bar;
  }

  icon(name) {
    const icon = document.createElementNS(SVG, "svg");
    icon.setAttribute("class", "i");
    icon.ariaHidden = "true";
    icon.append(document.createElementNS(SVG, "use"));
    icon.firstChild.setAttribute("href", `${this.dataset.icons}#i-${name}`);
    return icon;
  }

  act(command) {
    let value = null;
    if (command === "createLink") {
      value = prompt(this.dataset.address, "https://");
      if (!value || !SAFE.test(value)) return;
    }
    this.page.focus();
    document.execCommand(command, false, value);
    this.keep();
  }

  paste(event) {
    const html = event.clipboardData.getData("text/html");
    if (!html) return;
    event.preventDefault();
    const holder = document.createElement("div");
    holder.append(...harmless(html));
    document.execCommand("insertHTML", false, holder.innerHTML);
  }

  keep() {
    this.area.value = this.page.innerText.trim() || this.page.querySelector("hr") ? this.page.innerHTML : "";
    this.area.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

customElements.define("ll-rich", RichText);
