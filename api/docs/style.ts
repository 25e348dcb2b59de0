/** The docs page's style sheet, in a file of its own so that the page needs no inline style. */
export const STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #8881; }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; display: grid; grid-template-columns: 12rem 1fr; }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1rem; border-right: 1px solid var(--line); display: flex; flex-direction: column; gap: .3rem; }
nav a { color: inherit; }
main { padding: 1rem 2rem 4rem; max-width: 60rem; min-width: 0; }
article { border: 1px solid var(--line); border-radius: .5rem; padding: .5rem 1rem; margin: 1rem 0; }
h3 { font-size: 1rem; margin: .3rem 0; }
pre { background: var(--soft); border-radius: .4rem; padding: .7rem; overflow-x: auto; font-size: .85rem; }
.method { display: inline-block; min-width: 4rem; text-align: center; border-radius: .3rem; padding: 0 .4rem; color: #fff; background: #1d5fa8; }
.post { background: #1f7a3d; } .patch, .put { background: #8a5a00; } .delete { background: #a32020; }
table { border-collapse: collapse; width: 100%; } td, th { border-bottom: 1px solid var(--line); padding: .3rem .5rem; text-align: left; vertical-align: top; }
@media (max-width: 700px) { body { display: block; } nav { position: static; height: auto; flex-direction: row; flex-wrap: wrap; border: 0; } main { padding: 1rem; } table { display: block; overflow-x: auto; } }
`;
