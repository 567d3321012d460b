extension Page {
  /// The looks of all pages, light and dark.
  static let style = """
    :root { color-scheme: light dark; }
    \(Palette.variables)
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
    body {
      margin: 0; background: var(--page); color: var(--text);
      font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
    }
    main { max-width: 1180px; margin: 0 auto; padding: 32px 24px 64px; }
    h1 { font-size: clamp(1.6rem, 4.5vw, 2.3rem); line-height: 1.15; letter-spacing: -0.015em; margin: 0 0 8px; }
    h2 { font-size: 1.25rem; line-height: 1.3; margin: 0 0 12px; letter-spacing: -0.005em; }
    h3 { font-size: 1rem; margin: 20px 0 8px; }
    p { margin: 0 0 8px; }
    section { margin-top: 40px; scroll-margin-top: 8px; }
    nav { display: flex; flex-wrap: wrap; gap: 4px 20px; margin-top: 18px; font-size: 0.94rem; }
    a { color: var(--accent); text-underline-offset: 3px; }
    code { font: 0.9em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; overflow-wrap: anywhere; }
    .eyebrow, .facts, .caption, .quiet { color: var(--quiet); }
    .eyebrow { font-size: 0.9rem; }
    .caption { font-size: 0.9rem; max-width: 72ch; margin-top: 10px; }
    .quiet { font-weight: 400; font-size: 0.9rem; }
    .note { border-left: 3px solid var(--note); padding: 2px 0 2px 12px; margin-top: 16px; max-width: 72ch; }
    .state { border-left: 3px solid var(--accent); padding: 2px 0 2px 12px; margin-top: 16px; max-width: 72ch; }
    :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
    .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 260px), 1fr)); gap: 16px; margin-top: 24px; }
    .card, figure, .tree > details, .tree > .leaf, .scroll {
      background: var(--panel); border: 1px solid var(--line); border-radius: 8px;
    }
    .card { padding: 16px 20px; max-width: 520px; }
    .card p { margin: 0; }
    .card-title { font-weight: 600; }
    .card-number {
      font-size: 1.9rem; line-height: 1.35; font-weight: 600; letter-spacing: -0.02em; font-variant-numeric: tabular-nums;
    }
    .card-text { color: var(--quiet); font-size: 0.9rem; }
    .scroll { overflow-x: auto; position: relative; }
    figure + .scroll, .figures + .scroll { margin-top: 16px; }
    table { border-collapse: separate; border-spacing: 0; width: 100%; font-variant-numeric: tabular-nums; font-size: 0.94rem; }
    th, td { padding: 8px 9px; text-align: right; white-space: nowrap; }
    tr > :first-child { padding-left: 14px; }
    tr > :last-child { padding-right: 14px; }
    th { font-weight: 600; }
    thead th { color: var(--quiet); font-size: 0.85rem; border-bottom: 1px solid var(--line); }
    tbody tr + tr > * { border-top: 1px solid var(--line); }
    tr > th:first-child { text-align: left; position: sticky; left: 0; z-index: 1; background: var(--panel); }
    .baselines > tr > * { color: var(--quiet); font-weight: 400; }
    .baselines > tr:first-child > * { border-top: 2px solid var(--line); }
    td.best { font-weight: 700; background: var(--best); }
    .star { position: absolute; font-size: 0.6em; margin-left: 1px; }
    td { vertical-align: top; }
    tbody th { vertical-align: top; }
    td .deviation { display: block; color: var(--quiet); font-weight: 400; font-size: 0.8em; line-height: 1.35; }
    .swatch { margin-right: 4px; }
    .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 16px; }
    figure { margin: 0; padding: 16px 16px 12px; max-width: 620px; }
    figcaption { font-weight: 600; margin-bottom: 6px; }
    figure svg { display: block; width: 100%; height: auto; }
    svg text { font-size: 12.5px; fill: var(--text); font-variant-numeric: tabular-nums; }
    svg text.tick { fill: var(--quiet); font-size: 11.5px; }
    svg text.best { font-weight: 700; }
    svg .grid { stroke: var(--line); stroke-width: 1; }
    \(ReportSeries.style)
    svg line[class*="series"] { stroke: var(--ink); stroke-width: 2; }
    svg circle[class*="series"], svg circle[class*="value"] { stroke: var(--ink); stroke-width: 2; fill: var(--ink); }
    svg circle.flat { fill: var(--panel); }
    svg line.flat, svg path.flat { stroke-dasharray: 5 3.5; }
    svg line.deviation { stroke-width: 2; stroke-dasharray: none; opacity: 0.55; }
    svg circle.seed { stroke: none; fill: var(--ink); opacity: 0.55; }
    svg path.curve { fill: none; stroke: var(--ink); stroke-width: 2.2; stroke-linejoin: round; stroke-linecap: round; }
    svg path.seed { stroke-width: 1; opacity: 0.35; stroke-dasharray: none; }
    .picture {
      display: inline-block; width: 44px; height: 44px; border-radius: 4px; background-size: cover;
      background-position: center; background-color: var(--line); print-color-adjust: exact;
      -webkit-print-color-adjust: exact;
    }
    .strip { display: flex; flex-wrap: wrap; gap: 4px; align-items: center; }
    .more { padding-left: 4px; }
    .tree { display: grid; grid-template-columns: minmax(0, 1fr); gap: 8px; }
    summary {
      position: relative; cursor: pointer; padding: 8px 12px 8px 34px; display: flex; align-items: center; gap: 4px 16px;
      flex-wrap: wrap;
    }
    summary::-webkit-details-marker { display: none; }
    summary::before {
      content: ""; position: absolute; left: 14px; top: 16px; width: 7px; height: 7px; border: solid var(--quiet);
      border-width: 0 2px 2px 0; transform: rotate(-45deg);
    }
    .fold { border-top: 1px solid var(--line); }
    .fold > summary { padding: 12px 0 4px 26px; align-items: baseline; }
    .fold > summary::before { left: 4px; top: 22px; }
    .fold > summary > h2 { margin: 0; }
    .fold > div { padding: 4px 0 8px; scroll-margin-top: 64px; }
    details[open] > summary::before { transform: rotate(45deg); }
    details[open] > summary > .strip { display: none; }
    summary:hover .group, summary:hover > h2 { text-decoration: underline; text-underline-offset: 3px; }
    .group { min-width: 168px; font-weight: 600; }
    .children { padding: 4px 12px 14px 39px; display: grid; gap: 4px; }
    .children.classes { grid-template-columns: repeat(auto-fill, minmax(200px, 1fr)); gap: 12px 20px; }
    .children details { border-left: 2px solid var(--line); }
    .leaf-name { display: block; font-size: 0.9rem; margin-bottom: 4px; overflow-wrap: anywhere; }
    .tree > .leaf { padding: 8px 12px; }
    .columns { display: flex; flex-wrap: wrap; gap: 8px 48px; }
    .retrievals { width: 410px; max-width: 100%; }
    .retrieval { margin-bottom: 12px; }
    .query-name { margin: 0 0 4px; font-size: 0.85rem; max-width: 340px; overflow-wrap: anywhere; }
    .retrieval ol { list-style: none; display: flex; gap: 6px; margin: 0; padding: 0; }
    .retrieval li { position: relative; flex: 0 1 52px; min-width: 0; display: flex; }
    .retrieval .picture { width: 100%; height: auto; aspect-ratio: 1; border: 3px solid transparent; background-clip: border-box; }
    .retrieval .query .picture { border-color: var(--quiet); }
    .retrieval .query { margin-right: 10px; }
    .retrieval .files { margin: 4px 0 0; font-size: 0.8rem; max-width: 380px; overflow-wrap: anywhere; }
    .show-files:not(:checked) ~ * .files { display: none; }
    .show-files + label { font-size: 0.9rem; margin-left: 6px; }
    .retrieval .correct .picture { border-color: var(--correct); }
    .retrieval .wrong .picture { border-color: var(--wrong); border-style: dashed; }
    .mark, .key {
      color: var(--panel); font-size: 11px; line-height: 16px; width: 16px; text-align: center; border-radius: 4px;
      font-weight: 700;
    }
    .key { display: inline-block; }
    .mark { position: absolute; right: 0; bottom: 0; }
    .correct > .mark, .key.correct { background: var(--correct); }
    .wrong > .mark, .key.wrong { background: var(--wrong); }
    .study { padding-bottom: 4px; }
    .study > .columns, .study > figure, .study > .projections { margin: 4px 12px 12px; }
    .study > figure { max-width: 560px; }
    svg .cell { fill: var(--accent); }
    dl { display: grid; grid-template-columns: max-content 1fr; gap: 6px 24px; margin: 0; font-size: 0.94rem; }
    dt { color: var(--quiet); }
    dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
    dd details > summary { padding: 0 0 0 22px; }
    dd summary::before { left: 4px; top: 7px; }
    @media (max-width: 560px) {
      main { padding: 24px 16px 48px; }
      section { margin-top: 32px; }
      dl { grid-template-columns: 1fr; gap: 0; }
      dd { margin-bottom: 8px; }
      .children { padding-left: 16px; }
      svg text, svg text.tick { font-size: 14px; }
      .retrieval ol { gap: 4px; }
      .retrieval .query { margin-right: 4px; }
      figure { padding: 12px 10px; }
    }
    @media print { nav { display: none; } figure, .card, tr { break-inside: avoid; } body { background: none; } }
    """
}
