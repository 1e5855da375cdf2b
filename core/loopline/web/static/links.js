// <ll-links>: several records as chips; a picker adds one, taking its tick away removes it.
class LinkList extends HTMLElement {
  connectedCallback() {
    if (this.picker) return;
    this.chips = this.querySelector(".checks");
    this.picker = document.createElement("ll-link");
    Object.assign(this.picker.dataset, { source: this.dataset.source, none: this.dataset.none, placeholder: this.dataset.placeholder });
    this.select = document.createElement("select");
    this.select.setAttribute("aria-label", this.dataset.label);
    this.select.add(new Option("", ""));
    this.picker.append(this.select);
    this.append(this.picker);
    this.picker.addEventListener("change", (event) => this.add(event));
    this.picker.addEventListener("input", (event) => event.target === this.select && event.stopPropagation());
    this.chips.addEventListener("change", (event) => this.drop(event));
  }

  add(event) {
    event.stopPropagation();
    const { value } = this.select;
    if (!value) return;
    if (!this.chosen(value)) this.chips.append(this.chip(value, this.select.selectedOptions[0].label));
    this.picker.clear();
    this.tell(this.chosen(value));
  }

  chosen(value) {
    return [...this.chips.querySelectorAll("input")].find((one) => one.value === value);
  }

  chip(value, label) {
    const chip = document.createElement("label");
    chip.className = "chip";
    const tick = document.createElement("input");
    Object.assign(tick, { type: "checkbox", name: this.dataset.name, value, checked: true });
    if ("refreshes" in this.dataset) tick.dataset.refresh = "";
    chip.append(tick, label, " ×");
    return chip;
  }

  drop(event) {
    if (event.target.checked) return;
    event.target.closest(".chip").remove();
    this.picker.focus();
    this.tell(this);
  }

  // The form learns of it as of typing, which keeps drafts and warns before leaving.
  tell(from) {
    from.dispatchEvent(new Event("input", { bubbles: true }));
    if ("refreshes" in this.dataset) document.getElementById("fields")?.dispatchEvent(new Event("refresh"));
  }
}

customElements.define("ll-links", LinkList);
