// <ll-chart>: draws the numbers in data-chart by ECharts, in the colours of the page. The table
// beside it says the same without scripts.
const TONES = ["pipeline", "contracts", "leads", "service", "loyalty", "reports"];
let library;

const load = (source) => (library ??= new Promise((done, failed) => {
  const script = document.createElement("script");
  script.src = source;
  script.onload = () => done(globalThis.echarts);
  script.onerror = () => failed(new Error(source));
  document.head.append(script);
}));

// What a custom property means here, as ECharts reads colours.
const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
const colour = (element, name) => {
  const probe = document.createElement("i");
  probe.style.color = `var(${name})`;
  element.append(probe);
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = getComputedStyle(probe).color;
  canvas.fillRect(0, 0, 1, 1);
  probe.remove();
  const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
  return `rgb(${red},${green},${blue})`;
};

const short = (number, percent) => {
  if (percent) return `${Math.round(number * 1000) / 10}%`;
  const [unit, sign] = document.documentElement.lang.startsWith("zh")
    ? Math.abs(number) >= 1e8 ? [1e8, "亿"] : Math.abs(number) >= 1e4 ? [1e4, "万"] : [1, ""]
    : Math.abs(number) >= 1e6 ? [1e6, "M"] : Math.abs(number) >= 1e4 ? [1e3, "k"] : [1, ""];
  return `${Math.round((number / unit) * 10) / 10}${sign}`;
};

const axes = (chart, look) => {
  const names = {
    type: "category", data: chart.names, axisTick: { show: false },
    axisLine: { lineStyle: { color: look.edge } },
    axisLabel: { color: look.faint, hideOverlap: true, width: 96, overflow: "truncate" },
  };
  const numbers = {
    type: "value", splitLine: { lineStyle: { color: look.edge } },
    axisLabel: { color: look.faint, hideOverlap: true, formatter: (one) => short(one, chart.series[0].percent) },
  };
  return chart.type === "hbar" ? { xAxis: numbers, yAxis: { ...names, inverse: true } } : { xAxis: names, yAxis: numbers };
};

const along = (chart, look) => ({
  ...axes(chart, look),
  grid: { left: 8, right: 16, top: chart.series.length > 1 ? 34 : 14, bottom: 4, containLabel: true },
  series: chart.series.map((one) => ({
    name: one.name, data: one.values,
    type: chart.type === "bar" || chart.type === "hbar" ? "bar" : "line",
    stack: chart.stacked ? "all" : undefined,
    areaStyle: chart.type === "area" ? { opacity: 0.16 } : undefined,
    barMaxWidth: 26, symbolSize: 6, lineStyle: { width: 2 },
  })),
});

const parts = (chart, look) => ({
  series: [{
    type: chart.type, name: chart.series[0].name,
    data: chart.names.map((name, at) => ({ name, value: chart.series[0].values[at] })),
    label: { color: look.text, formatter: "{b}  {c}" },
    ...(chart.type === "funnel"
      ? { left: "4%", right: "34%", top: 6, bottom: 6, minSize: "6%", sort: "none", gap: 3, label: { position: "right", color: look.text, formatter: "{b}  {c}" } }
      : { radius: ["44%", "72%"], label: { color: look.text, formatter: "{b} {d}%" } }),
    itemStyle: { borderColor: look.surface, borderWidth: 1 },
  }],
});

const dial = (chart, look) => ({
  series: [{
    type: "gauge", min: 0, max: chart.most ?? 1, startAngle: 200, endAngle: -20, center: ["50%", "64%"], radius: "96%",
    progress: { show: true, width: 12 }, pointer: { show: false }, axisTick: { show: false }, splitLine: { show: false },
    axisLine: { lineStyle: { width: 12, color: [[1, look.edge]] } }, axisLabel: { show: false },
    title: { offsetCenter: [0, "26%"], color: look.faint, fontSize: 12 },
    detail: { offsetCenter: [0, "-6%"], color: look.text, fontSize: 26, formatter: () => chart.series[0].texts[0] },
    data: [{ value: chart.series[0].values[0] ?? 0, name: chart.names[0] }],
  }],
});

const option = (chart, look) => ({
  color: look.tones, textStyle: { fontFamily: "inherit" }, animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
  tooltip: {
    trigger: chart.type === "pie" || chart.type === "funnel" ? "item" : "axis", confine: true,
    backgroundColor: look.surface, borderColor: look.edge, textStyle: { color: look.text, fontSize: 12 },
    valueFormatter: (one) => (one == null ? "–" : chart.series[0].percent ? short(one, true) : one.toLocaleString()),
  },
  legend: chart.series.length > 1 ? { top: 0, right: 8, icon: "roundRect", itemWidth: 10, itemHeight: 4, textStyle: { color: look.faint } } : undefined,
  ...(chart.type === "gauge" ? dial : chart.type === "pie" || chart.type === "funnel" ? parts : along)(chart, look),
});

class Chart extends HTMLElement {
  async connectedCallback() {
    const library = await load(this.dataset.source).catch(() => null);
    if (!library || !this.isConnected) return;
    this.drawn = library.init(this, null, { renderer: "svg" });
    this.draw();
    this.sizes = new ResizeObserver(() => this.drawn.resize());
    this.sizes.observe(this);
    this.themes = new MutationObserver(() => this.draw());
    this.themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  }

  disconnectedCallback() {
    this.sizes?.disconnect();
    this.themes?.disconnect();
    this.drawn?.dispose();
  }

  draw() {
    const own = this.closest("[data-line]")?.dataset.line;
    const tones = [...new Set([own, ...TONES].filter((one) => TONES.includes(one)))];
    const named = { text: "--text", faint: "--text-3", edge: "--border", surface: "--surface" };
    const look = Object.fromEntries(Object.entries(named).map(([name, token]) => [name, colour(this, token)]));
    look.tones = tones.map((one) => colour(this, `--line-${one}`));
    this.drawn.setOption(option(JSON.parse(this.dataset.chart), look), true);
  }
}
if (!customElements.get("ll-chart")) customElements.define("ll-chart", Chart);

// An own period shows its two days.
document.addEventListener("change", (event) => {
  const days = event.target.closest?.("[data-period]")?.querySelector("[data-days]");
  if (days && event.target.matches("select")) days.hidden = event.target.value !== "custom";
});

// A dashboard that renews itself, while somebody looks.
const minutes = Number(document.querySelector("[data-refresh]")?.dataset.refresh);
if (minutes) setTimeout(() => { if (!document.hidden) location.reload(); }, minutes * 60000);
