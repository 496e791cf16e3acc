import { createElement, useState } from "react";
import { createRoot } from "react-dom/client";
import { lines, more } from "./lines.js";

function App() {
  const [state, set] = useState({ turn: 0, lines });
  window.again = () => set((old) => ({ ...old, turn: old.turn + 1 }));
  window.grow = () => set((old) => ({ ...old, lines: [...old.lines, more] }));
  return createElement("article", null, createElement("h1", null, `Turn ${state.turn}`), state.lines.map((line, number) => createElement("p", { key: `${state.turn}-${number}` }, line)));
}

createRoot(document.getElementById("app")).render(createElement(App));
