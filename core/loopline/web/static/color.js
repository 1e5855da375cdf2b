// <ll-color>: the browser's own colour input beside the text, which may stay blank.
class ColorInput extends HTMLElement {
  connectedCallback() {
    if (this.swatch) return;
    this.text = this.querySelector("input");
    this.swatch = document.createElement("input");
    this.swatch.type = "color";
    this.swatch.className = "swatch-in";
    this.swatch.disabled = this.text.readOnly;
    this.swatch.setAttribute("aria-label", this.dataset.label);
    this.append(this.swatch);
    this.show();
    this.text.addEventListener("input", () => this.show());
    this.swatch.addEventListener("input", () => { this.text.value = this.swatch.value; });
  }

  show() {
    if (/^#[0-9a-f]{6}$/i.test(this.text.value)) this.swatch.value = this.text.value;
  }
}

customElements.define("ll-color", ColorInput);
