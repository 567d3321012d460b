/// The look of all pages, by day and by night.
let styleSheet = """
  :root { color-scheme: light dark; --quiet: light-dark(#666, #aaa); --panel: light-dark(#f4f4f6, #24242a); }
  body { max-width: 56rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; }
  nav, .kind, .mentions { color: var(--quiet); font-size: 0.9rem; }
  .kind { margin: 1.5rem 0 0; }
  h1 { margin: 0; font-size: 1.9rem; overflow-wrap: anywhere; }
  h2 { margin-top: 2.5rem; }
  .abstract { font-size: 1.15rem; }
  a { text-decoration: none; color: light-dark(#0057b8, #7cb7ff); }
  a:hover { text-decoration: underline; }
  code, pre { font: 0.9em/1.5 ui-monospace, monospace; }
  pre { padding: 0.8rem 1rem; border-radius: 6px; background: var(--panel); overflow-x: auto; }
  .declaration { white-space: pre-wrap; }
  .keyword { color: light-dark(#9b2393, #ff7ab2); }
  .topics { padding: 0; list-style: none; }
  .topics li { margin: 0.7rem 0; }
  table { border-collapse: collapse; }
  th, td { padding: 0.3rem 0.6rem; border: 1px solid var(--panel); text-align: left; vertical-align: top; }
  td p, th p, li p, dd p { margin: 0; }
  blockquote { margin: 1rem 0; padding: 0.2rem 1rem; border-left: 4px solid var(--quiet); }

  """
