// <ll-lines>: a table of lines that grows and shrinks without sending the page anew.
class LineTable extends HTMLElement {
  connectedCallback() {
    if (this.listening) return;
    this.listening = true;
    this.addEventListener("click", (event) => {
      const button = event.target.closest("[data-add],[data-drop]");
      if (!button || button.closest("ll-lines") !== this) return;
      event.preventDefault();
      if (button.hasAttribute("data-add")) this.add(button);
      else this.drop(button);
    });
  }

  drop(button) {
    button.closest("tr").remove();
    this.querySelector("[data-add]")?.focus();
    this.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // The server draws the new line: it alone knows the inputs and their defaults.
  async add(button) {
    if (button.ariaBusy) return;
    const { form } = button;
    const sent = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
    sent.set(button.name, button.value);
    button.ariaBusy = "true";
    try {
      const answer = await fetch(form.action, { method: "POST", body: sent });
      if (!answer.ok) throw new Error(answer.status);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const rows = [...page.querySelectorAll("ll-lines")].find((one) => one.dataset.name === this.dataset.name);
      const row = document.adoptNode([...rows.querySelectorAll("[data-line-row]")].at(-1));
      this.querySelector("tbody").append(row);
      row.querySelector("input:not([type=hidden]),select,textarea")?.focus();
    } catch {
      form.requestSubmit(button);
    } finally {
      button.ariaBusy = null;
    }
  }
}

customElements.define("ll-lines", LineTable);
