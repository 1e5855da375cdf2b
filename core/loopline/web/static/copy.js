// Addresses to be passed on: completed with the site's own where they name no host, and copied.
for (const box of document.querySelectorAll("[data-address]")) {
  box.value = new URL(box.value, location.href).href;
}

addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const box = button.parentElement.querySelector("[data-address]");
  box.select();
  try {
    await navigator.clipboard.writeText(box.value);
  } catch {
    document.execCommand("copy"); // where the site is not served over TLS
  }
  const label = button.textContent;
  button.textContent = button.dataset.done;
  setTimeout(() => { button.textContent = label; }, 2000);
});
