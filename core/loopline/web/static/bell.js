// The bell: asks for its number every 15 s while the page is seen, and says when it grows.
const bell = document.querySelector("[data-bell]");
const EVERY = 15000;
let timer;

const show = ({ count, label }) => {
  const badge = bell.querySelector(".count");
  const grew = count && parseInt(count) > (parseInt(badge.textContent) || 0);
  badge.textContent = count;
  badge.hidden = !count;
  bell.setAttribute("aria-label", label);
  if (grew) document.getElementById("bell-told").textContent = label;
};

const ask = async () => {
  try {
    const answer = await fetch(bell.dataset.bell, { headers: { Accept: "application/json" }, redirect: "error" });
    if (answer.ok) show(await answer.json());
    else stop();
  } catch { /* offline: the next round asks again */ }
};

const stop = () => clearInterval(timer);
const start = () => { stop(); timer = setInterval(ask, EVERY); };

if (bell) {
  if (!document.hidden) start();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return stop();
    ask();
    start();
  });
}
