/// What makes the index of runs answer: filters, sorting and curves, without anything from elsewhere.
enum RunIndexScript {
  static let style = """
    .filters { display: flex; flex-wrap: wrap; gap: 8px 16px; margin-bottom: 8px; }
    .filters label { display: grid; gap: 2px; color: var(--quiet); font-size: 0.85rem; min-width: 0; }
    .filters input, .filters select {
      font: inherit; font-size: 0.94rem; color: var(--text); background: var(--panel); border: 1px solid var(--line);
      border-radius: 6px; padding: 5px 8px; max-width: min(100%, 320px);
    }
    .sort { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; }
    .sort:hover { text-decoration: underline; text-underline-offset: 3px; }
    th[aria-sort="ascending"] .sort::after { content: " ↑"; }
    th[aria-sort="descending"] .sort::after { content: " ↓"; }
    tbody th label { display: flex; align-items: center; gap: 6px; white-space: nowrap; }
    tbody th a { display: block; margin-left: 22px; font-size: 0.85rem; }
    figure.wide { max-width: none; }
    figure.wide svg { height: 360px; }
    figure.wide svg text, figure.wide svg text.tick { font-size: 12px; }
    svg .dash1 { stroke-dasharray: 6 4; } svg .dash2 { stroke-dasharray: 2 4; }
    svg path.strong { stroke-width: 4.5; }
    @media (max-width: 560px) { tr > th:first-child { position: static; } }
    """

  static let code = """
    const data = JSON.parse(document.getElementById("data").textContent);
    const body = document.getElementById("rows");
    const rows = [...body.rows];
    const words = document.getElementById("words");
    const quantity = document.getElementById("quantity");
    const choices = [...document.querySelectorAll("select[data-parameter]")];
    const chart = document.getElementById("chart");
    const most = 40;

    function isShown(row) {
      const run = data.runs[row.dataset.run];
      const text = row.textContent.toLowerCase();
      return words.value.toLowerCase().split(/\\s+/).every(word => text.includes(word))
        && choices.every(choice => choice.value === "" || run.choices[choice.dataset.parameter] === Number(choice.value));
    }

    function update() {
      for (const row of rows) row.hidden = !isShown(row);
      document.getElementById("count").textContent = `${rows.filter(row => !row.hidden).length} of ${rows.length} runs`;
      draw();
    }

    function element(name, attributes, text) {
      const made = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const key in attributes) made.setAttribute(key, attributes[key]);
      if (text !== undefined) made.textContent = text;
      return made;
    }

    function ticks(low, high, isLogarithmic) {
      if (isLogarithmic) {
        const found = [];
        for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++)
          for (const digit of [1, 2, 5]) found.push(digit * 10 ** power);
        const inside = found.filter(tick => tick >= low && tick <= high);
        return inside.length > 8 ? inside.filter(tick => Number.isInteger(Math.round(Math.log10(tick) * 1e9) / 1e9)) : inside;
      }
      const rough = (high - low) / 5, power = 10 ** Math.floor(Math.log10(rough));
      const step = [1, 2, 5, 10].find(digit => digit * power >= rough * 0.999) * power;
      const found = [];
      for (let place = Math.ceil(low / step - 1e-9); place * step <= high + step * 1e-9; place++)
        found.push(Number((place * step).toPrecision(12)));
      return found;
    }

    function draw() {
      const width = Math.max(240, chart.clientWidth);
      chart.replaceChildren();
      chart.setAttribute("viewBox", `0 0 ${width} 360`);
      const shown = rows.filter(row => !row.hidden && row.querySelector("input").checked)
        .map(row => data.runs[row.dataset.run]).filter(run => run.series[quantity.value]).slice(0, most);
      const points = shown.flatMap(run => run.series[quantity.value]);
      if (!points.length) {
        chart.append(element("text", { x: width / 2, y: 180, "text-anchor": "middle", class: "tick" }, "no curve to show"));
        return;
      }
      const [left, right, top, bottom] = [56, width - 12, 12, 318];
      const values = points.map(point => point[1]);
      let low = Math.min(...values), high = Math.max(...values);
      const isLogarithmic = low > 0 && high / low > 20;
      if (!isLogarithmic) {
        const margin = (high - low) * 0.05 || Math.abs(high) * 0.1 || 1;
        low -= margin;
        high += margin;
      }
      const last = Math.max(2, ...points.map(point => point[0]));
      const share = isLogarithmic
        ? value => Math.log(value / low) / Math.log(high / low) : value => (value - low) / (high - low);
      const x = epoch => left + (epoch - 1) / (last - 1) * (right - left);
      const y = value => bottom - share(value) * (bottom - top);
      for (const tick of ticks(low, high, isLogarithmic)) {
        chart.append(element("line", { x1: left, x2: right, y1: y(tick), y2: y(tick), class: "grid" }));
        chart.append(element("text", { x: left - 8, y: y(tick) + 4, "text-anchor": "end", class: "tick" }, String(tick)));
      }
      for (const tick of ticks(1, last, false).filter(Number.isInteger).filter((_, place) => width > 480 || place % 2 === 0))
        chart.append(element("text", { x: x(tick), y: bottom + 20, "text-anchor": "middle", class: "tick" }, String(tick)));
      chart.append(element("text", { x: (left + right) / 2, y: bottom + 38, "text-anchor": "middle", class: "tick" },
        isLogarithmic ? "epoch (logarithmic scale)" : "epoch"));
      for (const run of shown) {
        const places = run.series[quantity.value].map(point => `${x(point[0]).toFixed(1)} ${y(point[1]).toFixed(1)}`);
        const path = element("path", { d: "M" + places.join("L"), class: "curve " + run.classes });
        path.append(element("title", {}, run.name));
        path.dataset.run = data.runs.indexOf(run);
        chart.append(path);
        if (places.length === 1) {
          const [cx, cy] = places[0].split(" ");
          chart.append(element("circle", { cx, cy, r: 4, class: run.classes }));
        }
      }
      chart.setAttribute("aria-label", `${quantity.value} by epoch of ${shown.map(run => run.name).join("; ")}`);
    }

    function sort(head) {
      const column = head.cellIndex, isDown = head.getAttribute("aria-sort") !== "descending";
      for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", isDown ? "descending" : "ascending");
      const value = row => {
        const cell = row.cells[column], number = Number(cell.dataset.value ?? cell.textContent);
        return Number.isNaN(number) ? cell.textContent.trim() : number;
      };
      const compare = (a, b) => typeof a === "number" && typeof b === "number" ? a - b
        : typeof a === typeof b ? a.localeCompare(b) : typeof a === "number" ? 1 : -1;
      rows.sort((a, b) => (isDown ? -1 : 1) * compare(value(a), value(b)));
      body.append(...rows);
      draw();
    }

    for (const input of [words, ...choices]) input.addEventListener("input", update);
    quantity.addEventListener("input", draw);
    window.addEventListener("resize", draw);
    body.addEventListener("change", draw);
    for (const button of document.querySelectorAll(".sort")) button.addEventListener("click", () => sort(button.parentNode));
    body.addEventListener("mouseover", event => {
      const row = event.target.closest("tr");
      for (const path of chart.querySelectorAll("path")) path.classList.toggle("strong", path.dataset.run === row?.dataset.run);
    });
    update();
    """
}
