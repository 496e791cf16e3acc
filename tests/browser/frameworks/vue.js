import { createApp, h, reactive } from "vue/dist/vue.runtime.esm-bundler.js";
import { lines, more } from "./lines.js";

const state = reactive({ turn: 0, lines: [...lines] });
window.again = () => state.turn++;
window.grow = () => state.lines.push(more);
createApp({
  render: () => h("article", [h("h1", `Turn ${state.turn}`), ...state.lines.map((line, number) => h("p", { key: `${state.turn}-${number}` }, line))]),
}).mount("#app");
