// What the page does: filters rows, leads from figures to sentences and back, speaks two languages, draws the charts.
// Text is only ever set as text, never as markup.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const $ = (selector) => document.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  let language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";

  const said = (key, values = {}) =>
    (data.words[language][key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

  // Languages -------------------------------------------------------------------------------------------------------
  function speak() {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    for (const element of all("[data-t]"))
      element.textContent = said(element.dataset.t, JSON.parse(element.dataset.v ?? "{}"));
    for (const element of all("[data-ta]")) {
      const [name, key] = element.dataset.ta.split(":");
      element.setAttribute(name, said(key));
    }
    document.title = said("title") + " " + ($("h1 small")?.textContent ?? "");
    for (const row of rows) row.words = null;
    filter();
    position();
    return draw();
  }
  $("#language").addEventListener("click", () => {
    language = language === "zh" ? "en" : "zh";
    speak();
  });

  // Filters ---------------------------------------------------------------------------------------------------------
  const form = $("#filters");
  const rows = all("tr.row").map((element) => ({ element, words: null }));
  const has = (element, name, value) => !value || (element.dataset[name] ?? "").split(" ").includes(value);
  const places = (row) => {
    const later = all(".wording:nth-child(3) a.go", row);
    return (later.length ? later : all(".wording a.go", row)).map((link) => link.hash.slice(1));
  };

  function filter() {
    const wanted = Object.fromEntries(new FormData(form));
    const text = wanted.text.trim().toLowerCase();
    const counts = new Map();
    let shown = 0;
    for (const row of rows) {
      const { element } = row;
      row.words ??= element.textContent.toLowerCase();
      const fits = ["pair", "relation", "direction", "function", "hazard"].every((n) => has(element, n, wanted[n]))
        && (!text || row.words.includes(text));
      element.hidden = !fits;
      if (!fits) continue;
      shown += 1;
      for (const what of element.dataset.relation.split(" "))
        counts.set(what, [...(counts.get(what) ?? []), element]);
    }
    const total = $("#shown-total span");
    total.dataset.v = JSON.stringify({ n: shown, all: rows.length });
    total.textContent = said("shown", { n: shown, all: rows.length });
    $("#nothing").hidden = shown > 0;
    const order = Object.keys(data.words.zh).filter((key) => key.startsWith("relation.")).map((key) => key.slice(9));
    $("#shown-counts").replaceChildren(...order.filter((what) => counts.has(what)).map((what) => {
      const found = counts.get(what);
      const link = document.createElement("a");
      const ids = found.flatMap(places);
      link.className = "go";
      link.href = "#" + ids[0];
      link.ids = ids;
      link.dataset.what = what;
      link.textContent = said("relation." + what) + " " + found.length;
      return link;
    }));
  }
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));

  // From figures to sentences and back --------------------------------------------------------------------------------
  const bar = $("#bar");
  let now = { ids: [], at: 0 };
  let origin = null;

  function clear() {
    for (const leaf of all(".hit, .now")) leaf.classList.remove("hit", "now");
  }
  const leaves = (id) => all(`[data-p~="${id}"]`);

  function position() {
    const place = now.ids.length ? document.getElementById(now.ids[now.at]) : null;
    if (!place) return;
    $("#position").textContent = place.closest("article").dataset.plan + " · "
      + said("position", { n: now.at + 1, all: now.ids.length });
  }
  function show(at) {
    const { ids } = now;
    now.at = (at + ids.length) % ids.length;
    for (const leaf of all(".now")) leaf.classList.remove("now");
    const found = leaves(ids[now.at]);
    for (const leaf of found) leaf.classList.add("now");
    const first = found[0] ?? document.getElementById(ids[now.at]);
    first.tabIndex = -1;
    first.focus({ preventScroll: true });
    first.scrollIntoView({ block: "center", behavior: still || ids.length === 1 ? "auto" : "instant" });
    $("#previous").hidden = $("#next").hidden = ids.length < 2;
    bar.hidden = false;
    position();
  }
  function lead(ids, from) {
    ids = ids.filter((id) => document.getElementById(id));
    if (!ids.length) return;
    const inText = from?.closest?.("#texts, #bar");
    if (!inText) origin = { y: window.scrollY, focus: from };
    history.replaceState({ y: window.scrollY }, "");
    history.pushState({ ids }, "", "#" + ids[0]);
    arrive(ids);
  }
  function arrive(ids) {
    clear();
    now = { ids, at: 0 };
    for (const id of ids) for (const leaf of leaves(id)) leaf.classList.add("hit");
    show(0);
  }
  function leave() {
    clear();
    bar.hidden = true;
    now = { ids: [], at: 0 };
  }
  function back() {
    leave();
    if (!origin) return;
    window.scrollTo({ top: origin.y, behavior: "instant" });
    origin.focus?.focus?.({ preventScroll: true });
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.go");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    lead(link.ids ?? data.places[link.dataset.k] ?? [link.hash.slice(1)], link);
  });
  $("#back").addEventListener("click", back);
  $("#close").addEventListener("click", leave);
  $("#previous").addEventListener("click", () => show(now.at - 1));
  $("#next").addEventListener("click", () => show(now.at + 1));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !bar.hidden) back();
  });
  window.addEventListener("popstate", (event) => {
    if (event.state?.ids) arrive(event.state.ids);
    else {
      leave();
      if (event.state?.y !== undefined) window.scrollTo({ top: event.state.y, behavior: "instant" });
    }
  });

  // Charts ----------------------------------------------------------------------------------------------------------
  const views = new Map();
  const offline = { load: () => Promise.reject(new Error("offline")), sanitize: () => Promise.reject(new Error("offline")),
    http: () => Promise.reject(new Error("offline")), file: () => Promise.reject(new Error("offline")), options: {} };

  async function drawOne(element) {
    const name = element.dataset.chart;
    const spec = data.specs[name][language];
    const kept = picked(name);
    views.get(name)?.finalize();
    // Vega changes what it is given.
    const made = await window.vegaEmbed(element, structuredClone(spec),
      { mode: "vega-lite", ast: true, actions: false, renderer: "svg", loader: offline, tooltip: { theme: "light" } });
    if (kept) await made.view.signal("pick", kept).runAsync();
    views.set(name, made);
    made.view.addEventListener("click", (_, item) => {
      const key = item?.datum?.k;
      if (key && data.places[key]) lead(data.places[key], element);
    });
    element.tabIndex = -1;
  }
  // The target that was chosen, null where a chart has no choice.
  function picked(name) {
    try { return views.get(name).view.signal("pick"); } catch { return null; }
  }
  async function draw() {
    document.body.dataset.drawn = "";
    for (const element of all("[data-chart]")) {
      try { await drawOne(element); } catch (error) { element.textContent = String(error); console.error(error); }
    }
    document.body.dataset.drawn = language;
  }

  filter();
  draw();
})();
