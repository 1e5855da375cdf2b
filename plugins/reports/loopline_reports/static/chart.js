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

const ROW = 26;

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

// A colour between two, both as rgb(…).
const mixed = (one, other, part) => {
  const [from, to] = [one, other].map((text) => text.match(/\d+/g).map(Number));
  return `rgb(${from.map((value, at) => Math.round(value + (to[at] - value) * part))})`;
};

// Colours for many series: the lines, then lighter ones of the same.
const many = (tones, surface) => [0, 0.45, 0.7].flatMap((part) => tones.map((tone) => mixed(tone, surface, part)));

const axes = (chart, look) => {
  const names = {
    type: "category", data: chart.names, axisTick: { show: false },
    axisLine: { lineStyle: { color: look.edge } },
    axisLabel: { color: look.faint, hideOverlap: true, width: 130, overflow: "truncate" },
  };
  const numbers = {
    type: "value", splitLine: { lineStyle: { color: look.edge } },
    axisLabel: { color: look.faint, hideOverlap: true, formatter: (one) => short(one, chart.series[0].percent) },
  };
  return chart.type === "hbar" ? { xAxis: numbers, yAxis: { ...names, inverse: true } } : { xAxis: names, yAxis: numbers };
};

// Few bars say their numbers themselves, if they stand apart.
const labelled = (chart) => !chart.stacked && chart.names.length <= 24
  && (chart.type === "hbar" || (chart.type === "bar" && chart.series.length === 1));

const along = (chart, look) => ({
  ...axes(chart, look),
  grid: { left: 8, right: chart.type === "hbar" ? 64 : 16, top: chart.series.length > 1 ? 34 : 22, bottom: 4, containLabel: true },
  series: chart.series.map((one) => ({
    name: one.name, data: one.values,
    type: chart.type === "bar" || chart.type === "hbar" ? "bar" : "line",
    label: labelled(chart) ? { show: true, position: chart.type === "hbar" ? "right" : "top", color: look.faint, fontSize: 11, formatter: ({ value }) => (value == null ? "" : short(value, one.percent)) } : undefined,
    labelLayout: { hideOverlap: true },
    stack: chart.stacked ? "all" : undefined,
    areaStyle: chart.type === "area" ? { opacity: 0.16 } : undefined,
    barMaxWidth: 26, symbolSize: 6, lineStyle: { width: 2 },
  })),
});

// Stations one below the other: how many came as far, and what part of those before.
const funnel = (chart, look) => {
  const values = chart.series[0].values;
  const part = (at) => (at && values[at - 1] ? `  ${Math.round((values[at] / values[at - 1]) * 1000) / 10}%` : "");
  return {
    grid: { left: 8, right: 110, top: 8, bottom: 8, containLabel: true },
    xAxis: { type: "value", show: false },
    yAxis: {
      type: "category", inverse: true, data: chart.names, axisTick: { show: false }, axisLine: { show: false },
      axisLabel: { color: look.text, fontSize: 12 },
    },
    series: [{
      type: "bar", name: chart.series[0].name, data: values, barMaxWidth: 24, itemStyle: { borderRadius: 3 },
      label: { show: true, position: "right", color: look.text, formatter: ({ value, dataIndex }) => `${(value ?? 0).toLocaleString()}{part|${part(dataIndex)}}`, rich: { part: { color: look.faint } } },
    }],
  };
};

const parts = (chart, look) => ({
  series: [{
    type: chart.type, name: chart.series[0].name,
    data: chart.names.map((name, at) => ({ name, value: chart.series[0].values[at] })),
    radius: ["40%", "66%"], minShowLabelAngle: 7, labelLayout: { hideOverlap: true },
    label: { color: look.text, formatter: ({ name, value, percent }) => `${name} ${short(value, false)} (${percent}%)` },
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
  color: many(look.tones, look.surface), textStyle: { fontFamily: "inherit" }, animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
  tooltip: {
    trigger: chart.type === "pie" ? "item" : "axis", axisPointer: { type: chart.type === "line" || chart.type === "area" ? "line" : "shadow" }, confine: true,
    backgroundColor: look.surface, borderColor: look.edge, textStyle: { color: look.text, fontSize: 12 },
    valueFormatter: (one) => (one == null ? "–" : chart.series[0].percent ? short(one, true) : one.toLocaleString()),
  },
  legend: chart.series.length > 1 ? { type: "scroll", top: 0, left: "center", width: "92%", pageIconSize: 10, pageIconColor: look.text, pageTextStyle: { color: look.faint }, icon: "roundRect", itemWidth: 10, itemHeight: 4, textStyle: { color: look.faint } } : undefined,
  ...({ gauge: dial, pie: parts, funnel }[chart.type] ?? along)(chart, look),
});

class Chart extends HTMLElement {
  async connectedCallback() {
    const library = await load(this.dataset.source).catch(() => null);
    if (!library || !this.isConnected) return;
    const chart = JSON.parse(this.dataset.chart);
    // each of many names keeps a row of its own
    const rows = chart.type === "hbar" ? chart.names.length * Math.max(1, chart.series.length * 0.7) : 0;
    if (rows * ROW + 60 > this.clientHeight) this.style.height = `${Math.min(900, rows * ROW + 60)}px`;
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
